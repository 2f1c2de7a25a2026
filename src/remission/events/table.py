"""The event table: increments per distinct time, group and stratum. Risk sets are cumulative sums of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.events.topology import Topology

Floats = NDArray[np.float64]
RESIDUE = 1e-12
WeightsAre = Literal["none", "frequency", "sampling"]


@dataclass(frozen=True, slots=True, eq=False)
class Increments:
    """What happened at each row's time: arrays (rows, origins), (rows, transitions), (rows, origins)."""

    entered: Floats
    moved: Floats
    censored: Floats

    def rows(self, keep: slice | NDArray[np.intp]) -> Increments:
        """Select some of the rows."""
        return Increments(self.entered[keep], self.moved[keep], self.censored[keep])


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The rows of one stratum and group, in increasing time; `at_risk` is just before each time.

    Attributes
    ----------
    time : array (K,)
        Distinct times of entry, event or censoring, in the caller's unit.
    counts, squares : Increments
        (Weighted) counts, and the same sums of squared weights (the same object when unweighted).
    """

    stratum: str
    group: str
    time: Floats
    counts: Increments
    squares: Increments
    topology: Topology

    @property
    def at_risk(self) -> Floats:
        """Number at risk just before each time, by origin (K, origins).

        Summed from the end (leavers at or after the time, minus arrivals at or after it), so that a
        real-weighted last risk set equals its leavers exactly: entry < t <= exit, and whoever enters at t
        counts from the next time.
        """
        return _at_risk(self.counts, self.topology)

    @property
    def squares_at_risk(self) -> Floats:
        """Sum of squared weights at risk just before each time (K, origins)."""
        return _at_risk(self.squares, self.topology)


@dataclass(frozen=True, slots=True, eq=False)
class EventTable:
    """Increments per stratum, group and distinct time. Tables add: see `merge`.

    Attributes
    ----------
    topology : Topology
        States and transitions; their names.
    groups, strata : tuple of str
        Labels in display order; `("",)` when there are none.
    block : array (R,) of int
        `stratum index * len(groups) + group index`, non-decreasing.
    time : array (R,)
        Increasing within a block. Without delayed entry nobody is recorded in `counts.entered`: entry is
        minus infinity, so events at time 0 count.
    counts, squares : Increments
        Sums of weights and of squared weights. Unweighted and frequency-weighted tables share one object.
    weights_are : "none", "frequency" or "sampling"
        Frequency weights are repeated rows; sampling weights make variances robust.
    """

    topology: Topology
    groups: tuple[str, ...]
    strata: tuple[str, ...]
    block: NDArray[np.int64]
    time: Floats
    counts: Increments
    squares: Increments
    weights_are: WeightsAre = "none"

    @property
    def has_delayed_entry(self) -> bool:
        """Whether anybody enters after the start."""
        return bool(self.counts.entered.any())

    @property
    def is_weighted(self) -> bool:
        """Whether variances must be robust (sampling weights)."""
        return self.weights_are == "sampling"

    def blocks(self) -> Iterator[Block]:
        """Every stratum and group in display order, empty ones included."""
        edges = np.searchsorted(self.block, np.arange(len(self.groups) * len(self.strata) + 1))
        for index, (start, stop) in enumerate(pairwise(edges)):
            rows = slice(int(start), int(stop))
            yield Block(
                self.strata[index // len(self.groups)],
                self.groups[index % len(self.groups)],
                self.time[rows],
                self.counts.rows(rows),
                self.squares.rows(rows),
                self.topology,
            )


def _at_risk(counts: Increments, topology: Topology) -> Floats:
    change = counts.censored - counts.entered
    for column, transition in enumerate(topology.transitions):
        change[:, topology.origins.index(transition.origin)] += counts.moved[:, column]
        if transition.target in topology.origins:
            change[:, topology.origins.index(transition.target)] -= counts.moved[:, column]
    at_risk: Floats = np.cumsum(change[::-1], axis=0)[::-1]
    # Real weights that come and go leave a rounding residue where nobody is at risk.
    return np.where(np.abs(at_risk) > RESIDUE * at_risk.max(axis=0, initial=0.0), at_risk, 0.0)
