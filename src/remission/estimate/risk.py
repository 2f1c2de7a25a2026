"""Risk sets of one block: the numbers every curve estimator starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.core.problems import InputError
from remission.events.table import RESIDUE, Block, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Risk:
    """One stratum and group of a competing-risks (or two-state) table.

    Attributes
    ----------
    time : array (K,)
    n : array (K,)
        At risk just before each time.
    d : array (K, C)
        Events by cause.
    events, censored : array (K,)
        Events of any cause; censored.
    stay : array (K,)
        `n - events`, exactly 0 where that is rounding.
    survival, survival_before : array (K,)
        Kaplan-Meier estimate of being free of any event, at and just before each time. Once it is 0 it
        stays 0.
    """

    time: Floats
    n: Floats
    d: Floats
    events: Floats
    censored: Floats
    stay: Floats
    survival: Floats
    survival_before: Floats

    def per_at_risk(self, amount: Floats) -> Floats:
        """`amount / n`, 0 where nobody is at risk."""
        return np.divide(amount, self.n, out=np.zeros_like(self.n), where=self.n > 0)

    def per_stay(self, amount: Floats) -> Floats:
        """`amount / (n - d)`, 0 where nobody stays."""
        return np.divide(amount, self.stay, out=np.zeros_like(self.n), where=self.stay > 0)

    def per_survival(self, amount: Floats) -> Floats:
        """`amount / S`, 0 where survival is 0."""
        return np.divide(amount, self.survival, out=np.zeros_like(self.n), where=self.survival > 0)


def risk_of(block: Block) -> Risk:
    """Risk sets and all-cause survival of a block.

    Raises
    ------
    InputError
        If the table has several starting states.
    """
    if not block.topology.is_competing:
        raise InputError("this estimate needs one starting state; the table has a general state graph.")
    n = block.at_risk[:, 0]
    d = block.counts.moved
    events = np.einsum("kc->k", d)  # several times as fast as a sum along a short axis
    stay = np.where(n - events > RESIDUE * n, n - events, 0.0)
    step = np.divide(stay, n, out=np.ones_like(n), where=n > 0)
    survival = np.cumprod(step, dtype=np.float64)
    before = np.concatenate([[1.0], survival])[:-1]
    return Risk(block.time, n, d, events, block.counts.censored[:, 0], stay, survival, before)
