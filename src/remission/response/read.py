"""Wells from files or frames: long tables, and plates as grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from remission.cohort.reading.read import TEXT, read_file
from remission.core.problems import InputError, Problem, StudyProblems
from remission.response.check import check_wells
from remission.response.columns import ColumnsSaid, match_columns
from remission.response.grid import Block, is_grid, long_table, read_blocks
from remission.response.typed import typed_wells
from remission.response.wells import COLUMNS, Wells
from remission.rules.patients import of_a_command, rows_of

ZERO_DOSE = ("refuse", "control")
BLANKS = ("wells", "subtracted")


def read_wells(
    data: Any,
    *,
    layout: str | Path | None = None,
    columns: ColumnsSaid | None = None,
    zero_dose: str = "refuse",
    blanks: str = "wells",
) -> Wells:
    """Read wells from long tables (one row per well), from plates as grids, or from a data frame.

    A long table has columns for plate, patient, drug, dose, unit, reading and role (blank, control, treated,
    empty), under these or common other names; a grid has blocks of 8 x 12 or 16 x 24 cells. Wells without a
    reading and wells marked as excluded are passed over and counted.

    Parameters
    ----------
    data : str, Path, list of these, data frame (anything narwhals knows) or mapping of columns
        Text, Excel, Parquet or statistical files; grids as text.
    layout : str or Path, optional
        Layout of plates, where the readings stand in a file of their own.
    columns : mapping, optional
        Field = column, or `{"column": ..., "codes": {...}}`, or `{"value": ...}` for all wells.
    zero_dose : "refuse" or "control"
        What a treated well with dose 0 is.
    blanks : "wells" or "subtracted"
        Whether plates have blank wells, or readings are net of background already (also: counts of cells).

    Returns
    -------
    Wells

    Raises
    ------
    StudyProblems
        With every problem of every file, wells and plates named.
    InputError
        If an argument is wrong.

    Examples
    --------
    >>> table = {"plate": ["1"] * 4, "patient": ["A"] * 4,
    ...          "drug": ["blank", "control", "vincristine", "vincristine"],
    ...          "dose": [None, None, 0.05, 5], "unit": ["µg/mL"] * 4, "od": [0.05, 1.05, 0.95, 0.15]}
    >>> read_wells(table)
    Wells(1 plates, 1 patients, 1 drugs: 1 blank, 1 control, 2 treated)
    """
    if zero_dose not in ZERO_DOSE:
        raise InputError(f"zero_dose must be one of {', '.join(ZERO_DOSE)}; it is {zero_dose!r}.")
    if blanks not in BLANKS:
        raise InputError(f"blanks must be one of {', '.join(BLANKS)}; it is {blanks!r}.")
    problems: list[Problem] = []
    found: list[Wells] = []
    for table, file, notes, sources, plate in _tables(data, layout, problems):
        matched = match_columns(table, columns or {}, file)
        wells, faults = typed_wells(matched, sources, file, zero_dose=zero_dose, plate=plate)
        problems += faults
        if wells is not None:
            found.append(Wells(wells.frame, wells.measured, (*notes, *wells.notes)))
    joined = _joined(found, problems)
    if joined is not None:
        problems += check_wells(joined, blanks=blanks)
    if problems or joined is None:
        raise StudyProblems(problems)
    return joined


Source = tuple[pl.DataFrame, str, tuple[str, ...], pl.Series, str]


def _tables(data: Any, layout: str | Path | None, problems: list[Problem]) -> list[Source]:
    """Every table as text, with its file, notes, a name for each row, and the plate it stands for."""
    if isinstance(data, str | Path):
        data = [data]
    if isinstance(data, Sequence) and all(isinstance(each, str | Path) for each in data):
        if not data:
            raise InputError("give one file of wells at least.")
        several = len(data) > 1
        tables = [_file(Path(each), layout, problems, several=several) for each in data]
        return [table for table in tables if table is not None]
    if layout is not None:
        raise InputError("layout belongs to readings in a file; a data frame has a row per well.")
    rows = rows_of(data)
    names = pl.Series("source", [f"row {row}" for row in rows.table.rows], dtype=pl.String)
    return [(rows.table.frame, "the data", (), names, "1")]


def _file(path: Path, layout: str | Path | None, problems: list[Problem], *, several: bool) -> Source | None:
    start = f"{path.name} " if several else ""
    if path.suffix.lower() in TEXT and path.is_file():
        content = path.read_bytes()
        if layout is not None or is_grid(content, path.name):
            return _grid(path, content, layout, problems, several=several)
    elif layout is not None:
        message = "a plate as a grid is read from text only"
        problems.append(Problem(path.name, message, "Save readings and layout as CSV."))
        return None
    (table, faults), _ = read_file(path)
    problems += of_a_command(faults)
    if table is None:
        return None
    names = pl.Series("source", [f"{start}row {row}" for row in table.rows], dtype=pl.String)
    return table.frame, path.name, table.notes, names, path.stem


def _grid(
    path: Path, content: bytes, layout: str | Path | None, problems: list[Problem], *, several: bool
) -> Source | None:
    blocks, faults = read_blocks(content, path.name)
    if layout is not None:
        beside = Path(layout)
        if not beside.is_file():
            problems.append(Problem("layout", f"there is no file {beside.name}", "Correct the path."))
            return None
        more, other = read_blocks(beside.read_bytes(), beside.name, kind="layout")
        if not more and not other:
            repair = "It needs a row 1, 2, ... 12 (or 24) over rows A to H (or P)."
            other.append(Problem(beside.name, "the file holds no plate", repair))
        blocks, faults = [*blocks, *more], [*faults, *other]
    if not blocks and not faults:
        repair = "It needs a row 1, 2, ... 12 (or 24) over rows A to H (or P)."
        faults.append(Problem(path.name, "the file holds no plate", repair))
    problems += faults
    if faults:
        return None
    if len([block for block in blocks if block.kind == "readings"]) == 1 and several:
        blocks = [_named(block, path.stem) if block.kind == "readings" else block for block in blocks]
    table, found = long_table(blocks, path.name)
    problems += found
    if not table.height:
        return None
    sources = table.select(source=pl.format("plate {} {}", "plate", "well"))["source"]
    plates = table["plate"].n_unique()
    notes = (f"Read as grid: {plates} plate{'s' if plates > 1 else ''} of {blocks[0].size} wells.",)
    return table, path.name, notes, sources, path.stem


def _named(block: Block, stem: str) -> Block:
    """A plate without a name is named by its file."""
    return block if block.plate else replace(block, plate=stem)


def _joined(found: Sequence[Wells], problems: list[Problem]) -> Wells | None:
    """Wells of all files in one table."""
    if not found:
        return None
    if len({wells.measured for wells in found}) > 1:
        message = "some files hold signals and others survival"
        problems.append(Problem("files", message, "Read them in two runs."))
        return None
    frame = pl.concat([wells.frame for wells in found]).select(*COLUMNS)
    notes = tuple(dict.fromkeys(note for wells in found for note in wells.notes))
    return Wells(frame, found[0].measured, notes)
