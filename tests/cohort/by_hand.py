"""Small cohorts written down by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from remission.cohort.cohort import Cohort, Source
from remission.cohort.column import Column, KnownAt
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.derive import derive
from remission.cohort.endpoints.build import build_outcomes
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.outcome import Outcome
from remission.core.clock import Clock
from remission.core.problems import Problem

_TYPES = {"number": pl.Float64(), "yes/no": pl.Boolean(), "date": pl.Date()}


def cohort_of(
    columns: Mapping[str, Sequence[Any]],
    *,
    time_zero: str | None = None,
    known: Mapping[str, KnownAt] | None = None,
    derived: Mapping[str, dict[str, Any]] | None = None,
    numbers: Sequence[str] = (),
    clock: Clock | None = None,
) -> Cohort:
    """Patients "1", "2"...; a number is a time in days unless named in `numbers`."""
    clock = clock or Clock()
    size = len(next(iter(columns.values())))
    described: dict[str, Column] = {"id": Column("id", "text")}
    series = [pl.Series("id", [str(number) for number in range(1, size + 1)])]
    for name, values in columns.items():
        column = _described(
            name, [value for value in values if value is not None], numbers, (known or {}).get(name)
        )
        cells = [float(value) if column.kind == "number" and value is not None else value for value in values]
        described[name] = column
        series.append(pl.Series(name, cells, _TYPES.get(column.kind, pl.String())))
    declared = {name: DerivedDeclaration.model_validate(entry) for name, entry in (derived or {}).items()}
    made = derive(pl.DataFrame(series), described, declared, clock)
    assert made.problems == ()
    return Cohort(
        made.frame,
        made.columns,
        "id",
        time_zero,
        clock,
        Source("by hand", "", size),
        time_zero_label="transplantation",
        derived={name: declared[name] for name in made.order},
    )


def _described(name: str, values: Sequence[Any], numbers: Sequence[str], known: KnownAt | None) -> Column:
    if any(isinstance(value, bool) for value in values):
        return Column(name, "yes/no", known_at=known)
    if any(isinstance(value, str) for value in values):
        return Column(name, "category", levels=tuple(sorted(set(values))), known_at=known)
    if any(isinstance(value, date) for value in values):
        return Column(name, "date", known_at=known)
    return Column(name, "number", known_at=known, is_time=name not in numbers)


def build(
    cohort: Cohort, endpoints: Mapping[str, dict[str, Any]], **options: Any
) -> tuple[dict[str, Outcome], tuple[Problem, ...]]:
    """Build endpoints from plain dictionaries."""
    declared = {name: EndpointDeclaration.model_validate(entry) for name, entry in endpoints.items()}
    return build_outcomes(cohort, declared, **options)


def good(cohort: Cohort, **endpoints: dict[str, Any]) -> dict[str, Outcome]:
    """Build endpoints that must have no problem."""
    outcomes, problems = build(cohort, endpoints)
    assert problems == (), "\n".join(map(str, problems))
    return outcomes


def bad(cohort: Cohort, **endpoints: dict[str, Any]) -> tuple[Problem, ...]:
    """Build endpoints that must have problems, each of which says how it is mended."""
    _, problems = build(cohort, endpoints)
    assert problems
    assert all(problem.repair for problem in problems)
    return problems


def told(outcome: Outcome) -> list[str]:
    """Each patient of an outcome in words: "1: death at 30"."""
    ids = [int(row) + 1 for row in outcome.rows]
    return [
        f"{number}: {event or 'censored'} at {time:g}"
        for number, time, event in zip(ids, outcome.time, outcome.event, strict=True)
    ]
