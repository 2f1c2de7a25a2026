"""Step functions: right-continuous, constant between their times, carried flat after the last one.

A time asked for that agrees with a time of the function within the tolerance of `core.ties` is that time:
365.25 days written as a year with nine digits finds the step of the day it was computed from.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from remission.core.ties import TOLERANCE

Floats = NDArray[np.float64]


def last_at(times: Floats, at: ArrayLike) -> NDArray[np.intp]:
    """Index of the last time that is not after `at`; -1 before the first.

    Examples
    --------
    >>> last_at(np.array([1.0, 2.0]), [0.5, 1.0, 9.0])
    array([-1,  0,  1])
    """
    wanted = np.asarray(at, dtype=float)
    return np.asarray(np.searchsorted(times, wanted + TOLERANCE * np.abs(wanted), side="right") - 1)


def next_at(times: Floats, at: ArrayLike) -> NDArray[np.intp]:
    """Index of the first time that is not before `at`; `len(times)` after the last.

    Examples
    --------
    >>> next_at(np.array([1.0, 2.0]), [0.5, 1.0, 9.0])
    array([0, 0, 2])
    """
    wanted = np.asarray(at, dtype=float)
    return np.asarray(np.searchsorted(times, wanted - TOLERANCE * np.abs(wanted), side="left"))


def value_at(times: Floats, values: Floats, at: ArrayLike, before: float) -> Floats:
    """Value at each of `at`; `before` where it lies before the first time.

    Examples
    --------
    >>> value_at(np.array([1.0, 2.0]), np.array([0.8, 0.5]), [0.0, 1.5, 2.0, 7.0], 1.0)
    array([1. , 0.8, 0.5, 0.5])
    """
    return np.concatenate([[before], values])[last_at(times, at) + 1]


def areas_until(times: Floats, values: Floats, until: float) -> Floats:
    """Integral of the step function from each of its times to `until` (0 for times at or after it).

    Summed from the end, so that small remainders keep their digits.

    Examples
    --------
    >>> areas_until(np.array([1.0, 2.0]), np.array([0.5, 0.25]), 4.0)
    array([1. , 0.5])
    """
    ends = np.minimum(np.append(times[1:], np.inf), until)
    pieces = np.maximum(ends - times, 0.0) * values
    return np.cumsum(pieces[::-1])[::-1]
