"""What a laboratory adds to the columns of a cohort: LC50, classes, calls, score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, Column
from remission.core.problems import Problem
from remission.response.cutoffs import CLASSES
from remission.study.laboratory.read import Laboratory

SCORE, GROUP = "signature_score", "signature_group"
Added = tuple[Column, pl.Series]


def column_name(name: str) -> str:
    """Name of a drug as part of the name of a column.

    Examples
    --------
    >>> column_name("6-mercaptopurine"), column_name("L asparaginase")
    ('6-mercaptopurine', 'L_asparaginase')
    """
    return re.sub(r"\s+", "_", name.strip())


def response_columns(laboratory: Laboratory, ids: Sequence[str]) -> tuple[Added, ...]:
    """LC50 (where it is bracketed) and class of every drug, in the order of the cohort."""
    if laboratory.lc50 is None or laboratory.classes is None:
        return ()
    added: list[Added] = []
    classes = laboratory.classes.frame
    for drug in laboratory.drugs:
        rows = laboratory.lc50.filter(pl.col("drug") == drug)
        exact = rows.filter(pl.col("censoring") == "bracketed")
        name, words = column_name(drug), drug[0].upper() + drug[1:]
        unit = str(rows["unit"][0]) if rows.height else ""
        value = _along(ids, dict(exact.select("patient", "lc50").rows()), pl.Float64)
        column = Column(f"{name}_lc50", "number", f"{words} LC50", unit, known_at=Baseline())
        added.append((column, value))
        called = dict(classes.filter(pl.col("drug") == drug).select("patient", "class").rows())
        column = Column(
            f"{name}_class",
            "category",
            f"{words} response of cells",
            levels=CLASSES,
            ordered=True,
            known_at=Baseline(),
        )
        added.append((column, _along(ids, called, pl.String)))
    return tuple(added)


def signature_columns(
    targets: Sequence[str],
    groups: Sequence[str],
    classes: Mapping[str, tuple[str, str]],
    ids: Sequence[str],
    *,
    calls: Mapping[str, Mapping[str, str]] | None = None,
    scores: Mapping[str, float] | None = None,
    group: Mapping[str, str] | None = None,
) -> tuple[Added, ...]:
    """Score, group, and for several targets the call of each; empty before anything was learned.

    Parameters
    ----------
    targets : sequence of str
        What is predicted: drugs, a column, an endpoint.
    groups : sequence of str
        Names of the groups of the score, the lowest first.
    classes : mapping of target to (negative, positive)
        Of the targets that are classes.
    ids : sequence of str
        Patients, in the order of the cohort.
    calls, scores, group : mappings, optional
        By patient.
    """
    added: list[Added] = [
        (
            Column(SCORE, "number", "Signature score", known_at=Baseline()),
            _along(ids, scores or {}, pl.Float64),
        ),
        (
            Column(
                GROUP,
                "category",
                "Signature group",
                levels=tuple(groups),
                ordered=True,
                known_at=Baseline(),
            ),
            _along(ids, group or {}, pl.String),
        ),
    ]
    for target in targets if len(targets) > 1 else ():
        if target not in classes:
            continue
        label = f"{target[0].upper()}{target[1:]}, predicted"
        column = Column(
            f"{column_name(target)}_call", "category", label, levels=classes[target], known_at=Baseline()
        )
        added.append((column, _along(ids, (calls or {}).get(target, {}), pl.String)))
    return tuple(added)


def with_columns(cohort: Cohort, added: Sequence[Added], where: str) -> tuple[Cohort, tuple[Problem, ...]]:
    """Add columns to a cohort; a name that is taken is a problem, and its column is left as it is."""
    taken = [column.name for column, _ in added if column.name in cohort.columns]
    problems = tuple(
        Problem(
            where, f'it would add the column "{name}", which is there already', "Name that one otherwise."
        )
        for name in taken
    )
    return _with([each for each in added if each[0].name not in taken], cohort), problems


def replaced(cohort: Cohort, added: Sequence[Added]) -> Cohort:
    """The same cohort with these columns as they are now."""
    return _with(added, cohort)


def _with(added: Sequence[Added], cohort: Cohort) -> Cohort:
    frame = cohort.frame.with_columns(values.alias(column.name) for column, values in added)
    return replace(
        cohort, frame=frame, columns={**cohort.columns, **{column.name: column for column, _ in added}}
    )


def _along(ids: Sequence[str], found: Mapping[str, object], kind: type[pl.DataType]) -> pl.Series:
    """Values in the order of the cohort; null where there is none."""
    return pl.Series([found.get(one) for one in ids], dtype=kind, strict=False)
