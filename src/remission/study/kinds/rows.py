"""From records to result rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from remission.core.vocabulary import COLUMNS, result_rows

Record = Mapping[str, Any]
"""Some columns of the result vocabulary with one value each."""


def rows_from(records: Sequence[Record], **same: Any) -> pl.DataFrame:
    """Make result rows, one per record; `same` are columns with one value for all.

    Raises
    ------
    KeyError
        For a column outside the vocabulary.

    Examples
    --------
    >>> rows = rows_from([{"level": "CR", "estimate": 21}], measure="count")
    >>> rows.select("measure", "level", "estimate").row(0)
    ('count', 'CR', 21.0)
    """
    if not records:
        return result_rows({}).clear()
    used = {name for record in records for name in record}
    unknown = used - set(COLUMNS)
    if unknown:
        message = f"not in the result vocabulary: {sorted(unknown)}"
        raise KeyError(message)
    columns: dict[str, Any] = {name: [_plain(record.get(name)) for record in records] for name in used}
    return result_rows({**columns, **same})


def _plain(value: Any) -> Any:
    """Turn numpy scalars into Python's own, so that text and null may share a column with them."""
    return value.item() if hasattr(value, "item") else value
