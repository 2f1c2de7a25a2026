"""Why there is no value at a time point: an event before, follow-up ended before, or not recorded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter
from remission.cohort.outcome import Outcome
from remission.core.clock import A_MOMENT, parse_duration
from remission.core.problems import Problem
from remission.study.kinds.checks import time_problems
from remission.study.kinds.first_events_told import first_events

LEFT, NOT_RECORDED = "left follow-up", "not recorded"
Names = NDArray[np.object_]


def due_day(cohort: Cohort, column: str, due: str | None) -> float | None:
    """Day from time zero on which a value was due: as said, else as `known_at` says, else None."""
    if due is not None:
        return cohort.clock.days(parse_duration(due))
    match cohort.column(column).known_at:
        case Baseline():
            return 0.0
        case KnownAfter(duration):
            return cohort.clock.days(duration)
    return None


def due_problems(due: str | None, where: str) -> tuple[Problem, ...]:
    """Find a time that cannot be read."""
    return () if due is None else time_problems([due], where)


def why_not(outcome: Outcome | None, rows: NDArray[np.int64], due: float | None) -> Names:
    """Say for some rows of the cohort why nothing was found at a day, if nothing was found.

    Parameters
    ----------
    outcome : Outcome or None
        Tells events and the end of follow-up; counted from the cohort's time zero here, whatever its own.
    rows : array (n,) of int
    due : float or None
        Day from the cohort's time zero.

    Returns
    -------
    array (n,) of object
        The name of the event that came by that day; `LEFT` for those whose follow-up had ended before it;
        `NOT_RECORDED` for all others.
    """
    reasons = np.full(len(rows), NOT_RECORDED, dtype=object)
    if outcome is None or due is None:
        return reasons
    end, event = by_row(outcome)
    for place, row in enumerate(rows):
        if row not in end:
            continue
        if event[row] is not None and end[row] <= due + A_MOMENT:
            reasons[place] = event[row]
        elif event[row] is None and end[row] < due - A_MOMENT:
            reasons[place] = LEFT
    return reasons


def by_row(outcome: Outcome) -> tuple[dict[int, float], dict[int, str | None]]:
    """Day (from the cohort's time zero) and name of the first event, or of the end of follow-up, by row."""
    days = outcome.time + outcome.offset
    end = {int(row): float(day) for row, day in zip(outcome.rows, days, strict=True)}
    event = {int(row): name for row, name in zip(outcome.rows, first_events(outcome), strict=True)}
    return end, event


def reason_words(reason: str) -> str:
    """Words for a reason: `death before`.

    Examples
    --------
    >>> reason_words("relapse"), reason_words(LEFT), reason_words(NOT_RECORDED)
    ('relapse before', 'left follow-up before', 'not recorded')
    """
    return reason if reason == NOT_RECORDED else f"{reason} before"
