"""How minimal residual disease moves between time points: cleared, came back, how far it fell, by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from remission.estimate.incidence import cumulative_incidence
from remission.events.count import event_table
from remission.study.kind import Context
from remission.study.kinds.describing import Patients
from remission.study.kinds.mrd_samples import Mask, Samples
from remission.study.kinds.not_evaluated import LEFT, NOT_RECORDED
from remission.study.kinds.rows import Record

CLEARED = "first below"
MOVES = ("stayed below", "cleared", "came back", "stayed at or above")


def changes(samples: Sequence[Samples], share: float, patients: Patients) -> list[Record]:
    """Count, for each two consecutive points, who cleared, came back or stayed; and the fall in log10.

    The fall is of those at or above the quantification limit at the first point. Where the second value is
    below its limit the fall is at least that down to the limit (`censored` counts those); the median is of
    these bounds, and is itself a bound (`scale` is "at least") where one of them lies at or below it.
    """
    records: list[Record] = []
    for one, two in pairwise(samples):
        both = one.measured & two.measured
        up = (one.at_least(share), two.at_least(share))
        moves = dict(
            zip(MOVES, (~up[0] & ~up[1], up[0] & ~up[1], ~up[0] & up[1], up[0] & up[1]), strict=True)
        )
        for group, mask in patients.parts():
            same = {"term": two.point.label, "level": one.point.label, "group": group}
            size = int((both & mask).sum())
            for name, moved in moves.items():
                number = int((both & mask & moved).sum())
                row = {**same, "measure": name, "at_risk": size, "events": number}
                records.append({**row, "estimate": number / size if size else None})
            records += [{**same, **each} for each in _fall(one, two, mask)]
    return records


def _fall(one: Samples, two: Samples, mask: Mask) -> list[Record]:
    """Median fall in log10 between two points."""
    start = mask & one.measured & ~one.below & two.measured
    if not start.any():
        return [{"measure": "log10 fall", "at_risk": 0, "censored": 0}]
    beyond = two.below[start]
    end = np.where(beyond, two.point.limit, two.value[start])
    fall = np.log10(one.value[start]) - np.log10(end)
    median = float(np.quantile(fall, 0.5, method="inverted_cdf"))
    bound = bool((beyond & (fall <= median)).any())
    whole = {
        "measure": "log10 fall",
        "estimate": median,
        "at_risk": int(start.sum()),
        "censored": int(beyond.sum()),
    }
    return [{**whole, "scale": "at least" if bound else "exact"}]


def clearance(
    context: Context, samples: Sequence[Samples], share: float, patients: Patients, inside: Mask
) -> tuple[list[Record], tuple[str, ...]]:
    """Estimate the cumulative share with a first value below `share` by each point, events before competing.

    Time is the number of the point. Patients who left before a point are censored after the last one they
    were there for; who was there and not measured stays at risk.

    Parameters
    ----------
    context : Context
    samples : sequence of Samples
        In order of time.
    share : float
    patients : Patients
    inside : array (n,) of bool
        Which of the patients are part of the endpoint.

    Returns
    -------
    records : list of dict
        By point, group and cause.
    causes : tuple of str
        Competing events that happened.
    """
    time, event = first_cleared(samples, share)
    happened = {name for name in event[inside] if name is not None} - {CLEARED}
    causes = (CLEARED, *sorted(happened))
    records: list[Record] = []
    for group, mask in patients.parts():
        here = mask & inside
        if not here.any():
            continue
        table = event_table(time[here], event[here], causes=causes)
        curves = cumulative_incidence(table, variance=context.variance, level=context.confidence)  # type: ignore[arg-type]
        for row in curves.at(list(range(1, len(samples) + 1))).iter_rows(named=True):
            point = samples[round(row["time"]) - 1].point
            kept = ("cause", "estimate", "std_error", "low", "high", "events", "confidence")
            record: Mapping[str, object] = {name: row[name] for name in kept}
            same = {"term": point.label, "group": group, "measure": "incidence", "at_risk": int(here.sum())}
            records.append({**record, **same})
    return records, causes[1:]


def first_cleared(
    samples: Sequence[Samples], share: float
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Number of the point, and what came first: `CLEARED`, an event before it, or None for neither.

    Examples of order: a value below counts at its point; an event before the sample was due, or taken, counts
    at that point; who had left by then is censored at the point before.
    """
    size = len(samples[0].value)
    time = np.full(size, float(len(samples)))
    event = np.full(size, None, dtype=object)
    there = np.ones(size, dtype=bool)
    for number, each in enumerate(samples, start=1):
        cleared = there & each.under(share)
        time[cleared], event[cleared] = number, CLEARED
        gone = there & ~each.measured & (each.why != NOT_RECORDED)
        left = gone & (each.why == LEFT)
        time[left] = number - 1
        had = gone & ~left
        time[had], event[had] = number, each.why[had]
        there &= ~(cleared | gone)
    return time, event
