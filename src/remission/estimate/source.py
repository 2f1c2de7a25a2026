"""What an estimator reads: blocks of a table, and the rows behind them where counts are not enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from remission.core.problems import InputError
from remission.events.histories import Histories
from remission.events.labels import Codes
from remission.events.table import Block, EventTable, Floats

Source = EventTable | Histories


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The rows of one block.

    Attributes
    ----------
    exit_at, entry_at : array (n,) of int
        Where exit and entry stand among the block's times; -1: at risk from the start.
    moved : array (n,) of int
        Transition column, -1: censored.
    weight : array (n,)
    cluster : array (n,) of int, or None
    are_repeated : bool
        Frequency weights: a row of weight 3 is three independent rows (unless clustered).
    """

    exit_at: Codes
    entry_at: Codes
    moved: Codes
    weight: Floats
    cluster: Codes | None
    are_repeated: bool


def table_of(source: Source) -> EventTable:
    """Return the event table of a source."""
    return source if isinstance(source, EventTable) else source.table()


def is_robust(source: Source) -> bool:
    """Whether variances must be robust: sampling weights, or rows that are not independent."""
    return source.weights_are == "sampling" or (isinstance(source, Histories) and source.cluster is not None)


def blocks_of(source: Source, *, robust: bool) -> Iterator[tuple[Block, Rows | None]]:
    """Every stratum and group, with its rows where a robust variance cannot be had from counts.

    Raises
    ------
    InputError
        If the rows are needed (robust variance, delayed entry) but the source is a table.
    """
    table = table_of(source)
    clustered = isinstance(source, Histories) and source.cluster is not None
    needed = robust and (clustered or table.has_delayed_entry)
    if needed and isinstance(source, EventTable):
        raise InputError(
            "a robust variance (weights, or the jackknife) with delayed entry needs the patients' rows: "
            "use histories(...) in place of event_table(...)."
        )
    if not needed or isinstance(source, EventTable):
        yield from ((block, None) for block in table.blocks())
        return
    order = np.argsort(source.block, kind="stable")
    edges = np.searchsorted(source.block[order], np.arange(len(source.groups) * len(source.strata) + 1))
    for block, own in zip(table.blocks(), pairwise(edges), strict=True):
        yield block, _rows(source, order[slice(*own)], block)


def _rows(source: Histories, own: Codes, block: Block) -> Rows:
    grid = source.grid
    entry_at = np.full(len(own), -1, dtype=np.intp)
    if grid.entry_at is not None:
        late = grid.entry_at[own] >= 0
        entry_at[late] = np.searchsorted(block.time, grid.values[grid.entry_at[own][late]])
    return Rows(
        np.searchsorted(block.time, grid.values[grid.exit_at[own]]),
        entry_at,
        source.moved[own],
        np.ones(len(own)) if source.weight is None else source.weight[own],
        None if source.cluster is None else source.cluster[own],
        source.weights_are == "frequency",
    )
