"""Every way to assign patients to groups of given sizes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import NDArray


def count_assignments(sizes: Sequence[int], at_most: int) -> int:
    """How many there are, n! / (n_1! n_2! ...), or `at_most + 1` when there are more than `at_most`.

    Examples
    --------
    >>> count_assignments([2, 2], 1000), count_assignments([10**6, 10**6], 1000)
    (6, 1001)
    """
    number, left = 1, sum(sizes)
    for size in sizes:
        chosen = min(size, left - size)
        if chosen >= at_most.bit_length():  # at least 2 to the power of chosen
            return at_most + 1
        number *= comb(left, chosen)
        left -= size
    return min(number, at_most + 1)


def all_assignments(sizes: Sequence[int]) -> NDArray[np.int16]:
    """All of them, one a row: the group of each patient.

    The largest group takes whom the others leave.

    Examples
    --------
    >>> all_assignments([1, 2]).tolist()
    [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    """
    groups = sorted(range(len(sizes)), key=lambda group: sizes[group])
    total = sum(sizes)
    labels = np.full((1, total), groups[-1], dtype=np.int16)
    free = np.arange(total)[None]
    for group in groups[:-1]:
        places = free.shape[1]
        picks = _choices(places, sizes[group])
        labels = np.repeat(labels, len(picks), axis=0)
        np.put_along_axis(labels, free[:, picks].reshape(len(labels), sizes[group]), np.int16(group), axis=1)
        rest = np.ones((len(picks), places), dtype=bool)
        np.put_along_axis(rest, picks, False, axis=1)  # noqa: FBT003 - a value, not a switch
        left = np.nonzero(rest)[1].reshape(len(picks), places - sizes[group])
        free = free[:, left].reshape(len(labels), left.shape[1])
    return labels


def _choices(places: int, size: int) -> NDArray[np.intp]:
    """All increasing choices of `size` out of `places`, one a row."""
    number = comb(places, size)
    flat = chain.from_iterable(combinations(range(places), size))
    return np.fromiter(flat, dtype=np.intp, count=number * size).reshape(number, size)
