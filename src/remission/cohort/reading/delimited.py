"""Text files: CSV with comma, semicolon, tab or bar."""

from __future__ import annotations

import codecs
import io

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.reading.encoding import as_utf8
from remission.cohort.reading.records import Records, find_records
from remission.cohort.reading.table import Read, Table, header
from remission.core.problems import Problem

_SEPARATORS = {",": ",", ";": ";", "tab": "\t", "|": "|"}
_WORDS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ROWS_FOR_DETECTION = 200


def read_delimited(
    data: bytes, file: str, *, encoding: str | None = None, separator: str | None = None
) -> Read:
    """Read a text file whose first row names the columns. Every cell stays text.

    Rows with too few or too many values are a problem; the others are returned, to be checked as well.

    Parameters
    ----------
    data : bytes
        Contents of the file.
    file : str
        Its name, for problems.
    encoding, separator : str or None
        As declared; recognised when None.

    Returns
    -------
    table : Table or None
        None if nothing can be read.
    problems : tuple of Problem
    """
    text, shown_encoding, problems = as_utf8(data, file, encoding)
    if text is None:
        return None, problems
    text = _newlines(text)
    if not text.strip():
        return None, (
            Problem(file, "the file is empty", "Give a file with a header and one row per patient."),
        )
    mark = _SEPARATORS[separator] if separator else _detect(text)
    records = find_records(text, mark)
    if records.stray_quote is not None:
        row = records.stray_quote + 1
        message = f'row {row} has a quotation mark (") inside a value, or one that is not closed'
        repair = 'Remove it, or put the value in quotation marks and double the one inside: "5"" needle".'
        return None, (Problem(file, message, repair),)
    filled = np.flatnonzero(records.values > 0)
    first = int(filled[0])
    names = _cells(text[records.start[first] : records.end[first]], mark, int(records.values[first])).row(0)
    columns, problems = header(names, file)
    body = filled[1:]
    ragged = body[records.values[body] != len(columns)]
    if len(ragged):
        problems = (*problems, _ragged(records, ragged, len(columns), len(body), file, mark))
    good = body[records.values[body] == len(columns)]
    if not len(body):
        problems = (
            *problems,
            Problem(file, "the file has a header but no rows", "Give one row per patient."),
        )
    if not len(good):
        return None, problems
    frame = _cells(_kept(text, records, good), mark, len(columns))
    if frame.height != len(good):
        message = f"{len(good)} rows were seen but {frame.height} could be read"
        return None, (*problems, Problem(file, message, "Save the file again as CSV UTF-8."))
    notes = [f"Read as {shown_encoding}, values separated by {_WORDS[mark]}."]
    frame.columns = columns
    return Table(file, frame, good + 1, encoding=shown_encoding, notes=tuple(notes)), problems


def _newlines(text: bytes) -> bytes:
    """One newline per line, whichever system wrote the file, and no second byte order mark."""
    while text.startswith(codecs.BOM_UTF8):
        text = text.removeprefix(codecs.BOM_UTF8)
    if b"\r" not in text:
        return text
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _detect(text: bytes) -> str:
    """Find what cuts the first rows into the same number of values, at least two; the most values win."""
    sample = b"\n".join(text.split(b"\n", _ROWS_FOR_DETECTION)[:_ROWS_FOR_DETECTION])
    best, most = ",", (0.0, 0)
    for mark in (",", ";", "\t", "|"):
        counts = find_records(sample, mark).values
        counts = counts[counts > 0]
        if not len(counts) or counts[0] < 2:
            continue
        score = (float(np.mean(counts == counts[0])), int(counts[0]))
        if score > most:
            best, most = mark, score
    return best


def _cells(text: bytes, mark: str, width: int) -> pl.DataFrame:
    """Parse records that all have `width` values."""
    names = [f"column {position}" for position in range(width)]
    return pl.read_csv(
        io.BytesIO(text),
        has_header=False,
        new_columns=names,
        separator=mark,
        infer_schema=False,
        quote_char='"',
    )


def _kept(text: bytes, records: Records, good: NDArray[np.int64]) -> bytes:
    """The bytes of the good records, whole stretches at a time."""
    jumps = np.flatnonzero(np.diff(good) != 1) + 1
    stretches = np.split(good, jumps)
    return b"\n".join(text[records.start[part[0]] : records.end[part[-1]]] for part in stretches)


def _ragged(
    records: Records, ragged: NDArray[np.int64], width: int, rows: int, file: str, mark: str
) -> Problem:
    """Tell which rows have the wrong number of values."""
    counts = np.unique(records.values[ragged])
    if len(ragged) == rows and len(counts) == 1:
        message = f"the header names {width} columns, but every row has {int(counts[0])} values"
        repair = "Name every column in the header (row names need a name too), or correct `separator`."
        return Problem(file, message, repair)
    found = f"{int(counts[0])}" if len(counts) == 1 else f"{int(counts[0])} to {int(counts[-1])}"
    many = "1 row has" if len(ragged) == 1 else f"{len(ragged)} rows have"
    message = f"{many} {found} values where the header names {width} columns"
    repair = f'Correct these rows; a value that holds a {_WORDS[mark]} must stand in quotation marks (").'
    return Problem(file, message, repair, tuple(f"row {index + 1}" for index in ragged.tolist()))
