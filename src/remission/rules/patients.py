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
    """

    table: Table
    ids: pl.Series
    known: Mapping[str, Column] = field(default_factory=dict)


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
            raise StudyProblems(_of_a_command(problems))
        table = read
    else:
        frame = _frame(data)
        table = Table("the data", frame, np.arange(1, frame.height + 1))
    return Rows(table, _ids(table, id))


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


def _ids(table: Table, wanted: str | None) -> pl.Series:
    """Names of the patients: a column that was asked for, or is named like one and names every row."""
    frame = table.frame
    if wanted is not None and wanted not in frame.columns:
        hint = did_you_mean(wanted, frame.columns)
        raise InputError(f'{table.file} has no column "{wanted}" to name patients.{hint}')
    named = [wanted] if wanted is not None else [name for name in frame.columns if role(name) == "id"]
    for name in named:
        ids = frame[name].cast(pl.String, strict=False)
        if wanted is not None or (ids.null_count() == 0 and ids.n_unique() == len(ids)):
            return ids.alias("id")
    return pl.Series("id", [f"row {row}" for row in table.rows], dtype=pl.String)


def _of_a_command(problems: tuple[Problem, ...]) -> list[Problem]:
    """Problems of reading, told of the file and not of a key of a study file."""
    return [
        Problem(each.where.removeprefix("cohort.") or "file", each.message, each.repair, each.ids)
        for each in problems
    ]
