"""Differences between groups: of a curve at given times, or of the restricted means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from remission.core.problems import InputError
from remission.estimate.contrast import Differences
from remission.estimate.curves import Curves
from remission.estimate.differencemeans import mean_contrasts
from remission.estimate.differencetimes import time_contrasts
from remission.estimate.incidence import Variance, cumulative_incidence
from remission.estimate.source import Source, is_robust
from remission.estimate.survival import kaplan_meier
from remission.events.histories import Histories


def difference(
    source: Source,
    *,
    at: float | Sequence[float] | None = None,
    until: float | None = None,
    cause: str | None = None,
    test: Literal["plain", "log-log"] = "plain",
    variance: Variance | None = None,
    level: float = 0.95,
) -> Differences:
    """Compare every two groups at given times, or by their restricted means; within each stratum.

    Each later group minus each earlier one, in the order of the table's groups.

    Parameters
    ----------
    source : EventTable or Histories
        With at least two groups.
    at : float or sequence of float, optional
        Times at which to compare survival, or the incidence of `cause`.
    until : float, optional
        Horizon of restricted means: their difference, their ratio, and the ratio of the times lost before
        it. Give either `at` or `until`.
    cause : str, optional
        Compare this cause's cumulative incidence. Without it: event-free survival.
    test : str
        Test of no difference at a time: "plain" (default), on the difference, as its limits; or "log-log", on
        log(-log S), or log(-log(1 - F)), which keeps its size better in small groups. The difference and
        its limits stay the same.
    variance : str, optional
        Of the incidence; as in `cumulative_incidence`.
    level : float
        Confidence level of the limits.

    Returns
    -------
    Differences
        With `.rows()` and `.notes`, which say what could not be compared and why.

    Raises
    ------
    InputError
        If there are fewer than two groups, neither or both of `at` and `until` are given, the horizon is
        beyond the follow-up, or a cluster has rows in several groups (they are not independent then).

    Notes
    -----
    With Delta = S_1(t) - S_0(t), se = sqrt(V_1 + V_0): limits Delta -+ z se, not cut at -1 and 1; p from
    Delta/se. Where nobody or everybody in a group has had the event by then, V is 0 although its curve is not
    certain: the difference is given without error, limits and p (null, and a note). A time beyond the follow-
    up of a group whose curve ends in a censoring is not compared (null, and a note). Ratios: limits and p on
    the log scale.

    A difference that is not significant does not show that the groups are equal: read its limits.

    References
    ----------
    Klein, Logan, Harhoff and Andersen 2007; Uno and others 2014 (restricted means).

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> time, arm = [1, 2, 3, 4, 2, 4, 6, 8], ["A"] * 4 + ["B"] * 4
    >>> table = event_table(time, [True] * 8, group=arm)
    >>> difference(table, at=3).rows()["estimate"].to_list()
    [0.5]
    """
    if (at is None) == (until is None):
        raise InputError("give either at=..., times at which to compare, or until=..., the horizon of means.")
    if len(source.groups) < 2:
        raise InputError("a difference needs at least two groups; count with group=...")
    if test not in {"plain", "log-log"}:
        raise InputError(f'test must be "plain" or "log-log"; it is {test!r}.')
    _check_clusters(source)
    if until is not None:
        if cause is not None:
            raise InputError("restricted means are of event-free survival; leave out cause.")
        return mean_contrasts(source, until, level)
    return time_contrasts(_curves(source, cause, variance, level), at, test)


def _curves(source: Source, cause: str | None, variance: Variance | None, level: float) -> Curves:
    if cause is None:
        if variance is not None:
            raise InputError("variance is a choice for the incidence of a cause; name the cause.")
        return kaplan_meier(source, level=level, interval="plain")
    source.topology.column(cause)
    wanted: Variance = variance or ("jackknife" if is_robust(source) else "aalen")
    curves = cumulative_incidence(source, variance=wanted, level=level, interval="plain")
    kept = tuple(curve for curve in curves if curve.cause == cause)
    return Curves(curves.measure, curves.scale, curves.confidence, curves.before, kept)


def _check_clusters(source: Source) -> None:
    if not isinstance(source, Histories) or source.cluster is None:
        return
    groups = source.block % len(source.groups)
    pairs = set(zip(source.cluster.tolist(), groups.tolist(), strict=True))
    if len(pairs) > len({cluster for cluster, _ in pairs}):
        raise InputError(
            "some clusters have patients in more than one group, so the groups are not independent and this "
            "difference has no valid interval. Compare groups that do not share clusters."
        )
