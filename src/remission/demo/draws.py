"""Random draws that give the same numbers on every machine and every version of numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Labels = NDArray[np.str_]
Indices = NDArray[np.intp]
YEAR = 365.25
NEVER = np.inf


class Draws:
    """A stream of uniforms from one seed; everything else is their inverse distribution function.

    numpy keeps the bit stream of PCG64 and its uniforms stable, but not the algorithms of its other
    distributions, so none of them is used.
    """

    def __init__(self, seed: int) -> None:
        self._stream = np.random.Generator(np.random.PCG64(seed))

    def uniform(self, n: int) -> Floats:
        """Draw n uniforms on [0, 1)."""
        return self._stream.random(n)

    def order(self, n: int) -> Indices:
        """Draw a random order of 0 .. n-1."""
        return np.argsort(self.uniform(n), kind="stable")

    def exponential(self, mean: Floats | float, n: int) -> Floats:
        """Draw n exponentials, of one mean or of one each."""
        return -np.log1p(-self.uniform(n)) * mean

    def exponential_within(self, mean: Floats | float, longest: Floats | float, n: int) -> Floats:
        """Draw n exponentials, each given that it is shorter than `longest`."""
        share = -np.expm1(-np.asarray(longest) / mean)
        return -np.log1p(-self.uniform(n) * share) * mean

    def between(self, low: Floats | float, high: Floats | float, n: int) -> Floats:
        """Draw n uniforms between bounds."""
        return low + (np.asarray(high) - low) * self.uniform(n)

    def labels(self, sizes: dict[str, int]) -> NDArray[np.str_]:
        """Deal out labels in exactly these numbers, in random order."""
        deck = np.repeat(list(sizes), list(sizes.values()))
        return deck[self.order(len(deck))]

    def pick(self, candidates: Indices, n: int) -> Indices:
        """Pick n of the candidates without replacement."""
        return candidates[self.order(len(candidates))[:n]]

    def normal(self, n: int) -> Floats:
        """Draw n standard normals."""
        from scipy.special import ndtri  # noqa: PLC0415 - loaded when first needed

        return np.asarray(ndtri(self.uniform(n) + 2.0**-54), dtype=np.float64)

    def mixed(self, shares: dict[str, float], n: int) -> NDArray[np.str_]:
        """Draw n labels with these probabilities, which sum to one."""
        edges = np.cumsum(list(shares.values()))[:-1]
        return np.asarray(list(shares))[np.searchsorted(edges, self.uniform(n), side="right")]
