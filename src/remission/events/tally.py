"""Rows to increments: a group-by-and-count on integer cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from remission.events.labels import Codes
from remission.events.table import EventTable, Floats, Increments

if TYPE_CHECKING:
    from remission.events.histories import Histories


def tally(rows: Histories) -> EventTable:
    """Sum weights (and squared weights) per stratum, group, time and transition."""
    values = rows.grid.values
    size = max(len(values), 1)
    entry_at = rows.grid.entry_at
    late = np.flatnonzero(entry_at >= 0) if entry_at is not None else np.zeros(0, dtype=np.intp)
    exits = rows.block * size + rows.grid.exit_at
    entries = rows.block[late] * size + (entry_at[late] if entry_at is not None else late)
    cells, row = np.unique(np.concatenate([exits, entries]), return_inverse=True)
    left, came = row[: len(exits)], row[len(exits) :]
    columns = len(rows.topology.transitions) + 1

    def increments(weight: Floats | None) -> Increments:
        key = left * columns + (rows.moved + 1)
        gone = np.bincount(key, weight, len(cells) * columns).reshape(-1, columns).astype(float)
        entered = np.bincount(came, None if weight is None else weight[late], len(cells)).astype(float)
        return Increments(entered[:, None], gone[:, 1:], gone[:, :1])

    counts = increments(rows.weight)
    squares = (
        increments(rows.weight**2) if rows.weights_are == "sampling" and rows.weight is not None else counts
    )
    block: Codes = cells // size
    time = values[cells % size] if len(values) else values
    return EventTable(rows.topology, rows.groups, rows.strata, block, time, counts, squares, rows.weights_are)
