"""`kind = "curves"`: survival and incidence over time, overall or by group, with values at named times."""

from __future__ import annotations

from pydantic import Field, StrictStr

from remission.cohort.outcome import Outcome
from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    late_entry_problems,
    remedy_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.curve_findings import common_times, curve_findings, times_of
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.guarded import Question, guarded, question_of
from remission.study.kinds.landmark_methods import landmark_methods
from remission.study.kinds.naive import naive_findings
from remission.study.kinds.options import GuardedOptions, OneOrMore, in_unit
from remission.study.kinds.stacking import families, stack_output
from remission.study.kinds.times import days_of
from remission.study.kinds.views import View
from remission.study.results import Analysis, Output, Statement


class CurvesOptions(GuardedOptions):
    """Options of curves."""

    endpoint: OneOrMore = Field(
        description='One or more endpoints: "os", ["os", "relapse", "nrm"]. Endpoints that compete with each '
        "other, such as relapse and non-relapse mortality, are also stacked."
    )
    by: StrictStr | None = Field(None, description="Column whose groups get a curve each.")
    at: OneOrMore = Field(
        (),
        description='Times at which values are given: ["100 days", "5 years"]; day 100 and 1, 2, 3 and 5 '
        "years unless said, as far as patients were followed.",
    )
    until: StrictStr | None = Field(
        None, description="Last time drawn; unless said, as long as five patients are at risk in some group."
    )


def check(context: Context, options: CurvesOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    return (
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *grouping_problems(context.cohort, [options.by] if options.by else [], f"{where}.by"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *remedy_problems(options, where),
        *late_entry_problems(context, options.endpoint, options.landmark, f"{where}.landmark"),
        *where_problems(context.cohort, options.where, f"{where}.where"),
    )


def run(context: Context, options: CurvesOptions, name: str) -> Analysis:
    """Draw and read the curves of every endpoint; stack those that compete with each other."""
    context = in_unit(context, options.unit)
    outcomes = [context.outcomes[endpoint] for endpoint in options.endpoint]
    until = days_of(options.until, context.cohort.clock)
    outputs: list[Output] = []
    findings: list[Statement] = []
    views: list[View] = []
    for outcome in outcomes:
        answer = guarded(context, name, question_of(options, outcome, options.by))
        findings += [*answer.findings, *naive_findings(answer, common_times(answer.views, options.at))]
        for view in answer.views:
            at, early = times_of(view, options.at)
            if view.variant != "naive":
                findings += [*early, *curve_findings(view, at, until=until)]
            if len(view.outcome.rows):
                outputs += curve_outputs(view, at, until=until)
                views.append(view)
    for family in families(outcomes):
        for view in guarded(context, name, Question(family[0], where=options.where)).views:
            at, _ = times_of(view, options.at)
            outputs += [stack_output(view, family, at, until)] if len(view.outcome.rows) else []
    methods = (*curve_methods(views), *landmark_methods(views))
    title = _title(context, options, outcomes)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), methods)


def _title(context: Context, options: CurvesOptions, outcomes: list[Outcome]) -> str:
    labels = endpoints_named(context, [outcome.endpoint for outcome in outcomes])
    by = "" if options.by is None else f" by {context.cohort.column(options.by).title}"
    return options.title or f"{labels}{by}"


KIND = Kind(
    name="curves",
    title="Survival and incidence",
    summary="Kaplan-Meier or cumulative incidence curves, overall or by group, with numbers at risk, values "
    "at named times and medians.",
    options=CurvesOptions,
    check=check,
    run=run,
    outputs=("curves", "at_risk", "estimates", "medians", "stack"),
)
