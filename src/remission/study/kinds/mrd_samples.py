"""Samples of minimal residual disease: fractions of cells, what is below the limit, why some have none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.column import KnownOn
from remission.cohort.outcome import Outcome
from remission.core.clock import A_MOMENT
from remission.study.kinds.mrd_options import Point
from remission.study.kinds.not_evaluated import LEFT, NOT_RECORDED, by_row, why_not

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
# Shares such as 0.01 % may come as 0.00010000000000000002 from a file in per cent.
CLOSE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """One time point in some patients.

    Attributes
    ----------
    point : Point
    value : array (n,)
        Fraction of cells; NaN where not measured. Below the quantification limit its number means nothing.
    day : array (n,)
        Day of the sample from time zero; NaN where only the day it was due is known.
    below : array (n,) of bool
        Measured, and below the quantification limit, or negative.
    negative : array (n,) of bool
        Measured and negative.
    why : array (n,) of object
        Why there is no value: an event that came before, `LEFT`, `NOT_RECORDED`; None where measured.
    after_event : int
        Samples taken after an event, which are not counted.
    """

    point: Point
    value: Floats
    day: Floats
    below: Mask
    negative: Mask
    why: NDArray[np.object_]
    after_event: int

    @property
    def measured(self) -> Mask:
        """Who has a value."""
        return np.asarray(~np.isnan(self.value), dtype=bool)

    def at_least(self, share: float) -> Mask:
        """Who has a value at or above a share, which is not below the limit."""
        return self.measured & ~self.below & (self.value >= share * (1 - CLOSE))

    def under(self, share: float) -> Mask:
        """Who has a value below a share."""
        return self.measured & ~self.at_least(share)

    def reasons(self) -> tuple[str, ...]:
        """Reasons that occur, events first, those not recorded last."""
        found = {str(each) for each in self.why if each is not None} - {LEFT, NOT_RECORDED}
        return (*sorted(found), LEFT, NOT_RECORDED)


def samples_of(cohort: Cohort, outcome: Outcome, point: Point, rows: NDArray[np.int64]) -> Samples:
    """Read a time point; samples known to be taken after an event are no response and are left out."""
    raw = np.asarray(cohort.frame[point.column].gather(rows).to_numpy(), dtype=float)
    value = raw * point.scale
    day = sample_days(cohort, point.column, rows)
    end, event = by_row(outcome)
    late = np.zeros(len(rows), dtype=bool)
    why = why_not(outcome, rows, point.due)
    for place, row in enumerate(rows):
        name = event.get(int(row))
        if name is not None and end[int(row)] < day[place] - A_MOMENT and not np.isnan(value[place]):
            late[place], why[place] = True, name
    value = np.where(late, np.nan, value)
    measured = ~np.isnan(value)
    negative = measured & (np.isin(raw, point.negative) | (raw == 0))
    below = measured & (negative | (value < point.limit * (1 - CLOSE)))
    why[measured] = None
    return Samples(point, value, day, below, negative, why, int(late.sum()))


def sample_days(cohort: Cohort, column: str, rows: NDArray[np.int64]) -> Floats:
    """Day of each sample from time zero, where the column names its date; NaN otherwise."""
    known = cohort.column(column).known_at
    if not isinstance(known, KnownOn):
        return np.full(len(rows), np.nan)
    return np.asarray(cohort.days(known.column).gather(rows).to_numpy(), dtype=float)
