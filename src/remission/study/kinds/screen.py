"""`kind = "screen"`: each variable alone on an endpoint, all of them reported, with multiplicity shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field, StrictBool, StrictStr

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.adjust import adjusted
from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import endpoint_problems, grouping_problems, time_problems, where_problems
from remission.study.kinds.comparison_methods import named_tests
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.drawing import dressed
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.grouping import can_group
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.multiplicity import SIGNIFICANT, chance_of_any
from remission.study.kinds.options import OneOrMore, Options
from remission.study.kinds.rows import rows_from
from remission.study.kinds.screening import Screened, screen_records, screened
from remission.study.kinds.times import NamedTime, named_times, usual_times
from remission.study.kinds.withheld import known_at_baseline
from remission.study.results import Analysis, Fact, Output, Statement

_ADJUST = {"holm": ("holm1979",), "bh": ("benjamini1995",)}


class ScreenOptions(Options):
    """Options of the screen."""

    endpoint: OneOrMore = Field(description="One or more endpoints.")
    columns: OneOrMore = Field(
        (), description="Variables; every category and yes/no column known at time zero unless said."
    )
    at: StrictStr | None = Field(
        None,
        description="Time at which levels are shown; the latest usual one that was observed unless said.",
    )
    adjust: Literal["holm", "bh", "bonferroni", "none"] = Field(
        "holm", description="How P values are adjusted for the number of variables."
    )
    trend: StrictBool = Field(
        default=True,
        description="Ordered variables of three or more levels get the test for trend (survival).",
    )


def check(context: Context, options: ScreenOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options: numbers must be cut first, under [derived]."""
    cohort = context.cohort
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *grouping_problems(cohort, options.columns, f"{where}.columns"),
        *time_problems([options.at] if options.at else [], f"{where}.at"),
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    if not options.columns and not looked_at(cohort, options):
        message = "no category or yes/no column is known at time zero, so there is nothing to screen"
        repair = "Name such columns in [cohort] baseline, or list `columns` here."
        problems.append(Problem(f"{where}.columns", message, repair))
    return tuple(problems)


def looked_at(cohort: Cohort, options: ScreenOptions) -> tuple[str, ...]:
    """Variables of the screen: those named, or all groups known at time zero."""
    if options.columns:
        return options.columns
    return tuple(
        name
        for name, column in cohort.columns.items()
        if can_group(column)
        and name != cohort.id
        and known_at_baseline(cohort, name)
        and _has_levels(cohort, name)
    )


def run(context: Context, options: ScreenOptions, name: str) -> Analysis:
    """Test every variable on every endpoint; the guard's refusals are listed."""
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        outcome = context.outcomes[endpoint]
        variables, told = _variables(context, options, name, outcome)
        findings += told
        if variables:
            output, said = _output(context, options, variables)
            outputs.append(output)
            findings += said
            methods += curve_methods([variable.view for variable in variables])
            tests = [variable.test.name for variable in variables if variable.test is not None]
            methods += named_tests(tests, rho=0.0)
    findings += _numbers(context.cohort, options)
    if outputs:
        facts: dict[str, Fact] = {"adjust": options.adjust, "references": _ADJUST.get(options.adjust, ())}
        methods.append(Statement("screen_method", facts))
    labels = endpoints_named(context, options.endpoint)
    title = options.title or f"Each variable on its own: {labels}"
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _variables(
    context: Context, options: ScreenOptions, name: str, outcome: Outcome
) -> tuple[list[Screened], list[Statement]]:
    """Look at every variable that the guard allows."""
    found: list[Screened] = []
    findings: list[Statement] = []
    for column in looked_at(context.cohort, options):
        answer = guarded(context, name, Question(outcome, column, where=options.where))
        findings += answer.findings
        found += [
            screened(column, view, trend=options.trend) for view in answer.views if len(view.outcome.rows)
        ]
    return found, findings


def _output(
    context: Context, options: ScreenOptions, variables: Sequence[Screened]
) -> tuple[Output, list[Statement]]:
    first = variables[0].view
    at = _time(options, first.end, context)
    p = adjusted([variable.p for variable in variables], options.adjust)
    p_adjusted = [None if np.isnan(value) else float(value) for value in p]
    rows = dressed(first, rows_from(screen_records(variables, p_adjusted, at)))
    listed: tuple[Fact, ...] = tuple(
        {"name": variable.column, "label": context.cohort.column(variable.column).title}
        for variable in variables
    )
    facts = first.facts() | {
        "by": None,
        "by_label": None,
        "groups": (),
        "variables": listed,
        "at": at.text,
        "adjust": options.adjust,
    }
    known = [variable.p for variable in variables if variable.p is not None]
    said: dict[str, Fact] = {
        "endpoint_label": first.outcome.label,
        "variables": len(known),
        "significant": sum(value < SIGNIFICANT for value in known),
        "significant_adjusted": sum(value is not None and value < SIGNIFICANT for value in p_adjusted),
        "adjust": options.adjust,
        "level": SIGNIFICANT,
        "chance": chance_of_any(len(known)),
    }
    findings = [Statement("screen_multiplicity", said, "warning")] if len(known) > 1 else []
    findings += [_untested(variable, context) for variable in variables if variable.p is None]
    return Output("screen", rows, facts), findings


def _untested(variable: Screened, context: Context) -> Statement:
    """Say why a variable has no P value."""
    facts: dict[str, Fact] = {
        "endpoint_label": variable.view.outcome.label,
        "by_label": context.cohort.column(variable.column).title,
        "variant": "",
    }
    if variable.test is None:
        groups, n = variable.view.groups, len(variable.view.outcome.rows)
        return Statement("fewer_than_two_groups", {**facts, "groups": groups, "n": n}, "warning")
    facts |= {"test": variable.test.name, "reason": variable.test.reason}
    return Statement("test_not_computable", facts, "warning")


def _time(options: ScreenOptions, end: float, context: Context) -> NamedTime:
    """Choose the named time, or the latest usual one within follow-up."""
    clock = context.cohort.clock
    if options.at is not None:
        return named_times([options.at], clock)[0]
    usual = usual_times(clock, end)
    return usual[-1] if usual else NamedTime(f"{end:g} days", end)


def _numbers(cohort: Cohort, options: ScreenOptions) -> list[Statement]:
    """Numbers known at time zero that were not looked at, because nobody declared where to cut them."""
    if options.columns:
        return []
    labels = tuple(
        column.title
        for name, column in cohort.columns.items()
        if column.kind == "number" and known_at_baseline(cohort, name)
    )
    return [Statement("numbers_not_screened", {"variables": labels})] if labels else []


def _has_levels(cohort: Cohort, name: str) -> bool:
    column = cohort.columns[name]
    return column.kind == "yes/no" or len(column.levels) > 1


KIND = Kind(
    name="screen",
    title="Each variable on its own",
    summary="Every variable against an endpoint: patients, events, estimate at a named time by level, and "
    "the P value, also adjusted for the number of variables; all that were tested are shown.",
    options=ScreenOptions,
    check=check,
    run=run,
    outputs=("screen",),
)
