"""A status that begins after time zero: Mantel-Byar test and Simon-Makuch curves."""

from __future__ import annotations

from typing import Any

import numpy as np

from remission.core.limits import Interval
from remission.core.problems import InputError
from remission.estimate.curves import Curves
from remission.estimate.logrank import logrank
from remission.estimate.survival import kaplan_meier
from remission.estimate.testresult import TestResult
from remission.events.badrows import BadRows
from remission.events.causes import read_causes
from remission.events.histories import Histories, histories
from remission.events.labels import read_labels
from remission.regress.episodes import split_episodes


def mantel_byar(
    time: Any,
    event: Any,
    switch: Any,
    *,
    entry: Any = None,
    stratum: Any = None,
    labels: tuple[str, str] = ("before", "after"),
) -> TestResult:
    """Test whether a status changes the hazard from when it begins.

    At each event time those at risk are compared by their status then, observed against expected with the
    hypergeometric variance: a log-rank test in which patients change groups. An event on the day of the
    switch belongs to the status before. With ties this is not coxph's score test, whose variance is
    Breslow's or Efron's.

    Parameters
    ----------
    time, event : columns (n,)
        One row per patient; event True or False, or one cause.
    switch : column (n,)
        When the status begins (missing: never), on the axis of `time`.
    entry, stratum : columns (n,), optional
    labels : pair of str
        Names of the two statuses.

    References
    ----------
    Mantel and Byar, J Am Stat Assoc 1974.

    Examples
    --------
    >>> result = mantel_byar([3, 5, 7, 9], [True, True, True, False], [None, 2, 4, 1])
    >>> result.observed.tolist()
    [1.0, 2.0]
    """
    rows = status_histories(time, event, switch, entry=entry, stratum=stratum, labels=labels)
    return logrank(rows.table())


def simon_makuch(
    time: Any,
    event: Any,
    switch: Any,
    *,
    start: float | None = None,
    entry: Any = None,
    labels: tuple[str, str] = ("before", "after"),
    level: float = 0.95,
    interval: Interval = "log-log",
) -> Curves:
    """Survival curves by a status that begins after time zero.

    Kaplan-Meier by current status: patients count in "before" until they switch and enter "after" then. What
    the curves show is survival had the status been held from the start; they are descriptive, the test is
    `mantel_byar`. Early risk sets of "after" can be tiny, and a curve that reaches 0 stays there: `start`
    begins both curves later, with those still at risk.

    References
    ----------
    Simon and Makuch, Stat Med 1984.

    Examples
    --------
    >>> curves = simon_makuch([3, 5, 7, 9], [True, True, True, False], [None, 2, 4, 1])
    >>> curves.curve(group="after").at_risk.tolist()[0]
    0.0
    """
    if start is not None:
        times = np.asarray(time, dtype=float)
        keep = times > start
        began = np.full(int(keep.sum()), float(start))
        if entry is not None:
            began = np.maximum(began, np.asarray(entry, dtype=float)[keep])
        time, entry = times[keep], began
        event, switch = np.asarray(event)[keep], np.asarray(switch, dtype=object)[keep]
    rows = status_histories(time, event, switch, entry=entry, stratum=None, labels=labels)
    return kaplan_meier(rows.table(), level=level, interval=interval)


def status_histories(
    time: Any, event: Any, switch: Any, *, entry: Any, stratum: Any, labels: tuple[str, str]
) -> Histories:
    """Counting-process rows grouped by current status.

    Raises
    ------
    InputError
        If event has several causes.
    """
    bad = BadRows()
    moved, names = read_causes(event, None, bad)
    bad.tell()
    if len(names) > 1:
        raise InputError("event has several causes; give True for the event studied, False for the others")
    split = split_episodes(time, {"status": switch}, entry=entry)
    return histories(
        split.stop,
        (moved[split.row] >= 0) & split.last,
        causes=names,
        group=np.where(split.status["status"] > 0, labels[1], labels[0]),
        levels=labels,
        entry=split.start,
        stratum=None
        if stratum is None
        else np.array(read_labels(stratum, "stratum").words)[read_labels(stratum, "stratum").codes][
            split.row
        ],
    )
