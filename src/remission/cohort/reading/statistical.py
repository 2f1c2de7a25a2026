"""Files of statistics programs: SPSS, Stata and SAS, with their labels; and Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from remission.cohort.reading.table import Read, Table
from remission.core.problems import Problem


def read_statistical(path: Path) -> Read:
    """Read .sav, .zsav, .por (SPSS), .dta (Stata), .sas7bdat or .xpt (SAS).

    Values that SPSS or Stata call missing are unknown; labels of values become levels where no codes are
    declared.
    """
    import pyreadstat  # noqa: PLC0415 - needed for these files only

    readers: dict[str, Callable[..., tuple[Mapping[str, Any], Any]]] = {
        ".sav": pyreadstat.read_sav,
        ".zsav": pyreadstat.read_sav,
        ".por": pyreadstat.read_por,
        ".dta": pyreadstat.read_dta,
        ".sas7bdat": pyreadstat.read_sas7bdat,
        ".xpt": pyreadstat.read_xport,
    }
    try:
        values, facts = readers[path.suffix.lower()](path, output_format="dict")
    except (pyreadstat.ReadstatError, ValueError, UnicodeDecodeError) as error:
        repair = "Save it again, or as CSV UTF-8."
        return None, (Problem(path.name, f"this file cannot be read ({error})", repair),)
    frame = pl.DataFrame([pl.Series(name, list(column), strict=False) for name, column in values.items()])
    if frame.height == 0:
        return None, (Problem(path.name, "the file has no rows", "Give one row per patient."),)
    labels = {name: label for name, label in facts.column_names_to_labels.items() if label}
    coded = {
        name: {code_text(code): str(label) for code, label in codes.items()}
        for name, codes in facts.variable_value_labels.items()
    }
    notes = (f"Read as a file of {_PROGRAMS[path.suffix.lower()]}.",)
    rows = np.arange(1, frame.height + 1)
    return Table(path.name, frame, rows, labels, coded, notes=notes), ()


def read_parquet(data: bytes, file: str) -> Read:
    """Read a Parquet file."""
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError) as error:
        return None, (Problem(file, f"this is no Parquet file ({error})", "Save it again, or as CSV UTF-8."),)
    if frame.height == 0:
        return None, (Problem(file, "the file has no rows", "Give one row per patient."),)
    return Table(file, frame, np.arange(1, frame.height + 1), notes=("Read as Parquet.",)), ()


def code_text(code: object) -> str:
    """Write a code as it would stand in a text file: 1.0 is "1"."""
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


_PROGRAMS = {
    ".sav": "SPSS",
    ".zsav": "SPSS",
    ".por": "SPSS",
    ".dta": "Stata",
    ".sas7bdat": "SAS",
    ".xpt": "SAS",
}
