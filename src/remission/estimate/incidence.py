"""Aalen-Johansen estimate of cumulative incidence under competing risks."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from remission.core.limits import Interval, probability_limits
from remission.core.problems import InputError
from remission.estimate.curves import Curves, curve_of
from remission.estimate.risk import Risk, risk_of
from remission.estimate.source import Rows, Source, blocks_of, is_robust
from remission.estimate.varianceaalen import aalen_variance
from remission.estimate.variancedelta import delta_variance
from remission.estimate.variancejackknife import jackknife_variance
from remission.events.table import Block, Floats

Variance = Literal["aalen", "delta", "jackknife"]
_CERTAIN = 1 - 1e-12


def cumulative_incidence(
    source: Source,
    *,
    variance: Variance = "aalen",
    level: float = 0.95,
    interval: Interval = "log-log",
) -> Curves:
    """Estimate the probability of each cause by time t, the other causes competing; per stratum and group.

    F_c(t) = sum over t_k <= t of S(t_k-) d_kc/n_k, with S the Kaplan-Meier estimate for all causes
    together, so that S(t) and the F_c(t) add up to 1. With one cause F = 1 - S.

    Parameters
    ----------
    source : EventTable or Histories
        Clusters, and the jackknife with delayed entry, need `histories`.
    variance : str
        "aalen" (default): as R's `cmprsk::cuminc`; "delta": multinomial delta method, as `etm`, `prodlim`
        and Stata's `stcompet`; "jackknife": infinitesimal jackknife, as R's `survfit`, equal to "delta" for
        independent unweighted patients without delayed entry. With sampling weights or clusters only the
        jackknife is right.
    level : float
        Confidence level of the limits.
    interval : str
        Scale of the limits, see `core.limits.probability_limits`. The default "log-log", F^exp(-+ z se/(F
        log F)), is that of R's `tidycmprsk`.

    Returns
    -------
    Curves
        One per stratum, group and cause, with `.at(times)`, `.rows()`, `.curve(group=..., cause=...)`.

    Raises
    ------
    InputError
        If the variance does not hold for the data, or needs rows and the source is a table.

    Notes
    -----
    Ties and entry as in `kaplan_meier`. While F is 0, log-log, log, logit and arcsine limits are undefined.
    The variances "aalen" and "delta" differ by order 1/n, and more under ties: say which was used.

    References
    ----------
    Aalen and Johansen 1978; Gray 1988; Marubini and Valsecchi 1995; Therneau, Crowson and Atkinson 2024
    (jackknife).

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([1, 2, 3, 4, 5], ["relapse", "NRM", None, "relapse", None])
    >>> rows = cumulative_incidence(table).at(4)
    >>> dict(zip(rows["cause"], rows["estimate"].round(4)))
    {'NRM': 0.2, 'relapse': 0.5}
    """
    if variance not in get_args(Variance):
        raise InputError(f"variance must be one of {', '.join(get_args(Variance))}; it is {variance!r}.")
    if is_robust(source) and variance != "jackknife":
        raise InputError(
            f'variance="{variance}" does not hold with sampling weights or clusters; use "jackknife".'
        )
    curves = []
    for block, rows in blocks_of(source, robust=variance == "jackknife"):
        risk = risk_of(block)
        for column, cause in enumerate(block.topology.causes):
            estimate = incidence_of(risk, column)
            std_error = np.sqrt(_squared(variance, estimate, block, risk, rows, column))
            low, high = probability_limits(estimate, std_error, interval, level)
            sides = (estimate, std_error, low, high)
            curves.append(curve_of(block, risk, cause, risk.d[:, column], sides, 0.0))
    return Curves("incidence", interval, level, 0.0, tuple(curves))


def incidence_of(risk: Risk, column: int) -> Floats:
    """Estimate F of one cause; a value that is 1 but for rounding is 1."""
    incidence = np.cumsum(risk.survival_before * risk.per_at_risk(risk.d[:, column]))
    return np.where(incidence > _CERTAIN, 1.0, incidence)


def _squared(
    variance: Variance, incidence: Floats, block: Block, risk: Risk, rows: Rows | None, column: int
) -> Floats:
    if variance == "aalen":
        return aalen_variance(risk, column, incidence)
    if variance == "delta":
        squared = delta_variance(risk, column, incidence)
    else:
        squared = jackknife_variance(risk, column, incidence, block, rows)
    return np.where(incidence < 1, squared, 0.0)  # when all have had it nothing is uncertain
