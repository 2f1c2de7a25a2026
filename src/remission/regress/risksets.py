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
    """

    rows: Ints
    group: Ints
    factor: Floats
    curve: Floats


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

    def forward_and_dying(self, values: Floats) -> tuple[Floats, Floats | None]:
        """`forward`, and the sums over the deaths of each point where they cost nothing (else None)."""
        points = self.points
        sums, dying = points.at_risk(values)
        if points.low is not None:
            sums = sums - points.from_end(self._by(points.low, points.stratum, values))
        if self.tail is not None:
            sums = sums + self._tail_forward(values)
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

    def _tail_forward(self, values: Floats) -> Floats:
        """Weighted sums over rows whose competing event came before the point."""
        points, tail = self.points, self.tail
        assert tail is not None  # noqa: S101 - for the type checker; the caller looked
        kept = values[tail.rows] * tail.factor
        high, stratum = points.high[tail.rows], points.stratum[tail.rows]
        total = np.zeros(points.size)
        inside = high < points.offset[stratum + 1]
        for group in range(len(tail.curve)):
            chosen = inside & (tail.group == group)
            arrivals = sums_by(high[chosen], kept[chosen], points.size)
            total += tail.curve[group] * points.from_start(arrivals)
        return total

    def _tail_back(self, by_point: Floats, result: Floats) -> None:
        """Add what competing rows accumulate after their event."""
        points, tail = self.points, self.tail
        assert tail is not None  # noqa: S101
        high, stratum = points.high[tail.rows], points.stratum[tail.rows]
        inside = high < points.offset[stratum + 1]
        for group in range(len(tail.curve)):
            chosen = np.flatnonzero(inside & (tail.group == group))
            later = points.from_end(tail.curve[group] * by_point)
            result[tail.rows[chosen]] += tail.factor[chosen] * later[high[chosen]]
