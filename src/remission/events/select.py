"""Parts of an event table (or histories): some of its groups, some of its strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.histories import Histories
from remission.events.table import EventTable


def groups(table: EventTable, names: Sequence[str]) -> EventTable:
    """Keep some groups, in the order named, in every stratum.

    Raises
    ------
    InputError
        If a name is not a group of the table, is named twice, or none is named.
    """
    _known(names, table.groups, "group")
    wanted = np.array([table.groups.index(name) for name in names])
    strata = np.arange(len(table.strata))
    return _blocks(table, (strata[:, None] * len(table.groups) + wanted).ravel(), tuple(names), table.strata)


def strata(table: EventTable, names: Sequence[str]) -> EventTable:
    """Keep some strata, in the order named, with all groups.

    Raises
    ------
    InputError
        If a name is not a stratum of the table, is named twice, or none is named.
    """
    _known(names, table.strata, "stratum")
    size = len(table.groups)
    wanted = np.array([table.strata.index(name) for name in names])
    return _blocks(table, (wanted[:, None] * size + np.arange(size)).ravel(), table.groups, tuple(names))


def histories_of_groups(rows: Histories, names: Sequence[str]) -> Histories:
    """Keep the rows of some groups, in the order named.

    Raises
    ------
    InputError
        As `groups`.
    """
    _known(names, rows.groups, "group")
    new = np.full(len(rows.groups), -1, dtype=np.intp)
    new[[rows.groups.index(name) for name in names]] = np.arange(len(names))
    group = new[rows.block % len(rows.groups)]
    keep = np.flatnonzero(group >= 0)
    entry_at = rows.grid.entry_at
    return replace(
        rows,
        groups=tuple(names),
        grid=replace(
            rows.grid,
            exit_at=rows.grid.exit_at[keep],
            entry_at=None if entry_at is None else entry_at[keep],
        ),
        moved=rows.moved[keep],
        block=rows.block[keep] // len(rows.groups) * len(names) + group[keep],
        weight=None if rows.weight is None else rows.weight[keep],
        cluster=None if rows.cluster is None else rows.cluster[keep],
    )


def _known(names: Sequence[str], labels: tuple[str, ...], what: str) -> None:
    """Refuse names that are not labels of the table."""
    if isinstance(names, str) or not names or len(set(names)) != len(names):
        message = f"name each {what} to keep once, in a list; got {names!r}"
        raise InputError(message)
    unknown = [name for name in names if name not in labels]
    if unknown:
        message = f'there is no {what} "{unknown[0]}"; the table has {", ".join(labels)}'
        raise InputError(message)


def _blocks(
    table: EventTable, old: NDArray[np.int64], kept_groups: tuple[str, ...], kept_strata: tuple[str, ...]
) -> EventTable:
    """Table of the old blocks, numbered anew in the order given."""
    start = np.searchsorted(table.block, old)
    length = np.searchsorted(table.block, old, side="right") - start
    block = np.repeat(np.arange(len(old)), length)
    first = np.cumsum(length) - length
    rows = (np.arange(len(block)) - first[block] + start[block]).astype(np.intp)
    counts = table.counts.rows(rows)
    squares = counts if table.squares is table.counts else table.squares.rows(rows)
    return replace(
        table,
        groups=kept_groups,
        strata=kept_strata,
        block=block,
        time=table.time[rows],
        counts=counts,
        squares=squares,
    )
