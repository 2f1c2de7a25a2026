"""Rows of Table 1: one column of the cohort, described in all patients and in every group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.study.kinds.category_tests import independence_test
from remission.study.kinds.grouping import Grouping, as_levels, levels_of
from remission.study.kinds.rank_tests import rank_test
from remission.study.kinds.rows import Record
from remission.study.kinds.standardised_difference import largest_categorical_smd, largest_numeric_smd
from remission.study.results import Fact, Statement

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
MUCH_MISSING = 10.0
QUARTILES = {"median": 0.5, "q1": 0.25, "q3": 0.75, "min": 0.0, "max": 1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Who is described: rows of the cohort, and their groups (None: not grouped)."""

    rows: NDArray[np.int64]
    grouping: Grouping | None

    def parts(self) -> list[tuple[str | None, Mask]]:
        """Everybody (group None) and each group, as masks over `rows`."""
        everybody: list[tuple[str | None, Mask]] = [(None, np.ones(len(self.rows), dtype=bool))]
        if self.grouping is None:
            return everybody
        values = self.grouping.values
        return everybody + [(level, np.asarray(values == level)) for level in self.grouping.levels]

    def facts(self) -> dict[str, Fact]:
        """What every table of these patients says of them."""
        grouped = self.grouping
        return {
            "by": None if grouped is None else grouped.column,
            "by_label": None if grouped is None else grouped.label,
            "groups": () if grouped is None else grouped.levels,
            "sizes": {} if grouped is None else grouped.sizes,
            "total": len(self.rows),
        }

    def groups(self) -> list[Mask]:
        """Masks of the groups that have anybody."""
        return [mask for level, mask in self.parts() if level is not None and mask.any()]


def much_missing(missing: Sequence[tuple[str, int]], total: int) -> list[Statement]:
    """Name what is not known of 10 % of the patients or more; `missing` is label and number."""
    much: tuple[Fact, ...] = tuple(
        {"label": label, "missing": number, "percent": 100.0 * number / total}
        for label, number in missing
        if total and 100.0 * number / total >= MUCH_MISSING
    )
    facts: dict[str, Fact] = {"variables": much, "total": total, "from": MUCH_MISSING}
    return [Statement("much_missing", facts)] if much else []


def can_describe(column: Column) -> bool:
    """Whether Table 1 knows how: numbers (times too), categories and yes/no, but not dates and free text."""
    return column.kind in ("number", "category", "yes/no")


def describe(cohort: Cohort, name: str, patients: Patients) -> list[Record]:
    """Count a category with percentages, or give median, quartiles and range of a number; and the missing.

    Percentages are of the known; quartiles interpolate linearly (R's type 7). Times
    are shown in the cohort's unit.
    """
    column = cohort.column(name)
    known = cohort.frame[name].gather(patients.rows).is_not_null().to_numpy()
    records: list[Record] = []
    for group, mask in patients.parts():
        if column.kind == "number":
            described = _number(numbers(cohort, column, patients.rows)[mask & known])
        else:
            described = counted(levels_of(column), _words(cohort, name, patients.rows)[mask & known])
        missing = {"measure": "missing", "estimate": int(np.count_nonzero(mask & ~known))}
        records += [{"term": name, "group": group, **record} for record in (*described, missing)]
    return records


def compare(cohort: Cohort, name: str, patients: Patients, *, seed: int) -> list[Record]:
    """Test the groups against each other as fits the column's kind; nothing when they cannot be compared."""
    column = cohort.column(name)
    if column.kind == "number":
        ranked = rank_test(_number_groups(cohort, column, patients))
        result = None if ranked is None else asdict(ranked)
    else:
        tested = independence_test(_counts(cohort, column, patients), seed=seed)
        result = None if tested is None else asdict(tested)
    if result is None:
        return []
    return [{"term": name, "measure": "test", "scale": result.pop("name"), **result}]


def distance(cohort: Cohort, name: str, patients: Patients) -> Record:
    """Find the largest standardised difference between two groups (null where undefined)."""
    column = cohort.column(name)
    if column.kind == "number":
        value = largest_numeric_smd(_number_groups(cohort, column, patients))
    else:
        value = largest_categorical_smd(_counts(cohort, column, patients))
    return {"term": name, "measure": "smd", "estimate": value}


def numbers(cohort: Cohort, column: Column, rows: NDArray[np.int64]) -> Floats:
    """Values of a number, NaN where unknown; times in the cohort's unit."""
    values = np.asarray(cohort.frame[column.name].cast(pl.Float64).gather(rows).to_numpy(), dtype=float)
    return values / cohort.clock.days_in(cohort.clock.unit) if column.is_time else values


def _number(values: Floats) -> list[Record]:
    if not len(values):
        return [{"measure": measure, "estimate": None} for measure in QUARTILES]
    cuts = np.quantile(values, list(QUARTILES.values()))
    return [
        {"measure": measure, "estimate": float(cut)} for measure, cut in zip(QUARTILES, cuts, strict=True)
    ]


def counted(levels: Sequence[str], values: NDArray[np.object_]) -> list[Record]:
    """Count each level, and its percentage of all values (null without values)."""
    records: list[Record] = []
    for level in levels:
        count = int(np.count_nonzero(values == level))
        share = 100.0 * count / len(values) if len(values) else None
        records += [
            {"level": level, "measure": "count", "estimate": count},
            {"level": level, "measure": "percent", "estimate": share},
        ]
    return records


def _words(cohort: Cohort, name: str, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    return as_levels(cohort.frame[name].gather(rows))


def _number_groups(cohort: Cohort, column: Column, patients: Patients) -> list[Floats]:
    """Known values of every group that has anybody."""
    values = numbers(cohort, column, patients.rows)
    return [values[mask & ~np.isnan(values)] for mask in patients.groups()]


def _counts(cohort: Cohort, column: Column, patients: Patients) -> Floats:
    """Levels by groups (those that have anybody)."""
    values, groups, levels = _words(cohort, column.name, patients.rows), patients.groups(), levels_of(column)
    counts = [[np.count_nonzero(mask & (values == level)) for mask in groups] for level in levels]
    return np.array(counts, dtype=float).reshape(len(levels), len(groups))
