"""Firth's penalised Cox likelihood: finite ratios where the plain one has no maximum; profile limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from remission.core.newton import Objective, Optimum, maximise
from remission.core.problems import InputError
from remission.core.sums import sums_by
from remission.core.tails import chi_square_upper, normal_quantile
from remission.core.vocabulary import result_rows
from remission.regress.cox import invert
from remission.regress.fit import Fit, ratio
from remission.regress.likelihood import refused
from remission.regress.moments import (
    Floats,
    Moments,
    OutOfRange,
    Rows,
    accumulate,
    hazard_means,
    information,
    log_likelihood,
    moments,
    score,
)

if TYPE_CHECKING:
    import polars as pl

LONGEST = 1.0
TOLERANCE = 1e-18
DIFFERENCE = 1e-4
SCORING = 25
BRACKETS = 60


@dataclass(frozen=True, slots=True, eq=False)
class FirthFit:
    """Penalised estimates with profile-likelihood limits and tests.

    Attributes
    ----------
    terms : tuple of str
    coefficients : array (p,)
    variance : array (p, p)
        Inverse of the unpenalised information at the penalised estimates.
    low, high : arrays (p,)
        Profile limits of the coefficients at `confidence`; infinite where the profile never falls far
        enough, NaN where it cannot be followed (far fewer events than coefficients).
    p : array (p,)
        Penalised likelihood-ratio tests of each coefficient being zero.
    log_likelihood, log_likelihood_null : float
        Penalised.
    """

    terms: tuple[str, ...]
    cause: str
    coefficients: Floats
    variance: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p: Floats
    confidence: float
    log_likelihood: float
    log_likelihood_null: float
    n: int
    events: int
    optimum: Optimum

    def rows(self) -> pl.DataFrame:
        """One row per coefficient: ratios with profile limits; test of the penalised likelihood ratio."""
        return result_rows(
            {
                "measure": "hazard ratio",
                "scale": "log, Firth",
                "cause": self.cause,
                "term": self.terms,
                "estimate": ratio(self.coefficients),
                "std_error": np.sqrt(np.diag(self.variance)),
                "low": ratio(self.low),
                "high": ratio(self.high),
                "confidence": self.confidence,
                "at_risk": float(self.n),
                "events": float(self.events),
                "statistic": self.statistic,
                "df": 1.0,
                "p": self.p,
            }
        )


def firth(fit: Fit, *, level: float = 0.95) -> FirthFit:
    """Refit a Cox model with Firth's penalty: log likelihood + log det(information) / 2.

    Finite for monotone likelihoods, and less biased with few events. Limits and tests are of the profile
    penalised likelihood; the penalty stays that of all covariates while one is fixed (as in coxphf). Breslow
    and Efron ties.

    Raises
    ------
    InputError
        For a Fine-Gray fit.

    References
    ----------
    Firth, Biometrika 1993; Heinze and Schemper, Biometrics 2001.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4, 5, 6], [1 == 1] * 3 + [1 == 0] * 3, {"x": [1.0, 1, 1, 0, 0, 0]})
    >>> bool(np.isfinite(firth(fit).coefficients[0]))
    True
    """
    if fit.model != "Cox":
        message = "Firth's penalty is for Cox models; a Fine-Gray model has no likelihood to penalise"
        raise InputError(message)
    objective = penalised_likelihood(fit.data)
    size = len(fit.terms)
    optimum = _maximised(objective, np.zeros(size), _longest(fit.data))
    variance = invert(information(fit.data, moments(fit.data, optimum.point)))
    drop = float(normal_quantile((1 + level) / 2)) ** 2 / 2
    low, high, statistic = np.empty(size), np.empty(size), np.empty(size)
    for index in range(size):
        spread = float(np.sqrt(variance[index, index]))
        low[index] = _limit(fit.data, objective, optimum, index, -spread, drop)
        high[index] = _limit(fit.data, objective, optimum, index, spread, drop)
        statistic[index] = 2 * (
            optimum.value - _profile(fit.data, objective, optimum.point, index, 0.0).value
        )
    return FirthFit(
        fit.terms,
        fit.cause,
        optimum.point,
        variance,
        low,
        high,
        statistic,
        chi_square_upper(np.maximum(statistic, 0.0), 1),
        level,
        optimum.value,
        optimum.start_value,
        fit.n,
        fit.events,
        optimum,
    )


def penalised_likelihood(rows: Rows) -> Objective:
    """Value and gradient of the penalised likelihood, with the unpenalised information."""

    def objective(point: Floats) -> tuple[float, Floats, Floats]:
        try:
            at = moments(rows, point)
        except OutOfRange:
            return refused(point)
        matrix = information(rows, at)
        sign, determinant = np.linalg.slogdet(matrix)
        variance = invert(matrix)
        if sign <= 0 or np.isnan(variance).any():
            return refused(point)
        gradient = score(rows, at) + penalty_gradient(rows, at, variance) / 2
        return log_likelihood(rows, at) + float(determinant) / 2, gradient, matrix

    return objective


def _curved(objective: Objective, step: Floats) -> Objective:
    """The objective with minus the central difference quotient of its gradient for information.

    Steps by the information close in slowly on separated data; these do not. Where the quotient is not
    positive definite the information stays.
    """

    def curved(point: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, matrix = objective(point)
        if not np.isfinite(value):
            return value, gradient, matrix
        quotient = np.empty_like(matrix)
        for column, size in enumerate(step):
            moved = np.zeros_like(point)
            moved[column] = size
            quotient[column] = (objective(point - moved)[1] - objective(point + moved)[1]) / (2 * size)
        quotient = (quotient + quotient.T) / 2
        return value, gradient, matrix if np.isnan(invert(quotient)).any() else quotient

    return curved


def _maximised(objective: Objective, start: Floats, longest: Floats) -> Optimum:
    """Steps by the information first, by differences if they are too slow."""
    first = maximise(objective, start, longest=longest, tolerance=TOLERANCE, most=SCORING)
    if first.converged:
        return first
    curved = _curved(objective, DIFFERENCE * longest)
    return maximise(curved, first.point, longest=longest, tolerance=TOLERANCE)


def penalty_gradient(rows: Rows, at: Moments, variance: Floats) -> Floats:
    """Derivative of log det(information), trace(V dI/db), by coefficient; Efron's sub-rows written out."""
    x, points = rows.covariates, rows.points
    leverage = np.einsum("pn,pn->n", variance @ x, x)
    weighted = at.relative * leverage
    whole, tied = hazard_means(rows, at)
    turned, turned_tied = variance @ whole, variance @ tied
    mixed = np.zeros(x.shape[1])
    for column, row in enumerate(x):
        mixed += row * accumulate(rows, turned[column], turned_tied[column])
    first = x @ (weighted * at.hazard - 2 * at.relative * mixed)
    fraction, mass = _sub_rows(rows)
    own = points.own
    tied_s0, tied_s1, tied_leverage = (np.zeros((*shape, points.size)) for shape in ((), (len(x),), ()))
    tied_s0[rows.several], tied_s1[:, rows.several] = at.d0, at.d1
    tied_leverage[rows.several] = sums_by(rows.place, weighted[rows.tied], len(rows.several))
    remaining = at.s0[own] - fraction * tied_s0[own]
    mean = (at.s1[:, own] - fraction * tied_s1[:, own]) / remaining
    mean_leverage = (rows.risk.forward(weighted)[own] - fraction * tied_leverage[own]) / remaining
    quadratic = np.einsum("pq,pq->q", variance @ mean, mean)
    return np.asarray(first + mean @ (mass * (2 * quadratic - mean_leverage)))


