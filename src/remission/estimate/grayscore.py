"""Score and variance of Gray's test in one stratum, in pieces of time that fit the cache.

Two passes over the event times: the first sums the score and, for each group, the whole of the integral c;
the second sums the variance, which needs what remains of c after each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import pieces
from remission.events.table import Floats
from remission.events.union import GroupCounts

EXHAUSTED = 1e-9  # pooled 1 - F at or below this is 0 up to rounding
ARRAYS = 4  # of one number per group and time are in use at once


@dataclass(frozen=True, slots=True, eq=False)
class GrayScore:
    """One stratum's sums by group (G,) and (G, G), and whether its pooled incidence reached 1 too early."""

    events: Floats
    observed: Floats
    expected: Floats
    variance: Floats
    exhausted: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Some event times of one stratum. Arrays (G, K) by group, (K,) pooled; `_before`: left limit.

    n, d, other: at risk, events of the cause, of other causes. S: Kaplan-Meier of any event; R = h (1 - F).
    h = n / S_before, T its sum; D the sum of d; free = 1 - F0; w the weight; hazard = D / (T (1 - F0)) of
    the pooled subdistribution where several groups are compared.
    """

    n: Floats
    d: Floats
    other: Floats
    S: Floats
    S_before: Floats
    R: Floats
    h: Floats
    T: Floats
    D: Floats
    free: Floats
    w: Floats
    hazard: Floats
    exhausted: bool


def gray_score(counts: GroupCounts, column: int, rho: float) -> GrayScore:
    """Score and variance of one stratum."""
    size = counts.at_risk.shape[1]
    events, observed, expected = np.zeros(size), np.zeros(size), np.zeros(size)
    whole, so_far, variance = (np.zeros((size, size)) for _ in range(3))
    all_times = list(_curves(counts, column, rho))
    for at in all_times:
        events += at.d.sum(axis=1)
        observed += (at.w * at.d).sum(axis=1)
        expected += (at.R * (at.w * at.D / at.R.sum(axis=0))).sum(axis=1)
        weighted = at.h * (at.w * at.hazard)
        whole += np.diag(weighted.sum(axis=1)) - (weighted / at.T) @ at.h.T
    for at in all_times:
        for group in range(size):
            a = at.h * (-at.w * at.h[group] / at.T)
            a[group] += at.w * at.h[group]
            c = np.cumsum(a * at.hazard, axis=1)
            c += so_far[group, :, None]
            so_far[group] = c[:, -1]
            variance += _variance_from(group, at, a, whole[group, :, None] - c)
    exhausted = any(at.exhausted for at in all_times)
    return GrayScore(events, observed, expected, variance, exhausted)


def _curves(counts: GroupCounts, column: int, rho: float) -> Iterator[_Curves]:
    """Pieces of time in order. Times without any event change nothing and are dropped first."""
    size = counts.at_risk.shape[1]
    S_last, F_last, F0_last = np.ones((size, 1)), np.zeros((size, 1)), 0.0
    for rows in pieces(len(counts.time), ARRAYS * size):
        failed = counts.moved[rows].sum(axis=2).T
        happened = failed.any(axis=0)
        if not happened.any():
            continue
        failed = np.compress(happened, failed, axis=1)
        d = np.compress(happened, counts.moved[rows, :, column].T, axis=1)
        n = np.compress(happened, counts.at_risk[rows].T, axis=1)
        some = n > 0
        n_or_1 = np.where(some, n, 1.0)
        S = np.cumprod((n_or_1 - failed) / n_or_1, axis=1) * S_last
        S_before = np.concatenate([S_last, S[:, :-1]], axis=1)
        F = np.cumsum(S_before * d / n_or_1, axis=1) + F_last
        F_before = np.concatenate([F_last, F[:, :-1]], axis=1)
        h = np.divide(n, S_before, out=np.zeros(n.shape), where=some)
        T, D = h.sum(axis=0), d.sum(axis=0)
        F0 = np.cumsum(D / T) + F0_last
        free_before = 1.0 - np.concatenate([[F0_last], F0[:-1]])
        compared = (np.count_nonzero(some, axis=0) > 1) & (D > 0)
        known = free_before > EXHAUSTED
        hazard = np.divide(D, T * free_before, out=np.zeros(len(T)), where=compared & known)
        yield _Curves(
            n=n,
            d=d,
            other=failed - d,
            S=S,
            S_before=S_before,
            R=h * (1.0 - F_before),
            h=h,
            T=T,
            D=D,
            free=1.0 - F0,
            w=_weight(free_before, known, rho),
            hazard=hazard,
            exhausted=bool((compared & ~known).any()),
        )
        S_last, F_last, F0_last = S[:, -1:].copy(), F[:, -1:].copy(), float(F0[-1])


def _weight(free_before: Floats, known: NDArray[np.bool_], rho: float) -> Floats:
    """(1 - F0)^rho; once F0 reached 1 only one group is left and the weight is of no consequence."""
    if rho == 0:
        return np.ones(len(free_before))
    return np.power(free_before, rho, out=np.zeros(len(free_before)), where=known)


def _variance_from(group: int, at: _Curves, a: Floats, later: Floats) -> Floats:
    """What one group contributes to the variance (G, G); `later` is what remains of c."""
    n, S_before = at.n[group], at.S_before[group]
    zero = np.zeros(len(n))
    alive = n > 0
    ratio = np.divide(at.free, at.S[group], out=zero.copy(), where=at.S[group] > 0)

    expected_part = np.divide(S_before * at.D, at.T * n, out=zero.copy(), where=alive)
    ties = np.divide(at.D - 1.0, at.T * S_before - 1.0, out=zero.copy(), where=alive & (at.D > 1))
    x = (1.0 - ties) * expected_part
    moved = a + (1.0 - ratio) * later
    variance = (moved * x) @ moved.T

    other = at.other[group]
    ties = np.divide(other - 1.0, n - 1.0, out=zero.copy(), where=other > 1)
    x = (1.0 - ties) * other * np.divide(S_before * ratio, n, out=zero, where=alive) ** 2
    return np.asarray(variance + (later * x) @ later.T)
