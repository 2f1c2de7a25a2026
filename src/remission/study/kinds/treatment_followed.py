"""Treatment of a cohort against its protocol, patient by patient: what is counted, and what is listed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.study.kind import Context
from remission.study.kinds.conditions import Answers, answers
from remission.study.kinds.treatment_course import Course, Mask, course, planned_days
from remission.study.kinds.treatment_deviations import Deviation, delivery_deviations, phase_deviations
from remission.study.kinds.treatment_indication import Deliveries, as_delivered, deliveries
from remission.study.kinds.treatment_options import TreatmentOptions
from remission.study.kinds.treatment_phases import PhaseCourse, phase_courses


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Every patient of the cohort; `among` are those of the analysis (by its `where`)."""

    among: Answers
    course: Course
    phases: tuple[PhaseCourse, ...]
    given: Deliveries | None
    deviations: tuple[Deviation, ...]

    @property
    def deviating(self) -> Mask:
        """Patients of the analysis with any deviation."""
        nobody = np.zeros(len(self.among.holds), dtype=bool)
        anything = np.any([nobody, *(each.patients for each in self.deviations)], axis=0)
        return np.asarray(self.among.holds & anything, dtype=bool)


def followed(context: Context, options: TreatmentOptions) -> Followed:
    """Follow all phases and what was delivered; the options were checked before."""
    cohort = context.cohort
    told = course(context, options.endpoint, options.stopped)
    phases = phase_courses(cohort, options.phases, told)
    found = list(phase_deviations(phases, in_order=options.in_order))
    given = None
    if options.indication is not None and options.delivered is not None:
        given = deliveries(cohort, options.indication, options.delivered, told)
        window = as_delivered(options.delivered).window
        planned = None if window is None else planned_days(window, cohort.clock)
        found += delivery_deviations(given, planned)
    return Followed(answers(cohort, options.where), told, phases, given, tuple(found))
