"""The distinct times of exits and entries, ties included, and where each row stands among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.core.ties import distinct
from remission.events.labels import Codes
from remission.events.table import Floats


@dataclass(frozen=True, slots=True, eq=False)
class TimeGrid:
    """Distinct times in increasing order; per row where its exit and entry stand (-1: from the start)."""

    values: Floats
    exit_at: Codes
    entry_at: Codes | None


def time_grid(exit_time: Floats, entry_time: Floats | None) -> TimeGrid:
    """Tie exits and entries together: times within the tolerance of `core.ties` are one."""
    if entry_time is None:
        values, index = distinct(exit_time)
        return TimeGrid(values, index, None)
    late = np.flatnonzero(entry_time > -np.inf)
    values, index = distinct(np.concatenate([exit_time, entry_time[late]]))
    entry_at = np.full(len(exit_time), -1, dtype=np.intp)
    entry_at[late] = index[len(exit_time) :]
    return TimeGrid(values, index[: len(exit_time)], entry_at)
