"""Infinitesimal jackknife: sums of squared influence, from counts or from rows, in linear time and memory.

An estimator is described by what its value gains through a row. A row that enters after time f-1 and leaves
at time l (indices; f = 0: from the start) has, with weight w, the D-vector of influence

    at t_k, while at risk:  w ( -(A_k - A_{f-1}) )          A = `drift`, cumulative
    once it has left:       w ( jump_l - (A_l - A_{f-1}) )   `jump` of its transition, 0 when censored

and the variance is the sum over independent units (rows, or clusters of rows) of the outer product of their
sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.estimate.source import Rows
from remission.events.labels import Codes
from remission.events.table import Block, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """`jump` (K, C, D): gain by each transition at each time; `drift` (K, D): cumulative cost of staying."""

    jump: Floats
    drift: Floats


def squares_of(influence: Influence, block: Block, rows: Rows | None) -> Floats:
    """Sum over units of the outer product of their influence, after each time of the block (K, D, D).

    Influence changes at events only; at other times the value of the last event is repeated to the last
    bit, so that rounding makes no steps in a confidence limit.
    """
    total = _from_counts(influence, block) if rows is None else _from_rows(influence, rows)
    happened = block.counts.moved.sum(axis=1) > 0
    last = np.maximum.accumulate(np.where(happened, np.arange(len(total)), -1))
    return np.concatenate([total, np.zeros_like(total[:1])])[last]


def _outer(left: Floats, right: Floats) -> Floats:
    return left[..., :, None] * right[..., None, :]


def _from_counts(influence: Influence, block: Block) -> Floats:
    """Independent rows, no delayed entry: those who left, and those still there, who share one influence."""
    drift = influence.drift
    squares = block.squares
    moved = influence.jump - drift[:, None, :]
    stayed = _outer(drift, drift)
    left = squares.censored[:, :1, None] * stayed
    for column in range(moved.shape[1]):
        left += squares.moved[:, column, None, None] * _outer(moved[:, column], moved[:, column])
    still = block.squares_at_risk[:, 0] - squares.moved.sum(axis=1) - squares.censored[:, 0]
    total: Floats = np.cumsum(left, axis=0) + np.maximum(still, 0.0)[:, None, None] * stayed
    return total


def _from_rows(influence: Influence, rows: Rows) -> Floats:
    """Any rows: between entries and exits of its rows the influence of a unit is p - y A_k, p and y constant.

    So the sums over units of pp', py and y^2 change only there: each row is touched twice, whatever the
    number of times, and nothing of size rows x times is made.
    """
    drift = influence.drift
    times, size = drift.shape
    weight = np.sqrt(rows.weight) if rows.are_repeated and rows.cluster is None else rows.weight
    unit = np.arange(len(weight)) if rows.cluster is None else rows.cluster
    start = np.concatenate([drift, np.zeros((1, size))])[rows.entry_at]
    jump = np.concatenate([influence.jump, np.zeros((times, 1, size))], axis=1)[rows.exit_at, rows.moved]
    gains = np.concatenate([start, jump - drift[rows.exit_at]]) * np.tile(weight, 2)[:, None]
    there = np.concatenate([weight, -weight])
    when = np.concatenate([rows.entry_at, rows.exit_at]) + 1
    who = np.concatenate([unit, unit])
    order = np.lexsort((when, who))
    state = np.column_stack([gains, there])[order]
    after, who = _cumulative_within(state, who[order]), who[order]
    before = np.concatenate([np.zeros((1, size + 1)), after])[:-1]
    before[_firsts(who)] = 0.0
    change = (_outer(after, after) - _outer(before, before)).reshape(len(after), (size + 1) ** 2)
    sums = np.stack([np.bincount(when[order], column, times + 1) for column in change.T], axis=1)
    total = np.cumsum(sums, axis=0)[1:].reshape(times, size + 1, size + 1)
    reader = np.concatenate([np.broadcast_to(np.eye(size), (times, size, size)), -drift[:, :, None]], axis=2)
    spread: Floats = reader @ total @ reader.transpose(0, 2, 1)
    return spread


def _cumulative_within(values: Floats, unit: Codes) -> Floats:
    """Cumulative sums that start anew with each unit (sorted)."""
    total = np.cumsum(values, axis=0)
    first = _firsts(unit)
    offset = (total - values)[first]
    within: Floats = total - offset[np.cumsum(first) - 1]
    return within


def _firsts(unit: Codes) -> NDArray[np.bool_]:
    """Whether a row is the first of its unit (sorted)."""
    return np.concatenate([[True], unit[1:] != unit[:-1]])[: len(unit)]
