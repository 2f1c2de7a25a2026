"""What happened to each patient and when: every event of an endpoint, from dates or ready-made columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from remission.cohort.endpoints.ask import Ask, Floats, Mask
from remission.cohort.endpoints.declare import Happening, When
from remission.cohort.endpoints.read import Told, days, find_column, tells_time, yes
from remission.cohort.endpoints.sources import codes, death_first, needs, one_code, wanted, when
from remission.core.problems import Problem

COMPOSITE = "*"


@dataclass(frozen=True, slots=True, eq=False)
class Happened:
    """One event.

    Attributes
    ----------
    day : array (n,)
        Days from the cohort's time zero; NaN where it did not happen.
    unknown : array (n,) of bool
        Whether it happened, or when, is not known.
    until : array (n,)
        End of follow-up for it where it did not happen; NaN where not told.
    """

    day: Floats
    unknown: Mask
    until: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """All events of an endpoint, by key; `COMPOSITE` stands for a ready-made "any of them".

    `own` are the events with a date or time of their own; `time` is the one ready-made time of all events, if
    there is one; `contradictions` are columns that cannot all be true, with the patients concerned.
    """

    events: Mapping[str, Happened]
    own: frozenset[str] = frozenset()
    time: Floats | None = None
    contradictions: tuple[tuple[str, Mask], ...] = ()


def read_story(ask: Ask) -> Story | list[Problem]:
    """Read every event of the endpoint, or tell all that is wrong with its columns."""
    read = _Read(ask)
    for key in wanted(ask):
        read.event(key)
    read.any_event()
    return read.problems or read.story()


@dataclass
class _Read:
    """What has been read so far: events with days of their own, and events at the one ready-made time."""

    ask: Ask
    own: dict[str, Happened] = field(default_factory=dict)
    at_time: dict[str, Told] = field(default_factory=dict)
    total: Told | None = None
    absent: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def event(self, key: str) -> None:
        """Read one event from wherever it is declared."""
        status, by_event = self.ask.declaration.status, codes(self.ask)
        if status is not None and key in by_event:
            others = tuple(code for name, code in by_event.items() if name != key)
            self.keep(key, yes(self.ask, "event", status, by_event[key], others))
        elif when(self.ask, key):
            for item in when(self.ask, key):
                self.one(key, item)
        elif key == "death" and (found := death_first(self.ask)) is not None:
            self.keep(key, yes(self.ask, *found, one_code(self.ask)))
        else:
            self.absent.append(key)

    def any_event(self) -> None:
        """Read `status` where it only says that something happened."""
        status = self.ask.declaration.status
        if status is not None and not codes(self.ask):
            answer = yes(self.ask, "status", status, one_code(self.ask))
            if isinstance(answer, Problem):
                self.problems.append(answer)
            else:
                self.total = answer

    def one(self, key: str, item: When) -> None:
        """Read one column, or one pair of columns."""
        if isinstance(item, Happening):
            self.pair(key, item)
            return
        absent = find_column(self.ask, key, item)
        if absent is not None:
            self.problems.append(absent)
        elif tells_time(self.ask, item):
            day = days(self.ask, key, item)
            if isinstance(day, Problem):
                self.problems.append(day)
            else:
                self.add(key, Happened(day, np.zeros(len(day), dtype=bool), np.full(len(day), np.nan)))
        elif self.ask.declaration.time is None:
            message = f'"{item}" says whether it happened, not when'
            repair = (
                f'Say {key} = {{ time = "...", status = "{item}" }}, or time = "..." for the whole endpoint.'
            )
            self.problems.append(self.ask.problem(key, message, repair))
        else:
            self.keep(key, yes(self.ask, key, item, one_code(self.ask)))

    def pair(self, key: str, item: Happening) -> None:
        """Read an event whose time is follow-up where its status says no."""
        time, told = days(self.ask, key, item.time), yes(self.ask, key, item.status, item.event)
        self.problems += [found for found in (time, told) if isinstance(found, Problem)]
        if isinstance(time, Problem) or isinstance(told, Problem):
            return
        unknown = told.unknown | (told.happened & np.isnan(time))
        self.add(
            key,
            Happened(np.where(told.happened, time, np.nan), unknown, np.where(told.happened, np.nan, time)),
        )

    def add(self, key: str, other: Happened) -> None:
        """Keep an event; of two columns for one event whichever is first."""
        one = self.own.get(key)
        if one is not None:
            day, until = np.fmin(one.day, other.day), np.fmin(one.until, other.until)
            other = Happened(day, one.unknown | other.unknown, until)
        self.own[key] = other

    def keep(self, key: str, answer: Told | Problem) -> None:
        """Keep an event at the ready-made time."""
        if isinstance(answer, Problem):
            self.problems.append(answer)
            return
        one = self.at_time.get(key)
        if one is not None:
            happened = one.happened | answer.happened
            unknown = (one.unknown | answer.unknown) & ~happened
            answer = Told(f"{one.column} or {answer.column}", happened, unknown)
        self.at_time[key] = answer

    def story(self) -> Story | list[Problem]:
        """Put together what was read."""
        declared = self.ask.declaration
        composite = self.total is not None and not self.ask.definition.competing and not self.own
        rest = self.total is not None and len(self.absent) == 1 and not self.own and bool(self.at_time)
        if self.absent and not composite and not rest:
            return [needs(self.ask, self.absent)]
        if self.total is not None and self.own:
            message = (
                f"{declared.status} tells of every event, and {', '.join(self.own)} has a date of its own"
            )
            return [self.ask.problem("status", message, "Name the one or the other.")]
        if not self.at_time and not composite:
            return Story(self.own, frozenset(self.own))
        if declared.time is None:
            said = ", ".join(told.column for told in self.at_time.values()) or declared.status
            message = f"{said} says what happened, not when"
            repair = "Say time = ..., the ready-made time column that goes with it."
            return [self.ask.problem("time", message, repair)]
        time = days(self.ask, "time", declared.time)
        if isinstance(time, Problem):
            return [time]
        told, contradictions = at_one_time(self.at_time, self.total, self.absent if rest else [])
        if composite and self.total is not None:
            told = {COMPOSITE: self.total, **(told if rest or not self.absent else {})}
        blank = np.isnan(time)
        events = {
            key: Happened(np.where(item.happened, time, np.nan), item.unknown | blank, time)
            for key, item in told.items()
        }
        return Story({**self.own, **events}, frozenset(self.own), time, contradictions)


def at_one_time(
    at_time: Mapping[str, Told], total: Told | None, solved: list[str]
) -> tuple[dict[str, Told], tuple[tuple[str, Mask], ...]]:
    """What happened at the one ready-made time: at most one event, and one of them if `total` says so.

    `solved` is the event that is left when `total` says yes and the others say no (died without relapse).

    Returns
    -------
    told : dict of str to Told
    contradictions : tuple of (message, rows)
    """
    if not at_time:
        return {}, ()
    yeses = np.sum([told.happened for told in at_time.values()], axis=0, dtype=int)
    unknown = np.any([told.unknown for told in at_time.values()], axis=0) & (yeses == 0)
    names = ", ".join(told.column for told in at_time.values())
    wrong = [(f"more than one of {names} says yes", yeses > 1)]
    told = dict(at_time)
    if total is not None:
        nothing = ~total.happened & ~total.unknown
        wrong.append((f"{names} says yes where {total.column} says no", nothing & (yeses > 0)))
        unknown = (unknown & ~nothing) | (total.unknown & (yeses == 0))
        left = total.happened & (yeses == 0) & ~unknown
        if solved:
            told[solved[0]] = Told(total.column, left, unknown)
        else:
            unknown = unknown | left
    told = {key: Told(item.column, item.happened, unknown) for key, item in told.items()}
    return told, tuple((message, rows) for message, rows in wrong if rows.any())
