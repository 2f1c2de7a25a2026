"""Rows to be classified, wherever they come from: a file, a cohort, a data frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.cohort.names import role
from remission.cohort.reading.read import read_file
from remission.cohort.reading.table import Table
from remission.core.problems import InputError, Problem, StudyProblems
from remission.core.suggest import did_you_mean

_SHOWN = 5
"""Repeated patients told by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Patients with the columns as they stand in the source.

    Attributes
    ----------
    table : Table
    ids : polars.Series
        Names of patients (String); null where a row has none.
    known : mapping of str to Column
        What a cohort says of its columns; empty for files and frames.
    problems : tuple of Problem
        Patients named in more than one row.
    """

    table: Table
    ids: pl.Series
    known: Mapping[str, Column] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def rows_of(data: Any, *, id: str | None = None, sheet: str | None = None) -> Rows:  # noqa: A002 - the field's word
    """Take patients from a cohort, a file, a data frame (anything narwhals knows) or a mapping of columns.

    Parameters
    ----------
    data : Cohort, str, Path, data frame or mapping
    id : str, optional
        Column that names patients; found by its name unless said, else rows are numbered.
    sheet : str, optional
        Of an Excel file.

    Raises
    ------
    StudyProblems
        If the file cannot be read.
    InputError
        If the data are something else, or there is no such id column.
    """
    if isinstance(data, Cohort):
        table = Table(data.source.name, data.frame, np.arange(1, data.frame.height + 1))
        return Rows(table, data.ids().cast(pl.String), data.columns)
    if isinstance(data, str | Path):
        (read, problems), _ = read_file(Path(data), sheet=sheet)
        if read is None or problems:
            raise StudyProblems(of_a_command(problems))
        table = read
    else:
        frame = _frame(data)
        table = Table("the data", frame, np.arange(1, frame.height + 1))
    ids, column = _ids(table, id)
    return Rows(table, ids, problems=_repeated(table, ids, column))


def _frame(data: Any) -> pl.DataFrame:
    if isinstance(data, pl.DataFrame):
        return data
    if isinstance(data, Mapping):
        return pl.DataFrame(data, strict=False)
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - only for frames of other libraries

    try:
        frame = nw.from_native(data)
    except TypeError as error:
        what = type(data).__name__
        raise InputError(
            f"patients come as a cohort, a file, a data frame or columns, not as {what}"
        ) from error
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return collected.to_polars()


def _ids(table: Table, wanted: str | None) -> tuple[pl.Series, str | None]:
    """Names of the patients, by a column that was asked for, or is named like one and names every row."""
    frame = table.frame
    if wanted is not None and wanted not in frame.columns:
        hint = did_you_mean(wanted, frame.columns)
        raise InputError(f'{table.file} has no column "{wanted}" to name patients.{hint}')
    named = [wanted] if wanted is not None else [name for name in frame.columns if role(name) == "id"]
    for name in named:
        ids = frame[name].cast(pl.String, strict=False)
        if wanted is not None or ids.null_count() == 0:
            return ids.alias("id"), name
    return pl.Series("id", [f"row {row}" for row in table.rows], dtype=pl.String), None


def _repeated(table: Table, ids: pl.Series, column: str | None) -> tuple[Problem, ...]:
    """Patients who stand in several rows: a group or score would be given twice, perhaps differently."""
    twice = ids.is_duplicated() & ids.is_not_null()
    if column is None or not twice.any():
        return ()
    rows: dict[str, list[str]] = {}
    for name, row in zip(ids.filter(twice), table.rows[twice.to_numpy()], strict=True):
        rows.setdefault(name, []).append(str(row))
    listed = "; ".join(f"{name} in rows {', '.join(found)}" for name, found in list(rows.items())[:_SHOWN])
    more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    repair = (
        "Give one row per patient. Where a row is something else (a transplant), name its column by --id."
    )
    return (
        Problem(f"{table.file}: {column}", f"patients stand in more than one row: {listed}{more}", repair),
    )


def of_a_command(problems: tuple[Problem, ...]) -> list[Problem]:
    """Problems of reading, told of the file and not of a key of a study file."""
    return [
        Problem(each.where.removeprefix("cohort.") or "file", each.message, each.repair, each.ids)
        for each in problems
    ]
