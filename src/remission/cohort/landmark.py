"""What was known at a landmark, and who was still there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.as_known import as_known
from remission.cohort.cohort import Cohort, FlowStep
from remission.cohort.outcome import Floats, Outcome
from remission.core.problems import InputError
from remission.core.ties import TOLERANCE


def values_at(
    cohort: Cohort, column: str, outcome: Outcome, landmark_days: float
) -> list[str | bool | float | date | None]:
    """Give the values of a column as they were known at the landmark.

    Parameters
    ----------
    cohort : Cohort
    column : str
        Derived columns are made again from what their sources were by then.
    outcome : Outcome
    landmark_days : float
        From the outcome's time zero.

    Returns
    -------
    list
        One value per contributing row of the outcome; None where nothing was known. What was recorded on the
        day of the landmark was known at it. See `as_known` for what "known" means.
    """
    return frame_at(cohort, outcome, landmark_days, [column])[column].to_list()


def frame_at(
    cohort: Cohort, outcome: Outcome, landmark_days: float, columns: Iterable[str] | None = None
) -> pl.DataFrame:
    """Show the outcome's patients as they were known at the landmark: one row each, `columns` or all of them.

    A condition asked of this frame asks for nothing that happened later.
    """
    return as_known(cohort, outcome.rows, outcome.offset + landmark_days, columns)


def landmarked(
    outcome: Outcome,
    landmark_days: float,
    *,
    among: Outcome | None = None,
    late_entrants: Literal["refuse", "keep"] = "refuse",
    words: str = "",
) -> Outcome:
    """Keep those still event-free and under observation after the landmark.

    Whoever left at the landmark or before it, by an event or by the end of follow-up, is gone: an event on
    the day of the landmark is before it. Time stays on the original axis, so that Kaplan-Meier on the result
    is the conditional survival S(t)/S(landmark) with its own standard error; subtract the landmark for the
    time from it.

    Parameters
    ----------
    outcome : Outcome
    landmark_days : float
        From the outcome's time zero.
    among : Outcome, optional
        Keep only those also event-free and under observation in this outcome after the landmark ("overall
        survival among those alive without relapse"). Days are compared on the calendar, so it may have
        another time zero.
    late_entrants : "refuse" or "keep"
        Those who came under observation only after the landmark were not there to be classified at it. "keep"
        has them at risk from their own entry.
    words : str
        The landmark in words, for the flow diagram ("12 months"); "day 365" unless said.

    Returns
    -------
    Outcome
        The same endpoint. Its flow counts who was left out; it may be empty.

    Raises
    ------
    InputError
        If somebody entered after the landmark and is not to be kept, or the landmark is before time zero.

    References
    ----------
    Anderson JR, Cain KC, Gelber RD. Analysis of survival by tumor response. J Clin Oncol 1983;1:710-9.

    Examples
    --------
    >>> time, event = np.array([60.0, 100.0, 400.0]), np.array(["death", None, "death"], dtype=object)
    >>> rows, names = np.arange(3), ("os", "Overall survival", "survival", "death", ("death",))
    >>> outcome = Outcome(*names, rows, time, event, None, "transplantation", True, (), "", np.zeros(3))
    >>> late = landmarked(outcome, 100.0)
    >>> late.time, [(step.reason, step.excluded) for step in late.flow]
    (array([400.]), [('death by day 100', 1), ('follow-up ended by day 100', 1)])
    """
    if not (np.isfinite(landmark_days) and landmark_days >= 0):
        raise InputError(f"a landmark is a time after time zero; this one is {landmark_days:g} days")
    words = words or f"day {landmark_days:g}"
    happened = outcome.event != np.array(None)
    gone = ~_after(outcome.time, landmark_days)
    steps = [
        (gone & happened, f"{' or '.join(outcome.causes)} by {words}"),
        (gone & ~happened, f"follow-up ended by {words}"),
    ]
    if among is not None:
        steps += _not_among(outcome, among, landmark_days, words)
    keep = np.ones(len(outcome.rows), dtype=bool)
    flow = list(outcome.flow)
    for rows, reason in steps:
        out = keep & rows
        keep &= ~rows
        if out.any():
            flow.append(FlowStep(reason, int(out.sum()), int(keep.sum())))
    entry = _entry(outcome, keep, landmark_days, late_entrants)
    return replace(outcome.only(keep), entry=entry, flow=tuple(flow))


def _not_among(
    outcome: Outcome, among: Outcome, landmark_days: float, words: str
) -> list[tuple[NDArray[np.bool_], str]]:
    """Who is not event-free and under observation by another endpoint."""
    if not len(among.rows):
        return [(np.ones(len(outcome.rows), dtype=bool), f"{among.label} not known")]
    order = np.argsort(among.rows)
    at = order[np.minimum(np.searchsorted(among.rows, outcome.rows, sorter=order), len(order) - 1)]
    known = among.rows[at] == outcome.rows
    shift = among.offset[at] - outcome.offset
    gone = ~_after(among.time[at] + shift, landmark_days)
    happened = (among.event != np.array(None))[at]
    late = np.zeros(len(at), dtype=bool)
    if among.entry is not None:
        late = _after(among.entry[at] + shift, landmark_days)
    return [
        (~known, f"{among.label} not known"),
        (known & gone & happened, f"{among.label}: {' or '.join(among.causes)} by {words}"),
        (known & gone & ~happened, f"{among.label}: follow-up ended by {words}"),
        (known & ~gone & late, f"{among.label}: not yet under observation at {words}"),
    ]


def _entry(
    outcome: Outcome, keep: NDArray[np.bool_], landmark_days: float, late_entrants: str
) -> Floats | None:
    """Entry of those kept: at the landmark everybody already there is at risk."""
    if outcome.entry is None:
        return None
    entry = outcome.entry[keep]
    late = _after(entry, landmark_days)
    if not late.any():
        return None
    if late_entrants == "refuse":
        message = (
            f"{int(late.sum())} came under observation only after the landmark (day {landmark_days:g}): "
            "their state at it is unknown. Choose a later landmark, or keep them from their own entry on."
        )
        raise InputError(message)
    return np.where(late, entry, -np.inf)


def _after(time: Floats, landmark_days: float) -> NDArray[np.bool_]:
    return np.asarray(time > landmark_days + TOLERANCE * landmark_days, dtype=bool)
