"""Restricted mean survival time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from remission.core.limits import critical
from remission.core.problems import InputError
from remission.core.ties import TOLERANCE
from remission.core.vocabulary import result_rows, shown_rows
from remission.estimate.horizon import largest_horizon
from remission.estimate.meanarea import mean_until
from remission.estimate.risk import Risk, risk_of
from remission.estimate.source import Source, blocks_of, is_robust

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Mean:
    """Restricted mean of one stratum and group; NaN for a group without patients.

    `variance` is that of the estimate; `at_risk` those at risk at the first time, `events` those up to the
    horizon.
    """

    stratum: str
    group: str
    estimate: float
    variance: float
    at_risk: float
    events: float


@dataclass(frozen=True, slots=True, repr=False)
class Means:
    """Restricted means of all strata and groups.

    Attributes
    ----------
    until : float
        The horizon.
    confidence : float
    means : tuple of Mean
    """

    until: float
    confidence: float
    means: tuple[Mean, ...]

    def __iter__(self) -> Iterator[Mean]:
        return iter(self.means)

    def __repr__(self) -> str:
        return shown_rows(self.rows())

    def rows(self) -> pl.DataFrame:
        """One row per stratum and group; the horizon stands in `time`."""
        estimate = np.array([mean.estimate for mean in self])
        error = np.sqrt([mean.variance for mean in self])
        reach = critical(self.confidence) * error
        return result_rows(
            {
                "measure": "restricted mean",
                "scale": "plain",
                "stratum": [mean.stratum or None for mean in self],
                "group": [mean.group or None for mean in self],
                "time": self.until,
                "estimate": estimate,
                "std_error": error,
                "low": estimate - reach,
                "high": estimate + reach,
                "confidence": self.confidence,
                "at_risk": [mean.at_risk for mean in self],
                "events": [mean.events for mean in self],
            }
        )


def restricted_mean(
    source: Source, *, until: float | None = None, level: float = 0.95, extend: bool = False
) -> Means:
    """Estimate the mean event-free time up to a horizon: the area under the Kaplan-Meier curve.

    Parameters
    ----------
    source : EventTable or Histories
        Clusters, or sampling weights with delayed entry, need `histories`.
    until : float, optional
        The horizon, in the unit of time of the data. Default: the largest at which all curves are known.
    level : float
        Confidence level of the limits, estimate -+ z se.
    extend : bool
        Allow a horizon beyond the follow-up and carry the last value of the curve flat, as R's `survfit`
        does without a word.

    Returns
    -------
    Means
        With `.rows()`.

    Raises
    ------
    InputError
        If the horizon is not positive, or lies beyond the follow-up of a group whose curve ends in a
        censoring.

    Notes
    -----
    The variance is sum A_k^2 d_k/(n_k (n_k - d_k)), A_k the area still to come, without a factor m/(m - 1).
    An event at the horizon contributes nothing. With sampling weights or clusters it is the infinitesimal
    jackknife; R's `se(rmean)` is not robust then, even where the errors of the curve are. On a table cut at
    a landmark the time before it counts as lived.

    References
    ----------
    Irwin 1949; Karrison 1987; Royston and Parmar 2013.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([1, 2, 3, 4], [True, True, True, False])
    >>> restricted_mean(table, until=4).rows()["estimate"].to_list()
    [2.5]
    """
    robust = is_robust(source)
    parts = [(block, risk_of(block), rows) for block, rows in blocks_of(source, robust=robust)]
    horizon = horizon_for([risk for _, risk, _ in parts], until, extend=extend)
    means = []
    for block, risk, rows in parts:
        if not len(risk.time):
            means.append(Mean(block.stratum, block.group, np.nan, np.nan, 0.0, 0.0))
            continue
        estimate, variance = mean_until(block, risk, rows, horizon, robust=robust)
        events = float(risk.events[risk.time <= horizon * (1 + TOLERANCE)].sum())
        means.append(Mean(block.stratum, block.group, estimate, variance, float(risk.n[0]), events))
    return Means(horizon, level, tuple(means))


def horizon_for(risks: list[Risk], until: float | None, *, extend: bool) -> float:
    """Return the horizon asked for, or the largest.

    Raises
    ------
    InputError
        If it is not positive and finite, or is too far.
    """
    largest = largest_horizon(risks)
    horizon = largest if until is None else float(until)
    if not 0 < horizon < np.inf:
        raise InputError(f"until must be a time after 0; it is {horizon:g}.")
    if horizon > largest * (1 + TOLERANCE) and not extend:
        raise InputError(
            f"until = {horizon:g} lies beyond the follow-up; the curves are known up to {largest:g}. "
            "Choose an earlier time, or carry the last values flat with extend=True."
        )
    return horizon
