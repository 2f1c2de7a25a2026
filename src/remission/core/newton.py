"""Newton's method with step halving, and an honest record of how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Objective = Callable[[Floats], tuple[float, Floats, Floats]]

STEPS = 60
HALVINGS = 40
DECREMENT = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Where the search ended.

    Attributes
    ----------
    point, gradient, information : arrays (p,), (p,), (p, p)
        At the end; `information` is minus the second derivative.
    value : float
        Objective at the end.
    start_value, start_gradient, start_information
        The same at the start (score and likelihood-ratio tests need them).
    steps : int
        Newton steps taken.
    converged : bool
        Whether the predicted gain of another step is below 1e-13 relative.
    reason : str
        "converged", "too many steps", "no uphill step", "singular information".
    """

    point: Floats
    value: float
    gradient: Floats
    information: Floats
    start_value: float
    start_gradient: Floats
    start_information: Floats
    steps: int
    converged: bool
    reason: str


def maximise(
    objective: Objective,
    start: Floats,
    *,
    longest: float | Floats = np.inf,
    tolerance: float = DECREMENT,
    most: int = STEPS,
) -> Optimum:
    """Maximise a smooth function that knows its gradient and information.

    A step that does not raise the value is halved. After the predicted gain (half the Newton decrement) falls
    below `tolerance (1 + |value|)` one more full step is taken, so the point is exact to rounding.

    Parameters
    ----------
    objective : callable
        point (p,) -> value, gradient (p,), information (p, p).
    start : array (p,)
    longest : float or array (p,)
        Cap on the elements of a step, its direction kept (for penalised likelihoods).
    tolerance : float
        Relative predicted gain at which to stop; smaller where `information` is not the exact second
        derivative and the steps therefore close in linearly.
    most : int
        Steps after which to give up.

    Examples
    --------
    >>> bowl = lambda b: (-float((b - 3) @ (b - 3)), -2 * (b - 3), 2 * np.eye(1))
    >>> maximise(bowl, np.zeros(1)).point
    array([3.])
    """
    value, gradient, information = objective(start)
    first = (value, gradient, information)
    point = start.copy()

    def ended(steps: int, reason: str) -> Optimum:
        converged = reason == "converged"
        return Optimum(point, value, gradient, information, *first, steps, converged, reason)

    if not len(start):
        return ended(0, "converged")
    for steps in range(1, most + 1):
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            return ended(steps - 1, "singular information")
        gain = 0.5 * float(gradient @ step)
        if not np.isfinite(gain):
            return ended(steps - 1, "singular information")
        step = step / max(1.0, float(np.max(np.abs(step) / longest)))
        last = abs(gain) <= tolerance * (1 + abs(value))
        slack = 1e-12 * (1 + abs(value))
        for _ in range(HALVINGS):
            trial = objective(point + step)
            if np.isfinite(trial[0]) and trial[0] >= value - slack:
                break
            step = step / 2
        else:
            return ended(steps, "converged" if last else "no uphill step")
        point = point + step
        value, gradient, information = trial
        if last:
            return ended(steps, "converged")
    return ended(most, "too many steps")
