"""Concentrations known as intervals: which pairs are certainly apart, ranks, and quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from remission.core.problems import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """One concentration per patient, as far as it is known.

    Attributes
    ----------
    low, high : array (n,)
        Equal where the value is known. Left-censored: minus infinity (or 0) and the bound; right-censored:
        the bound and infinity. Both NaN where it is not known at all. A censored value is truly beyond its
        bound.
    """

    low: Floats
    high: Floats

    def __post_init__(self) -> None:
        if self.low.shape != self.high.shape or self.low.ndim != 1:
            raise InputError("low and high must be two lists of the same length.")
        if np.any(np.isnan(self.low) != np.isnan(self.high)) or np.any(self.low > self.high):
            raise InputError("low must not be above high, and both are there or neither.")

    def __len__(self) -> int:
        return len(self.low)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether anything is known."""
        return ~np.isnan(self.low)

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Whether the value itself is known."""
        return np.asarray(self.low == self.high)

    def at(self, places: NDArray[np.bool_] | NDArray[np.int64]) -> Intervals:
        """Some of the patients."""
        return Intervals(self.low[places], self.high[places])


def intervals(values: ArrayLike, *, lowest: float | None = None, highest: float | None = None) -> Intervals:
    """Numbers with censoring bounds: below `lowest` and above `highest`, only that is known.

    Parameters
    ----------
    values : array-like of float
        NaN or None where nothing is known.
    lowest, highest : float, optional

    Examples
    --------
    >>> made = intervals([-0.1, 0.4, 1.1], lowest=0, highest=1)
    >>> made.low, made.high
    (array([-inf,  0.4,  1. ]), array([0. , 0.4, inf]))
    """
    x = np.array([np.nan if each is None else each for each in np.asarray(values, dtype=object)], dtype=float)
    low, high = x.copy(), x.copy()
    if lowest is not None:
        below = x < lowest
        low[below], high[below] = -np.inf, lowest
    if highest is not None:
        above = x > highest
        low[above], high[above] = highest, np.inf
    return Intervals(low, high)


def from_rows(rows: pl.DataFrame, drug: str, patients: Sequence[str]) -> Intervals:
    """LC50 of a drug from rows of `DoseResponses`: the interpolated value, or its interval where censored.

    Parameters
    ----------
    rows : polars.DataFrame
        With patient, drug, lc50, low, high, censoring.
    drug : str
    patients : sequence of str
        Order of the answer; a patient without a passing curve is unknown.
    """
    part = rows.filter(pl.col("drug") == drug)
    if part["patient"].is_duplicated().any():
        raise InputError(f"{drug}: a patient has more than one row.")
    found = {
        patient: _ends(value, low, high, censoring)
        for patient, value, low, high, censoring in part.select(
            "patient", "lc50", "low", "high", "censoring"
        ).rows()
    }
    ends = np.array([found.get(patient, (np.nan, np.nan)) for patient in patients], dtype=float)
    ends = ends.reshape(-1, 2)
    return Intervals(ends[:, 0], ends[:, 1])


def _ends(
    value: float | None, low: float | None, high: float | None, censoring: str | None
) -> tuple[float, float]:
    if censoring == "bracketed" and value is not None:
        return value, value
    if censoring == "left" and high is not None:
        return 0.0, high
    if censoring == "right" and low is not None:
        return low, float("inf")
    return float("nan"), float("nan")


def order(x: Intervals) -> NDArray[np.int8]:
    """Certain order of every pair: 1 where i is certainly above j, -1 below, 0 where equal or not known.

    Censored values lie beyond their bound, so a left-censored one is below a known value at its bound, and a
    right-censored one above it.

    Examples
    --------
    >>> order(intervals([-0.1, 0.0, 0.5, 1.1, 1.2], lowest=0, highest=1))[0]
    array([ 0, -1, -1, -1, -1], dtype=int8)
    """
    low, high = x.low[:, None], x.high[None, :]
    beyond = (~x.exact)[:, None] | (~x.exact)[None, :]
    above = (low > high) | (beyond & (low >= high))
    return np.asarray(above.astype(np.int8) - above.T.astype(np.int8))


def midranks(x: Intervals) -> Floats:
    """Ranks from certain orders: (n + 1)/2 + half the number surely below less half the number surely above.

    With known values these are midranks; all left-censored beyond one bound share the lowest midrank, all
    right-censored the highest.

    Examples
    --------
    >>> midranks(intervals([-0.1, -0.2, 0.5, 0.5, 1.1], lowest=0, highest=1))
    array([1.5, 1.5, 3.5, 3.5, 5. ])
    """
    return np.asarray((len(x) + 1) / 2 + order(x).sum(axis=1, dtype=float) / 2)


def order_statistic(x: Intervals, rank: int) -> tuple[float, float]:
    """Limits of the value of a rank (1 the lowest) among patients of whom something is known.

    The k-th smallest value lies between the k-th smallest low and the k-th smallest high.

    Examples
    --------
    >>> order_statistic(intervals([-0.1, 0.4, 0.7], lowest=0), 2)
    (0.4, 0.4)
    """
    known = x.at(x.known)
    if not 1 <= rank <= len(known):
        raise InputError(f"rank must lie between 1 and {len(known)}; it is {rank}.")
    return float(np.sort(known.low)[rank - 1]), float(np.sort(known.high)[rank - 1])
