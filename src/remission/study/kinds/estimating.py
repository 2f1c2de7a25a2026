"""Survival or incidence of a view, read at any time, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import polars as pl

from remission.core.limits import Interval
from remission.core.ties import TOLERANCE
from remission.estimate.curves import Curve, Curves
from remission.estimate.incidence import Variance, cumulative_incidence
from remission.estimate.survival import kaplan_meier
from remission.events.histories import Histories, histories
from remission.events.table import EventTable
from remission.study.kinds.plain_limits import kept_inside
from remission.study.kinds.views import View

FEW = 5


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one curve goes, in days.

    `last` is the end of the last follow-up; `complete` says that nobody was censored there, so that the
    curve holds for good; `reliable` is the last time with five or more at risk, or by which nobody had been
    censored, for then the curve is a plain proportion of all (None: no such time).
    """

    group: str
    last: float
    complete: bool
    reliable: float | None

    def covers(self, time: float) -> bool:
        """Whether the curve says something about a time: it was observed, or everybody had an event."""
        return self.complete or time <= self.last * (1 + TOLERANCE)


def estimated(view: View, *, all_causes: bool = False) -> Curves:
    """Kaplan-Meier survival, or Aalen-Johansen incidence of the cause of interest (or of all causes)."""
    context, outcome = view.context, view.outcome
    if outcome.measure == "survival":
        scale = cast("Interval", context.interval)
        return kaplan_meier(view.table, level=context.confidence, interval=scale)
    variance = cast("Variance", context.variance)
    curves = cumulative_incidence(source_of(view), variance=variance, level=context.confidence)
    if all_causes:
        return curves
    return replace(curves, curves=tuple(curve for curve in curves if curve.cause == outcome.cause))


def source_of(view: View) -> EventTable | Histories:
    """Choose what an estimate reads: the table, or the rows where jackknife and delayed entry meet."""
    outcome, grouped = view.outcome, view.grouping
    if outcome.measure == "survival" or view.context.variance != "jackknife" or outcome.entry is None:
        return view.table
    keep = np.ones(len(outcome.rows), dtype=bool)
    if grouped is not None:
        keep = np.array([value is not None for value in grouped.values], dtype=bool)
    return histories(
        outcome.time[keep],
        outcome.event[keep],
        causes=outcome.causes,
        group=None if grouped is None else grouped.values[keep],
        levels=view.groups,
        entry=outcome.entry[keep],
    )


def reaches(view: View, curves: Curves) -> dict[str, Reach]:
    """How far every curve goes, by group ("" for all patients together)."""
    late_entry = view.outcome.entry is not None
    return {curve.group: _reach(curve, late_entry=late_entry) for curve in curves if len(curve.time)}


def read_at(view: View, curves: Curves, times: list[float]) -> pl.DataFrame:
    """Read curves at times in days; where a curve does not reach there is no estimate, and nobody at risk.

    Before the first event there are no limits: 100% of few patients is not certain.
    """
    reach = reaches(view, curves)
    rows = kept_inside(curves.at(times))
    covered = [
        group in reach and reach[group].covers(time)
        for group, time in zip(rows["group"].fill_null(""), rows["time"], strict=True)
    ]
    shown = pl.Series(covered, dtype=pl.Boolean)
    limited = shown & ~((rows["std_error"] == 0) & rows["estimate"].is_in([0.0, 1.0])).fill_null(value=False)
    return rows.with_columns(
        pl.when(limited if name in ("low", "high") else shown).then(pl.col(name)).otherwise(None).alias(name)
        for name in ("estimate", "std_error", "low", "high")
    )


def _reach(curve: Curve, *, late_entry: bool) -> Reach:
    leaving = np.diff(curve.censored, prepend=0.0)
    enough = curve.at_risk >= FEW
    if not late_entry:
        enough |= curve.censored - leaving == 0
    times = curve.time[enough]
    reliable = float(times[-1]) if len(times) else None
    return Reach(curve.group, float(curve.time[-1]), bool(leaving[-1] == 0), reliable)
