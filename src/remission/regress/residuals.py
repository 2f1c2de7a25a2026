"""Residuals of a fitted model, by row or by death."""

from __future__ import annotations

from typing import Literal

import numpy as np

from remission.core.problems import InputError
from remission.regress.fit import Fit
from remission.regress.moments import Floats
from remission.regress.prepare import in_order
from remission.regress.scoreresiduals import risk_means, score_residuals

ByRow = Literal["martingale", "deviance", "score", "dfbeta"]


def residuals(fit: Fit, kind: ByRow = "martingale") -> Floats:
    """Residuals by row, in the caller's order (rows of weight zero are left out).

    Parameters
    ----------
    fit : Fit
    kind : str
        "martingale": events minus expected, unweighted (n,). "deviance": its symmetrised form (n,).
        "score": the row's contribution to the score, unweighted (n, p). "dfbeta": weighted score residuals
        times the model-based variance, the change of coefficients without the row (n, p).

    Notes
    -----
    Efron's tie correction is in the expected counts, as in R's `residuals.coxph`. For Fine-Gray, rows with a
    competing event go on accumulating expected events with their censoring weight.

    References
    ----------
    Therneau, Grambsch and Fleming, Biometrika 1990.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4], [True, True, True, False], {"x": [1.0, 2.0, 0.5, 1.5]})
    >>> float(residuals(fit).sum().round(12)) + 0.0
    0.0
    """
    rows, at = fit.data, fit.at
    if kind in ("score", "dfbeta"):
        values = score_residuals(rows, at)
        if kind == "dfbeta":
            values = fit.model_variance @ (values * rows.weight)
        return np.ascontiguousarray(in_order(rows, values).T)
    if kind not in ("martingale", "deviance"):
        message = f'there are no "{kind}" residuals by row; choose martingale, deviance, score or dfbeta'
        raise InputError(message)
    expected = at.relative / rows.weight * at.hazard
    died = rows.points.died.astype(float)
    martingale = died - expected
    if kind == "martingale":
        return in_order(rows, martingale)
    log = np.log(expected, out=np.zeros_like(expected), where=died > 0)
    deviance = np.sign(martingale) * np.sqrt(np.maximum(-2 * (martingale + died * log), 0.0))
    return in_order(rows, deviance)


def schoenfeld(fit: Fit, *, scaled: bool = False) -> Floats:
    """Covariates of each death minus the mean of its risk set (deaths, p), unweighted.

    Deaths are ordered by stratum, time, and the caller's row. With ties the mean is over the sub-rows of the
    tie. Scaled: number of deaths x residual x model-based variance, plus the coefficients, so that it
    estimates the coefficient over time (Grambsch and Therneau, Biometrika 1994). The model-based variance
    serves robust fits too.
    """
    rows = fit.data
    means = risk_means(rows, fit.at)
    values = (rows.covariates[:, rows.points.deaths] - means[:, rows.points.own]).T
    if not scaled:
        return np.ascontiguousarray(values)
    return np.asarray(len(values) * values @ fit.model_variance + fit.coefficients)


def death_times(fit: Fit) -> Floats:
    """Times of the deaths in the order of `schoenfeld` (deaths,)."""
    points = fit.data.points
    return points.point_time[points.own]
