"""A file by its name: which reader it takes, and what its bytes hash to."""

from __future__ import annotations

import hashlib
from pathlib import Path

from remission.cohort.reading.delimited import read_delimited
from remission.cohort.reading.table import Read, without_blank_rows
from remission.core.problems import Problem
from remission.core.suggest import nearest

TEXT = (".csv", ".tsv", ".txt", ".tab")
EXCEL = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
STATISTICAL = (".sav", ".zsav", ".por", ".dta", ".sas7bdat", ".xpt")
PARQUET = (".parquet",)


def read_file(
    path: Path, *, sheet: str | None = None, encoding: str | None = None, separator: str | None = None
) -> tuple[Read, str]:
    """Read a file of any known kind, and hash its bytes.

    Parameters
    ----------
    path : Path
    sheet : str or None
        Of an Excel file.
    encoding, separator : str or None
        Of a text file.

    Returns
    -------
    read : (Table or None, tuple of Problem)
        The rows that could be read, and what is wrong.
    sha256 : str
        Of the file's bytes; empty when there is no file.
    """
    if not path.is_file():
        return (None, (_absent(path),)), ""
    kind = path.suffix.lower()
    if kind not in (*TEXT, *EXCEL, *STATISTICAL, *PARQUET):
        known = ", ".join((".csv", *EXCEL[:1], ".sav", ".dta", ".sas7bdat", ".xpt", ".parquet"))
        message = (
            f'files named "{kind}" are not known' if kind else "the file has no ending that tells its kind"
        )
        return (None, (Problem("cohort.file", f"{path.name}: {message}", f"Give one of {known}."),)), ""
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    table, problems = _read(path, data, kind, sheet=sheet, encoding=encoding, separator=separator)
    return (None if table is None else without_blank_rows(table), problems), digest


def _read(
    path: Path, data: bytes, kind: str, *, sheet: str | None, encoding: str | None, separator: str | None
) -> Read:
    if kind in TEXT:
        return read_delimited(data, path.name, encoding=encoding, separator=separator)
    if kind in PARQUET:
        from remission.cohort.reading.statistical import read_parquet  # noqa: PLC0415

        return read_parquet(data, path.name)
    if kind in EXCEL:
        from remission.cohort.reading.excel import read_excel  # noqa: PLC0415 - needed for these files only

        return read_excel(data, path.name, sheet)
    from remission.cohort.reading.statistical import read_statistical  # noqa: PLC0415

    return read_statistical(path)


def _absent(path: Path) -> Problem:
    if path.is_dir():
        repair = "Name the file in it that holds the patients."
        return Problem("cohort.file", f'"{path.name}" is a folder, not a file of patients', repair)
    beside = (
        sorted(item.name for item in path.parent.iterdir() if item.is_file()) if path.parent.is_dir() else []
    )
    close = nearest(path.name, beside)
    hint = f' There is "{close}".' if close else ""
    return Problem(
        "cohort.file", f'"{path.name}" is not in {_folder(path)}', f"Correct the name or the folder.{hint}"
    )


def _folder(path: Path) -> str:
    return "this folder" if path.parent == Path() else str(path.parent)
