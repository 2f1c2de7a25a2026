"""From checked histories and covariates to sorted, centred rows with risk sets: the same for every model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import pieces
from remission.core.problems import InputError
from remission.events.grid import TimeGrid
from remission.events.histories import Histories
from remission.regress.covariates import Covariates
from remission.regress.moments import Floats, Rows, Ties, make_rows
from remission.regress.points import make_points
from remission.regress.risksets import RiskSets


def matching(rows: Histories, covariates: Covariates) -> tuple[Histories, Covariates]:
    """Leave out rows of weight zero from both.

    Raises
    ------
    InputError
        If they have different numbers of rows.
    """
    size = len(rows.moved)
    if len(covariates.values) != size:
        raise InputError(f"X has {len(covariates.values)} rows and time has {size}. Give one row per time.")
    if rows.weight is None or (rows.weight > 0).all():
        return rows, covariates
    keep = np.flatnonzero(rows.weight > 0)
    grid = TimeGrid(
        rows.grid.values,
        rows.grid.exit_at[keep],
        None if rows.grid.entry_at is None else rows.grid.entry_at[keep],
    )
    kept = replace(
        rows,
        grid=grid,
        moved=rows.moved[keep],
        block=rows.block[keep],
        weight=rows.weight[keep],
        cluster=None if rows.cluster is None else rows.cluster[keep],
    )
    return kept, replace(covariates, values=covariates.values[keep])


def which_cause(rows: Histories, cause: str | None) -> str:
    """The event of interest: the one named, or the only one.

    Raises
    ------
    InputError
        If there are several and none is named, or the name is unknown.
    """
    names = rows.topology.causes
    if cause is None and len(names) > 1:
        raise InputError(f"there are several events ({', '.join(names)}): say which with cause=")
    chosen = names[0] if cause is None else cause
    rows.topology.column(chosen)
    return chosen


def sorted_rows(rows: Histories, covariates: Covariates, died: NDArray[np.bool_], ties: Ties) -> Rows:
    """Sort and centre, piece by piece (one copy of the data).

    Raises
    ------
    InputError
        If nobody died.
    """
    if not died.any():
        raise InputError("no row has the event of interest: there is nothing to fit")
    points = make_points(rows.grid, died, rows.block)
    values = covariates.values
    centre = values.mean(axis=0)
    stored = np.empty((values.shape[1], len(values)))
    for piece in pieces(*values.shape):
        some = np.take(values, points.order[piece], axis=0)
        np.subtract(some.T, centre[:, None], out=stored[:, piece])
    weight = np.ones(len(values)) if rows.weight is None else rows.weight[points.order]
    return make_rows(stored, centre, weight, RiskSets(points), ties)


def in_order(rows: Rows, values: Floats) -> Floats:
    """Row values (last axis) back in the caller's order."""
    result = np.empty_like(values)
    result[..., rows.points.order] = values
    return result
