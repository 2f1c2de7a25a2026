"""Comparing a number between groups by its ranks: Wilcoxon's rank-sum test, or Kruskal and Wallis's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.ranks import midranks, rank_sum_counts
from remission.core.tails import chi_square_upper, normal_two_sided

Floats = NDArray[np.float64]
EXACT_BELOW = 50


@dataclass(frozen=True, slots=True)
class RankTest:
    """Name of the test as printed, its statistic, degrees of freedom (None for two groups) and p."""

    name: str
    statistic: float
    df: float | None
    p: float


def rank_test(groups: Sequence[Floats]) -> RankTest | None:
    """Compare a number between groups; groups without known values are left out.

    Returns
    -------
    RankTest or None
        None when fewer than two groups have values, or when all values are equal.

    Examples
    --------
    >>> rank_test([np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])])
    RankTest(name='Wilcoxon rank-sum, exact', statistic=0.0, df=None, p=0.1)
    """
    filled = [np.asarray(group, dtype=float) for group in groups if len(group)]
    if len(filled) < 2 or len(np.unique(np.concatenate(filled))) < 2:
        return None
    return wilcoxon(filled[0], filled[1]) if len(filled) == 2 else kruskal_wallis(filled)


def wilcoxon(first: Floats, second: Floats) -> RankTest:
    """Two-sided rank-sum test (Mann-Whitney), as R's `wilcox.test`.

    The statistic is the number of pairs in which the first group is higher, ties counting half. Exact where
    neither group has 50 or more values and none are tied; otherwise by the normal approximation, with the
    variance corrected for ties and a continuity correction of one half.

    Parameters
    ----------
    first, second : array
        Not all values equal.

    References
    ----------
    Wilcoxon F. Biometrics Bulletin 1945;1:80-83. Mann HB, Whitney DR. Ann Math Stat 1947;18:50-60.
    """
    n, m = len(first), len(second)
    ranks, ties = midranks(np.concatenate([first, second]))
    u = float(ranks[:n].sum() - n * (n + 1) / 2)
    if max(n, m) < EXACT_BELOW and np.all(ties == 1):
        counts = rank_sum_counts(n, m)
        tail = counts[: int(min(u, n * m - u)) + 1].sum() / counts.sum()
        return RankTest("Wilcoxon rank-sum, exact", u, None, float(min(1.0, 2 * tail)))
    total = n + m
    variance = n * m / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
    distance = max(0.0, abs(u - n * m / 2) - 0.5)
    return RankTest("Wilcoxon rank-sum", u, None, float(normal_two_sided(distance / np.sqrt(variance))))


def kruskal_wallis(groups: Sequence[Floats]) -> RankTest:
    """Kruskal-Wallis test with the correction for ties, chi-squared on groups - 1 degrees of freedom.

    References
    ----------
    Kruskal WH, Wallis WA. J Am Stat Assoc 1952;47:583-621.
    """
    ranks, ties = midranks(np.concatenate(groups))
    total = len(ranks)
    ends = np.cumsum([len(group) for group in groups])[:-1]
    squares = sum(part.sum() ** 2 / len(part) for part in np.split(ranks, ends))
    statistic = 12 / (total * (total + 1)) * squares - 3 * (total + 1)
    statistic = float(statistic / (1 - (ties**3 - ties).sum() / (total**3 - total)))
    df = float(len(groups) - 1)
    return RankTest("Kruskal-Wallis", statistic, df, float(chi_square_upper(statistic, df)))
