"""From a published standard error to limits, and from published limits to a standard error."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from remission.core.limits import Interval, critical, probability_limits

SMALLEST_SHARE = 0.8
"""Of the binomial error: a standard error below this share of it cannot be that of so many patients."""


def limits_from_error(
    estimate: float, std_error: float, level: float, interval: Interval = "log-log"
) -> tuple[float, float] | None:
    """Limits of a proportion with a published standard error; None where they are undefined or leave [0, 1].

    Examples
    --------
    >>> [round(100 * end, 1) for end in limits_from_error(0.662, 0.056, 0.95)]
    [54.0, 75.9]
    >>> limits_from_error(0.944, 0.054, 0.95, "plain") is None
    True
    """
    if interval == "plain":
        reach = critical(level) * std_error
        inside = estimate - reach >= 0 and estimate + reach <= 1
        return (estimate - reach, estimate + reach) if inside else None
    low, high = probability_limits(np.array([estimate]), np.array([std_error]), interval, level)
    ends = float(low[0]), float(high[0])
    return None if any(math.isnan(end) for end in ends) else ends


def error_from_limits(
    estimate: float, low: float, high: float, level: float, made_on: Literal["log-log", "plain"] = "log-log"
) -> float | None:
    """Give the standard error behind published limits, by the delta method from their scale.

    On the log-log scale half the distance of log(-log p) between the limits is z SE / (p |log p|); on the
    plain scale half the distance itself is z SE. Plain limits that were cut at 0 or 1 count on one side
    only. None where an end or the estimate is 0 or 1 on the log-log scale.

    Examples
    --------
    >>> round(100 * error_from_limits(0.432, 0.307, 0.551, 0.95), 2)
    6.32
    >>> round(100 * error_from_limits(0.955, 0.869, 1.0, 0.95, "plain"), 2)
    4.39
    """
    z = critical(level)
    if made_on == "plain":
        whole = [estimate - low] if high >= 1 else [high - estimate] if low <= 0 else [(high - low) / 2]
        return whole[0] / z if whole[0] > 0 else None
    if not (0 < low < high < 1 and 0 < estimate < 1):
        return None
    distance = math.log(-math.log(low)) - math.log(-math.log(high))
    return distance / (2 * z) * estimate * -math.log(estimate)


def binomial_error(estimate: float, n: int) -> float:
    """Standard error of a proportion of n patients none of whom was censored: sqrt(p (1 - p) / n).

    Examples
    --------
    >>> round(100 * binomial_error(0.662, 75), 2)
    5.46
    """
    return math.sqrt(estimate * (1 - estimate) / n)


def too_small(estimate: float, std_error: float, n: int) -> bool:
    """Whether a standard error is smaller than so many patients allow: censoring can only make it larger.

    Examples
    --------
    >>> too_small(0.662, 0.056, 75), too_small(0.662, 0.0056, 75)
    (False, True)
    """
    return std_error < SMALLEST_SHARE * binomial_error(estimate, n)
