"""Rank scores of one stratum for many assignments of its patients to groups at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.estimate.rankweight import RankWeight
from remission.events.table import Floats
from remission.events.union import GroupCounts

Labels = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class RankStratum:
    """One stratum, expanded to its rows in increasing time; what does not depend on the groups is ready.

    Attributes
    ----------
    sizes : tuple of int
        Patients by group.
    labels : array (n,) of int
        Group of each row.
    influence : array (n,)
        W at the row's event, minus the sum of W D/N over event times up to its own: a score is a sum of
        these.
    first : array (K,) of int
        First row still at risk at each event time.
    at_risk, spread : array (K,)
        N, and W^2 D (N - D)/(N - 1).
    """

    sizes: tuple[int, ...]
    labels: Labels
    influence: Floats
    first: NDArray[np.intp]
    at_risk: Floats
    spread: Floats

    def score(self, labels: Labels) -> tuple[Floats, Floats]:
        """Scores (B, G - 1) and variances (B, G - 1, G - 1) of assignments (B, n); the last group is left."""
        kept = len(self.sizes) - 1
        score = np.empty((len(labels), kept))
        share = []
        for group in range(kept):
            mine = labels == group
            score[:, group] = mine @ self.influence
            gone = np.zeros((len(labels), labels.shape[1] + 1))
            np.cumsum(mine, axis=1, out=gone[:, 1:])
            share.append((self.sizes[group] - gone[:, self.first]) / self.at_risk)
        variance = np.empty((len(labels), kept, kept))
        for i in range(kept):
            variance[:, i, i] = (share[i] * (1.0 - share[i])) @ self.spread
            for j in range(i):
                variance[:, i, j] = variance[:, j, i] = -(share[i] * share[j]) @ self.spread
        return score, variance


def rank_stratum(counts: GroupCounts, weight: RankWeight, column: int | None) -> RankStratum:
    """Expand one stratum of a table without entry and sampling weights."""
    moved = counts.moved.sum(axis=2)
    events = moved if column is None else counts.moved[:, :, column]
    others = moved + counts.censored - events
    times, size = moved.shape
    cells = np.concatenate([events.ravel(), others.ravel()]).astype(np.intp)
    cell = np.repeat(np.arange(len(cells)), cells)
    at, group = np.divmod(cell % (times * size), size)
    order = np.argsort(at, kind="stable")
    at, group, had_event = at[order], group[order], (cell < times * size)[order]

    N, D = counts.at_risk.sum(axis=1), events.sum(axis=1)
    happened = D > 0
    W = np.zeros(times)
    W[happened] = weight.of(N[happened], D[happened])
    compensator = np.cumsum(np.divide(W * D, N, out=np.zeros(times), where=happened))
    N, D = N[happened], D[happened]
    return RankStratum(
        sizes=tuple(int(number) for number in np.bincount(group, minlength=size)),
        labels=group.astype(np.int16),
        influence=np.where(had_event, W[at], 0.0) - compensator[at],
        first=np.searchsorted(at, np.flatnonzero(happened)),
        at_risk=N,
        spread=W[happened] ** 2 * D * (N - D) / np.where(N > 1, N - 1, np.inf),
    )
