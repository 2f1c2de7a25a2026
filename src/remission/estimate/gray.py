"""Gray's test: whether the cumulative incidence of a cause is the same in all groups."""

from __future__ import annotations

from math import isnan

import numpy as np

from remission.core.problems import InputError
from remission.estimate.grayscore import gray_score
from remission.estimate.rankscore import refuse_one_group, sum_arrays
from remission.estimate.testresult import TestResult, quadratic_form, upper_tail
from remission.events.table import EventTable
from remission.events.union import by_stratum

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
    parts = [gray_score(counts, column, rho) for counts in strata]
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
