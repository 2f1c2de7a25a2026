"""How strongly each gene goes with the target, for all genes and several learning sets at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.steps import value_at
from remission.estimate.hazard import nelson_aalen
from remission.events.count import event_table
from remission.signature.target import Target

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Select = Literal["sam", "welch"]
SELECTS: tuple[Select, ...] = get_args(Select)


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """The matrix centred, with its squares, for sums by matrix products.

    Attributes
    ----------
    centre : array (genes,)
    values, squares : arrays (samples, genes)
        0 where missing.
    known : array (samples, genes) or None
        1 where known; None when all are.
    """

    centre: Floats
    values: Floats
    squares: Floats
    known: Floats | None


def moments(matrix: Floats, rows: NDArray[np.intp]) -> Moments:
    """Prepare a matrix; it is centred at the means of some rows, which changes rounding only."""
    known = ~np.isnan(matrix)
    complete = bool(known.all())
    if complete:
        centre = matrix[rows].mean(axis=0)
        values = matrix - centre
    else:
        count = np.maximum(known[rows].sum(axis=0), 1)
        centre = np.where(known, matrix, 0.0)[rows].sum(axis=0) / count
        values = np.where(known, matrix - centre, 0.0)
    return Moments(centre, values, values**2, None if complete else known.astype(float))


def strengths(m: Moments, target: Target, learning: Flags, select: Select = "sam") -> Floats:
    """Signed statistic of each gene in each learning set (sets, genes); 0 where there is none.

    class: difference of means over its standard error (Welch); "sam" adds the median standard error of
    all genes to it, so that genes of tiny variance do not lead (as SAM does). value: Pearson's correlation.
    survival: score statistic of Cox's model over its robust standard error, from martingale residuals.

    Parameters
    ----------
    learning : array (sets, samples) of bool
        Samples without a target are never used.

    References
    ----------
    Welch, Biometrika 1947; Tusher, Tibshirani and Chu, PNAS 2001; Lin and Wei, JASA 1989.
    """
    use = learning & ~np.isnan(target.y)
    if target.task == "class":
        return _two_groups(m, use & (target.y == 1), use & (target.y == 0), select)
    pull = np.zeros(use.shape)
    for index, rows in enumerate(use):
        pull[index, rows] = _pull(target, rows)
    if target.task == "value":
        size, total, squares = _sums(m, use.astype(float))
        spread = squares - total**2 / np.maximum(size, 1)
        around = pull @ m.values
        scale = np.sqrt((pull**2).sum(axis=1))[:, None] * np.sqrt(np.maximum(spread, 0))
        return _ratio(around, scale)
    size, total, _ = _sums(m, use.astype(float))
    mean = total / np.maximum(size, 1)
    weights = pull**2
    if m.known is None:
        known_pull = pull.sum(axis=1)[:, None]
        known_weight = weights.sum(axis=1)[:, None]
    else:
        known_pull, known_weight = pull @ m.known, weights @ m.known
    around = pull @ m.values - mean * known_pull
    spread = weights @ m.squares - 2 * mean * (weights @ m.values) + mean**2 * known_weight
    return _ratio(around, np.sqrt(np.maximum(spread, 0)))


def spreads(m: Moments, rows: Flags) -> tuple[Floats, Floats, Floats]:
    """Mean, standard deviation and share known of each gene in a learning set; sd is 0 below two values."""
    size, total, squares = _sums(m, rows[None, :].astype(float))
    mean = (total / np.maximum(size, 1))[0]
    inner = np.maximum(squares - total**2 / np.maximum(size, 1), 0.0)
    spread = np.sqrt(inner / np.maximum(size - 1, 1))[0]
    level = np.sqrt(squares / np.maximum(size, 1))[0] + np.abs(m.centre)
    spread = np.where((size[0] > 1) & (spread > 1e-10 * level), spread, 0.0)
    return mean + m.centre, spread, np.broadcast_to(size[0] / max(int(rows.sum()), 1), spread.shape)


def _two_groups(m: Moments, one: Flags, other: Flags, select: Select) -> Floats:
    parts = []
    for group in (one, other):
        size, total, squares = _sums(m, group.astype(float))
        mean = total / np.maximum(size, 1)
        variance = np.maximum(squares - size * mean**2, 0.0) / np.maximum(size - 1, 1)
        parts.append((mean, np.where(size > 1, variance / np.maximum(size, 1), np.nan)))
    error = np.sqrt(parts[0][1] + parts[1][1])
    if select == "sam":
        varies = error > 0
        told = varies.any(axis=1)
        middle = np.full((len(error), 1), np.nan)
        middle[told] = np.nanmedian(np.where(varies[told], error[told], np.nan), axis=1, keepdims=True)
        error = error + middle
    return _ratio(parts[0][0] - parts[1][0], error)


def _sums(m: Moments, use: Floats) -> tuple[Floats, Floats, Floats]:
    """Numbers known, sums and sums of squares by learning set."""
    size = use.sum(axis=1)[:, None] if m.known is None else use @ m.known
    return size, use @ m.values, use @ m.squares


def _ratio(top: Floats, bottom: Floats) -> Floats:
    fine = np.isfinite(bottom) & (bottom > 0)
    return np.where(fine, top / np.where(fine, bottom, 1.0), 0.0)


def _pull(target: Target, rows: Flags) -> Floats:
    """Centred value, or martingale residual without covariates (more events than expected: above 0)."""
    if target.task == "value":
        centred: Floats = target.y[rows] - target.y[rows].mean()
        return centred
    time, event = target.y[rows], target.event[rows]
    if not event.any():
        return np.zeros(len(time))
    curve = nelson_aalen(event_table(time, event)).curve()
    residual: Floats = event - value_at(curve.time, curve.estimate, time, 0.0)
    return residual
