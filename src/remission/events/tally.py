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
    exits = rows.block * size + rows.grid.exit_at
    late, entries = np.zeros((2, 0), dtype=np.intp)
    if rows.grid.entry_at is not None:
        late = np.flatnonzero(rows.grid.entry_at >= 0)
        entries = rows.block[late] * size + rows.grid.entry_at[late]
    blocks = len(rows.groups) * len(rows.strata)
    cells, left, came = _occupied(exits, entries, blocks * size)
    columns = len(rows.topology.transitions) + 1

    def increments(weight: Floats | None) -> Increments:
        key = left * columns
        key += rows.moved
        key += 1
        gone = np.bincount(key, weight, len(cells) * columns).reshape(-1, columns).astype(float)
        entered = np.bincount(came, None if weight is None else weight[late], len(cells)).astype(float)
        return Increments(entered[:, None], gone[:, 1:], gone[:, :1])

    counts = increments(rows.weight)
    squares = counts
    if rows.weight is not None and rows.weights_are == "sampling":
        squares = increments(rows.weight**2)
    time = values[cells % size] if len(values) else values
    return EventTable(
        rows.topology, rows.groups, rows.strata, cells // size, time, counts, squares, rows.weights_are
    )


def _occupied(exits: Codes, entries: Codes, size: int) -> tuple[Codes, Codes, Codes]:
    """Cells anybody is in, and per exit and per entry which of those it is."""
    if size > 8 * (len(exits) + len(entries)) + 100_000:
        cells, row = np.unique(np.concatenate([exits, entries]), return_inverse=True)
        return cells, row[: len(exits)], row[len(exits) :]
    seen = np.zeros(size, dtype=bool)
    seen[exits] = True
    seen[entries] = True
    place = np.cumsum(seen) - 1
    return np.flatnonzero(seen), place[exits], place[entries]
