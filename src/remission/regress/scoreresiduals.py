"""What each row contributes to the score, and the sandwich variances made of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.moments import Floats, Moments, Rows, accumulate, hazard_means, mean_sum


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
    means = risk_means(rows, at)
    total, tied = hazard_means(rows, at)
    for column, x in enumerate(rows.covariates):
        result[column] = -unweighted * (x * at.hazard - accumulate(rows, total[column], tied[column]))
    result[:, points.deaths] += rows.covariates[:, points.deaths] - means[:, points.own]
    return result


def sandwich(residuals: Floats, weight: Floats, bread: Floats, cluster: NDArray[np.int64] | None) -> Floats:
    """Robust variance: bread, summed outer products of weighted residuals (by row or cluster), bread.

    No small-sample factor, as in R's `coxph` and cmprsk's `crr`.
    """
    weighted = residuals * weight
    if cluster is not None:
        size = int(cluster.max(initial=-1)) + 1
        weighted = np.stack([sums_by(cluster, row, size) for row in weighted])
    influence = bread @ weighted
    return influence @ influence.T
