"""Standardised mean differences: how far apart two groups are at baseline, in units of their spread."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def numeric_smd(first: Floats, second: Floats) -> float | None:
    r"""Difference of means over the root of the averaged variances.

    .. math:: d = \frac{|\bar x_1 - \bar x_2|}{\sqrt{(s_1^2 + s_2^2) / 2}}

    Parameters
    ----------
    first, second : array
        Known values of two groups, in the same unit. `s` has the divisor n - 1.

    Returns
    -------
    float or None
        None when a group has fewer than two values, or when neither varies and the means differ (there is no
        scale to measure with); 0 when all values are equal.

    References
    ----------
    Austin PC. Stat Med 2009;28:3083-3107.

    Examples
    --------
    >>> numeric_smd(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 4.0]))
    1.0
    """
    if min(len(first), len(second)) < 2:
        return None
    spread = (np.var(first, ddof=1) + np.var(second, ddof=1)) / 2
    distance = abs(np.mean(first) - np.mean(second))
    if spread == 0:
        return 0.0 if distance == 0 else None
    return float(distance / np.sqrt(spread))


def categorical_smd(first: Floats, second: Floats) -> float | None:
    r"""Mahalanobis distance between the proportions of two groups.

    With p the proportions of all levels but one and C the multinomial covariance diag(p) - pp',

    .. math:: d = \sqrt{(p_1 - p_2)' \left(\frac{C_1 + C_2}{2}\right)^{-1} (p_1 - p_2)}

    which for two levels is :math:`|p_1 - p_2| / \sqrt{(p_1 q_1 + p_2 q_2) / 2}`. Which level is left out does
    not matter. Levels that neither group has are dropped.

    Parameters
    ----------
    first, second : array (L,)
        Counts by level.

    Returns
    -------
    float or None
        None when a group is empty, or when a difference lies in a direction in which neither group varies.

    References
    ----------
    Yang D, Dalton JE. SAS Global Forum 2012, paper 335.

    Examples
    --------
    >>> round(categorical_smd(np.array([5, 5]), np.array([8, 2])), 6)
    0.662589
    """
    if first.sum() == 0 or second.sum() == 0:
        return None
    present = (first + second) > 0
    p = (first[present] / first.sum())[1:]
    q = (second[present] / second.sum())[1:]
    covariance = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    values, vectors = np.linalg.eigh(covariance)
    along = vectors.T @ (p - q)
    flat = values <= 1e-12
    if np.any(np.abs(along[flat]) > 1e-9):
        return None
    return float(np.sqrt(np.sum(along[~flat] ** 2 / values[~flat])))


def largest_numeric_smd(groups: Sequence[Floats]) -> float | None:
    """Largest of all pairs of groups, None when no pair has one or one pair is beyond any scale."""
    return _largest([numeric_smd(first, second) for first, second in combinations(groups, 2)])


def largest_categorical_smd(counts: Floats) -> float | None:
    """Largest of all pairs of groups; `counts` has levels in rows and groups in columns."""
    columns = [counts[:, index] for index in range(counts.shape[1])]
    return _largest([categorical_smd(first, second) for first, second in combinations(columns, 2)])


def _largest(distances: Sequence[float | None]) -> float | None:
    """Return the maximum; undefined as soon as one pair is, for that pair may be the largest."""
    if not distances or any(distance is None for distance in distances):
        return None
    return max(distance for distance in distances if distance is not None)
