"""Cells that cannot be what their column was declared to be, gathered by reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cells.text import distinct

VALUES_SHOWN = 5
VALUES_APART = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """Why values are bad, said of one and of several, and the repair."""

    one: str
    many: str
    repair: str


@dataclass(frozen=True, slots=True, eq=False)
class BadCells:
    """Cells of one column that are bad for one reason; `rows` are positions in the table."""

    message: str
    repair: str
    rows: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A typed column: null where unknown or bad.

    Attributes
    ----------
    values : polars.Series
    bad : tuple of BadCells
    notes : tuple of str
        What was decided, without the column's name.
    levels : tuple of str
        Of a category.
    """

    values: pl.Series
    bad: tuple[BadCells, ...] = ()
    notes: tuple[str, ...] = ()
    levels: tuple[str, ...] = field(default=())


def gather(
    text: pl.Series, bad: pl.Series, reason_of: Callable[[str], Reason], *, apart: bool = False
) -> tuple[BadCells, ...]:
    """Group the bad cells of a column by reason, showing some of the values.

    Parameters
    ----------
    text : polars.Series
        The column as text.
    bad : polars.Series
        Which cells are bad.
    reason_of : callable
        Why a value is bad.
    apart : bool
        Tell every value on its own (the first twenty).
    """
    bad = bad.fill_null(value=False)
    if not bad.any():
        return ()
    groups: dict[tuple[Reason, str], list[str]] = {}
    for index, value in enumerate(distinct(text.filter(bad))):
        key = value if apart and index < VALUES_APART else ""
        groups.setdefault((reason_of(value), key), []).append(value)
    found = []
    for (reason, _), values in groups.items():
        rows = (text.is_in(values) & bad).arg_true().to_numpy().astype(np.int64)
        found.append(BadCells(_message(values, reason), reason.repair, rows))
    return tuple(found)


def _message(values: list[str], reason: Reason) -> str:
    shown = ", ".join(f'"{_short(value)}"' for value in values[:VALUES_SHOWN])
    if len(values) == 1:
        return f"{shown} {reason.one}"
    more = len(values) - VALUES_SHOWN
    return f"{shown}{f' and {more} other values' if more > 0 else ''} {reason.many}"


def _short(value: str, longest: int = 40) -> str:
    return value if len(value) <= longest else f"{value[:longest]}..."
