"""Variance of cumulative incidence by the infinitesimal jackknife, as R's multi-state `survfit`."""

from __future__ import annotations

import numpy as np

from remission.estimate.influence import Influence, squares_of
from remission.estimate.risk import Risk
from remission.estimate.source import Rows
from remission.estimate.variancesum import from_end, quadratic
from remission.events.table import Block, Floats


def jackknife_variance(risk: Risk, column: int, incidence: Floats, block: Block, rows: Rows | None) -> Floats:
    """Sum the squared influence of independent units: rows, or clusters of rows; weights allowed.

    The influence of a row with weight w on F(t) is w (a + F(t) b), where being at risk and leaving at t_k
    contribute

        S(t_k-)/n_k { (dN_c - Y d_c/n) - (F(t) - F_k)/S_k (dN - Y d/n) },   the second part 0 where S_k = 0.
    """
    f = from_end(incidence)
    alpha = risk.per_at_risk(risk.survival_before)
    beta = risk.per_survival(alpha)
    slope = risk.per_survival(f) * alpha
    jump = np.empty((*risk.d.shape, 2))
    jump[:, :, 0] = slope[:, None]
    jump[:, column, 0] += alpha
    jump[:, :, 1] = -beta[:, None]
    hazard, hazards = risk.per_at_risk(risk.d[:, column]), risk.per_at_risk(risk.events)
    drift = np.cumsum(np.column_stack([alpha * hazard + slope * hazards, -beta * hazards]), axis=0)
    squares = squares_of(Influence(jump, drift), block, rows)
    return quadratic(f, squares[:, 0, 0], -squares[:, 0, 1], squares[:, 1, 1])
