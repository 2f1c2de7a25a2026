"""Nearest shrunken centroids of two classes, with their posterior log odds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def centroid_path(x: Floats, y: Floats, shares: tuple[float, ...]) -> Floats:
    """Posterior log odds of class 1 as a linear function, one column per threshold: genes, then intercept.

    With centroids c_k, overall mean m, pooled standard deviation s and s0 its median over genes,
    d_k = (c_k - m) / (m_k (s + s0)), m_k = sqrt(1/n_k - 1/n), is moved towards 0 by the threshold, and the
    centroids are made again from it. Discriminant of class k: -sum (x - c_k)²/(s + s0)²/2; the two priors
    are equal, as the share of a class among those learned from is no prior of the next patient.
    For two classes the difference is linear in x.

    Parameters
    ----------
    x : array (n, p)
    y : array (n,) of 0 and 1
    shares : tuple of float
        Thresholds as shares of the largest |d|, falling; at 1 nothing is left.

    References
    ----------
    Tibshirani, Hastie, Narasimhan and Chu, PNAS 2002; Stat Sci 2003 (m_k).
    """
    n, p = x.shape
    mean = x.mean(axis=0)
    groups = [x[y == k] for k in (0, 1)]
    inner = sum(((g - g.mean(axis=0)) ** 2).sum(axis=0) for g in groups)
    pooled = np.sqrt(np.asarray(inner) / max(n - 2, 1))
    scale = pooled + max(float(np.median(pooled)), 1e-12)
    step = [np.sqrt(1 / len(g) - 1 / n) for g in groups]
    apart = [(g.mean(axis=0) - mean) / (one * scale) for g, one in zip(groups, step, strict=True)]
    largest = max(float(np.abs(d).max(initial=0.0)) for d in apart)
    answer = np.zeros((p + 1, len(shares)))
    for column, share in enumerate(shares):
        low, high = (
            mean + one * scale * np.sign(d) * np.maximum(np.abs(d) - share * largest, 0.0)
            for d, one in zip(apart, step, strict=True)
        )
        answer[:p, column] = (high - low) / scale**2
        answer[p, column] = float(((low**2 - high**2) / scale**2).sum()) / 2
    return answer
