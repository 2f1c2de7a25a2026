"""Groups and scores as derived columns of a study: known when the last of their inputs was known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from remission.cohort.column import Column
from remission.cohort.conditions import Condition
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.recipe import Made, Recipe, Wrong
from remission.core.clock import Clock
from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.suggest import did_you_mean
from remission.rules.answers import codes_of
from remission.rules.declare import MARKS
from remission.rules.diagram import OPEN, Diagram, Leaf
from remission.rules.library import marks_of, protocol, score
from remission.rules.partition import OUTSIDE
from remission.rules.protocol import Protocol
from remission.rules.score import Score
from remission.rules.taken import TYPES, impossible_values, take

Value = TypeVar("Value", str, int | str)


@dataclass(frozen=True, slots=True)
class Library:
    """The protocols and scores of the program, and those in the folder of a study."""

    folder: Path

    def recipe(
        self, name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock
    ) -> Made:
        """Write the recipe of a group or score; `inputs` says which column tells each input."""
        del clock  # limits of time are in the unit of the input, so that they do not move with the clock
        kind = "protocol" if declared.protocol is not None else "score"
        try:
            ready = self.find(declared)
        except InputError as error:
            message, _, meant = str(error).rstrip(".").partition(" Did you mean ")
            hint = f"Did you mean {meant} " if meant else ""
            own = "a file of your own ends in .toml and lies beside the study file"
            repair = f"{hint}`remission protocols` lists them; {own}."
            return None, (Problem(f"derived.{name}.{kind}", message.rstrip("."), repair),)
        except StudyProblems as found:
            return None, tuple(
                Problem(f"derived.{name}.{kind}", f"{each.where}: {each.message}", each.repair)
                for each in found.problems
            )
        problems = tuple(_unmapped(name, declared.inputs, ready))
        made: dict[str, pl.Expr] = {}
        wrong: list[Wrong] = []
        for each, asked in ready.inputs.declared.items():
            column = declared.inputs.get(each, "")
            if not column:
                made[each] = pl.lit(None, dtype=TYPES[asked.kind])
                continue
            where = f"derived.{name}.inputs.{each}"
            taken = take(asked, columns, column, where)
            if isinstance(taken, Problem):
                problems += (taken,)
                continue
            made[each] = taken
            wrong += impossible_values(each, asked, columns[column], taken)
        if problems:
            return None, problems
        inputs = pl.struct([expression.alias(each) for each, expression in made.items()])
        wrong += _contradictions(ready, inputs)
        return _recipe(name, declared, ready, inputs, tuple(wrong)), ()

    def find(self, declared: DerivedDeclaration) -> Protocol | Score:
        """Look up the protocol or score of a derived column.

        Raises
        ------
        InputError, StudyProblems
            If there is none of that name, or its file has faults.
        """
        chosen = {"settings": declared.settings, "confirm": declared.confirm, "folder": self.folder}
        if declared.protocol is not None:
            return protocol(declared.protocol, **chosen)  # type: ignore[arg-type]
        return score(declared.score or "", **chosen)  # type: ignore[arg-type]


def _recipe(
    name: str,
    declared: DerivedDeclaration,
    ready: Protocol | Score,
    inputs: pl.Expr,
    wrong: tuple[Wrong, ...],
) -> Recipe:
    marks = ", ".join(MARKS[mark] for mark in marks_of(ready.declared))
    said = f"by {ready.declared.name}, version {ready.declared.version} ({marks})"
    changed = [f"{each} = {value}" for each, value in ready.declared.changed(declared.settings)]
    notes = (f"{said}{', with ' + ', '.join(changed) if changed else ''}",)
    label = declared.label or ready.declared.title
    if isinstance(ready, Protocol):
        groups = {group: group for group in ready.groups}
        decide = _decider(ready, ready.by_group, groups.get, pl.String())
        ordered = True if declared.ordered is None else declared.ordered
        column = Column(name, "category", label, levels=ready.groups, ordered=ordered)
        return Recipe(column, inputs.map_batches(decide, return_dtype=pl.String()), wrong=wrong, notes=notes)
    total = _decider(
        ready, ready.total, lambda points: points if isinstance(points, int) else None, pl.Float64()
    )
    expression = inputs.map_batches(total, return_dtype=pl.Float64())
    return Recipe(Column(name, "number", label, "points"), expression, wrong=wrong, notes=notes)


def _decider(
    ready: Protocol | Score, diagram: Diagram[Value], read: Callable[[Value], object], dtype: pl.DataType
) -> Callable[[pl.Series], pl.Series]:
    """Make the function from inputs to answers: null where they are open, or there is none."""
    answers: list[object] = [read(part.value) if isinstance(part, Leaf) else None for part in diagram.parts]

    def decide(inputs: pl.Series) -> pl.Series:
        codes = codes_of(ready.inputs, inputs.struct.unnest())
        found = np.where((codes == OUTSIDE).any(axis=1), OPEN, diagram.decide(codes))
        table = pl.Series([*answers, None], dtype=dtype)
        return table.gather(np.where(found == OPEN, len(answers), found)).alias(inputs.name)

    return decide


def _unmapped(name: str, said: Mapping[str, str], ready: Protocol | Score) -> Iterator[Problem]:
    """Inputs that do not exist, and those nobody speaks of."""
    known = ready.inputs.declared
    where = f"derived.{name}.inputs"
    for each in said:
        if each not in known:
            repair = f"It asks for {', '.join(known)}.{did_you_mean(each, known)}"
            yield Problem(where, f'{ready.name} has no input "{each}"', repair)
    silent = [each for each in ready.inputs.partitions if each not in said]
    if silent:
        message = f"{ready.name} also asks for {', '.join(silent)}"
        repair = f'Name the columns: {silent[0]} = "..."; an empty text ("") where it was not recorded.'
        yield Problem(where, message, repair)


def _contradictions(ready: Protocol | Score, inputs: pl.Expr) -> Iterator[Wrong]:
    """Patients in whom a check of the protocol fails."""
    settings = ready.inputs.terms.settings
    chosen = [pl.lit(value).alias(name) for name, value in settings.items() if isinstance(value, bool)]
    for condition, check in zip(ready.inputs.checks, ready.declared.check, strict=True):
        fails = inputs.map_batches(partial(_fails, condition, chosen), return_dtype=pl.Boolean())
        yield Wrong(fails, check.words, check.repair)


def _fails(condition: Condition, chosen: Sequence[pl.Expr], values: pl.Series) -> pl.Series:
    """Whom a check fails, from the inputs of all patients."""
    frame = values.struct.unnest().with_columns(chosen)
    return frame.select((~condition.expression()).alias(values.name))[values.name]
