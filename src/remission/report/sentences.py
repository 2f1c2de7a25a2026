"""Findings in words: one function per name; what has no words here cannot be said in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from remission.report.words import cohort, comparison, curves, guard, landmarks
from remission.study.results import Statement

WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **cohort.WORDS,
    **curves.WORDS,
    **comparison.WORDS,
    **landmarks.WORDS,
    "guard_withheld": guard.guard_withheld,
}
_TITLES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "guard_withheld": guard.guard_title,
    "naive_shown": landmarks.naive_title,
}
_BY_SEVERITY = {"note": "Note", "warning": "Read with care", "guard": "The guard"}


def say(statement: Statement) -> str:
    r"""Say a finding in plain words, naming its numbers; paragraphs are parted by an empty line.

    Raises
    ------
    KeyError
        If the report has no words for it.

    Examples
    --------
    >>> say(Statement("group_unknown", {"label": "Response", "n": 2, "total": 59}))
    'Response was unknown in 2 of 59 patients; they are in no group and are left out of the comparison.'
    """
    if statement.name not in WORDS:
        message = f"the report has no words for the finding {statement.name!r}"
        raise KeyError(message)
    return WORDS[statement.name](statement.facts)


def title_of(statement: Statement) -> str:
    """Heading of the box a finding stands in."""
    made = _TITLES.get(statement.name)
    return made(statement.facts) if made else _BY_SEVERITY[statement.severity]
