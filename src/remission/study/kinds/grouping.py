"""A column as groups: labels in display order and the group of every patient, None where it is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.study.results import Fact, Statement

YES_NO = ("no", "yes")


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Groups of some patients.

    Attributes
    ----------
    column : str
        Name of the column.
    label : str
        For people.
    levels : tuple of str
        Display order; empty ones are kept.
    ordered : bool
        Whether the order means something (trend tests).
    values : array (n,) of object
        One of `levels`, or None where unknown: one per row of the cohort, or per patient after `of`.
    by_conditions : bool
        Groups are made of conditions, so that a patient may belong to none of them.
    """

    column: str
    label: str
    levels: tuple[str, ...]
    ordered: bool
    values: NDArray[np.object_]
    by_conditions: bool = False

    def of(self, rows: NDArray[Any]) -> Grouping:
        """Groups of some rows only (indices or a mask)."""
        return replace(self, values=self.values[rows])

    @property
    def sizes(self) -> dict[str, int]:
        """How many patients are in each group, in display order."""
        return {level: int(np.count_nonzero(self.values == level)) for level in self.levels}

    @property
    def filled(self) -> tuple[str, ...]:
        """Groups that have patients."""
        return tuple(level for level, size in self.sizes.items() if size)

    @property
    def unknown(self) -> int:
        """How many patients have no known group."""
        return sum(value is None for value in self.values)

    def findings(self) -> list[Statement]:
        """Patients of unknown group, and groups without patients."""
        found: list[Statement] = []
        if self.unknown:
            facts: dict[str, Fact] = {
                "column": self.column,
                "label": self.label,
                "n": self.unknown,
                "total": len(self.values),
                "by_conditions": self.by_conditions,
            }
            found.append(Statement("group_unknown", facts))
        empty = tuple(level for level in self.levels if level not in self.filled)
        if empty:
            found.append(
                Statement("groups_empty", {"column": self.column, "label": self.label, "groups": empty})
            )
        return found


def can_group(column: Column) -> bool:
    """Whether the column has levels: a category or a yes/no."""
    return column.kind in ("category", "yes/no")


def levels_of(column: Column) -> tuple[str, ...]:
    """Levels in display order; a yes/no has "no" (the reference) and "yes"."""
    return YES_NO if column.kind == "yes/no" else column.levels


def as_levels(values: Sequence[Any] | pl.Series) -> NDArray[np.object_]:
    """Name the levels: true is "yes", false is "no", null is None."""
    answer = np.empty(len(values), dtype=object)
    answer[:] = [YES_NO[value] if isinstance(value, bool) else value for value in values]
    return answer


def grouping(cohort: Cohort, name: str, values: Sequence[Any] | None = None) -> Grouping:
    """Make groups by a category or yes/no column.

    Parameters
    ----------
    cohort : Cohort
    name : str
        Of the column.
    values : sequence, optional
        To be used instead of the column's own: what was known of it at a landmark, patient by patient.
    """
    column = cohort.column(name)
    named = as_levels(cohort.frame[name] if values is None else values)
    made = cohort.derived.get(name)
    by_conditions = made is not None and made.groups is not None and made.rest is None
    return Grouping(name, column.title, levels_of(column), column.ordered, named, by_conditions)