def _sub_rows(rows: Rows) -> tuple[Floats, Floats]:
    """Share of the tie already gone and mass of each sub-row, one per death."""
    own = rows.points.own
    fraction = np.zeros(len(own))
    if rows.ties == "efron":
        before = np.cumsum(rows.count) - rows.count
        fraction = (np.arange(len(own)) - before[own]) / rows.count[own]
    return fraction, (rows.mass / rows.count)[own]


def _longest(rows: Rows) -> Floats:
    """Largest step of a coefficient: one per standard deviation of its covariate."""
    spread = np.sqrt(np.mean(rows.covariates**2, axis=1))
    return np.where(spread > 0, LONGEST / np.where(spread > 0, spread, 1.0), np.inf)


def _profile(rows: Rows, objective: Objective, start: Floats, index: int, value: float) -> Optimum:
    """Maximise over the other coefficients with one held fixed."""
    others = np.delete(np.arange(len(start)), index)

    def restricted(free: Floats) -> tuple[float, Floats, Floats]:
        height, gradient, matrix = objective(np.insert(free, index, value))
        return height, gradient[others], matrix[np.ix_(others, others)]

    return _maximised(restricted, start[others], _longest(rows)[others])


def _limit(rows: Rows, objective: Objective, best: Optimum, index: int, step: float, drop: float) -> float:
    """Coefficient beyond the optimum at which the profile has fallen by `drop`; infinite if it never does.

    Every profile starts from where the one before ended: on separated data the others have far to go.
    """
    from scipy.optimize import brentq  # noqa: PLC0415 - loaded when first needed

    start = best.point

    def fallen(value: float) -> float:
        nonlocal start
        found = _profile(rows, objective, start, index, value)
        if not found.converged:
            raise _NoProfileError
        start = np.insert(found.point, index, value)
        return best.value - found.value - drop

    inside = outside = float(best.point[index])
    try:
        for _ in range(BRACKETS):
            outside += step
            if fallen(outside) >= 0:
                return float(brentq(fallen, inside, outside, xtol=1e-11, rtol=1e-12))
            inside = outside
    except _NoProfileError:
        return float("nan")
    return float(np.sign(step) * np.inf)


class _NoProfileError(ArithmeticError):
    """The other coefficients have no maximum within reach while one is held."""
