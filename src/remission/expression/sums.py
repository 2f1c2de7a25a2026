"""Sums of every gene over the samples that have it: mean, what is left about it, and its squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Each gene about its own mean, 0 where missing, with what never changes under relabelling.

    Attributes
    ----------
    mean : array (G,)
    centred : array (G, N)
    known : array (G, N) of 0 and 1, or None when nothing is missing
    n : array (G,)
        Samples with a value.
    squares : array (G,)
        Sums of squares about the mean.
    """

    mean: Floats
    centred: Floats
    known: Floats | None
    n: Floats
    squares: Floats


def sums_of(values: Floats) -> Sums:
    """Centre each gene over the samples it has; the mean of a gene without any is NaN.

    Examples
    --------
    >>> found = sums_of(np.array([[1.0, 3.0, np.nan]]))
    >>> found.mean, found.centred, found.n, found.squares
    (array([2.]), array([[-1.,  1.,  0.]]), array([2.]), array([2.]))
    """
    there = ~np.isnan(values)
    n = there.sum(axis=1).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
    centred = np.where(there, values - mean[:, None], 0.0)
    known = None if there.all() else there.astype(float)
    return Sums(mean, centred, known, n, np.einsum("ij,ij->i", centred, centred))
