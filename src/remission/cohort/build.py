"""From declarations and a file to a cohort, with every problem told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from remission.cohort.cells.column import FileRules, TypedColumn, type_column
from remission.cohort.cohort import Cohort, Source
from remission.cohort.column import Baseline, Column, KnownAt, KnownOn
from remission.cohort.declare import (
    ROW_NUMBER,
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.cohort.derive.derive import Derived, derive, making_order
from remission.cohort.derive.recipe import Rulebook, sources
from remission.cohort.include import select
from remission.cohort.known_at import BASELINE, KNOWN_AT_WORDS, read_known_at
from remission.cohort.plan import Wanted, read_clock, unreadable_conditions, wanted_columns
from remission.cohort.reading.read import read_file
from remission.cohort.reading.table import Table, row_with
from remission.cohort.tell import Patients, bad_cells, wrong_rows
from remission.core.clock import Clock
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean


def build_cohort(
    cohort: CohortDeclaration,
    columns: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
    exclude: Sequence[ExcludeDeclaration],
    folder: Path,
    *,
    implied: Mapping[str, ColumnDeclaration] | None = None,
    rulebook: Rulebook | None = None,
) -> tuple[Cohort | None, tuple[Problem, ...]]:
    """Read, type, derive, include and check.

    Parameters
    ----------
    cohort, columns, derived, exclude
        Tables of the study file.
    folder : Path
        Where the study file is; `cohort.file` is relative to it.
    implied : mapping of str to ColumnDeclaration, optional
        Columns that endpoints name and [columns] need not, such as `ColumnDeclaration(kind="time")` for
        "intxsurv"; an entry under [columns] of the same name goes before.
    rulebook : Rulebook, optional
        Who knows the protocols and scores that derived columns name.

    Returns
    -------
    cohort : Cohort or None
        None if there is any problem.
    problems : tuple of Problem
        All of them: about the declarations, and about every cell of every patient who is not left out for
        certain. Ids need be unique among the included rows only.
    """
    result, problems, _ = cohort_so_far(
        cohort, columns, derived, exclude, folder, implied=implied, rulebook=rulebook
    )
    return (None if problems else result), problems


def cohort_so_far(
    cohort: CohortDeclaration,
    columns: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
    exclude: Sequence[ExcludeDeclaration],
    folder: Path,
    *,
    implied: Mapping[str, ColumnDeclaration] | None = None,
    rulebook: Rulebook | None = None,
) -> tuple[Cohort | None, tuple[Problem, ...], frozenset[str]]:
    """Read as `build_cohort` does, but give back what could be read beside the problems.

    With problems, the cohort serves only to check what else the study says: patients named in a problem are
    left out of it, and nothing may be computed from it.

    Returns
    -------
    cohort : Cohort or None
        None if there is no table, or no time zero to count from.
    problems : tuple of Problem
    broken : frozenset of str
        Columns of which something wrong was told: they are absent, or not as they were meant.
    """
    clock, problems = read_clock(cohort)
    wanted, found = wanted_columns(cohort, columns, derived, implied or {})
    problems += found
    (table, found), digest = read_file(
        folder / cohort.file, sheet=cohort.sheet, encoding=cohort.encoding, separator=cohort.separator
    )
    problems += found
    if table is None:
        more = (*unreadable_conditions(cohort, derived), *making_order(derived)[1])
        return None, (*problems, *more), frozenset()
    typed, found, broken = _typed(wanted, table, cohort, clock)
    problems += found
    known, found = _known_columns(typed, cohort, columns, broken)
    problems += found
    entries = _with_baseline(derived, cohort)
    made = derive(
        pl.DataFrame([each.values for each in typed.values()]),
        known,
        entries,
        clock,
        broken=broken,
        rulebook=rulebook,
    )
    ids = made.frame[cohort.id if cohort.id in typed else ROW_NUMBER]
    listed = () if cohort.id in broken else exclude
    chosen = select(made.frame, made.columns, ids, cohort, listed, clock, broken=made.broken)
    patients = Patients(table, ids)
    cells, passed_over = bad_cells(patients, wanted, typed, chosen.settled)
    problems += (*made.problems, *chosen.problems, *cells)
    problems += wrong_rows(patients, made, chosen, cohort.time_zero)
    if cohort.time_zero is not None and (
        cohort.time_zero not in made.columns or made.columns[cohort.time_zero].kind != "date"
    ):
        return None, problems, made.broken
    # Endpoints are still checked in patients of whom only a cell that no endpoint reads is wrong.
    for_endpoints = {cohort.id, cohort.time_zero, *(implied or {})}
    read = {f"{table.file}: {each.in_file}" for each in wanted if each.name in for_endpoints}
    passed = [problem for problem in cells if problem.where not in read]
    told = {name for problem in problems if problem not in passed for name in problem.ids}
    named = ids.is_not_null() & ~ids.is_in(sorted(told))
    kept = made.frame.filter(pl.Series(chosen.included) & (named if problems else True))
    notes = (*table.notes, *_notes(typed, made, kept), *passed_over, *chosen.notes)
    result = Cohort(
        frame=kept,
        columns=_levels_left(made, kept, columns, derived),
        id=ids.name,
        time_zero=cohort.time_zero,
        clock=clock,
        source=Source(table.file, digest, table.frame.height, table.encoding, notes),
        flow=chosen.flow,
        time_zero_label=cohort.time_zero_label,
        derived={name: entries[name] for name in made.order},
        rulebook=rulebook,
    )
    return result, problems, made.broken


def _typed(
    wanted: Sequence[Wanted], table: Table, cohort: CohortDeclaration, clock: Clock
) -> tuple[dict[str, TypedColumn], tuple[Problem, ...], frozenset[str]]:
    """Type every wanted column that the file has; patients without ids go by their row.

    Also returns the names of columns that are absent or whose declaration is wrong.
    """
    rules = FileRules(cohort.missing, cohort.decimal, cohort.dates, cohort.times_in or cohort.unit, clock)
    typed: dict[str, TypedColumn] = {}
    problems: list[Problem] = []
    for each in wanted:
        if each.in_file not in table.frame.columns:
            problems.append(_absent(each, table))
            continue
        typed[each.name] = type_column(
            each.name,
            each.declared,
            table.frame[each.in_file],
            rules,
            label=table.labels.get(each.in_file, ""),
            value_labels=table.value_labels.get(each.in_file),
        )
        problems += typed[each.name].problems
    if cohort.id not in typed:
        rows = pl.Series(ROW_NUMBER, table.rows).cast(pl.String)
        typed = {ROW_NUMBER: TypedColumn(Column(ROW_NUMBER, "text"), rows), **typed}
    broken = {each.name for each in wanted if each.name not in typed or typed[each.name].problems}
    return typed, tuple(problems), frozenset(broken)


def _absent(wanted: Wanted, table: Table) -> Problem:
    hint = did_you_mean(wanted.in_file, table.frame.columns)
    if wanted.where.endswith(".known_at"):
        message = f'"{wanted.in_file}" is neither a time nor a column of {table.file}'
        return Problem(wanted.where, message, f"{KNOWN_AT_WORDS}{hint}")
    repair = f'Correct the name (column = "..." gives the name in the file), or remove it.{hint}'
    row = row_with(table, wanted.in_file)
    if row is not None:
        repair = f"It stands in row {row}: the names of the columns must be row 1; remove what is above them."
    return Problem(wanted.where, f'{table.file} has no column "{wanted.in_file}"', repair)


def _known_columns(
    typed: Mapping[str, TypedColumn],
    cohort: CohortDeclaration,
    declared: Mapping[str, ColumnDeclaration],
    broken: frozenset[str],
) -> tuple[dict[str, Column], tuple[Problem, ...]]:
    """Columns with the time at which each was known."""
    columns = {name: each.column for name, each in typed.items()}
    at_zero = {*cohort.baseline, cohort.time_zero, cohort.id, ROW_NUMBER}
    known: dict[str, Column] = {}
    problems = []
    for name, column in columns.items():
        said = declared[name].known_at if name in declared else None
        when: KnownAt | None = Baseline() if said is None and name in at_zero else None
        if said is not None:
            understood = read_known_at(said, f"columns.{name}.known_at", columns)
            if not isinstance(understood, Problem):
                when = understood
            elif said not in broken:
                problems.append(understood)
        known[name] = replace(column, known_at=when)
    return known, tuple(problems)


def _with_baseline(
    derived: Mapping[str, DerivedDeclaration], cohort: CohortDeclaration
) -> dict[str, DerivedDeclaration]:
    """Derived columns listed in `baseline` are declared known at time zero."""
    return {
        name: entry.model_copy(update={"known_at": BASELINE}) if name in cohort.baseline else entry
        for name, entry in derived.items()
    }


def _notes(typed: Mapping[str, TypedColumn], made: Derived, kept: pl.DataFrame) -> tuple[str, ...]:
    """What was decided while typing; counts only, never ids."""
    notes = [*(note for each in typed.values() for note in each.notes), *made.notes]
    coded = [f"{name} {each.coded_missing}" for name, each in typed.items() if each.coded_missing]
    if coded:
        notes.append(f"Cells with a code for not known: {', '.join(coded)}.")
    for name, column in made.columns.items():
        if column.kind == "yes/no" and isinstance(column.known_at, KnownOn) and name not in made.order:
            undated = int((kept[name] & kept[column.known_at.column].is_null()).sum())
            if undated:
                when = column.known_at.column
                notes.append(f"{name}: yes without {when}, so not known at any landmark: {undated}.")
    return tuple(notes)


def _levels_left(
    made: Derived,
    kept: pl.DataFrame,
    declared: Mapping[str, ColumnDeclaration],
    derived: Mapping[str, DerivedDeclaration],
) -> dict[str, Column]:
    """Levels that were found, not declared, are those of the included patients."""
    used = {part for entry in derived.values() for part in sources(entry)}
    columns = {}
    for name, column in made.columns.items():
        entry = declared.get(name)
        said = entry is not None and (entry.levels or entry.codes)
        columns[name] = column
        if column.kind == "category" and not said and name not in used and name not in made.order:
            present = set(kept[name].unique())
            columns[name] = replace(
                column, levels=tuple(level for level in column.levels if level in present)
            )
    return columns
