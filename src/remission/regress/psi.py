"""What estimating the censoring distribution adds to the Fine-Gray score (psi of Fine and Gray 1999)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.events.grid import TimeGrid
from remission.regress.censoring import Censoring
from remission.regress.moments import Floats, Moments, Rows, hazard_means

Ints = NDArray[np.int64]
Psi = Literal["crr", "exact"]


@dataclass(frozen=True, slots=True, eq=False)
class CensoringScore:
    """What psi needs to know of the rows beside the fit: all in the caller's order."""

    grid: TimeGrid
    censoring: Censoring
    moved: Ints
    cause: int


def psi(rows: Rows, at: Moments, known: CensoringScore, kind: Psi) -> Floats:
    """Influence of each row on the score through the censoring distribution (p, n), in sorted order.

    `crr` is the form of cmprsk: under ties the competing rows strictly before and the events at or after a
    censoring count, the increment is 1/Y^2, and with several censoring groups only events of the row's own
    group. `exact` is the derivative of the estimate: competing rows at or before, events strictly after,
    1/(Y (Y - c)), events of all groups. Without ties and with one group they differ by O(1/n).
    """
    points, censoring = rows.points, known.censoring
    original = points.order
    exit_at = known.grid.exit_at[original]
    group = censoring.group[original]
    result = np.zeros_like(rows.covariates)
    at_risk, gone = censoring.at_risk, censoring.censored
    for code in range(censoring.groups):
        score = _score_of_curve(rows, at, known, kind, code)
        y, c = at_risk[code], gone[code]
        left = y if kind == "crr" else y - c
        first = np.divide(score, left, out=np.zeros_like(score), where=left > 0)
        second = np.divide(score * c, y * left, out=np.zeros_like(score), where=(c > 0) & (y * left > 0))
        running = np.cumsum(second, axis=1)
        mine = np.flatnonzero(group == code)
        when = exit_at[mine]
        moved = known.moved[original[mine]]
        if censoring.variant == "finegray":
            # a failure at u has left before the censorings at u
            before = np.concatenate([np.zeros((len(score), 1)), running], axis=1)
            accumulated = np.where(moved < 0, running[:, when], before[:, when])
        else:
            accumulated = running[:, when]
        result[:, mine] = np.where(moved < 0, first[:, when], 0.0) - accumulated
    return result


def _score_of_curve(rows: Rows, at: Moments, known: CensoringScore, kind: Psi, code: int) -> Floats:
    """How the score answers to a small change of G at each grid time (p, K), summed over strata."""
    points, grid = rows.points, known.grid
    tail = rows.risk.tail
    assert tail is not None  # noqa: S101 - for the type checker: psi belongs to Fine-Gray
    size = len(grid.values)
    total = np.zeros((len(rows.covariates), size))
    hazard, hazard_mean = at.sums.s10, hazard_means(rows, at)[0]
    if kind == "crr" and known.censoring.groups > 1:
        own_group = known.censoring.group[points.order[points.deaths]] == code
        mass = sums_by(points.own[own_group], rows.weight[points.deaths[own_group]], points.size)
        share = mass / rows.mass
        hazard, hazard_mean = hazard * share, hazard_mean * share
    weighted, weighted_mean = tail.curve[code] * hazard, tail.curve[code] * hazard_mean
    at_point = np.searchsorted(grid.values, points.point_time)
    for stratum in range(len(points.offset) - 1):
        here = slice(int(points.offset[stratum]), int(points.offset[stratum + 1]))
        kept = np.flatnonzero((tail.group == code) & (points.stratum[tail.rows] == stratum))
        risk = at.relative[tail.rows[kept]] * tail.factor[kept]
        when = grid.exit_at[points.order[tail.rows[kept]]]
        v0 = _running(risk, when, size, strict=kind == "crr")
        later0 = _later(weighted[here], at_point[here], size, strict=kind == "exact")
        for column in range(len(total)):
            v1 = _running(risk * rows.covariates[column, tail.rows[kept]], when, size, strict=kind == "crr")
            later1 = _later(weighted_mean[column, here], at_point[here], size, strict=kind == "exact")
            total[column] += v1 * later0 - v0 * later1
    return total


def _running(values: Floats, when: Ints, size: int, *, strict: bool) -> Floats:
    """Sums over rows that left by (or, strictly, before) each grid time."""
    sums = np.cumsum(sums_by(when, values, size))
    return np.concatenate([[0.0], sums[:-1]]) if strict else sums


def _later(values: Floats, when: Ints, size: int, *, strict: bool) -> Floats:
    """Sums over points at (unless strict) or after each grid time."""
    sums = np.cumsum(sums_by(when, values, size)[::-1])[::-1]
    return np.concatenate([sums[1:], [0.0]]) if strict else sums
