"""Random relabellings of the samples, within strata, in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from remission.core.assignments import all_assignments, count_assignments
from remission.core.problems import InputError

Floats = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """A block of relabellings.

    Attributes
    ----------
    labels : array (B, N)
        1 for the second group, 0 for the first.
    keys : array (B, N) or None
        Random numbers whose order shuffles the samples of any subset; None where all assignments are listed.
    strata : array (N,) of int
        Samples move within their stratum only.
    """

    labels: Floats
    keys: Floats | None
    strata: NDArray[np.intp]

    def shuffled(self, among: Index) -> Index:
        """For each relabelling, which of these samples stands in the place of which: (B, len(among))."""
        if self.keys is None:
            raise InputError("assignments that are listed shuffle nothing")
        return _orders(self.keys[:, among], self.strata[among])


def identity(labels: Floats, strata: NDArray[np.intp]) -> Draw:
    """The labels as they were observed."""
    keys = np.arange(len(labels), dtype=float)[None] / max(len(labels), 1)
    return Draw(labels[None], keys, strata)


def number_of_assignments(labels: Floats, strata: NDArray[np.intp], at_most: int) -> int:
    """How many different relabellings there are, or more than `at_most`."""
    return prod(count_assignments(sizes, at_most) for sizes in _sizes(labels, strata))


def all_draws(labels: Floats, strata: NDArray[np.intp], block: int) -> Iterator[Draw]:
    """Every different relabelling once."""
    every = np.zeros((1, len(labels)))
    for stratum, sizes in zip(np.unique(strata), _sizes(labels, strata), strict=True):
        choices = all_assignments(sizes).astype(float)
        here = np.flatnonzero(strata == stratum)
        repeated = np.repeat(every, len(choices), axis=0)
        repeated[:, here] = np.tile(choices, (len(every), 1))
        every = repeated
    for start in range(0, len(every), block):
        yield Draw(every[start : start + block], None, strata)


def random_draws(
    labels: Floats, strata: NDArray[np.intp], number: int, seed: int, block: int
) -> Iterator[Draw]:
    """So many random relabellings; the same for the same seed, whatever the block."""
    random = np.random.default_rng(seed)
    for start in range(0, number, block):
        keys = random.random((min(block, number - start), len(labels)))
        yield Draw(labels[_orders(keys, strata)], keys, strata)


def _sizes(labels: Floats, strata: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Samples of the first and of the second group, by stratum."""
    return [
        (int((labels[strata == stratum] == 0).sum()), int((labels[strata == stratum] == 1).sum()))
        for stratum in np.unique(strata)
    ]


def _orders(keys: Floats, strata: NDArray[np.intp]) -> Index:
    """Sort by stratum, then key: the k-th sample of a stratum makes place for the one with its k-th key."""
    positions = np.argsort(strata, kind="stable")
    rank = np.unique(strata, return_inverse=True)[1]
    answer = np.empty(keys.shape, dtype=np.intp)
    answer[:, positions] = np.argsort(keys + 2.0 * rank, axis=1, kind="stable")
    return answer
