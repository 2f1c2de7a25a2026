"""Find the seeds: stage by stage, the first realisation of the model that meets the published figures.

`python -m remission.demo.ankl.calibrate` repeats the search (a few minutes) and prints the seeds that
`model.py` holds. Each stage only needs the stages before it, because what the paper reports after the
first year (survival at 5 years by group) depends on who lives a year and on their later course, not on
when the others died.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import islice

import numpy as np

from remission.core.steps import value_at
from remission.demo.ankl.course import (
    Course,
    LateCourses,
    days_between,
    draw_early,
    draw_late,
    draw_survivors,
)
from remission.demo.ankl.details import Background, draw_background, draw_complications
from remission.demo.ankl.model import ANKL, Model, Seeds
from remission.demo.ankl.published import FIGURES
from remission.demo.draws import NEVER, YEAR, Draws, Flags, Labels
from remission.demo.search import first, fitting, survival
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.logrank import logrank
from remission.events.count import event_table

FIVE_YEARS = 5 * YEAR
LATE_DEATHS_AT_RISK = (18, 14, 12)
"""Patients at risk when somebody died between 1 and 5 years: with these, 27.3 % and 85.2 % hold together,
and so can 40.6 % = 13/28 x 7/8; 37.2 % = 12/29 x 9/10; 16.0 % = 8/30 x 4/5 x 3/4; and 32.0 % = 7/15 x 6/7
x 4/5 or 6/15 x 4/5.
"""
ALIVE_RESPONDERS, ALIVE_CORD_BLOOD, ALIVE_INDUCTION_FAILURES = (13,), (12,), (6, 7)
AT_RISK_AT_5_YEARS = 8
ACUTE_GVHD, CHRONIC_GVHD = range(20, 26), range(7, 11)
NO_EFFECT = 0.1
STILL_FOLLOWED_FOR_RELAPSE = (22, 23)
MOST = {"survivors": 20_000, "courses": 20_000, "early": 1_500_000, "details": 1_000}


def calibrate(model: Model) -> Model:
    """Search the seeds of a model.

    The first seed of the first stage for which later stages succeed within `MOST` seeds each.

    Raises
    ------
    LookupError
        If none is found among the first million.
    """
    for with_late in fitting(model, "late", late_fits, most=1_000_000):
        late = draw_late(with_late)
        for with_survivors in islice(
            fitting(with_late, "survivors", survivors_fit, most=MOST["survivors"]), 40
        ):
            courses_fit = courses_fit_with(with_survivors, late)
            for with_courses in first(with_survivors, "courses", courses_fit, MOST):
                for with_early in first(with_courses, "early", early_fits_with(with_courses), MOST):
                    for calibrated in first(with_early, "details", details_fit, MOST):
                        return calibrated
    message = "no seed meets the published figures; the model's rates do not suit them"
    raise LookupError(message)


def late_fits(model: Model) -> bool:
    """Survival after the first year, of all and of those event-free at 12 months."""
    late = draw_late(model)
    deaths = np.sort(late.exit[late.died & (late.exit <= FIVE_YEARS)])
    if tuple((late.exit >= day).sum() for day in deaths) != LATE_DEATHS_AT_RISK:
        return False
    alive = model.alive_at_1_year / model.patients
    return (
        (late.exit > FIVE_YEARS).sum() >= AT_RISK_AT_5_YEARS
        and FIGURES["os_1_year"].holds(alive)
        and FIGURES["os_5_years"].holds(alive * survival(late.exit, late.died, FIVE_YEARS))
        and FIGURES["event_free_5_years"].holds(
            survival(late.exit[late.event_free], late.died[late.event_free], FIVE_YEARS)
        )
    )


def survivors_fit(model: Model) -> bool:
    """How many of each group live a year."""
    who = draw_survivors(model)
    return (
        (who.alive & who.responder).sum() in ALIVE_RESPONDERS
        and (who.alive & who.cord_blood).sum() in ALIVE_CORD_BLOOD
        and (who.alive & who.induction_failure).sum() in ALIVE_INDUCTION_FAILURES
    )


def courses_fit_with(model: Model, late: LateCourses) -> Callable[[Model], bool]:
    """Whether survival at 5 years of each group is as published, given the late courses."""
    cord_blood_era = days_between(model.first_transplant, model.first_cord_blood)

    def fits(candidate: Model) -> bool:
        who = draw_survivors(candidate)
        patient = np.argsort(who.course, kind="stable")[-candidate.alive_at_1_year :]
        cord_blood = who.cord_blood[patient]
        if (late.transplanted[cord_blood] < cord_blood_era).any():
            return False
        groups: tuple[tuple[str, Flags, int], ...] = (
            ("responders_5_years", who.responder[patient], int(who.responder.sum())),
            ("cord_blood_5_years", cord_blood, int(who.cord_blood.sum())),
            ("other_grafts_5_years", ~cord_blood, int((~who.cord_blood).sum())),
            (
                "remission_after_failure_5_years",
                who.induction_failure[patient],
                candidate.remissions_after_failure,
            ),
        )
        return all(
            FIGURES[name].holds(group.sum() / size * survival(late.exit[group], late.died[group], FIVE_YEARS))
            for name, group, size in groups
        )

    return fits


def early_fits_with(model: Model) -> Callable[[Model], bool]:
    """Whether the tests between groups, relapse and non-relapse mortality at 1 year are as published."""
    late, who = draw_late(model), draw_survivors(model)

    def fits(candidate: Model) -> bool:
        course = draw_early(candidate, late, who)
        return (
            course is not None
            and _follow_up_for_relapse_fits(course)
            and FIGURES["response_p"].holds(_p(course, who.responder))
            and FIGURES["cord_blood_p"].holds(_p(course, who.cord_blood))
            and FIGURES["course_p"].holds(_p(course, who.responder, _course_known(course)))
            and _incidences_fit(course)
        )

    return fits


def details_fit(model: Model) -> bool:
    """Age, sex, first and last year, the usual share of GVHD; and no chance effect of anything else."""
    course = draw_early(model, draw_late(model), draw_survivors(model))
    if course is None:
        return False
    draws = Draws(model.seeds.details)
    background = draw_background(model, course, draws)
    complications = draw_complications(model, course, draws)
    years = {
        (model.first_transplant + timedelta(days=int(background.transplanted[which]))).year
        for which in (background.transplanted.argmin(), background.transplanted.argmax())
    }
    return (
        FIGURES["median_age"].holds(float(np.median(background.age)))
        and FIGURES["men"].holds(float(background.male.mean()))
        and years == {model.first_transplant.year, model.last_transplant.year}
        and int((complications.acute_gvhd < NEVER).sum()) in ACUTE_GVHD
        and int((complications.chronic_gvhd < NEVER).sum()) in CHRONIC_GVHD
        and all(_p(course, group) >= NO_EFFECT for group in _other_groups(background))
    )


def _other_groups(background: Background) -> tuple[Labels, ...]:
    """Split the patients by what stage 5 draws."""
    return (
        np.where(background.age < 40, "under 40", "40 or older"),
        np.where(background.male, "male", "female"),
        np.where(np.isin(background.ecog, ("0", "1")), "0-1", "2-4"),
        background.donor,
        background.mismatches,
        np.where(background.myeloablative, "myeloablative", "reduced"),
        np.where(background.asparaginase, "yes", "no"),
    )


def _p(course: Course, group: Flags | Labels, among: Flags | slice = slice(None)) -> float:
    return logrank(event_table(course.exit[among], course.died[among], group=group[among])).p


def _course_known(course: Course) -> Flags:
    """Responders, and induction failures in remission after transplantation."""
    return course.who.responder | (course.who.induction_failure & (course.remission < NEVER))


def _follow_up_for_relapse_fits(course: Course) -> bool:
    """Whether 22 or 23 others were event-free when one patient was no longer assessed."""
    ends = course.assessed[course.who.course == 1][0]
    others = ~course.status_unknown & (course.who.course != 1)
    first = np.minimum(course.relapse, course.exit)[others]
    return int((first >= ends).sum()) in STILL_FOLLOWED_FOR_RELAPSE and not (first == ends).any()


def _incidences_fit(course: Course) -> bool:
    known = ~course.status_unknown
    relapsed = course.relapse <= course.assessed
    event = np.where(relapsed, "relapse", np.where(course.died, "death", ""))
    time = np.minimum(course.relapse, course.assessed)
    curves = cumulative_incidence(event_table(time[known], event[known]))
    at_1_year = {curve.cause: float(value_at(curve.time, curve.estimate, YEAR, 0.0)) for curve in curves}
    return FIGURES["relapse_1_year"].holds(at_1_year["relapse"]) and FIGURES["nrm_1_year"].holds(
        at_1_year["death"]
    )


def main() -> None:
    """Print the seeds."""
    seeds: Seeds = calibrate(ANKL).seeds
    sys.stdout.write(f"{seeds}\n")


if __name__ == "__main__":
    main()
