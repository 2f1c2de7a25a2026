"""Log LC50 on a scale from 0, the lowest tested dose, to 1, the highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from remission.core.problems import InputError
from remission.response.intervals import Intervals, intervals

Floats = NDArray[np.float64]


def normalised(x: Intervals, lowest: float, highest: float) -> Intervals:
    """Put concentrations on the normalised log scale: (log x - log lowest) / (log highest - log lowest).

    A left-censored value stays "below" its bound and a right-censored one "above"; none gets a number beyond.

    Parameters
    ----------
    x : Intervals
        Concentrations, 0 or more.
    lowest, highest : float
        Range of doses.

    Raises
    ------
    InputError
        If the range is none.

    Examples
    --------
    >>> made = normalised(Intervals(np.array([0.0, 1.0]), np.array([0.1, 1.0])), 0.1, 10)
    >>> made.low, made.high
    (array([-inf,  0.5]), array([0. , 0.5]))
    """
    if not 0 < lowest < highest < float("inf"):
        raise InputError(f"the range of doses must be two numbers above 0; it is {lowest}, {highest}.")

    def scaled(ends: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(ends) - np.log(lowest)) / (np.log(highest) - np.log(lowest)))

    return Intervals(scaled(x.low), scaled(x.high))


def from_normalised(values: ArrayLike) -> Intervals:
    """Read published normalised log LC50: below 0 is censored at the lowest dose, above 1 at the highest.

    References
    ----------
    Lee et al., Nat Med 2023 (805 children, 18 drugs).
    """
    return intervals(values, lowest=0.0, highest=1.0)
