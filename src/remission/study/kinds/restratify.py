"""`kind = "restratify"`: one cohort under two or more protocols, on the same patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import polars as pl

from remission.cohort.outcome import Outcome
from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds import compare
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.compare_options import CompareOptions
from remission.study.kinds.curve_findings import times_of
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.guarded import Question, guarded
from remission.study.kinds.options import in_unit
from remission.study.kinds.restratify_groups import RiskGroups, risk_groups
from remission.study.kinds.restratify_options import RestratifyOptions
from remission.study.kinds.restratify_rows import (
    LEAST,
    discrimination_rows,
    migration_rows,
    ordered_by,
    places,
)
from remission.study.kinds.rows import Record
from remission.study.kinds.views import View, view
from remission.study.results import Analysis, Fact, Output, Statement


def check(context: Context, options: RestratifyOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort, place = context.cohort, f"{where}.by"
    unusable = grouping_problems(cohort, options.by, place)
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *unusable,
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    if len(options.by) < 2:
        repair = 'Name two or more risk columns: by = ["mll10", "interfant06"].'
        problems.append(Problem(place, "one cohort is put under two protocols or more", repair))
    if not unusable:
        problems += [
            Problem(place, f'the levels of "{name}" have no order', f"{_ordering(context, name)}")
            for name in options.by
            if not cohort.column(name).ordered
        ]
    return tuple(problems)


def _ordering(context: Context, name: str) -> str:
    table = "derived" if name in context.cohort.derived else "columns"
    return f"List its levels, lowest risk first, under [{table}.{name}], and say ordered = true."


def run(context: Context, options: RestratifyOptions, name: str) -> Analysis:
    """Cross-tabulate the protocols, then compare how each orders every endpoint."""
    shown = in_unit(context, options.unit)
    everybody = [risk_groups(shown, column) for column in options.by]
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        outcome = shown.outcomes[endpoint]
        answers = [guarded(shown, name, Question(outcome, by, where=options.where)) for by in options.by]
        if any(not answer.views for answer in answers):
            findings += [said for answer in answers for said in answer.findings]
            continue
        whole = view(shown, name, answers[0].views[0].outcome)
        made, said, how = _one(shown, options, whole, [each.of(whole.outcome.rows) for each in everybody])
        # who is in no group is told by its own finding, with what remains possible
        findings += [each for each in answers[0].findings if each.name != "group_unknown"]
        outputs += made
        findings += said
        methods += how
    title = options.title or f"The same patients by {' and by '.join(each.label for each in everybody)}"
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _one(
    context: Context, options: RestratifyOptions, whole: View, groups: Sequence[RiskGroups]
) -> tuple[list[Output], list[Statement], list[Statement]]:
    """One endpoint."""
    at, _ = times_of(whole, options.at)
    last = at[-1] if at else None
    facts: dict[str, Fact] = {**whole.facts(), "confidence": context.confidence}
    outputs = [
        Output("migration", migration_rows(whole, one, other, last), _pair(facts, one, other))
        for one, other in combinations(groups, 2)
    ]
    decided = np.logical_and.reduce([each.decided for each in groups])
    same = whole.outcome.only(decided)
    treated: dict[str, Fact] = {"labels": tuple(each.label for each in groups)}
    findings = [
        _left_out(whole, groups, int(decided.sum())),
        Statement("groups_are_treatments", treated, "warning"),
    ]
    methods = [Statement("restratify_method", {"references": ("harrell1996", "therneau2000")})]
    if not len(same.rows):
        facts = {"endpoint_label": whole.outcome.label, "by_label": None, "variant": ""}
        return outputs, [*findings, Statement("nobody_to_analyse", facts, "warning")], methods
    done = compare.run(
        replace(context, outcomes={**context.outcomes, same.endpoint: same}),
        _compared(options, same.endpoint),
        whole.analysis,
    )
    kept = [each.of(np.flatnonzero(decided)) for each in groups]
    every = [ordered_by(same, each) for each in kept]
    if not np.isnan(every[0].found.estimate):
        rows = discrimination_rows(context, same, every, _tests(done, kept))
        described: tuple[Fact, ...] = tuple(
            {"name": each.column, "label": each.label, "groups": each.levels} for each in groups
        )
        more: dict[str, Fact] = {**facts, "protocols": described, "left_out": len(decided) - len(same.rows)}
        outputs.append(Output("discrimination", _named(rows, whole, same), more))
    return [*outputs, *done.outputs], [*findings, *done.findings], [*methods, *done.methods]


def _pair(facts: dict[str, Fact], one: RiskGroups, other: RiskGroups) -> dict[str, Fact]:
    return {
        **facts,
        "from": one.column,
        "from_label": one.label,
        "from_groups": places(one),
        "from_open": one.undecided,
        "to": other.column,
        "to_label": other.label,
        "to_groups": places(other),
        "to_open": other.undecided,
        "least": LEAST,
    }


def _left_out(whole: View, groups: Sequence[RiskGroups], compared: int) -> Statement:
    """Who has no group by which protocol, with what remains possible, and how many are compared."""
    told: tuple[Fact, ...] = tuple(
        {
            "label": each.label,
            "n": int((~each.decided).sum()),
            "possible": tuple(
                {"group": word, "n": int(np.count_nonzero(each.placed == word))} for word in each.undecided
            ),
        }
        for each in groups
    )
    facts: dict[str, Fact] = {
        "endpoint": whole.outcome.endpoint,
        "endpoint_label": whole.outcome.label,
        "total": len(whole.outcome.rows),
        "compared": compared,
        "protocols": told,
    }
    return Statement("undecided_left_out", facts)


def _tests(done: Analysis, groups: Sequence[RiskGroups]) -> list[Record]:
    """The main test of each protocol; nothing where it could not be done."""
    found = {
        output.facts["by"]: output.rows.row(0, named=True) for output in done.outputs if output.name == "test"
    }
    kept = ("measure", "statistic", "df", "p")
    return [
        {name: found[each.column][name] for name in kept} if each.column in found else {"measure": "log-rank"}
        for each in groups
    ]


def _named(rows: pl.DataFrame, whole: View, outcome: Outcome) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(whole.analysis).alias("analysis"), pl.lit(outcome.endpoint).alias("endpoint")
    )


def _compared(options: RestratifyOptions, endpoint: str) -> CompareOptions:
    return CompareOptions(
        endpoint=(endpoint,),
        by=options.by,
        at=options.at,
        until=options.until,
        pairwise=False,
        unit=options.unit,
    )


KIND = Kind(
    name="restratify",
    title="One cohort under several protocols",
    summary="The same patients by two or more risk protocols: who moves where and what remains open, "
    "events and estimates by group under each, and how well each orders the outcome, with the difference.",
    options=RestratifyOptions,
    check=check,
    run=run,
    outputs=("migration", "discrimination", *compare.KIND.outputs),
)
