"""Event points (stratum, distinct event time) and where each row stands among them: sorted once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.sums import sums_by
from remission.events.grid import TimeGrid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CROWD = 4


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Rows sorted by stratum and time, and the event points of each stratum.

    A row is at risk at point k of its stratum if entry < time_k <= exit: a death or censoring at the point's
    time is at risk there, an entry at it is not. Without delayed entry everybody is at risk from the start
    (entry is minus infinity).

    Attributes
    ----------
    order : array (n,) of int
        Position in the caller's rows of each sorted row; every other row array here is in sorted order.
    stratum, died : arrays (n,)
    point_time, point_stratum : arrays (m,)
        Distinct event times by stratum.
    offset : array (strata + 1,)
        First point of each stratum.
    high, low : arrays (n,)
        Points (counted from the first of all) with time <= exit, <= entry, within the row's stratum; `low`
        is None without delayed entry.
    deaths, own : arrays (d,) of int
        Sorted rows that died, and their points.
    starts, segments : arrays of int
        Where sorted rows change segment (`high + stratum`), or from censored to dead, and the segment.
    dying : array (m,) of int
        Which of the runs so begun holds the deaths of each point.
    first, end : arrays (m,) of int
        First sorted row at risk at each point (without delayed entry), and the end of its stratum's rows.
    crowded : bool
        Whether runs are long (whole days): then sums over runs come first, else running sums over rows.
    """

    order: Ints
    stratum: Ints
    died: NDArray[np.bool_]
    point_time: Floats
    point_stratum: Ints
    offset: Ints
    high: Ints
    low: Ints | None
    deaths: Ints
    own: Ints
    starts: Ints
    segments: Ints
    dying: Ints
    first: Ints
    end: Ints
    crowded: bool

    @property
    def size(self) -> int:
        """Number of event points."""
        return len(self.point_time)

    def at_risk(self, values: Floats) -> tuple[Floats, Floats | None]:
        """Sums of row values over those not yet gone at each point (m,), and over its deaths.

        The sums over deaths are by-products where rows are crowded, None elsewhere.
        """
        if self.crowded:
            runs = np.add.reduceat(values, self.starts)
            by_segment = sums_by(self.segments, runs, self.size + len(self.offset) - 1)
            return self.from_end(by_segment[self.real_segments()]), runs[self.dying]
        result = np.empty(self.size)
        for start, stop in zip(self.offset[:-1], self.offset[1:], strict=True):
            if start == stop:
                continue
            first, end = int(self.first[start]), int(self.end[start])
            suffix = np.cumsum(values[first:end][::-1])
            result[start:stop] = suffix[end - 1 - self.first[start:stop]]
        return result, None

    def real_segments(self) -> Ints:
        """Segments that are points: each stratum has one more, for rows that left before its first point."""
        return np.arange(self.size) + self.point_stratum + 1

    def from_end(self, by_point: Floats) -> Floats:
        """Sums over a point and the later ones of its stratum; the last axis runs over points."""
        return self._within(by_point, reverse=True)

    def from_start(self, by_point: Floats) -> Floats:
        """Sums over a point and the earlier ones of its stratum; the last axis runs over points."""
        return self._within(by_point, reverse=False)

    def _within(self, by_point: Floats, *, reverse: bool) -> Floats:
        """Running sums restarted in each stratum, so that no digits are lost between strata."""
        result = np.empty_like(by_point)
        for start, stop in zip(self.offset[:-1], self.offset[1:], strict=True):
            block = by_point[..., start:stop]
            if reverse:
                result[..., start:stop] = np.cumsum(block[..., ::-1], axis=-1)[..., ::-1]
            else:
                result[..., start:stop] = np.cumsum(block, axis=-1)
        return result

    def at_high(self, running: Floats) -> Floats:
        """Value of a running sum (`from_start`) at each row's exit (n,); 0 before the first point."""
        return self._at(running, self.high)

    def at_low(self, running: Floats) -> Floats:
        """The same at each row's entry; zeros without delayed entry."""
        return np.zeros(len(self.high)) if self.low is None else self._at(running, self.low)

    def _at(self, running: Floats, count: Ints) -> Floats:
        if not self.size:
            return np.zeros(len(count))
        inside = count > self.offset[self.stratum]
        return np.where(inside, running[np.maximum(count - 1, 0)], 0.0)


def make_points(grid: TimeGrid, died: NDArray[np.bool_], stratum: Ints) -> Points:
    """Sort rows by stratum and exit time and find the event points.

    Parameters
    ----------
    grid : TimeGrid
        Tied exits and entries.
    died, stratum : arrays (n,)
        `stratum` counts from 0.
    """
    values, index = grid.values, grid.exit_at
    size = max(len(values), 1)
    strata = int(stratum.max(initial=0)) + 1
    order = _sorted_order((stratum * size + index) * 2 + died, 2 * strata * size)
    died, stratum = died[order], stratum[order]
    key = stratum * size + index[order]
    point_key = np.unique(key[died])
    point_stratum = point_key // size
    offset = np.searchsorted(point_stratum, np.arange(strata + 1))
    high = np.searchsorted(point_key, key, side="right")
    low = None
    if grid.entry_at is not None:
        entered = grid.entry_at[order]
        low = np.where(
            entered < 0, offset[stratum], np.searchsorted(point_key, stratum * size + entered, side="right")
        )
    deaths = np.flatnonzero(died)
    segment = high + stratum
    starts = np.flatnonzero(np.diff(2 * segment + died, prepend=-1))
    first = np.searchsorted(segment, np.arange(len(point_key)) + point_stratum + 1)
    return Points(
        order=order,
        stratum=stratum,
        died=died,
        point_time=values[point_key % size],
        point_stratum=point_stratum,
        offset=offset,
        high=high,
        low=low,
        deaths=deaths,
        own=high[deaths] - 1,
        starts=starts,
        segments=segment[starts],
        dying=np.flatnonzero(died[starts]),
        first=first,
        end=np.searchsorted(stratum, point_stratum, side="right"),
        crowded=len(starts) <= len(order) / CROWD,
    )


def _sorted_order(key: Ints, size: int) -> Ints:
    """Stable sort; small keys sort without comparisons."""
    return np.argsort(key.astype(np.uint16) if size <= 1 << 16 else key, kind="stable")
