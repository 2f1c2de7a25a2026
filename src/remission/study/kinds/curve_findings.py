"""What a reader must know before trusting a set of curves: few events, few at risk, the end of follow-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.core.ties import TOLERANCE
from remission.estimate.curves import Curve, Curves
from remission.study.kinds.drawing import time_axis
from remission.study.kinds.estimating import FEW, Reach, estimated, reaches
from remission.study.kinds.plain_limits import PLAIN, leaves, plain_limits
from remission.study.kinds.times import NamedTime, named_times, usual_times
from remission.study.kinds.views import View
from remission.study.results import Fact, Statement

FEW_EVENTS = 10


def times_of(view: View, texts: Sequence[str]) -> tuple[tuple[NamedTime, ...], list[Statement]]:
    """Times at which a view is read: those named, or the usual ones; none before anybody is at risk."""
    if not texts:
        return usual_times(view.clock, view.end, after=view.start), []
    named = named_times(texts, view.clock)
    early = tuple(time.text for time in named if view.start > 0 and time.days <= view.start)
    kept = tuple(time for time in named if time.text not in early)
    if not early:
        return kept, []
    start = view.clock.shown(view.start)
    facts: dict[str, Fact] = {
        "endpoint_label": view.outcome.label,
        "times": early,
        "start": start,
        "unit": view.clock.unit,
        "landmark": None if view.landmark is None else str(view.landmark),
    }
    return kept, [Statement("before_start", facts)]


def common_times(views: Sequence[View], texts: Sequence[str]) -> tuple[NamedTime, ...]:
    """Times at which several views of one question may be held against each other."""
    if not views:
        return ()
    clock = views[0].clock
    return named_times(texts, clock) if texts else usual_times(clock, max(view.end for view in views))


def curve_findings(view: View, at: Sequence[NamedTime], *, until: float | None = None) -> list[Statement]:
    """Look at events, risk sets and named times of every curve of a view."""
    about: dict[str, Fact] = {
        "endpoint": view.outcome.endpoint,
        "endpoint_label": view.outcome.label,
        "by_label": None if view.grouping is None else view.grouping.label,
        "variant": view.variant,
    }
    if not len(view.outcome.rows):
        return [Statement("nobody_to_analyse", about, "warning")]
    curves = estimated(view)
    reach = reaches(view, curves)
    return [
        *_events(view, about),
        *_at_named_times(view, curves, reach, at, about),
        *_plain(view, curves, reach, at, about),
        *_medians(view, curves, about),
        *_tail(view, curves, at, until, about),
        *_start(view, curves, reach, about),
    ]


def _events(view: View, about: dict[str, Fact]) -> list[Statement]:
    """No event at all, or fewer than ten, in all patients or in some groups."""
    sizes = view.sizes()
    found = []
    none = tuple(_name(group) for group, (_, events) in sizes.items() if events == 0)
    if none:
        facts: dict[str, Fact] = {**about, "groups": none, "everywhere": len(none) == len(sizes)}
        found.append(Statement("no_events", facts, "warning"))
    few: tuple[Fact, ...] = tuple(
        {"group": _name(group), "n": n, "events": events}
        for group, (n, events) in sizes.items()
        if 0 < events < FEW_EVENTS
    )
    if few:
        found.append(Statement("few_events", {**about, "groups": few, "below": FEW_EVENTS}, "warning"))
    return found


def _at_named_times(
    view: View, curves: Curves, reach: dict[str, Reach], at: Sequence[NamedTime], about: dict[str, Fact]
) -> list[Statement]:
    """Named times with fewer than five at risk, and those after the end of follow-up."""
    if not at:
        return []
    few: list[Fact] = []
    beyond: list[Fact] = []
    rows = curves.at([time.days for time in at])
    texts = [time.text for time in at] * len(curves.curves)
    for text, row in zip(texts, rows.iter_rows(named=True), strict=True):
        each = reach.get(row["group"] or "")
        if each is None:
            continue
        if not each.covers(row["time"]):
            last = view.clock.shown(each.last)
            beyond.append({"group": row["group"], "at": text, "last": last, "unit": view.clock.unit})
        elif (
            row["time"] <= each.last
            and row["at_risk"] < FEW
            and (each.reliable is None or row["time"] > each.reliable)
        ):
            few.append({"group": row["group"], "at": text, "at_risk": int(row["at_risk"])})
    found = []
    if few:
        found.append(Statement("few_at_risk", {**about, "times": tuple(few), "below": FEW}, "warning"))
    if beyond:
        found.append(Statement("beyond_follow_up", {**about, "times": tuple(beyond)}, "warning"))
    return found


def _plain(
    view: View, curves: Curves, reach: dict[str, Reach], at: Sequence[NamedTime], about: dict[str, Fact]
) -> list[Statement]:
    """Named times at which plain limits would leave 0 to 100 %."""
    if view.context.interval != PLAIN or view.outcome.measure != "survival" or not at:
        return []
    rows = curves.at([time.days for time in at]).to_dicts()
    texts = [time.text for time in at] * len(curves.curves)
    refused: list[Fact] = []
    for text, row in zip(texts, rows, strict=True):
        ends, each = plain_limits(row), reach.get(row["group"] or "")
        if ends is not None and leaves(row) and each is not None and each.covers(row["time"]):
            refused.append({"group": row["group"], "at": text, "low": ends[0], "high": ends[1]})
    facts: dict[str, Fact] = {**about, "times": tuple(refused)}
    return [Statement("plain_limits_refused", facts)] if refused else []


def _medians(view: View, curves: Curves, about: dict[str, Fact]) -> list[Statement]:
    if view.outcome.measure != "survival":
        return []
    rows = curves.quantile(0.5)
    groups = tuple(row["group"] for row in rows.iter_rows(named=True) if row["estimate"] is None)
    return [Statement("median_not_reached", {**about, "groups": groups})] if groups else []


def _tail(
    view: View, curves: Curves, at: Sequence[NamedTime], until: float | None, about: dict[str, Fact]
) -> list[Statement]:
    """Curves drawn beyond the time up to which five patients are at risk, while others are still there."""
    axis = time_axis(view, curves, at, until=until)
    ends = {curve.group: view.clock.shown(float(curve.time[-1])) for curve in curves if len(curve.time)}
    thin: tuple[Fact, ...] = tuple(
        {"group": _name(group), "after": reliable, "unit": view.clock.unit}
        for group, reliable in axis.reliable.items()
        if min(ends[group], axis.until) > reliable * (1 + TOLERANCE)
    )
    return [Statement("tail_unreliable", {**about, "groups": thin, "below": FEW})] if thin else []


def _start(view: View, curves: Curves, reach: dict[str, Reach], about: dict[str, Fact]) -> list[Statement]:
    """Events on day 0, and thin risk sets at the beginning of delayed entry."""
    outcome = view.outcome
    found = []
    first = int(np.count_nonzero((outcome.time <= 0) & np.asarray(outcome.event == outcome.cause)))
    if first:
        found.append(Statement("events_at_time_zero", {**about, "n": first, "time_zero": outcome.time_zero}))
    if outcome.entry is not None:
        thin = tuple(_name(curve.group) for curve in curves if _thin_start(curve, reach.get(curve.group)))
        if thin:
            facts: dict[str, Fact] = {**about, "groups": thin, "below": FEW}
            found.append(Statement("early_risk_set_small", facts, "warning"))
    return found


def _thin_start(curve: Curve, reach: Reach | None) -> bool:
    """Whether an event happened with fewer than five at risk before the risk set had filled."""
    if reach is None or reach.reliable is None:
        return False
    happens = np.diff(curve.events, prepend=0.0) > 0
    return bool(np.any(happens & (curve.at_risk < FEW) & (curve.time < reach.reliable)))


def _name(group: str) -> str | None:
    return group or None
