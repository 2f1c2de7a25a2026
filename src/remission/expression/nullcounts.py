"""How often a statistic of relabelled samples is at least the observed one: per gene, and of all genes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from typing import cast

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import slices
from remission.expression.shuffle import Draw
from remission.expression.statistic import GeneStatistic

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
THREADS = min(4, os.cpu_count() or 1)  # sums of whole numbers: the same however many there are
SAME, ROUNDING = 1e-9, 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class NullCounts:
    """What relabelling the samples gave.

    Attributes
    ----------
    reached : array (G,)
        Relabellings in which the gene's own statistic is at least the observed one.
    defined : array (G,)
        Relabellings in which it is defined.
    beyond : array (G,)
        Statistics of all genes and relabellings that are at least this gene's observed one.
    statistics : int
        How many there are, of all genes and relabellings.
    relabellings : int
    """

    reached: Floats
    defined: Floats
    beyond: Floats
    statistics: int
    relabellings: int


def count_null(statistic: GeneStatistic, observed: Floats, draws: Iterator[Draw]) -> NullCounts:
    """Count over draws; `observed` are the squared statistics, NaN for genes that are not tested."""
    tested = np.flatnonzero(np.isfinite(observed))
    bound = _reached_from(observed[tested])
    order = np.argsort(bound)
    levels = bound[order]

    def count(draw: Draw) -> tuple[Counts, Counts, Counts, int, int]:
        reached, undefined, beyond = np.zeros((3, len(tested)), dtype=np.int64)
        statistics = 0
        for piece in statistic.squares(draw):
            squares = piece if len(tested) == len(observed) else piece[:, tested]
            for some in slices(len(squares), 255):  # counts that fit a byte
                reached += np.add.reduce(squares[some] >= bound, axis=0, dtype=np.uint8)
            flat = np.sort(squares, axis=None)  # NaN last
            lost = flat.size - int(np.searchsorted(flat, np.nan))
            if lost:
                undefined += np.isnan(squares).sum(axis=0)
            beyond[order] += flat.size - lost - np.searchsorted(flat, levels)
            statistics += flat.size - lost
        return reached, undefined, beyond, statistics, len(draw.labels)

    total = [np.zeros(len(tested), dtype=np.int64) for _ in range(3)]
    statistics = relabellings = 0
    with _one_blas_thread(), ThreadPoolExecutor(THREADS) as pool:
        while batch := list(islice(draws, 2 * THREADS)):
            for *counts, size, rows in pool.map(count, batch):
                total = [old + new for old, new in zip(total, counts, strict=True)]
                statistics += size
                relabellings += rows
    whole = np.full((3, len(observed)), np.nan)
    whole[:, tested] = total[0], relabellings - total[1], total[2]
    return NullCounts(whole[0], whole[1], whole[2], statistics, relabellings)


def _one_blas_thread() -> AbstractContextManager[object]:
    """Blocks run side by side already; products that split further only fight for the cores."""
    if find_spec("threadpoolctl") is None:
        return nullcontext()
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn, an extra

    return cast("AbstractContextManager[object]", threadpool_limits(1, user_api="blas"))


def _reached_from(observed: Floats) -> Floats:
    """Squares from which on a relabelling reaches the observed one: rounding must not decide.

    A square t² is a sum of squares over what it leaves, which has lost the digits of 1 + t²: the larger, the
    less is known of it, until all are alike.
    """
    return np.asarray(observed * (1 - np.minimum(SAME + ROUNDING * observed, 0.5)))


def permutation_p(counts: NullCounts, *, every: bool) -> Floats:
    """Share of relabellings that reach the observed statistic; of random ones the observed is one more.

    References
    ----------
    Phipson and Smyth, Stat Appl Genet Mol Biol 2010;9:39.
    """
    if every:  # the observed groups are among them
        return np.asarray(np.maximum(counts.reached, 1.0) / counts.defined)
    return np.asarray((counts.reached + 1.0) / (counts.defined + 1.0))


def false_discovery(counts: NullCounts, observed: Floats) -> tuple[Floats, float]:
    """Permutation q of each gene, and the share of genes without difference, as SAM estimates them.

    Calling all genes at least as extreme as one finds R of them; relabelled data give on average V. The share
    pi0 without difference is how many observed statistics lie below the median of the relabelled ones, over
    half of all (at most 1, and never below one gene). FDR = pi0 V / R, and q is the smallest FDR of any list
    that holds the gene. One statistic is added to those counted in V, so q is never 0.

    References
    ----------
    Tusher, Tibshirani and Chu, PNAS 2001;98:5116-5121. Storey and Tibshirani, PNAS 2003;100:9440-9445.
    """
    q = np.full(len(observed), np.nan)
    tested = np.flatnonzero(np.isfinite(observed))
    if not len(tested) or not counts.relabellings:
        return q, np.nan
    tail = counts.beyond[tested] / counts.statistics
    pi0 = min(1.0, max(float((tail >= 0.5).sum()) / (0.5 * len(tested)), 1 / len(tested)))
    bound = _reached_from(observed[tested])
    order = np.argsort(-bound, kind="stable")
    called = len(tested) - np.searchsorted(np.sort(observed[tested]), bound)
    expected = (counts.beyond[tested] + 1) / counts.relabellings
    rate = np.minimum(1.0, pi0 * expected / called)[order]
    q[tested[order]] = np.minimum.accumulate(rate[::-1])[::-1]
    return q, pi0
