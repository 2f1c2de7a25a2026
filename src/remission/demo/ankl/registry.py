"""The registry file: one row per transplant as a registry exports it, with its codes and its gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from remission.demo.ankl.course import Course
from remission.demo.ankl.details import Background, Complications
from remission.demo.ankl.model import Model
from remission.demo.draws import NEVER, Draws
from remission.demo.rows import Row, on, yes

COLUMNS = (
    "patient",
    "diagnosis",
    "transplant_number",
    "year",
    "age",
    "sex",
    "diagnosis_date",
    "transplant_date",
    "donor",
    "graft",
    "hla_mismatches",
    "conditioning",
    "asparaginase",
    "ecog",
    "induction_failure",
    "response",
    "neutrophil_date",
    "acute_gvhd",
    "acute_gvhd_grade",
    "acute_gvhd_date",
    "chronic_gvhd",
    "chronic_gvhd_date",
    "cr_after",
    "cr_after_date",
    "relapse",
    "relapse_date",
    "relapse_follow_up_ended",
    "death_date",
    "cause_of_death",
    "last_contact",
)

_UNREMARKABLE = {
    "sex": "M",
    "hla_mismatches": "0",
    "conditioning": "MAC",
    "asparaginase": "1",
    "ecog": "1",
    "induction_failure": "0",
    "acute_gvhd": "0",
    "acute_gvhd_grade": "0",
    "chronic_gvhd": "none",
    "relapse": "0",
}


def included_rows(
    model: Model, course: Course, background: Background, complications: Complications
) -> list[Row]:
    """Write the first allogeneic transplants for the disease."""
    rows = []
    who = course.who
    for i in range(model.patients):
        day0 = model.first_transplant + timedelta(days=int(background.transplanted[i]))
        exit_day = day0 + timedelta(days=int(course.exit[i]))
        relapsed = bool(course.relapse[i] < NEVER)
        unknown = bool(course.status_unknown[i])
        rows.append(
            {
                "diagnosis": "ANKL",
                "transplant_number": "1",
                "year": str(day0.year),
                "age": f"{background.age[i]:.0f}",
                "sex": "M" if background.male[i] else "F",
                "diagnosis_date": (
                    model.first_transplant + timedelta(days=int(background.diagnosed[i]))
                ).isoformat(),
                "transplant_date": day0.isoformat(),
                "donor": str(background.donor[i]),
                "graft": str(who.graft[i]),
                "hla_mismatches": str(background.mismatches[i]),
                "conditioning": "MAC" if background.myeloablative[i] else "RIC",
                "asparaginase": yes(background.asparaginase[i]),
                "ecog": str(background.ecog[i]),
                "induction_failure": yes(who.induction_failure[i]),
                "response": str(who.response[i]),
                "neutrophil_date": on(day0, complications.recovery[i]),
                "acute_gvhd": yes(complications.acute_gvhd[i] < NEVER),
                "acute_gvhd_grade": str(complications.acute_gvhd_grade[i]),
                "acute_gvhd_date": on(day0, complications.acute_gvhd[i]),
                "chronic_gvhd": _chronic(complications, i),
                "chronic_gvhd_date": on(day0, complications.chronic_gvhd[i]),
                "cr_after": yes(course.remission[i] < NEVER) if not who.responder[i] else "",
                "cr_after_date": on(day0, course.remission[i]),
                "relapse": "99" if unknown else yes(relapsed),
                "relapse_date": on(day0, course.relapse[i]),
                "relapse_follow_up_ended": on(day0, course.assessed[i]) if who.course[i] == 1 else "",
                "death_date": exit_day.isoformat() if course.died[i] else "",
                "cause_of_death": str(complications.cause_of_death[i]),
                "last_contact": exit_day.isoformat(),
            }
        )
    return rows


def other_rows(model: Model, draws: Draws) -> list[Row]:
    """Write the transplants in the file that are not part of the study."""
    others: Sequence[Mapping[str, str]] = model.others
    n = len(others)
    span = (model.last_transplant - model.first_transplant).days
    transplanted = np.floor(span * draws.uniform(n))
    died = draws.uniform(n) < 0.6
    stay = np.floor(np.where(died, 30 + draws.exponential(200.0, n), 400 + draws.exponential(900.0, n)))
    left = (model.data_cut - model.first_transplant).days - transplanted
    died &= stay <= left
    stay = np.minimum(stay, left)
    age = np.floor(draws.between(18, 62, n))
    recovered = np.floor(10 + draws.exponential_within(6.0, 18.0, n))
    rows = []
    for i, given in enumerate(others):
        day0 = model.first_transplant + timedelta(days=int(transplanted[i]))
        last = on(day0, stay[i])
        row = dict.fromkeys(COLUMNS, "") | _UNREMARKABLE
        row |= {
            "year": str(day0.year),
            "age": f"{age[i]:.0f}",
            "diagnosis_date": on(day0, -240),
            "transplant_date": day0.isoformat(),
            "neutrophil_date": on(day0, recovered[i]),
            "death_date": last if died[i] else "",
            "cause_of_death": "infection" if died[i] else "",
            "last_contact": last,
        }
        rows.append(row | dict(given))
    return rows


def with_gaps(rows: list[Row], draws: Draws) -> list[Row]:
    """Lose a few baseline values to the registry's missing codes, and the day of a few diagnoses."""
    rows = [dict(row) for row in rows]
    for column, code, number in (("ecog", "99", 3), ("hla_mismatches", "99", 2), ("asparaginase", "99", 4)):
        for index in draws.pick(np.arange(len(rows)), number):
            rows[index][column] = code
    for index in draws.pick(np.arange(len(rows)), 3):
        rows[index]["diagnosis_date"] = rows[index]["diagnosis_date"][:7]
    return rows


def _chronic(complications: Complications, i: int) -> str:
    if complications.chronic_gvhd[i] == NEVER:
        return "none"
    return "extensive" if complications.chronic_gvhd_extensive[i] else "limited"
