"""The trial's file: one row per infant as a trial office exports it, with its codes and its gaps."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from remission.demo.draws import NEVER, Draws
from remission.demo.infant.course import Course, Survival
from remission.demo.infant.details import Details
from remission.demo.infant.model import Model
from remission.demo.rows import Row, on, yes

COLUMNS = (
    "patient",
    "diagnosis",
    "birth_date",
    "diagnosis_date",
    "registration_date",
    "sex",
    "kmt2a",
    "kmt2a_partner",
    "wbc",
    "cns",
    "blasts_day8",
    "induction_start",
    "early_consolidation_start",
    "evaluation_date",
    "response_course_1",
    "response_course_1_date",
    "response_course_2",
    "remission_date",
    "failure_date",
    "left_date",
    "disease_follow_up_ended",
    "mrd_tp1",
    "mrd_tp1_date",
    "mrd_tp2",
    "mrd_tp2_date",
    "mrd_tp3",
    "mrd_tp3_date",
    "reinduction_start",
    "late_intensification_start",
    "maintenance_start",
    "transplant",
    "transplant_date",
    "relapse_date",
    "relapse_site",
    "second_malignancy_date",
    "death_date",
    "cause_of_death",
    "last_contact",
)
NEGATIVE, LIMIT = -6.0, -5.0


def infant_rows(model: Model, course: Course, survival: Survival, details: Details) -> list[Row]:
    """Write the infants of the trial."""
    infants = course.infants
    rows = []
    for i in range(len(infants.group)):
        day0 = model.first_registration + timedelta(days=int(infants.registered[i]))
        diagnosed = day0 + timedelta(days=int(infants.diagnosed[i]))
        grafted = min(course.transplant[i], survival.later_transplant[i])
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "diagnosis": "ALL",
            "birth_date": on(diagnosed, -infants.age[i]),
            "diagnosis_date": diagnosed.isoformat(),
            "registration_date": day0.isoformat(),
            "sex": "F" if infants.female[i] else "M",
            "kmt2a": "G" if infants.group[i] == "low" else "R",
            "kmt2a_partner": "" if details.without_partner[i] else str(infants.partner[i]),
            "wbc": "" if details.without_wbc[i] else f"{infants.wbc[i]:.1f}",
            "cns": yes(infants.cns[i]),
            "blasts_day8": "" if details.without_blasts[i] else f"{infants.blasts[i]:.0f}",
            "left_date": on(day0, infants.left[i]),
            "disease_follow_up_ended": "" if infants.followed_on[i] else on(day0, infants.left[i]),
            "reinduction_start": on(day0, details.reinduction[i]),
            "late_intensification_start": on(day0, details.intensification[i]),
            "maintenance_start": on(day0, details.maintenance[i]),
            "transplant": yes(grafted < NEVER),
            "transplant_date": on(day0, grafted),
            "relapse_date": on(day0, course.relapse[i]),
            "relapse_site": str(details.site[i]),
            "second_malignancy_date": on(day0, course.malignancy[i]),
            "death_date": on(day0, survival.exit[i]) if survival.died[i] else "",
            "cause_of_death": str(details.cause_of_death[i]),
            "last_contact": on(day0, survival.exit[i]),
        }
        rows.append(row | _two_courses(day0, course, details, i))
    return rows


def _two_courses(day0: date, course: Course, details: Details, i: int) -> Row:
    """Induction, early consolidation, the answers to them and MRD; until the infant left."""
    infants = course.infants
    left = infants.left[i]
    judged = infants.judged[i] < left
    row = {"induction_start": on(day0, infants.induction[i])}
    if infants.induction_ends[i] < left:
        row["response_course_1"] = "CR" if details.early_remission[i] else "NR"
        row["response_course_1_date"] = on(day0, infants.induction_ends[i])
    if infants.consolidation[i] < left:
        row["early_consolidation_start"] = on(day0, infants.consolidation[i])
    if judged:
        day = on(day0, infants.judged[i])
        failed = infants.failed[i]
        row |= {"evaluation_date": day, "response_course_2": "NR" if failed else "CR"}
        row["failure_date" if failed else "remission_date"] = day
    days = (infants.induction_ends[i], infants.judged[i], details.last_sample[i])
    for number, day_of_sample in enumerate(days, start=1):
        value = infants.mrd[i, number - 1]
        if infants.measured[i, number - 1] and day_of_sample < min(left, NEVER):
            row[f"mrd_tp{number}"] = _mrd(value)
            row[f"mrd_tp{number}_date"] = on(day0, day_of_sample)
    return row


def _mrd(log10: float) -> str:
    """A fraction of cells as laboratories write it: 0 is negative, and below the limit no number is given."""
    if log10 < NEGATIVE:
        return "0"
    return f"{10.0**log10:.1e}" if log10 >= LIMIT else "<0.00001"


def other_rows(model: Model, draws: Draws) -> list[Row]:
    """Write the children in the file that are not part of the trial."""
    n = len(model.others)
    span = (model.last_registration - model.first_registration).days
    registered = np.floor(span * draws.uniform(n))
    age = np.floor(draws.between(40.0, 300.0, n))
    stay = np.floor(draws.between(200.0, 1400.0, n))
    rows = []
    for i, given in enumerate(model.others):
        day0 = model.first_registration + timedelta(days=int(registered[i]))
        days = int(given.get("age", age[i]))
        row = dict.fromkeys(COLUMNS, "")
        row |= {
            "birth_date": on(day0, -days),
            "diagnosis_date": day0.isoformat(),
            "registration_date": day0.isoformat(),
            "cns": "0",
            "transplant": "0",
            "last_contact": on(day0, stay[i]),
        }
        rows.append(row | {key: value for key, value in given.items() if key != "age"})
    return rows
