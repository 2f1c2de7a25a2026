"""The log-rank test for trend over ordered groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.core.problems import InputError
from remission.estimate.logrank import NEVER_TOGETHER, NO_EVENTS, group_test
from remission.estimate.rankscore import rank_score
from remission.estimate.rankweight import NamedWeight, rank_weight
from remission.estimate.source import Source
from remission.estimate.testresult import NOTHING, TestResult


def logrank_trend(
    table: Source,
    scores: Sequence[float] | None = None,
    *,
    rho: float = 0.0,
    gamma: float = 0.0,
    weights: NamedWeight | None = None,
    cause: str | None = None,
) -> TestResult:
    """Test against hazards that rise (or fall) from the first group to the last: (s'z)^2 / (s'Vs) on 1 df.

    z and V are those of `logrank`. With no weight function it is the score test of the numeric score in Cox's
    exact partial likelihood.

    Parameters
    ----------
    table : EventTable or Histories
    scores : sequence of float, optional
        One per group, in the order of the groups. Default 1, 2, ..., G. Shifting or rescaling changes
        nothing.
    rho, gamma, weights, cause
        As in `logrank`.

    Returns
    -------
    TestResult
        Not computable (NaN) when groups with different scores were never at risk together at an event.

    Raises
    ------
    InputError
        If the scores are all equal, not finite, or not one per group; or as `logrank`.

    References
    ----------
    Tarone, Biometrika 1975.

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([9, 8, 6, 5, 3, 1], [True] * 6, group=list("AABBCC"))
    >>> test = logrank_trend(table)
    >>> test.df, round(test.statistic, 4)
    (1, 6.6717)
    """
    weight = rank_weight(rho, gamma, weights)
    score = rank_score(table, weight, cause)
    s = np.arange(1.0, len(score.groups) + 1) if scores is None else np.asarray(scores, dtype=float)
    if s.shape != score.n.shape or not np.isfinite(s).all() or np.ptp(s) == 0:
        message = f"give one finite score for each of {', '.join(score.groups)}, not all equal; got {scores}"
        raise InputError(message)
    name = "log-rank trend" if weight.name == "log-rank" else f"{weight.name} trend"
    note = f"scores {', '.join(f'{value:g}' for value in s)}"
    s -= s.mean()
    variance = float(s @ score.variance @ s)
    if not variance > NOTHING * np.diag(score.variance).max() * (s @ s):
        reason = NEVER_TOGETHER if score.events.any() else NO_EVENTS
        return group_test(name, cause, score, float("nan"), 1, reason, note)
    return group_test(name, cause, score, float(s @ score.score) ** 2 / variance, 1, "", note)
