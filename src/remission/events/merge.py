"""Tables add: chunks, hospitals, replicates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.core.problems import InputError
from remission.core.ties import distinct
from remission.events.labels import Codes, natural_key
from remission.events.table import EventTable, Floats, Increments, WeightsAre
from remission.events.topology import Topology


def merge(*tables: EventTable, levels: Sequence[str] = ()) -> EventTable:
    """Add event tables: the result is the table of all their rows together.

    Causes are matched by name, in any order; groups and strata that only some tables have are kept. Times of
    different tables that agree within the tolerance of `core.ties` become one.

    Parameters
    ----------
    *tables : EventTable
        At least one.
    levels : sequence of str, optional
        Order of the groups. Default: the order of a table that has all of them, else natural order.

    Returns
    -------
    EventTable
        Sampling-weighted if any table is (an unweighted row has weight 1), else frequency-weighted if any is.

    Raises
    ------
    InputError
        If the tables do not have the same causes, or some have groups (strata) and others none.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> both = merge(event_table([1, 2], [True, False]), event_table([2, 3], [True, True]))
    >>> next(both.blocks()).at_risk.ravel()
    array([4., 3., 1.])
    """
    if not tables:
        raise InputError("merge needs at least one table.")
    topology = tables[0].topology
    groups = _union([table.groups for table in tables], levels, "groups")
    strata = _union([table.strata for table in tables], (), "strata")
    times, index = distinct(np.concatenate([table.time for table in tables]))
    size = max(len(times), 1)
    blocks = np.concatenate([_blocks(table, groups, strata) for table in tables])
    cells, row = np.unique(blocks * size + index, return_inverse=True)
    columns = [_columns(table.topology, topology) for table in tables]

    def added(parts: list[Increments]) -> Increments:
        return Increments(
            _sum(np.concatenate([part.entered for part in parts]), row, len(cells)),
            _sum(
                np.concatenate([part.moved[:, place] for part, place in zip(parts, columns, strict=True)]),
                row,
                len(cells),
            ),
            _sum(np.concatenate([part.censored for part in parts]), row, len(cells)),
        )

    kinds = {table.weights_are for table in tables}
    weights_are: WeightsAre = next((kind for kind in ("sampling", "frequency") if kind in kinds), "none")
    counts = added([table.counts for table in tables])
    squares = added([table.squares for table in tables]) if weights_are == "sampling" else counts
    time = times[cells % size] if len(times) else times
    return EventTable(topology, groups, strata, cells // size, time, counts, squares, weights_are)


def _union(parts: Sequence[tuple[str, ...]], levels: Sequence[str], what: str) -> tuple[str, ...]:
    everything = set().union(*parts)
    if "" in everything and len(everything) > 1:
        raise InputError(
            f"some of the tables have {what} and others none; count them all with {what}, or all without."
        )
    if levels:
        order = tuple(str(level) for level in levels)
        if not everything <= set(order) or len(set(order)) != len(order):
            raise InputError(f"levels must name each of the {what} once: {sorted(everything)}.")
        return order
    complete = {part for part in parts if len(part) == len(everything)}
    if len(complete) == 1:
        return complete.pop()
    return tuple(sorted(everything, key=natural_key))


def _blocks(table: EventTable, groups: tuple[str, ...], strata: tuple[str, ...]) -> Codes:
    group = np.array([groups.index(name) for name in table.groups], dtype=np.intp)
    stratum = np.array([strata.index(name) for name in table.strata], dtype=np.intp)
    return stratum[table.block // len(table.groups)] * len(groups) + group[table.block % len(table.groups)]


def _columns(own: Topology, wanted: Topology) -> list[int]:
    """Columns of a table's own transitions in the wanted order; the whole state graph must agree."""
    same = own.origins == wanted.origins and set(own.transitions) == set(wanted.transitions)
    if not same:
        raise InputError(
            f"the tables count different events: {', '.join(wanted.causes)} and {', '.join(own.causes)}. "
            "Give event_table the same causes=[...] each time, those that nobody had included."
        )
    return [own.transitions.index(transition) for transition in wanted.transitions]


def _sum(values: Floats, row: Codes, size: int) -> Floats:
    return np.stack([np.bincount(row, column, size) for column in values.T], axis=1)
