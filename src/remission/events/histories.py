"""Histories: the rows behind an event table, kept for what counts alone cannot give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.causes import read_causes
from remission.events.grid import TimeGrid, time_grid
from remission.events.labels import Codes, levels_of, read_labels
from remission.events.numbers import read_numbers
from remission.events.table import EventTable, Floats, WeightsAre
from remission.events.tally import tally
from remission.events.topology import Topology, competing


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """One row per patient (or stay at risk): at risk for entry < t <= exit, then moved or censored.

    Attributes
    ----------
    topology : Topology
    groups, strata : tuple of str
        Labels in display order; `("",)` when there are none.
    grid : TimeGrid
        Tied times: the distinct ones, and per row where its exit and entry stand among them.
    moved : array (n,) of int
        Transition column, -1 for censored.
    block : array (n,) of int
        `stratum index * len(groups) + group index`.
    weight : array (n,) or None
    weights_are : "none", "frequency" or "sampling"
    cluster : array (n,) of int, or None
        Rows of one cluster are not independent (one patient twice, one centre).
    """

    topology: Topology
    groups: tuple[str, ...]
    strata: tuple[str, ...]
    grid: TimeGrid
    moved: Codes
    block: Codes
    weight: Floats | None
    weights_are: WeightsAre
    cluster: Codes | None

    def table(self) -> EventTable:
        """Count."""
        return tally(self)


def histories(
    time: Any,
    event: Any,
    *,
    causes: Mapping[int, str] | Sequence[str] | None = None,
    group: Any = None,
    levels: Sequence[str] = (),
    entry: Any = None,
    weight: Any = None,
    weights_are: Literal["frequency", "sampling"] = "sampling",
    stratum: Any = None,
    cluster: Any = None,
) -> Histories:
    """Check and keep the rows; the arguments are those of `event_table`, and one more.

    Curves and tests accept the result wherever they accept a table; they need it for clusters, and for
    sampling weights (or the jackknife) together with delayed entry.

    Parameters
    ----------
    time, event, causes, group, levels, entry, weight, weights_are, stratum
        As in `event_table`.
    cluster : column (n,), optional
        Rows with the same value are not independent: one patient with two transplants, patients of one
        centre. Variances become robust.

    Returns
    -------
    Histories
        With `.table()`.

    Raises
    ------
    InputError
        As `event_table`; also for a missing cluster.

    Examples
    --------
    >>> rows = histories([5, 8, 8], [True, False, True], cluster=["centre 1", "centre 1", "centre 2"])
    >>> rows.table().counts.moved.ravel()
    array([1., 1.])
    """
    return read_rows(
        time,
        event,
        BadRows(),
        causes=causes,
        group=group,
        levels=levels,
        entry=entry,
        weight=weight,
        weights_are=weights_are,
        stratum=stratum,
        cluster=cluster,
    )


def read_rows(
    time: Any,
    event: Any,
    bad: BadRows,
    *,
    causes: Mapping[int, str] | Sequence[str] | None,
    group: Any,
    levels: Sequence[str],
    entry: Any,
    weight: Any,
    weights_are: Literal["frequency", "sampling"],
    stratum: Any,
    cluster: Any = None,
) -> Histories:
    """Read the columns, telling everything wrong through `bad`.

    Raises
    ------
    InputError
        If anything is.
    """
    exit_time = read_numbers(time, "time", bad)
    size = len(exit_time)
    moved, names = read_causes(event, causes, bad)
    given: dict[str, NDArray[Any] | None] = {"event": moved}
    entry_time = None if entry is None else read_numbers(entry, "entry", bad, allow_start=True)
    weights = None if weight is None else _read_weight(weight, weights_are, bad)
    group_codes, groups = _read_level(group, levels, "group", size, bad)
    stratum_codes, strata = _read_level(stratum, (), "stratum", size, bad)
    given |= {"entry": entry_time, "weight": weights, "group": group_codes, "stratum": stratum_codes}
    cluster_codes = None
    if cluster is not None:
        labels = read_labels(cluster, "cluster")
        bad.note(labels.codes < 0, "cluster is missing", "Name the cluster, or leave the rows out")
        cluster_codes = given["cluster"] = labels.codes
    for name, column in given.items():
        if column is not None and len(column) != size:
            raise InputError(f"{name} has {len(column)} values for {size} times. Give one per row.")
    bad.tell()
    grid = time_grid(exit_time, entry_time)
    if grid.entry_at is not None:
        bad.note(
            grid.entry_at >= grid.exit_at,
            "entry is not before time",
            "At risk means entry < time: correct or drop these rows, or drop entry if nobody entered late",
        )
        bad.tell()
    return Histories(
        competing(names),
        groups,
        strata,
        grid,
        moved,
        stratum_codes * len(groups) + group_codes,
        weights,
        "none" if weights is None else weights_are,
        cluster_codes,
    )


def _read_level(
    column: Any, levels: Sequence[str], what: str, size: int, bad: BadRows
) -> tuple[Codes, tuple[str, ...]]:
    if column is None:
        if levels:
            raise InputError("levels order the groups, but no group is given.")
        return np.zeros(size, dtype=np.intp), ("",)
    labels = read_labels(column, what)
    bad.note(
        labels.codes < 0, f"{what} is missing", 'Leave these rows out, or give them a name such as "unknown"'
    )
    return levels_of(labels, levels, what)


def _read_weight(weight: Any, weights_are: str, bad: BadRows) -> NDArray[np.float64]:
    if weights_are not in {"frequency", "sampling"}:
        raise InputError(
            f'weights_are must be "frequency" (repeated rows) or "sampling", not {weights_are!r}.'
        )
    weights = read_numbers(weight, "weight", bad)
    bad.note(weights < 0, "weight is negative", "Weights are zero or more")
    if weights_are == "frequency":
        bad.note(
            weights != np.floor(weights),
            "weight is not a whole number",
            'Use weights_are="sampling" for real weights',
        )
    return weights
