"""A study's tables from TOML text, built into a cohort; what the tests of this folder share."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from remission.cohort.build import build_cohort
from remission.cohort.cohort import Cohort
from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.core.problems import Problem


def attempt(
    text: str, folder: Path, implied: Mapping[str, ColumnDeclaration] | None = None
) -> tuple[Cohort | None, tuple[Problem, ...]]:
    tables = tomllib.loads(text)
    return build_cohort(
        CohortDeclaration(**tables["cohort"]),
        {name: ColumnDeclaration(**entry) for name, entry in tables.get("columns", {}).items()},
        {name: DerivedDeclaration(**entry) for name, entry in tables.get("derived", {}).items()},
        [ExcludeDeclaration(**entry) for entry in tables.get("exclude", [])],
        folder,
        implied=implied,
    )


def build(text: str, folder: Path, implied: Mapping[str, ColumnDeclaration] | None = None) -> Cohort:
    cohort, problems = attempt(text, folder, implied)
    assert cohort is not None, "\n".join(map(str, problems))
    return cohort


def problems_of(text: str, folder: Path, implied: Mapping[str, ColumnDeclaration] | None = None) -> list[str]:
    cohort, problems = attempt(text, folder, implied)
    assert cohort is None
    return [str(problem) for problem in problems]


def with_file(folder: Path, rows: str, name: str = "patients.csv") -> Path:
    """Write a small CSV file and return its folder."""
    (folder / name).write_text(rows, encoding="utf-8")
    return folder
