"""Deviations from protocol, patient by patient: counted in the report, named for the trial office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from remission.cohort.outcome import Floats
from remission.core.clock import A_MOMENT
from remission.study.kinds import treatment_indication as indication
from remission.study.kinds import treatment_phases as phases
from remission.study.kinds.treatment_course import Mask
from remission.study.kinds.treatment_indication import Deliveries
from remission.study.kinds.treatment_phases import PhaseCourse

PHASE_EARLY, PHASE_LATE = "phase started early", "phase started late"
PHASE_OMITTED, PHASE_UNMEANT = "phase omitted", "phase given though not meant"
PHASE_ORDER = "order of phases reversed"
NOT_INDICATED, NEVER_GIVEN = "given though not indicated", "indicated and never given"
GIVEN_EARLY, GIVEN_LATE = "given early", "given late"
KINDS_OF_DEVIATION = (
    PHASE_EARLY,
    PHASE_LATE,
    PHASE_OMITTED,
    PHASE_UNMEANT,
    PHASE_ORDER,
    NOT_INDICATED,
    NEVER_GIVEN,
    GIVEN_EARLY,
    GIVEN_LATE,
)


@dataclass(frozen=True, slots=True, eq=False)
class Deviation:
    """One kind of deviation in one phase (or in what was delivered).

    Attributes
    ----------
    kind : str
    about : str or None
        The phase; None for what `indication` is about.
    patients : array (n,) of bool
        Who deviates.
    at_risk : array (n,) of bool
        Who could have deviated.
    day : array (n,)
        When it was given, from time zero; NaN where it was not.
    off : array (n,)
        Days outside the window; NaN where that is not what it is about.
    planned : tuple of arrays, or None
        First and last day planned for each patient.
    """

    kind: str
    about: str | None
    patients: Mask
    at_risk: Mask
    day: Floats
    off: Floats
    planned: tuple[Floats, Floats] | None = None


def phase_deviations(courses: Sequence[PhaseCourse], *, in_order: bool) -> Iterator[Deviation]:
    """Early, late, omitted, given though not meant, before an earlier phase."""
    for place, each in enumerate(courses):
        name, nothing = each.phase.name, np.full(len(each.start), np.nan)
        window = (each.opens, each.closes)
        if each.phase.window is not None:
            timed = np.isin(each.status, (phases.IN_WINDOW, phases.EARLY, phases.LATE))
            for kind, status in ((PHASE_EARLY, phases.EARLY), (PHASE_LATE, phases.LATE)):
                yield Deviation(kind, name, each.status == status, timed, each.start, each.off, window)
            omitted = each.status == phases.OMITTED
            yield Deviation(PHASE_OMITTED, name, omitted, each.eligible, nothing, nothing, window)
        if each.phase.only is not None:
            unmeant = each.status == phases.NOT_MEANT
            given = unmeant & ~np.isnan(each.start)
            yield Deviation(PHASE_UNMEANT, name, given, unmeant, each.start, nothing)
        if place and in_order:
            before = np.fmax.reduce([_dated(other) for other in courses[:place]])
            both = ~np.isnan(before) & ~np.isnan(_dated(each))
            turned = both & (each.start < before - A_MOMENT)
            yield Deviation(PHASE_ORDER, name, turned, both, each.start, nothing)


def delivery_deviations(given: Deliveries, window: tuple[float, float] | None) -> Iterator[Deviation]:
    """Delivered without indication; never delivered though indicated; early and late."""
    nothing = np.full(len(given.day), np.nan)
    wanted, unwanted = given.indicated == indication.YES, given.indicated == indication.NO
    here = given.status == indication.IN_REMISSION
    yield Deviation(NOT_INDICATED, None, unwanted & here, unwanted, given.day, nothing)
    if window is None:
        return
    planned = (np.full(len(given.day), window[0]), np.full(len(given.day), window[1]))
    never = wanted & (given.status == indication.NEVER)
    yield Deviation(NEVER_GIVEN, None, never, never | (wanted & here), nothing, nothing, planned)
    timed = wanted & here
    yield Deviation(GIVEN_EARLY, None, timed & (given.off < 0), timed, given.day, given.off, planned)
    yield Deviation(GIVEN_LATE, None, timed & (given.off > 0), timed, given.day, given.off, planned)


def _dated(each: PhaseCourse) -> Floats:
    """Start of a phase where it was given on treatment."""
    return np.where(each.started, each.start, np.nan)
