"""Variance of cumulative incidence by the delta method, the causes jointly multinomial at each time."""

from __future__ import annotations

import numpy as np

from remission.estimate.risk import Risk
from remission.estimate.variancesum import from_end, quadratic
from remission.events.table import Floats


def delta_variance(risk: Risk, column: int, incidence: Floats) -> Floats:
    """Greenwood's formula for competing risks (Marubini and Valsecchi 1995; R's `etm` and `prodlim`).

    V(t) = sum (F(t) - F_k)^2 d_k/(n_k (n_k - d_k)) + S(t_k-)^2 d_kc (n_k - d_kc)/n_k^3
               - 2 (F(t) - F_k) S(t_k-) d_kc/n_k^2,   the first term 0 where n_k = d_k.
    """
    f = from_end(incidence)
    hazard = risk.per_at_risk(risk.d[:, column])
    hazards = risk.per_stay(risk.per_at_risk(risk.events))
    own = risk.survival_before**2 * risk.per_at_risk(hazard) * (1 - hazard)
    both = risk.survival_before * risk.per_at_risk(hazard)
    return quadratic(
        f,
        np.cumsum(hazards * f**2 + own + 2 * both * f),
        np.cumsum(hazards * f + both),
        np.cumsum(hazards),
    )
