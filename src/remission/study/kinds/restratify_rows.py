"""Result rows of one cohort under two protocols: who moves where, and how well each orders the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.outcome import Outcome
from remission.core.limits import critical
from remission.core.tails import normal_two_sided
from remission.regress.concordance import Concordance, compared
from remission.study.kind import Context
from remission.study.kinds.drawing import dressed
from remission.study.kinds.estimating import estimated, read_at
from remission.study.kinds.grouping import Grouping
from remission.study.kinds.restratify_groups import RiskGroups
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View, view

LEAST = 10
"""Patients in a cell of the migration from which an estimate is given."""
FEW_EVENTS = 5
"""Events below which concordance has no standard error: of so few it would come out too small."""
CONCORDANCE, DIFFERENCE = "concordance", "difference of concordance"
ARROW = " → "


def migration_rows(whole: View, before: RiskGroups, after: RiskGroups, at: NamedTime | None) -> pl.DataFrame:
    """Patients, events and the estimate at a time of every pair of groups: `group` before, `versus` after."""
    pairs = [(one, other) for one in places(before) for other in places(after)]
    names = {pair: ARROW.join(pair) for pair in pairs}
    values = np.array([names[pair] for pair in zip(before.placed, after.placed, strict=True)], dtype=object)
    happened = np.asarray(whole.outcome.event == whole.outcome.cause, dtype=bool)
    sizes = {name: int(np.count_nonzero(values == name)) for name in names.values()}
    large = tuple(name for name in names.values() if sizes[name] >= LEAST)
    read = _estimates(whole, np.where(np.isin(values, large), values, np.array(None)), large, at)
    records: list[Record] = []
    for pair in pairs:
        name = names[pair]
        record: dict[str, object] = {
            "group": pair[0],
            "versus": pair[1],
            "at_risk": sizes[name],
            "events": int(np.count_nonzero(happened & (values == name))),
        }
        records.append(record | read.get(name, {}))
    rows = rows_from(records, measure="migration", cause=whole.outcome.cause)
    return dressed(whole, rows)


def places(groups: RiskGroups) -> tuple[str, ...]:
    """Groups in order of risk, then words for those without one."""
    return (*groups.levels, *groups.undecided)


def _estimates(
    whole: View, values: NDArray[np.object_], names: tuple[str, ...], at: NamedTime | None
) -> dict[str, dict[str, object]]:
    """Estimates of the cells that are large enough."""
    if at is None or not names:
        return {}
    cells = Grouping("", "", names, ordered=False, values=values)
    made = view(whole.context, whole.analysis, whole.outcome, cells)
    kept = ("time", "scale", "estimate", "std_error", "low", "high", "confidence")
    return {
        row["group"]: {"level": at.text, **{name: row[name] for name in kept}}
        for row in read_at(made, estimated(made), [at.days]).iter_rows(named=True)
    }


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """How well the order of groups agrees with that of events: Harrell's C, with each patient's influence."""

    groups: RiskGroups
    found: Concordance
    influence: NDArray[np.float64]


def ordered_by(outcome: Outcome, groups: RiskGroups) -> Ordered:
    """Concordance of groups (a later one is a higher risk) with the time to the event of interest.

    Competing events are censored. Pairs in one group count as half agreeing, as in R's `concordance`.
    """
    place = {level: number for number, level in enumerate(groups.levels)}
    rank = np.array([place[value] for value in groups.values], dtype=np.int64)
    died = np.asarray(outcome.event == outcome.cause, dtype=bool)
    size = len(rank)
    entry = None
    if outcome.entry is None:
        exit_at = np.unique(outcome.time, return_inverse=True)[1]
    else:
        both = np.unique(np.concatenate([outcome.time, outcome.entry]), return_inverse=True)[1]
        exit_at, entry = both[:size], both[size:]
    found, influence = compared(np.zeros(size, dtype=np.int64), exit_at, rank, died, np.ones(size), entry)
    return Ordered(groups, found, influence)


def discrimination_rows(
    context: Context, outcome: Outcome, every: Sequence[Ordered], tests: Sequence[Record]
) -> pl.DataFrame:
    """Concordance of each protocol, its test, and the differences of every two, on the same patients.

    The standard error of a difference is that of the paired influences: sqrt(sum (a_i - b_i)^2). With fewer
    than `FEW_EVENTS` events there is none, nor limits and P: every pair holds one of these events, and the
    influences, which are zero where one event is in all pairs, do not tell how much it is left to chance.
    """
    z = critical(context.confidence)
    counts = {"at_risk": len(outcome.rows), "events": int(np.count_nonzero(outcome.event == outcome.cause))}
    enough = counts["events"] >= FEW_EVENTS
    records: list[Record] = []
    for each, test in zip(every, tests, strict=True):
        c, se = each.found.estimate, each.found.std_error
        ends = {"std_error": se, "low": max(c - z * se, 0.0), "high": min(c + z * se, 1.0)}
        shown = ends if enough else {}
        records.append({"measure": CONCORDANCE, "term": each.groups.column, "estimate": c, **shown, **counts})
        records.append({**test, "term": each.groups.column, **counts})
    for one, other in combinations(every, 2):
        apart = other.found.estimate - one.found.estimate
        influence = other.influence - one.influence
        se = float(np.sqrt(influence @ influence))
        statistic = apart / se if se > 0 else None
        told = {
            "std_error": se,
            "low": apart - z * se,
            "high": apart + z * se,
            "statistic": statistic,
            "p": None if statistic is None else float(normal_two_sided(statistic)),
        }
        names = {"measure": DIFFERENCE, "term": other.groups.column, "versus": one.groups.column}
        records.append({**names, "estimate": apart, **(told if enough else {}), **counts})
    return rows_from(records, endpoint=outcome.endpoint, cause=outcome.cause, confidence=context.confidence)
