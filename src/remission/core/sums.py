"""Sums of values that share an index."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sums_by(index: NDArray[np.integer], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of `values` for each index 0 to `size - 1`; 0 where none.

    Examples
    --------
    >>> sums_by(np.array([2, 0, 2]), np.array([1.0, 5.0, 3.0]), 3)
    array([5., 0., 4.])
    """
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)
