"""Who is in: listed patients out first, then the conditions in order, everybody counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cells.text import code_key
from remission.cohort.cohort import FlowStep
from remission.cohort.column import Baseline, Column
from remission.cohort.conditions import Condition, read_condition
from remission.cohort.declare import CohortDeclaration, ExcludeDeclaration
from remission.cohort.plan import all_conditions
from remission.core.clock import Clock
from remission.core.problems import Problem

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows chosen.

    Attributes
    ----------
    included : array of bool
    settled : array of bool
        Rows that are out for certain, whatever their unreadable cells may hold.
    flow : tuple of FlowStep
    checks : tuple of (Condition, array of bool)
        Conditions that must hold, and the included rows in which they do not.
    problems : tuple of Problem
    notes : tuple of str
    """

    included: Mask
    settled: Mask
    flow: tuple[FlowStep, ...]
    checks: tuple[tuple[Condition, Mask], ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def select(
    frame: pl.DataFrame,
    columns: Mapping[str, Column],
    ids: pl.Series,
    cohort: CohortDeclaration,
    exclude: Sequence[ExcludeDeclaration],
    clock: Clock,
    *,
    broken: AbstractSet[str] = frozenset(),
) -> Selection:
    """Apply [[exclude]], then `include`, then `exclude` conditions, then find violated `checks`.

    Parameters
    ----------
    frame : polars.DataFrame
        Typed, derived columns included.
    columns : mapping of str to Column
    ids : polars.Series
        Names of patients.
    cohort : CohortDeclaration
    exclude : sequence of ExcludeDeclaration
    clock : Clock
    broken : set of str
        Columns of which something wrong was told already.
    """
    included, flow, problems = _without_listed(ids, exclude)
    settled = ~included
    notes: list[str] = []
    checks: list[tuple[Condition, Mask]] = []
    for key, text, reason in all_conditions(cohort):
        where = f"cohort.{key}"
        condition, found = read_condition(text, columns, clock, where, broken=broken)
        problems += found
        if condition is None:
            continue
        if key != "checks":
            problems += _too_late(condition, columns, where)
        answer = frame.select(condition.expression().alias("answer"))["answer"]
        yes, no = _is(answer, value=True), _is(answer, value=False)
        if key == "checks":
            checks.append((condition, no))
            continue
        out = no if key == "include" else yes
        unknown = included & ~yes & ~no
        leaving = included & (out | unknown if key == "include" else out)
        counted = int(unknown.sum()) if key == "include" else 0
        if key == "exclude" and unknown.any():
            notes.append(f'Kept although "{condition}" cannot be decided: {int(unknown.sum())}.')
        included = included & ~leaving
        settled = settled | out
        said = reason or condition.words(opposite=key == "include")
        flow.append(FlowStep(said, int(leaving.sum()), int(included.sum()), counted))
    violated = tuple((condition, included & failed) for condition, failed in checks)
    return Selection(included, settled, tuple(flow), violated, tuple(problems), tuple(notes))


def _without_listed(
    ids: pl.Series, exclude: Sequence[ExcludeDeclaration]
) -> tuple[Mask, list[FlowStep], list[Problem]]:
    """Leave out listed patients, each counted under the first reason that names it."""
    keys = {code_key(name): name for name in ids.drop_nulls().unique()} if exclude else {}
    included = np.ones(len(ids), dtype=bool)
    flow, problems = [], []
    for index, entry in enumerate(exclude):
        named = {str(each).strip(): keys.get(code_key(each)) for each in entry.ids}
        absent = [each for each, name in named.items() if name is None]
        if absent:
            some = "this patient is" if len(absent) == 1 else "these patients are"
            repair = "Correct the ids: they must be written as in the id column."
            problems.append(Problem(f"exclude.{index}.ids", f"{some} not in the file", repair, tuple(absent)))
        leaving = included & _is(ids.is_in([name for name in named.values() if name is not None]), value=True)
        included = included & ~leaving
        flow.append(FlowStep(entry.reason, int(leaving.sum()), int(included.sum())))
    return included, flow, problems


def _too_late(condition: Condition, columns: Mapping[str, Column], where: str) -> list[Problem]:
    """Nobody may be chosen by what was not known at time zero: that is guarantee-time bias."""
    problems = []
    for name in condition.columns:
        known_at = columns[name].known_at
        if known_at is None:
            message = f'"{condition}" chooses patients by "{name}", and nobody says when that was known'
            repair = f'List "{name}" in [cohort] baseline, or say known_at under [columns.{name}].'
            problems.append(Problem(where, message, repair))
        elif not isinstance(known_at, Baseline):
            message = f'"{condition}" chooses patients by "{name}", which was known only {known_at}'
            repair = (
                "Choose patients by what was known at time zero; for what came later use an analysis with a "
                "landmark, which keeps those who had come so far."
            )
            problems.append(Problem(where, message, repair))
    return problems


def _is(answer: pl.Series, *, value: bool) -> Mask:
    found: Mask = (answer == value).fill_null(value=False).to_numpy()
    return found
