"""Logistic regression of a few columns with an offset, by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.assess.given import Flags, Floats
from remission.core.newton import maximise

FLATTEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """Coefficients with their variance; both NaN where the likelihood has no maximum (separation)."""

    coefficients: Floats
    variance: Floats
    log_likelihood: float
    converged: bool


def logistic(columns: Floats, truth: Flags, offset: Floats | None = None) -> Logistic:
    """Fit log odds = offset + columns @ coefficients; the caller adds a column of ones.

    Where the columns part the classes without fault the likelihood climbs for ever: the search then ends with
    a collapsed information or without converging, which is told, and no number is given.

    Examples
    --------
    >>> fit = logistic(np.ones((4, 1)), np.array([True, True, True, False]))
    >>> fit.coefficients.round(6)
    array([1.098612])
    """
    shift = np.zeros(len(truth)) if offset is None else offset
    y = truth.astype(float)

    def objective(b: Floats) -> tuple[float, Floats, Floats]:
        eta = shift + columns @ b
        p = expit(eta)
        value = float(y @ eta - np.logaddexp(0.0, eta).sum())
        return value, columns.T @ (y - p), (columns * (p * (1 - p))[:, None]).T @ columns

    found = maximise(objective, np.zeros(columns.shape[1]))
    start = np.linalg.eigvalsh(found.start_information)[-1] if columns.shape[1] else 1.0
    size = np.sqrt(np.diag(found.start_information))
    scaled = found.information / np.outer(size, size)
    flat = not np.isfinite(scaled).all() or np.linalg.eigvalsh(scaled)[0] < FLATTEST or start <= 0
    if not found.converged or flat:
        gone = np.full(columns.shape[1], np.nan)
        return Logistic(gone, np.full((len(gone), len(gone)), np.nan), found.value, converged=False)
    variance = np.asarray(np.linalg.inv(found.information), dtype=np.float64)
    return Logistic(found.point, variance, found.value, converged=True)


def expit(x: Floats) -> Floats:
    """Log odds to probability, without overflow.

    Examples
    --------
    >>> expit(np.array([0.0, -1000.0]))
    array([0.5, 0. ])
    """
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def logit(p: Floats) -> Floats:
    """Probability to log odds; 0 and 1 are moved to 1e-12 and 1 - 1e-12, so that they are finite."""
    inside = np.clip(p, 1e-12, 1 - 1e-12)
    return np.log(inside) - np.log1p(-inside)
