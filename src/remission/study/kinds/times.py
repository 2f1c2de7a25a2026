"""Times an analysis names, and round ticks for a time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.clock import Clock, Unit, parse_duration

USUAL = ("100 days", "1 year", "2 years", "3 years", "5 years")
TICKS_AT_MOST = 7
_STEPS: dict[Unit, tuple[float, ...]] = {
    "days": (0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000),
    "weeks": (0.25, 0.5, 1, 2, 4, 8, 12, 26, 52, 104, 260),
    "months": (0.1, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120),
    "years": (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20),
}


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time as the study writes it, and in days on the axis it belongs to."""

    text: str
    days: float


def named_times(texts: Sequence[str], clock: Clock) -> tuple[NamedTime, ...]:
    """Read times that were checked before, in increasing order."""
    times = [NamedTime(text, clock.days(parse_duration(text))) for text in texts]
    return tuple(sorted(times, key=lambda time: time.days))


def days_of(text: str | None, clock: Clock) -> float | None:
    """Length of a checked time in days; None when none was named."""
    return None if text is None else clock.days(parse_duration(text))


def usual_times(clock: Clock, until: float, *, after: float = 0.0) -> tuple[NamedTime, ...]:
    """Day 100 and 1, 2, 3 and 5 years, as far as somebody was followed (and after a landmark)."""
    return tuple(time for time in named_times(USUAL, clock) if after < time.days <= until)


def ticks_to(until: float, unit: Unit) -> tuple[float, ...]:
    """Round ticks from 0 to the last at or before `until`, seven at most.

    Examples
    --------
    >>> ticks_to(4.2, "years")
    (0.0, 1.0, 2.0, 3.0, 4.0)
    """
    steps = _STEPS[unit]
    step = next((float(step) for step in steps if until / step <= TICKS_AT_MOST - 1), steps[-1])
    while until / step > TICKS_AT_MOST - 1:
        step *= 2
    last = int(np.floor(until / step + 1e-9))
    return tuple(round(step * number, 6) for number in range(last + 1))
