"""Every patient in every phase: started in its window, early, late, or not and why, or not meant for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Floats
from remission.study.kinds.treatment_course import (
    Course,
    Mask,
    Words,
    days_of_column,
    days_outside,
    planned_days,
    three_valued,
)
from remission.study.kinds.treatment_options import TIME_ZERO, Phase

IN_WINDOW, EARLY, LATE = "in window", "early", "late"
UNPLANNED = "started, no window"
UNPLACED = "started, window not known"
UNDATED = "started, day not known"
OMITTED = "no reason recorded"
ENDED = "ended before"
NO_WINDOW = "earlier phase not started"
WINDOW_UNKNOWN = "window not known"
LATER = "after the end of treatment"
NOT_KNOWN = "not known whether started"
NOT_MEANT = "not meant"
CONDITION_UNKNOWN = "condition not known"

STARTED = (IN_WINDOW, EARLY, LATE, UNPLANNED, UNPLACED, UNDATED)
ELIGIBLE = (*STARTED, OMITTED)
NOT_ELIGIBLE = (ENDED, LATER, NO_WINDOW, WINDOW_UNKNOWN, NOT_KNOWN, CONDITION_UNKNOWN, NOT_MEANT)
STATUSES = (*ELIGIBLE, *NOT_ELIGIBLE)
_OPEN = (UNDATED, NOT_KNOWN, CONDITION_UNKNOWN, WINDOW_UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class PhaseCourse:
    """One phase in every patient of the cohort; days from time zero.

    Attributes
    ----------
    phase : Phase
    status : array (n,) of object
        Exactly one of `STATUSES`.
    reason : array (n,) of object
        Where the status is "ended before": the event, "withdrawal", "last contact", ...
    start, end : array (n,)
        NaN where not recorded.
    opens, closes : array (n,)
        The window planned for the patient; NaN where there is none.
    off : array (n,)
        Days outside the window: below 0 early, above 0 late, 0 in it; NaN where that cannot be told.
    """

    phase: Phase
    status: Words
    reason: Words
    start: Floats
    end: Floats
    opens: Floats
    closes: Floats
    off: Floats

    @property
    def eligible(self) -> Mask:
        """Meant for the patient, who was still on treatment."""
        return np.isin(self.status, ELIGIBLE)

    @property
    def started(self) -> Mask:
        """Started on treatment."""
        return np.isin(self.status, STARTED)


def phase_courses(cohort: Cohort, phases: Sequence[Phase], course: Course) -> tuple[PhaseCourse, ...]:
    """Follow every phase, in the order of the protocol."""
    found: dict[str, PhaseCourse] = {}
    for phase in phases:
        found[phase.name] = _one(cohort, phase, course, found)
    return tuple(found.values())


def _one(cohort: Cohort, phase: Phase, course: Course, earlier: Mapping[str, PhaseCourse]) -> PhaseCourse:
    size = cohort.frame.height
    holds, unknown = three_valued(cohort, phase.only)
    start = days_of_column(cohort, phase.start)
    end = np.full(size, np.nan) if phase.end is None else days_of_column(cohort, phase.end)
    anchor = _anchor(cohort, phase, earlier)
    opens = closes = np.full(size, np.nan)
    if phase.window is not None:
        low, high = planned_days(phase.window, cohort.clock)
        opens, closes = anchor + low, anchor + high
    off = days_outside(start, opens, closes)
    status, reason = _not_started(phase, course, closes, earlier)
    dated = ~np.isnan(start)
    if phase.given is not None:
        given = cohort.frame[phase.given]
        status[given.is_null().to_numpy() & ~dated] = NOT_KNOWN
        status[given.fill_null(value=False).to_numpy().astype(bool) & ~dated] = UNDATED
    status[dated] = UNPLANNED if phase.window is None else UNPLACED
    status[dated & (off == 0)] = IN_WINDOW
    status[dated & (off < 0)] = EARLY
    status[dated & (off > 0)] = LATE
    status[dated & course.after_the_end(start)] = LATER
    status[~holds] = NOT_MEANT
    status[unknown] = CONDITION_UNKNOWN
    reason[status != ENDED] = None
    return PhaseCourse(phase, status, reason, start, end, opens, closes, off)


def _anchor(cohort: Cohort, phase: Phase, earlier: Mapping[str, PhaseCourse]) -> Floats:
    """Day from which the window counts; NaN where it is not known."""
    if phase.after == TIME_ZERO:
        return np.zeros(cohort.frame.height)
    if phase.after in earlier:
        return earlier[phase.after].start
    return days_of_column(cohort, phase.after)


def _not_started(
    phase: Phase, course: Course, closes: Floats, earlier: Mapping[str, PhaseCourse]
) -> tuple[Words, Words]:
    """Why a phase was not started, as if nobody had: what came before its window closed, or nothing."""
    placed = ~np.isnan(closes)
    reason = course.ended_by(np.where(placed, closes, np.inf))
    status = np.where([item is None for item in reason], OMITTED, ENDED).astype(object)
    if phase.window is None or phase.after == TIME_ZERO:
        return status, reason
    before = earlier.get(phase.after)
    if before is None:
        quiet = np.isnan(course.event_day) & np.isnan(course.stopped)
        status[~placed & quiet] = WINDOW_UNKNOWN
        return status, reason
    ended = ~placed & (before.status == ENDED)
    status[ended], reason[ended] = ENDED, before.reason[ended]
    status[~placed & np.isin(before.status, _OPEN)] = WINDOW_UNKNOWN
    never = (OMITTED, NOT_MEANT, NO_WINDOW)
    status[~placed & np.isin(before.status, never)] = NO_WINDOW
    return status, reason
