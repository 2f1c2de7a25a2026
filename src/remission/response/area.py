"""Area under a curve of survival by log dose, as mean survival: of the points, and of a fitted curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.response.crossing import mean_by_dose

Floats = NDArray[np.float64]


def observed_auc(
    dose: Floats, survival: Floats, low: float | None = None, high: float | None = None
) -> float:
    """Mean survival in per cent over a range of log dose, by straight lines between the mean points.

    Area under the lines on log10 dose, divided by its width, so 100 is no effect at any dose. Multiplied by
    the number of decades it is the area in per cent x log10 units.

    Parameters
    ----------
    dose, survival : array
        Doses above 0, per cent.
    low, high : float, optional
        Range of doses; the tested one unless given. It must lie within the tested one, and hold more than a
        point: else NaN.

    Examples
    --------
    >>> observed_auc(np.array([1.0, 10, 100]), np.array([100.0, 50, 0]))
    50.0
    """
    doses, means = mean_by_dose(dose, survival)
    start, end = np.log10(doses[0] if low is None else low), np.log10(doses[-1] if high is None else high)
    x = np.log10(doses)
    slack = 1e-9 * max(1.0, abs(float(start)), abs(float(end)))
    if not (x[0] - slack <= start < end <= x[-1] + slack):
        return float("nan")
    inside = x[(x > start) & (x < end)]
    knots = np.concatenate(([start], inside, [end]))
    heights = np.interp(knots, x, means)
    return float(np.sum(np.diff(knots) * (heights[1:] + heights[:-1]) / 2.0) / (end - start))


def fitted_auc(parameters: Floats, low: Floats, high: Floats) -> Floats:
    """Mean of a four-parameter curve over a range of log10 dose, in closed form.

    With t, b, m (log10 EC50), h the parameters:
    b + (t - b) [1 - (softplus(h ln10 (x - m)) between the ends) / (h ln10 (high - low))].

    Parameters
    ----------
    parameters : array (..., 4)
        Top, bottom, log10 EC50, slope.
    low, high : array
        log10 dose.

    Examples
    --------
    >>> round(float(fitted_auc(np.array([100.0, 0.0, 1.0, 2.0]), np.array(0.0), np.array(2.0))), 6)
    50.0
    """
    t, b, m, h = np.moveaxis(np.asarray(parameters, dtype=float), -1, 0)
    steep = h * np.log(10.0)
    rise = np.logaddexp(0.0, steep * (high - m)) - np.logaddexp(0.0, steep * (low - m))
    return np.asarray(b + (t - b) * (1.0 - rise / (steep * (high - low))))
