"""Sums over risk sets at given coefficients; from them the likelihood, its gradient and its information."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.points import Points
from remission.regress.products import combination, weighted_products, weighted_sums
from remission.regress.risksets import RiskSets
from remission.regress.tiesums import TieSums, tie_sums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ties = Literal["efron", "breslow"]

SMALLEST = 1e-140  # its square can still be divided by


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
    observed = weighted_sums(covariates, np.where(points.died, weight, 0.0))
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
class Moments:
    """Risk-set sums at one vector of coefficients.

    Attributes
    ----------
    coefficients : array (p,)
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

    coefficients: Floats
    linear: Floats
    relative: Floats
    s0: Floats
    s1: Floats
    d0: Floats
    d1: Floats
    sums: TieSums
    hazard: Floats
    log_shift: float


class OutOfRange(ArithmeticError):  # noqa: N818 - it says what happened
    """Coefficients so large that some risk set vanishes beside others: no place for an estimate."""


def moments(rows: Rows, coefficients: Floats) -> Moments:
    """All risk-set sums at given coefficients.

    Raises
    ------
    OutOfRange
        If the sum over some risk set is below 1e-140 of the largest hazard.
    """
    linear = combination(coefficients, rows.covariates)
    shift = float(linear.max(initial=0.0))
    relative = linear - shift
    np.exp(relative, out=relative)
    relative *= rows.weight
    s0, dying0 = rows.risk.forward_and_dying(relative)
    s1, dying1 = rows.risk.forward_and_dying(relative, rows.covariates)
    if dying0 is not None and dying1 is not None:
        d0, d1 = dying0[rows.several], dying1[:, rows.several]
    else:
        tied = relative[rows.tied]
        d0 = sums_by(rows.place, tied, len(rows.several))
        d1 = np.empty((len(coefficients), len(rows.several)))
        for column, x in enumerate(rows.covariates):
            d1[column] = sums_by(rows.place, tied * x[rows.tied], len(rows.several))
    if s0.min(initial=1.0) < SMALLEST:
        message = "relative hazards differ by more than numbers can hold"
        raise OutOfRange(message)
    sums = tie_sums(rows.mass, rows.count, rows.several, s0, d0)
    hazard = accumulate(rows, sums.s10, sums.s11)
    return Moments(coefficients, linear, relative, s0, s1, d0, d1, sums, hazard, shift)


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
    return (
        float(rows.observed @ at.coefficients)
        - float(at.sums.log_z.sum())
        - at.log_shift * float(rows.mass.sum())
    )


def mean_sum(rows: Rows, at: Moments, column: int | slice = slice(None)) -> Floats:
    """Sum over sub-rows of mass M by point, M being the risk-set means: (p, m), or one column's (m,)."""
    whole = at.s1[column] * at.sums.s10
    whole[..., rows.several] -= at.d1[column] * at.sums.s11
    return np.asarray(whole)


def hazard_means(rows: Rows, at: Moments, column: int | slice = slice(None)) -> tuple[Floats, Floats]:
    """Sums over sub-rows of h M by point, and of a h M by tied point, with h = mass / Z.

    (p, m) and (p, k), or those of one column (m,) and (k,).
    """
    s1, d1 = at.s1[column], at.d1[column]
    whole = s1 * at.sums.s20
    whole[..., rows.several] -= d1 * at.sums.s21
    return whole, s1[..., rows.several] * at.sums.s21 - d1 * at.sums.s22


def score(rows: Rows, at: Moments) -> Floats:
    """Gradient (p,)."""
    return rows.observed - weighted_sums(at.s1, at.sums.s10) + weighted_sums(at.d1, at.sums.s11)


def information(rows: Rows, at: Moments) -> Floats:
    """Minus the second derivative (p, p); exact for Efron too."""
    return weighted_products(rows.covariates, at.relative * at.hazard) - mean_products(rows, at, at.sums)


def mean_products(rows: Rows, at: Moments, sums: TieSums) -> Floats:
    """Sum over sub-rows of mass M M', through the points' sums (p, p)."""
    total = weighted_products(at.s1, sums.s20)
    if not len(rows.several):
        return total
    cross = weighted_products(at.s1[:, rows.several], sums.s21, at.d1)
    return total - cross - cross.T + weighted_products(at.d1, sums.s22)
