"""What estimating the censoring distribution adds to the Fine-Gray score (psi of Fine and Gray 1999)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
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


def psi(rows: Rows, at: Moments, known: CensoringScore, kind: Psi) -> Iterator[Floats]:
    """Influence of each row on the score through the censoring distribution: by covariate (n,), sorted order.

    `crr` is the form of cmprsk: under ties the competing rows strictly before and the events at or after a
    censoring count, the increment is 1/Y^2, and with several censoring groups only events of the row's own
    group. `exact` is the derivative of the estimate: competing rows at or before, events strictly after,
    1/(Y (Y - c)), events of all groups. Without ties and with one group they differ by O(1/n).
    """
    curves = [_Curve.of(rows, known, kind, code) for code in range(known.censoring.groups)]
    parts = [_kept_by_stratum(rows, at, known, curve) for curve in curves]
    for column, x in enumerate(rows.covariates):
        means = hazard_means(rows, at, column)[0]
        result = np.zeros(len(x))
        for curve, kept in zip(curves, parts, strict=True):
            score = np.zeros(curve.size)
            for part in kept:
                score += part.arrived(curve, part.risk * x[part.rows]) * part.later
                score -= part.before * part.after(curve, means)
            result[curve.mine] = curve.influence(score)
        yield result


def psi_hazard(rows: Rows, at: Moments, known: CensoringScore, kind: Psi, by_point: Floats) -> Floats:
    """Influence of each row, through the censoring distribution, on weighted baseline hazards (n,).

    The counterpart of `psi` for the sum over points of `by_point` x hazard, sorted order, on the scale of
    `at`.
    """
    result = np.zeros(len(rows.weight))
    slope = at.sums.s20 * by_point
    for code in range(known.censoring.groups):
        curve = _Curve.of(rows, known, kind, code)
        score = np.zeros(curve.size)
        for part in _kept_by_stratum(rows, at, known, curve):
            score += part.before * part.after(curve, slope)
        result[curve.mine] = curve.influence(score)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """One group's censoring curve: at the event points (m,), on the grid (K,), and its rows.

    `weight` is G at the points (crr: times the group's share of events), `at` their grid places. `censored`
    and `accrued` are the factors by which a response of the score to G at a grid time reaches the rows
    censored there, and all those at risk of it. `mine` are the group's sorted rows, `when` their grid times.
    """

    code: int
    kind: Psi
    size: int
    weight: Floats
    at: Ints
    censored: Floats
    accrued: Floats
    mine: Ints
    when: Ints
    is_censored: NDArray[np.bool_]
    failures_leave_first: bool

    @staticmethod
    def of(rows: Rows, known: CensoringScore, kind: Psi, code: int) -> _Curve:
        """What is the same for every covariate."""
        points, censoring, tail = rows.points, known.censoring, rows.risk.tail
        assert tail is not None  # noqa: S101 - for the type checker: psi belongs to Fine-Gray
        weight = tail.curve[code]
        if kind == "crr" and censoring.groups > 1:
            own = censoring.group[points.order[points.deaths]] == code
            dying = rows.weight[points.deaths]
            weight = weight * sums_by(points.own[own], dying[own], points.size) / rows.mass
        y, c = censoring.at_risk[code], censoring.censored[code]
        left = y if kind == "crr" else y - c
        mine = np.flatnonzero(censoring.group[points.order] == code)
        return _Curve(
            code=code,
            kind=kind,
            size=len(known.grid.values),
            weight=weight,
            at=np.searchsorted(known.grid.values, points.point_time),
            censored=np.divide(1.0, left, out=np.zeros(len(y)), where=left > 0),
            accrued=np.divide(c, y * left, out=np.zeros(len(y)), where=(c > 0) & (y * left > 0)),
            mine=mine,
            when=known.grid.exit_at[points.order[mine]],
            is_censored=known.moved[points.order[mine]] < 0,
            failures_leave_first=censoring.variant == "finegray",
        )

    def influence(self, score: Floats) -> Floats:
        """Influence of the group's rows, from the response of the score to G at each grid time."""
        accrued = np.cumsum(score * self.accrued)
        of_censored = score * self.censored - accrued
        if self.failures_leave_first:  # a failure at u has left before the censorings at u
            accrued = np.concatenate([[0.0], accrued[:-1]])
        return np.where(self.is_censored, of_censored[self.when], -accrued[self.when])


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Rows of one stratum kept after a competing event, and sums on the grid that all covariates share.

    `here` are the stratum's points, `risk` is r/G(T-) of `rows`, `when` their grid times; `before` (K,) sums
    `risk` over rows that came earlier, `later` (K,) sums G h over the points to come.
    """

    here: slice
    rows: Ints
    risk: Floats
    when: Ints
    before: Floats
    later: Floats

    def arrived(self, curve: _Curve, values: Floats) -> Floats:
        """Sums over rows that left by (crr: strictly before) each grid time."""
        return _running(values, self.when, curve.size, strict=curve.kind == "crr")

    def after(self, curve: _Curve, by_point: Floats) -> Floats:
        """Sums of G x `by_point` over the stratum's points at (exact: strictly) after each grid time."""
        return _later(curve, by_point, self.here)


def _kept_by_stratum(rows: Rows, at: Moments, known: CensoringScore, curve: _Curve) -> list[_Kept]:
    """Rows of the curve's group kept after a competing event, by stratum."""
    points, tail = rows.points, rows.risk.tail
    assert tail is not None  # noqa: S101
    found = []
    for stratum, (start, stop) in enumerate(pairwise(points.offset)):
        chosen = np.flatnonzero((tail.group == curve.code) & (points.stratum[tail.rows] == stratum))
        kept = tail.rows[chosen]
        when = known.grid.exit_at[points.order[kept]]
        risk = at.relative[kept] * tail.factor[chosen]
        here = slice(int(start), int(stop))
        before = _running(risk, when, curve.size, strict=curve.kind == "crr")
        found.append(_Kept(here, kept, risk, when, before, _later(curve, at.sums.s10, here)))
    return found


def _running(values: Floats, when: Ints, size: int, *, strict: bool) -> Floats:
    """Sums over rows that left by (or, strictly, before) each grid time."""
    sums = np.cumsum(sums_by(when, values, size))
    return np.concatenate([[0.0], sums[:-1]]) if strict else sums


def _later(curve: _Curve, by_point: Floats, here: slice) -> Floats:
    """Sums of G x `by_point` over points at (exact: strictly) after each grid time."""
    values = (curve.weight * by_point)[here]
    sums = np.cumsum(sums_by(curve.at[here], values, curve.size)[::-1])[::-1]
    return np.concatenate([sums[1:], [0.0]]) if curve.kind == "exact" else sums
