"""Variance of cumulative incidence as in R's `cmprsk::cuminc` (Aalen 1978; Gray 1988)."""

from __future__ import annotations

import numpy as np

from remission.estimate.risk import Risk
from remission.estimate.variancesum import from_end, quadratic
from remission.events.table import Floats


def aalen_variance(risk: Risk, column: int, incidence: Floats) -> Floats:
    """Treat the causes as independent, with a correction for ties.

    V(t) = sum S(t_k-)^2/n_k^2 { (1 - q_k)^2 b(d_kc) d_kc + q_k^2 b(d_ko) d_ko },

    where q_k = (F(t) - F(t_k))/S(t_k), 0 where S(t_k) = 0; d_ko counts the other causes together, its term
    dropped where S(t_k) = 0; b(d) = 1 - (d - 1)/(n - 1), 1 for d <= 1. If all n > 1 at risk have the cause,
    b = 0.
    """
    f = from_end(incidence)
    scale = risk.per_survival(np.ones_like(f))
    own = _spread(risk, risk.d[:, column])
    other = np.where(risk.survival > 0, _spread(risk, risk.events - risk.d[:, column]), 0.0)
    missed, gained = 1 + scale * f, scale * f
    return quadratic(
        f,
        np.cumsum(missed**2 * own + gained**2 * other),
        np.cumsum(scale * (missed * own + gained * other)),
        np.cumsum(scale**2 * (own + other)),
    )


def _spread(risk: Risk, d: Floats) -> Floats:
    """`S(t-)^2 b(d) d / n^2`."""
    ties = np.where(d > 1, 1 - (d - 1) / np.maximum(risk.n - 1, 1.0), 1.0)
    return risk.survival_before**2 * ties * risk.per_at_risk(risk.per_at_risk(d))
