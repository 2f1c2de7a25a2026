"""Welch's t of every gene: means differ, each group with its own variance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from remission.core.tails import student_two_sided
from remission.expression.shuffle import Draw
from remission.expression.statistic import FLAT, Observed, by_rows, group_sizes
from remission.expression.sums import sums_of

Floats = NDArray[np.float64]


class Welch:
    """t = difference of means / sqrt(v1 / n1 + v0 / n0), df by Welch and Satterthwaite.

    Undefined where a group has fewer than two values, or neither group varies. Under relabelling two matrix
    products give everything: sums and sums of squares of the second group.
    """

    def __init__(self, values: Floats, labels: Floats) -> None:
        self.values, self.labels = values, labels
        self.sums = sums_of(values)
        self.squared = self.sums.centred**2

    def observed(self) -> Observed:
        """Each group by itself, in two passes."""
        with np.errstate(invalid="ignore", divide="ignore"):
            first, second = (sums_of(self.values[:, self.labels == group]) for group in (0, 1))
            shares = [
                np.where(sums.n > 1, sums.squares / (sums.n - 1) / sums.n, np.nan) for sums in (first, second)
            ]
            error = shares[0] + shares[1]
            error[error <= FLAT * self.sums.squares] = np.nan
            difference = second.mean - first.mean
            t = difference / np.sqrt(error)
            df = error**2 / (shares[0] ** 2 / (first.n - 1) + shares[1] ** 2 / (second.n - 1))
        return Observed(difference, t, df, student_two_sided(t, df), np.sqrt(error))

    def squares(self, draw: Draw) -> Iterator[Floats]:
        """Squared t of each relabelling."""
        total, square = draw.labels @ self.sums.centred.T, draw.labels @ self.squared.T
        sizes = group_sizes(draw, self.sums.known)
        n, floor = self.sums.n, FLAT * self.sums.squares
        for rows in by_rows(*total.shape):
            n1 = sizes[rows]
            n0 = n - n1
            if self.sums.known is None:  # the same for all genes
                n1, n0 = n1[:, :1], n0[:, :1]
            with np.errstate(invalid="ignore", divide="ignore"):
                one, none = 1 / (n1 * (n1 - 1)), 1 / (n0 * (n0 - 1))
                s2 = total[rows] ** 2
                error = square[rows] * (one - none)
                error += self.sums.squares * none
                error -= s2 * (one / n1 + none / n0)
                np.maximum(error, floor, out=error)
                s2 *= (1 / n1 + 1 / n0) ** 2
                s2 /= error
            if self.sums.known is not None:
                s2[(n1 < 2) | (n0 < 2)] = np.nan
            yield s2
