"""Elastic net along a path of penalties: logistic with classes of equal weight, and linear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDS = 25
CLOSE = 1e-6


def logistic_path(x: Floats, y: Floats, penalties: tuple[float, ...], mixing: float) -> Floats:
    """Coefficients of log odds, one column per penalty: rows are the genes, then the intercept.

    Minimises the mean deviance / 2, each class having half of the weight, + penalty × (mixing |b|_1 +
    (1 - mixing) |b|²/2). Penalties are shares of the least one at which all coefficients are 0. Iteratively
    reweighted least squares; each least-squares step by scikit-learn's coordinate descent.

    Parameters
    ----------
    x : array (n, p)
        Standardised.
    y : array (n,) of 0 and 1
    penalties : tuple of float
        Falling shares, 1 and below.
    mixing : float
        1 = lasso, towards 0 = ridge.

    References
    ----------
    Zou and Hastie, J R Stat Soc B 2005; Friedman, Hastie and Tibshirani, J Stat Softw 2010.
    """
    n, p = x.shape
    weight = np.where(y == 1, n / (2 * y.sum()), n / (2 * (n - y.sum())))
    largest = float(np.abs(x.T @ (weight * (y - 0.5))).max()) / n / mixing
    answer = np.zeros((p + 1, len(penalties)))
    b, b0 = np.zeros(p), 0.0
    for column, share in enumerate(penalties):
        penalty = max(share * largest, 1e-10)
        for _ in range(ROUNDS):
            eta = np.clip(b0 + x @ b, -30, 30)
            chance = 1 / (1 + np.exp(-eta))
            curve = np.maximum(chance * (1 - chance), 1e-5)
            new, new0 = _least_squares(x, eta + (y - chance) / curve, weight * curve, penalty, mixing, b)
            moved = max(float(np.abs(new - b).max(initial=0.0)), abs(new0 - b0))
            b, b0 = new, new0
            if moved < CLOSE * (1 + float(np.abs(b).max(initial=0.0))):
                break
        answer[:p, column], answer[p, column] = b, b0
    return answer


def linear_path(x: Floats, y: Floats, penalties: tuple[float, ...], mixing: float) -> Floats:
    """Coefficients of the value, as `logistic_path`: half the mean squared error + penalty."""
    n, p = x.shape
    centred = y - y.mean()
    largest = float(np.abs(x.T @ centred).max()) / n / mixing
    answer = np.zeros((p + 1, len(penalties)))
    b = np.zeros(p)
    for column, share in enumerate(penalties):
        b, b0 = _least_squares(x, y, np.ones(n), max(share * largest, 1e-10), mixing, b)
        answer[:p, column], answer[p, column] = b, b0
    return answer


def _least_squares(
    x: Floats, z: Floats, weight: Floats, penalty: float, mixing: float, start: Floats
) -> tuple[Floats, float]:
    """Weighted elastic net with an intercept that is not penalised."""
    import warnings  # noqa: PLC0415

    from sklearn import config_context  # noqa: PLC0415
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.linear_model import enet_path  # noqa: PLC0415

    total = weight.sum()
    x_mean, z_mean = weight @ x / total, float(weight @ z) / total
    root = np.sqrt(weight)
    # the arrays are checked, and the last digits of a step that is repeated anyway do not matter
    with config_context(assume_finite=True, skip_parameter_validation=True), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        b = enet_path(
            np.asfortranarray((x - x_mean) * root[:, None]),
            (z - z_mean) * root,
            l1_ratio=mixing,
            alphas=[penalty],
            precompute=False,
            coef_init=start.copy(),
            tol=1e-5,
            max_iter=2000,
            check_input=False,
        )[1][:, 0]
    b = np.asarray(b, dtype=np.float64)
    return b, z_mean - float(x_mean @ b)
