"""Survival or incidence that a fit predicts for new rows, with limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.core.limits import Interval, probability_limits
from remission.core.vocabulary import result_rows
from remission.regress.baseline import baselines, matching_design, of_stratum, predicted_hazards, steps_upto
from remission.regress.fit import Fit
from remission.regress.influence import coefficient_influence, hazard_influence, influence_error
from remission.regress.moments import Floats

if TYPE_CHECKING:
    import polars as pl


def predict(
    fit: Fit,
    X: Any,
    times: Sequence[float] | Floats,
    *,
    stratum: str | None = None,
    level: float = 0.95,
    interval: Interval = "log-log",
) -> pl.DataFrame:
    """Predicted survival (Cox) or cumulative incidence (Fine-Gray) of each new row at each time.

    Cox: S = exp(-H0(t) exp(x'b)); for one cause among several this is not a probability of being alive:
    combine the causes with `cause_specific`. Fine-Gray: F = 1 - exp(-H0(t) exp(x'b)). H0 is Breslow's for
    Breslow ties and Efron's for Efron ties; steps are carried flat after the last event.

    Parameters
    ----------
    fit : Fit
    X : frame or array
        New rows with the model's columns; a level never seen is an error.
    times : sequence of float
    stratum : str, optional
        Needed for a stratified model.
    level, interval
        Of the limits of the probability. The standard error of Cox predictions is that of R's
        `survfit.coxph`; of Fine-Gray's, the influence function with every source of variation its variance
        has.

    Returns
    -------
    polars.DataFrame
        `measure` "survival" or "incidence"; `group` numbers the new rows from 1; `time`, `estimate`,
        `std_error`, `low`, `high`.
    """
    moments_at = np.asarray(times, dtype=float)
    if fit.model == "Cox":
        hazards = predicted_hazards(fit, X, moments_at, stratum)
        estimate = np.exp(-hazards.cumulative)
        error = estimate * hazards.std_error
        measure = "survival"
    else:
        estimate, error = _incidence(fit, X, moments_at, stratum)
        measure = "incidence"
    low, high = probability_limits(estimate.ravel(), error.ravel(), interval, level)
    return result_rows(
        {
            "measure": measure,
            "scale": interval,
            "stratum": stratum if stratum is not None else fit.strata[0],
            "group": np.repeat(np.arange(1, len(estimate) + 1), len(moments_at)).astype(str),
            "cause": fit.cause,
            "time": np.tile(moments_at, len(estimate)),
            "estimate": estimate.ravel(),
            "std_error": error.ravel(),
            "low": low,
            "high": high,
            "confidence": level,
        }
    )


def _incidence(fit: Fit, X: Any, times: Floats, stratum: str | None) -> tuple[Floats, Floats]:
    """Fine-Gray incidence and its standard error by influence (rows, times)."""
    centred = matching_design(fit, X) - fit.data.centre
    relative = np.exp(centred @ fit.coefficients)
    index, base = of_stratum(fit, baselines(fit), stratum)
    level = np.concatenate([[0.0], base.cumulative])[steps_upto(base, times)]
    incidence = -np.expm1(-relative[:, None] * level)
    coefficients = coefficient_influence(fit)
    points = fit.data.points
    error = np.empty_like(incidence)
    for column, time in enumerate(times):
        upto = ((points.point_stratum == index) & (points.point_time <= time * (1 + 1.5e-8))).astype(float)
        hazard = hazard_influence(fit, upto, coefficients)
        for row, x in enumerate(centred):
            influence = relative[row] * (hazard + level[column] * (x @ coefficients))
            error[row, column] = (1 - incidence[row, column]) * influence_error(fit, influence)
    return incidence, error
