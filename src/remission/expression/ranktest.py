"""Wilcoxon's rank-sum over genes, for sets whose genes are correlated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.tails import normal_two_sided

Floats = NDArray[np.float64]


def rank_test(
    ranks: Floats, ties: Floats, inside: NDArray[np.intp], correlation: float
) -> tuple[float, float]:
    """How often a gene of the set ranks above one outside, and the two-sided p.

    U counts pairs in which the gene inside is higher. Its variance, for normal statistics with correlation r
    between any two genes of the set and none otherwise, is (m genes inside, k outside)

        m k / (2 pi) [asin 1 + (k - 1) asin 1/2 + (m - 1)(k - 1) asin r/2 + (m - 1) asin (r + 1)/2]

    which is m k (m + k + 1) / 12 for r = 0, times 1 - sum(t³ - t) / (n³ - n) for ties.

    Parameters
    ----------
    ranks : array (n,)
        Mid-ranks of all genes, from 1.
    ties : array
        How many genes share each rank.
    inside : array (m,)
        Places of the genes of the set.
    correlation : float

    Returns
    -------
    superiority, p : float
        NaN where no gene is outside or all genes are tied.

    References
    ----------
    Barry, Nobel and Wright, Ann Appl Stat 2008;2:286-315.

    Examples
    --------
    >>> superiority, p = rank_test(np.arange(1.0, 9.0), np.ones(8), np.array([5, 6, 7]), 0.0)
    >>> superiority, round(p, 4)
    (1.0, 0.0369)
    """
    n, m = len(ranks), len(inside)
    k = n - m
    if not m or not k:
        return float("nan"), float("nan")
    u = float(ranks[inside].sum()) - m * (m + 1) / 2
    r = correlation
    angles = np.arcsin(1.0) + (k - 1) * np.arcsin(0.5)
    angles += (m - 1) * (k - 1) * np.arcsin(r / 2) + (m - 1) * np.arcsin((r + 1) / 2)
    variance = m * k / (2 * np.pi) * angles * (1 - float((ties**3 - ties).sum()) / (float(n) ** 3 - n))
    if variance <= 0:
        return float("nan"), float("nan")
    away = max(abs(u - m * k / 2) - 0.5, 0.0)
    return u / (m * k), float(normal_two_sided(away / np.sqrt(variance)))
