"""Text files as tables of text, compressed or not: letters, separator, and rows of equal length."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import polars as pl

from remission.cohort.reading.encoding import as_utf8
from remission.core.problems import InputError

_SEPARATORS = "\t,;"


def read_text(file: Path) -> str:
    """Read a text file; what is neither UTF-8 nor Japanese is taken as Western.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    """
    if not file.is_file():
        raise InputError(f"there is no file {file.name}. Check the name and the folder.")
    try:
        data = file.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise InputError(f"{file.name} cannot be read ({error}). Copy or download it again.") from error
    text = as_utf8(data, file.name, None)[0]
    if text is not None:
        return text.decode("utf-8")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def separator_of(line: str) -> str:
    """The separator that a line has most of; "" where it has none.

    Examples
    --------
    >>> separator_of("gene;a;b"), separator_of("gene")
    (';', '')
    """
    most = max(_SEPARATORS, key=line.count)
    return most if most in line else ""


def text_table(text: str, separator: str, file: str) -> pl.DataFrame:
    r"""Rows below the first, as text; the first names the columns.

    Raises
    ------
    InputError
        If lines have different numbers of cells.

    Examples
    --------
    >>> text_table("gene,a\nMCL1,7.1", ",", "m.csv").rows()
    [('MCL1', '7.1')]
    """
    try:
        return pl.read_csv(
            io.StringIO(text), separator=separator, infer_schema=False, truncate_ragged_lines=False
        )
    except (pl.exceptions.PolarsError, ValueError) as error:
        message = str(error).splitlines()[0] if str(error) else "it is no table"
        raise InputError(
            f"{file} cannot be read as a table ({message}). All lines must have as many cells."
        ) from error
