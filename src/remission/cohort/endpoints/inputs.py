"""Everything an endpoint reads from its cohort, in days from the endpoint's own time zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from remission.cohort.endpoints.ask import Ask, Floats
from remission.cohort.endpoints.declare import Happening
from remission.cohort.endpoints.happenings import COMPOSITE, Story, read_story
from remission.cohort.endpoints.misuse import never_cr_missing, rule_missing
from remission.cohort.endpoints.read import days, length, moment, tells_time
from remission.cohort.endpoints.rules import Remission, read_evaluation, read_remission
from remission.cohort.endpoints.settle import FollowUp
from remission.cohort.endpoints.sources import failure_is_judged, when
from remission.core.problems import Problem

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What was read.

    Attributes
    ----------
    story : Story
        Events, in days from the cohort's time zero.
    follow : FollowUp
        Events and follow-up, in days from the endpoint's time zero.
    offset : array (n,)
        Days from the cohort's time zero to the endpoint's; NaN where it has none.
    own_zero : bool
        Whether the endpoint has a time zero of its own.
    switch : array (n,)
        Day that ends follow-up (second transplant); infinite where there is none.
    limit : float
        Last day anybody looks at; infinite unless said.
    entry : array (n,) or None
    remission : Remission or None
    evaluation : array (n,) or None
    """

    story: Story
    follow: FollowUp
    offset: Floats
    own_zero: bool
    switch: Floats
    limit: float
    entry: Floats | None
    remission: Remission | None
    evaluation: Floats | None


def read_inputs(ask: Ask) -> Inputs | list[Problem]:
    """Read all columns of an endpoint, or tell all that is wrong with them."""
    problems: list[Problem] = []

    def good(answer: T | Problem) -> T | None:
        if isinstance(answer, Problem):
            problems.append(answer)
            return None
        return answer

    story = read_story(ask)
    if isinstance(story, list):
        problems += story
    else:
        problems += _unruled(ask, story)
    offset, own_zero = _offset(ask)
    start = good(offset)
    start = np.zeros(ask.cohort.frame.height) if start is None else start
    switch, limit = good(_switch(ask, start)), good(_limit(ask))
    entry = good(_entry(ask, start))
    remission = good(read_remission(ask, start))
    evaluation = good(read_evaluation(ask, start))
    last = good(_last(ask, story if isinstance(story, Story) else None, start))
    if problems or isinstance(story, list) or last is None or switch is None or limit is None:
        return problems
    follow = _follow(story, last, start)
    return Inputs(story, follow, start, own_zero, switch, limit, entry, remission, evaluation)


def _unruled(ask: Ask, story: Story) -> list[Problem]:
    """Tell which rule must be chosen, and which cannot be."""
    definition, declared = ask.definition, ask.declaration
    dated = "relapse" in story.own
    problems = []
    if "time" in ask.own and story.time is None:
        message = "no event is told by the ready-made time: each has a date of its own"
        problems.append(ask.problem("time", message, "Leave out time, or the dates."))
    if definition.never_cr and dated:
        if declared.never_cr is None:
            problems.append(never_cr_missing(ask))
        elif declared.never_cr == "day-0" and declared.remission is None:
            message = "day-0 needs to know who was never in remission"
            repair = "Say remission = the column with its date, or yes/no whether it was ever reached."
            problems.append(ask.problem("remission", message, repair))
    elif declared.never_cr == "day-0" and "never_cr" in ask.own:
        message = "the ready-made times have settled how patients never in remission count"
        problems.append(
            ask.problem("never_cr", message, "Leave out never_cr, or name the columns with dates.")
        )
    if definition.rules and COMPOSITE not in story.events:
        if declared.rule is None:
            problems.append(rule_missing(ask))
    elif definition.rules and "rule" in ask.own:
        message = "the ready-made status has settled when treatment failure counts"
        problems.append(ask.problem("rule", message, "Leave out rule, or name the columns with dates."))
    if failure_is_judged(ask) and COMPOSITE not in story.events:
        problems += _undated_remission(ask)
    return problems


def _undated_remission(ask: Ask) -> list[Problem]:
    name = ask.declaration.remission
    if name is None or name not in ask.cohort.columns or tells_time(ask, name):
        return []
    message = f'"{name}" does not tell when remission was reached'
    return [ask.problem("remission", message, "Name a date or time column.")]


def _offset(ask: Ask) -> tuple[Floats | Problem, bool]:
    name = ask.declaration.time_zero
    if name is None or name == ask.cohort.time_zero:
        return np.zeros(ask.cohort.frame.height), False
    return days(ask, "time_zero", name), True


def _switch(ask: Ask, offset: Floats) -> Floats | Problem:
    switch = np.full(ask.cohort.frame.height, np.inf)
    at = ask.declaration.censor_at
    for name in () if ask.definition.always_followed else (at,) if isinstance(at, str) else at:
        day = days(ask, "censor_at", name)
        if isinstance(day, Problem):
            return day
        switch = np.fmin(switch, day - offset)
    return switch


def _limit(ask: Ask) -> float | Problem:
    text = ask.declaration.censor_after
    return np.inf if text is None else length(ask, "censor_after", text)


def _entry(ask: Ask, offset: Floats) -> Floats | Problem | None:
    text = ask.declaration.entry
    if text is None:
        return None
    entry = moment(ask, "entry", text)
    if isinstance(entry, Problem) or text not in ask.cohort.columns:
        return entry
    return entry - offset


def _last(ask: Ask, story: Story | None, offset: Floats) -> tuple[Floats, str] | Problem | None:
    """Last contact: as declared, or as the ready-made time (of death, or of the only event) tells it."""
    if ask.declaration.last is not None:
        day = days(ask, "last", ask.declaration.last)
        return day if isinstance(day, Problem) else (day - offset, "last")
    if story is None:
        return None
    if story.time is not None:
        return story.time - offset, "time"
    key = "death" if "death" in story.events else next(iter(story.events))
    if all(isinstance(item, Happening) for item in when(ask, key)):
        event = story.events[key]
        return np.fmin(event.day, event.until) - offset, key
    message = "nothing tells when patients without an event were last seen"
    return ask.problem("last", message, "Say last = the date (or time) column of last contact.")


def _follow(story: Story, last: tuple[Floats, str], offset: Floats) -> FollowUp:
    events = story.events
    if COMPOSITE in events:
        events = {COMPOSITE: events[COMPOSITE]}
    until = np.fmin.reduce([event.until for event in events.values()]) - offset
    day = {key: event.day - offset for key, event in events.items()}
    return FollowUp(day, last[0], until, last[1])
