"""The censoring distribution by which Fine-Gray keeps competing rows at risk, in both of R's versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.grid import TimeGrid
from remission.regress.points import Points
from remission.regress.risksets import Tail

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Variant = Literal["crr", "finegray"]


@dataclass(frozen=True, slots=True, eq=False)
class Censoring:
    """Product-limit estimate of G by censoring group, on the grid of all distinct times.

    Attributes
    ----------
    variant : "crr" or "finegray"
        "crr": a failure at u is still at risk of censoring at u, and G is 0 after a group's last time.
        "finegray": failures at u leave before the censorings at u. They agree where no time is tied.
    group : array (n,) of int
        Censoring group of each row, in the caller's order.
    before : array (groups, K)
        G just before each grid time (times the entry factor H with delayed entry).
    at_risk, censored : arrays (groups, K)
        Numbers at risk of censoring, and censored, at each grid time. Counts: case weights do not enter.
    """

    variant: Variant
    group: Ints
    before: Floats
    at_risk: Floats
    censored: Floats

    @property
    def groups(self) -> int:
        """Number of censoring groups."""
        return len(self.before)


def estimate_censoring(grid: TimeGrid, moved: Ints, group: Ints, variant: Variant) -> Censoring:
    """Estimate G(t-) in each group.

    With delayed entry (Geskus 2011) the weight is G(t-) H(t-), H the reverse-time product-limit of entry:
    H(t-) = product over entry times L >= t of 1 - e(L)/N(L), N(L) = number with entry <= L < exit.
    """
    count, size = int(group.max(initial=0)) + 1, len(grid.values)
    key = group * size + grid.exit_at
    shape = (count, size)
    leaving = np.bincount(key, minlength=count * size).reshape(shape).astype(float)
    gone = moved < 0
    censored = np.bincount(key[gone], minlength=count * size).reshape(shape).astype(float)
    at_risk = np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1]
    late = np.zeros(0, dtype=np.int64)
    if grid.entry_at is not None:
        late = np.flatnonzero(grid.entry_at >= 0)
        entering = np.bincount(group[late] * size + grid.entry_at[late], minlength=count * size).reshape(
            shape
        )
        # an entry at u or later is not yet at risk at u
        at_risk = at_risk - np.cumsum(entering[:, ::-1], axis=1)[:, ::-1]
    if variant == "finegray":
        at_risk = at_risk - (leaving - censored)
    factor = 1.0 - np.divide(censored, at_risk, out=np.zeros(shape), where=censored > 0)
    before = np.concatenate([np.ones((count, 1)), np.cumprod(factor, axis=1)[:, :-1]], axis=1)
    if variant == "crr":
        before[np.cumsum(leaving[:, ::-1], axis=1)[:, ::-1] == 0] = 0.0
    if len(late):
        before = before * _entry_factor(entering, leaving, group, late)
    return Censoring(variant, group, before, at_risk, censored)


def _entry_factor(entering: Ints, leaving: Floats, group: Ints, late: Ints) -> Floats:
    """H(t-) on the grid; the factor at the earliest entry, where all have just come, never matters."""
    count = len(entering)
    early = np.bincount(np.delete(group, late), minlength=count).astype(float)
    present = early[:, None] + np.cumsum(entering, axis=1) - np.cumsum(leaving, axis=1)
    share = np.divide(entering, present, out=np.zeros(entering.shape), where=entering > 0)
    factor = np.where(share < 1.0, 1.0 - share, 1.0)
    return np.asarray(np.cumprod(factor[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)


def make_tail(censoring: Censoring, grid: TimeGrid, points: Points, competing: NDArray[np.bool_]) -> Tail:
    """Rows that had a competing event, with their weights at later points.

    Parameters
    ----------
    competing : array (n,)
        In the caller's order.

    Raises
    ------
    InputError
        If G is 0 where somebody has a competing event, and events follow: delayed entry makes it possible.
    """
    rows = np.flatnonzero(competing[points.order])
    original = points.order[rows]
    group = censoring.group[original]
    at_point = np.searchsorted(grid.values, points.point_time)
    weight = censoring.before[group, grid.exit_at[original]]
    high, end = points.high[rows], points.offset[points.stratum[rows] + 1]
    stays = np.flatnonzero(high < end)
    place = group[stays] * points.size + high[stays]
    if not (weight[stays] > 0).all():
        message = (
            "at some time everybody under observation was censored, and others entered later: how long a "
            "competing event after it keeps a patient at risk is not defined; start later (a landmark), or "
            "fit cause-specific hazards"
        )
        raise InputError(message)
    factor = np.divide(1.0, weight, out=np.zeros(len(rows)), where=weight > 0)
    return Tail(rows, group, factor, censoring.before[:, at_point], stays, place)
