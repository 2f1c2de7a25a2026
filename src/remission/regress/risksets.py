"""Risk sets as a linear operator: forward from rows to event points, transposed from points to rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.regress.points import Points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Rows kept at risk after a competing event, with the censoring curve's weight (Fine-Gray).

    Row `rows[j]` stays at risk at every point k of its stratum later than its exit, with weight
    `curve[group[j], k] * factor[j]`, that is G(t-)/G(T-) (times H(t-)/H(T-) with delayed entry).

    Attributes
    ----------
    rows, group : arrays (c,) of int
        Sorted rows that had a competing event, and their censoring groups.
    factor : array (c,)
        1/G(T-).
    curve : array (groups, m)
        G just before each point's time.
    stays, place : arrays of int
        Which of `rows` have a later point in their stratum, and `group * m +` the first such point.
    """

    rows: Ints
    group: Ints
    factor: Floats
    curve: Floats
    stays: Ints
    place: Ints


@dataclass(frozen=True, slots=True, eq=False)
class RiskSets:
    """The operator of a set of rows.

    `forward(v)[k]` is the sum of v over the rows at risk at point k; `back(h)[i]` is the sum of h over the
    points at which row i is at risk. One is the transpose of the other: `h @ forward(v) == back(h) @ v`.
    """

    points: Points
    tail: Tail | None = None

    def forward(self, values: Floats) -> Floats:
        """Sums over risk sets (m,) of one number per row (n,)."""
        return self.forward_and_dying(values)[0]

    def forward_and_dying(
        self, weight: Floats, covariates: Floats | None = None
    ) -> tuple[Floats, Floats | None]:
        """`forward` of weights (n,), or of each weighted covariate (p, n); (m,) or (p, m).

        And the sums over the deaths of each point where they cost nothing (else None).
        """
        points = self.points
        sums, dying = points.at_risk(weight, covariates)
        each = sums[None, :] if covariates is None else sums
        if points.low is not None:
            for column in range(len(each)):
                values = weight if covariates is None else weight * covariates[column]
                each[column] -= points.from_end(self._by(points.low, points.stratum, values))
        if self.tail is not None:
            rows = self.tail.rows[self.tail.stays]
            kept = weight[rows] * self.tail.factor[self.tail.stays]
            for column in range(len(each)):
                values = kept if covariates is None else kept * covariates[column, rows]
                each[column] += self._tail_forward(values)
        return sums, dying

    def back(self, by_point: Floats) -> Floats:
        """Sums over the points at which each row is at risk (n,) of one number per point (m,)."""
        points = self.points
        running = points.from_start(by_point)
        result = points.at_high(running)
        if points.low is not None:
            result = result - points.at_low(running)
        if self.tail is not None:
            self._tail_back(by_point, result)
        return result

    def _by(self, count: Ints, stratum: Ints, values: Floats) -> Floats:
        """Sums by the last point among the first `count` ones."""
        points = self.points
        sums = sums_by(count + stratum, values, points.size + len(points.offset) - 1)
        real: Floats = sums[points.real_segments()]
        return real

    def _tail_forward(self, kept: Floats) -> Floats:
        """Weighted sums over rows whose competing event came before the point."""
        tail = self.tail
        assert tail is not None  # noqa: S101 - for the type checker; the caller looked
        arrivals = sums_by(tail.place, kept, tail.curve.size).reshape(tail.curve.shape)
        there = self.points.from_start(arrivals)
        there *= tail.curve
        total: Floats = there.sum(axis=0)
        return total

    def _tail_back(self, by_point: Floats, result: Floats) -> None:
        """Add what competing rows accumulate after their event."""
        tail = self.tail
        assert tail is not None  # noqa: S101
        later = self.points.from_end(tail.curve * by_point).ravel()
        result[tail.rows[tail.stays]] += tail.factor[tail.stays] * later[tail.place]
