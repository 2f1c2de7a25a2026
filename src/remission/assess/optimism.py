"""Harrell's bootstrap: by how much a model looks better on the patients it was learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from remission.assess.cindex import Competing, c_influence
from remission.assess.given import numbers, outcome, same_length
from remission.core.problems import InputError
from remission.regress.covariates import covariates
from remission.regress.cox import cox
from remission.regress.fit import Fit


@dataclass(frozen=True, slots=True)
class Optimism:
    """Apparent performance, and what is left when its optimism is taken away.

    Attributes
    ----------
    c_apparent, c_optimism, c_corrected : float
        Concordance index.
    slope_corrected : float
        Calibration slope to be expected in new patients: also the factor by which to shrink the coefficients.
    resamples, failed : int
        Asked for; and those in which the model could not be fitted (left out; many make the answer unsafe).
    seed : int
    """

    c_apparent: float
    c_optimism: float
    c_corrected: float
    slope_corrected: float
    resamples: int
    failed: int
    seed: int


def optimism(
    time: Any,
    event: Any,
    X: Any,
    *,
    cause: str | None = None,
    competing: Competing = "kept",
    resamples: int = 200,
    seed: int = 1,
) -> Optimism:
    """Correct the concordance and the slope of a Cox model for optimism.

    In each resample of patients (with replacement) the model is fitted anew; its C there less its C on the
    original patients is one draw of the optimism. The slope is that of a Cox model of the original patients
    on the resample's linear predictor.

    It corrects only what is repeated: coefficients. A score learned on the same patients before, variables
    chosen by looking at the outcome and cut-offs found in the data remain too good; those need
    cross-validation of everything, or new patients.

    Raises
    ------
    InputError
        As `cox`; if the model fails in more than half of the resamples.

    References
    ----------
    Harrell, Lee and Mark, Stat Med 1996.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = optimism(rng.exponential(size=60), np.ones(60, bool), rng.normal(size=(60, 4)), resamples=20)
    >>> found.c_corrected < found.c_apparent
    True
    """
    design = covariates(X)
    when = numbers(time, "time")
    _, status, _ = outcome(time, event, cause)
    same_length(time=when, X=design.values)
    names = [f"x{index}" for index in range(design.values.shape[1])]
    codes = np.array([None, "event", "other"], dtype=object)[status]
    kept = "event"

    def fitted(rows: Any) -> Fit:
        return cox(when[rows], status[rows] == 1, dict(zip(names, design.values[rows].T, strict=True)))

    def concordant(beta: Any, rows: Any) -> float:
        return c_influence(design.values[rows] @ beta, when[rows], codes[rows], kept, competing)[0]

    everybody = np.arange(len(when))
    apparent = concordant(fitted(everybody).coefficients, everybody)
    draw = np.random.default_rng(seed)
    gains, slopes, failed = [], [], 0
    for _ in range(resamples):
        rows = draw.integers(0, len(when), len(when))
        try:
            fit = fitted(rows)
            if fit.warnings:
                failed += 1
                continue
            linear = design.values @ fit.coefficients
            slope = cox(when, status == 1, {"linear": linear}).coefficients[0]
            gains.append(concordant(fit.coefficients, rows) - concordant(fit.coefficients, everybody))
            slopes.append(float(slope))
        except InputError:
            failed += 1
    if 2 * failed > resamples:
        raise InputError(
            f"the model could not be fitted in {failed} of {resamples} resamples: too few events for its "
            "variables"
        )
    gained = float(np.mean(gains))
    return Optimism(apparent, gained, apparent - gained, float(np.mean(slopes)), resamples, failed, seed)
