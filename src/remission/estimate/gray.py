"""Gray's test: whether the cumulative incidence of a cause is the same in all groups."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

import numpy as np

from remission.core.problems import InputError
from remission.estimate.rankscore import refuse_one_group, sum_arrays
from remission.estimate.testresult import TestResult, quadratic_form, upper_tail
from remission.events.table import EventTable, Floats
from remission.events.union import GroupCounts, by_stratum

EXHAUSTED = 1e-9  # pooled 1 - F at or below this is 0 up to rounding
NO_CAUSE = "nobody had the event"
ONE_GROUP = "only one group has patients"
ALL_GONE = (
    "the pooled incidence reaches 1 while several groups are still at risk: Gray's test is not defined; "
    "leave out a group that ended early, or compare hazards with the log-rank test"
)
NO_OVERLAP = (
    "the variance does not tell all groups apart, because some were hardly at risk at the same times; "
    "leave such groups out or merge them"
)


def gray(table: EventTable, cause: str, rho: float = 0.0) -> TestResult:
    """Test that the incidence of a cause is the same in all groups; within strata when the table has strata.

    With S_i and F_i the Kaplan-Meier of any event and the incidence of the cause in group i, just before a
    time,

        h_i = n_i / S_i,  R_i = h_i (1 - F_i),  F0 = sum of D / sum_i h_i,  w = (1 - F0)^rho
        z_i = sum over times of w (d_i - D R_i / sum_j R_j)

    where d_i are the events of the cause, D their sum, and w uses F0 just before the time. The statistic is
    z' V^-1 z with Gray's variance, as in R's `cmprsk::cuminc`, ties included.

    Parameters
    ----------
    table : EventTable
        Without delayed entry and without sampling weights.
    cause : str
        The event of interest; all others compete.
    rho : float
        Above 0 stresses early differences.

    Returns
    -------
    TestResult
        Chi-square on one degree of freedom less than there are groups with patients. Not computable
        (statistic NaN) when the variance does not tell all groups apart, nobody had the event, or F0
        reaches 1 while several groups are at risk (there R divides by zero or by negative numbers).

    Raises
    ------
    InputError
        For delayed entry, sampling weights, one group only, or an unknown cause.

    Notes
    -----
    A censoring at the time of an event is at risk there. Strata have an F0 each; scores and variances are
    summed.

    References
    ----------
    Gray, Annals of Statistics 1988.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> event = ["relapse", None, "NRM", "relapse", "relapse", "NRM", None, "relapse"]
    >>> table = event_table([1, 2, 3, 4, 5, 6, 7, 8], event, group=list("ABAAABBB"))
    >>> test = gray(table, "relapse")
    >>> test.df, round(test.statistic, 4), round(test.p, 4)
    (1, 3.3674, 0.0665)
    """
    refuse_one_group(table)
    _refuse_entry_and_weights(table)
    column = table.topology.column(cause)
    if not np.isfinite(rho):
        message = f"rho must be a finite number; got {rho}"
        raise InputError(message)
    strata = list(by_stratum(table))
    parts = [_stratum(counts, column, rho) for counts in strata]
    n = sum_arrays([counts.moved.sum(axis=(0, 2)) + counts.censored.sum(axis=0) for counts in strata])
    observed, expected = (
        sum_arrays([part.observed for part in parts]),
        sum_arrays([part.expected for part in parts]),
    )
    events, variance = (
        sum_arrays([part.events for part in parts]),
        sum_arrays([part.variance for part in parts]),
    )
    present = np.flatnonzero(n > 0)
    statistic = float("nan")
    reason = ""
    if len(present) < 2:
        reason = ONE_GROUP
    elif not events.any():
        reason = NO_CAUSE
    elif any(part.exhausted for part in parts):
        reason = ALL_GONE
    else:
        statistic = quadratic_form((observed - expected)[present], variance[present][:, present])
        reason = NO_OVERLAP if isnan(statistic) else ""
    df = max(len(present) - 1, 0)
    return TestResult(
        name="Gray" if rho == 0 else f"Gray (rho {rho:g})",
        cause=cause,
        statistic=statistic,
        df=df,
        p=upper_tail(statistic, df),
        groups=table.groups,
        strata=table.strata,
        n=n,
        events=events,
        observed=observed,
        expected=expected,
        variance=variance,
        reason=reason,
    )


def _refuse_entry_and_weights(table: EventTable) -> None:
    if table.has_delayed_entry:
        message = (
            "Gray's test needs everybody under observation from the start; "
            "with delayed entry compare cause-specific hazards: logrank(table, cause=...)"
        )
        raise InputError(message)
    if table.is_weighted:
        message = (
            "Gray's variance counts patients and has no form for sampling weights; count without weights, "
            'declare weights_are="frequency" if they are repeated rows, or use logrank(table, cause=...)'
        )
        raise InputError(message)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One stratum's sums by group, and whether its pooled incidence reached 1 too early."""

    events: Floats
    observed: Floats
    expected: Floats
    variance: Floats
    exhausted: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """One stratum at its times with an event. Arrays (G, K) by group, (K,) pooled; `_before`: left limit.

    n, d, other: at risk, events of the cause, of other causes. S: Kaplan-Meier of any event. h = n /
    S_before, T its sum; D the sum of d; free = 1 - F0; w the weight; hazard = D / (T (1 - F0)) of the
    pooled subdistribution where several groups are compared.
    """

    n: Floats
    d: Floats
    other: Floats
    S: Floats
    S_before: Floats
    h: Floats
    T: Floats
    D: Floats
    free: Floats
    w: Floats
    hazard: Floats


