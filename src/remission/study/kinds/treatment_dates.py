"""Dates of treatment that cannot be, each with the patients concerned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Floats
from remission.core.clock import A_MOMENT
from remission.core.problems import Problem
from remission.study.kind import Context
from remission.study.kinds.treatment_course import Course, Mask, days_of_column
from remission.study.kinds.treatment_indication import as_delivered, before_the_event
from remission.study.kinds.treatment_options import TreatmentOptions

_REPAIR = "Correct the dates, or list the patients under [[exclude]]."


def date_problems(
    context: Context, options: TreatmentOptions, course: Course, where: str
) -> tuple[Problem, ...]:
    """Find days before time zero, ends before starts, and what came after death or last contact."""
    cohort = context.cohort
    found: list[Problem] = []
    for number, phase in enumerate(options.phases, 1):
        place = f"{where}.phases {number} ({phase.name})"
        start = days_of_column(cohort, phase.start)
        found += _impossible(cohort, course, start, phase.name, f"{place}.start")
        found += _said_no(cohort, phase.given, start, phase.name, f"{place}.given")
        if phase.end is not None:
            end = days_of_column(cohort, phase.end)
            message = f"{phase.name} ended before it began"
            found += _told(cohort, end < start - A_MOMENT, message, f"{place}.end")
            message = f"{phase.name} has a last day and no first"
            found += _told(cohort, np.isnan(start) & ~np.isnan(end), message, f"{place}.end")
            found += _after_follow_up(cohort, course, end, f"the end of {phase.name}", f"{place}.end")
    if options.stopped is not None:
        stopped = days_of_column(cohort, options.stopped)
        found += _impossible(cohort, course, stopped, "withdrawal", f"{where}.stopped")
    if options.delivered is not None:
        found += _delivery(cohort, options, course, where)
    return tuple(found)


def _delivery(cohort: Cohort, options: TreatmentOptions, course: Course, where: str) -> Iterator[Problem]:
    table = as_delivered(options.delivered or "")
    title = cohort.column(table.start).title
    place = f"{where}.delivered"
    day = days_of_column(cohort, table.start)
    yield from _impossible(cohort, course, day, title, place)
    yield from _said_no(cohort, table.given, day, title, f"{place}.given")
    if options.remission is None:
        return
    remission = days_of_column(cohort, options.remission)
    early = before_the_event(course, day) & course.told & ~(remission <= day + A_MOMENT)
    message = f"{title} before remission, or without a date of it, and without an earlier event"
    repair = f"Correct the dates; if treatment had failed by then, the endpoint must tell it. {_REPAIR}"
    yield from _told(cohort, early, message, f"{where}.remission", repair)


def _impossible(cohort: Cohort, course: Course, day: Floats, what: str, where: str) -> Iterator[Problem]:
    """Before time zero, or after the end of follow-up."""
    yield from _told(cohort, day < -A_MOMENT, f"{what} before {cohort.time_zero_label}", where)
    yield from _after_follow_up(cohort, course, day, what, where)


def _after_follow_up(cohort: Cohort, course: Course, day: Floats, what: str, where: str) -> Iterator[Problem]:
    beyond = day > course.last + A_MOMENT
    yield from _told(cohort, beyond & course.died, f"{what} later than death", where)
    yield from _told(cohort, beyond & ~course.died, f"{what} later than last contact", where)


def _said_no(cohort: Cohort, given: str | None, day: Floats, what: str, where: str) -> Iterator[Problem]:
    """A date where another column says that it was not given."""
    if given is None:
        return
    no = (~cohort.frame[given].fill_null(value=True)).to_numpy().astype(bool)
    yield from _told(cohort, no & ~np.isnan(day), f"{what} has a date where {given} says no", where)


def _told(cohort: Cohort, rows: Mask, message: str, where: str, repair: str = _REPAIR) -> Iterator[Problem]:
    if rows.any():
        ids = tuple(str(item) for item in cohort.ids().filter(pl.Series(rows)))
        yield Problem(where, message, repair, ids)
