"""Tail probabilities, never as one minus a distribution function, and the normal quantile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def chi_square_upper(statistic: Any, df: Any) -> Floats:
    """Probability that a chi-square variable on `df` degrees of freedom exceeds `statistic`.

    Parameters
    ----------
    statistic : float or array
        NaN gives NaN.
    df : float or array
        Where it is below 1 there is no test: NaN.

    Examples
    --------
    >>> float(chi_square_upper(3.841458820694124, 1).round(12))
    0.05
    >>> float(chi_square_upper(300.0, 2)) < 1e-60
    True
    """
    from scipy.special import chdtrc  # noqa: PLC0415 - scipy loads when first needed

    df = np.asarray(df, dtype=float)
    return np.asarray(np.where(df >= 1, chdtrc(np.maximum(df, 1.0), statistic), np.nan))


def normal_two_sided(z: Any) -> Floats:
    """Probability that a standard normal variable is further from 0 than `z`.

    Examples
    --------
    >>> float(normal_two_sided(1.959963984540054).round(12))
    0.05
    """
    from scipy.special import ndtr  # noqa: PLC0415 - scipy loads when first needed

    return np.asarray(2.0 * ndtr(-np.abs(z)))


def normal_quantile(probability: Any) -> Floats:
    """Quantile of the standard normal distribution.

    Examples
    --------
    >>> float(normal_quantile(0.975).round(6))
    1.959964
    """
    from scipy.special import ndtri  # noqa: PLC0415 - scipy loads when first needed

    return np.asarray(ndtri(probability))


def student_two_sided(t: Any, df: Any) -> Floats:
    """Probability that a Student variable on `df` degrees of freedom (infinite: normal) is further from 0.

    NaN where `t` is NaN or `df` is not above 0.

    Examples
    --------
    >>> student_two_sided([2.0, 2.0], [10, float("inf")]).round(6).tolist()
    [0.073388, 0.0455]
    """
    from scipy.special import betainc, ndtr  # noqa: PLC0415 - scipy loads when first needed

    t, df = np.broadcast_arrays(np.asarray(t, dtype=float), np.asarray(df, dtype=float))
    usable = np.isfinite(df) & (df > 0)
    size = np.where(usable, df, 1.0)
    with np.errstate(over="ignore"):  # the square of a huge t is infinite, and its tail 0
        share = 1.0 / (1.0 + t * t / size)
    tail = betainc(size / 2, 0.5, share)
    return np.asarray(np.where(usable, tail, np.where(df > 0, 2.0 * ndtr(-np.abs(t)), np.nan)))
