"""Stage 5: who the patients were and what else happened to them, given their course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from remission.demo.ankl.course import Course, days_between
from remission.demo.ankl.model import Details, Model
from remission.demo.draws import NEVER, Draws, Flags, Floats, Labels


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What was known at transplantation, arrays (patients,); days count from the first of the series."""

    transplanted: Floats
    diagnosed: Floats
    age: Floats
    male: Flags
    ecog: Labels
    donor: Labels
    mismatches: Labels
    myeloablative: Flags
    asparaginase: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Complications:
    """What happened later, in days from transplantation; infinity is never. Arrays (patients,)."""

    recovery: Floats
    acute_gvhd: Floats
    acute_gvhd_grade: Labels
    chronic_gvhd: Floats
    chronic_gvhd_extensive: Flags
    cause_of_death: Labels


def draw_background(model: Model, course: Course, draws: Draws) -> Background:
    """Draw age, sex, performance, donor, conditioning and the dates before transplantation."""
    details, who, n = model.details, course.who, model.patients
    span = days_between(model.first_transplant, model.last_transplant)
    since = np.where(who.cord_blood, days_between(model.first_transplant, model.first_cord_blood), 0)
    drawn = np.floor(since + (span - since) * draws.uniform(n) ** (1 / model.accrual_shape))
    transplanted = np.where(who.alive, course.transplanted, drawn)
    shortest, mean = details.days_from_diagnosis
    age = _ages(details, draws, n)
    recent = transplanted >= days_between(model.first_transplant, model.first_transplant.replace(year=2006))
    peripheral = who.graft == "PB"
    related_share = np.where(peripheral, details.related_peripheral_blood, details.related_bone_marrow)
    related = ~who.cord_blood & (draws.uniform(n) < related_share)
    ecog = _either(who.responder, details.ecog_responders, details.ecog_no_response, draws)
    mismatches = _either(who.cord_blood, details.mismatches_cord_blood, details.mismatches_other, draws)
    share = np.where(age < 50, details.myeloablative_under_50, details.myeloablative_from_50)
    treated = np.where(recent, details.asparaginase_since_2006, details.asparaginase_before_2006)
    return Background(
        transplanted,
        transplanted - np.floor(shortest + draws.exponential(mean, n)),
        age,
        draws.labels({"M": model.men, "F": n - model.men}) == "M",
        ecog,
        np.where(related, "related", "unrelated"),
        mismatches,
        draws.uniform(n) < share,
        draws.uniform(n) < treated,
    )


def draw_complications(model: Model, course: Course, draws: Draws) -> Complications:
    """Draw engraftment, GVHD and causes of death; nothing happens after death or last contact."""
    details, who, n = model.details, course.who, model.patients
    survivor = who.alive
    first = np.where(who.cord_blood, details.recovery_cord_blood[0], details.recovery_other[0])
    mean = np.where(who.cord_blood, details.recovery_cord_blood[1], details.recovery_other[1])
    recovery = np.floor(first + draws.exponential_within(mean, 40 - first, n))
    recovers = (draws.uniform(n) < details.recovers) | survivor
    first_event = np.minimum(course.exit, course.relapse)
    recovery = np.where(recovers & (recovery < first_event), recovery, NEVER)

    start, delay = details.acute_gvhd_day
    acute = np.maximum(np.floor(start + draws.exponential_within(delay, 98 - start, n)), recovery)
    gvhd = (draws.uniform(n) < details.acute_gvhd) & (recovery < NEVER) & (acute < course.exit)
    acute = np.where(gvhd, acute, NEVER)
    grade = np.where(
        gvhd,
        draws.mixed(dict(details.acute_gvhd_grades), n),
        draws.mixed(dict(details.acute_gvhd_grade_below_2), n),
    )

    start, delay = details.chronic_gvhd_day
    chronic = np.floor(start + draws.exponential(delay, n))
    long_enough = (chronic < first_event) & (recovery < NEVER)
    chronic = np.where(long_enough & (draws.uniform(n) < details.chronic_gvhd), chronic, NEVER)
    extensive = (chronic < NEVER) & (draws.uniform(n) < details.chronic_gvhd_extensive)
    cause = _causes_of_death(details, course, (acute < NEVER) | (chronic < NEVER), draws)
    return Complications(recovery, acute, grade, chronic, extensive, cause)


def _causes_of_death(details: Details, course: Course, gvhd: Flags, draws: Draws) -> Labels:
    """Leukaemia mostly after relapse, transplant-related otherwise; empty while alive."""
    n = len(course.exit)
    other = draws.mixed({"infection": 0.5, "organ failure": 0.5}, n)
    without_relapse = np.where(gvhd & (draws.uniform(n) < 0.5), "GVHD", other)
    of_leukaemia = draws.uniform(n) < details.died_of_leukaemia_after_relapse
    after_relapse = np.where(of_leukaemia, "leukaemia", other)
    cause = np.where(course.relapse < NEVER, after_relapse, without_relapse)
    return np.where(course.died, np.where(course.status_unknown, "99", cause), "")


def _ages(details: Details, draws: Draws, n: int) -> Floats:
    """Ages from a logistic distribution cut at both ends, one from each n-th of it, in random order."""
    low, high = (
        1 / (1 + np.exp(-(age - details.age_centre) / details.age_scale)) for age in details.age_range
    )
    share = low + (high - low) * (np.arange(n) + draws.uniform(n)) / n
    ages = details.age_centre + details.age_scale * np.log(share / (1 - share))
    return np.asarray(np.round(ages)[draws.order(n)])


def _either(
    first: Flags, if_first: Mapping[str, float], otherwise: Mapping[str, float], draws: Draws
) -> Labels:
    """Draw from one of two mixtures by patient."""
    n = len(first)
    return np.where(first, draws.mixed(dict(if_first), n), draws.mixed(dict(otherwise), n))
