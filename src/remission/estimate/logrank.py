"""The log-rank test and its family."""

from __future__ import annotations

from math import isnan

from remission.estimate.rankscore import RankScore, rank_score
from remission.estimate.rankweight import NamedWeight, rank_weight
from remission.estimate.source import Source
from remission.estimate.testresult import TestResult, quadratic_form, upper_tail

NO_EVENTS = "nobody had the event"
NEVER_TOGETHER = (
    "the events do not tell all groups apart: some groups were never at risk together when somebody had one, "
    "or everybody at risk had it; leave such groups out or merge them"
)
ONE_AT_RISK = "fewer than two groups were at risk when somebody had the event"


def logrank(
    table: Source,
    rho: float = 0.0,
    gamma: float = 0.0,
    *,
    weights: NamedWeight | None = None,
    cause: str | None = None,
) -> TestResult:
    """Test that the hazard is the same in all groups; within strata when the table has strata.

    With n_i and d_i at risk and events of group i at an event time of one stratum, N and D their sums and W
    the weight function there,

        z_i  = sum W (d_i - D n_i/N)
        V_ij = sum W^2 D (N - D)/(N - 1) n_i/N (1{i=j} - n_j/N)

    summed over times and strata; the statistic is z' V^-1 z after one of the groups is dropped.

    Parameters
    ----------
    table : EventTable or Histories
    rho, gamma : float
        W = S(-)^rho (1 - S(-))^gamma, with S(-) the pooled Kaplan-Meier of the stratum just before the time.
        0 and 0 is the log-rank test; rho = 1 stresses early differences, gamma = 1 late ones.
    weights : "gehan", "tarone-ware", "peto-peto" or "andersen", optional
        W = N; sqrt N; P; P N/(N + 1), with P the product of 1 - D/(N + 1) up to and including the time.
        "peto-peto" and rho = 1 (which R documents as Peto & Peto) are different tests.
    cause : str, optional
        Test this event; whoever has another one leaves as censored there (a cause-specific hazard). Default:
        any event.

    Returns
    -------
    TestResult
        Chi-square on one degree of freedom less than there are groups at risk at some event. Not computable
        when fewer than two such groups exist (statistic and df 0), or groups were never at risk together
        (NaN).

    Raises
    ------
    InputError
        If the table has one group, the weights are unknown, rho is negative and S(-) reaches 0, or a table
        with sampling weights has delayed entry (give Histories).

    Notes
    -----
    Ties: the hypergeometric variance above, which is the score test of Cox's exact partial likelihood.
    Delayed entry: at risk means entry < t <= exit. Frequency weights are repeated rows. Sampling weights
    and clusters: the score of weighted counts with a sandwich variance, which does not depend on the scale
    of the weights; they do not go with "peto-peto" and "andersen", which add one patient to N.

    References
    ----------
    Harrington and Fleming, Biometrika 1982; Tarone and Ware, Biometrika 1977; Peto and Peto, J R Stat Soc A
    1972; Andersen, Borgan, Gill and Keiding, Int Stat Rev 1982; Lin and Wei, J Am Stat Assoc 1989 (sandwich).

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> died = [True, True, False, True, True, True, True, True]
    >>> test = logrank(event_table([6, 7, 10, 15, 1, 2, 3, 5], died, group=list("AAAABBBB")))
    >>> test.df, round(test.statistic, 4), round(test.p, 4)
    (1, 7.3444, 0.0067)
    """
    weight = rank_weight(rho, gamma, weights)
    score = rank_score(table, weight, cause)
    kept = score.compared
    if len(kept) < 2:
        reason = NO_EVENTS if not score.events.any() else ONE_AT_RISK
        return group_test(weight.name, cause, score, 0.0, 0, reason)
    statistic = quadratic_form(score.score[kept], score.variance[kept][:, kept])
    reason = NEVER_TOGETHER if isnan(statistic) else ""
    return group_test(weight.name, cause, score, statistic, len(kept) - 1, reason)


def group_test(
    name: str, cause: str | None, score: RankScore, statistic: float, df: int, reason: str, note: str = ""
) -> TestResult:
    """Put the result of a test on a rank score together."""
    robust = "robust variance" if score.robust else ""
    return TestResult(
        name=name,
        cause=cause,
        statistic=statistic,
        df=df,
        p=float("nan") if reason else upper_tail(statistic, df),
        groups=score.groups,
        strata=score.strata,
        n=score.n,
        events=score.events,
        observed=score.observed,
        expected=score.expected,
        variance=score.variance,
        reason=reason,
        note="; ".join(part for part in (note, robust) if part),
    )
