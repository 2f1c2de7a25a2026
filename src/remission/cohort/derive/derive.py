"""Derived columns in the order of their making: found, checked, computed."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import polars as pl

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column, KnownAt
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.recipe import Rulebook, sources, write_recipe
from remission.cohort.known_at import latest, read_known_at
from remission.core.clock import Clock
from remission.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Columns and values with the derived ones added.

    Attributes
    ----------
    frame : polars.DataFrame
    columns : mapping of str to Column
    order : tuple of str
        Names of the derived columns in the order of making.
    problems : tuple of Problem
        About the declarations.
    twice : mapping of str to polars.Series
        For each column made of groups, who is in two of them.
    broken : frozenset of str
        Columns that could not be made, or of which something wrong was told already.
    wrong : tuple of (str, str, str, polars.Series)
        Column, message, repair and who is concerned, of everything else that is wrong with patients.
    notes : tuple of str
    """

    frame: pl.DataFrame
    columns: Mapping[str, Column]
    order: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    twice: Mapping[str, pl.Series] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    wrong: tuple[tuple[str, str, str, pl.Series], ...] = ()
    notes: tuple[str, ...] = ()


def derive(
    frame: pl.DataFrame,
    columns: Mapping[str, Column],
    declared: Mapping[str, DerivedDeclaration],
    clock: Clock,
    *,
    broken: AbstractSet[str] = frozenset(),
    rulebook: Rulebook | None = None,
) -> Derived:
    """Make every derived column that can be made, and tell why the others cannot.

    Parameters
    ----------
    frame : polars.DataFrame
        Typed columns.
    columns : mapping of str to Column
        What they are.
    declared : mapping of str to DerivedDeclaration
        In any order; a column may be made of other derived columns.
    clock : Clock
    broken : set of str
        Columns of which something wrong was told already: what is made of them is passed over in silence.
    rulebook : Rulebook, optional
        Who knows protocols and scores.
    """
    order, cycles = making_order(declared)
    known = dict(columns)
    problems = [*cycles, *_clashes(declared, columns)]
    made: list[str] = []
    unsound = {*broken, *(name for name in declared if name not in columns)}
    twice: dict[str, pl.Series] = {}
    wrong: list[tuple[str, str, str, pl.Series]] = []
    notes: list[str] = []
    for name in order:
        entry = declared[name]
        parts = sources(entry)
        if name in columns or not unsound.isdisjoint(parts):
            continue
        recipe, found = write_recipe(name, entry, known, clock, rulebook)
        problems += found
        if recipe is None:
            continue
        unsound.discard(name)
        when = _known_at(name, entry, [known[part].known_at for part in parts], known, clock)
        if isinstance(when, Problem):
            problems.append(when)
            when = None
        frame = frame.with_columns(recipe.expression.alias(name))
        if recipe.twice is not None:
            twice[name] = frame.select(recipe.twice.fill_null(value=False).alias(name))[name]
        for each in recipe.wrong:
            who = frame.select(each.expression.fill_null(value=False).alias(name))[name]
            wrong.append((name, each.message, each.repair, who))
        notes += [f"{name}: {note}." for note in recipe.notes]
        known[name] = replace(recipe.column, known_at=when)
        made.append(name)
    return Derived(
        frame, known, tuple(made), tuple(problems), twice, frozenset(unsound), tuple(wrong), tuple(notes)
    )


def derive_again(cohort: Cohort, frame: pl.DataFrame) -> pl.DataFrame:
    """Make the derived columns of a cohort again, from other values of its columns.

    This is what a landmark needs: a group made of several columns is what these said by then. A derived
    column whose own `known_at` is declared is left as it is.

    Parameters
    ----------
    cohort : Cohort
    frame : polars.DataFrame
        The cohort's columns, some of them changed.

    Returns
    -------
    polars.DataFrame
        The same columns in the same order.
    """
    names = frame.columns
    for name, entry in cohort.derived.items():
        if entry.known_at is not None or name not in names:
            continue
        recipe, _ = write_recipe(name, entry, cohort.columns, cohort.clock, cohort.rulebook)
        if recipe is not None:
            frame = frame.with_columns(recipe.expression.alias(name))
    return frame.select(names)


def making_order(declared: Mapping[str, DerivedDeclaration]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Sort derived columns, each after what it is made of; those made of themselves are problems."""
    order: list[str] = []
    problems: list[Problem] = []
    needs = {name: [part for part in sources(entry) if part in declared] for name, entry in declared.items()}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in order:
            return
        if name in path:
            circle = path[path.index(name) :]
            if circle[0] == min(circle, key=list(declared).index):
                shown = " -> ".join((*circle, name))
                message = (
                    f"these columns are made of each other: {shown}"
                    if len(circle) > 1
                    else "it is made of itself"
                )
                problems.append(Problem(f"derived.{name}", message, "Make one of them of other columns."))
            return
        for part in needs[name]:
            visit(part, (*path, name))
        order.append(name)

    for name in declared:
        visit(name, ())
    circular = {problem.where.removeprefix("derived.") for problem in problems}
    return tuple(name for name in order if name not in circular), tuple(problems)


def _known_at(
    name: str,
    entry: DerivedDeclaration,
    parts: list[KnownAt | None],
    columns: Mapping[str, Column],
    clock: Clock,
) -> KnownAt | Problem | None:
    if entry.known_at is not None:
        return read_known_at(entry.known_at, f"derived.{name}.known_at", columns)
    return latest(parts, clock)


def _clashes(declared: Mapping[str, DerivedDeclaration], columns: Mapping[str, Column]) -> list[Problem]:
    return [
        Problem(
            f"derived.{name}",
            f'"{name}" is also a column of the file',
            "Give the derived column another name.",
        )
        for name in declared
        if name in columns
    ]
