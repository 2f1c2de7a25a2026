"""Wilcoxon's rank-sum test of every gene, within strata where there are any (van Elteren)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from remission.core.ranks import rank_sum_counts
from remission.core.tails import normal_two_sided
from remission.expression.shuffle import Draw
from remission.expression.statistic import Observed, by_rows
from remission.expression.sums import sums_of

Floats = NDArray[np.float64]
EXACT_BELOW = 50


class RankSum:
    """z = (rank sum of the second group - its mean) / its permutation standard deviation; mid-ranks for ties.

    With strata, ranks are taken within each and weighed by 1 / (its samples + 1), which is the best against a
    shift common to all. p is exact as in R's `wilcox.test` where there are no strata, a gene has no ties and
    both groups fewer than 50 values; otherwise normal, with ties corrected for, and the continuity
    correction of one half where there are no strata. Undefined where a group is empty or all values equal.
    """

    def __init__(self, values: Floats, labels: Floats, strata: NDArray[np.intp]) -> None:
        self.values, self.labels = values, labels
        self.members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]
        self.scores = np.zeros(values.shape)
        self.known = ~np.isnan(values)
        self.tied = np.zeros(len(values), dtype=bool)
        self.weights = []  # per stratum and gene: variance of the sum, over n1 * n0
        for here in self.members:
            ranks, tied = row_midranks(values[:, here])
            n = self.known[:, here].sum(axis=1)
            scores = np.where(self.known[:, here], ranks - (n[:, None] + 1) / 2, 0.0)
            if len(self.members) > 1:
                scores = scores / (n[:, None] + 1)
            self.scores[:, here] = scores
            self.tied |= tied
            spread = np.einsum("ij,ij->i", scores, scores)
            self.weights.append(np.divide(spread, n * (n - 1.0), out=np.zeros(len(n)), where=n > 1))

    def observed(self) -> Observed:
        """Signed z, and p; the difference is of the means."""
        total = self.scores @ self.labels
        sizes = [(self.known[:, here] @ self.labels[here]) for here in self.members]
        counts = [self.known[:, here].sum(axis=1) for here in self.members]
        variance = np.sum(
            [w * n1 * (n - n1) for w, n1, n in zip(self.weights, sizes, counts, strict=True)], axis=0
        )
        deviation = np.sqrt(np.where(variance > 0, variance, np.nan))
        z = total / deviation
        one = len(self.members) == 1
        p = normal_two_sided(np.maximum(np.abs(total) - (0.5 if one else 0.0), 0.0) / deviation)
        if one:
            _put_exact(p, total, sizes[0], counts[0], ~self.tied & np.isfinite(z))
        nothing = np.full(len(z), np.nan)
        first, second = (sums_of(self.values[:, self.labels == group]).mean for group in (0, 1))
        return Observed(second - first, z, np.where(np.isnan(z), np.nan, np.inf), p, nothing)

    def squares(self, draw: Draw) -> Iterator[Floats]:
        """Squared z of each relabelling: one product, and one per stratum where values are missing."""
        complete = bool(self.known.all())
        total = draw.labels @ self.scores.T
        variance = np.zeros((1 if complete else len(draw.labels), len(self.scores)))
        for here, weight in zip(self.members, self.weights, strict=True):
            labels = draw.labels[:1, here] if complete else draw.labels[:, here]
            known = self.known[:, here].astype(float)
            n1 = labels @ known.T
            variance += weight * n1 * (known.sum(axis=1) - n1)
        variance[variance <= 0] = np.nan
        for rows in by_rows(*total.shape):
            yield total[rows] ** 2 / (variance if complete else variance[rows])


def row_midranks(values: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Mid-ranks of each row among its known values, and whether it has ties; meaningless where NaN.

    Examples
    --------
    >>> ranks, tied = row_midranks(np.array([[3.0, 1.0, 3.0], [2.0, np.nan, 1.0]]))
    >>> ranks[0].tolist(), ranks[1, [0, 2]].tolist(), tied.tolist()
    ([2.5, 1.0, 2.5], [2.0, 1.0], [True, False])
    """
    order = np.argsort(values, axis=1, kind="stable")
    inorder = np.take_along_axis(values, order, axis=1)
    width = values.shape[1]
    new = np.ones(inorder.shape, dtype=bool)
    new[:, 1:] = inorder[:, 1:] != inorder[:, :-1]
    place = np.arange(width)
    start = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    last = np.ones(inorder.shape, dtype=bool)
    last[:, :-1] = new[:, 1:]
    end = np.minimum.accumulate(np.where(last, place, width)[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, (start + end) / 2 + 1.0, axis=1)
    return ranks, np.logical_not(new.all(axis=1))


def _put_exact(p: Floats, total: Floats, n1: Floats, n: Floats, untied: NDArray[np.bool_]) -> None:
    """Overwrite p by the exact one where neither group has 50 values and none are tied."""
    n0 = n - n1
    exact = untied & (np.maximum(n1, n0) < EXACT_BELOW)
    sizes = np.stack([n1, n0], axis=1).astype(int)
    for first, second in np.unique(sizes[exact], axis=0):
        here = np.flatnonzero(exact & (sizes[:, 0] == first) & (sizes[:, 1] == second))
        counts = rank_sum_counts(int(first), int(second))
        tails = np.cumsum(counts) / counts.sum()
        u = np.rint(first * second / 2 - np.abs(total[here])).astype(int)
        p[here] = np.minimum(1.0, 2 * tails[np.maximum(u, 0)])
