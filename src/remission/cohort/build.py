"""From declarations and a file to a cohort, with every problem told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remission.cohort.cohort import Cohort
from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.core.problems import Problem


def build_cohort(
    cohort: CohortDeclaration,
    columns: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
    exclude: Sequence[ExcludeDeclaration],
    folder: Path,
    *,
    implied: Mapping[str, ColumnDeclaration] | None = None,
) -> tuple[Cohort | None, tuple[Problem, ...]]:
    """Read, type, derive, include and check.

    `implied` are columns that endpoints name and [columns] need not, such as `ColumnDeclaration(kind="time")` for
    "intxsurv"; an entry under [columns] of the same name goes before.
    """
    raise NotImplementedError
