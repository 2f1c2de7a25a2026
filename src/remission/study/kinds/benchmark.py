"""`kind = "benchmark"`: a cohort beside published results, and what speaks against comparing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.benchmark_findings import benchmark_findings
from remission.study.kinds.benchmark_matching import concerning, found_results
from remission.study.kinds.benchmark_options import BenchmarkOptions
from remission.study.kinds.benchmark_rows import (
    cohort_rows,
    difference_rows,
    published_rows,
    result_facts,
)
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.curve_findings import curve_findings
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.options import in_unit
from remission.study.kinds.times import days_of, named_times
from remission.study.kinds.views import View
from remission.study.published.results import Published
from remission.study.results import Analysis, Fact, Output, Statement


def check(context: Context, options: BenchmarkOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options and of the published results."""
    results, wrong = found_results(context, options, where)
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *grouping_problems(context.cohort, [options.by] if options.by else [], f"{where}.by"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *where_problems(context.cohort, options.where, f"{where}.where"),
        *wrong,
    ]
    if not options.published and not options.results:
        repair = 'Name trials, published = ["mll10"], or write results = [{ trial = "...", ... }].'
        problems.append(Problem(f"{where}.published", "no published result is named", repair))
    unknown = [name for name in options.means if name not in options.endpoint]
    problems += [
        Problem(f"{where}.means", f'"{name}" is not an endpoint of this analysis', "Name it under endpoint.")
        for name in unknown
    ]
    if not problems:
        problems += _without_results(context, options, results, where)
    return tuple(problems)


def _without_results(
    context: Context, options: BenchmarkOptions, results: Sequence[Published], where: str
) -> list[Problem]:
    """Endpoints that none of the results concerns."""
    problems = []
    for name in options.endpoint:
        if not concerning(context.outcomes[name], results, options, context):
            there = ", ".join(f"{each.endpoint} at {each.time}" for each in dict.fromkeys(results))
            repair = (
                f'Say what it is there, means = {{ {name} = "..." }}, or leave it out. There are: {there}.'
            )
            problems.append(Problem(f"{where}.endpoint", f'no published result is of "{name}"', repair))
    return problems


def run(context: Context, options: BenchmarkOptions, name: str) -> Analysis:
    """Read the cohort at the times of the published results of every endpoint."""
    context = in_unit(context, options.unit)
    results, _ = found_results(context, options, "")
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        outcome = context.outcomes[endpoint]
        answer = guarded(context, name, Question(outcome, options.by, where=options.where))
        findings += answer.findings
        chosen = concerning(outcome, results, options, context)
        for view in answer.views:
            whole = view if view.grouping is None else _together(context, options, name, view)
            made, said, how = _one(context, options, (view, whole), chosen)
            outputs += made
            findings += said
            methods += how
    title = options.title or _title(context, options)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _together(context: Context, options: BenchmarkOptions, name: str, grouped: View) -> View:
    """All patients of a view, without its groups."""
    (whole,) = guarded(context, name, Question(grouped.outcome)).views
    return whole


def _one(
    context: Context, options: BenchmarkOptions, views: tuple[View, View], results: Sequence[Published]
) -> tuple[list[Output], list[Statement], list[Statement]]:
    """One endpoint: rows, curves to draw the points over, and what is to be said."""
    view, whole = views
    times = tuple(dict.fromkeys(result.time for result in results))
    at = named_times(times, view.clock)
    findings = curve_findings(view, at)
    if not len(whole.outcome.rows):
        return [], findings, []
    both = [whole] if view is whole else [whole, view]
    ours = [cohort_rows(each, times) for each in both]
    rows = _joined([*ours, published_rows(view, results)])
    facts: dict[str, Fact] = {
        **view.facts(),
        "by_label": None,
        "grouped_by": view.facts()["by_label"],
        "results": result_facts(results),
        "times": tuple(time.text for time in at),
        "confidence": context.confidence,
    }
    outputs = [Output("benchmark", rows, facts)]
    if options.difference:
        apart = difference_rows(view, _joined(ours), results, on=options.difference_on)
        if apart.height:
            outputs.append(Output("benchmark_difference", apart, {**facts, "scale": options.difference_on}))
    drawn = curve_outputs(whole, at, until=_until(options, whole))
    outputs += [
        replace(each, name=f"benchmark_{each.name}", facts={**each.facts, "results": facts["results"]})
        for each in drawn
        if each.name in ("curves", "at_risk")
    ]
    derived: dict[str, Fact] = {
        "limits": any(each.published == ("standard error",) for each in results),
        "errors": any(each.published == ("limits",) for each in results),
        "difference": options.difference_on if options.difference else None,
        "references": ("newcombe1998", "zou2008") if _recovered(options) else (),
    }
    findings += benchmark_findings(view, results, difference=options.difference)
    return outputs, findings, [*curve_methods([view]), Statement("benchmark_method", derived)]


def _recovered(options: BenchmarkOptions) -> bool:
    return options.difference and options.difference_on == "log-log"


def _joined(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames)


def _until(options: BenchmarkOptions, view: View) -> float | None:
    return days_of(options.until, view.clock)


def _title(context: Context, options: BenchmarkOptions) -> str:
    labels = endpoints_named(context, options.endpoint)
    return f"{labels} beside published results"


KIND = Kind(
    name="benchmark",
    title="Beside published results",
    summary="The cohort beside published results of trials at the same times: a table with sources, a "
    "forest and the published points over the curve, with what speaks against comparing them.",
    options=BenchmarkOptions,
    check=check,
    run=run,
    outputs=("benchmark", "benchmark_difference", "benchmark_curves", "benchmark_at_risk"),
)
