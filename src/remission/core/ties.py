"""Times within 1.5e-8 relative of each other are one time; nothing is jittered or shifted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1.5e-8
Floats = NDArray[np.float64]
Index = NDArray[np.intp]

# Days in a unit in which registries write times (30.4: CIBMTR months, 364.8: its years), and decimal places.
UNITS_PER_TIME = (1.0, 30.4, 30.4375, 365.25, 364.8, 365.0, 7.0, 10.0, 100.0, 1000.0)
_SAMPLE = 997
_SMALL = 100_000


def distinct(times: Floats) -> tuple[Floats, Index]:
    """Distinct times and, for every time, which of them it is.

    Neighbours that differ by at most `TOLERANCE` of the larger one (in absolute value) are the same time,
    shown as the smallest of them. The rule is relative, so the unit of time does not matter. A run of such
    neighbours is one time however long it is.

    Whole days are counted without sorting, also when they hide in months, years or a fixed number of
    decimals: the number of days only numbers the boxes into which times are thrown, a box with two
    different times in it makes the function sort after all, and the caller's own times come back.

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
    values, index = _boxed(times) or _sorted(times)
    if len(values) < 2:
        return values, index
    new = np.diff(values) > TOLERANCE * np.maximum(np.abs(values[1:]), np.abs(values[:-1]))
    if new.all():
        return values, index
    run = np.concatenate([[0], np.cumsum(new)])
    return values[np.concatenate([[True], new])], run[index]


def _sorted(times: Floats) -> tuple[Floats, Index]:
    values, index = np.unique(times, return_inverse=True)
    return values, index.astype(np.intp, copy=False)


def _boxed(times: Floats) -> tuple[Floats, Index] | None:
    """Distinct times by throwing them into boxes; None where there would be too many, or mixed ones."""
    if len(times) < 2:
        return None
    first, last = float(times.min()), float(times.max())
    sample = times[:: len(times) // _SAMPLE + 1]
    for units in UNITS_PER_TIME:
        size = (last - first) * units + 2
        scaled = sample * units
        if not size <= 4 * len(times) + _SMALL or not np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-3):
            continue
        box = np.rint(times * units).astype(np.intp)
        box -= int(np.rint(first * units))
        content = np.full(int(size) + 1, np.nan)
        content[box] = times
        if (content[box] == times).all():
            filled = ~np.isnan(content)
            return content[filled], (np.cumsum(filled) - 1)[box]
    return None
