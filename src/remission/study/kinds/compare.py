"""`kind = "compare"`: whether and by how much groups differ, with the guard before it."""

from __future__ import annotations

from dataclasses import dataclass, field

from remission.core.clock import parse_duration
from remission.core.problems import Problem
from remission.core.wording import listing
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    late_entry_problems,
    remedies_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.compare_options import CompareOptions
from remission.study.kinds.comparison_findings import comparison_findings
from remission.study.kinds.comparison_methods import comparison_methods
from remission.study.kinds.curve_findings import common_times, curve_findings, times_of
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.differences import difference_output, mean_output
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.guarded import Answer, Question, guarded
from remission.study.kinds.landmark_methods import landmark_methods
from remission.study.kinds.multiplicity import multiplicity
from remission.study.kinds.naive import naive_findings
from remission.study.kinds.options import in_unit
from remission.study.kinds.side_by_side import Side, side_by_side, side_of
from remission.study.kinds.status_findings import status_findings, status_methods
from remission.study.kinds.statuses import Statuses, status_outputs, status_tests, statuses
from remission.study.kinds.testing import Comparison, compared, comparison_outputs
from remission.study.kinds.times import NamedTime, days_of, named_times
from remission.study.kinds.views import View
from remission.study.results import Analysis, Output, Statement


@dataclass(slots=True)
class _Done:
    """What the comparisons have given so far."""

    outputs: list[Output] = field(default_factory=list)
    findings: list[Statement] = field(default_factory=list)
    methods: list[Statement] = field(default_factory=list)
    tests: list[Comparison] = field(default_factory=list)


