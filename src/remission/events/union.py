"""The groups of one stratum on their common times: what the k-sample tests read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.table import Block, EventTable, Floats, Increments


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
        The same sums of squared weights (the same arrays when unweighted).
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
    size = len(table.groups)
    for start in range(0, len(blocks), size):
        members = blocks[start : start + size]
        time, own = _union([block.time for block in members])
        counts = _aligned(len(time), own, members, [block.counts for block in members])
        squares = counts
        if table.squares is not table.counts:
            squares = _aligned(len(time), own, members, [block.squares for block in members], squared=True)
        yield GroupCounts(members[0].stratum, time, *counts, *squares)


def _union(times: Sequence[Floats]) -> tuple[Floats, list[NDArray[np.intp]]]:
    """Distinct times of all, and where each one's (increasing) times are among them."""
    pooled = np.concatenate(times)
    order = np.argsort(pooled, kind="stable")
    ordered = pooled[order]
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    place = np.empty(len(pooled), dtype=np.intp)
    place[order] = np.cumsum(new) - 1
    return ordered[new], np.split(place, np.cumsum([len(time) for time in times])[:-1])


def _aligned(
    rows: int,
    own: Sequence[NDArray[np.intp]],
    members: Sequence[Block],
    increments: Sequence[Increments],
    *,
    squared: bool = False,
) -> tuple[Floats, Floats, Floats]:
    """At risk (K, G), moved (K, G, C), censored (K, G); columns contiguous, as the tests work along time."""
    causes = len(members[0].topology.causes)
    at_risk = np.zeros((rows, len(members)), order="F")
    moved = np.zeros((rows, len(members), causes), order="F")
    censored = np.zeros((rows, len(members)), order="F")
    for group, (block, counts, at) in enumerate(zip(members, increments, own, strict=True)):
        risk = block.squares_at_risk if squared else block.at_risk
        # the risk set of a time is that of the group's own next one; after its last nobody is left
        upto_next_own = np.diff(np.concatenate([[-1], at, [rows - 1]]))
        at_risk[:, group] = np.repeat(np.append(risk[:, 0], 0.0), upto_next_own)
        censored[at, group] = counts.censored[:, 0]
        for cause in range(causes):
            moved[at, group, cause] = counts.moved[:, cause]
    return at_risk, moved, censored
