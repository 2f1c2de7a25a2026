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
    """Per gene: difference, signed statistic, df (infinite: normal), two-sided p, standard error.

    The difference is of the means, adjusted where the test adjusts; the error is its own, NaN where ranks are
    compared.
    """

    difference: Floats
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


def group_sizes(draw: Draw, known: Floats | None) -> Floats:
    """Samples with a value in the second group: (B, genes), or (B, 1) when nothing is missing."""
    return draw.labels.sum(axis=1, keepdims=True) if known is None else draw.labels @ known.T
