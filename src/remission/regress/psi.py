"""What estimating the censoring distribution adds to the Fine-Gray score (psi of Fine and Gray 1999)."""

from __future__ import annotations

from collections.abc import Iterator
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


def psi(rows: Rows, at: Moments, known: CensoringScore, kind: Psi) -> Floats:
    """Influence of each row on the score through the censoring distribution (p, n), in sorted order.

    `crr` is the form of cmprsk: under ties the competing rows strictly before and the events at or after a
    censoring count, the increment is 1/Y^2, and with several censoring groups only events of the row's own
    group. `exact` is the derivative of the estimate: competing rows at or before, events strictly after,
    1/(Y (Y - c)), events of all groups. Without ties and with one group they differ by O(1/n).
    """
    curves = [_score_of_curve(rows, at, known, kind, code) for code in range(known.censoring.groups)]
    return _through_curves(rows, known, kind, curves)


def psi_hazard(rows: Rows, at: Moments, known: CensoringScore, kind: Psi, by_point: Floats) -> Floats:
    """Influence of each row, through the censoring distribution, on weighted baseline hazards (n,).

    The counterpart of `psi` for the sum over points of `by_point` x hazard, sorted order, on the scale of
    `at`.
    """
    curves = [
        _hazard_of_curve(rows, at, known, kind, code, by_point)[None, :]
        for code in range(known.censoring.groups)
    ]
    return np.asarray(_through_curves(rows, known, kind, curves)[0])


def _through_curves(rows: Rows, known: CensoringScore, kind: Psi, curves: list[Floats]) -> Floats:
    """From the response to each group's curve to the influence of each row through its place in the curve."""
    points, censoring = rows.points, known.censoring
    original = points.order
    exit_at = known.grid.exit_at[original]
    group = censoring.group[original]
    result = np.zeros((len(curves[0]), len(original)))
    at_risk, gone = censoring.at_risk, censoring.censored
    for code, score in enumerate(curves):
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
    curve, at_point = _curve(rows, known, kind, code)
    hazard, hazard_mean = curve * at.sums.s10, curve * hazard_means(rows, at)[0]
    size = len(known.grid.values)
    total = np.zeros((len(rows.covariates), size))
    for here, kept, risk, when in _kept_by_stratum(rows, at, known, code):
        v0 = _running(risk, when, size, strict=kind == "crr")
        later0 = _later(hazard[here], at_point[here], size, strict=kind == "exact")
        for column in range(len(total)):
            v1 = _running(risk * rows.covariates[column, kept], when, size, strict=kind == "crr")
            later1 = _later(hazard_mean[column, here], at_point[here], size, strict=kind == "exact")
            total[column] += v1 * later0 - v0 * later1
    return total


def _hazard_of_curve(
    rows: Rows, at: Moments, known: CensoringScore, kind: Psi, code: int, by_point: Floats
) -> Floats:
    """How a weighted sum of baseline hazards answers to a small change of G at each grid time (K,)."""
    curve, at_point = _curve(rows, known, kind, code)
    slope = curve * at.sums.s20 * by_point
    size = len(known.grid.values)
    total = np.zeros(size)
    for here, _, risk, when in _kept_by_stratum(rows, at, known, code):
        v0 = _running(risk, when, size, strict=kind == "crr")
        total += v0 * _later(slope[here], at_point[here], size, strict=kind == "exact")
    return total


def _curve(rows: Rows, known: CensoringScore, kind: Psi, code: int) -> tuple[Floats, Ints]:
    """G of one group at the event points (crr: times its share of events), and their grid places."""
    points, tail = rows.points, rows.risk.tail
    assert tail is not None  # noqa: S101 - for the type checker: psi belongs to Fine-Gray
    curve = tail.curve[code]
    if kind == "crr" and known.censoring.groups > 1:
        own = known.censoring.group[points.order[points.deaths]] == code
        dying = rows.weight[points.deaths]
        curve = curve * sums_by(points.own[own], dying[own], points.size) / rows.mass
    return curve, np.searchsorted(known.grid.values, points.point_time)


def _kept_by_stratum(
    rows: Rows, at: Moments, known: CensoringScore, code: int
) -> Iterator[tuple[slice, Ints, Floats, Ints]]:
    """By stratum: its points, rows kept after a competing event, their r/G(T-), grid times."""
    points, tail = rows.points, rows.risk.tail
    assert tail is not None  # noqa: S101
    for stratum, (start, stop) in enumerate(zip(points.offset[:-1], points.offset[1:], strict=True)):
        chosen = np.flatnonzero((tail.group == code) & (points.stratum[tail.rows] == stratum))
        kept = tail.rows[chosen]
        when = known.grid.exit_at[points.order[kept]]
        yield slice(int(start), int(stop)), kept, at.relative[kept] * tail.factor[chosen], when


def _running(values: Floats, when: Ints, size: int, *, strict: bool) -> Floats:
    """Sums over rows that left by (or, strictly, before) each grid time."""
    sums = np.cumsum(sums_by(when, values, size))
    return np.concatenate([[0.0], sums[:-1]]) if strict else sums


def _later(values: Floats, when: Ints, size: int, *, strict: bool) -> Floats:
    """Sums over points at (unless strict) or after each grid time."""
    sums = np.cumsum(sums_by(when, values, size)[::-1])[::-1]
    return np.concatenate([sums[1:], [0.0]]) if strict else sums
