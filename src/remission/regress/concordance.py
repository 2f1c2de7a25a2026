"""Harrell's concordance: how often the higher predicted risk fails first, with its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.fit import Fit
from remission.regress.moments import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Concordance:
    """Concordance and the (weighted) pairs behind it.

    Attributes
    ----------
    estimate : float
        (Somers' d + 1) / 2 over all strata: (concordant + tied score / 2) / comparable pairs.
    std_error : float
        Infinitesimal jackknife, rows of a cluster summed first in a clustered fit.
    concordant, discordant, tied_score : float
        Comparable pairs: the higher risk failed first, the lower did, equal risks.
    """

    estimate: float
    std_error: float
    concordant: float
    discordant: float
    tied_score: float


def concordance(fit: Fit) -> Concordance:
    """Concordance between the linear predictor and survival, as R's `concordance` of a `coxph` fit.

    A pair of rows of one stratum is comparable if one died at t and the other was at risk then (entry < t)
    and either lived longer or was censored at t. Deaths at the same time are not comparable. A pair has the
    product of its weights. O(n log^2 n): pairs of different times meet at the highest bit in which their
    time ranks differ.

    References
    ----------
    Harrell, Lee and Mark, Stat Med 1996; Therneau and Watson 2017.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4], [True] * 4, {"x": [3.0, 4.0, 2.0, 1.0]})
    >>> round(concordance(fit).estimate, 6)
    0.833333
    """
    points, grid = fit.data.points, fit.histories.grid
    order, stratum, weight = points.order, points.stratum, fit.data.weight
    exit_at = grid.exit_at[order]
    # risks that differ by rounding only are tied
    rank = np.unique(np.round(fit.at.linear, 12), return_inverse=True)[1]
    dead = np.flatnonzero(points.died)
    partners = _Partners(rank, weight, stratum, len(grid.values))
    everyone = np.arange(len(rank))
    total = partners.later(dead, exit_at, everyone, exit_at)
    total += partners.same(dead, exit_at, np.flatnonzero(~points.died), exit_at)
    if grid.entry_at is not None:
        entry_at = grid.entry_at[order]
        late = np.flatnonzero(entry_at >= 0)
        total -= partners.later(dead, exit_at, late, entry_at) + partners.same(dead, exit_at, late, entry_at)
    concordant, discordant, tied = (0.5 * float(weight @ part) for part in total)
    comparable = concordant + discordant + tied
    if comparable == 0:
        return Concordance(float("nan"), float("nan"), 0.0, 0.0, 0.0)
    somers = (concordant - discordant) / comparable
    influence = weight * (total[0] - total[1] - total.sum(axis=0) * somers) / (2 * comparable)
    if fit.cluster is not None:
        influence = sums_by(fit.cluster, influence, int(fit.cluster.max()) + 1)
    return Concordance((somers + 1) / 2, float(np.sqrt(influence @ influence)), concordant, discordant, tied)


@dataclass(frozen=True, slots=True, eq=False)
class _Partners:
    """Summed weights of each row's partners by kind of pair: concordant, discordant, tied score (3, n)."""

    rank: Ints
    weight: Floats
    stratum: Ints
    size: int

    def later(self, dead: Ints, died_at: Ints, other: Ints, other_at: Ints) -> Floats:
        """Pairs in which the other's time rank is greater: they part at exactly one bit."""
        total = np.zeros((3, len(self.rank)))
        for bit in range(self.size.bit_length()):
            left = dead[died_at[dead] >> bit & 1 == 0]
            right = other[other_at[other] >> bit & 1 == 1]
            total += self._meet(left, died_at[left] >> (bit + 1), right, other_at[right] >> (bit + 1))
        return total

    def same(self, dead: Ints, died_at: Ints, other: Ints, other_at: Ints) -> Floats:
        """Pairs in which the time ranks are equal."""
        return self._meet(dead, died_at[dead], other, other_at[other])

    def _meet(self, dead: Ints, dead_block: Ints, other: Ints, other_block: Ints) -> Floats:
        """All pairs of a death and another row in one block of one stratum."""
        total = np.zeros((3, len(self.rank)))
        scores = int(self.rank.max(initial=0)) + 2
        mine = (self.stratum[dead] * (self.size + 1) + dead_block) * scores
        theirs = (self.stratum[other] * (self.size + 1) + other_block) * scores
        below, equal, above = _weights(mine, self.rank[dead], theirs, self.rank[other], self.weight[other])
        # the death has the higher risk where the other's score is below
        total[:, dead] += below, above, equal
        below, equal, above = _weights(theirs, self.rank[other], mine, self.rank[dead], self.weight[dead])
        total[:, other] += above, below, equal
        return total


def _weights(
    block: Ints, rank: Ints, partner_block: Ints, partner_rank: Ints, weight: Floats
) -> tuple[Floats, Floats, Floats]:
    """For each row, summed weights of partners in its block with a lower, equal, higher score."""
    key = partner_block + partner_rank
    order = np.argsort(key, kind="stable")
    key = key[order]
    running = np.concatenate([[0.0], np.cumsum(weight[order])])
    start = running[np.searchsorted(key, block, side="left")]
    low = running[np.searchsorted(key, block + rank, side="left")]
    high = running[np.searchsorted(key, block + rank, side="right")]
    scores = int(max(rank.max(initial=0), partner_rank.max(initial=0))) + 1
    stop = running[np.searchsorted(key, block + scores, side="left")]
    return low - start, high - low, stop - high
