"""Excel sheets (.xlsx, .xlsm, .xlsb, .xls, .ods), every cell as text."""

from __future__ import annotations

import fastexcel
import numpy as np
import polars as pl

from remission.cohort.reading.table import Read, Table, header
from remission.core.problems import Problem


def read_excel(data: bytes, file: str, sheet: str | None) -> Read:
    """Read a sheet whose first filled row names the columns. Dates become year-month-day.

    Parameters
    ----------
    data : bytes
        Contents of the file.
    file : str
        Its name, for problems.
    sheet : str or None
        Name of the sheet; may be None when there is one only.

    Returns
    -------
    table : Table or None
    problems : tuple of Problem
    """
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError as error:
        repair = "Open it in Excel and save it again (.xlsx), without a password."
        return None, (
            Problem(file, f"this is no Excel file that can be read ({_first_line(error)})", repair),
        )
    names = book.sheet_names
    listed = ", ".join(f'"{name}"' for name in names)
    if sheet is None and len(names) > 1:
        return None, (
            Problem("cohort.sheet", f"{file} has several sheets", f"Say which: sheet = one of {listed}."),
        )
    if sheet is not None and sheet not in names:
        return None, (Problem("cohort.sheet", f'{file} has no sheet "{sheet}"', f"Its sheets are {listed}."),)
    chosen = names[0] if sheet is None else sheet
    cells = _cells(book, chosen)
    filled = np.empty(0, dtype=np.int64)
    if cells.width:
        filled = np.flatnonzero(~cells.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy())
    if not len(filled):
        return None, (Problem(file, f'the sheet "{chosen}" is empty', "Name the sheet that has the data."),)
    columns, problems = header(cells.row(int(filled[0])), file)
    if len(filled) == 1:
        return None, (
            *problems,
            Problem(file, "the sheet has a header but no rows", "Give one row per patient."),
        )
    body = filled[1:]
    frame = cells[body]
    frame.columns = columns
    unnamed = [name for name in columns if name.startswith("(column ") and frame[name].is_null().all()]
    notes = (f'Read from sheet "{chosen}".',)
    return Table(file, frame.drop(unnamed), body + 1, notes=notes), problems


def _cells(book: fastexcel.ExcelReader, sheet: str) -> pl.DataFrame:
    """All cells as text, row 1 of the sheet first.

    The reader writes numbers with nine decimals only, so those with a fraction are taken from a second
    reading as numbers.
    """
    texts = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
    numbers = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="float").to_polars()
    exact = []
    for name in texts.columns:
        text, number = texts[name].str.strip_chars(), numbers[name]
        text = text.set(text == "", None)
        numeric = text.cast(pl.Float64, strict=False).is_not_null() & number.is_finite()
        fraction = (numeric & (number != number.round(0))).fill_null(value=False)
        exact.append(number.cast(pl.String).zip_with(fraction, text).alias(name) if fraction.any() else text)
    return pl.DataFrame(exact)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
