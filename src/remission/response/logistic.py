"""The four-parameter logistic curve: its formula, and the best place to begin a fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

Floats = NDArray[np.float64]
LN10 = float(np.log(10.0))
_PLACES, _SLOPES = 41, 11


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the parameters of a fitted curve may lie.

    Attributes
    ----------
    top : tuple of float
        Survival without drug, per cent. The bottom lies between 0 and the top.
    slope : tuple of float
        Hill slope.
    beyond : float
        Decades by which the EC50 may lie outside the tested doses while fitting; it is then never reported as
        a number.
    """

    top: tuple[float, float] = (50.0, 150.0)
    slope: tuple[float, float] = (0.1, 10.0)
    beyond: float = 1.0

    def __post_init__(self) -> None:
        for name, (low, high) in (("top", self.top), ("slope", self.slope)):
            if not 0 < low < high < float("inf"):
                raise InputError(f"{name} must be two numbers above 0, the lower first; it is {low}, {high}.")
        if not 0 <= self.beyond < float("inf"):
            raise InputError(f"beyond must be a number of decades, 0 or more; it is {self.beyond}.")


def survival_at(log_dose: Floats, parameters: Floats) -> Floats:
    """Survival of the curve b + (t - b) / (1 + (x / EC50)^h) at log10 doses.

    Parameters
    ----------
    log_dose : array (..., n) or float
    parameters : array (4,)
        Top t, bottom b, log10 EC50, slope h.

    Examples
    --------
    >>> survival_at(np.array([0.0, 1.0, 9.0]), np.array([100.0, 10.0, 1.0, 1.0])).round(2)
    array([91.82, 55.  , 10.  ])
    """
    t, b, m, h = parameters
    return np.asarray(b + (t - b) * remaining(log_dose, m, h))


def remaining(log_dose: Floats, m: Floats | float, h: Floats | float) -> Floats:
    """1 / (1 + 10^(h (x - m))), without overflow."""
    from scipy.special import expit  # noqa: PLC0415 - scipy loads when first needed

    return np.asarray(expit(-LN10 * h * (np.asarray(log_dose) - m)))


def log_dose_at(level: float, parameters: Floats) -> float:
    """Log10 of the dose at which the curve has a survival; NaN if it never has.

    Examples
    --------
    >>> round(log_dose_at(50, np.array([100.0, 0.0, 1.5, 2.0])), 6)
    1.5
    """
    t, b, m, h = (float(each) for each in parameters)
    if not b < level < t:
        return float("nan")
    return m + float(np.log10((t - level) / (level - b))) / h


def starts(log_dose: Floats, survival: Floats, bounds: Bounds) -> Floats:
    """Best beginnings for curves measured at the same doses: a grid of EC50 and slope, the rest solved.

    For given EC50 and slope the curve is linear in top and bottom, whose least squares under 0 <= b <= t and
    the bounds of t are known in closed form.

    Parameters
    ----------
    log_dose : array (n,)
    survival : array (curves, n)

    Returns
    -------
    array (curves, 4)
        Top, bottom, log10 EC50, slope.
    """
    places = np.linspace(log_dose.min() - bounds.beyond, log_dose.max() + bounds.beyond, _PLACES)
    slopes = np.geomspace(*bounds.slope, _SLOPES)
    m, h = (each.ravel() for each in np.meshgrid(places, slopes, indexing="ij"))
    u = remaining(log_dose[None, :], m[:, None], h[:, None])
    v = 1.0 - u
    uu, uv, vv = (u * u).sum(1), (u * v).sum(1), (v * v).sum(1)
    found = np.empty((len(survival), 4))
    for row, y in enumerate(survival):
        t, b = _best_ends(uu, uv, vv, u @ y, v @ y, bounds)
        errors = t * t * uu + 2 * t * b * uv + b * b * vv - 2 * (t * (u @ y) + b * (v @ y))
        best = np.unravel_index(int(np.argmin(errors)), errors.shape)
        found[row] = t[best], b[best], m[best[1]], h[best[1]]
    return found


def _best_ends(
    uu: Floats, uv: Floats, vv: Floats, uy: Floats, vy: Floats, bounds: Bounds
) -> tuple[Floats, Floats]:
    """Candidates for top and bottom (5, grid): free, bottom 0, bottom = top, top at either bound."""
    low, high = bounds.top
    determinant = np.maximum(uu * vv - uv * uv, 1e-9 * uu * vv + 1e-12)
    free = (vv * uy - uv * vy) / determinant
    flat = (uy + vy) / (uu + 2 * uv + vv)
    tops = np.clip(
        np.stack([free, uy / np.maximum(uu, 1e-12), flat, np.full_like(free, low), np.full_like(free, high)]),
        low,
        high,
    )
    bottoms = np.clip((vy - uv * tops) / np.maximum(vv, 1e-12), 0.0, tops)
    bottoms[1] = 0.0
    bottoms[2] = tops[2]
    return tops, bottoms
