"""Sums over risk sets at given coefficients, and from them the likelihood, its gradient and its information.

Efron's tied deaths are sub-rows of their event point: sub-row l of d sees the fraction a = l/d of the tied
deaths already gone. All that models need of sub-rows are sums of mass a^i / Z^j within a point, so matrices
stay at one column per event point, never one per death.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.points import Points
from remission.regress.risksets import RiskSets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ties = Literal["efron", "breslow"]
CHUNK = 16384


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What a fit reads: covariates as (p, n), centred and sorted, with weights and risk sets.

    Attributes
    ----------
    covariates : array (p, n)
        Sorted rows, column means subtracted.
    centre : array (p,)
        What was subtracted.
    weight : array (n,)
        Case weights, sorted.
    risk : RiskSets
    ties : "efron" or "breslow"
    count, mass : arrays (m,)
        Tied deaths of each point: their number (never weighted) and their summed weight.
    tied : array of int
        Rows that died together with others, where Efron's correction is needed (none for Breslow).
    several : array (k,) of int
        The points of such ties.
    place : array of int
        Position in `several` of each of `tied`.
    observed : array (p,)
        Weighted covariate sum over deaths.
    """

    covariates: Floats
    centre: Floats
    weight: Floats
    risk: RiskSets
    ties: Ties
    count: Floats
    mass: Floats
    tied: Ints
    several: Ints
    place: Ints
    observed: Floats

    @property
    def points(self) -> Points:
        """The event points."""
        return self.risk.points


