"""The permutation log-rank test: for groups too small for the chi-square approximation."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from remission.core.assignments import all_assignments, count_assignments
from remission.core.problems import InputError
from remission.estimate.logrank import logrank
from remission.estimate.rankscore import refuse_one_group
from remission.estimate.rankstrata import RankStratum, rank_stratum
from remission.estimate.rankweight import NamedWeight, rank_weight
from remission.estimate.testresult import TestResult
from remission.events.table import EventTable, Floats
from remission.events.union import by_stratum

SAME = 1e-9  # statistics this close are equal: rounding must not decide whether one reaches the observed one
CELLS_AT_ONCE = 4_000_000
CELLS_TO_ENUMERATE = 40_000_000
RANK = 1e-10


def permutation_logrank(
    table: EventTable,
    rho: float = 0.0,
    gamma: float = 0.0,
    *,
    weights: NamedWeight | None = None,
    cause: str | None = None,
    exact_up_to: int = 200_000,
    draws: int = 19_999,
    seed: int = 0,
) -> TestResult:
    """Log-rank test whose p-value is counted over assignments of the patients to the groups.

    The statistic is that of `logrank`, its hypergeometric variance recomputed for every assignment; group
    sizes are kept, and with strata patients move within their stratum only. p is the share of assignments
    whose statistic is at least the observed one: over all assignments where there are at most
    `exact_up_to`, otherwise over random ones, counting the observed: p = (1 + how many) / (1 + draws).

    Parameters
    ----------
    table : EventTable
        Without delayed entry and without sampling weights, so that it stands for its rows.
    rho, gamma, weights, cause
        As in `logrank`.
    exact_up_to : int
        Largest number of assignments that are enumerated (fewer where many rows make it slow).
    draws : int
        Number of random assignments otherwise.
    seed : int
        Of the random assignments.

    Returns
    -------
    TestResult
        Statistic and df are those of `logrank`; `note` says how many assignments p was counted over.

    Raises
    ------
    InputError
        For delayed entry, sampling weights or one group only; or as `logrank`.

    Notes
    -----
    Exact when survival and censoring are the same in all groups under the null hypothesis. Where censoring
    differs, permuting the studentised statistic (this one, not the plain score) keeps the size right in
    large samples.

    References
    ----------
    Neuhaus, Annals of Statistics 1993; Heinze, Gnant and Schemper, Biometrics 2003; Phipson and Smyth, Stat
    Appl Genet Mol Biol 2010 (the added one).

    Examples
    --------
    >>> from remission.events.count import event_table
    >>> table = event_table([6, 7, 10, 15, 1, 2, 3, 5], [True] * 8, group=list("AAAABBBB"))
    >>> test = permutation_logrank(table)
    >>> round(test.p, 4), test.note
    (0.0286, 'all 70 assignments')
    """
    refuse_one_group(table)
    _refuse_entry_and_weights(table)
    weight = rank_weight(rho, gamma, weights)
    observed = logrank(table, rho, gamma, weights=weights, cause=cause)
    name = f"permutation {observed.name}"
    if not observed.computable:
        return replace(observed, name=name)
    column = None if cause is None else table.topology.column(cause)
    strata = [rank_stratum(counts, weight, column) for counts in by_stratum(table)]
    statistic = _statistics(*_sums([stratum.score(stratum.labels[None]) for stratum in strata]))[0]
    bound = statistic - SAME * max(1.0, statistic)
    rows = sum(len(stratum.labels) for stratum in strata)
    number = prod(count_assignments(stratum.sizes, exact_up_to) for stratum in strata)
    if number <= exact_up_to and number * rows <= CELLS_TO_ENUMERATE:
        p = float(np.mean(_of_all(strata) >= bound))
        return replace(observed, name=name, p=p, note=f"all {number} assignments")
    if draws < 1:
        message = f"draws must be 1 or more; got {draws}"
        raise InputError(message)
    reached = int(np.count_nonzero(_of_some(strata, draws, seed) >= bound))
    p = (1 + reached) / (1 + draws)
    return replace(observed, name=name, p=p, note=f"{draws} random assignments, seed {seed}")


def _refuse_entry_and_weights(table: EventTable) -> None:
    if table.has_delayed_entry or table.is_weighted:
        message = (
            "patients who entered late, or carry sampling weights, are not exchangeable: use logrank, "
            "or count without entry and weight"
        )
        raise InputError(message)


def _of_all(strata: list[RankStratum]) -> Floats:
    """Statistics of every assignment: scores and variances of the strata add, in every combination."""
    score, variance = np.zeros((1, 0)), np.zeros((1, 0, 0))
    for index, stratum in enumerate(strata):
        labels = all_assignments(stratum.sizes)
        step = max(1, CELLS_AT_ONCE // max(1, labels.shape[1]))
        parts = [stratum.score(labels[start : start + step]) for start in range(0, len(labels), step)]
        z, V = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        if index == 0:
            score, variance = z, V
        else:
            score = (score[:, None] + z).reshape(-1, z.shape[1])
            variance = (variance[:, None] + V).reshape(-1, *V.shape[1:])
    return _statistics(score, variance)


def _of_some(strata: list[RankStratum], draws: int, seed: int) -> Floats:
    """Statistics of random assignments."""
    random = np.random.default_rng(seed)
    rows = sum(len(stratum.labels) for stratum in strata)
    step = max(1, CELLS_AT_ONCE // max(1, rows))
    answers = []
    for start in range(0, draws, step):
        size = min(step, draws - start)
        parts = []
        for stratum in strata:
            labels = random.permuted(np.tile(stratum.labels, (size, 1)), axis=1)
            parts.append(stratum.score(labels))
        answers.append(_statistics(*_sums(parts)))
    return np.concatenate(answers)


def _sums(parts: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Scores and variances summed over strata."""
    return np.sum([part[0] for part in parts], axis=0), np.sum([part[1] for part in parts], axis=0)


def _statistics(score: Floats, variance: Floats) -> Floats:
    """Chi-squares `z' V^- z`; z lies in the range of V, so any generalised inverse gives them."""
    if score.shape[1] == 1:
        z, V = score[:, 0], variance[:, 0, 0]
        return np.divide(z**2, V, out=np.zeros(len(z)), where=V > RANK)
    inverse = np.linalg.pinv(variance, rcond=RANK, hermitian=True)
    return np.asarray(np.einsum("bi,bij,bj->b", score, inverse, score))
