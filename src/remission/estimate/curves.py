"""Estimated curves: frozen arrays with one way to read them, as rows of the result vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from remission.core.problems import InputError
from remission.core.steps import last_at, next_at
from remission.core.vocabulary import result_rows, shown_rows
from remission.estimate.quantiles import crossing_times
from remission.estimate.risk import Risk
from remission.events.table import Block, Floats

if TYPE_CHECKING:
    import polars as pl

Measure = Literal["survival", "incidence", "cumulative hazard", "follow-up"]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve: a right-continuous step function with a row at each time of its table.

    Attributes
    ----------
    stratum, group, cause : str
        "" where the table has none (no cause: any event).
    time : array (K,)
        Increasing; times of entry, event and censoring.
    estimate, std_error, low, high : array (K,)
        From each time on. NaN where undefined.
    at_risk : array (K,)
        Just before each time.
    events, censored : array (K,)
        Cumulative; events of the cause.
    """

    stratum: str
    group: str
    cause: str
    time: Floats
    estimate: Floats
    std_error: Floats
    low: Floats
    high: Floats
    at_risk: Floats
    events: Floats
    censored: Floats


def curve_of(
    block: Block,
    risk: Risk,
    cause: str,
    events: Floats,
    sides: tuple[Floats, Floats, Floats, Floats],
    before: float,
) -> Curve:
    """Put estimate, standard error and limits (`sides`) together with the counts of a block.

    Times at which people only enter, before anybody left, are before the first time of the curve: nothing is
    uncertain there yet.
    """
    estimate, std_error, low, high = sides
    begun = np.cumsum(risk.events + risk.censored) > 0
    return Curve(
        block.stratum,
        block.group,
        cause,
        risk.time,
        estimate,
        std_error,
        np.where(begun, low, before),
        np.where(begun, high, before),
        risk.n,
        np.cumsum(events),
        np.cumsum(risk.censored),
    )


