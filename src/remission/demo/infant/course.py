"""Stages 2 to 5: relapse, death and second malignancy, one risk group after the other; then survival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from remission.demo.draws import NEVER, YEAR, Draws, Flags, Floats
from remission.demo.infant.infants import Infants
from remission.demo.infant.model import GROUPS, Effects, Model


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What ends event-free survival, arrays (infants,): days from registration, infinity is never.

    One of `failure`, `relapse`, `malignancy` and `death` (in remission) at most; `transplant` is in first
    remission. `followed` is until when leukaemia was looked for, `seen` until when it is known who lives.
    """

    infants: Infants
    failure: Floats
    relapse: Floats
    malignancy: Floats
    death: Floats
    transplant: Floats
    followed: Floats
    seen: Floats

    @property
    def first(self) -> Floats:
        """Day of the first event."""
        days = (self.failure, self.relapse, self.malignancy, self.death)
        return np.asarray(np.minimum.reduce(days))

    @property
    def event(self) -> Flags:
        """Whether there was one."""
        return np.asarray(self.first < NEVER)

    @property
    def event_free(self) -> Floats:
        """End of event-free survival: who left before remission was judged counts as long as followed."""
        return np.asarray(np.minimum(self.first, self.followed))


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """How long the infants of a course lived and were followed; and transplantation after relapse."""

    exit: Floats
    died: Flags
    later_transplant: Floats


def draw_course(model: Model, infants: Infants, seed: int) -> Course:
    """Draw the course of the infants of one risk group up to their first event."""
    draws, n, effects = Draws(seed), len(infants.group), model.effects
    start = infants.judged
    relapse = start + 1 + _until_relapse(effects, infants, draws)
    alone = (
        start
        + 1
        + _within(effects.death_in_remission, effects.death_in_remission_days, draws.exponential(1.0, n))
    )
    by_transplant = (
        infants.planned
        + 1
        + _within(
            effects.death_after_transplant, effects.death_after_transplant_days, draws.exponential(1.0, n)
        )
    )
    death = np.minimum(alone, by_transplant)
    malignancy = start + 1 + draws.exponential(YEAR / effects.second_malignancy_per_year, n)
    days = np.floor(np.where(~infants.failed, [relapse, malignancy, death], NEVER))
    seen = _seen(model, infants, draws)
    followed = np.where(infants.followed_on, seen, infants.left)
    first = days.min(axis=0)
    relapse, malignancy, death = np.where((days == first) & (days <= followed), days, NEVER)
    failure = np.where(infants.failed, infants.judged, NEVER)
    transplant = np.where(infants.planned < np.minimum(first, followed), infants.planned, NEVER)
    return Course(infants, failure, relapse, malignancy, death, transplant, followed, seen)


def draw_courses(model: Model, infants: Infants) -> Course:
    """Stages 2 to 4: the course of all infants, each risk group from its own seed."""
    parts = [
        draw_course(model, infants.of(group), seed)
        for group, seed in zip(
            GROUPS, (model.seeds.low, model.seeds.intermediate, model.seeds.high), strict=True
        )
    ]
    return joined(parts, infants)


def joined(parts: Sequence[Course], infants: Infants) -> Course:
    """The courses of several groups, one after the other; `infants` are all of them in that order."""
    arrays = [np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Course)[1:]]
    return Course(infants, *arrays)


def draw_survival(model: Model, course: Course) -> Survival:
    """Stage 5: death after the first event."""
    draws, effects, n = Draws(model.seeds.survival), model.effects, len(course.first)
    infants = course.infants
    again = np.minimum(course.failure, course.relapse)
    after = 1 + _within(
        effects.death_after_relapse, effects.death_after_relapse_days, draws.exponential(1.0, n)
    )
    relapsed = again + after
    other = (
        course.malignancy + 1 + draws.exponential(YEAR / effects.death_after_second_malignancy_per_year, n)
    )
    no_longer_treated = infants.left + 1 + draws.exponential(YEAR / effects.death_after_leaving_per_year, n)
    alone = np.where(infants.followed_on, NEVER, no_longer_treated)
    death = np.floor(np.minimum.reduce([course.death, relapsed, other, alone]))
    moved = again + 1 + draws.exponential(YEAR / model.lost_after_relapse_per_year, n)
    until = np.maximum(np.floor(np.minimum(course.seen, moved)), np.where(course.event, course.first, 0.0))
    died = death <= until
    exit_ = np.where(died, death, until)
    waits = model.treatment.transplant_after_relapse_waits
    later = np.floor(again + waits[0] + draws.exponential(waits[1], n))
    gets = (draws.uniform(n) < model.treatment.transplant_after_relapse) & (later < exit_)
    return Survival(exit_, died, np.where(gets & (course.transplant == NEVER), later, NEVER))


def log_ratio(effects: Effects, infants: Infants) -> Floats:
    """True log hazard ratio of relapse, but for transplantation."""
    of_group = {"low": effects.low, "intermediate": effects.intermediate, "high": effects.high}
    group = np.log([of_group[str(name)] for name in infants.group])
    return np.asarray(
        group + np.log(effects.female) * infants.female + np.log(effects.mrd) * infants.positive
    )


def _until_relapse(effects: Effects, infants: Infants, draws: Draws) -> Floats:
    """Days from remission to relapse: the hazard changes on the day of transplantation."""
    ratio = np.exp(log_ratio(effects, infants))
    waits = infants.planned - infants.judged
    used = ratio * effects.relapse * -np.expm1(-waits / effects.relapse_days)
    hazard = draws.exponential(1.0, len(ratio))
    beyond = used + (hazard - used) / effects.transplant
    total = np.where(hazard <= used, hazard, beyond) / ratio
    return _within(effects.relapse, effects.relapse_days, total)


def _within(total: float, days: float, hazard: Floats) -> Floats:
    """When a cumulative hazard total (1 - exp(-t / days)) reaches a value; infinity where it never does."""
    left = 1 - hazard / total
    return np.where(left > 0, -days * np.log(np.where(left > 0, left, 1.0)), NEVER)


def _seen(model: Model, infants: Infants, draws: Draws) -> Floats:
    """Days until the data are cut or the infant is lost, which nobody is before remission was judged."""
    cut = (model.data_cut - model.first_registration) // timedelta(days=1) - infants.registered
    lost = infants.judged + 1 + draws.exponential(YEAR / model.lost_per_year, len(infants.group))
    return np.floor(np.minimum(cut, lost))
