"""Tables as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First letters that make a spreadsheet run a cell, or hide that it does."""


def safe_cell(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> safe_cell("=HYPERLINK()"), safe_cell("cord blood")
    ("'=HYPERLINK()", 'cord blood')
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip(" ").startswith(FORMULA) else text


def to_csv(frame: pl.DataFrame) -> bytes:
    r"""Write a table as CSV: UTF-8 with byte order mark (so that Excel reads accents), absent values empty.

    Numbers are written so that reading them gives the same number. Cells and headings of text that a
    spreadsheet would run as a formula get an apostrophe before; Parquet and JSON keep them as they are.

    Parameters
    ----------
    frame : polars.DataFrame

    Returns
    -------
    bytes

    Examples
    --------
    >>> import polars as pl
    >>> to_csv(pl.DataFrame({"group": ["=1+1"], "estimate": [-0.5]})).decode("utf-8-sig")
    "group,estimate\n'=1+1,-0.5\n"
    """
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    text = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    start = r"^ *[=+\-@\t\r\n]"
    safe = frame.with_columns(
        pl.when(pl.col(name).str.contains(start)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in text
    )
    written: str = safe.rename({name: safe_cell(name) for name in frame.columns}).write_csv()
    return b"\xef\xbb\xbf" + written.encode("utf-8")
