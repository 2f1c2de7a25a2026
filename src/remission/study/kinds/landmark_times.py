"""Times after a landmark, counted from the landmark or from time zero: the words after "from" say which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from remission.core.clock import Clock, parse_duration
from remission.core.problems import InputError, Problem
from remission.study.kinds.times import USUAL, NamedTime

Axis = Literal["landmark", "time zero"]
SAME_LETTERS = 5


@dataclass(frozen=True, slots=True)
class AxisTime:
    """A length of time, and where it is counted from; None: from both."""

    duration: str
    axis: Axis | None


def read_time(text: str, time_zero: str) -> AxisTime:
    """Read `5 years from landmark`, `5 years from transplant`, or `5 years` (both are given, labelled).

    Parameters
    ----------
    text : str
    time_zero : str
        What the study calls its time zero; its first letters are enough ("transplant" for "transplantation").

    Raises
    ------
    InputError
        If the length or the word after "from" cannot be understood.

    Examples
    --------
    >>> read_time("5 years from transplant", "transplantation").axis
    'time zero'
    """
    length, divider, origin = text.partition(" from ")
    parse_duration(length)
    word = origin.strip().casefold().removeprefix("the ")
    if not divider:
        return AxisTime(length.strip(), None)
    if word == "landmark":
        return AxisTime(length.strip(), "landmark")
    if word == "time zero" or _same(word, time_zero.casefold().removeprefix("the ")):
        return AxisTime(length.strip(), "time zero")
    message = f'"{text}": times count from "landmark" or from "{time_zero}", not from "{origin.strip()}"'
    raise InputError(message)


def axis_time_problems(texts: Sequence[str], time_zero: str, where: str) -> tuple[Problem, ...]:
    """Find times that cannot be read, or do not say from what in words that are known."""
    problems = []
    for text in texts:
        try:
            read_time(text, time_zero)
        except InputError as error:
            repair = f'Write a length and its origin: "5 years from landmark", "5 years from {time_zero}".'
            problems.append(Problem(where, str(error).rstrip("."), repair))
    return tuple(problems)


def times_on(
    axis: Axis, texts: Sequence[str], time_zero: str, clock: Clock, start: float, end: float
) -> tuple[NamedTime, ...]:
    """Times of one axis in days from time zero, labelled with their origin, in increasing order.

    Unless named: day 100 and 1, 2, 3 and 5 years from that axis's origin, between the landmark (`start`) and
    the end of follow-up.
    """
    origin, label = (start, "the landmark") if axis == "landmark" else (0.0, time_zero)
    wanted = [read_time(text, time_zero) for text in texts or USUAL]
    times = [
        NamedTime(f"{each.duration} from {label}", clock.days(parse_duration(each.duration)) + origin)
        for each in wanted
        if each.axis in (axis, None)
    ]
    if not texts:
        times = [time for time in times if time.days <= end]
    return tuple(sorted((time for time in times if time.days > start), key=lambda time: time.days))


def _same(word: str, time_zero: str) -> bool:
    """Whether one of two words begins with the other."""
    short, long = sorted((word, time_zero), key=len)
    return len(short) >= SAME_LETTERS and long.startswith(short)
