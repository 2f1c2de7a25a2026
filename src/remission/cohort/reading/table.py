"""Raw rows of a file, before anything is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.core.problems import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What stood in a file.

    Attributes
    ----------
    file : str
        Its name, for problems.
    frame : polars.DataFrame
        Text where the format is text; the file's own types otherwise. Column names are stripped and unique.
    rows : array of int
        Number of each row in the file: the header of a text file or a sheet is row 1.
    labels : mapping of str to str
        Labels of columns that the file carries (SPSS, Stata, SAS).
    value_labels : mapping of str to (mapping of str to str)
        Labels of values that the file carries, by code.
    encoding : str
        Of a text file.
    notes : tuple of str
        What was decided while reading.
    """

    file: str
    frame: pl.DataFrame
    rows: NDArray[np.int64]
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    encoding: str = ""
    notes: tuple[str, ...] = ()


_FIRST_ROWS = 10
Read = tuple[Table | None, tuple[Problem, ...]]


def header(names: Sequence[str | None], file: str) -> tuple[list[str], tuple[Problem, ...]]:
    """Strip column names and make them unique; a name given twice is a problem."""
    stripped = [" ".join((name or "").replace("\ufeff", "").split()) for name in names]
    seen: dict[str, int] = {}
    unique: list[str] = []
    for position, name in enumerate(stripped, start=1):
        shown = name or f"(column {position})"
        seen[shown] = seen.get(shown, 0) + 1
        unique.append(shown if seen[shown] == 1 else f"{shown} ({seen[shown]})")
    problems = tuple(
        Problem(file, f'{count} columns are named "{name}"', "Give every column a name of its own.")
        for name, count in seen.items()
        if count > 1
    )
    return unique, problems


def row_with(table: Table, name: str) -> int | None:
    """Find the row of a name among the first rows: where a title stands above the header. None if in none."""
    for number, cells in zip(
        table.rows[:_FIRST_ROWS].tolist(), table.frame.head(_FIRST_ROWS).rows(), strict=True
    ):
        if name in (cell.strip() for cell in cells if isinstance(cell, str)):
            return int(number)
    return None


def without_blank_rows(table: Table) -> Table:
    """Leave out rows in which every cell is empty, as below the data of a sheet, and say how many."""
    empty = pl.all_horizontal(
        (pl.col(name).is_null() | (pl.col(name).str.strip_chars() == ""))
        if dtype == pl.String
        else pl.col(name).is_null()
        for name, dtype in table.frame.schema.items()
    )
    blank = table.frame.select(empty.alias("blank"))["blank"].to_numpy()
    if not blank.any():
        return table
    notes = (*table.notes, f"Empty rows passed over: {int(blank.sum())}.")
    return Table(
        table.file,
        table.frame.filter(pl.Series(~blank)),
        table.rows[~blank],
        table.labels,
        table.value_labels,
        table.encoding,
        notes,
    )
