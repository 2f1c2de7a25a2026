"""`kind = "landmark"`: survival of those still there at a fixed time, on both time axes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field, StrictBool, StrictStr

from remission.cohort.landmark import landmarked
from remission.cohort.outcome import Outcome
from remission.core.clock import Duration, Unit, parse_duration
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.core.ties import TOLERANCE
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    landmark_problems,
    late_entry_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.comparison_findings import comparison_findings
from remission.study.kinds.comparison_methods import comparison_methods
from remission.study.kinds.curve_findings import curve_findings
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.differences import difference_output
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.grouping import Grouping
from remission.study.kinds.guarded import Answer, Question, guarded
from remission.study.kinds.landmark_methods import landmark_methods
from remission.study.kinds.landmark_times import Axis, axis_time_problems, times_on
from remission.study.kinds.multiplicity import multiplicity
from remission.study.kinds.options import OneOrMore, Options, in_unit
from remission.study.kinds.testing import Comparison, compared, comparison_outputs
from remission.study.kinds.times import days_of
from remission.study.kinds.views import View, view
from remission.study.results import Analysis, Output, Statement

AMONG = re.compile(r"^\s*event-free by\s+(?P<endpoint>\S+)\s*$")
AXES: tuple[Axis, ...] = ("time zero", "landmark")


class LandmarkOptions(Options):
    """Options of landmark analyses."""

    endpoint: OneOrMore = Field(description="One or more endpoints, followed from the landmark on.")
    landmark: StrictStr = Field(
        description='When patients are classified, fixed before looking at the data: "12 months". '
        "Those who had the event or left by then are counted, not followed."
    )
    among: StrictStr | None = Field(
        None, description='Only those "event-free by pfs" at the landmark, or by another endpoint.'
    )
    versus: Literal["rest"] | None = Field(
        None, description='"rest": compare those `among` with the others alive at the landmark.'
    )
    by: StrictStr | None = Field(
        None, description="Column whose groups get a curve each, as it was known at the landmark."
    )
    at: OneOrMore = Field(
        (),
        description='Times, with their origin: "5 years from transplant", "5 years from landmark"; without '
        "origin both are given.",
    )
    until: StrictStr | None = Field(None, description="Last time drawn, from time zero.")
    unit: Unit | None = Field(
        None, description='Unit in which times are shown here, when not that of the study: "days".'
    )
    tests: StrictBool = Field(default=True, description="Test the groups, if there are any.")


def check(context: Context, options: LandmarkOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    zero = _time_zero(context, options)
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *landmark_problems(options.landmark, f"{where}.landmark"),
        *late_entry_problems(context, options.endpoint, options.landmark, f"{where}.landmark"),
        *grouping_problems(context.cohort, [options.by] if options.by else [], f"{where}.by"),
        *axis_time_problems(options.at, zero, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *where_problems(context.cohort, options.where, f"{where}.where"),
    ]
    if options.among is not None:
        problems += _among_problems(context, options.among, f"{where}.among")
    if options.versus is not None and options.among is None:
        message = "there is nothing to hold the rest against"
        problems.append(
            Problem(f"{where}.versus", message, 'Add among = "event-free by pfs", or remove versus.')
        )
    if options.versus is not None and options.by is not None:
        message = "patients cannot be grouped by a column and by `versus` at once"
        problems.append(Problem(f"{where}.versus", message, "Remove one of them."))
    return tuple(problems)


def run(context: Context, options: LandmarkOptions, name: str) -> Analysis:
    """Follow those still there at the landmark, on the axis from time zero and on that from the landmark."""
    context = in_unit(context, options.unit)
    landmark = parse_duration(options.landmark)
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    all_tests: list[Comparison] = []
    for endpoint in options.endpoint:
        answer = _answer(context, options, name, context.outcomes[endpoint], landmark)
        findings += answer.findings
        for each in answer.views:
            made, told, tests = _one_view(options, each)
            outputs += made
            findings += told
            all_tests += [tests] if tests is not None else []
            methods += [*curve_methods([each]), *landmark_methods([each])]
            methods += comparison_methods(each, tests, made, rho=0.0)
    findings += multiplicity([tests.p for tests in all_tests])
    title = _title(context, options)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _answer(
    context: Context, options: LandmarkOptions, name: str, outcome: Outcome, landmark: Duration
) -> Answer:
    """Build the view from the landmark; with `versus`, those event-free against the rest."""
    among = None if options.among is None else context.outcomes[_among(options.among)]
    question = Question(
        outcome, options.by, None, options.where, (landmark,), always_landmark=True, among=among
    )
    if options.versus is None or among is None:
        return guarded(context, name, question)
    answer = guarded(context, name, replace(question, among=None))
    views = tuple(_against_rest(each, outcome, among, landmark) for each in answer.views)
    groups = [each.grouping for each in views if each.grouping is not None]
    return Answer(views, (*answer.findings, *[said for each in groups for said in each.findings()]))


def _against_rest(whole: View, before: Outcome, among: Outcome, landmark: Duration) -> View:
    """Group the patients of a view by being event-free at the landmark; unknown where follow-up had ended."""
    days = whole.clock.days(landmark)
    free = set(landmarked(before, days, among=among).rows.tolist())
    happened = among.event != np.array(None)
    start = {int(row): float(day) for row, day in zip(before.rows, before.offset, strict=True)}
    had: set[int] = set()
    for row, time, offset, event in zip(among.rows, among.time, among.offset, happened, strict=True):
        by_landmark = time + offset - start.get(int(row), np.inf) <= days * (1 + TOLERANCE)
        if event and by_landmark:
            had.add(int(row))
    label = among.label.lower() if not among.label.isupper() else among.label
    levels = (f"event-free ({label})", f"had the event ({label})")
    rows = whole.outcome.rows.tolist()
    values = np.empty(len(rows), dtype=object)
    values[:] = [levels[0] if row in free else levels[1] if row in had else None for row in rows]
    state = f"State at {landmark}"
    grouping = Grouping("", state, levels, False, values)  # noqa: FBT003 - `ordered`
    return view(whole.context, whole.analysis, whole.outcome, grouping, landmark=landmark)


def _one_view(
    options: LandmarkOptions, each: View
) -> tuple[list[Output], list[Statement], Comparison | None]:
    """Draw and read one view on both axes; tests and differences do not depend on the axis."""
    until = days_of(options.until, each.clock)
    zero = each.outcome.time_zero
    times = {axis: times_on(axis, options.at, zero, each.clock, each.start, each.end) for axis in AXES}
    every = tuple(sorted((time for axis in AXES for time in times[axis]), key=lambda time: time.days))
    findings = curve_findings(each, every, until=until)
    if not len(each.outcome.rows):
        return [], findings, None
    tests = compared(each) if options.tests and each.groups else None
    shown = {} if tests is None else {"p_text_test": tests.main.name, "p": tests.p}
    outputs: list[Output] = []
    for axis in AXES:
        outputs += curve_outputs(
            each, times[axis], until=until, shown=shown, from_landmark=axis == "landmark"
        )
    difference = difference_output(each, every)
    outputs += [] if tests is None else comparison_outputs(each, tests)
    outputs += [] if difference is None else [difference]
    if options.tests and each.grouping is not None:
        findings += comparison_findings(each, tests, difference)
    return outputs, findings, tests


def _time_zero(context: Context, options: LandmarkOptions) -> str:
    """Words for the time zero of the endpoints (the cohort's if none is known)."""
    known = [context.outcomes[name].time_zero for name in options.endpoint if name in context.outcomes]
    return known[0] if known else context.cohort.time_zero_label


def _among(text: str) -> str:
    found = AMONG.match(text)
    return "" if found is None else found["endpoint"]


def _among_problems(context: Context, among: str, where: str) -> Sequence[Problem]:
    endpoint = _among(among)
    if not endpoint:
        return [Problem(where, f'"{among}" is not understood', 'Write among = "event-free by pfs".')]
    if endpoint not in context.outcomes:
        repair = f"Declare it under [endpoints].{did_you_mean(endpoint, context.outcomes)}"
        return [Problem(where, f'there is no endpoint "{endpoint}"', repair)]
    return []


def _title(context: Context, options: LandmarkOptions) -> str:
    labels = endpoints_named(context, options.endpoint)
    among = ""
    if options.among is not None and options.versus is None:
        among = f" among those event-free ({context.outcomes[_among(options.among)].label})"
    return options.title or f"{labels} from a landmark at {parse_duration(options.landmark)}{among}"


KIND = Kind(
    name="landmark",
    title="Landmark analysis",
    summary="Survival or incidence of those still at risk at a time fixed in advance, perhaps only those "
    "event-free by another endpoint, on the axis from time zero and on the one from the landmark.",
    options=LandmarkOptions,
    check=check,
    run=run,
    outputs=("curves", "at_risk", "estimates", "medians", "test", "pairwise", "difference"),
)
