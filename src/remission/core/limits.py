"""Confidence limits of a probability, of a positive number and of a difference: one place for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.tails import normal_quantile

Floats = NDArray[np.float64]
Limits = tuple[Floats, Floats]
Interval = Literal["plain", "log", "log-log", "logit", "arcsine"]
INTERVALS: tuple[Interval, ...] = get_args(Interval)


def critical(level: float) -> float:
    """Two-sided normal critical value of a confidence level.

    Raises
    ------
    InputError
        If the level does not lie between 0 and 1.

    Examples
    --------
    >>> round(critical(0.95), 6)
    1.959964
    """
    if not 0 < level < 1:
        raise InputError(f"level must lie between 0 and 1, such as 0.95; it is {level}.")
    return float(normal_quantile((1 + level) / 2))


def probability_limits(estimate: Floats, std_error: Floats, interval: Interval, level: float) -> Limits:
    """Limits of a probability p with standard error se, on one of five scales, within [0, 1].

    With z the critical value, s = se/p (0 where se = 0):

    * plain: p -+ z se;  log: p exp(-+ z s);
    * log-log: p^exp(-+ z s / log p), limits of log(-log p);
    * logit: expit(logit p -+ z s / (1 - p));
    * arcsine: sin^2(arcsin(sqrt p) -+ (z s / 2) sqrt(p / (1 - p))).

    Undefined limits are NaN: log at p = 0; log-log, logit and arcsine at p = 0 and at p = 1; all where se
    is NaN (Greenwood's at survival 0). At p = 1 with se = 0 plain and log give (1, 1).

    Parameters
    ----------
    estimate, std_error : array (K,)
    interval : str
        One of `INTERVALS`.
    level : float
        Confidence level.

    Raises
    ------
    InputError
        If the interval or the level is none.

    Examples
    --------
    >>> low, high = probability_limits(np.array([0.5]), np.array([0.1]), "log-log", 0.95)
    >>> low.round(4), high.round(4)
    (array([0.2952]), array([0.6745]))
    """
    if interval not in _SCALES:
        raise InputError(f"interval must be one of {', '.join(INTERVALS)}; it is {interval!r}.")
    z = critical(level)
    p = np.asarray(estimate, dtype=float)
    se = np.asarray(std_error, dtype=float)
    if interval != "plain":
        p = np.where(p > 0, p, np.nan)
        if interval != "log":
            p = np.where(p < 1, p, np.nan)
    with np.errstate(over="ignore"):
        low, high = _SCALES[interval](p, z * se)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)


def positive_limits(
    estimate: Floats, std_error: Floats, interval: Literal["plain", "log"], level: float
) -> Limits:
    """Limits of a number that cannot be negative: x -+ z se from 0 up, or x exp(-+ z se/x), NaN at x = 0.

    Raises
    ------
    InputError
        If the interval or the level is none.
    """
    if interval not in {"plain", "log"}:
        raise InputError(f"interval must be plain or log; it is {interval!r}.")
    z = critical(level)
    x = np.asarray(estimate, dtype=float)
    if interval == "plain":
        return np.maximum(x - z * std_error, 0.0), x + z * std_error
    x = np.where(x > 0, x, np.nan)
    with np.errstate(over="ignore"):
        return _log(x, z * std_error)


def _plain(p: Floats, reach: Floats) -> Limits:
    return p - reach, p + reach


def _log(p: Floats, reach: Floats) -> Limits:
    return p * np.exp(-reach / p), p * np.exp(reach / p)


def _log_log(p: Floats, reach: Floats) -> Limits:
    shift = reach / (p * -np.log(p))
    return p ** np.exp(shift), p ** np.exp(-shift)


def _logit(p: Floats, reach: Floats) -> Limits:
    middle, shift = np.log(p / (1 - p)), reach / (p * (1 - p))
    return 1 / (1 + np.exp(shift - middle)), 1 / (1 + np.exp(-shift - middle))


def _arcsine(p: Floats, reach: Floats) -> Limits:
    angle, shift = np.arcsin(np.sqrt(p)), reach / (2 * np.sqrt(p * (1 - p)))
    return np.sin(np.maximum(angle - shift, 0)) ** 2, np.sin(np.minimum(angle + shift, np.pi / 2)) ** 2


_SCALES: dict[str, Callable[[Floats, Floats], Limits]] = {
    "plain": _plain,
    "log": _log,
    "log-log": _log_log,
    "logit": _logit,
    "arcsine": _arcsine,
}
