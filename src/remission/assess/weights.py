"""Inverse probability of censoring weights at one time, and the variance of anything made with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.given import Floats, outcome
from remission.core.problems import InputError
from remission.core.steps import last_at, next_at
from remission.regress.censoring import estimate_censoring

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """What is known of each patient at a time, and how many like him he stands for.

    Whoever has an event at a time leaves before those censored at it. So the state at `at` is known of
    whoever had an event by then (weight 1 / G(T-)) and of whoever was not censored before it (weight
    1 / G(at-), those censored at `at` itself included); of others it is not: weight 0. G is the Kaplan-Meier
    estimate of not being censored.

    Attributes
    ----------
    at : float
    cause : str
    case : array (n,) of bool
        Had the event of interest by `at`.
    weight : array (n,)
    place : array (n,) of int
        Number of distinct times before the one at which the patient's G is taken.
    leave : array (n,) of int, censored : array (n,) of bool
        Distinct time of each exit, and whether it was a censoring.
    at_risk, lost : arrays (K,)
        At risk of censoring, and censored, at each distinct time.
    """

    at: float
    cause: str
    case: NDArray[np.bool_]
    weight: Floats
    place: Ints
    leave: Ints
    censored: NDArray[np.bool_]
    at_risk: Floats
    lost: Floats

    @property
    def n(self) -> int:
        """Patients."""
        return len(self.weight)

    @property
    def events(self) -> int:
        """Patients who had the event of interest by then."""
        return int(self.case.sum())

    def influence(self, own: Floats) -> Floats:
        """Derivative of a statistic by the case weight of each patient (infinitesimal jackknife).

        Parameters
        ----------
        own : array (n,) or (n, k)
            Derivative by the logarithm of each patient's weight. As patients also enter the weights of the
            others, through G, those terms are added.
        """
        columns = own if own.ndim == 2 else own[:, None]
        at_place = np.zeros((len(self.at_risk) + 1, columns.shape[1]))
        np.add.at(at_place, self.place, columns)
        # by distinct time: own of those with it in their G
        behind = np.cumsum(at_place[::-1], axis=0)[::-1][1:]
        there = self.lost > 0
        stay = self.at_risk - self.lost
        safe = there & (stay > 0)
        slope = np.where(safe, 1.0 / np.where(safe, stay, 1.0), 0.0)
        drift = np.where(safe, self.lost / np.where(safe, self.at_risk * stay, 1.0), 0.0)
        gained = slope[:, None] * behind
        spent = np.cumsum(drift[:, None] * behind, axis=0)
        # an event leaves the risk set of censoring at its time before that time's censorings
        until = np.where(self.censored, self.leave + 1, self.leave)
        total = columns - np.concatenate([np.zeros((1, columns.shape[1])), spent])[until]
        total[self.censored] += gained[self.leave[self.censored]]
        answer: Floats = total if own.ndim == 2 else total[:, 0]
        return answer


def weights_at(time: Any, event: Any, at: float, cause: str | None = None) -> Weighted:
    """Weights of all patients at a time.

    Everybody is followed from time 0 (no delayed entry), and censoring does not depend on the predictions.

    Raises
    ------
    InputError
        If nobody is followed until `at`, so that nothing is known there.

    References
    ----------
    Graf et al., Stat Med 1999; Gerds and Schumacher, Biom J 2006.

    Examples
    --------
    >>> weights_at([1, 2, 3, 4], [True, False, True, False], 3.5).weight
    array([1. , 0. , 1.5, 1.5])
    """
    rows, status, name = outcome(time, event, cause)
    grid = rows.grid
    found = estimate_censoring(grid, rows.moved, np.zeros(len(status), dtype=np.int64), "finegray")
    by_then = grid.exit_at <= int(last_at(grid.values, [at])[0])
    reach = int(next_at(grid.values, [at])[0])  # distinct times before `at`
    happened = (status > 0) & by_then
    known = happened | (grid.exit_at >= reach)
    if not known.any() or reach >= len(grid.values):
        raise InputError(f"nobody is followed until {at:g}: choose an earlier time")
    place = np.where(happened, grid.exit_at, reach)
    before = found.before[0]
    return Weighted(
        float(at),
        name,
        happened & (status == 1),
        np.where(known, 1.0 / np.where(known, before[place], 1.0), 0.0),
        place.astype(np.int64),
        grid.exit_at.astype(np.int64),
        status == 0,
        found.at_risk[0],
        found.censored[0],
    )
