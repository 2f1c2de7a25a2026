"""Signs as books print them: `<=` and `>=`, as study files and their levels have them, become ≤ and ≥."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from remission.cohort.cohort import FlowStep
from remission.study.results import Analysis, OtherCohort, Output, Results, Statement

SIGNS = {"<=": "≤", ">=": "≥"}


def with_signs(results: Results) -> Results:
    """Replace the signs everywhere in what is printed; groups are renamed in rows and facts alike."""
    return replace(
        results,
        title=printed(results.title),
        question=printed(results.question),
        flow=_flow(results.flow),
        analyses=tuple(_analysis(analysis) for analysis in results.analyses),
        validation=None if results.validation is None else _other(results.validation),
    )


def _other(cohort: OtherCohort) -> OtherCohort:
    return replace(cohort, label=printed(cohort.label), flow=_flow(cohort.flow))


def _flow(steps: tuple[FlowStep, ...]) -> tuple[FlowStep, ...]:
    return tuple(replace(step, reason=printed(step.reason)) for step in steps)


def printed(value: Any) -> Any:
    """Replace the signs in words, and in the words of lists and records.

    Examples
    --------
    >>> printed("age >= 60"), printed({"groups": ("<= 60", "> 60")})
    ('age ≥ 60', {'groups': ('≤ 60', '> 60')})
    """
    if isinstance(value, str):
        for typed, sign in SIGNS.items():
            value = value.replace(typed, sign)
        return value
    if isinstance(value, Mapping):
        return {printed(key): printed(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return tuple(printed(item) for item in value)
    return value


def _analysis(analysis: Analysis) -> Analysis:
    return replace(
        analysis,
        title=printed(analysis.title),
        cohort=printed(analysis.cohort),
        outputs=tuple(_output(output) for output in analysis.outputs),
        findings=tuple(_statement(statement) for statement in analysis.findings),
        methods=tuple(_statement(statement) for statement in analysis.methods),
    )


def _output(output: Output) -> Output:
    words = pl.col(pl.String).str.replace_many(list(SIGNS), list(SIGNS.values()))
    return replace(output, rows=output.rows.with_columns(words), facts=printed(output.facts))


def _statement(statement: Statement) -> Statement:
    return replace(statement, facts=printed(statement.facts))
