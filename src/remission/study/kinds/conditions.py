"""`where`: which patients an analysis is about, as conditions in three-valued logic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.conditions.expression import expression
from remission.cohort.conditions.parse import parse
from remission.cohort.conditions.resolve import resolve
from remission.cohort.conditions.tokens import ConditionError
from remission.cohort.conditions.tree import Node, columns
from remission.core.problems import Problem
from remission.study.results import Fact, Statement


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Whether all conditions hold, per row; `unknown`: that cannot be decided (they do not hold)."""

    holds: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def columns_of(conditions: Sequence[str]) -> tuple[str, ...]:
    """Columns that conditions read, each once.

    Raises
    ------
    ConditionError
        If a condition cannot be read.
    """
    return tuple(dict.fromkeys(name for text in conditions for name in columns(parse(text))))


def condition_problems(cohort: Cohort, conditions: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Every fault of every condition, in words."""
    problems: list[Problem] = []
    for text in conditions:
        try:
            node = parse(text)
        except ConditionError as error:
            problems.append(Problem(where, f'in "{text}": {error.message}', error.repair))
            continue
        faults = resolve(node, cohort.columns, cohort.clock)[1]
        problems += [Problem(where, f'in "{text}": {fault.message}', fault.repair) for fault in faults]
    return tuple(problems)


def answers(cohort: Cohort, conditions: Sequence[str], frame: pl.DataFrame | None = None) -> Answers:
    """Decide checked conditions in every row of the cohort, or of `frame` (what was known at a landmark)."""
    frame = cohort.frame if frame is None else frame
    if not conditions:
        return everybody(frame.height)
    nodes: list[Node] = [resolve(parse(text), cohort.columns, cohort.clock)[0] for text in conditions]
    together = pl.all_horizontal([expression(node, cohort.columns) for node in nodes])
    answer = frame.select(together.alias("holds"))["holds"]
    return Answers(
        answer.fill_null(value=False).to_numpy().astype(bool), answer.is_null().to_numpy().astype(bool)
    )


def everybody(size: int) -> Answers:
    """Without conditions everybody stays."""
    return Answers(np.ones(size, dtype=bool), np.zeros(size, dtype=bool))


def selection_findings(conditions: Sequence[str], holding: Answers) -> list[Statement]:
    """Say that the analysis is of some of the patients only, and how many could not be decided."""
    if not conditions:
        return []
    facts: dict[str, Fact] = {
        "conditions": tuple(conditions),
        "n": int(holding.holds.sum()),
        "excluded": int((~holding.holds).sum()),
        "unknown": int(holding.unknown.sum()),
    }
    return [Statement("only_some_patients", facts)]
