"""Length of follow-up by the reverse Kaplan-Meier method."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from remission.core.limits import Interval, probability_limits
from remission.core.problems import InputError
from remission.estimate.curves import Curves, curve_of
from remission.estimate.risk import Risk, risk_of
from remission.estimate.source import Source, is_robust, table_of
from remission.estimate.survival import greenwood, survival_curves
from remission.events.histories import Histories
from remission.events.table import Increments
from remission.events.topology import competing

CENSORED = competing(["censored"])


def follow_up(
    source: Source,
    *,
    ties: Literal["survfit", "prodlim"] = "survfit",
    level: float = 0.95,
    interval: Interval = "log-log",
) -> Curves:
    """Estimate the distribution of potential follow-up: being censored is the event, any event censors.

    `.quantile(0.5)` is the median follow-up with its limits, `.quantile([0.25, 0.75])` the quartiles.

    Parameters
    ----------
    source : EventTable or Histories
    ties : str
        Where patients have events at the time at which others are censored: "survfit" (default) counts them
        at risk of censoring at that time, as the published median follow-ups do; "prodlim" lets them leave
        just before, which is the censoring distribution that inverse probability weights need.
    level, interval
        As in `kaplan_meier`.

    Returns
    -------
    Curves
        In their rows `events` are the censored and `censored` those who had an event.

    Raises
    ------
    InputError
        For ties="prodlim" with sampling weights or clusters.

    References
    ----------
    Schemper and Smith 1996.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([1, 2, 4, 6], [True, False, True, False])
    >>> follow_up(table).quantile(0.5)["estimate"].to_list()
    [6.0]
    """
    if ties not in {"survfit", "prodlim"}:
        raise InputError(f'ties must be "survfit" or "prodlim"; it is {ties!r}.')
    reverse = _reversed(source)
    if ties == "survfit":
        return survival_curves(reverse, "follow-up", level, interval)
    if is_robust(source):
        raise InputError(
            'ties="prodlim" has no robust variance; use ties="survfit" with weights or clusters.'
        )
    curves = []
    for block in table_of(reverse).blocks():
        risk = _events_first(risk_of(block))
        error = greenwood(risk)
        sides = (risk.survival, error, *probability_limits(risk.survival, error, interval, level))
        curves.append(curve_of(block, risk, "", risk.events, sides, 1.0))
    return Curves("follow-up", interval, level, 1.0, tuple(curves))


def _reversed(source: Source) -> Source:
    """Exchange censoring and events of any cause."""
    if isinstance(source, Histories):
        return replace(source, topology=CENSORED, moved=np.where(source.moved < 0, 0, -1))

    def reverse(counts: Increments) -> Increments:
        return Increments(counts.entered, counts.censored, counts.moved.sum(axis=1, keepdims=True))

    squares = reverse(source.squares)
    return replace(source, topology=CENSORED, counts=reverse(source.counts), squares=squares)


def _events_first(risk: Risk) -> Risk:
    """Let those who had an event (here: the censored column) leave before anybody is at risk of censoring."""
    n = risk.n - risk.censored
    stay = n - risk.events
    step = np.divide(stay, n, out=np.ones_like(n), where=n > 0)
    survival = np.cumprod(step, dtype=np.float64)
    before = np.concatenate([[1.0], survival])[:-1]
    return replace(risk, n=n, stay=stay, survival=survival, survival_before=before)
