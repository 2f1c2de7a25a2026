"""What ended treatment in each patient, and the days that columns tell: the ground for every count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Floats, Outcome
from remission.core.clock import A_MOMENT, Clock, parse_duration
from remission.study.kind import Context
from remission.study.kinds.conditions import answers
from remission.study.kinds.endpoints import DEATH, survival_endpoint

Mask = NDArray[np.bool_]
Words = NDArray[np.object_]
WITHDRAWN, LAST_CONTACT, NOT_TOLD = "withdrawal", "last contact", "first event not known"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Every patient of the cohort, in days from its time zero.

    Attributes
    ----------
    event_day : array (n,)
        First event of the endpoint; NaN where there was none.
    event : array (n,) of object
        What it was ("relapse", "death"); None where there was none.
    told : array (n,) of bool
        Whether the patient is part of the endpoint.
    last : array (n,)
        Last day of follow-up; NaN where nothing tells it.
    died : array (n,) of bool
        Whether follow-up ended by death.
    stopped : array (n,)
        Withdrawal from protocol treatment; NaN where there was none.
    """

    event_day: Floats
    event: Words
    told: Mask
    last: Floats
    died: Mask
    stopped: Floats

    def ended_by(self, day: Floats) -> Words:
        """Why a patient was no longer on treatment, and under observation, at the end of a day.

        An event or withdrawal on that day came by then; follow-up up to that day is observation. Of an event
        and a withdrawal on one day the event counts.

        Parameters
        ----------
        day : array (n,)
            Infinite: whatever came first, at any time.

        Returns
        -------
        array (n,) of object
            The event, "withdrawal", "last contact", "first event not known"; None: still on treatment.
        """
        event, stopped = or_never(self.event_day), or_never(self.stopped)
        reason = np.full(len(day), None, dtype=object)
        reason[self.last < day - A_MOMENT] = LAST_CONTACT
        reason[~self.told] = NOT_TOLD
        off = (stopped < event - A_MOMENT) & (stopped <= day + A_MOMENT)
        reason[off] = WITHDRAWN
        came = ~np.isnan(self.event_day) & (event <= day + A_MOMENT) & ~off
        reason[came] = self.event[came]
        return reason

    def after_the_end(self, day: Floats) -> Mask:
        """Whether a day is later than the first event, or than withdrawal."""
        return np.asarray(day > np.fmin(or_never(self.event_day), or_never(self.stopped)) + A_MOMENT)


def course(context: Context, endpoint: str, stopped: str | None) -> Course:
    """Read what ended treatment, from an endpoint, survival and the column of withdrawal."""
    cohort, outcome = context.cohort, context.outcomes[endpoint]
    size = cohort.frame.height
    event_day, event = np.full(size, np.nan), np.full(size, None, dtype=object)
    happened = np.array([item is not None for item in outcome.event], dtype=bool)
    rows = outcome.rows[happened]
    event_day[rows] = (outcome.time + outcome.offset)[happened]
    event[rows] = what_happened(outcome)[happened]
    told = np.zeros(size, dtype=bool)
    told[outcome.rows] = True
    last, died = _follow_up(context, outcome)
    off = np.full(size, np.nan) if stopped is None else days_of_column(cohort, stopped)
    return Course(event_day, event, told, last, died, off)


def what_happened(outcome: Outcome) -> Words:
    """Name the event of each patient: which one it was of a composite, where that is told."""
    if outcome.component is None:
        return outcome.event
    pairs = zip(outcome.component, outcome.event, strict=True)
    named = np.empty(len(outcome.event), dtype=object)
    named[:] = [part or event for part, event in pairs]
    return named


def is_death(event: object) -> bool:
    """Whether an event is a death."""
    return event is not None and str(event).startswith(DEATH)


def days_of_column(cohort: Cohort, name: str) -> Floats:
    """Days from time zero of a date or time column; NaN where empty."""
    return cohort.days(name).cast(pl.Float64).to_numpy().astype(float)


def three_valued(cohort: Cohort, condition: str | None) -> tuple[Mask, Mask]:
    """Decide a condition in every patient: whether it holds, and whether that is unknown."""
    answered = answers(cohort, () if condition is None else (condition,))
    return answered.holds, answered.unknown


def planned_days(window: tuple[str, str], clock: Clock) -> tuple[float, float]:
    """First and last day of a window, in whole days: months are widened to the days they touch.

    Examples
    --------
    >>> planned_days(("28 days", "2 months"), Clock())
    (28.0, 61.0)
    """
    low, high = (clock.days(parse_duration(text)) for text in window)
    return float(np.floor(low + A_MOMENT)), float(np.ceil(high - A_MOMENT))


def days_outside(day: Floats, opens: Floats | float, closes: Floats | float) -> Floats:
    """Days before a window opens (below 0) or after it closes; 0 in it, NaN where either is not known.

    Examples
    --------
    >>> days_outside(np.array([5.0, 28.0, 45.0, np.nan]), 28.0, 42.0)
    array([-23.,   0.,   3.,  nan])
    """
    off = np.where(day < opens, day - opens, np.maximum(day - closes, 0.0))
    return np.where(np.abs(off) <= A_MOMENT, 0.0, off)


def _follow_up(context: Context, outcome: Outcome) -> tuple[Floats, Mask]:
    """Last day of follow-up: from survival where the study has it, else from the endpoint's own end."""
    size = context.cohort.frame.height
    last, died = np.full(size, np.nan), np.zeros(size, dtype=bool)
    own = what_happened(outcome)
    dead = np.array([is_death(event) for event in own], dtype=bool)
    ends = dead | np.array([event is None for event in own], dtype=bool)
    last[outcome.rows[ends]] = (outcome.time + outcome.offset)[ends]
    died[outcome.rows[dead]] = True
    name = survival_endpoint(context)
    if name is not None:
        survival = context.outcomes[name]
        last[survival.rows] = survival.time + survival.offset
        died[survival.rows] = np.array([event is not None for event in survival.event], dtype=bool)
    return last, died


def or_never(day: Floats) -> Floats:
    """Days, infinite where there is none."""
    return np.where(np.isnan(day), np.inf, day)
