"""Tests between the groups of a view: log-rank, Gray, trend, permutation, and every two groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from remission.core.adjust import Adjustment
from remission.estimate.gray import gray
from remission.estimate.logrank import logrank
from remission.estimate.pairwise import PairwiseTests, pairwise
from remission.estimate.permutation import permutation_logrank
from remission.estimate.testresult import TestResult
from remission.estimate.trend import logrank_trend
from remission.events.table import EventTable
from remission.study.kinds.drawing import dressed
from remission.study.kinds.views import View
from remission.study.results import Fact, Output

SMALL_GROUP = 10
PERMUTED_AT_MOST = 5_000  # beyond it random assignments take too long
TREND_FROM = 3
CAUSE_SPECIFIC = "cause-specific"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What was tested in one view.

    Attributes
    ----------
    main : TestResult
        The test that answers: log-rank for survival, Gray for incidence.
    beside : tuple of TestResult
        Printed with it: cause-specific log-rank, trend, permutation.
    pairs : PairwiseTests or None
        Of more than two groups.
    """

    main: TestResult
    beside: tuple[TestResult, ...]
    pairs: PairwiseTests | None

    @property
    def p(self) -> float | None:
        """P of the main test, None when it cannot be computed."""
        return self.main.p if self.main.computable else None


def compared(
    view: View, *, rho: float = 0.0, adjust: Adjustment = "holm", pairs: bool = True, permute: bool = True
) -> Comparison | None:
    """Test the groups of a view; None when fewer than two groups have patients.

    Survival is compared by the log-rank test. Incidence is compared by Gray's test, with the log-rank test of
    the cause-specific hazard beside it; with delayed entry, where Gray's test is not defined, by the latter
    alone. Ordered groups get a test for trend, with scores by their place among all levels. Survival in
    groups of fewer than ten is also compared by permutation, where nobody enters late (unless `permute` is
    false).
    """
    if len(view.groups) < 2:
        return None
    outcome, table = view.outcome, view.test_table
    incidence, late = outcome.measure == "incidence", outcome.entry is not None
    cause = outcome.cause if incidence else None
    hazards = partial(_hazards, rho=rho, cause=cause)
    main_test: Callable[[EventTable], TestResult] = hazards
    if incidence and not late:
        main_test = partial(gray, cause=outcome.cause, rho=rho)
    beside: list[TestResult] = []
    if incidence and not late:
        beside.append(hazards(table))
    if view.grouping is not None and view.grouping.ordered and len(view.groups) >= TREND_FROM:
        scores = [float(view.grouping.levels.index(group) + 1) for group in view.groups]
        beside.append(_named(logrank_trend(table, scores, rho=rho, cause=cause), cause))
    small = smallest(view) < SMALL_GROUP and len(outcome.rows) <= PERMUTED_AT_MOST
    if permute and small and not incidence and not late:
        beside.append(permutation_logrank(table, rho, seed=view.context.seed))
    every_two = pairwise(main_test, table, adjust) if pairs and len(view.groups) > 2 else None
    return Comparison(main_test(table), tuple(beside), every_two)


def smallest(view: View) -> int:
    """Patients in the smallest group."""
    return min(n for n, _ in view.sizes().values())


def comparison_outputs(view: View, tests: Comparison) -> list[Output]:
    """Tabulate the tests: groups with observed and expected events first, then every test."""
    facts: dict[str, Fact] = {
        **view.facts(),
        "notes": {each.name: each.note for each in (tests.main, *tests.beside) if each.note},
        "not_computable": {each.name: each.reason for each in (tests.main, *tests.beside) if each.reason},
    }
    others = [each.rows().head(1) for each in tests.beside]
    rows = pl.concat([tests.main.rows(), *others])
    outputs = [Output("test", dressed(view, rows), facts, view.variant)]
    if tests.pairs is not None:
        paired = dressed(view, tests.pairs.rows())
        outputs.append(Output("pairwise", paired, {**facts, "adjust": tests.pairs.adjust}, view.variant))
    return outputs


def _hazards(table: EventTable, *, rho: float, cause: str | None) -> TestResult:
    return _named(logrank(table, rho, cause=cause), cause)


def _named(test: TestResult, cause: str | None) -> TestResult:
    """Say that a test is of the hazard of one cause, the others censored."""
    return test if cause is None else replace(test, name=f"{CAUSE_SPECIFIC} {test.name}")
