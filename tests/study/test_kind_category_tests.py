"""Tests of Table 1: Fisher, chi-squared, Wilcoxon, Kruskal-Wallis; against scipy, R and enumeration."""

from __future__ import annotations

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from remission.study.kinds import category_tests
from remission.study.kinds.category_tests import fisher_exact, independence_test
from remission.study.kinds.rank_tests import kruskal_wallis, rank_test, wilcoxon

JOB_SATISFACTION = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]], dtype=float)


def by_enumeration(counts: np.ndarray) -> float:
    """Fisher's p from the list of all tables with these margins."""
    table = counts.astype(int)
    rows, columns = table.sum(axis=1), table.sum(axis=0)

    def weight(each: np.ndarray) -> float:
        return 1.0 / prod(factorial(int(cell)) for cell in each.ravel())

    total, extreme = 0.0, 0.0
    choices = [
        [part for part in product(*[range(limit + 1) for limit in columns]) if sum(part) == size]
        for size in rows
    ]
    for tables in product(*choices):
        each = np.array(tables)
        if not np.array_equal(each.sum(axis=0), columns):
            continue
        total += weight(each)
        extreme += weight(each) * (weight(each) <= weight(table) * (1 + 1e-7))
    return extreme / total


@pytest.mark.parametrize("counts", [[[3, 1], [1, 3]], [[0, 5], [7, 2]], [[12, 3], [4, 9]], [[1, 9], [11, 3]]])
def test_two_by_two_agrees_with_scipy(counts: list[list[float]]) -> None:
    found = fisher_exact(np.array(counts, dtype=float), seed=1)
    assert found.name == "Fisher exact"
    assert found.p == pytest.approx(stats.fisher_exact(counts)[1], rel=1e-10)


def test_the_table_of_agresti_agrees_with_r() -> None:
    """`fisher.test(Job)` of R's own example prints 0.7827."""
    assert fisher_exact(JOB_SATISFACTION, seed=1).p == pytest.approx(0.7827, abs=0.003)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=2, max_size=3))
def test_small_tables_agree_with_the_list_of_all_tables(counts: list[list[int]]) -> None:
    table = np.array(counts, dtype=float)
    kept = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    if min(kept.shape) < 2:
        assert independence_test(table, seed=1) is None
        return
    found = independence_test(table, seed=1)
    assert found is not None
    assert found.p == pytest.approx(by_enumeration(kept), rel=1e-9)


def test_simulation_takes_over_and_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.array([[3.0, 8, 2], [9, 4, 6], [1, 5, 7]])
    exact = fisher_exact(counts, seed=1)
    monkeypatch.setattr(category_tests, "NODES_AT_MOST", 3)
    simulated = fisher_exact(counts, seed=1)
    assert (exact.name, simulated.name) == ("Fisher exact", "Fisher exact, simulated")
    assert simulated.p == pytest.approx(exact.p, abs=4 * np.sqrt(exact.p * (1 - exact.p) / 100_000))
    assert fisher_exact(counts, seed=1).p == simulated.p


def test_chi_squared_where_counts_are_large() -> None:
    counts = np.array([[20.0, 30, 25], [40, 35, 20]])
    found = independence_test(counts, seed=1)
    expected = stats.chi2_contingency(counts, correction=False)
    assert found is not None
    assert (found.name, found.df) == ("chi-squared", 2.0)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-12)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-12)


def test_one_small_expected_count_is_enough_for_fisher() -> None:
    found = independence_test(np.array([[4.0, 5.0], [50.0, 60.0]]), seed=1)
    assert found is not None
    assert found.name == "Fisher exact"


def test_levels_and_groups_without_anybody_do_not_count() -> None:
    with_empty = np.array([[20.0, 0, 30], [0, 0, 0], [40, 0, 35]])
    without = np.array([[20.0, 30], [40, 35]])
    assert independence_test(with_empty, seed=1) == independence_test(without, seed=1)
    assert independence_test(np.array([[5.0, 0], [7, 0]]), seed=1) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 8), min_size=2, max_size=12),
    st.lists(st.integers(0, 8), min_size=2, max_size=12),
    st.lists(st.integers(0, 8), min_size=1, max_size=12),
)
def test_ranks_agree_with_scipy(first: list[int], second: list[int], third: list[int]) -> None:
    a, b, c = (np.array(values, dtype=float) for values in (first, second, third))
    if len(set(first + second)) > 1:
        found = wilcoxon(a, b)
        method = "exact" if found.name.endswith("exact") else "asymptotic"
        expected = stats.mannwhitneyu(a, b, method=method)
        assert found.statistic == expected.statistic
        assert found.p == pytest.approx(min(1.0, expected.pvalue), rel=1e-9)
        assert (method == "exact") == (len(set(first + second)) == len(first + second))
    if len(set(first + second + third)) > 1:
        every = kruskal_wallis([a, b, c])
        reference = stats.kruskal(a, b, c)
        assert every.statistic == pytest.approx(reference.statistic, rel=1e-9, abs=1e-12)
        assert every.p == pytest.approx(reference.pvalue, rel=1e-9)


def test_exact_for_larger_groups_agrees_with_scipy() -> None:
    values = np.random.default_rng(4).normal(size=60)
    found = wilcoxon(values[:25], values[25:] + 0.4)
    assert found.p == pytest.approx(
        stats.mannwhitneyu(values[:25], values[25:] + 0.4, method="exact").pvalue, rel=1e-9
    )
    big = np.random.default_rng(5).normal(size=120)
    assert wilcoxon(big[:60], big[60:]).name == "Wilcoxon rank-sum"


def test_nothing_to_rank() -> None:
    assert rank_test([np.array([1.0, 1.0]), np.array([1.0])]) is None
    assert rank_test([np.array([1.0, 2.0]), np.array([])]) is None
    assert rank_test([np.array([])]) is None
