"""One endpoint being built: the cohort, what was declared, and where to point when something is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.definition import Definition
from remission.core.problems import Problem

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ask:
    """One endpoint of one cohort; `own` are the keys that it declares itself, not by `same_as`."""

    cohort: Cohort
    name: str
    declaration: EndpointDeclaration
    definition: Definition
    own: frozenset[str]

    @property
    def label(self) -> str:
        """Words for people."""
        if self.declaration.label:
            return self.declaration.label
        grade = self.declaration.grade
        return f"{self.definition.label} {grade}" if grade else self.definition.label

    @property
    def time_zero(self) -> str:
        """What happened at this endpoint's time zero, in words."""
        declared = self.declaration
        if declared.time_zero is None:
            return declared.time_zero_label or self.cohort.time_zero_label
        return declared.time_zero_label or self.cohort.column(declared.time_zero).title

    def problem(self, key: str, message: str, repair: str, rows: Mask | None = None) -> Problem:
        """Point at a key of this endpoint, and at patients when `rows` is given."""
        where = f"endpoints.{self.name}.{key}" if key else f"endpoints.{self.name}"
        ids = () if rows is None else tuple(str(item) for item in self.cohort.ids().filter(pl.Series(rows)))
        return Problem(where, message, repair, ids)
