"""The rules of remission: who belongs to the endpoint, who never reached it, whose treatment failed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from remission.cohort.endpoints.ask import Ask, Floats, Mask
from remission.cohort.endpoints.read import days, find_column, moment, tells_time, yes
from remission.cohort.endpoints.settle import FollowUp
from remission.core.clock import A_MOMENT
from remission.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Remission:
    """Complete remission: whether it was ever reached, and when, in days from the endpoint's time zero."""

    reached: Mask
    unknown: Mask
    day: Floats


def read_remission(ask: Ask, offset: Floats) -> Remission | Problem | None:
    """Read the column of `remission`, if there is one."""
    name = ask.declaration.remission
    if name is None:
        return None
    absent = find_column(ask, "remission", name)
    if absent is not None:
        return absent
    if tells_time(ask, name):
        day = days(ask, "remission", name)
        if isinstance(day, Problem):
            return day
        return Remission(~np.isnan(day), np.zeros(len(day), dtype=bool), day - offset)
    answer = yes(ask, "remission", name)
    if isinstance(answer, Problem):
        return answer
    return Remission(answer.happened, answer.unknown, np.full(len(offset), np.nan))


def read_evaluation(ask: Ask, offset: Floats) -> Floats | Problem | None:
    """Day on which remission is judged, from the endpoint's time zero: NaN where not told."""
    text = ask.declaration.evaluation
    if text is None:
        return None
    if text in ask.cohort.columns:
        day = days(ask, "evaluation", text)
        return day if isinstance(day, Problem) else day - offset
    return moment(ask, "evaluation", text)


def in_remission(remission: Remission) -> Mask:
    """Whether remission was reached by the endpoint's time zero (yes/no columns say so themselves)."""
    dated = ~np.isnan(remission.day)
    return remission.reached & (~dated | (remission.day <= A_MOMENT))


def never_in_remission(follow: FollowUp, remission: Remission, evaluation: Floats | None) -> FollowUp:
    """Count patients never in remission as relapse or progression on day 0.

    With `evaluation`, those who left follow-up before it, without progression, were never judged and stay as
    they are.
    """
    relapse = follow.day["relapse"]
    judged = np.ones(len(relapse), dtype=bool)
    if evaluation is not None:
        judged = (follow.end >= evaluation - A_MOMENT) | (relapse <= evaluation)
    never = ~remission.reached & ~remission.unknown & judged
    return replace(follow, day={**follow.day, "relapse": np.where(never, 0.0, relapse)})


def failed_by_evaluation(ask: Ask, follow: FollowUp, remission: Remission, evaluation: Floats) -> FollowUp:
    """Count patients without remission when it is judged as treatment failures.

    Death up to the day of evaluation stays death, and whoever left follow-up before it was not judged.
    Progression by then without remission is failure on day 0 under the rules `time0` and `eln_aml`; otherwise
    it counts on its own day (so it does where failure only competes).
    """
    relapse, death = follow.day["relapse"], follow.death
    late = ~(remission.day <= evaluation + A_MOMENT)
    alive = ~(death <= evaluation) & (follow.end >= evaluation - A_MOMENT)
    failed = late & alive
    if ask.declaration.rule == "at_evaluation" or not ask.definition.rules:
        day = np.where(failed, evaluation, np.nan)
    else:
        progressed = late & (relapse <= evaluation)
        day = np.where(failed | progressed, 0.0, np.nan)
    return replace(follow, day={"failure": day, **follow.day})


def failed_on_day_0(follow: FollowUp) -> FollowUp:
    """Count declared treatment failure on day 0."""
    failure = follow.day["failure"]
    return replace(follow, day={**follow.day, "failure": np.where(np.isnan(failure), np.nan, 0.0)})


def unjudged(follow: FollowUp, remission: Remission, evaluation: Floats) -> Mask:
    """Alive, event-free, without remission, and nobody said when it was to be judged: not known."""
    quiet = np.isnan(follow.death) & np.isnan(follow.day["relapse"])
    return np.isnan(evaluation) & ~remission.reached & quiet
