"""All pairs of an earlier death and a later row, by which of the two has the higher score, in O(n log n).

Two different times part at exactly one bit: above it they agree, in it the earlier has 0 and the later 1. So
rows stand in blocks of equal higher bits, each block sorted by score. At each bit running sums over a block
give every row its partners, and a stable split of the block prepares the next bit. Once blocks fit the cache,
they go through their remaining bits a few at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Elements:
    """Those who meet in pairs, the first of whom died.

    Attributes
    ----------
    stratum, time, score : arrays (n,) of int
        Only elements of one stratum meet. Times and scores are ranks, not negative.
    died : array (n,)
        Weight as the one who died; 0 for those who did not.
    later, same : arrays (n,)
        Weight as the other, in pairs where its time is later, or the same. No element has both `died` and
        `same`.
    """

    stratum: Ints
    time: Ints
    score: Ints
    died: Floats
    later: Floats
    same: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PairSums:
    """Summed weights of the partners of each element.

    Attributes
    ----------
    gain : array (n,)
        For one who died, partners of a lower score less those of a higher one; for the other of a pair the
        reverse: a pair is a gain for both if the higher score died first.
    partners : array (n,)
        All partners.
    tied : float
        Sum over pairs of equal score of the product of weights.
    """

    gain: Floats
    partners: Floats
    tied: float


def pair_sums(elements: Elements) -> PairSums:
    """Sums over all pairs of elements of one stratum, the first of which died before or with the other."""
    order = np.lexsort((elements.score, elements.stratum))
    edges = np.flatnonzero(np.diff(elements.stratum[order], prepend=-1, append=-1))
    whole = _Blocks(
        order,
        elements.time[order],
        elements.score[order],
        elements.died[order],
        elements.later[order],
        np.zeros(len(order)),
        np.zeros(len(order)),
        edges,
    )
    bits = int(elements.time.max(initial=0)).bit_length()
    coarse = min(bits, len(list(pieces(len(order)))).bit_length())
    for bit in range(bits - 1, bits - 1 - coarse, -1):
        whole.part(bit)
    gain, partners, tied = np.empty(len(order)), np.empty(len(order)), whole.tied
    for blocks in whole.by_the_cache():
        for bit in range(bits - 1 - coarse, -1, -1):
            blocks.part(bit)
        blocks.meet(blocks.died, elements.same[blocks.order])
        gain[blocks.order], partners[blocks.order] = blocks.gain, blocks.partners
        tied += blocks.tied
    return PairSums(gain, partners, tied)


@dataclass(slots=True, eq=False)
class _Blocks:
    """Elements in blocks that begin and end at `edges`, each sorted by score; `order` says whose they are."""

    order: Ints
    time: Ints
    score: Ints
    died: Floats
    later: Floats
    gain: Floats
    partners: Floats
    edges: Ints
    tied: float = 0.0

    def part(self, bit: int) -> None:
        """Let the pairs meet whose times part at this bit, and split the blocks by it."""
        one = self.time >> bit & 1
        self.meet(self.died * (1 - one), self.later * one)
        before = np.concatenate([[0], np.cumsum(one)])
        at_edges = before[self.edges]
        size = np.diff(self.edges)
        middle = self.edges[1:] - np.diff(at_edges)
        ones_before = before[:-1] - np.repeat(at_edges[:-1], size)
        zeros = np.arange(len(one)) - ones_before
        place = np.where(one == 1, np.repeat(middle, size) + ones_before, zeros)
        for name in ("order", "time", "score", "died", "later", "gain", "partners"):
            values = getattr(self, name)
            moved = np.empty_like(values)
            moved[place] = values
            setattr(self, name, moved)
        halves = np.append(np.stack([self.edges[:-1], middle], axis=1), self.edges[-1])
        self.edges = halves[np.diff(halves, append=-1) != 0]

    def meet(self, first: Floats, second: Floats) -> None:
        """Pairs within a block of one with a `first` weight, who died, and one with a `second` weight."""
        new = np.ones(len(self.score) + 1, dtype=bool)
        np.not_equal(self.score[1:], self.score[:-1], out=new[1:-1])
        new[self.edges] = True
        ends = np.flatnonzero(new)  # of the runs of equal scores in a block
        length = np.diff(ends)
        runs = np.diff((np.cumsum(new) - 1)[self.edges])

        def sums(weight: Floats) -> tuple[Floats, Floats, Floats]:
            """By element: its block's lower scores less the higher ones, the block; by run: the run."""
            running = np.concatenate([[0.0], np.cumsum(weight)])
            low, high = running[ends[:-1]], running[ends[1:]]
            start, stop = running[self.edges[:-1]], running[self.edges[1:]]
            net = low + high - np.repeat(start + stop, runs)
            return np.repeat(net, length), np.repeat(stop - start, np.diff(self.edges)), high - low

        net_first, all_first, run_first = sums(first)
        net_second, all_second, run_second = sums(second)
        died, other = first > 0, second > 0
        self.gain += died * net_second - other * net_first
        self.partners += died * all_second + other * all_first
        self.tied += float((run_first * run_second).sum())

    def by_the_cache(self) -> Iterator[_Blocks]:
        """Some blocks after some others, few enough to fit the cache where blocks are small."""
        wanted = [piece.stop for piece in pieces(len(self.order), 4)]
        chosen = np.unique([0, *np.searchsorted(self.edges, wanted)])
        for first, last in pairwise(chosen):
            here = slice(int(self.edges[first]), int(self.edges[last]))
            yield _Blocks(
                self.order[here],
                self.time[here],
                self.score[here],
                self.died[here],
                self.later[here],
                self.gain[here],
                self.partners[here],
                self.edges[first : last + 1] - self.edges[first],
            )
