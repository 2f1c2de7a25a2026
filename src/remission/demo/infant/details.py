"""Stage 6: where leukaemia came back, of what infants died, and what nobody wrote down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.demo.draws import NEVER, Draws, Flags, Floats, Labels
from remission.demo.infant.course import Course, Survival
from remission.demo.infant.model import Model


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """Arrays (infants,); days count from registration, infinity is never."""

    early_remission: Flags
    site: Labels
    cause_of_death: Labels
    reinduction: Floats
    intensification: Floats
    maintenance: Floats
    last_sample: Floats
    without_wbc: Flags
    without_blasts: Flags
    without_partner: Flags


def draw_details(model: Model, course: Course, survival: Survival) -> Details:
    """Draw them; no published figure is about any."""
    draws, infants, n = Draws(model.seeds.details), course.infants, len(course.first)
    disease, treatment = model.disease, model.treatment
    early = draws.uniform(n) < np.where(infants.positive, *treatment.remission_after_course_1)
    site = draws.mixed(dict(disease.sites), n)
    stops = np.minimum.reduce([course.first, course.followed, infants.left])
    skipped = draws.uniform(n) < treatment.skips_intensification
    given = np.where(
        infants.intensification < np.minimum(stops, course.transplant), infants.intensification, NEVER
    )
    missing = [
        np.isin(np.arange(n), draws.pick(np.flatnonzero(some), number))
        for some, number in (
            (np.ones(n, dtype=bool), disease.missing_wbc),
            (np.ones(n, dtype=bool), disease.missing_blasts),
            (infants.group != "low", disease.missing_partner),
        )
    ]
    return Details(
        early_remission=early & ~infants.failed,
        site=np.where(course.relapse < NEVER, site, ""),
        cause_of_death=_causes(model, course, survival, draws),
        reinduction=np.where(infants.reinduction < stops, infants.reinduction, NEVER),
        intensification=np.where(skipped, NEVER, given),
        maintenance=np.where(
            (infants.maintenance < stops) & (infants.planned == NEVER), infants.maintenance, NEVER
        ),
        last_sample=np.where(given + 25 < np.minimum(stops, course.transplant + 1), given + 25, NEVER),
        without_wbc=missing[0],
        without_blasts=missing[1],
        without_partner=missing[2],
    )


def _causes(model: Model, course: Course, survival: Survival, draws: Draws) -> Labels:
    """Leukaemia mostly after relapse; transplantation, infection or the second malignancy otherwise."""
    n = len(course.first)
    grafted = (course.transplant < NEVER) | (survival.later_transplant < NEVER)
    other = np.where(grafted, "transplantation", "infection")
    of_leukaemia = draws.uniform(n) < model.disease.died_of_leukaemia_after_relapse
    again = np.minimum(course.failure, course.relapse) < NEVER
    cause = np.where(again & of_leukaemia, "leukaemia", other)
    cause = np.where(course.malignancy < NEVER, "second malignancy", cause)
    return np.where(survival.died, cause, "")
