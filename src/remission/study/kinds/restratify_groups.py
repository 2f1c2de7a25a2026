"""The groups of patients by a protocol, with what remains possible where it cannot decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.reading.table import Table
from remission.rules.assignment import OUTSIDE
from remission.rules.library import protocol
from remission.rules.patients import Rows
from remission.rules.stratify import UNDECIDED, stratify_rows
from remission.study.kind import Context
from remission.study.kinds.grouping import grouping

OPEN = "open: "


@dataclass(frozen=True, slots=True, eq=False)
class RiskGroups:
    """Groups of some patients by one protocol or ordered column.

    Attributes
    ----------
    column, label : str
    levels : tuple of str
        Lowest risk first.
    values : array (n,) of object
        One of `levels`, or None where it is not decided.
    placed : array (n,) of object
        The same with words for those not decided: "open: medium or high", "not decided", "outside the
        protocol".
    """

    column: str
    label: str
    levels: tuple[str, ...]
    values: NDArray[np.object_]
    placed: NDArray[np.object_]

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Who has a group."""
        return np.array([value is not None for value in self.values], dtype=bool)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Words for those without a group, in alphabetical order."""
        return tuple(sorted({str(word) for word in self.placed[~self.decided]}))

    def of(self, rows: NDArray[np.int64]) -> RiskGroups:
        """Groups of some rows of the cohort."""
        return replace(self, values=self.values[rows], placed=self.placed[rows])


def risk_groups(context: Context, column: str) -> RiskGroups:
    """Groups of all patients of the cohort by a column.

    Where the column is the group of a protocol, those it cannot decide are told by the groups that remain
    possible (`rules.stratify`).
    """
    grouped = grouping(context.cohort, column)
    possible = _possible(context, column)
    placed = np.array(
        [
            _word(still) if value is None else value
            for value, still in zip(grouped.values, possible, strict=True)
        ],
        dtype=object,
    )
    return RiskGroups(column, grouped.label, grouped.levels, grouped.values, placed)


def _word(possible: str) -> str:
    """Words for a patient without a group."""
    if not possible or possible == OUTSIDE:
        return possible or UNDECIDED
    groups = possible.split(", ")
    return f"{OPEN}{', '.join(groups[:-1])} or {groups[-1]}" if len(groups) > 1 else f"{OPEN}{possible}"


def _possible(context: Context, column: str) -> list[str]:
    """Possible groups of each patient as the protocol lists them; "" where the column is of no protocol."""
    cohort = context.cohort
    declared = cohort.derived.get(column)
    if declared is None or declared.protocol is None:
        return [""] * cohort.frame.height
    ready = protocol(
        declared.protocol, settings=declared.settings, confirm=declared.confirm, folder=context.folder
    )
    said = {name: source for name, source in declared.inputs.items() if source}
    frame = cohort.frame.select(pl.col(source).alias(name) for name, source in said.items())
    known = {name: replace(cohort.column(source), name=name) for name, source in said.items()}
    table = Table(cohort.source.name, frame, np.arange(1, cohort.frame.height + 1))
    found, _ = stratify_rows(Rows(table, cohort.ids().cast(pl.String), known), ready, {})
    outside = pl.when(pl.col("outside") != "").then(pl.lit(OUTSIDE)).otherwise(pl.col("possible"))
    return found.frame.select(outside.alias("still"))["still"].to_list()
