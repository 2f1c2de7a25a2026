"""The course after transplantation, drawn stage by stage, each conditional on the stages before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from remission.demo.ankl.model import Model
from remission.demo.draws import NEVER, YEAR, Draws, Flags, Floats, Indices, Labels

FIRST_YEAR = 365


@dataclass(frozen=True, slots=True, eq=False)
class LateCourses:
    """What happens to those alive at 1 year, before it is known who they are: arrays (alive at 1 year,).

    The first had a relapse in the first year; the second is no longer followed for relapse; the others are
    free of both at 1 year. `transplanted` is in days since the first transplant of the series.
    """

    transplanted: Floats
    relapse: Floats
    death: Floats
    followed: Floats

    @property
    def exit(self) -> Floats:
        """Death or last contact, days."""
        return np.minimum(self.death, self.followed)

    @property
    def died(self) -> Flags:
        """Whether death was seen."""
        return self.death <= self.followed

    @property
    def event_free(self) -> Flags:
        """Known to be free of relapse at 1 year."""
        return np.arange(len(self.death)) >= 2


@dataclass(frozen=True, slots=True, eq=False)
class Survivors:
    """Who is who: arrays (patients,); `course` is the row of `LateCourses`, -1: died in the first year."""

    graft: Labels
    response: Labels
    induction_failure: Flags
    hazard: Floats
    course: Indices

    @property
    def alive(self) -> Flags:
        """Alive at 1 year."""
        return self.course >= 0

    @property
    def responder(self) -> Flags:
        """In remission, complete or partial, at transplantation."""
        return np.asarray(self.response != "NR")

    @property
    def cord_blood(self) -> Flags:
        """Graft source."""
        return np.asarray(self.graft == "CB")


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Days from transplantation of each patient's events; infinity is never. Arrays (patients,).

    `assessed` (followed for relapse until) ends before `exit` for the one patient whose disease was no
    longer assessed; `status_unknown` is the one of whom only the death is known.
    """

    who: Survivors
    exit: Floats
    died: Flags
    relapse: Floats
    assessed: Floats
    status_unknown: Flags
    remission: Floats
    transplanted: Floats


def draw_late(model: Model) -> LateCourses:
    """Stage 1: calendar time, relapse and death after the first year, and the end of follow-up."""
    draws, n = Draws(model.seeds.late), model.alive_at_1_year
    span = days_between(model.first_transplant, model.last_transplant)
    transplanted = np.floor(span * draws.uniform(n) ** (1 / model.accrual_shape))
    death = FIRST_YEAR + 1 + draws.exponential(YEAR / model.late_deaths_per_year, n)
    death[0] = FIRST_YEAR + 1 + draws.exponential(YEAR * model.years_from_1_year_relapse_survivor, 1)[0]
    death[1] = NEVER
    cut = days_between(model.first_transplant, model.data_cut) - transplanted
    lost = FIRST_YEAR + 1 + draws.exponential(YEAR / model.lost_per_year, n)
    before = np.maximum(FIRST_YEAR + 1, death - 1 - draws.exponential(model.days_from_relapse_to_death, n))
    relapse = np.where(draws.uniform(n) < model.late_deaths_by_relapse, before, NEVER)
    relapse[:2] = NEVER
    followed = np.floor(np.minimum(cut, lost))
    return LateCourses(transplanted, np.floor(relapse), np.floor(death), followed)


def draw_survivors(model: Model) -> Survivors:
    """Stages 2 and 3: who lives a year, and which late course is whose.

    A race: patients at higher hazard tend to die first, and those who would have died last live a year.
    """
    draws, n = Draws(model.seeds.survivors), model.patients
    graft, response = draws.labels(dict(model.grafts)), draws.labels(dict(model.responses))
    failed = np.zeros(n, dtype=bool)
    failed[draws.pick(np.flatnonzero(response == "NR"), model.induction_failures)] = True
    hazard = np.where(response == "NR", model.hazard_no_response, 1.0)
    hazard = hazard * np.where(graft == "CB", 1.0, model.hazard_not_cord_blood)
    finish = np.argsort(draws.exponential(1 / hazard, n), kind="stable")
    course = np.full(n, -1)
    alive = finish[n - model.alive_at_1_year :]
    course[alive] = Draws(model.seeds.courses).order(len(alive))
    return Survivors(graft, response, failed, hazard, course)


def draw_early(model: Model, late: LateCourses, who: Survivors) -> Course | None:
    """Stage 4: relapse and death in the first year, and remission after transplantation without response.

    None where too few of those without response lived long enough, free of progression, to reach remission.
    """
    draws, n = Draws(model.seeds.early), model.patients
    alive, dead = who.alive, draws.pick(np.flatnonzero(~who.alive), n - model.alive_at_1_year)
    unknown, by_other_cause, by_relapse = np.split(dead, [1, 1 + model.non_relapse_deaths])
    relapse, death = np.full(n, NEVER), np.full(n, NEVER)

    early = np.append(by_relapse, np.flatnonzero(who.course == 0))
    mean = model.days_to_relapse / who.hazard[early]
    relapse[early] = 14 + draws.exponential_within(mean, 320.0, len(early))
    left = FIRST_YEAR - 1 - relapse[by_relapse]
    death[by_relapse] = relapse[by_relapse] + 1
    death[by_relapse] += draws.exponential_within(model.days_from_relapse_to_death, left, len(left))
    others = np.append(by_other_cause, unknown)
    death[others] = 8 + draws.exponential_within(model.days_to_non_relapse_death, 350.0, len(others))
    relapse, death = np.floor(relapse), np.floor(death)

    exit_ = np.where(alive, late.exit[who.course], death)
    relapse = np.where(who.course > 1, late.relapse[who.course], relapse)
    relapse = np.where(relapse <= exit_, relapse, NEVER)
    assessed = np.where(who.course == 1, np.floor(draws.between(*model.disease_follow_up_ends, n)), exit_)
    status_unknown = np.isin(np.arange(n), unknown)

    free = np.minimum(relapse, np.where(alive, NEVER, death))
    certain = who.induction_failure & alive
    first, last = model.remission_seen
    if free[alive & ~who.responder].min() < first + 21:
        return None
    possible = np.flatnonzero(who.induction_failure & ~alive & ~status_unknown & (free > first + 21))
    more = model.remissions_after_failure - int(certain.sum())
    if not 0 <= more <= len(possible):
        return None
    remits = certain | (alive & ~who.responder) | np.isin(np.arange(n), draws.pick(possible, more))
    seen = np.floor(draws.between(first, np.minimum(last, free - 10), n))
    return Course(
        who,
        exit_,
        ~alive | late.died[who.course],
        relapse,
        assessed,
        status_unknown,
        np.where(remits, seen, NEVER),
        np.where(alive, late.transplanted[who.course], np.nan),
    )


def days_between(start: date, end: date) -> int:
    """Whole days from one date to another."""
    return (end - start).days