_COLUMNS = ("estimate", "std_error", "low", "high", "at_risk", "events", "censored")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Curves:
    """Curves of all strata, groups and causes of a table.

    Attributes
    ----------
    measure : str
        "survival", "incidence", "cumulative hazard" or "follow-up".
    scale : str
        Scale of the limits.
    confidence : float
        Level of the limits.
    before : float
        Value before the first time: 1 for survival, else 0.
    curves : tuple of Curve
    """

    measure: Measure
    scale: str
    confidence: float
    before: float
    curves: tuple[Curve, ...]

    def __iter__(self) -> Iterator[Curve]:
        return iter(self.curves)

    def __repr__(self) -> str:
        return shown_rows(self.rows())

    def curve(
        self, *, group: str | None = None, cause: str | None = None, stratum: str | None = None
    ) -> Curve:
        """Pick the one curve with these labels; what is not said may be left out if it leaves one.

        Raises
        ------
        InputError
            If none, or more than one, fits.
        """
        wanted = {"group": group, "cause": cause, "stratum": stratum}
        named = {name: value for name, value in wanted.items() if value is not None}
        found = [
            curve for curve in self if all(getattr(curve, name) == value for name, value in named.items())
        ]
        if len(found) != 1:
            there = "; ".join(f"stratum {c.stratum!r}, group {c.group!r}, cause {c.cause!r}" for c in self)
            raise InputError(f"{len(found)} curves fit {named}; there are: {there}.")
        return found[0]

    def rows(self, *, start: float | None = None) -> pl.DataFrame:
        """Every step as a row.

        Parameters
        ----------
        start : float, optional
            Add a first row there (survival 1, incidence 0) to the curves that begin later, as plots want it.
        """

        def steps(curve: Curve) -> tuple[Floats, dict[str, Floats]]:
            if start is not None and len(curve.time) and start < curve.time[0]:
                times = np.concatenate([[start], curve.time])
                return times, self._read(curve, times)
            return curve.time, {name: getattr(curve, name) for name in _COLUMNS}

        return self._rows(steps)

    def at(self, times: ArrayLike) -> pl.DataFrame:
        """Read the curves at given times, as R's `summary(fit, times, extend = TRUE)` does.

        Before the first time survival is 1 (an incidence 0) with standard error 0; after the last one the
        curve is carried flat, with nobody at risk. A curve without patients is null throughout. `at_risk`
        counts those with entry < t <= exit; `events` and `censored` are cumulative up to t.

        Parameters
        ----------
        times : float or sequence of float

        Returns
        -------
        polars.DataFrame
            One row per curve and time, in the result vocabulary.
        """
        wanted = np.atleast_1d(np.asarray(times, dtype=float))
        if wanted.ndim != 1 or not np.isfinite(wanted).all():
            raise InputError("times must be finite numbers.")
        return self._rows(lambda curve: (wanted, self._read(curve, wanted)))

    def quantile(self, probability: float | Sequence[float] = 0.5, *, start: float = 0.0) -> pl.DataFrame:
        """Times by which a fraction has had the event, with limits; the median is 0.5.

        The rule is that of R's `quantile.survfit`: the first time with survival at or below 1 - p, or the
        middle of the stretch where it equals 1 - p; limits by the same rule on the limits of the curve.
        Null: not reached.

        Parameters
        ----------
        probability : float or sequence of float
            Between 0 and 1.
        start : float
            Where time begins (the answer to probability 0); the first time if that is earlier.

        Returns
        -------
        polars.DataFrame
            Rows with measure "quantile" and the probability in `level`; the time stands in `estimate`.

        Raises
        ------
        InputError
            For a cumulative hazard, or a probability outside 0 to 1.
        """
        heights = np.atleast_1d(np.asarray(probability, dtype=float))
        if self.measure == "cumulative hazard":
            raise InputError("a cumulative hazard has no quantiles; use kaplan_meier.")
        if not ((heights >= 0) & (heights <= 1)).all():
            raise InputError(f"a probability lies between 0 and 1: {heights.tolist()}.")
        parts: list[dict[str, Any]] = []
        for curve in self:
            begin = min([start, *curve.time[:1]])
            sides = (curve.estimate, curve.low, curve.high)
            rises = [self.before - side if self.before else side for side in sides]
            middle, low, high = (crossing_times(curve.time, rise, heights, begin) for rise in rises)
            if not len(curve.time):
                middle = low = high = np.full(len(heights), np.nan)
            limits = (low, high) if self.before else (high, low)
            parts.append(
                self._labels(curve, len(heights))
                | {
                    "measure": ["quantile"] * len(heights),
                    "level": [str(height) for height in heights.tolist()],
                }
                | {"estimate": middle, "low": limits[0], "high": limits[1]}
            )
        return self._frame(parts)

    def _read(self, curve: Curve, times: Floats) -> dict[str, Floats]:
        """Columns of a curve at given times."""
        if not len(curve.time):
            unknown = np.full(len(times), np.nan)
            return dict.fromkeys(_COLUMNS, unknown) | {name: np.zeros(len(times)) for name in _COLUMNS[4:]}
        first = {"estimate": self.before, "low": self.before, "high": self.before}
        last = last_at(curve.time, times) + 1
        read = {
            name: np.concatenate([[first.get(name, 0.0)], getattr(curve, name)])[last] for name in _COLUMNS
        }
        return read | {"at_risk": np.append(curve.at_risk, 0.0)[next_at(curve.time, times)]}

    def _rows(self, read: Callable[[Curve], tuple[Floats, dict[str, Floats]]]) -> pl.DataFrame:
        parts = []
        for curve in self:
            times, columns = read(curve)
            labels = self._labels(curve, len(times)) | {"measure": [self.measure] * len(times)}
            parts.append(labels | {"time": times} | columns)
        return self._frame(parts)

    def _labels(self, curve: Curve, size: int) -> dict[str, Any]:
        return {name: [getattr(curve, name) or None] * size for name in ("stratum", "group", "cause")}

    def _frame(self, parts: list[dict[str, Any]]) -> pl.DataFrame:
        joined = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
        return result_rows(joined | {"scale": self.scale, "confidence": self.confidence})
