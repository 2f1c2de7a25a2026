"""Ranks with ties shared, and the exact null distribution of a rank sum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def midranks(values: Floats) -> tuple[Floats, Floats]:
    """Ranks from 1; equal values share the mean of theirs. And how many values share each distinct value.

    Examples
    --------
    >>> ranks, ties = midranks(np.array([5.0, 1.0, 5.0]))
    >>> ranks.tolist(), ties.tolist()
    ([2.5, 1.0, 2.5], [1.0, 2.0])
    """
    _, index, ties = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(ties)
    return (last - (ties - 1) / 2)[index], ties.astype(float)


def rank_sum_counts(n: int, m: int) -> Floats:
    """Count the arrangements of n and m untied values with each number U, 0 ... nm, of pairs won.

    These are the coefficients of the Gaussian binomial.

    Examples
    --------
    >>> rank_sum_counts(2, 2).tolist()
    [1.0, 1.0, 2.0, 1.0, 1.0]
    """
    counts = np.zeros(n * m + 1)
    counts[0] = 1.0
    for step in range(1, n + 1):
        for value in range(n * m, m + step - 1, -1):
            counts[value] -= counts[value - m - step]
        for value in range(step, n * m + 1):
            counts[value] += counts[value - step]
    return counts
