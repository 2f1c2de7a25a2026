"""The area under one survival curve up to a horizon, with its variance."""

from __future__ import annotations

import numpy as np

from remission.core.steps import areas_until
from remission.estimate.influence import Influence, squares_of
from remission.estimate.risk import Risk
from remission.estimate.source import Rows
from remission.events.table import Block


def mean_until(
    block: Block, risk: Risk, rows: Rows | None, until: float, *, robust: bool
) -> tuple[float, float]:
    """Restricted mean and its variance.

    mu = integral of S from 0 to `until`;  V = sum over t_k < until of A_k^2 d_k/(n_k (n_k - d_k)), where
    A_k is the integral of S from t_k to `until` and a term with n_k = d_k is 0. Robust: the sum of squared
    influence, where being at risk and leaving at t_k contribute -A_k/(n_k - d_k) (dN - Y d_k/n_k).

    Where time is counted from before 0, so is the mean: its origin stays 0.
    """
    start = min([0.0, *risk.time[:1]])
    area = areas_until(risk.time, risk.survival, until)
    first = float(risk.time[0]) if len(risk.time) else until
    mean = start + max(min(first, until) - start, 0.0) + (float(area[0]) if len(area) else 0.0)
    if not robust:
        return mean, float(np.sum(area**2 * risk.per_stay(risk.per_at_risk(risk.events))))
    jump = -risk.per_stay(area)
    drift = np.cumsum(jump * risk.per_at_risk(risk.events))
    jumps = np.broadcast_to(jump[:, None, None], (*risk.d.shape, 1))
    squares = squares_of(Influence(jumps, drift[:, None]), block, rows)[:, 0, 0]
    return mean, max(float(squares[-1]), 0.0) if len(squares) else 0.0