def make_rows(covariates: Floats, centre: Floats, weight: Floats, risk: RiskSets, ties: Ties) -> Rows:
    """Add what does not depend on coefficients."""
    points = risk.points
    count = np.bincount(points.own, minlength=points.size).astype(float)
    dying = weight[points.deaths]
    mass = sums_by(points.own, dying, points.size)
    several = np.flatnonzero(count > 1) if ties == "efron" else np.zeros(0, dtype=np.int64)
    position = np.full(points.size, -1)
    position[several] = np.arange(len(several))
    place = position[points.own]
    tied = np.flatnonzero(place >= 0)
    observed = np.array([x[points.deaths] @ dying for x in covariates])
    return Rows(
        covariates,
        centre,
        weight,
        risk,
        ties,
        count,
        mass,
        points.deaths[tied],
        several,
        place[tied],
        observed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class TieSums:
    """Sums over sub-rows: `s_ij` = sum of mass a^j / Z^i; `log_z` = sum of mass log Z.

    `s10`, `s20`, `log_z` are by point (m,); the others by tied point (k,), and 0 elsewhere.
    """

    s10: Floats
    s11: Floats
    s20: Floats
    s21: Floats
    s22: Floats
    log_z: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Risk-set sums at one vector of coefficients.

    Attributes
    ----------
    linear, relative : arrays (n,)
        x'b, and w exp(x'b) up to a common factor.
    s0, s1 : arrays (m,), (p, m)
        Sums of `relative` and of `relative` x over risk sets.
    d0, d1 : arrays (k,), (p, k)
        The same over tied deaths, by tied point.
    sums : TieSums
    hazard : array (n,)
        Accumulated baseline hazard of each row, with the tie correction.
    log_shift : float
        exp(-log_shift) is the common factor of `relative`.
    """

    linear: Floats
    relative: Floats
    s0: Floats
    s1: Floats
    d0: Floats
    d1: Floats
    sums: TieSums
    hazard: Floats
    log_shift: float


def tie_sums(rows: Rows, s0: Floats, d0: Floats) -> TieSums:
    """Sums over sub-rows; a point without ties, and any point for Breslow, has one sub-row with a = 0."""
    first = rows.mass / s0
    second = first / s0
    logs = rows.mass * np.log(s0)
    if not len(rows.several):
        return TieSums(first, d0, second, d0, d0, logs)
    several, place = rows.several, rows.place
    count = rows.count[several]
    before = np.cumsum(count) - count
    fraction = (np.arange(len(place)) - before[place]) / count[place]
    each = (rows.mass[several] / count)[place]
    remaining = s0[several][place] - fraction * d0[place]

    def total(values: Floats) -> Floats:
        return sums_by(place, values, len(several))

    inverse = each / remaining
    square = inverse / remaining
    first[several] = total(inverse)
    second[several] = total(square)
    logs[several] = total(each * np.log(remaining))
    return TieSums(
        first, total(inverse * fraction), second, total(square * fraction), total(square * fraction**2), logs
    )


def moments(rows: Rows, coefficients: Floats) -> Moments:
    """All risk-set sums at given coefficients."""
    linear = coefficients @ rows.covariates
    shift = float(linear.max(initial=0.0))
    relative = np.exp(linear - shift)
    relative *= rows.weight
    ties = len(rows.several)
    s0, dying = rows.risk.forward_and_dying(relative)
    d0 = _tied_deaths(rows, relative, dying)
    s1 = np.empty((len(coefficients), rows.points.size))
    d1 = np.empty((len(coefficients), ties))
    product = np.empty_like(relative)
    for column, x in enumerate(rows.covariates):
        np.multiply(relative, x, out=product)
        s1[column], dying = rows.risk.forward_and_dying(product)
        if ties:
            d1[column] = _tied_deaths(rows, product, dying)
    sums = tie_sums(rows, s0, d0)
    return Moments(linear, relative, s0, s1, d0, d1, sums, accumulate(rows, sums.s10, sums.s11), shift)


def _tied_deaths(rows: Rows, values: Floats, dying: Floats | None) -> Floats:
    """Sums over the deaths of the tied points (k,)."""
    if dying is not None:
        return dying[rows.several]
    return sums_by(rows.place, values[rows.tied], len(rows.several))


def accumulate(rows: Rows, total: Floats, tied: Floats) -> Floats:
    """Transpose of a sub-row quantity c: each row's sum of c over the sub-rows at which it is at risk (n,).

    A death sees only the part 1 - a of each sub-row of its own tie: `tied` (k,) holds the tied points' sums
    of a c.
    """
    result = rows.risk.back(total)
    if len(rows.tied):
        result[rows.tied] -= tied[rows.place]
    return result


def log_likelihood(rows: Rows, at: Moments) -> float:
    """Log partial (or pseudo) likelihood."""
    deaths = rows.points.deaths
    observed = float(rows.weight[deaths] @ at.linear[deaths])
    return observed - float(at.sums.log_z.sum()) - at.log_shift * float(rows.mass.sum())


def mean_sum(rows: Rows, at: Moments) -> Floats:
    """Sum over the sub-rows of each point of mass M, M being the risk-set means (p, m)."""
    whole = at.s1 * at.sums.s10
    whole[:, rows.several] -= at.d1 * at.sums.s11
    return whole


def hazard_means(rows: Rows, at: Moments) -> tuple[Floats, Floats]:
    """Sums over sub-rows of h M by point (p, m), and of a h M by tied point (p, k), with h = mass / Z."""
    whole = at.s1 * at.sums.s20
    whole[:, rows.several] -= at.d1 * at.sums.s21
    return whole, at.s1[:, rows.several] * at.sums.s21 - at.d1 * at.sums.s22


def score(rows: Rows, at: Moments) -> Floats:
    """Gradient (p,)."""
    return rows.observed - at.s1 @ at.sums.s10 + at.d1 @ at.sums.s11


def information(rows: Rows, at: Moments) -> Floats:
    """Minus the second derivative (p, p); exact for Efron too."""
    return weighted_products(rows.covariates, at.relative * at.hazard) - mean_products(rows, at, at.sums)


def mean_products(rows: Rows, at: Moments, sums: TieSums) -> Floats:
    """Sum over sub-rows of mass M M', through the points' sums (p, p)."""
    total = weighted_products(at.s1, sums.s20)
    if not len(rows.several):
        return total
    cross = (at.s1[:, rows.several] * sums.s21) @ at.d1.T
    return total - cross - cross.T + weighted_products(at.d1, sums.s22)


def weighted_products(covariates: Floats, weight: Floats) -> Floats:
    """X' diag(weight) X for covariates stored as (p, n), in pieces that fit the cache."""
    size = len(covariates)
    total = np.zeros((size, size))
    for start in range(0, covariates.shape[1], CHUNK):
        piece = covariates[:, start : start + CHUNK]
        total += (piece * weight[start : start + CHUNK]) @ piece.T
    return total