def check(context: Context, options: CompareOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *grouping_problems(cohort, options.by, f"{where}.by"),
        *grouping_problems(cohort, [options.stratum] if options.stratum else [], f"{where}.stratum"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *time_problems(
            [options.restricted_mean] if options.restricted_mean else [], f"{where}.restricted_mean"
        ),
        *time_problems([options.start] if options.start else [], f"{where}.start"),
        *remedies_problems(options.landmark, options.remedy, where),
        *[
            problem
            for landmark in options.landmark
            for problem in late_entry_problems(context, options.endpoint, landmark, f"{where}.landmark")
        ],
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    if not options.by:
        repair = "Name one or more columns."
        problems.append(Problem(f"{where}.by", "no column is named to compare by", repair))
    if options.stratum in options.by:
        repair = "Compare by one column, within the levels of another."
        problems.append(Problem(f"{where}.stratum", f'"{options.stratum}" is both group and stratum', repair))
    return tuple(problems)


def run(context: Context, options: CompareOptions, name: str) -> Analysis:
    """Compare the groups of every column on every endpoint; what the guard refuses is withheld."""
    context = in_unit(context, options.unit)
    done = _Done()
    for endpoint in options.endpoint:
        for by in options.by:
            _compare(context, options, name, (endpoint, by), done)
    done.findings += multiplicity([tests.p for tests in done.tests])
    return Analysis(
        name,
        KIND.name,
        _title(context, options),
        tuple(done.outputs),
        tuple(unique(done.findings)),
        tuple(unique(done.methods)),
    )


def _compare(
    context: Context, options: CompareOptions, name: str, question: tuple[str, str], done: _Done
) -> None:
    """Compare the groups of one column on one endpoint."""
    endpoint, by = question
    outcome = context.outcomes[endpoint]
    landmarks = tuple(parse_duration(landmark) for landmark in options.landmark)
    asked = Question(
        outcome, by, options.stratum, options.where, landmarks, options.remedy, naive=options.naive
    )
    answer = guarded(context, name, asked)
    done.findings += answer.findings
    p: dict[str, float | None] = {}
    sides: list[Side] = []
    for view in answer.views:
        tests = _one_view(options, view, done)
        if tests is not None:
            p.setdefault(view.variant, tests.p)
            done.tests += [] if view.variant == "naive" else [tests]
        sides += [side_of(view, tests)] if answer.refused else []
    sides += _moving(context, options, name, asked, answer, done)
    if sides:
        # the naive answer first: the others say what is wrong with it
        together = side_by_side(answer, sorted(sides, key=lambda side: side.analysis != "naive"))
        done.outputs += together.outputs
        done.findings += together.findings
        done.methods += together.methods
    done.findings += naive_findings(answer, common_times(answer.views, options.at), p)


def _moving(
    context: Context, options: CompareOptions, name: str, asked: Question, answer: Answer, done: _Done
) -> list[Side]:
    """Remedies in which patients enter a group on the day it is known."""
    sides: list[Side] = []
    known_at = answer.refused[0].known_at if answer.refused else ""
    for remedy in answer.remedies:
        found = statuses(context, name, asked, remedy, known_at)
        if found is None:
            facts = {"endpoint_label": asked.outcome.label, "by_label": None, "variant": remedy}
            done.findings.append(Statement("nobody_to_analyse", facts, "warning"))
            continue
        tests = _one_status(options, found, done)
        done.tests += [] if tests is None else [tests]
        sides.append(Side(found.view, tests, found.rows))
    return sides


def _one_status(options: CompareOptions, found: Statuses, done: _Done) -> Comparison | None:
    """Draw and test groups that patients move between."""
    at, _ = times_of(found.view, options.at)
    until, clock = days_of(options.until, found.view.clock), found.view.clock
    start = None if options.start is None else named_times([options.start], clock)[0]
    tests = status_tests(found, rho=options.rho, adjust=options.adjust, pairs=options.pairwise)
    done.outputs += status_outputs(found, tests, at, start=start, until=until)
    done.findings += [*found.findings, *status_findings(found, tests, at)]
    done.methods += status_methods(found, tests, start)
    return tests


def _one_view(options: CompareOptions, view: View, done: _Done) -> Comparison | None:
    """Draw, test and measure one view; what a naive one lacks is explained elsewhere, once."""
    at, early = times_of(view, options.at)
    until = days_of(options.until, view.clock)
    if view.variant != "naive":
        done.findings += [*early, *curve_findings(view, at, until=until)]
    if not len(view.outcome.rows):
        return None
    tests = compared(view, rho=options.rho, adjust=options.adjust, pairs=options.pairwise)
    shown = {} if tests is None else {"p_text_test": tests.main.name, "p": tests.p}
    outputs = curve_outputs(view, at, until=until, shown=shown)
    if tests is not None:
        outputs += comparison_outputs(view, tests)
    difference = difference_output(view, at)
    means, told = mean_output(view, _mean_until(options, view))
    outputs += [output for output in (difference, means) if output is not None]
    done.outputs += outputs
    if view.variant != "naive":
        done.findings += [*told, *comparison_findings(view, tests, difference)]
    done.methods += [
        *curve_methods([view]),
        *comparison_methods(view, tests, outputs, rho=options.rho),
        *landmark_methods([view]),
    ]
    return tests


def _mean_until(options: CompareOptions, view: View) -> NamedTime | None:
    if options.restricted_mean is None:
        return None
    return named_times([options.restricted_mean], view.clock)[0]


def _title(context: Context, options: CompareOptions) -> str:
    endpoints = endpoints_named(context, options.endpoint)
    columns = listing([context.cohort.column(name).title for name in options.by])
    return options.title or f"{endpoints} by {columns}"


KIND = Kind(
    name="compare",
    title="Comparison of groups",
    summary="Curves by group with log-rank or Gray's test, trend, pairs, and differences with limits; groups "
    "known only later are withheld, and compared from landmarks, as time-dependent, or from the day they "
    "are known.",
    options=CompareOptions,
    check=check,
    run=run,
    outputs=(
        "curves",
        "at_risk",
        "estimates",
        "medians",
        "test",
        "pairwise",
        "difference",
        "restricted_means",
        "model",
        "side_by_side",
    ),
)
