"""The generalised Wilcoxon test: as Kruskal and Wallis's without censoring, certain pairs only with it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kruskal

from remission.core.problems import InputError
from remission.response.comparison import compare_intervals
from remission.response.intervals import Intervals, intervals


def test_without_censoring_it_is_kruskal_and_wallis() -> None:
    random = np.random.default_rng(3)
    groups = [random.normal(size=size).round(1) + shift for size, shift in ((12, 0), (9, 0.4), (20, 0.2))]
    test = compare_intervals([intervals(group) for group in groups], seed=1)
    known = kruskal(*groups)
    assert test is not None
    assert test.statistic == pytest.approx(known.statistic, rel=1e-10)
    assert test.p == pytest.approx(known.pvalue, rel=1e-10)
    assert test.p_permutation == pytest.approx(test.p, abs=0.02)
    assert (test.df, test.n, test.every) == (2.0, 41, False)


def gehan(one: Intervals, other: Intervals) -> float:
    """The statistic by counting pairs whose order is certain, its variance over all assignments."""
    low, high = np.concatenate([one.low, other.low]), np.concatenate([one.high, other.high])
    size = len(low)

    def above(i: int, j: int) -> int:
        beyond = low[i] != high[i] or low[j] != high[j]
        return int(low[i] > high[j] or (beyond and low[i] >= high[j]))

    score = [sum(above(i, j) - above(j, i) for j in range(size)) for i in range(size)]
    sums = [sum(score[i] for i in chosen) for chosen in combinations(range(size), len(one))]
    return sum(score[: len(one)]) ** 2 / float(np.mean(np.square(sums)))


def test_censored_values_count_only_where_their_order_is_certain() -> None:
    one = intervals([0.05, 0.2, 0.4, 2.0, 0.3], lowest=0.1, highest=1.0)
    other = intervals([0.05, 0.6, 2.0, 3.0, 0.9, 1.0], lowest=0.1, highest=1.0)
    test = compare_intervals([one, other], seed=1)
    assert test is not None
    assert test.statistic == pytest.approx(gehan(one, other), rel=1e-10)
    assert test.every
    assert test.assignments == 462


def test_how_far_beyond_a_bound_changes_nothing() -> None:
    one, far = intervals([0.2, 5.0, 0.3], highest=1.0), intervals([0.2, 500.0, 0.3], highest=1.0)
    other = intervals([0.4, 0.5, 0.7])
    assert compare_intervals([one, other], seed=1) == compare_intervals([far, other], seed=1)


def test_nothing_to_compare() -> None:
    same = intervals([2.0, 3.0], highest=1.0)
    assert compare_intervals([same, same], seed=1) is None
    assert compare_intervals([intervals([1.0, 2.0]), intervals([None])], seed=1) is None
    with pytest.raises(InputError, match="draws"):
        compare_intervals([intervals([1.0]), intervals([2.0])], seed=1, draws=0)


@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=6), st.lists(st.integers(0, 6), min_size=2, max_size=6)
)
def test_turning_the_scale_round_changes_nothing(first: list[int], second: list[int]) -> None:
    def made(values: list[int], sign: int) -> Intervals:
        return intervals([sign * value for value in values], lowest=None if sign > 0 else -5, highest=5)

    test = compare_intervals([made(first, 1), made(second, 1)], seed=1)
    turned = compare_intervals([made(first, -1), made(second, -1)], seed=1)
    if test is None or turned is None:
        assert test is turned
    else:
        assert test.statistic == pytest.approx(turned.statistic, rel=1e-9, abs=1e-9)
        assert test.p_permutation == pytest.approx(turned.p_permutation)
        assert 0 < test.p_permutation <= 1
