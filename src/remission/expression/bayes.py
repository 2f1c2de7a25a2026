"""Empirical Bayes for variances: genes lend each other what few samples cannot tell (Smyth 2004)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SMALLEST = 1e-5  # variances below this share of their median are taken as it: a logarithm needs one above 0


@dataclass(frozen=True, slots=True)
class Prior:
    """Where the true variances of all genes lie: `variance` x df / chi-square on `df` (may be infinite)."""

    df: float
    variance: float


def fit_prior(variances: Floats, df: Floats) -> Prior:
    """Fit the prior of residual variances by the moments of their logarithms.

    s² is taken as prior variance times an F variable on (df, prior df). With e = log s² - digamma(df / 2) +
    log(df / 2), the prior df d solves trigamma(d / 2) = var(e) - mean trigamma(df / 2), and log of the prior
    variance is mean(e) + digamma(d / 2) - log(d / 2). Where the right side is not above 0 the variances
    differ no more than chance makes them: d is infinite and the prior variance the mean of s².

    Parameters
    ----------
    variances, df : array (genes,)
        Genes with NaN, or without degrees of freedom, are left out.

    Returns
    -------
    Prior
        With fewer than two genes nothing can be lent: prior df 0.

    References
    ----------
    Smyth GK. Stat Appl Genet Mol Biol 2004;3:3.

    Examples
    --------
    >>> prior = fit_prior(np.array([1.0, 2.0, 0.5, 8.0, 0.1]), np.full(5, 4.0))
    >>> round(prior.df, 3), round(prior.variance, 3)
    (1.754, 0.642)
    """
    used = np.isfinite(variances) & (df > 0)
    if used.sum() < 2:
        return Prior(0.0, float(variances[used][0]) if used.any() else np.nan)
    d, s = fit_priors(variances[used][None], df[used])
    return Prior(float(d[0]), float(s[0]))


def fit_priors(variances: Floats, df: Floats) -> tuple[Floats, Floats]:
    """Prior df and variance of each row of variances (rows, genes), all finite; df (genes,) above 0.

    Changes `variances`: none stays below the smallest that has a logarithm. One gene has no prior: df 0.
    """
    from scipy.special import digamma, polygamma  # noqa: PLC0415 - scipy loads when first needed

    if len(df) < 2:
        return np.zeros(len(variances)), variances.mean(axis=1)
    different, which, genes = np.unique(df, return_inverse=True, return_counts=True)
    offset = (np.log(different / 2) - digamma(different / 2))[which]
    noise = float(genes @ polygamma(1, different / 2)) / len(df)
    mean = variances.mean(axis=1)
    for row in np.flatnonzero(variances.min(axis=1) <= 2 * SMALLEST * mean):
        middle = float(np.median(variances[row]))
        variances[row] = np.maximum(variances[row], SMALLEST * (middle if middle > 0 else 1.0))
        mean[row] = variances[row].mean()
    e = np.log(variances)
    e += offset
    level = e.mean(axis=1)
    e -= level[:, None]
    spread = np.einsum("ij,ij->i", e, e) / (e.shape[1] - 1) - noise
    prior_df, prior_variance = np.full(len(e), np.inf), mean
    some = spread > 0
    prior_df[some] = 2 * trigamma_inverse(spread[some])
    half = prior_df[some] / 2
    prior_variance[some] = np.exp(level[some] + digamma(half) - np.log(half))
    return prior_df, prior_variance


def moderated_variance(variances: Floats, df: Floats, prior_df: Floats, prior_variance: Floats) -> Floats:
    """Weigh each variance and the prior one by their degrees of freedom."""
    if np.all(np.isinf(prior_df)):
        return np.broadcast_to(prior_variance, variances.shape)
    with np.errstate(invalid="ignore"):
        answer = (df * variances + prior_df * prior_variance) / (df + prior_df)
    return np.where(np.isinf(prior_df), prior_variance, answer)


def trigamma_inverse(x: Floats) -> Floats:
    """Solve trigamma(y) = x > 0 by Newton's method on 1 / trigamma, which is convex.

    Examples
    --------
    >>> trigamma_inverse(np.array([np.pi**2 / 6])).round(12)
    array([1.])
    """
    from scipy.special import polygamma  # noqa: PLC0415 - scipy loads when first needed

    x = np.asarray(x, dtype=float)
    large, small = x > 1e7, x < 1e-9
    y = 0.5 + 1.0 / x
    y[large] = 1.0 / np.sqrt(x[large])
    for _ in range(50):
        value = polygamma(1, y)
        step = value * (1 - value / x) / polygamma(2, y)
        step[large | small] = 0.0
        y = y + step
        if not np.any(np.abs(step) > 1e-14 * y):
            break
    return np.asarray(y)
