"""Ranks and correlations of intervals: against scipy where nothing is censored, by hand where it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata, spearmanr

from remission.core.problems import InputError
from remission.response.crossresistance import cross_resistance, pooled_cross_resistance
from remission.response.intervals import Intervals, intervals, midranks, order_statistic
from remission.response.normalised import from_normalised, normalised
from remission.response.pooling import pool, pool_correlations
from remission.response.rankcorrelation import rank_correlation

NUMBERS = st.lists(st.integers(0, 6), min_size=5, max_size=14)


@given(NUMBERS, st.randoms(use_true_random=False))
def test_without_censoring_they_are_the_ordinary_ones(first: list[int], random: object) -> None:
    second = [random.randint(0, 6) for _ in first]  # type: ignore[attr-defined]
    if len(set(first)) < 2 or len(set(second)) < 2:
        return
    x, y = intervals(first), intervals(second)
    assert midranks(x) == pytest.approx(rankdata(first))
    assert rank_correlation(x, y).estimate == pytest.approx(kendalltau(first, second).statistic, abs=1e-12)
    rho = rank_correlation(x, y, statistic="spearman").estimate
    assert rho == pytest.approx(spearmanr(first, second).statistic, abs=1e-12)


def brute(x: Intervals, y: Intervals, statistic: str) -> float:
    """The definition, pair by pair."""

    def surely(one: tuple[float, float], other: tuple[float, float]) -> int:
        open_ends = one[0] != one[1] or other[0] != other[1]
        if one[0] > other[1] or (open_ends and one[0] >= other[1]):
            return 1
        if other[0] > one[1] or (open_ends and other[0] >= one[1]):
            return -1
        return 0

    n = len(x)
    a = [[surely((x.low[i], x.high[i]), (x.low[j], x.high[j])) for j in range(n)] for i in range(n)]
    b = [[surely((y.low[i], y.high[i]), (y.low[j], y.high[j])) for j in range(n)] for i in range(n)]
    if statistic == "kendall":
        product = sum(a[i][j] * b[i][j] for i in range(n) for j in range(n))
        squares = [sum(v * v for row in m for v in row) for m in (a, b)]
        return product / math.sqrt(squares[0] * squares[1])
    r = np.array([sum(row) for row in a]) / 2
    s = np.array([sum(row) for row in b]) / 2
    return float(np.corrcoef(r, s)[0, 1])


@pytest.mark.parametrize("statistic", ["kendall", "spearman"])
def test_censored_ones_and_their_jackknife_are_the_definition(statistic: str) -> None:
    rng = np.random.default_rng(5)
    common = rng.normal(size=25)
    x = intervals(common + rng.normal(size=25), lowest=-0.8, highest=0.9)
    y = intervals(common + rng.normal(size=25), lowest=-0.3, highest=1.5)
    found = rank_correlation(x, y, statistic=statistic)  # type: ignore[arg-type]
    assert found.estimate == pytest.approx(brute(x, y, statistic), abs=1e-12)
    left_out = [
        math.atanh(brute(x.at(np.arange(25) != k), y.at(np.arange(25) != k), statistic)) for k in range(25)
    ]
    error = math.sqrt(24 / 25 * sum((each - np.mean(left_out)) ** 2 for each in left_out))
    assert found.std_error == pytest.approx(error, rel=1e-9)
    assert found.low < found.estimate < found.high


@given(NUMBERS, st.floats(0.1, 100))
def test_only_the_order_matters(values: list[int], factor: float) -> None:
    x = intervals(values, lowest=1, highest=5)
    y = intervals(values[::-1], lowest=1, highest=5)
    stretched = Intervals(factor * x.low, factor * x.high)
    here, there = rank_correlation(x, y), rank_correlation(stretched, y)
    assert repr(here) == repr(there)


def test_censored_at_a_bound_are_beyond_a_value_at_the_bound() -> None:
    x = Intervals(np.array([0.0, 1.0, 5.0, 5.0]), np.array([1.0, 1.0, 5.0, math.inf]))
    assert midranks(x).tolist() == [1, 2, 3, 4]


def test_too_few_or_nothing_certain_has_no_estimate() -> None:
    assert math.isnan(rank_correlation(intervals([1, 2, 3]), intervals([1, 2, 3])).estimate)
    same = intervals([9, 9, 9, 9, 9], highest=5)
    assert math.isnan(rank_correlation(same, intervals([1, 2, 3, 4, 5])).estimate)
    perfect = rank_correlation(intervals([1, 2, 3, 4, 5]), intervals([1, 2, 3, 4, 5]))
    assert perfect.estimate == 1
    assert math.isnan(perfect.low)


def test_patients_with_nothing_known_are_left_out() -> None:
    x = intervals([1, 2, None, 4, 5, 3])
    y = intervals([2, 1, 7, 5, None, 9])
    assert rank_correlation(x, y).n == 4


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(InputError, match="statistic"):
        rank_correlation(intervals([1]), intervals([1]), statistic="pearson")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="patients"):
        rank_correlation(intervals([1]), intervals([1, 2]))
    with pytest.raises(InputError):
        Intervals(np.array([2.0]), np.array([1.0]))
    with pytest.raises(InputError, match="two drugs"):
        cross_resistance({"one": intervals([1, 2, 3, 4])})
    with pytest.raises(InputError, match="rank"):
        order_statistic(intervals([1.0]), 2)


def test_the_matrix_is_symmetric_and_its_rows_are_result_rows() -> None:
    rng = np.random.default_rng(3)
    data = {name: intervals(rng.normal(size=20), highest=1) for name in ("p", "v", "a")}
    found = cross_resistance(data)
    matrix = found.matrix()
    assert np.array_equal(matrix, matrix.T)
    assert np.all(np.diag(matrix) == 1)
    assert found.rows().height == 3
    assert found.rows()["at_risk"].to_list() == [20, 20, 20]


def test_pooling_equal_imputations_changes_nothing() -> None:
    rng = np.random.default_rng(4)
    data = {name: intervals(rng.normal(size=30)) for name in ("p", "v")}
    single = cross_resistance(data).pairs["p", "v"]
    pooled = pooled_cross_resistance([data, data, data]).pairs["p", "v"]
    assert (pooled.estimate, pooled.low, pooled.high) == pytest.approx(
        (single.estimate, single.low, single.high), abs=1e-9
    )


def test_rubins_rules_by_hand() -> None:
    found = pool([1.0, 2.0, 3.0], [0.5, 0.7, 0.6], complete_df=40)
    total = 0.6 + 4 / 3 * 1.0
    share = (4 / 3) / total
    old = 2 / share**2
    seen = 41 / 43 * 40 * (1 - share)
    assert (found.estimate, found.within, found.between) == pytest.approx((2, 0.6, 1))
    assert found.std_error == pytest.approx(math.sqrt(total))
    assert found.df == pytest.approx(1 / (1 / old + 1 / seen))
    assert found.missing_information == pytest.approx(share)


def test_pooled_correlations_stay_between_minus_one_and_one() -> None:
    found = pool_correlations([0.98, 0.99], [0.2, 0.2])
    assert -1 < found.low < found.estimate < found.high < 1
    with pytest.raises(InputError):
        pool_correlations([1.0, 0.5], [0.1, 0.1])
    with pytest.raises(InputError):
        pool([1.0], [0.1])


@given(st.floats(1e-3, 1e3), st.floats(1.5, 1e4))
def test_normalised_values_are_0_at_the_lowest_and_1_at_the_highest_dose(low: float, ratio: float) -> None:
    high = low * ratio
    ends = np.array([low, high, math.sqrt(low * high)])
    made = normalised(Intervals(ends, ends), low, high)
    assert made.low == pytest.approx([0, 1, 0.5], abs=1e-9)


def test_published_normalised_values_are_censored_beyond_0_and_1() -> None:
    made = from_normalised([-0.06, 0.0, 0.4, 1.0, 1.06, None])
    assert made.exact.tolist() == [False, True, True, True, False, False]
    assert made.known.tolist() == [True] * 5 + [False]
    back = normalised(Intervals(np.array([0.0, 10.0]), np.array([0.1, math.inf])), 0.1, 10)
    assert (back.low.tolist(), back.high.tolist()) == ([-math.inf, 1], [0, math.inf])
