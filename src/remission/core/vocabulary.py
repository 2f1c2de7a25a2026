"""The one vocabulary of result rows: every table printed or stored has these columns, absent = null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

TEXT = ("analysis", "endpoint", "measure", "scale", "stratum", "group", "versus", "cause", "state")
NUMBERS = ("estimate", "std_error", "low", "high", "confidence", "at_risk", "events", "censored")
COLUMNS: tuple[str, ...] = (
    *TEXT,
    "time",
    "unit",
    *NUMBERS,
    "term",
    "level",
    "statistic",
    "df",
    "p",
    "p_adjusted",
)
_TEXT = {*TEXT, "unit", "term", "level"}


def result_rows(columns: Mapping[str, Sequence[Any] | Any]) -> pl.DataFrame:
    """Make result rows from some of the columns; the others are null, and NaN becomes null.

    Parameters
    ----------
    columns : mapping
        Column name to values (equal lengths) or to one value for all rows.

    Returns
    -------
    polars.DataFrame
        All of `COLUMNS`, in that order; text as String, all else Float64.

    Examples
    --------
    >>> result_rows({"measure": "survival", "time": [1.0, 2.0], "estimate": [0.9, 0.8]}).shape
    (2, 25)
    """
    import numpy as np  # noqa: PLC0415
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    unknown = set(columns) - set(COLUMNS)
    if unknown:
        message = f"not in the result vocabulary: {sorted(unknown)}"
        raise KeyError(message)
    lengths = {len(value) for value in columns.values() if not isinstance(value, str) and np.ndim(value) > 0}
    if len(lengths) > 1:
        message = f"columns of different lengths: {sorted(lengths)}"
        raise ValueError(message)
    size = lengths.pop() if lengths else 1
    series = []
    for name in COLUMNS:
        value = columns.get(name)
        dtype = pl.String() if name in _TEXT else pl.Float64()
        if value is None:
            series.append(pl.Series(name, [None] * size, dtype=dtype))
            continue
        values = [value] * size if isinstance(value, str) or np.ndim(value) == 0 else value
        if name in _TEXT:
            series.append(
                pl.Series(name, [None if item is None else str(item) for item in values], dtype=dtype)
            )
        else:
            series.append(pl.Series(name, np.asarray(values, dtype=float), dtype=dtype, nan_to_null=True))
    return pl.DataFrame(series)


def shown_rows(rows: pl.DataFrame) -> str:
    """Result rows as text: the columns that hold anything, all of them; at most 30 rows.

    Examples
    --------
    >>> print(shown_rows(result_rows({"measure": "survival", "time": [1.0, 2.0], "estimate": [0.9, 0.8]})))
    shape: (2, 3)
    ┌──────────┬──────┬──────────┐
    │ measure  ┆ time ┆ estimate │
    ╞══════════╪══════╪══════════╡
    │ survival ┆ 1.0  ┆ 0.9      │
    │ survival ┆ 2.0  ┆ 0.8      │
    └──────────┴──────┴──────────┘
    """
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    held = [column.name for column in rows if column.null_count() < rows.height]
    with pl.Config(tbl_cols=-1, tbl_rows=30, tbl_width_chars=200, tbl_hide_column_data_types=True):
        return str(rows.select(held))
