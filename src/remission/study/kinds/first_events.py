"""`kind = "first_events"`: what happened first, counted, with relapse by site and those without an event."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.clock import A_MOMENT, Clock
from remission.study.kind import Context, Kind
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.first_events_options import FirstEventsOptions, check
from remission.study.kinds.first_events_told import EVENT_FREE, NOT_TOLD, events_of, first_events
from remission.study.kinds.grouping import as_levels, levels_of
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.views import View
from remission.study.results import Analysis, Fact, Output, Statement

UNKNOWN = "not known"
Names = NDArray[np.object_]
Mask = NDArray[np.bool_]


def run(context: Context, options: FirstEventsOptions, name: str) -> Analysis:
    """Count first events of every endpoint; groups known only later are withheld, the table of all is not."""
    outputs: list[Output] = []
    findings: list[Statement] = []
    for endpoint in options.endpoint:
        outcome = context.outcomes[endpoint]
        answer = guarded(context, name, Question(outcome, options.by, where=options.where))
        findings += answer.findings
        if not answer.views and options.by is not None:
            answer = guarded(context, name, Question(outcome, where=options.where))
            findings += answer.findings
        for view in answer.views:
            outputs.append(_output(view, options, name))
            findings += _findings(view, options)
    labels = endpoints_named(context, options.endpoint)
    grouped = f" by {context.cohort.column(options.by).title}" if options.by else ""
    title = options.title or f"{KIND.title}: {labels}{grouped}"
    methods = (Statement("first_events_method"),) if outputs else ()
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), methods)


def _output(view: View, options: FirstEventsOptions, name: str) -> Output:
    """One row per event and site, then those event-free; every column adds up to its patients."""
    cohort, outcome = view.context.cohort, view.outcome
    first = first_events(outcome)
    events = _rows_of(outcome, first)
    masks: list[tuple[str | None, Mask]] = [
        (None, np.ones(len(first), dtype=bool)),
        *((group, view.members(group)) for group in view.groups),
    ]
    records: list[Record] = []
    for group, mask in masks:
        size = int(mask.sum())
        for event in events:
            mine = mask & (first == event)
            records += _counted(event, None, group, int(mine.sum()), size)
            records += _divided(cohort, outcome, options.split.get(event), (event, group), mine, size)
        free = mask & (first == np.array(None))
        records += _counted(EVENT_FREE, None, group, int(free.sum()), size)
    facts: dict[str, Fact] = {
        **view.facts(),
        "events": tuple(_event(cohort, options, event) for event in events),
        "sizes": {group: int(mask.sum()) for group, mask in masks if group is not None},
        "total": len(first),
        "followed": {group or "": _followed(outcome, mask, view.clock) for group, mask in masks},
    }
    same = {"analysis": name, "endpoint": outcome.endpoint}
    return Output("first_events", rows_from(records, **same), facts, view.variant)


def _rows_of(outcome: Outcome, first: Names) -> tuple[str, ...]:
    """Every event of the definition, and a row for those not told where there are any."""
    events = events_of(outcome)
    return (*events, NOT_TOLD) if bool((first == NOT_TOLD).any()) else events


def _counted(event: str, level: str | None, group: str | None, count: int, size: int) -> list[Record]:
    same = {"term": event, "level": level, "group": group, "at_risk": size}
    share = 100.0 * count / size if size else None
    return [
        {**same, "measure": "count", "estimate": count},
        {**same, "measure": "percent", "estimate": share},
    ]


def _divided(
    cohort: Cohort, outcome: Outcome, column: str | None, what: tuple[str, str | None], mine: Mask, size: int
) -> list[Record]:
    """Count an event by the levels of a column, those in whom it is not known in a row of their own."""
    if column is None:
        return []
    values = as_levels(cohort.frame[column].gather(outcome.rows))
    values[values == np.array(None)] = UNKNOWN
    levels = [level for level in levels_of(cohort.column(column)) if level != UNKNOWN]
    return [
        record
        for level in (*levels, UNKNOWN)
        for record in _counted(what[0], level, what[1], int((mine & (values == level)).sum()), size)
    ]


def _event(cohort: Cohort, options: FirstEventsOptions, event: str) -> dict[str, Fact]:
    column = options.split.get(event)
    return {
        "name": event,
        "label": options.labels.get(event, event),
        "split": None if column is None else cohort.column(column).title,
    }


def _followed(outcome: Outcome, mask: Mask, clock: Clock) -> Mapping[str, Fact]:
    """How long those without an event have been followed."""
    time = outcome.time[mask & (outcome.event == np.array(None))]
    if not len(time):
        return {"median": None, "min": None, "max": None}
    cuts = {"median": np.median(time), "min": time.min(), "max": time.max()}
    return {name: clock.shown(float(days)) for name, days in cuts.items()}


def _findings(view: View, options: FirstEventsOptions) -> list[Statement]:
    """What to know about the counts: events on day 0, events not told, sites of those without the event."""
    outcome, cohort = view.outcome, view.context.cohort
    first = first_events(outcome)
    about: dict[str, Fact] = {"endpoint": outcome.endpoint, "endpoint_label": outcome.label}
    found: list[Statement] = []
    happened = first != np.array(None)
    early = happened & (outcome.time <= A_MOMENT)
    if early.any():
        parts: tuple[Fact, ...] = tuple(
            {"event": options.labels.get(event, event), "n": int((early & (first == event)).sum())}
            for event in _rows_of(outcome, first)
            if bool((early & (first == event)).any())
        )
        facts: dict[str, Fact] = {**about, "n": int(early.sum()), "events": parts}
        facts |= {"time_zero": outcome.time_zero, "rule": _about_day_0(outcome.definition)}
        found.append(Statement("first_events_on_day_0", facts))
    untold = int((first == NOT_TOLD).sum())
    if untold:
        facts = {**about, "n": untold, "events": int(happened.sum())}
        found.append(Statement("first_event_not_told", facts, "warning"))
    for event, column in options.split.items():
        if cohort.column(column).kind != "category":
            continue  # a yes/no is known of patients without the event too
        known = cohort.frame[column].gather(outcome.rows).is_not_null().to_numpy()
        beside = int((known & (first != event)).sum())
        if event in events_of(outcome) and beside:
            label = cohort.column(column).title
            facts = {**about, "label": label, "event": options.labels.get(event, event), "n": beside}
            found.append(Statement("split_without_event", facts))
    if not len(outcome.rows):
        found.append(Statement("nobody_to_analyse", {**about, "by_label": None, "variant": ""}, "warning"))
    return found


def _about_day_0(definition: str) -> str:
    """Read from the definition, as it was used, the sentence that says who has the event on day 0."""
    sentences = definition.replace(". ", ".\n").split("\n")
    return " ".join(sentence for sentence in sentences if "day 0" in sentence)


KIND = Kind(
    name="first_events",
    title="First events",
    summary="How many patients had which event first, relapse by its site, and how many are event-free.",
    options=FirstEventsOptions,
    check=check,
    run=run,
    outputs=("first_events",),
)
