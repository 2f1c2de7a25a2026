"""Indicated against delivered: what became of every patient, in whom it was indicated and in whom not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Floats
from remission.core.clock import A_MOMENT
from remission.study.kinds.treatment_course import (
    LAST_CONTACT,
    Course,
    Mask,
    Words,
    days_of_column,
    days_outside,
    is_death,
    or_never,
    planned_days,
    three_valued,
)
from remission.study.kinds.treatment_options import Delivered

YES, NO, UNKNOWN = "yes", "no", "unknown"
INDICATED = (YES, NO, UNKNOWN)
IN_REMISSION, LATER, DAY_UNKNOWN = "in first remission", "later", "day not known"
ORDER_UNKNOWN = "first event not known"
NOT_RECORDED = "not known whether given"
WAITING, NEVER = "waiting at last contact", "no reason recorded"
DELIVERED = (IN_REMISSION, LATER, DAY_UNKNOWN, ORDER_UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Deliveries:
    """Indication and delivery in every patient of the cohort; days from time zero.

    Attributes
    ----------
    indicated : array (n,) of object
        "yes", "no", "unknown".
    status : array (n,) of object
        Delivered "in first remission" (before the first event), "later" (on its day or after it), "day not
        known", "first event not known"; or not delivered, because of the first event (its name),
        "withdrawal", still "waiting at last contact", "no reason recorded" (the window closed, and nothing
        had happened), "not known whether given".
    day : array (n,)
        When it was delivered; NaN where it was not, or is not known.
    off : array (n,)
        Days outside the planned window (see `PhaseCourse.off`).
    delivered : array (n,) of bool
        Whether it was given at all.
    """

    indicated: Words
    status: Words
    day: Floats
    off: Floats
    delivered: Mask


def deliveries(cohort: Cohort, indication: str, asked: str | Delivered, course: Course) -> Deliveries:
    """Cross indication and delivery; unknown is never no."""
    table = as_delivered(asked)
    holds, unknown = three_valued(cohort, indication)
    indicated = np.where(holds, YES, NO).astype(object)
    indicated[unknown] = UNKNOWN
    day = days_of_column(cohort, table.start)
    dated = ~np.isnan(day)
    closes, off = np.full(len(day), np.inf), np.full(len(day), np.nan)
    if table.window is not None:
        low, high = planned_days(table.window, cohort.clock)
        closes, off = np.full(len(day), high), days_outside(day, low, high)
    status = course.ended_by(closes)
    status[status == np.array(None)] = NEVER
    status[status == LAST_CONTACT] = WAITING
    given = dated.copy()
    if table.given is not None:
        said = cohort.frame[table.given]
        status[said.is_null().to_numpy() & ~dated] = NOT_RECORDED
        undated = said.fill_null(value=False).to_numpy().astype(bool) & ~dated
        status[undated] = DAY_UNKNOWN
        given = given | undated
    status[dated] = LATER
    status[dated & before_the_event(course, day)] = IN_REMISSION
    status[dated & ~course.told] = ORDER_UNKNOWN
    return Deliveries(indicated, status, day, off, given)


def before_the_event(course: Course, day: Floats) -> Mask:
    """Whether a day came before the first event: on the day of death counts, on that of relapse does not."""
    event = or_never(course.event_day)
    died = np.array([is_death(each) for each in course.event], dtype=bool)
    return np.asarray((day < event - A_MOMENT) | (died & (day <= event + A_MOMENT)))


def as_delivered(asked: str | Delivered) -> Delivered:
    """Give a column on its own the form of a table."""
    return Delivered(start=asked) if isinstance(asked, str) else asked
