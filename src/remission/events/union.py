"""The groups of one stratum on their common times: what the k-sample tests read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from remission.core.problems import InputError
from remission.events.table import EventTable, Floats


@dataclass(frozen=True, slots=True, eq=False)
class GroupCounts:
    """Counts of one stratum on the union of its groups' times.

    Attributes
    ----------
    time : array (K,)
    at_risk : array (K, G)
        Just before each time; at another group's time, those with entry < t <= exit.
    moved : array (K, G, C)
        Events by cause.
    censored : array (K, G)
    squares_at_risk, squares_moved, squares_censored : arrays
        The same sums of squared weights.
    """

    stratum: str
    time: Floats
    at_risk: Floats
    moved: Floats
    censored: Floats
    squares_at_risk: Floats
    squares_moved: Floats
    squares_censored: Floats


def by_stratum(table: EventTable) -> Iterator[GroupCounts]:
    """Align the groups of each stratum of a competing-risks (or two-state) table.

    Raises
    ------
    InputError
        If the table has several starting states.
    """
    if not table.topology.is_competing:
        message = "group tests need one starting state; this table has a general state graph"
        raise InputError(message)
    blocks = list(table.blocks())
    size, causes = len(table.groups), len(table.topology.causes)
    for start in range(0, len(blocks), size):
        members = blocks[start : start + size]
        time = np.unique(np.concatenate([block.time for block in members]))
        shape = (len(time), size)
        arrays = [np.zeros(shape), np.zeros((*shape, causes)), np.zeros(shape)]
        squares = [np.zeros(shape), np.zeros((*shape, causes)), np.zeros(shape)]
        for index, block in enumerate(members):
            at = np.searchsorted(time, block.time)
            for target, counts, risk in ((arrays, block.counts, block.at_risk), (squares, block.squares, block.squares_at_risk)):
                next_own = np.searchsorted(block.time, time)
                target[0][:, index] = np.append(risk[:, 0], 0.0)[next_own]
                target[1][at, index] = counts.moved
                target[2][at, index] = counts.censored[:, 0]
        yield GroupCounts(members[0].stratum, time, *arrays, *squares)
