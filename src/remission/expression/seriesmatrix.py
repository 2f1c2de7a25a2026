"""GEO series matrix files: the table between its marks, and the names of the samples."""

from __future__ import annotations

import csv
import io

import polars as pl

from remission.core.problems import InputError
from remission.expression.text import text_table

BEGIN, END = "!series_matrix_table_begin", "!series_matrix_table_end"


def is_series_matrix(text: str) -> bool:
    """Whether a text is a GEO series matrix."""
    return BEGIN in text[:5_000_000] and text.lstrip().startswith("!")


def series_matrix(text: str, file: str, *, names: str = "accession") -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the table of a series matrix.

    Parameters
    ----------
    text : str
    file : str
        For messages.
    names : "accession" or "title"
        What the samples are called: GSM numbers, or the titles their authors gave.

    Returns
    -------
    table : polars.DataFrame
        Text; the first column `ID_REF`.
    notes : tuple of str

    Raises
    ------
    InputError
        If the table is not there, ends too early or has rows of different lengths, or titles are wanted and
        not there or doubled.
    """
    start, end = text.find(BEGIN), text.find(END)
    if start < 0 or end < 0:
        raise InputError("the table of the series matrix is not complete. Download the file again.")
    head = list(csv.reader(io.StringIO(text[:start]), delimiter="\t"))
    body = text[text.index("\n", start) + 1 : end]
    table = text_table(body, "\t", file)
    titles = next((line[1:] for line in head if line and line[0] == "!Sample_title"), [])
    platform = next((line[1] for line in head if len(line) > 1 and line[0] == "!Series_platform_id"), "")
    notes = [f"GEO series matrix, platform {platform}." if platform else "GEO series matrix."]
    if names == "title":
        if len(titles) != len(table.columns) - 1 or len(set(titles)) < len(titles):
            raise InputError('titles of the samples are absent or doubled. Use names = "accession".')
        table = table.rename(dict(zip(table.columns[1:], titles, strict=True)))
        notes.append("Samples go by their titles.")
    return table, tuple(notes)
