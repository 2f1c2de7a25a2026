"""Outputs every curve comes with: the steps, numbers at risk, estimates at named times, and the median."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from remission.core.ties import TOLERANCE
from remission.core.vocabulary import COLUMNS
from remission.estimate.curves import Curves
from remission.study.kinds.estimating import estimated, reaches, read_at
from remission.study.kinds.plain_limits import kept_inside
from remission.study.kinds.rows import rows_from
from remission.study.kinds.times import NamedTime, ticks_to
from remission.study.kinds.views import View
from remission.study.results import Fact, Output


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """What a figure needs to know of time, in the display unit.

    `zero` is the day counted as 0, `until` the last time drawn; `reliable` says up to where the curve of each
    group can be relied on.
    """

    zero: float
    until: float
    ticks: tuple[float, ...]
    reliable: Mapping[str, float]

    def facts(self) -> dict[str, Fact]:
        """Last time to draw, ticks, and how far the curves can be relied on."""
        return {"until": self.until, "ticks": self.ticks, "reliable_until": self.reliable}


def curve_outputs(
    view: View,
    at: Sequence[NamedTime],
    *,
    until: float | None = None,
    shown: Mapping[str, Fact] | None = None,
    from_landmark: bool = False,
) -> list[Output]:
    """Draw and read one set of curves.

    Parameters
    ----------
    view : View
    at : sequence of NamedTime
        In days from the endpoint's time zero (also when the axis starts at the landmark).
    until : float, optional
        Last day to draw; unless given, as far as the curve of any group can be relied on, or to the last
        named time.
    shown : mapping, optional
        Further facts of the drawing: `p_text_test`, `p`.
    from_landmark : bool
        Count time from the landmark.
    """
    curves = estimated(view)
    axis = time_axis(view, curves, at, until=until, from_landmark=from_landmark)
    facts = view.facts() | {"axis": "landmark" if from_landmark else "time zero"}
    picture: dict[str, Fact] = {**facts, "p_text_test": None, "p": None, **axis.facts(), **(shown or {})}
    steps = dressed(view, curves.rows(start=view.start), zero=axis.zero)
    outputs = [
        Output("curves", steps, picture, view.variant),
        Output("at_risk", _at_risk(view, curves, axis), picture, view.variant),
    ]
    if at:
        outputs.append(Output("estimates", _estimates(view, curves, at, axis.zero), facts, view.variant))
    if view.outcome.measure == "survival":
        outputs.append(Output("medians", _medians(view, curves, axis.zero), facts, view.variant))
    return outputs


def time_axis(
    view: View,
    curves: Curves,
    at: Sequence[NamedTime] = (),
    *,
    until: float | None = None,
    from_landmark: bool = False,
) -> TimeAxis:
    """Choose how far to draw and where to tick."""
    zero = view.start if from_landmark else 0.0
    reach = reaches(view, curves)
    reliable = {
        group: view.start if each.reliable is None else each.reliable for group, each in reach.items()
    }
    if until is None:
        named = [time.days for time in at if any(each.covers(time.days) for each in reach.values())]
        until = max([*reliable.values(), *named], default=view.end)
    if until <= view.start:
        until = view.end
    shown = view.clock.shown
    last = shown(until - zero)
    return TimeAxis(
        zero,
        last,
        ticks_to(last, view.clock.unit),
        {group: shown(time - zero) for group, time in reliable.items()},
    )


def dressed(view: View, rows: pl.DataFrame, *, zero: float = 0.0) -> pl.DataFrame:
    """Name the analysis and endpoint of rows, and show their times in the display unit, from `zero` on."""
    unit = view.clock.unit
    return (
        kept_inside(rows)
        .with_columns(
            pl.lit(view.analysis).alias("analysis"),
            pl.lit(view.outcome.endpoint).alias("endpoint"),
            ((pl.col("time") - zero) / view.clock.days_in(unit)).alias("time"),
            pl.lit(unit).alias("unit"),
        )
        .select(COLUMNS)
    )


def _at_risk(view: View, curves: Curves, axis: TimeAxis) -> pl.DataFrame:
    """Count who is at risk just before each tick; at the start of the curve, those who begin there.

    Where patients enter late, the start is counted though it is no tick.
    """
    scale = view.clock.days_in(view.clock.unit)
    days = [tick * scale + axis.zero for tick in axis.ticks]
    if view.landmark is None and view.start > 0:
        days = sorted({*days, view.start})
    records = [
        {"group": curve.group or None, "time": day, "at_risk": _number_at_risk(view, curve.group, day)}
        for curve in curves
        for day in days
        if day >= view.start * (1 - TOLERANCE)
    ]
    cause = view.outcome.cause if view.outcome.measure == "incidence" else None
    return dressed(view, rows_from(records, measure="at risk", cause=cause), zero=axis.zero)


def _number_at_risk(view: View, group: str, day: float) -> int:
    outcome = view.outcome
    there = outcome.time >= day * (1 - TOLERANCE)
    if outcome.entry is not None:
        there = there & (outcome.entry <= day if day <= view.start * (1 + TOLERANCE) else outcome.entry < day)
    return int(np.count_nonzero(there & view.members(group)))


def _estimates(view: View, curves: Curves, at: Sequence[NamedTime], zero: float) -> pl.DataFrame:
    rows = read_at(view, curves, [time.days for time in at])
    texts = [time.text for time in at] * len(curves.curves)
    return dressed(view, rows.with_columns(pl.Series("level", texts, dtype=pl.String)), zero=zero)


def _medians(view: View, curves: Curves, zero: float) -> pl.DataFrame:
    """Median times in the display unit, with the numbers of patients and events they rest on."""
    scale = view.clock.days_in(view.clock.unit)
    rows = curves.quantile(0.5, start=view.start)
    sizes = [view.sizes()[group] for group in rows["group"].fill_null("")]
    numbers = {"at_risk": [float(n) for n, _ in sizes], "events": [float(events) for _, events in sizes]}
    rows = rows.with_columns(
        pl.lit("median").alias("measure"),
        pl.lit(None, dtype=pl.String).alias("level"),
        *[((pl.col(name) - zero) / scale).alias(name) for name in ("estimate", "low", "high")],
        *[pl.Series(name, values, dtype=pl.Float64) for name, values in numbers.items()],
    )
    return dressed(view, rows, zero=zero)
