"""Nelson-Aalen estimate of the cumulative hazard of each cause."""

from __future__ import annotations

from typing import Literal

import numpy as np

from remission.core.limits import positive_limits
from remission.core.problems import InputError
from remission.estimate.curves import Curves, curve_of
from remission.estimate.influence import Influence, squares_of
from remission.estimate.risk import Risk, risk_of
from remission.estimate.source import Rows, Source, blocks_of, is_robust
from remission.events.table import Block, Floats


def nelson_aalen(
    source: Source,
    *,
    variance: Literal["aalen", "greenwood"] = "aalen",
    level: float = 0.95,
    interval: Literal["log", "plain"] = "log",
) -> Curves:
    """Estimate the cumulative (cause-specific) hazard, per stratum, group and cause.

    H_c(t) = sum over t_k <= t of d_kc/n_k.

    Parameters
    ----------
    source : EventTable or Histories
        Clusters, or sampling weights with delayed entry, need `histories`.
    variance : str
        "aalen": sum d/n^2 (R's `survfit`); "greenwood": sum d (n - d)/n^3, which allows for ties. With
        sampling weights or clusters neither holds and the infinitesimal jackknife is used.
    level : float
        Confidence level of the limits.
    interval : str
        "log" (default): H exp(-+ z se/H), undefined while H is 0; "plain": H -+ z se, not below 0.

    Returns
    -------
    Curves

    Raises
    ------
    InputError
        If the variance is not one of these, or needs rows and the source is a table.

    Notes
    -----
    Ties as they are: one factor d/n per time (R's `ctype = 1`), so exp(-H) is R's survival with `stype = 2`.

    References
    ----------
    Nelson 1972; Aalen 1978.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> curves = nelson_aalen(event_table([2, 3, 3, 5], [True, True, False, True]))
    >>> curves.at(3)["estimate"].round(4).to_list()
    [0.5833]
    """
    if variance not in {"aalen", "greenwood"}:
        raise InputError(f'variance must be "aalen" or "greenwood"; it is {variance!r}.')
    robust = is_robust(source)
    curves = []
    for block, rows in blocks_of(source, robust=robust):
        risk = risk_of(block)
        for column, cause in enumerate(block.topology.causes):
            d = risk.d[:, column]
            hazard = risk.per_at_risk(d)
            if robust:
                squared = _robust(block, risk, rows, column)
            elif variance == "aalen":
                squared = np.cumsum(risk.per_at_risk(hazard))
            else:
                squared = np.cumsum(risk.per_at_risk(hazard * (1 - hazard)))
            estimate, std_error = np.cumsum(hazard), np.sqrt(np.maximum(squared, 0.0))
            low, high = positive_limits(estimate, std_error, interval, level)
            sides = (estimate, std_error, low, high)
            curves.append(curve_of(block, risk, cause, d, sides, 0.0))
    return Curves("cumulative hazard", interval, level, 0.0, tuple(curves))


def _robust(block: Block, risk: Risk, rows: Rows | None, column: int) -> Floats:
    """Variance from the influence of each row, or cluster of rows."""
    jump = np.zeros((*risk.d.shape, 1))
    jump[:, column, 0] = risk.per_at_risk(np.ones_like(risk.n))
    drift = np.cumsum(risk.per_at_risk(risk.per_at_risk(risk.d[:, column])))
    return squares_of(Influence(jump, drift[:, None]), block, rows)[:, 0, 0]
