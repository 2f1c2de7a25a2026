"""Kaplan-Meier estimate of survival."""

from __future__ import annotations

import numpy as np

from remission.core.limits import Interval, probability_limits
from remission.estimate.curves import Curves, Measure, curve_of
from remission.estimate.influence import Influence, squares_of
from remission.estimate.risk import Risk, risk_of
from remission.estimate.source import Rows, Source, blocks_of, is_robust
from remission.events.table import Block, Floats


def kaplan_meier(source: Source, *, level: float = 0.95, interval: Interval = "log-log") -> Curves:
    """Estimate the probability of being free of any event, per stratum and group.

    S(t) = product over t_k <= t of (1 - d_k/n_k), with d_k all events at t_k and n_k at risk just before it.

    The standard error is Greenwood's, S sqrt(sum d_k / (n_k (n_k - d_k))); with sampling weights or
    clusters it is the infinitesimal jackknife, which allows for both. With several causes S is the chance
    to be free of all of them; to censor the others makes no survival curve, see `cumulative_incidence`.

    Parameters
    ----------
    source : EventTable or Histories
        Clusters, or sampling weights with delayed entry, need `histories`.
    level : float
        Confidence level of the limits.
    interval : str
        Scale of the limits: "log-log" (default), "plain", "log", "logit" or "arcsine"; see
        `core.limits.probability_limits`.

    Returns
    -------
    Curves
        With `.at(times)`, `.quantile(0.5)`, `.rows()`, `.curve(group=...)`.

    Raises
    ------
    InputError
        If the variance needs rows and the source is a table.

    Notes
    -----
    Whoever is censored at the time of an event is at risk there; whoever enters at it is not. Where
    everyone at risk has the event, S is 0 from then on; Greenwood's error and all limits are undefined
    there (the robust error is 0). Before the first event log-log, logit and arcsine limits are undefined as
    well. After the last time S is carried flat.

    References
    ----------
    Kaplan and Meier 1958; Greenwood 1926; Kalbfleisch and Prentice 1980 (log-log).

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> curves = kaplan_meier(event_table([2, 3, 3, 5, 8], [True, True, False, True, False]))
    >>> curves.at([3, 6])["estimate"].round(4).to_list()
    [0.6, 0.3]
    >>> curves.quantile(0.5)["estimate"].to_list()
    [5.0]
    """
    return survival_curves(source, "survival", level, interval)


def survival_curves(source: Source, measure: Measure, level: float, interval: Interval) -> Curves:
    """Estimate Kaplan-Meier curves under the name of a measure."""
    robust = is_robust(source)
    curves = []
    for block, rows in blocks_of(source, robust=robust):
        risk = risk_of(block)
        std_error = _robust_error(block, risk, rows) if robust else greenwood(risk)
        low, high = probability_limits(risk.survival, std_error, interval, level)
        sides = (risk.survival, std_error, low, high)
        curves.append(curve_of(block, risk, "", risk.events, sides, 1.0))
    return Curves(measure, interval, level, 1.0, tuple(curves))


def greenwood(risk: Risk) -> Floats:
    """Greenwood's standard error of survival; NaN where survival is 0."""
    error = risk.survival * np.sqrt(np.cumsum(risk.per_stay(risk.per_at_risk(risk.events))))
    return np.where(risk.survival > 0, error, np.nan)


def _robust_error(block: Block, risk: Risk, rows: Rows | None) -> Floats:
    """Standard error from the influence of each row, or cluster of rows, on log S; 0 where survival is 0."""
    jump = -risk.per_stay(np.ones_like(risk.n))
    jumps = np.broadcast_to(jump[:, None, None], (*risk.d.shape, 1))
    drift = np.cumsum(jump * risk.per_at_risk(risk.events))
    squares = squares_of(Influence(jumps, drift[:, None]), block, rows)[:, 0, 0]
    error: Floats = risk.survival * np.sqrt(np.maximum(squares, 0.0))
    return error
