"""Columns as they were known on a day: what was recorded later has not happened yet."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownOn
from remission.cohort.derive.derive import derive_again
from remission.cohort.derive.recipe import sources
from remission.core.clock import A_MOMENT
from remission.core.problems import InputError


def made_of(cohort: Cohort, column: str) -> tuple[str, ...]:
    """Columns, not themselves made of others, that a column is made of; itself when it is not derived.

    A derived column with a `known_at` of its own stands for itself.

    Raises
    ------
    InputError
        If the cohort has no such column.
    """
    cohort.column(column)
    entry = cohort.derived.get(column)
    if entry is None or entry.known_at is not None:
        return (column,)
    return tuple(dict.fromkeys(leaf for part in sources(entry) for leaf in made_of(cohort, part)))


def as_known(
    cohort: Cohort,
    rows: NDArray[np.int64],
    day: NDArray[np.float64],
    columns: Iterable[str] | None = None,
) -> pl.DataFrame:
    """Show columns as they were known on a day.

    Parameters
    ----------
    cohort : Cohort
    rows : array (n,) of int
        Rows of its frame.
    day : array (n,)
        In days from the cohort's time zero, patient by patient.
    columns : iterable of str, optional
        Which columns; all unless said.

    Returns
    -------
    polars.DataFrame
        n rows. A yes/no with a date is no before the date and yes from that day on (the date is read only
        where the answer is yes; a yes without its date is unknown). Other columns with a date are unknown
        before it, as are columns known a fixed time after time zero before that time has come. A column known
        "after" is unknown at any time, and so is one of which nobody declared when it was known. Derived
        columns are made again from what their sources were by then.
    """
    wanted = list(cohort.columns if columns is None else dict.fromkeys(columns))
    parts = dict.fromkeys(part for name in wanted for part in _needed(cohort, name))
    shown = [_as_known(cohort, name, rows, day) for name in parts]
    return derive_again(cohort, pl.DataFrame(shown)).select(wanted)


def _needed(cohort: Cohort, name: str) -> tuple[str, ...]:
    """List the column and every column on the way to what it is made of."""
    cohort.column(name)
    entry = cohort.derived.get(name)
    if entry is None or entry.known_at is not None:
        return (name,)
    return (*(part for source in sources(entry) for part in _needed(cohort, source)), name)


def _as_known(cohort: Cohort, name: str, rows: NDArray[np.int64], day: NDArray[np.float64]) -> pl.Series:
    """One column, not made of others, as known on the day."""
    column, values = cohort.columns[name], cohort.frame[name].gather(rows)
    match column.known_at:
        case Baseline():
            known = pl.Series(day >= -A_MOMENT)
        case KnownAfter(duration):
            known = pl.Series(day >= cohort.clock.days(duration) - A_MOMENT)
        case KnownOn(when):
            known = _by(cohort, when, rows, day)
        case _:
            known = pl.Series(np.zeros(len(rows), dtype=bool))
    value, come = pl.col("value"), pl.col("known")
    shown: pl.Expr = pl.when(come).then(value)
    if column.kind == "yes/no" and isinstance(column.known_at, KnownOn):
        shown = pl.when(value).then(come).otherwise(value)
    return pl.DataFrame({"value": values, "known": known}).select(shown.alias(name))[name]


def _by(cohort: Cohort, when: str, rows: NDArray[np.int64], day: NDArray[np.float64]) -> pl.Series:
    """Whether the date or time had come; null where it is not recorded."""
    try:
        moments = cohort.days(when).gather(rows)
    except InputError as error:
        raise InputError(f"{error}; it cannot say when something was known") from error
    return moments <= pl.Series(day + A_MOMENT)
