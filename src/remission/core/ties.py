"""Times within 1.5e-8 relative of each other are one time; nothing is jittered or shifted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1.5e-8
Floats = NDArray[np.float64]


def distinct(times: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Distinct times and, for every time, which of them it is.

    Neighbours that differ by at most `TOLERANCE` of the larger one (in absolute value) are the same time, shown as
    the smallest of them. The rule is relative, so the unit of time does not matter.

    Parameters
    ----------
    times : array (N,)
        Finite numbers.

    Returns
    -------
    values : array (K,)
        Increasing.
    index : array (N,) of int
        `values[index]` are the tied times.

    Examples
    --------
    >>> distinct(np.array([2.0, 1.0, 1.0 + 1e-12]))
    (array([1., 2.]), array([1, 0, 0]))
    """
    values, index = np.unique(times, return_inverse=True)
    if len(values) < 2:
        return values, index
    gap = np.diff(values)
    new = gap > TOLERANCE * np.maximum(np.abs(values[1:]), np.abs(values[:-1]))
    if new.all():
        return values, index
    cluster = np.concatenate([[0], np.cumsum(new)])
    return values[np.concatenate([[True], new])], cluster[index]
