"""When a column was known: from the words of a declaration, and from what a derived column is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from remission.cohort.column import Baseline, Column, KnownAfter, KnownAt, KnownLater, KnownOn
from remission.core.clock import Clock, Duration, parse_duration
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean

BASELINE, AFTER = "baseline", "after"
KNOWN_AT_WORDS = 'Write "baseline", a time such as "100 days", a date or time column, or "after".'


def as_duration(text: str) -> Duration | None:
    """Read a duration, if the text is one."""
    try:
        return parse_duration(text)
    except InputError:
        return None


def names_column(text: str) -> bool:
    """Whether the words of `known_at` can only be the name of a column."""
    return text not in {BASELINE, AFTER} and as_duration(text) is None


def read_known_at(text: str, where: str, columns: Mapping[str, Column]) -> KnownAt | Problem:
    """Understand the words of `known_at`.

    Parameters
    ----------
    text : str
        "baseline", a duration after time zero, "after", or the name of a date or time column.
    where : str
        Key path, for problems.
    columns : mapping of str to Column
        Columns of the study.

    Examples
    --------
    >>> str(read_known_at("100 days", "columns.gvhd.known_at", {}))
    '100 days after time zero'
    """
    if text == BASELINE:
        return Baseline()
    if text == AFTER:
        return KnownLater()
    if text in columns:
        column = columns[text]
        if column.kind == "date" or column.is_time:
            return KnownOn(text)
        message = f'"{text}" does not say when: it is a {column.kind}'
        return Problem(where, message, 'Name a date column, or a time column (kind = "time").')
    duration = as_duration(text)
    if duration is not None:
        return Baseline() if duration.value == 0 else KnownAfter(duration)
    message = f'"{text}" is neither a time nor a column'
    return Problem(where, message, KNOWN_AT_WORDS + did_you_mean(text, columns))


def latest(known: Sequence[KnownAt | None], clock: Clock) -> KnownAt | None:
    """When everything was known that a derived column is made of.

    Nothing declared for one source: not declared. Dates in several columns: the first of them stands for all;
    what was known at a landmark is made again from the sources, each as known by then.
    """
    if any(each is None for each in known):
        return None
    later = [each for each in known if isinstance(each, KnownLater)]
    dated = [each for each in known if isinstance(each, KnownOn)]
    after = [each for each in known if isinstance(each, KnownAfter)]
    if later or dated:
        return (later or dated)[0]
    return max(after, key=lambda each: clock.days(each.duration)) if after else Baseline()
