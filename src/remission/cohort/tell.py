"""Problems of rows: bad cells, doubled ids, no time zero, failed checks; each with the patients concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cells.column import TypedColumn
from remission.cohort.derive.derive import Derived
from remission.cohort.include import Selection
from remission.cohort.plan import Wanted
from remission.cohort.reading.table import Table
from remission.core.problems import Problem


class Patients:
    """Names for rows: the patient's id, or the row of the file where there is none."""

    def __init__(self, table: Table, ids: pl.Series) -> None:
        self.file = table.file
        self.rows = table.rows
        self.ids = ids

    def at(self, positions: NDArray[np.int64]) -> tuple[str, ...]:
        """Names of the patients at these positions of the table."""
        named = self.ids[positions].to_list()
        return tuple(
            f"row {row}" if name is None else str(name)
            for name, row in zip(named, self.rows[positions], strict=True)
        )

    def where(self, mask: pl.Series | NDArray[np.bool_]) -> tuple[str, ...]:
        """Names of the patients for whom something is true."""
        return self.at(np.flatnonzero(np.asarray(mask)))


def bad_cells(
    patients: Patients, wanted: Sequence[Wanted], typed: Mapping[str, TypedColumn], settled: NDArray[np.bool_]
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Tell every cell that cannot be what it should, but for patients who are out for certain.

    Returns
    -------
    problems : tuple of Problem
    notes : tuple of str
        How many cells of those left out were passed over.
    """
    problems = []
    passed_over = 0
    for each in wanted:
        for cells in typed[each.name].bad if each.name in typed else ():
            matter = ~settled[cells.rows]
            passed_over += int((~matter).sum())
            if matter.any():
                place = f"{patients.file}: {each.in_file}"
                problems.append(Problem(place, cells.message, cells.repair, patients.at(cells.rows[matter])))
    notes = (f"Unreadable values passed over, of patients left out: {passed_over}.",) if passed_over else ()
    return tuple(problems), notes


def wrong_rows(
    patients: Patients, made: Derived, chosen: Selection, time_zero: str | None
) -> tuple[Problem, ...]:
    """Tell what is wrong with included rows as a whole."""
    included = chosen.included
    problems = [*_doubled(patients, included)]
    if time_zero is not None and time_zero in made.columns and made.columns[time_zero].kind == "date":
        without = included & made.frame[time_zero].is_null().to_numpy()
        if without.any():
            repair = (
                'Complete the dates, or leave these patients out: [[exclude]] ids = [...], reason = "...".'
            )
            place = f"{patients.file}: {time_zero}"
            problems.append(Problem(place, "the time zero is not known", repair, patients.where(without)))
    for name, twice in made.twice.items():
        both = included & twice.to_numpy()
        if both.any():
            repair = "Write the conditions so that nobody fulfils two of them."
            problems.append(
                Problem(f"derived.{name}.groups", "patients are in two groups", repair, patients.where(both))
            )
    for name, message, repair, who in made.wrong:
        concerned = included & who.to_numpy()
        if concerned.any():
            problems.append(Problem(f"derived.{name}", message, repair, patients.where(concerned)))
    for condition, failed in chosen.checks:
        if failed.any():
            repair = 'Correct the data, or leave these patients out: [[exclude]] ids = [...], reason = "...".'
            message = f'"{condition}" does not hold: {condition.words(opposite=True)}'
            problems.append(Problem("cohort.checks", message, repair, patients.where(failed)))
    if not included.any() and not chosen.problems:
        message = "no patient is left"
        problems.append(
            Problem("cohort.include", message, "Look at the conditions, and at the columns they name.")
        )
    return tuple(problems)


def _doubled(patients: Patients, included: NDArray[np.bool_]) -> list[Problem]:
    place = f"{patients.file}: {patients.ids.name}"
    problems = []
    nameless = included & patients.ids.is_null().to_numpy()
    if nameless.any():
        repair = "Give every patient an id."
        problems.append(Problem(place, "the id is empty", repair, patients.where(nameless)))
    names = patients.ids.filter(pl.Series(included)).drop_nulls()
    if names.n_unique() == len(names):
        return problems
    doubled = names.filter(names.is_duplicated()).unique(maintain_order=True).to_list()
    several = "one patient has" if len(doubled) == 1 else f"{len(doubled)} patients have"
    repair = (
        'Keep one row per patient, in the file or by a condition: include = ["transplant_number = 1"]. '
        "([[exclude]] would leave out all rows of an id.)"
    )
    problems.append(Problem(place, f"{several} more than one included row", repair, tuple(map(str, doubled))))
    return problems
