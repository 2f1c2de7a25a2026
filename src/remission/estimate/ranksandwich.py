"""Robust variance of a rank score: sums of squared influences, of independent rows or of clusters.

A row of group g that leaves at t_l, at risk from after t_f, with sampling weight w has influence

    u = w { W_l 1{event} (e_g - p_l) - sum over f < k <= l of W_k (e_g - p_k) D_k / N_k }

where p_k are the groups' shares of those at risk and W the weight function: the score residual of a Cox model
with Breslow ties.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.estimate.rankweight import RankWeight
from remission.events.histories import Histories
from remission.events.table import Floats
from remission.events.union import GroupCounts


def sandwich_of_table(counts: GroupCounts, weight: RankWeight, column: int | None) -> Floats:
    """Sandwich (G, G) of independent rows without delayed entry, from sums of squared weights."""
    W, hazard, p = _pooled(counts, weight, column)
    gone = counts.squares_moved.sum(axis=2)
    had_event = gone if column is None else counts.squares_moved[:, :, column]
    others = counts.squares_censored + gone - had_event
    size = len(p)
    variance = np.zeros((size, size))
    for group in range(size):
        jump = -W * p
        jump[group] += W
        compensator = np.cumsum(jump * hazard, axis=1)
        residual = jump - compensator
        variance += (residual * had_event[:, group]) @ residual.T
        variance += (compensator * others[:, group]) @ compensator.T
    return variance


def sandwich_of_rows(
    rows: Histories, strata: Sequence[GroupCounts], weight: RankWeight, column: int | None
) -> Floats:
    """Sandwich (G, G) from one pass over the rows: clusters, or sampling weights with delayed entry."""
    size = len(rows.groups)
    influence = np.zeros((len(rows.block), size))
    exit_at, entry_at = rows.grid.exit_at, rows.grid.entry_at
    had_event = rows.moved >= 0 if column is None else rows.moved == column
    for index, counts in enumerate(strata):
        W, hazard, p = _pooled(counts, weight, column)
        at = np.searchsorted(rows.grid.values, counts.time)
        mine = np.flatnonzero(rows.block // size == index)
        own = np.zeros((size, len(mine)))
        own[rows.block[mine] % size, np.arange(len(mine))] = 1.0
        left = np.searchsorted(at, exit_at[mine])
        came = np.zeros(len(mine), dtype=np.intp)
        if entry_at is not None:  # the time of entry itself is not at risk
            came = np.searchsorted(at, entry_at[mine], side="right")
        total = np.concatenate([[0.0], np.cumsum(W * hazard)])
        shares = np.concatenate([np.zeros((size, 1)), np.cumsum(W * hazard * p, axis=1)], axis=1)
        compensator = own * (total[left + 1] - total[came]) - (shares[:, left + 1] - shares[:, came])
        jump = np.where(had_event[mine], W[left], 0.0) * (own - p[:, left])
        influence[mine] = (jump - compensator).T
    if rows.weight is not None:
        influence *= rows.weight[:, None]
    if rows.cluster is not None:
        influence = np.stack([np.bincount(rows.cluster, column_of) for column_of in influence.T], axis=1)
    return influence.T @ influence


def _pooled(counts: GroupCounts, weight: RankWeight, column: int | None) -> tuple[Floats, Floats, Floats]:
    """Weight and hazard D/N (K,), and shares p (G, K); 0 at times without an event."""
    D = (counts.moved.sum(axis=2) if column is None else counts.moved[:, :, column]).sum(axis=1)
    N = counts.at_risk.sum(axis=1)
    happened = D > 0
    W = np.zeros(len(D))
    W[happened] = weight.of(N[happened], D[happened])
    hazard = np.divide(D, N, out=np.zeros(len(D)), where=happened)
    p = np.divide(counts.at_risk.T, N, out=np.zeros(counts.at_risk.T.shape), where=N > 0)
    return W, hazard, p
