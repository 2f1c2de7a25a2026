"""Independence of a table of counts: Pearson's chi-squared test, or Fisher's exact for small counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from remission.core.tails import chi_square_upper

Floats = NDArray[np.float64]
SMALL_EXPECTED = 5.0
NODES_AT_MOST = 500_000
SIMULATED_TABLES = 100_000
# Tables as probable as the observed one, up to rounding, count as equally extreme (as in R's fisher.test).
RELATIVE = 1e-7


@dataclass(frozen=True, slots=True)
class CategoryTest:
    """Name of the test as printed, its statistic (None for exact tests), degrees of freedom and p."""

    name: str
    statistic: float | None
    df: float | None
    p: float


def independence_test(counts: Floats, *, seed: int) -> CategoryTest | None:
    """Compare the distribution of levels between groups.

    Pearson's chi-squared without continuity correction where every expected count is at least 5, Fisher's
    exact test otherwise. Levels and groups without anybody are left out.

    Parameters
    ----------
    counts : array (levels, groups)
        Whole numbers.
    seed : int
        For Fisher's test on tables too many to enumerate.

    Returns
    -------
    CategoryTest or None
        None when fewer than two levels or fewer than two groups have anybody.

    Examples
    --------
    >>> independence_test(np.array([[3.0, 1.0], [1.0, 3.0]]), seed=1).name
    'Fisher exact'
    """
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return None
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    if expected.min() < SMALL_EXPECTED:
        return fisher_exact(counts, seed=seed)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    df = float((counts.shape[0] - 1) * (counts.shape[1] - 1))
    return CategoryTest("chi-squared", statistic, df, float(chi_square_upper(statistic, df)))


def fisher_exact(counts: Floats, *, seed: int) -> CategoryTest:
    """Fisher's exact test of a table of any size (Freeman and Halton 1951).

    p is the probability, given both margins, of all tables at most as probable as the observed one. All
    tables are enumerated, level by level, joining paths of equal margins and probability; where that takes
    more than `NODES_AT_MOST` nodes, 100,000 tables are drawn with the seed, and p = (1 + as extreme) / (1 +
    drawn).

    Parameters
    ----------
    counts : array (levels, groups)
        Whole numbers, no empty row or column.
    seed : int

    Returns
    -------
    CategoryTest
        Named "Fisher exact" or "Fisher exact, simulated".

    Examples
    --------
    >>> round(fisher_exact(np.array([[3.0, 1.0], [1.0, 3.0]]), seed=1).p, 6)
    0.485714
    """
    table = np.rint(counts).astype(np.int64)
    if table.shape[1] > table.shape[0]:
        table = table.T
    table = table[np.argsort(table.sum(axis=1))]
    observed = -float(gammaln(table + 1.0).sum())
    p = _enumerated(table, observed)
    if p is not None:
        return CategoryTest("Fisher exact", None, None, p)
    return CategoryTest("Fisher exact, simulated", None, None, _simulated(table, observed, seed))


def _log_constant(table: NDArray[np.int64]) -> float:
    """Log of the factor that turns 1 / prod(cell!) into a probability."""
    margins = gammaln(table.sum(axis=0) + 1.0).sum() + gammaln(table.sum(axis=1) + 1.0).sum()
    return float(margins - gammaln(table.sum() + 1.0))


def _enumerated(table: NDArray[np.int64], observed: float) -> float | None:
    """Exact p, or None when there are too many tables.

    A node is what is left of the group totals after some levels, with the log of 1 / prod(cell!) of the way
    there (`gone`) and the number of ways (`paths`).
    """
    left = table.sum(axis=0)[None, :]
    gone, paths = np.zeros(1), np.ones(1)
    groups = table.shape[1]
    for size in table.sum(axis=1)[:-1]:
        rest = np.full(len(left), size)
        for column in range(groups):
            later = left[:, column + 1 :].sum(axis=1)
            low, high = np.maximum(0, rest - later), np.minimum(rest, left[:, column])
            number = np.maximum(high - low + 1, 0)
            if number.sum() > NODES_AT_MOST:
                return None
            parent = np.repeat(np.arange(len(left)), number)
            cell = np.arange(len(parent)) - np.repeat(np.cumsum(number) - number, number) + low[parent]
            left, rest, gone, paths = (
                left[parent],
                rest[parent] - cell,
                gone[parent] - gammaln(cell + 1.0),
                paths[parent],
            )
            left[:, column] -= cell
        left, gone, paths = _joined(left, gone, paths)
    final = gone - gammaln(left + 1.0).sum(axis=1)
    extreme = final <= observed + RELATIVE
    p = float((paths[extreme] * np.exp(final[extreme] + _log_constant(table))).sum())
    return min(1.0, p)


def _joined(left: NDArray[np.int64], gone: Floats, paths: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Join nodes with the same margins left and the same probability so far."""
    keys = np.column_stack([left, np.rint(gone * 1e9).astype(np.int64)])
    _, first, index = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return left[first], gone[first], np.bincount(index.ravel(), weights=paths).astype(np.float64)


def _simulated(table: NDArray[np.int64], observed: float, seed: int) -> float:
    """Monte Carlo p over tables with the observed margins, drawn cell by cell (Patefield 1981)."""
    rng = np.random.default_rng(seed)
    left = np.repeat(table.sum(axis=0)[None, :], SIMULATED_TABLES, axis=0)
    drawn = np.zeros(SIMULATED_TABLES)
    for size in table.sum(axis=1)[:-1]:
        rest = np.full(SIMULATED_TABLES, size)
        for column in range(table.shape[1] - 1):
            cell = rng.hypergeometric(left[:, column], left[:, column + 1 :].sum(axis=1), rest)
            left[:, column] -= cell
            rest = rest - cell
            drawn -= gammaln(cell + 1.0)
        left[:, -1] -= rest
        drawn -= gammaln(rest + 1.0)
    drawn -= gammaln(left + 1.0).sum(axis=1)
    return float((1 + np.count_nonzero(drawn <= observed + RELATIVE)) / (1 + SIMULATED_TABLES))
