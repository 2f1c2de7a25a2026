"""Estimates of multiply imputed data pooled by Rubin's rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from remission.core.problems import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """An estimate over imputations.

    Attributes
    ----------
    estimate, std_error, low, high : float
    df : float
        Barnard and Rubin's degrees of freedom; infinite where imputations agree and the data are endless.
    within, between : float
        Mean variance, and variance of the estimates.
    missing_information : float
        Fraction of information that is missing: (1 + 1/m) between / total.
    imputations : int
    """

    estimate: float
    std_error: float
    low: float
    high: float
    df: float
    within: float
    between: float
    missing_information: float
    imputations: int


def pool(
    estimates: ArrayLike, variances: ArrayLike, *, complete_df: float = float("inf"), level: float = 0.95
) -> Pooled:
    """Pool estimates of m imputed data sets: mean, and variance W + (1 + 1/m) B.

    Parameters
    ----------
    estimates, variances : array-like (m,)
        On a scale on which they are about normal (Fisher's z for correlations, logarithm for ratios).
    complete_df : float
        Degrees of freedom if nothing had been missing.
    level : float

    Raises
    ------
    InputError
        With fewer than two imputations, or numbers that are none.

    References
    ----------
    Rubin, Multiple Imputation for Nonresponse in Surveys, 1987; Barnard and Rubin, Biometrika 1999.

    Examples
    --------
    >>> found = pool([1.0, 1.2, 0.8], [0.04, 0.04, 0.04])
    >>> round(found.estimate, 6), round(found.std_error, 6), round(found.missing_information, 6)
    (1.0, 0.305505, 0.571429)
    """
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy loads when first needed

    q, u = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if q.ndim != 1 or q.shape != u.shape or len(q) < 2:
        raise InputError("give one estimate and one variance for each of two imputations or more.")
    if not (np.all(np.isfinite(q)) and np.all(np.isfinite(u)) and np.all(u >= 0)):
        raise InputError("estimates must be numbers and variances numbers not below 0.")
    if not 0 < level < 1:
        raise InputError(f"level must lie between 0 and 1, such as 0.95; it is {level}.")
    m = len(q)
    within, between = float(u.mean()), float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    share = (1 + 1 / m) * between / total if total > 0 else 0.0
    df = _degrees(share, m, complete_df)
    error = float(np.sqrt(total))
    reach = (float(stdtrit(min(df, 1e10), (1 + level) / 2)) if total > 0 else 0.0) * error
    middle = float(q.mean())
    return Pooled(middle, error, middle - reach, middle + reach, df, within, between, share, m)


def pool_correlations(correlations: ArrayLike, variances: ArrayLike, *, level: float = 0.95) -> Pooled:
    """Pool correlations on Fisher's z and return them as correlations; variances are those of z.

    `std_error`, `within` and `between` stay on the scale of z.

    Raises
    ------
    InputError
        As `pool`; or if a correlation does not lie between -1 and 1.

    Examples
    --------
    >>> round(pool_correlations([0.70, 0.72], [0.002, 0.002]).estimate, 4)
    0.7101
    """
    r = np.asarray(correlations, dtype=float)
    if not np.all(np.abs(r) < 1):
        raise InputError("correlations must lie between -1 and 1.")
    found = pool(np.arctanh(r), variances, level=level)
    return Pooled(
        float(np.tanh(found.estimate)),
        found.std_error,
        float(np.tanh(found.low)),
        float(np.tanh(found.high)),
        found.df,
        found.within,
        found.between,
        found.missing_information,
        found.imputations,
    )


def _degrees(share: float, m: int, complete: float) -> float:
    """Barnard and Rubin's degrees of freedom."""
    old = (m - 1) / share**2 if share > 0 else float("inf")
    if np.isinf(complete):
        return old
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    return 1 / (1 / old + 1 / observed) if np.isfinite(old) else observed
