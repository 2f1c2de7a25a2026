"""Length and completeness of follow-up of some patients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.limits import Interval
from remission.estimate.followup import follow_up
from remission.study.kinds.drawing import dressed
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.views import View
from remission.study.results import Fact, Output

METHOD = "reverse Kaplan-Meier"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """When patients started and were last seen, and when follow-up was closed, as days of the calendar."""

    started: Floats
    seen: Floats
    closed: float


def calendar_of(cohort: Cohort, outcome: Outcome, closed: date | None) -> Calendar | None:
    """Dates of an outcome's patients; None when the cohort has ready-made times only.

    Follow-up is closed at the date given, else on the last day anybody of the outcome was seen.
    """
    if cohort.time_zero is None or not len(outcome.rows):
        return None
    zero = cohort.frame[cohort.time_zero].gather(outcome.rows)
    started = np.array([day.toordinal() for day in zero], dtype=float) + outcome.offset
    seen = started + outcome.time
    return Calendar(started, seen, float(seen.max()) if closed is None else float(closed.toordinal()))


def completeness(outcome: Outcome, calendar: Calendar, members: NDArray[np.bool_]) -> float | None:
    r"""Clark's C: observed person-time over what could have been observed by the closing date.

    Whoever had the event could not be observed longer; everybody else could have been until the closing date.
    Time before delayed entry counts in neither. Follow-up after the closing date is cut there.

    .. math:: C = \sum_i \min(t_i, p_i) / \sum_i p_i
    """
    happened = outcome.event != np.array(None)
    begun = np.zeros(len(outcome.rows)) if outcome.entry is None else np.maximum(outcome.entry, 0.0)
    possible = np.maximum(calendar.closed - calendar.started, 0.0)
    observed = np.minimum(outcome.time, possible)
    possible = np.where(happened, observed, possible)
    start = np.minimum(begun, possible)
    total = float((possible - start)[members].sum())
    return float((observed - np.minimum(begun, observed))[members].sum()) / total if total > 0 else None


def follow_up_output(view: View, calendar: Calendar | None) -> Output:
    """Median follow-up with limits and quartiles, range among those without event, completeness, by group."""
    curves = follow_up(
        view.table, level=view.context.confidence, interval=cast("Interval", view.context.interval)
    )
    quantiles: dict[tuple[str, str], Mapping[str, float | None]] = {}
    for row in curves.quantile([0.25, 0.5, 0.75]).iter_rows(named=True):
        quantiles[row["group"] or "", row["level"]] = row
    records: list[Record] = []
    for group in view.groups or ("",):
        records += _of_group(view, group, quantiles, calendar)
    rows = dressed(view, rows_from(records, confidence=view.context.confidence))
    return Output("follow_up", rows, {**view.facts(), "method": METHOD, **accrual(calendar)}, view.variant)


def _of_group(
    view: View,
    group: str,
    quantiles: Mapping[tuple[str, str], Mapping[str, float | None]],
    calendar: Calendar | None,
) -> list[Record]:
    members, outcome, shown = view.members(group), view.outcome, view.clock.shown
    alive = outcome.time[members & (outcome.event == np.array(None))]
    n, _ = view.sizes()[group]
    same = {"group": group or None, "at_risk": n, "censored": len(alive)}

    def record(measure: str, value: float | None) -> Record:
        return {**same, "measure": measure, "estimate": None if value is None else shown(value)}

    middle = quantiles[group, "0.5"]
    limits = {name: None if middle[name] is None else shown(middle[name] or 0.0) for name in ("low", "high")}
    records: list[Record] = [{**record("median follow-up", middle["estimate"]), **limits}]
    records += [
        record(name, quantiles[group, level]["estimate"]) for name, level in (("q1", "0.25"), ("q3", "0.75"))
    ]
    records += [
        record("min", float(alive.min()) if len(alive) else None),
        record("max", float(alive.max()) if len(alive) else None),
    ]
    if calendar is not None:
        share = completeness(outcome, calendar, members)
        records.append({**same, "measure": "completeness", "estimate": share})
    return records


def accrual(calendar: Calendar | None) -> dict[str, Fact]:
    """First and last start, and the closing date, as ISO dates."""
    if calendar is None:
        return {"accrual_from": None, "accrual_to": None, "closed": None}
    days = {
        "accrual_from": calendar.started.min(),
        "accrual_to": calendar.started.max(),
        "closed": calendar.closed,
    }
    first = date.fromordinal(1)
    return {name: (first + timedelta(days=round(day) - 1)).isoformat() for name, day in days.items()}
