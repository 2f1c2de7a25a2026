"""Baseline hazards of a fit, and the probabilities they predict for new rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.ties import TOLERANCE
from remission.regress.covariates import Covariates, covariates, design
from remission.regress.fit import Fit
from remission.regress.moments import Floats, hazard_means

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """Cumulative baseline hazard of one stratum, at the covariate means.

    Attributes
    ----------
    stratum : str
    time : array (k,)
        Event times of the stratum.
    cumulative : array (k,)
        Sum of mass / Z over sub-rows up to each time: Breslow's estimator for a Breslow fit, Efron's for an
        Efron one.
    variance : array (k,)
        Its model-based variance with the coefficients known.
    mean : array (p, k)
        Sum of h M: with it, `cumulative * x - mean` is the derivative of a row's log cumulative hazard
        scaled by H0.
    """

    stratum: str
    time: Floats
    cumulative: Floats
    variance: Floats
    mean: Floats


def baselines(fit: Fit) -> tuple[Baseline, ...]:
    """Cumulative baseline hazards by stratum, covariates at their means (centred)."""
    rows, at, points = fit.data, fit.at, fit.data.points
    scale = np.exp(-at.log_shift)
    found = []
    mean = hazard_means(rows, at)[0]
    for index, label in enumerate(fit.strata):
        here = (
            slice(int(points.offset[index]), int(points.offset[index + 1]))
            if index + 1 < len(points.offset)
            else slice(0, 0)
        )
        found.append(
            Baseline(
                label,
                points.point_time[here],
                np.cumsum(at.sums.s10[here]) * scale,
                np.cumsum(at.sums.s20[here]) * scale**2,
                np.cumsum(mean[:, here], axis=1) * scale,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """Predicted cumulative hazards of new rows at given times: arrays (rows, times).

    `std_error` is of the cumulative hazard (of log survival).
    """

    cumulative: Floats
    std_error: Floats


def predicted_hazards(fit: Fit, X: Any, times: Floats, stratum: str | None = None) -> Hazards:
    """Cumulative hazard of each new row at each time, with its standard error.

    H = H0(t) exp(x'b); var H = exp(2 x'b) { sum of mass/Z^2 up to t + D'VD }, D = H0 x - sum of h M, V the
    variance of the fit (robust in a robust fit, while the first term stays model-based, as in R's
    `survfit.coxph`). Step functions: 0 before the first event, carried flat after the last.

    Raises
    ------
    InputError
        Columns that differ from the model's, unseen levels, or a stratum that was not named in a stratified
        model.
    """
    centred = matching_design(fit, X) - fit.data.centre
    base = of_stratum(fit, baselines(fit), stratum)[1]
    relative = np.exp(centred @ fit.coefficients)
    upto = steps_upto(base, np.asarray(times, dtype=float))
    level = np.concatenate([[0.0], base.cumulative])[upto]
    known = np.concatenate([[0.0], base.variance])[upto]
    mean = np.concatenate([np.zeros((len(fit.terms), 1)), base.mean], axis=1)[:, upto]
    result = np.empty((len(centred), len(upto)))
    for row, x in enumerate(centred):
        slope = level * x[:, None] - mean
        result[row] = known + np.einsum("pt,pq,qt->t", slope, fit.variance, slope)
    return Hazards(relative[:, None] * level, relative[:, None] * np.sqrt(np.maximum(result, 0.0)))


def matching_design(fit: Fit, X: Any) -> Floats:
    """New rows as the model's columns (rows, p), in its levels.

    Raises
    ------
    InputError
        If columns differ from the model's, or a level was never seen.
    """
    if fit.covariates.declared and not isinstance(X, Covariates):
        return design(fit.covariates.declared, X).values
    found = covariates(X, levels=fit.covariates.levels)
    if found.names != fit.terms:
        message = f"the new rows have {', '.join(found.names)}; the model has {', '.join(fit.terms)}"
        raise InputError(message)
    return found.values


def steps_upto(base: Baseline, times: Floats) -> Ints:
    """Number of the baseline's steps at or before each time, ties included."""
    return np.searchsorted(base.time, times * (1 + TOLERANCE), side="right")


def of_stratum(fit: Fit, found: tuple[Baseline, ...], stratum: str | None) -> tuple[int, Baseline]:
    """Index and baseline of the stratum named, or of the only one.

    Raises
    ------
    InputError
        If it is not named where there are several, or unknown.
    """
    if stratum is None and len(found) == 1:
        return 0, found[0]
    for index, base in enumerate(found):
        if base.stratum == stratum:
            return index, base
    named = "say which with stratum=" if stratum is None else f'there is none called "{stratum}"'
    message = f"the model has the strata {', '.join(fit.strata)}: {named}"
    raise InputError(message)
