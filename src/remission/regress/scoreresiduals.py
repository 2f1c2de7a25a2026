"""What each row contributes to the score, and the sandwich variances made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.moments import Floats, Moments, Rows, accumulate, hazard_means, mean_sum
from remission.regress.products import weighted_products


def risk_means(rows: Rows, at: Moments) -> Floats:
    """Covariate mean of each point's risk set, averaged over the tie's sub-rows (p, m)."""
    return mean_sum(rows, at) / rows.mass


def score_residuals(rows: Rows, at: Moments) -> Floats:
    """Derivative of the score by each row's case weight (p, n), in sorted order; not weighted.

    L_i = d_i (x_i - mean of M over the tie) - r_i (x_i acc(h)_i - acc(hM)_i), Efron's corrections included,
    and for Fine-Gray the part after a competing event. Their weighted sum is the score.
    """
    points = rows.points
    unweighted = at.relative / rows.weight
    result = np.empty_like(rows.covariates)
    for column, x in enumerate(rows.covariates):
        residual = result[column]
        np.multiply(x, at.hazard, out=residual)
        residual -= accumulate(rows, *hazard_means(rows, at, column))
        residual *= -unweighted
        means = mean_sum(rows, at, column) / rows.mass
        residual[points.deaths] += x[points.deaths] - means[points.own]
    return result


def sandwich(residuals: Floats, weight: Floats, bread: Floats, cluster: NDArray[np.int64] | None) -> Floats:
    """Robust variance: bread, summed outer products of weighted residuals (by row or cluster), bread.

    No small-sample factor, as in R's `coxph` and cmprsk's `crr`.
    """
    if cluster is None:
        meat = weighted_products(residuals, weight**2)
    else:
        size = int(cluster.max(initial=-1)) + 1
        sums = np.stack([sums_by(cluster, row * weight, size) for row in residuals])
        meat = weighted_products(sums, np.ones(size))
    return bread @ meat @ bread
