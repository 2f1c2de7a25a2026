"""The table cut at a time: who was still at risk after a landmark."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.ties import TOLERANCE
from remission.events.grid import TimeGrid
from remission.events.histories import Histories
from remission.events.labels import Codes
from remission.events.table import EventTable, Floats, Increments

Source = TypeVar("Source", EventTable, Histories)


def landmark(source: Source, at: float, *, keep_late_entrants: bool = False) -> Source:
    """Keep those still under observation and event-free after `at`.

    Whoever left at the landmark or before it is gone; everyone else is at risk from the start of the cut
    data. Time stays on the original axis: the curve of the cut table is 1 (an incidence 0) up to the
    landmark, and its Kaplan-Meier estimate is the conditional survival P(T > t | T > at) = S(t)/S(at), with
    its own standard error. Subtract `at` for the time from the landmark.

    Parameters
    ----------
    source : EventTable or Histories
    at : float
        The landmark, in the unit of time of the data.
    keep_late_entrants : bool
        Patients who came under observation after the landmark were not there to be classified at it; they
        are an error unless they are kept by this, at risk from their own entry.

    Returns
    -------
    EventTable or Histories
        As given. Groups and strata are kept, empty ones included.

    Raises
    ------
    InputError
        If somebody entered after the landmark and is not to be kept, or nobody is left.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([1, 3, 4, 5], [True, True, False, True])
    >>> next(landmark(table, 3).blocks()).at_risk.ravel()
    array([2., 1.])
    """
    if not np.isfinite(at):
        raise InputError(f"the landmark must be a finite time; it is {at}.")
    if isinstance(source, EventTable):
        return _cut_table(source, at, keep_late_entrants=keep_late_entrants)
    return _cut_rows(source, at, keep_late_entrants=keep_late_entrants)


def _cut_table(table: EventTable, at: float, *, keep_late_entrants: bool) -> EventTable:
    rows = np.flatnonzero(_after(table.time, at))
    counts = table.counts.rows(rows)
    _check(len(counts.entered), float(counts.entered.sum()), at, keep_late_entrants=keep_late_entrants)
    squares: Increments = counts if table.squares is table.counts else table.squares.rows(rows)
    return replace(table, block=table.block[rows], time=table.time[rows], counts=counts, squares=squares)


def _cut_rows(rows: Histories, at: float, *, keep_late_entrants: bool) -> Histories:
    grid = rows.grid
    after = _after(grid.values, at)
    keep = after[grid.exit_at]
    first = len(grid.values) - int(after.sum())
    entry_at: Codes | None = None
    if grid.entry_at is not None:
        entry_at = np.maximum(grid.entry_at[keep] - first, -1)
    late = 0 if entry_at is None else int((entry_at >= 0).sum())
    _check(int(keep.sum()), late, at, keep_late_entrants=keep_late_entrants)
    return replace(
        rows,
        grid=TimeGrid(grid.values[after], grid.exit_at[keep] - first, entry_at),
        moved=rows.moved[keep],
        block=rows.block[keep],
        weight=None if rows.weight is None else rows.weight[keep],
        cluster=None if rows.cluster is None else rows.cluster[keep],
    )


def _after(time: Floats, at: float) -> NDArray[np.bool_]:
    return time > at + TOLERANCE * abs(at)


def _check(left: int, late: float, at: float, *, keep_late_entrants: bool) -> None:
    if left == 0:
        raise InputError(f"nobody is under observation after the landmark {at:g}; choose an earlier one.")
    if late and not keep_late_entrants:
        raise InputError(
            f"{late:g} came under observation only after the landmark {at:g}: their state at it is unknown. "
            "Leave them out, choose a later landmark, or keep them with keep_late_entrants=True."
        )
