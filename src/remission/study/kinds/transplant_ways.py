"""The ways of counting: who is at risk, from when, and as transplanted or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.clock import A_MOMENT
from remission.core.ties import TOLERANCE
from remission.regress.episodes import split_episodes
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.transplant_patients import NO, YES, Floats, Mask, Patients

SINCE = "time since"


def naive_rows(found: Patients) -> RiskRows:
    """Ever against never, from the start: as if the transplanted had been transplanted on the first day.

    Biased in favour of transplant: whoever has the event early cannot be transplanted any more.
    """
    everyone = np.arange(len(found.switch))
    outcome = found.outcome
    return RiskRows(
        outcome,
        everyone,
        outcome.entry,
        outcome.time,
        outcome.event,
        {**found.columns, found.by: _status(found.ever)},
    )


def moving_rows(found: Patients) -> RiskRows:
    """Not transplanted until the day of transplant, transplanted from then on.

    (start, switch] without, (switch, time] with: an event on the day of transplant counts without it. Rows of
    the Mantel-Byar test, of Simon-Makuch curves and of the time-dependent Cox model.
    """
    outcome = found.outcome
    split = split_episodes(outcome.time, {found.by: found.switch}, entry=outcome.entry)
    event = outcome.event[split.row]
    event[~split.last] = None
    held = {name: values[split.row] for name, values in found.columns.items()}
    status = _status(split.status[found.by] > 0)
    return RiskRows(outcome, split.row, split.start, split.stop, event, {**held, found.by: status})


def landmark_rows(found: Patients, days: float) -> RiskRows:
    """Those at risk after the landmark, as they were at it; a later transplant changes nothing.

    An event, or the end of follow-up, on the day of the landmark is before it; a transplant on that day was
    done by it. Who came under observation after the landmark is left out.
    """
    outcome = found.outcome
    there = after(outcome.time, days)
    if outcome.entry is not None:
        there &= ~after(outcome.entry, days)
    by_then = found.ever & (np.nan_to_num(found.switch, nan=np.inf) <= days + A_MOMENT)
    rows = naive_rows(found)
    status = {**rows.columns, found.by: _status(by_then)}
    return replace(rows, entry=None, columns=status).only(there)


def waiting_rows(found: Patients, days: float) -> RiskRows:
    """Adjusted for waiting time: transplanted from their transplant, the others from a waiting time on.

    The convention of the AIEOP-BFM and Interfant-99 comparisons (Balduzzi 2005, Mann 2010), as left
    truncation on the endpoint's own time axis:

    * a patient transplanted at s is at risk, as transplanted, in (s, time];
    * a patient never transplanted is at risk, as not transplanted, in (max(W, start), time], W the waiting
      time (commonly the median of those transplanted); one who has the event, or whose follow-up ends, by W
      is left out;
    * the time of the transplanted before their transplant counts nowhere.

    How it differs from a landmark at W: transplants after W count as transplants, and events after a
    transplant before W count too; but who is in the group without transplant is still decided by the whole
    future (never transplanted), and those transplanted after W, who were event-free until then, are missing
    from it between W and their transplant. With waiting times that vary much it therefore still leans
    towards transplant; the time-dependent analysis does not.

    Published curves of this kind often count time from transplant and from W instead; the risk sets are then
    by time since these days.
    """
    outcome, rows = found.outcome, naive_rows(found)
    waited = np.maximum(found.start, days)
    entry = np.where(found.ever, np.nan_to_num(found.switch), waited)
    return replace(rows, entry=entry).only(found.ever | after(outcome.time, days))


def since_rows(found: Patients, cuts: list[float], labels: tuple[str, ...]) -> RiskRows:
    """As `moving_rows`, the time after transplant cut into periods; the column `SINCE` says which.

    An event on the day of a cut belongs to the period before it. `labels` are "no" and one per period.
    """
    outcome = found.outcome
    switches: dict[str, Any] = {found.by: found.switch}
    switches |= {f"cut {number}": found.switch + cut for number, cut in enumerate(cuts)}
    split = split_episodes(outcome.time, switches, entry=outcome.entry)
    event = outcome.event[split.row]
    event[~split.last] = None
    place = np.zeros(len(split.row), dtype=int)
    for name in switches:
        place += split.status[name].astype(int)
    period = np.array(labels, dtype=object)[place]
    held = {name: values[split.row] for name, values in found.columns.items()}
    return RiskRows(outcome, split.row, split.start, split.stop, event, {**held, SINCE: period})


def after(time: Floats, days: float) -> Mask:
    """Whether times are after a day, not on it."""
    return np.asarray(time > days + TOLERANCE * abs(days), dtype=bool)


def _status(transplanted: Mask) -> NDArray[np.object_]:
    status = np.full(len(transplanted), NO, dtype=object)
    status[transplanted] = YES
    return status
