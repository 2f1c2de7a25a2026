"""Files and folders that several commands take: mappings of columns, tables and folders to write."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remission.core.atomic import write_atomically
from remission.core.problems import InputError
from remission.core.texts import own_text

if TYPE_CHECKING:
    import polars as pl


def columns_said(path: Path | None, example: str) -> dict[str, Any]:
    """Read what a mapping file says: what is asked for = column, at the top or under [columns]."""
    if path is None:
        return {}
    try:
        said = tomllib.loads(own_text(path, str(path)))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name} cannot be read as TOML: {error}") from error
    under = said.pop("columns", {})
    if not isinstance(under, dict):
        raise InputError(f"{path.name}: write [columns], then one line for each: {example}")
    return {**said, **under}


def refuse_file(out: Path, what: str) -> None:
    """Make sure that no file stands where a folder for `what` should."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file, not a folder. Name a folder for {what} (--out).")


def write_table(frame: pl.DataFrame, out: Path) -> None:
    """Write a table of patients as CSV that no spreadsheet takes for formulas."""
    from remission.study.tables import to_csv  # noqa: PLC0415 - loaded when first needed

    if not out.parent.is_dir():
        raise InputError(f"there is no folder {out.parent}")
    write_atomically(out, to_csv(frame))
