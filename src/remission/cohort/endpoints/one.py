"""One endpoint, from its declaration to its outcome."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from remission.cohort.cohort import FlowStep
from remission.cohort.endpoints.ask import Ask, Floats, Mask
from remission.cohort.endpoints.definition import Definition
from remission.cohort.endpoints.first import first_event
from remission.cohort.endpoints.happenings import COMPOSITE, Story
from remission.cohort.endpoints.inputs import Inputs, read_inputs
from remission.cohort.endpoints.misuse import misuse
from remission.cohort.endpoints.rules import (
    failed_by_evaluation,
    failed_on_day_0,
    in_remission,
    never_in_remission,
    unjudged,
)
from remission.cohort.endpoints.settle import FollowUp, early, mend, switched, too_late, unmended
from remission.cohort.endpoints.sources import competing, failure_is_judged
from remission.cohort.endpoints.words import definition_in_words
from remission.cohort.outcome import Outcome
from remission.core.clock import A_MOMENT
from remission.core.problems import Problem


def build_one(ask: Ask, missing_endpoint: str) -> tuple[Outcome | None, list[Problem]]:
    """Build one endpoint; None and all its problems if there are any."""
    problems = misuse(ask)
    inputs = read_inputs(ask)
    if isinstance(inputs, list) or problems:
        return None, [*problems, *(inputs if isinstance(inputs, list) else [])]
    work = _Work(ask, inputs, ask.declaration.missing_endpoint or missing_endpoint)
    outcome = work.outcome()
    return (None, work.problems) if work.problems else (outcome, [])


@dataclass
class _Work:
    """The patients still in, who left and why, and what is wrong."""

    ask: Ask
    inputs: Inputs
    missing_endpoint: str
    flow: list[FlowStep] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mended: int = 0

    def __post_init__(self) -> None:
        self.keep: Mask = np.ones(self.ask.cohort.frame.height, dtype=bool)

    def leave_out(self, rows: Mask, reason: str) -> None:
        """Count patients out, if there are any."""
        gone = int((self.keep & rows).sum())
        self.keep = self.keep & ~rows
        if gone:
            self.flow.append(FlowStep(reason, gone, int(self.keep.sum())))

    def outcome(self) -> Outcome:
        """Go through the rules: population, unknown, order in time, remission, first event, entry."""
        ask, inputs = self.ask, self.inputs
        self.population()
        follow = inputs.follow
        self.unknown(follow)
        for message, rows in inputs.story.contradictions:
            if (rows & self.keep).any():
                repair = "Correct the columns, or list the patients under [[exclude]]."
                self.problems.append(ask.problem("", message, repair, rows & self.keep))
        self.problems += early(ask, follow, self.keep)
        follow = self.in_order(follow)
        self.switches_before_zero()
        follow = self.remission_rules(switched(follow, inputs.switch))
        time, key = first_event(follow.day, follow.end, inputs.limit)
        self.before_remission(time, key)
        self.entered_too_late(time)
        return self.finished(time, key)

    def population(self) -> None:
        """Leave out who is not part of the endpoint."""
        ask, inputs = self.ask, self.inputs
        self.leave_out(np.isnan(inputs.offset), f"no date of {ask.time_zero}")
        if ask.definition.population == "in remission" and inputs.remission is not None:
            self.not_known(inputs.remission.unknown, "remission is not known", "remission")
            self.leave_out(~in_remission(inputs.remission), f"not in remission at {ask.time_zero}")

    def not_known(self, rows: Mask, message: str, key: str = "") -> None:
        """Leave out, or tell, patients whose endpoint is unknown."""
        rows = rows & self.keep
        if not rows.any():
            return
        if self.missing_endpoint == "exclude":
            self.leave_out(rows, message)
            return
        repair = (
            'Complete the data, or say missing_endpoint = "exclude" to leave these patients out of this '
            "endpoint (the flow diagram counts them)."
        )
        self.problems.append(self.ask.problem(key, message, repair, rows))
        self.keep = self.keep & ~rows

    def unknown(self, follow: FollowUp) -> None:
        """Find whose endpoint cannot be known."""
        story, declared = self.inputs.story, self.ask.declaration
        events = [story.events[COMPOSITE]] if COMPOSITE in story.events else list(story.events.values())
        unknown = np.any([event.unknown for event in events], axis=0)
        self.not_known(unknown, "whether or when the event happened is not known")
        nothing = np.all([np.isnan(day) for day in follow.day.values()], axis=0)
        message = (
            "neither an event nor last contact has a date" if story.time is None else "the time is missing"
        )
        self.not_known(np.isnan(follow.end) & nothing, message)
        if self.inputs.entry is not None:
            self.not_known(np.isnan(self.inputs.entry), "the time of entry is missing", "entry")
        remission, evaluation = self.inputs.remission, self.inputs.evaluation
        if remission is None or "relapse" not in follow.day:
            return
        if self.ask.definition.never_cr and declared.never_cr == "day-0":
            self.not_known(remission.unknown, "remission is not known", "remission")
        if failure_is_judged(self.ask) and evaluation is not None:
            rows = unjudged(follow, remission, evaluation)
            self.not_known(rows, "when remission was to be judged is not known", "evaluation")

    def in_order(self, follow: FollowUp) -> FollowUp:
        """Repair, or tell, what comes after the end of follow-up."""
        late = too_late(self.ask, follow, self.keep)
        self.problems += unmended(self.ask, late)
        if not late:
            return follow
        rows = np.any([case.rows for case in late], axis=0)
        if self.ask.declaration.later_than == "exclude":
            self.leave_out(rows, "dates after the end of follow-up")
            return follow
        self.mended = int(rows.sum())
        return mend(self.ask, follow, rows)

    def remission_rules(self, follow: FollowUp) -> FollowUp:
        """Apply the chosen rules for patients never in remission."""
        ask, remission, evaluation = self.ask, self.inputs.remission, self.inputs.evaluation
        if "failure" in follow.day and ask.declaration.rule == "time0" and ask.definition.rules:
            return failed_on_day_0(follow)
        if remission is None or "relapse" not in follow.day:
            return follow
        own = "relapse" in self.inputs.story.own
        if ask.definition.never_cr and ask.declaration.never_cr == "day-0" and own:
            return never_in_remission(follow, remission, evaluation)
        if failure_is_judged(ask) and evaluation is not None:
            return failed_by_evaluation(ask, follow, remission, evaluation)
        return follow

    def switches_before_zero(self) -> None:
        """Tell what ended follow-up before it began."""
        rows = self.keep & (self.inputs.switch < -A_MOMENT)
        if rows.any():
            message = f"what ends follow-up (censor_at) came before {self.ask.time_zero}"
            repair = "Correct the dates, or list the patients under [[exclude]]."
            self.problems.append(self.ask.problem("censor_at", message, repair, rows))

    def before_remission(self, time: Floats, key: np.ndarray[tuple[int], np.dtype[np.object_]]) -> None:
        """Tell in whom the event came before remission, though it can only come after."""
        remission, definition = self.inputs.remission, self.ask.definition
        if remission is None or not definition.after_remission:
            return
        came = self.keep & np.isin(key, definition.events) & ~remission.unknown
        dated = ~np.isnan(remission.day)
        rows = came & ~np.where(dated, remission.day <= time + A_MOMENT, remission.reached)
        if rows.any():
            event = definition.in_words(definition.events[0])
            message = f"{event} before remission, or without a date of it"
            repair = "Correct the dates; if treatment had failed by then, say failure = the column with its "
            repair += "date; or list the patients under [[exclude]]."
            self.problems.append(self.ask.problem("remission", message, repair, rows))

    def entered_too_late(self, time: Floats) -> None:
        """Leave out, or tell, who left follow-up by the time of entry."""
        if self.inputs.entry is None:
            return
        rows = self.keep & (time <= self.inputs.entry)
        if self.ask.declaration.left_before_entry == "exclude":
            self.leave_out(rows, "follow-up ended before entry")
        elif rows.any():
            message = "follow-up ended at or before entry, so these patients were never at risk"
            repair = "Correct entry or the times, or "
            repair += 'say left_before_entry = "exclude" (the flow diagram counts them).'
            self.problems.append(self.ask.problem("entry", message, repair, rows))

    def finished(self, time: Floats, key: np.ndarray[tuple[int], np.dtype[np.object_]]) -> Outcome:
        """Name what happened, for those still in."""
        ask, definition, rows = self.ask, self.ask.definition, np.flatnonzero(self.keep)
        against = competing(ask)
        names: dict[str | None, str | None] = {None: None}
        names |= {
            item: definition.called(item) if item in against else definition.cause
            for item in set(key) - {None}
        }
        composite = len(definition.events) + len(definition.optional) > 1
        component = _components(self.ask, self.inputs.story, key)[rows] if composite else None
        entry = self.inputs.entry
        return Outcome(
            endpoint=ask.name,
            label=ask.label,
            measure=definition.measure,
            cause=definition.cause,
            causes=(definition.cause, *(definition.called(item) for item in against)),
            rows=rows.astype(np.int64),
            time=time[rows],
            event=np.array([names[item] for item in key[rows]], dtype=object),
            entry=None if entry is None else entry[rows],
            time_zero=ask.time_zero,
            starts_at_cohort_zero=not bool(self.inputs.own_zero),
            flow=tuple(self.flow),
            definition=definition_in_words(ask, self.inputs, self.mended),
            definition_name=definition.name,
            offset=self.inputs.offset[rows],
            component=component,
            components=_possible(definition, self.inputs.story) if composite else (),
        )


def _possible(definition: Definition, story: Story) -> tuple[str, ...]:
    """Every event that counts in this study, by its name in results."""
    optional = (item for item in definition.optional if item in story.events)
    return tuple(definition.called(item) for item in (*definition.events, *optional))


def _components(
    ask: Ask, story: Story, key: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Which event of a composite it was, where the columns tell."""
    named = np.array(
        [ask.definition.called(item) if item and item != COMPOSITE else None for item in key], dtype=object
    )
    for item, happened in story.events.items():
        if item != COMPOSITE and COMPOSITE in story.events:
            named[(key == COMPOSITE) & ~np.isnan(happened.day)] = ask.definition.called(item)
    return named
