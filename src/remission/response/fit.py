"""Four-parameter fits of many curves, with standard errors where they are honest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.response.logistic import LN10, Bounds, log_dose_at, remaining, starts, survival_at

Floats = NDArray[np.float64]
FEWEST_DOSES = 5
_EDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Fit4:
    """A fitted curve.

    Attributes
    ----------
    top, bottom : float
        Survival in per cent without drug and at endless dose.
    log_ec50 : float
        log10 of the dose half-way between them (relative IC50); may lie outside the tested doses.
    slope : float
    log_ic50 : float
        log10 of the dose with the absolute survival asked for (50 %); NaN if the curve never has it.
    std_error_ec50, std_error_ic50 : float
        Standard errors of the two logarithms; NaN where they would not be honest.
    df : int
        Wells minus the parameters that were free.
    rmse : float
        Root of the mean square of the residuals on `df`; NaN if df = 0.
    note : str
        What is at a bound, or why there are no standard errors.
    """

    top: float
    bottom: float
    log_ec50: float
    slope: float
    log_ic50: float
    std_error_ec50: float
    std_error_ic50: float
    df: int
    rmse: float
    note: str

    @property
    def parameters(self) -> Floats:
        """Top, bottom, log10 EC50, slope."""
        return np.array([self.top, self.bottom, self.log_ec50, self.slope])


def fit_curves(
    doses: Sequence[Floats], survivals: Sequence[Floats], *, at: float = 50.0, bounds: Bounds | None = None
) -> list[Fit4 | None]:
    """Fit survival = b + (t - b) / (1 + (x / EC50)^h) to every curve by least squares on its wells.

    The start is the best of a fixed grid over EC50 and slope (451 places), so equal curves get equal answers;
    from there scipy's `least_squares` (trust region, within the bounds, exact derivatives). Survival falls
    with dose: 0 <= bottom <= top. Standard errors come from the residual variance and the derivatives at the
    minimum; where top or bottom is at its bound they are given that bound. There are none (NaN) where the
    EC50 or the slope is at a bound, the curve is flat, or no degree of freedom is left. Wells of one plate
    share its controls, whose own error is not in them.

    Parameters
    ----------
    doses, survivals : sequence of arrays
        One per curve; doses above 0, one entry per well, per cent.
    at : float
        Survival in per cent of the absolute IC50.
    bounds : Bounds, optional

    Returns
    -------
    list of Fit4 or None
        None with fewer than five different doses.

    Examples
    --------
    >>> dose = np.array([0.01, 0.1, 1, 10, 100, 1000])
    >>> fit = fit_curves([dose], [5 + 95 / (1 + dose / 2)])[0]
    >>> round(fit.top, 3), round(fit.bottom, 3), round(10**fit.log_ec50, 3), round(fit.slope, 3)
    (100.0, 5.0, 2.0, 1.0)
    """
    limits = bounds or Bounds()
    answers: list[Fit4 | None] = [None] * len(doses)
    grouped: dict[bytes, list[int]] = {}
    logs: list[Floats] = []
    heights: list[Floats] = []
    for place, (dose, survival) in enumerate(zip(doses, survivals, strict=True)):
        x, y = np.log10(np.asarray(dose, dtype=float)), np.asarray(survival, dtype=float)
        order = np.lexsort((y, x))
        logs.append(x[order])
        heights.append(y[order])
        if len(np.unique(x)) >= FEWEST_DOSES:
            grouped.setdefault(logs[-1].tobytes(), []).append(place)
    for members in grouped.values():
        x = logs[members[0]]
        first = starts(x, np.stack([heights[place] for place in members]), limits)
        for place, start in zip(members, first, strict=True):
            answers[place] = _fit(x, heights[place], start, at, limits)
    return answers


def _fit(x: Floats, y: Floats, start: Floats, at: float, bounds: Bounds) -> Fit4:
    from scipy.optimize import least_squares  # noqa: PLC0415 - scipy loads when first needed

    low = np.array([bounds.top[0], 0.0, x[0] - bounds.beyond, np.log(bounds.slope[0])])
    high = np.array([bounds.top[1], 1.0, x[-1] + bounds.beyond, np.log(bounds.slope[1])])
    # Bottom as a share of the top keeps 0 <= bottom <= top a box; the slope on its logarithm stays above 0.
    guess = np.array([start[0], start[1] / start[0], start[2], np.log(start[3])])
    inner = np.clip(guess, low + 1e-6 * (high - low), high - 1e-6 * (high - low))

    def residuals(p: Floats) -> Floats:
        u = remaining(x, p[2], np.exp(p[3]))
        return np.asarray(p[0] * (p[1] + (1 - p[1]) * u) - y)

    def slopes(p: Floats) -> Floats:
        h = np.exp(p[3])
        u = remaining(x, p[2], h)
        bend = p[0] * (1 - p[1]) * u * (1 - u) * LN10 * h
        return np.column_stack([p[1] + (1 - p[1]) * u, p[0] * (1 - u), bend, -bend * (x - p[2])])

    found = least_squares(
        residuals, inner, jac=slopes, bounds=(low, high), x_scale=[10.0, 0.1, 0.3, 0.5], max_nfev=200
    ).x
    if np.sum(residuals(guess) ** 2) < np.sum(residuals(found) ** 2):
        found = guess
    parameters = np.array([found[0], found[0] * found[1], found[2], np.exp(found[3])])
    edges = np.minimum(found - low, high - found) <= _EDGE * (high - low)
    return _described(x, y, parameters, edges, at)


def _described(x: Floats, y: Floats, parameters: Floats, edges: NDArray[np.bool_], at: float) -> Fit4:
    t, b, m, h = parameters
    note = _edge_note(edges, t, b)
    free = ~edges
    df = int(len(x) - free.sum())
    squares = float(np.sum((survival_at(x, parameters) - y) ** 2))
    log_ic50 = log_dose_at(at, parameters)
    errors = (float("nan"), float("nan"))
    flat = t - b < 1.0
    if df >= 1 and not edges[2] and not edges[3] and not flat:
        errors = _std_errors(x, parameters, free, squares / df, at)
        if not np.isfinite(errors[0]):
            note = _joined(note, "the doses do not tell the parameters apart: no limits")
    else:
        why = "no degree of freedom is left" if df < 1 else "flat curve" if flat else ""
        note = _joined(note, f"{why}: no limits" if why else "no limits")
    rmse = float(np.sqrt(squares / df)) if df >= 1 else float("nan")
    return Fit4(float(t), float(b), float(m), float(h), log_ic50, *errors, df, rmse, note)


def _std_errors(
    x: Floats, parameters: Floats, free: NDArray[np.bool_], variance: float, at: float
) -> tuple[float, float]:
    """Standard errors of log10 EC50 and, by the delta method, of log10 IC50."""
    t, b, m, h = parameters
    u = remaining(x, m, h)
    bend = (t - b) * u * (1 - u) * LN10
    columns = np.column_stack([u, 1 - u, bend * h, -bend * (x - m)])[:, free]
    size = np.linalg.norm(columns, axis=0)
    if not np.all(size > 0) or np.linalg.cond(columns / size) > 1e6:
        return float("nan"), float("nan")
    spread = np.zeros((4, 4))
    inside = np.linalg.inv((columns / size).T @ (columns / size)) * variance / np.outer(size, size)
    spread[np.ix_(free, free)] = inside
    ec50 = float(np.sqrt(spread[2, 2]))
    if not b < at < t:
        return ec50, float("nan")
    gradient = np.array(
        [
            1 / (LN10 * h * (t - at)),
            1 / (LN10 * h * (at - b)),
            1.0,
            -np.log10((t - at) / (at - b)) / h**2,
        ]
    )
    return ec50, float(np.sqrt(gradient @ spread @ gradient))


def _edge_note(edges: NDArray[np.bool_], top: float, bottom: float) -> str:
    said = []
    if edges[0]:
        said.append(f"top at its bound ({top:.0f} %)")
    if edges[1]:
        said.append("bottom at 0 %" if bottom < 0.5 * top else "bottom at the top")
    if edges[2]:
        said.append("EC50 far outside the tested doses")
    if edges[3]:
        said.append("slope at its bound")
    return ", ".join(said)


def _joined(first: str, second: str) -> str:
    return f"{first}; {second}" if first else second
