"""Monotone likelihood: a coefficient that runs off to infinity, found by a linear programme and said."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.newton import Optimum
from remission.core.sums import sums_by
from remission.regress.moments import Floats, Rows

Ints = NDArray[np.int64]
GROWTH = 1e3
PAIRS = 5_000_000
OPTIMUM_ABOVE = 1e-7
NO_MAXIMUM = (
    "the likelihood has no maximum: {} separates those with the event from those at risk without it, so the "
    "ratio runs to infinity or zero and its limits mean nothing; use Firth's penalty or merge levels"
)


def why_unreliable(rows: Rows, optimum: Optimum, names: tuple[str, ...]) -> tuple[str, ...]:
    """Warnings about the end of a search, in plain words.

    The programme is run only when the search itself looks suspicious: no convergence, or an information that
    fell to a thousandth of its value at the start.
    """
    said: list[str] = []
    if not len(names):
        return ()
    shrunk = np.diag(optimum.information) < np.diag(optimum.start_information) / GROWTH
    if not optimum.converged or shrunk.any():
        direction = monotone_direction(rows)
        if direction is not None:
            involved = [name for name, size in zip(names, direction, strict=True) if abs(size) > 1e-6]
            said.append(NO_MAXIMUM.format(", ".join(involved)))
            return tuple(said)
    if not optimum.converged:
        said.append(f"the fit did not converge ({optimum.reason} after {optimum.steps} steps); do not use it")
    return tuple(said)


def monotone_direction(rows: Rows) -> Floats | None:
    """Direction along which the likelihood never falls and somewhere rises, or None.

    It exists iff some g has g'(x_i - x_j) >= 0 for every death i and every j at risk with it, once strictly.
    As a linear programme with one auxiliary z per event point: z_k >= g'x_j for those at risk, z_k <= g'x_i
    for the deaths, |g| <= 1; maximise the sum over points of the differences of deaths and those at risk.
    Without delayed entry each row needs one constraint, at its last point, and z falls with time inside a
    stratum; with delayed entry each row needs one per point, and above `PAIRS` of them None is returned
    untried.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - loaded when first needed

    points = rows.points
    size, count = len(rows.covariates), points.size
    spread = np.sqrt(np.mean(rows.covariates**2, axis=1))
    scaled = rows.covariates / np.where(spread > 0, spread, 1.0)[:, None]
    if points.low is not None and int((points.high - points.low).sum()) > PAIRS:
        return None
    constraints = _constraints(rows, scaled)
    at_risk = rows.risk.forward(np.ones(scaled.shape[1]))
    deaths = np.bincount(points.own, minlength=count).astype(float)
    gain = np.empty(size)
    for column, x in enumerate(scaled):
        died = sums_by(points.own, x[points.deaths], count)
        gain[column] = float((at_risk * died - deaths * rows.risk.forward(x)).sum())
    cost = np.concatenate([-gain / max(float(np.abs(gain).max()), 1.0), np.zeros(count)])
    bounds = [(-1.0, 1.0)] * size + [(None, None)] * count
    answer = linprog(
        cost, A_ub=constraints, b_ub=np.zeros(constraints.shape[0]), bounds=bounds, method="highs"
    )
    if answer.status != 0 or -answer.fun < OPTIMUM_ABOVE:
        return None
    return np.asarray(answer.x[:size])


def _constraints(rows: Rows, scaled: Floats) -> Any:
    """Rows of `A (g, z) <= 0`, sparse."""
    from scipy.sparse import block_array, csr_array, diags_array  # noqa: PLC0415 - loaded when first needed

    points = rows.points
    member, at = _at_risk_pairs(rows)
    count = points.size

    def marks(where: Ints) -> Any:
        ones = np.ones(len(where))
        return csr_array((ones, (np.arange(len(where)), where)), shape=(len(where), count))

    below = [csr_array(scaled[:, member].T), -marks(at)]
    above = [-csr_array(scaled[:, points.deaths].T), marks(points.own)]
    blocks = [below, above]
    if points.low is None and count > 1:
        same = (points.point_stratum[1:] == points.point_stratum[:-1]).astype(float)
        falling = diags_array([-same, same], offsets=[0, 1], shape=(count - 1, count))
        blocks.append([csr_array((count - 1, len(scaled))), falling])
    return block_array(blocks, format="csr")


def _at_risk_pairs(rows: Rows) -> tuple[Ints, Ints]:
    """(row, point) pairs to constrain: last points only, unless rows enter late."""
    points = rows.points
    last = points.high - 1
    if rows.risk.tail is not None:
        last = last.copy()
        last[rows.risk.tail.rows] = points.offset[points.stratum[rows.risk.tail.rows] + 1] - 1
    first = points.offset[points.stratum]
    if points.low is None:
        member = np.flatnonzero(last >= first)
        return member, last[member]
    lengths = np.maximum(last + 1 - points.low, 0)
    member = np.repeat(np.arange(len(last)), lengths)
    within = np.arange(len(member)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return member, points.low[member] + within
