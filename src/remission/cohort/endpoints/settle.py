"""Events in a possible order: nothing before time zero, after death or after the end of follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from remission.cohort.endpoints.ask import Ask, Floats, Mask
from remission.cohort.endpoints.happenings import COMPOSITE
from remission.core.clock import A_MOMENT
from remission.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """Days of one endpoint, from its own time zero.

    Attributes
    ----------
    day : mapping of str to array (n,)
        When each event happened; NaN: it did not.
    last : array (n,)
        Last contact; NaN: not told.
    until : array (n,)
        End of follow-up for the events that did not happen, where their columns tell it; else NaN.
    last_is : str
        The key that told `last`, to point at.
    """

    day: Mapping[str, Floats]
    last: Floats
    until: Floats
    last_is: str

    @property
    def death(self) -> Floats:
        """Day of death; NaN where alive, or where the endpoint does not tell."""
        return self.day.get("death", np.full(len(self.last), np.nan))

    @property
    def stop(self) -> Floats:
        """End of follow-up of those who do not die."""
        return np.fmin(self.last, self.until)

    @property
    def end(self) -> Floats:
        """End of follow-up; NaN where nobody told."""
        return np.fmin(self.stop, self.death)


@dataclass(frozen=True, slots=True, eq=False)
class Late:
    """Patients in whom something comes too late; `after_death`: longer follow-up would not mend it."""

    key: str
    message: str
    rows: Mask
    after_death: bool


def early(ask: Ask, follow: FollowUp, keep: Mask) -> list[Problem]:
    """Tell what happened before time zero."""
    repair = f"Correct the dates (or {ask.time_zero}), or list the patients under [[exclude]]."
    rows = {key: (_words(ask, key), keep & (day < -A_MOMENT)) for key, day in follow.day.items()}
    events = np.any([found for _, found in rows.values()], axis=0)
    end = "last contact" if follow.last_is == "last" else "the end of follow-up"
    rows[follow.last_is] = (end, keep & (follow.stop < -A_MOMENT) & ~events)
    if follow.last_is in follow.day:
        rows["last"] = rows.pop(follow.last_is)
        rows[follow.last_is] = (_words(ask, follow.last_is), keep & (follow.day[follow.last_is] < -A_MOMENT))
    return [
        ask.problem(_key(key), f"{words} before {ask.time_zero}", repair, found)
        for key, (words, found) in rows.items()
        if found.any()
    ]


def too_late(ask: Ask, follow: FollowUp, keep: Mask) -> tuple[Late, ...]:
    """Find what comes after death, or after the end of follow-up."""
    death, last, until = follow.death, follow.last, follow.until
    untold = until < np.fmin.reduce(list(follow.day.values())) - A_MOMENT
    found: list[Late] = []
    for key, day in follow.day.items():
        words = _words(ask, key)
        if key != "death":
            found.append(Late(key, f"{words} later than death", day > death + A_MOMENT, after_death=True))
        beyond = day > last + A_MOMENT
        found.append(Late(key, f"{words} later than last contact", beyond, after_death=False))
        message = f"{words} later than the end of follow-up that the other columns tell"
        found.append(Late(key, message, untold & (day > until + A_MOMENT) & ~beyond, after_death=False))
    if follow.last_is == "last":
        rows = last > death + A_MOMENT
        found.append(Late("last", "last contact later than death", rows, after_death=True))
        quiet = np.all([np.isnan(day) for day in follow.day.values()], axis=0)
        rows = quiet & (until > last + A_MOMENT)
        found.append(Late("last", "follow-up later than last contact", rows, after_death=False))
    kept = (Late(late.key, late.message, late.rows & keep, late.after_death) for late in found)
    return tuple(late for late in kept if late.rows.any())


def unmended(ask: Ask, late: Iterable[Late]) -> list[Problem]:
    """Tell what no declared repair mends."""
    later = ask.declaration.later_than
    problems = []
    for case in late:
        if later in {"exclude", "truncate"} or (later == "extend" and not case.after_death):
            continue
        extend = "" if case.after_death else ', or "extend" (follow-up is taken to last until the event)'
        repair = (
            'Correct the dates, list the patients under [[exclude]], or say later_than = "exclude" (leave '
            f'them out of this endpoint), "truncate" (take the last day of follow-up instead){extend}.'
        )
        problems.append(ask.problem(_key(case.key), case.message, repair, case.rows))
    return problems


def mend(ask: Ask, follow: FollowUp, rows: Mask) -> FollowUp:
    """Carry out `later_than` = "truncate" or "extend" in the patients concerned."""
    if ask.declaration.later_than == "truncate":
        day = {}
        for key, values in follow.day.items():
            limit = follow.stop if key == "death" else follow.end
            day[key] = np.where(rows & (values > limit), limit, values)
        return FollowUp(day, follow.last, follow.until, follow.last_is)
    if ask.declaration.later_than == "extend":
        latest = np.fmax.reduce([follow.last, follow.until, *follow.day.values()])
        last = np.where(rows, latest, follow.last)
        return FollowUp(follow.day, last, np.where(rows, latest, follow.until), follow.last_is)
    return follow


def switched(follow: FollowUp, switch: Floats) -> FollowUp:
    """End follow-up on the day of a switch (second transplant); events of that day came before it.

    Parameters
    ----------
    follow : FollowUp
    switch : array (n,)
        Infinite where there is none.
    """
    day = {key: np.where(values > switch + A_MOMENT, np.nan, values) for key, values in follow.day.items()}
    last = np.where(np.isnan(follow.end), follow.last, np.fmin(follow.stop, switch))
    return FollowUp(day, last, follow.until, follow.last_is)


def _words(ask: Ask, key: str) -> str:
    if key in {"last", "time"}:
        return "last contact" if key == "last" else "the time"
    return "the event" if key == COMPOSITE else ask.definition.in_words(key)


def _key(key: str) -> str:
    return "time" if key == COMPOSITE else key
