"""What each row contributes to coefficients and to baseline hazards: the ground of standard errors."""

from __future__ import annotations

import numpy as np

from remission.core.sums import sums_by
from remission.regress.fit import Fit
from remission.regress.moments import Floats, accumulate, hazard_means
from remission.regress.psi import psi, psi_hazard
from remission.regress.scoreresiduals import score_residuals


def coefficient_influence(fit: Fit) -> Floats:
    """Influence of each row on the coefficients (p, n), in sorted order, weighted (dfbeta).

    For a Fine-Gray fit with the sandwich variance, the estimation of the censoring distribution is included.
    """
    score = score_residuals(fit.data, fit.at)
    score *= fit.data.weight
    if fit.censoring is not None:
        for column, through in enumerate(psi(fit.data, fit.at, fit.censoring, fit.psi_form)):
            score[column] += through
    return fit.model_variance @ score


def hazard_influence(fit: Fit, by_point: Floats, coefficients: Floats) -> Floats:
    """Influence of each row on the sum over points of `by_point` x baseline hazard (n,), in sorted order.

    The baseline is at the covariate means; `coefficients` is `coefficient_influence(fit)`, through which the
    hazard depends on the estimated coefficients. A death contributes the mean of 1/Z over its tie's sub-rows.
    """
    rows, at, points = fit.data, fit.at, fit.data.points
    several = rows.several
    first = np.zeros(len(rows.weight))
    first[points.deaths] = rows.weight[points.deaths] * (by_point * at.sums.s10 / rows.mass)[points.own]
    result = first - at.relative * accumulate(rows, by_point * at.sums.s20, by_point[several] * at.sums.s21)
    if fit.censoring is not None:
        result = result + psi_hazard(rows, at, fit.censoring, fit.psi_form, by_point)
    mean = hazard_means(rows, at)[0] @ by_point
    scale: float = np.exp(-at.log_shift)
    return scale * (result - mean @ coefficients)


def influence_error(fit: Fit, influence: Floats) -> float:
    """Standard error from influences in sorted order, summed within clusters first."""
    if fit.cluster is not None:
        influence = sums_by(fit.cluster, influence, int(fit.cluster.max()) + 1)
    return float(np.sqrt(influence @ influence))