def _stratum(counts: GroupCounts, column: int, rho: float) -> _Part:
    """Score and variance of one stratum. Times without any event change nothing and are dropped first."""
    failed = counts.moved.sum(axis=2).T
    rows = failed.any(axis=0)
    failed = np.compress(rows, failed, axis=1)
    d = np.compress(rows, counts.moved[:, :, column].T, axis=1)
    n = np.compress(rows, counts.at_risk.T, axis=1)
    some = n > 0
    n_or_1 = np.where(some, n, 1.0)
    S = np.cumprod((n_or_1 - failed) / n_or_1, axis=1)
    S_before = _before(S, 1.0)
    F_before = _before(np.cumsum(S_before * d / n_or_1, axis=1), 0.0)
    h = np.divide(n, S_before, out=np.zeros(n.shape), where=some)
    T, D = h.sum(axis=0), d.sum(axis=0)
    free = 1.0 - np.cumsum(D / T)
    free_before = np.concatenate([[1.0], free])[:-1]
    compared = (np.count_nonzero(some, axis=0) > 1) & (D > 0)
    exhausted = bool((free_before[compared] <= EXHAUSTED).any())
    hazard = np.divide(D, T * free_before, out=np.zeros(len(T)), where=compared & (free_before > EXHAUSTED))
    w = np.ones(len(T))
    if rho != 0:  # once F0 reached 1 only one group is left and the weight is of no consequence
        w = np.power(free_before, rho, out=np.zeros(len(T)), where=free_before > EXHAUSTED)
    R = h * (1.0 - F_before)
    expected = (R * (w * D / R.sum(axis=0))).sum(axis=1)
    curves = _Curves(n, d, failed - d, S, S_before, h, T, D, free, w, hazard)
    variance = sum_arrays([_variance_from(group, curves) for group in range(len(n))])
    return _Part(d.sum(axis=1), (w * d).sum(axis=1), expected, variance, exhausted)


def _variance_from(group: int, at: _Curves) -> Floats:
    """What one group contributes to the variance (G, G); `later` is what remains of c."""
    n, S_before = at.n[group], at.S_before[group]
    zero = np.zeros(len(n))
    alive = n > 0
    a = at.h * (-at.w * at.h[group] / at.T)
    a[group] += at.w * at.h[group]
    later = np.cumsum(a * at.hazard, axis=1)
    np.subtract(later[:, -1:].copy(), later, out=later)
    ratio = np.divide(at.free, at.S[group], out=zero.copy(), where=at.S[group] > 0)

    expected_part = np.divide(S_before * at.D, at.T * n, out=zero.copy(), where=alive)
    ties = np.divide(at.D - 1.0, at.T * S_before - 1.0, out=zero.copy(), where=alive & (at.D > 1))
    x = (1.0 - ties) * expected_part
    a += (1.0 - ratio) * later
    variance = (a * x) @ a.T

    other = at.other[group]
    ties = np.divide(other - 1.0, n - 1.0, out=zero, where=other > 1)
    x = (1.0 - ties) * other * np.divide(S_before * ratio, n, out=np.zeros(len(n)), where=alive) ** 2
    return np.asarray(variance + (later * x) @ later.T)


def _before(after: Floats, first: float) -> Floats:
    """Left limits along time."""
    return np.concatenate([np.full((len(after), 1), first), after[:, :-1]], axis=1)
