"""Rank correlation of concentrations known as intervals, with jackknife limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.limits import critical
from remission.core.problems import InputError
from remission.response.intervals import Intervals, order

Floats = NDArray[np.float64]
Statistic = Literal["kendall", "spearman"]
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)
FEWEST = 4


@dataclass(frozen=True, slots=True)
class Correlation:
    """A rank correlation.

    Attributes
    ----------
    statistic : "kendall" or "spearman"
    estimate : float
        NaN with fewer than four patients, or where one side has no certain order.
    std_error : float
        Jackknife, of Fisher's z = atanh(estimate).
    low, high : float
        Limits from z, back-transformed.
    n : int
        Patients of whom both are known, if only as an interval.
    bracketed : int
        Those of whom both values are known.
    """

    statistic: Statistic
    estimate: float
    std_error: float
    low: float
    high: float
    n: int
    bracketed: int


def rank_correlation(
    x: Intervals, y: Intervals, *, statistic: Statistic = "kendall", level: float = 0.95
) -> Correlation:
    """Correlate the ranks of two concentrations that may be censored at either end.

    With a_ij = 1, -1 or 0 as x_i is surely above, surely below, or neither (b_ij likewise for y):

    * kendall: tau = sum a_ij b_ij / sqrt(sum a_ij^2 sum b_ij^2), over pairs (Brown, Hollander and Korwar
    1974);
      without censoring it is Kendall's tau-b;
    * spearman: Pearson's correlation of r_i = (n + 1)/2 + sum_j a_ij / 2, so that values censored beyond one
      bound are tied; without censoring it is Spearman's with midranks.

    Both are pulled towards 0 by censoring, as pairs that are not certain count as ties. Limits: jackknife
    over patients on Fisher's z, normal.

    Parameters
    ----------
    x, y : Intervals
        One entry per patient; patients with nothing known of one are left out.
    statistic : "kendall" or "spearman"
    level : float

    Raises
    ------
    InputError
        If lengths differ or the statistic is unknown.

    References
    ----------
    Brown, Hollander and Korwar, in Reliability and Biometry, SIAM 1974.

    Examples
    --------
    >>> from remission.response.intervals import intervals
    >>> found = rank_correlation(intervals([1, 2, 3, 4, 5]), intervals([1, 3, 2, 5, 4]))
    >>> round(found.estimate, 3), found.n
    (0.6, 5)
    """
    if statistic not in STATISTICS:
        raise InputError(f"statistic must be one of {', '.join(STATISTICS)}; it is {statistic!r}.")
    if len(x) != len(y):
        raise InputError(f"x has {len(x)} patients and y has {len(y)}.")
    z = critical(level)
    both = x.known & y.known
    x, y = x.at(both), y.at(both)
    n, bracketed = len(x), int((x.exact & y.exact).sum())
    nan = float("nan")
    if n < FEWEST:
        return Correlation(statistic, nan, nan, nan, nan, n, bracketed)
    estimate, left_out = (_kendall if statistic == "kendall" else _spearman)(x, y)
    if not np.isfinite(estimate):
        return Correlation(statistic, nan, nan, nan, nan, n, bracketed)
    if abs(estimate) >= 1 or not np.all(np.isfinite(left_out)) or np.any(np.abs(left_out) >= 1):
        return Correlation(statistic, float(np.clip(estimate, -1, 1)), nan, nan, nan, n, bracketed)
    scaled = np.arctanh(left_out)
    error = float(np.sqrt((n - 1) / n * np.sum((scaled - scaled.mean()) ** 2)))
    middle = float(np.arctanh(estimate))
    low, high = float(np.tanh(middle - z * error)), float(np.tanh(middle + z * error))
    return Correlation(statistic, estimate, error, low, high, n, bracketed)


def _kendall(x: Intervals, y: Intervals) -> tuple[float, Floats]:
    """Tau, and tau without each patient."""
    a, b = order(x).astype(float), order(y).astype(float)
    together, own_x, own_y = (a * b).sum(1), (a * a).sum(1), (b * b).sum(1)
    # A patient's pairs are in the sums twice: once in his row and once in his column.
    sums = [each.sum() - 2 * each for each in (together, own_x, own_y)]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = together.sum() / np.sqrt(own_x.sum() * own_y.sum())
        without = sums[0] / np.sqrt(sums[1] * sums[2])
    return float(whole), without


def _spearman(x: Intervals, y: Intervals) -> tuple[float, Floats]:
    """Rho, and rho without each patient, whose leaving moves the ranks of the others."""
    a, b = order(x).astype(float) / 2, order(y).astype(float) / 2
    first, second = a.sum(axis=1), b.sum(axis=1)  # midranks less their mean

    # Without patient k: rank of i less 1/2 (the mean rank falls by 1/2) less a_ik.
    def sums(r: Floats, pairs: Floats, s: Floats, other: Floats) -> Floats:
        """Sum over i != k of centred rank products without patient k."""
        full = float(r @ s) - r * s
        return np.asarray(full - r @ other - s @ pairs + (pairs * other).sum(0))

    xy, xx, yy = sums(first, a, second, b), sums(first, a, first, a), sums(second, b, second, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = first @ second / np.sqrt((first @ first) * (second @ second))
        without = xy / np.sqrt(xx * yy)
    return float(whole), without
