"""Pairwise tests: only the two groups count, and what cannot be computed is not counted."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.estimate.gray import gray
from remission.estimate.logrank import logrank
from remission.estimate.pairwise import pairwise
from remission.estimate.permutation import permutation_logrank
from remission.events.count import event_table
from remission.events.histories import histories
from tests.estimate.grouped import rows_of, table_of
from tests.oracles.read import load


def test_each_pair_is_the_test_of_its_own_rows() -> None:
    case = load("heavy4")
    tests = pairwise(gray, table_of(case, strata=True), adjust="bh", cause="1", rho=1.0)
    for (first, second), test in zip(tests.pairs, tests.tests, strict=True):
        keep = np.isin(case.columns["group"], [first, second])
        columns = {name: column[keep] for name, column in case.columns.items()}
        alone = event_table(
            columns["time"],
            columns["cause"],
            causes=case.causes,
            group=columns["group"],
            stratum=columns["stratum"],
        )
        assert test.statistic == pytest.approx(gray(alone, "1", 1.0).statistic, rel=1e-12)
        assert test.groups == (first, second)


def test_options_are_passed_on() -> None:
    table = table_of(load("ties12"))
    one = pairwise(logrank, table, cause="2", weights="gehan")
    two = pairwise(partial(logrank, cause="2", weights="gehan"), table)
    assert [test.statistic for test in one.tests] == [test.statistic for test in two.tests]
    assert one.tests[0].name == "Gehan-Breslow"
    small = event_table([1, 2, 3, 4, 5, 6], [True] * 6, group=list("ABCABC"))
    assert pairwise(permutation_logrank, small).tests[0].note == "all 6 assignments"


def test_histories_keep_their_clusters_and_entries() -> None:
    for name in ("entry12", "heavy4"):
        case = load(name)
        tests = pairwise(logrank, rows_of(case, strata=True, weight=True, cluster=True))
        keep = np.isin(case.columns["group"], tests.pairs[-1])
        columns = {key: column[keep] for key, column in case.columns.items()}
        alone = histories(
            columns["time"],
            columns["cause"],
            causes=case.causes,
            group=columns["group"],
            entry=columns["entry"] if case.delayed else None,
            weight=columns["weight"],
            stratum=columns["stratum"],
            cluster=columns["cluster"],
        )
        assert tests.tests[-1].statistic == pytest.approx(logrank(alone).statistic, rel=1e-12)


def test_rows() -> None:
    rows = pairwise(
        logrank, event_table([1, 2, 3, 4, 5, 6], [True] * 6, group=list("ABCABC")), "bonferroni"
    ).rows()
    assert rows.select("group", "versus").rows() == [("A", "B"), ("A", "C"), ("B", "C")]
    assert rows["measure"].to_list() == ["log-rank"] * 3
    assert (rows["p_adjusted"] == (3 * rows["p"]).clip(upper_bound=1)).all()
    assert rows["df"].to_list() == [1, 1, 1]


def test_what_cannot_be_computed_is_null_and_not_counted() -> None:
    table = event_table([1, 2, 3, 4, 5], [True] * 5, group=list("ABABA"), levels=["A", "B", "Z"])
    tests = pairwise(logrank, table)
    assert [test.computable for test in tests.tests] == [True, False, False]
    assert tests.p_adjusted[0] == tests.tests[0].p
    assert np.isnan(tests.p_adjusted[1:]).all()
    assert tests.rows()["p_adjusted"].null_count() == 2


def test_unknown_adjustment() -> None:
    with pytest.raises(InputError, match="hommel"):
        pairwise(logrank, table_of(load("ties12")), adjust="hommel")  # type: ignore[arg-type]
