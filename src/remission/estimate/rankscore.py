"""Observed minus expected events of the log-rank family, and its variance, summed over strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.estimate.ranksandwich import sandwich_of_rows, sandwich_of_table
from remission.estimate.rankweight import RankWeight
from remission.estimate.source import Source, is_robust, table_of
from remission.events.histories import Histories
from remission.events.table import EventTable, Floats
from remission.events.union import GroupCounts, by_stratum


@dataclass(frozen=True, slots=True, eq=False)
class RankScore:
    """Sums over strata, by group: arrays (G,), and `variance` (G, G) of observed minus expected."""

    groups: tuple[str, ...]
    strata: tuple[str, ...]
    n: Floats
    events: Floats
    observed: Floats
    expected: Floats
    variance: Floats
    robust: bool

    @property
    def score(self) -> Floats:
        """Observed minus expected."""
        return self.observed - self.expected

    @property
    def compared(self) -> NDArray[np.intp]:
        """Indices of the groups at risk at some event: the others say nothing."""
        return np.flatnonzero(self.expected > 0)


def rank_score(source: Source, weight: RankWeight, cause: str | None) -> RankScore:
    """Score and variance: hypergeometric for counts, robust (sandwich) for sampling weights or clusters.

    Raises
    ------
    InputError
        If there is one group only, the cause is unknown, or a weighted table has delayed entry.
    """
    table = table_of(source)
    refuse_one_group(table)
    column = None if cause is None else table.topology.column(cause)
    robust = is_robust(source)
    if robust and weight.counts_patients:
        message = (
            f"{weight.name} weights count patients; with sampling weights or clusters choose other weights"
        )
        raise InputError(message)
    strata = list(by_stratum(table))
    parts = [_stratum(counts, weight, column) for counts in strata]
    n, events, observed, expected, hypergeometric = (sum_arrays(part) for part in zip(*parts, strict=True))
    if not robust:
        variance = hypergeometric
    elif isinstance(source, Histories) and (source.cluster is not None or table.has_delayed_entry):
        variance = sandwich_of_rows(source, strata, weight, column)
    elif table.has_delayed_entry:
        message = (
            "with sampling weights and delayed entry the variance needs the rows: "
            "count with histories(...) instead of event_table(...) and pass that"
        )
        raise InputError(message)
    else:
        variance = sum_arrays([sandwich_of_table(counts, weight, column) for counts in strata])
    return RankScore(table.groups, table.strata, n, events, observed, expected, variance, robust)


def refuse_one_group(table: EventTable) -> None:
    """Refuse a table of one group: a test compares groups."""
    if len(table.groups) < 2:
        message = "a test compares groups, and the table has one: give group= when counting"
        raise InputError(message)


def sum_arrays(arrays: Sequence[Floats]) -> Floats:
    """Sum of arrays of one shape."""
    return np.asarray(np.sum(np.stack(arrays), axis=0))


def _stratum(
    counts: GroupCounts, weight: RankWeight, column: int | None
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Patients, events, observed, expected (G,) and hypergeometric variance (G, G) of one stratum."""
    patients = counts.moved.sum(axis=(0, 2)) + counts.censored.sum(axis=0)
    d = (counts.moved.sum(axis=2) if column is None else counts.moved[:, :, column]).T
    happened = d.sum(axis=0) > 0
    d = np.compress(happened, d, axis=1)
    n = np.compress(happened, counts.at_risk.T, axis=1)
    N, D = n.sum(axis=0), d.sum(axis=0)
    W = weight.of(N, D)
    p = n / N
    q = W**2 * D * (N - D) / np.where(N > 1, N - 1, np.inf)
    weighted = p * q
    variance = np.diag(weighted.sum(axis=1)) - weighted @ p.T
    return patients, d.sum(axis=1), (W * d).sum(axis=1), (p * (W * D)).sum(axis=1), variance
