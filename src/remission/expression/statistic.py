"""What every test of genes offers: its answer on the observed groups, and its square under relabelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import slices
from remission.expression.shuffle import Draw

Floats = NDArray[np.float64]
FLAT = 1e-14  # share of a gene's sum of squares below which a variance is rounding
CELLS = 1 << 18  # of a piece whose temporary arrays stay in the cache


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """Per gene: signed statistic, df (infinite: normal), two-sided p, standard error of the difference."""

    statistic: Floats
    df: Floats
    p: Floats
    std_error: Floats


class GeneStatistic(Protocol):
    """A test of all genes."""

    def observed(self) -> Observed:
        """Answer on the observed groups."""
        ...

    def squares(self, draw: Draw) -> Iterator[Floats]:
        """Squared statistics (some relabellings, genes), in pieces, in order; NaN where undefined."""
        ...


def by_rows(rows: int, genes: int) -> Iterator[slice]:
    """Pieces of the relabellings that stay in the cache."""
    yield from slices(rows, max(1, CELLS // max(genes, 1)))


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
    """Centre each gene over the samples it has."""
    there = ~np.isnan(values)
    n = there.sum(axis=1).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, values, 0.0).sum(axis=1) / n
    centred = np.where(there, values - mean[:, None], 0.0)
    known = None if there.all() else there.astype(float)
    return Sums(mean, centred, known, n, np.einsum("ij,ij->i", centred, centred))


def group_sizes(draw: Draw, known: Floats | None) -> Floats:
    """Samples with a value in the second group: (B, genes), or (B, 1) when nothing is missing."""
    return draw.labels.sum(axis=1, keepdims=True) if known is None else draw.labels @ known.T
