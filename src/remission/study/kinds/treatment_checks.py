"""Everything wrong with the options of treatment against protocol, and with the dates they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from remission.cohort.cohort import Cohort
from remission.core.clock import Clock, parse_duration
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.checks import (
    column_problems,
    endpoint_problems,
    grouping_problems,
    late_entry_problems,
    remedy_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.treatment_course import Course, course, is_death
from remission.study.kinds.treatment_dates import date_problems
from remission.study.kinds.treatment_indication import IN_REMISSION, LATER, as_delivered, deliveries
from remission.study.kinds.treatment_options import TIME_ZERO, Phase, TreatmentOptions

TRANSPLANT = "transplant in first remission"


def check(context: Context, options: TreatmentOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options, then of the dates they name."""
    cohort = context.cohort
    problems = [
        *endpoint_problems(context, [options.endpoint], f"{where}.endpoint"),
        *_asked(options, where),
        *_phases(cohort, options.phases, f"{where}.phases"),
        *_delivery(context, options, where),
        *_moment(cohort, options.stopped, f"{where}.stopped"),
        *_moment(cohort, options.remission, f"{where}.remission"),
        *grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by"),
        *where_problems(cohort, options.where, f"{where}.where"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *remedy_problems(options, where),
    ]
    if problems:
        return tuple(problems)
    problems += _moved_to_day_0(context, options.endpoint, f"{where}.endpoint")
    told = course(context, options.endpoint, options.stopped)
    problems += date_problems(context, options, told, where)
    problems += _contradicted(context, options, told, where)
    return tuple(problems)


def incidence_of(context: Context, options: TreatmentOptions) -> str | None:
    """Name of the endpoint whose incidence is estimated; None when the study has none."""
    if options.incidence is not None:
        return options.incidence
    named = (name for name, outcome in context.outcomes.items() if outcome.cause == TRANSPLANT)
    return next(named, None)


def _asked(options: TreatmentOptions, where: str) -> Iterator[Problem]:
    """Something must be asked, and indication and delivery belong together."""
    if not options.phases and options.indication is None and options.delivered is None:
        repair = "Name the phases, or the indication and what was delivered."
        yield Problem(where, "nothing is held against the protocol", repair)
    if (options.indication is None) != (options.delivered is None):
        absent = "delivered" if options.delivered is None else "indication"
        given = "indication" if options.delivered is None else "delivered"
        repair = 'Say both: indication = "risk = \'HR\'" and delivered = "transplant_date".'
        yield Problem(f"{where}.{absent}", f"{given} is said, {absent} is not", repair)


def _phases(cohort: Cohort, phases: Sequence[Phase], where: str) -> Iterator[Problem]:
    names: list[str] = []
    for number, phase in enumerate(phases, 1):
        place = f"{where} {number} ({phase.name})"
        if phase.name in names or phase.name == TIME_ZERO:
            message = f'another phase is called "{phase.name}"'
            if phase.name == TIME_ZERO:
                message = f'a phase cannot be called "{TIME_ZERO}"'
            yield Problem(f"{place}.name", message, "Give it a name of its own.")
        yield from _moment(cohort, phase.start, f"{place}.start")
        yield from _moment(cohort, phase.end, f"{place}.end")
        yield from _yes_no(cohort, phase.given, f"{place}.given")
        yield from _window(cohort.clock, phase.window, f"{place}.window")
        if phase.only is not None:
            yield from where_problems(cohort, [phase.only], f"{place}.for")
        yield from _from(cohort, phase, names, [each.name for each in phases], f"{place}.from")
        names.append(phase.name)


def _from(
    cohort: Cohort, phase: Phase, earlier: Sequence[str], names: Sequence[str], where: str
) -> Iterator[Problem]:
    """Windows count from time zero, an earlier phase or a column."""
    after = phase.after
    if after == TIME_ZERO or after in earlier:
        if phase.window is None and after != TIME_ZERO:
            repair = 'Add window = ["0 days", "7 days"], or leave out from.'
            yield Problem(where, "nothing counts from it: the phase has no window", repair)
        return
    if after in names:
        message = f'the window counts from "{after}", which is not an earlier phase'
        yield Problem(where, message, "Write the phases in the order of the protocol.")
    elif after in cohort.columns:
        yield from _moment(cohort, after, where)
    else:
        repair = f'Write "{TIME_ZERO}", an earlier phase or a column.'
        repair += did_you_mean(after, [*earlier, *cohort.columns])
        yield Problem(where, f'there is no phase and no column "{after}"', repair)


def _delivery(context: Context, options: TreatmentOptions, where: str) -> Iterator[Problem]:
    cohort = context.cohort
    if options.indication is not None:
        yield from where_problems(cohort, [options.indication], f"{where}.indication")
    if options.delivered is not None:
        table = as_delivered(options.delivered)
        yield from _moment(cohort, table.start, f"{where}.delivered")
        yield from _yes_no(cohort, table.given, f"{where}.delivered.given")
        yield from _window(cohort.clock, table.window, f"{where}.delivered.window")
    place = f"{where}.incidence"
    if options.incidence is not None:
        yield from endpoint_problems(context, [options.incidence], place)
        outcome = context.outcomes.get(options.incidence)
        if outcome is not None and len(outcome.causes) < 2:
            repair = 'Declare an endpoint with definition = "transplant-in-remission", and name it.'
            yield Problem(place, f'in "{options.incidence}" no event competes', repair)
        yield from late_entry_problems(context, [options.incidence], options.landmark, f"{where}.landmark")
    elif options.delivered is not None and incidence_of(context, options) is None:
        message = "no endpoint tells how many were transplanted in first remission, with what competes"
        repair = 'Declare one under [endpoints]: transplant = { definition = "transplant-in-remission", '
        repair += 'transplant = "transplant_date", same_as = ... } (relapse, death and last contact).'
        yield Problem(place, message, repair)


def _moved_to_day_0(context: Context, endpoint: str, where: str) -> Iterator[Problem]:
    """An endpoint that counts failure from day 0 does not tell until when patients were on treatment."""
    outcome = context.outcomes[endpoint]
    failed = outcome.event if outcome.component is None else outcome.component
    rows = (outcome.time <= 0) & np.array(
        [event is not None and not is_death(event) for event in failed], dtype=bool
    )
    if rows.any():
        message = f'"{endpoint}" counts events from day 0, so it does not tell until when treatment went on'
        repair = "Name an endpoint in which they count on their own day; for event-free survival declare one "
        repair += f'more: {{ same_as = "{endpoint}", rule = "at_evaluation", definition = ... }}.'
        ids = context.cohort.ids()
        yield Problem(where, message, repair, tuple(str(ids[int(row)]) for row in outcome.rows[rows]))


def _contradicted(context: Context, options: TreatmentOptions, told: Course, where: str) -> Iterator[Problem]:
    """The endpoint and the incidence must agree on what came first, or their numbers would not."""
    name = incidence_of(context, options)
    if options.indication is None or options.delivered is None or name is None:
        return
    outcome = context.outcomes[name]
    if outcome.cause != TRANSPLANT:
        return
    status = deliveries(context.cohort, options.indication, options.delivered, told).status[outcome.rows]
    happened = np.array([event is not None for event in outcome.event], dtype=bool)
    counted = outcome.event == outcome.cause
    differ = (happened & ~counted & (status == IN_REMISSION)) | (counted & (status == LATER))
    if differ.any():
        message = f'"{options.endpoint}" and "{name}" do not agree on whether it was given in first remission'
        repair = (
            "Let both know the same events: failure and second malignancy in the one belong in the other "
        )
        repair += f'(same_as = "{options.endpoint}").'
        ids = context.cohort.ids()
        yield Problem(
            f"{where}.incidence", message, repair, tuple(str(ids[int(row)]) for row in outcome.rows[differ])
        )


def _moment(cohort: Cohort, name: str | None, where: str) -> Iterator[Problem]:
    """A column must hold dates or times."""
    if name is None:
        return
    absent = column_problems(cohort, [name], where)
    yield from absent
    if absent:
        return
    column = cohort.columns[name]
    if column.is_time or (column.kind == "date" and cohort.time_zero is not None):
        return
    if column.kind == "date":
        message = f'"{name}" is a date, but the cohort has no date as its time zero'
        yield Problem(where, message, "Say [cohort] time_zero.")
        return
    repair = f'Say columns.{name} = {{ kind = "date" }}, or kind = "time" with its unit.'
    yield Problem(where, f'"{name}" ({column.kind}) is neither a date nor a time', repair)


def _yes_no(cohort: Cohort, name: str | None, where: str) -> Iterator[Problem]:
    if name is None:
        return
    absent = column_problems(cohort, [name], where)
    yield from absent
    if not absent and cohort.columns[name].kind != "yes/no":
        repair = f'Say columns.{name} = {{ kind = "yes/no" }}, with its codes.'
        yield Problem(where, f'"{name}" is not a yes/no column', repair)


def _window(clock: Clock, window: tuple[str, str] | None, where: str) -> Iterator[Problem]:
    """A window must be two lengths of time, in order."""
    if window is None:
        return
    wrong = time_problems(window, where)
    yield from wrong
    if wrong:
        return
    low, high = (clock.days(parse_duration(text)) for text in window)
    if low > high:
        message = f"the window closes ({window[1]}) before it opens ({window[0]})"
        yield Problem(where, message, f'Write ["{window[1]}", "{window[0]}"].')
