"""Event points (stratum, distinct event time) and where each row stands among them: sorted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remission.core.pieces import pieces
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
    segment : array (n,) of int
        `high + stratum`: numbers apart for each stratum's rows that left before its first point.
    deaths, own : arrays (d,) of int
        Sorted rows that died, and their points.
    starts, segments : arrays of int
        Where sorted rows change segment, or from censored to dead, and the segment.
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
    segment: Ints
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

    def at_risk(self, weight: Floats, covariates: Floats | None = None) -> tuple[Floats, Floats | None]:
        """Sums of weights (n,), or of weighted covariates (p, n), over those still there at each point.

        Late entry aside; (m,) or (p, m). The same sums over the deaths of each point are a by-product where
        rows are crowded, None elsewhere.
        """
        width = 1 if covariates is None else len(covariates)

        def product(rows: slice) -> Floats:
            return weight[None, rows] if covariates is None else covariates[:, rows] * weight[rows]

        dying = None
        if self.crowded:
            runs = self._over_runs(product, width)
            sums = np.stack([sums_by(self.segments, row, self.size + len(self.offset) - 1) for row in runs])
            result, dying = self.from_end(sums[:, self.real_segments()]), runs[:, self.dying]
        else:
            result = self._along_rows(product, width)
        if covariates is None:
            return result[0], None if dying is None else dying[0]
        return result, dying

    def _over_runs(self, product: Callable[[slice], Floats], width: int) -> Floats:
        """Sums over the runs of rows (width, runs)."""
        result = np.empty((width, len(self.starts)))
        rows = np.append(self.starts, len(self.order))
        wanted = [piece.stop for piece in pieces(len(self.order), width)]
        for first, stop in pairwise(np.unique([0, *np.searchsorted(rows, wanted)])):
            begin = rows[first]
            np.add.reduceat(
                product(slice(begin, rows[stop])), rows[first:stop] - begin, axis=1, out=result[:, first:stop]
            )
        return result

    def _along_rows(self, product: Callable[[slice], Floats], width: int) -> Floats:
        """Running sums over rows from the end of each stratum, read off at its points (width, m)."""
        result = np.empty((width, self.size))
        for start, stop in pairwise(self.offset):
            if start == stop:
                continue
            begin, later, upto = int(self.first[start]), np.zeros((width, 1)), stop
            for piece in reversed(list(pieces(int(self.end[start]) - begin, width))):
                rows = slice(begin + piece.start, begin + piece.stop)
                running = np.cumsum(product(rows)[:, ::-1], axis=1)
                running += later
                reached = start + np.searchsorted(self.first[start:upto], rows.start)
                at = rows.stop - 1 - self.first[reached:upto]
                result[:, reached:upto] = np.take(running, at, axis=1)
                later, upto = running[:, -1:].copy(), reached
        return result

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
        return self._at(running, self.segment)

    def at_low(self, running: Floats) -> Floats:
        """The same at each row's entry; zeros without delayed entry."""
        return np.zeros(len(self.high)) if self.low is None else self._at(running, self.low + self.stratum)

    def _at(self, running: Floats, segment: Ints) -> Floats:
        by_segment = np.zeros(self.size + len(self.offset) - 1)
        by_segment[self.real_segments()] = running
        return by_segment[segment]


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
    key = index if strata == 1 else stratum * size + index
    order = _sorted_order(key * 2 + died, 2 * strata * size)
    died, stratum, key = died[order], stratum[order], key[order]
    deaths = np.flatnonzero(died)
    is_first = np.diff(key[deaths], prepend=-1) > 0
    point_key = key[deaths[is_first]]
    point_stratum = point_key // size
    offset = np.searchsorted(point_stratum, np.arange(strata + 1))
    high = np.searchsorted(point_key, key, side="right")
    low = None
    if grid.entry_at is not None:
        entered = grid.entry_at[order]
        low = np.where(
            entered < 0, offset[stratum], np.searchsorted(point_key, stratum * size + entered, side="right")
        )
    segment = high if strata == 1 else high + stratum
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
        segment=segment,
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
