"""Standardised differences: by hand, and by their laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from remission.study.kinds.standardised_difference import (
    categorical_smd,
    largest_categorical_smd,
    largest_numeric_smd,
    numeric_smd,
)

numbers = st.lists(st.integers(-50, 50).map(float), min_size=2, max_size=15).map(np.array)
counts = st.lists(st.integers(0, 20), min_size=2, max_size=5).map(
    lambda values: np.array(values, dtype=float)
)


def test_by_hand() -> None:
    first, second = np.array([1.0, 2, 3, 4]), np.array([3.0, 5, 7])
    assert numeric_smd(first, second) == pytest.approx(2.5 / np.sqrt((5 / 3 + 4) / 2))
    p, q = 0.3, 0.6
    expected = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    assert categorical_smd(np.array([3.0, 7]), np.array([6.0, 4])) == pytest.approx(expected)


def test_three_levels_by_the_formula_of_yang_and_dalton() -> None:
    first, second = np.array([10.0, 20, 30]), np.array([25.0, 15, 10])
    p, q = first / first.sum(), second / second.sum()
    kept = slice(1, None)
    covariance = lambda share: np.diag(share[kept]) - np.outer(share[kept], share[kept])  # noqa: E731
    spread = (covariance(p) + covariance(q)) / 2
    gap = p[kept] - q[kept]
    assert categorical_smd(first, second) == pytest.approx(np.sqrt(gap @ np.linalg.solve(spread, gap)))


def test_no_scale_to_measure_with() -> None:
    assert numeric_smd(np.array([1.0, 1]), np.array([2.0, 2])) is None
    assert numeric_smd(np.array([1.0, 1]), np.array([1.0, 1])) == 0.0
    assert numeric_smd(np.array([1.0]), np.array([2.0, 3])) is None
    assert categorical_smd(np.array([5.0, 0]), np.array([0.0, 5])) is None
    assert categorical_smd(np.array([5.0, 0]), np.array([7.0, 0])) == 0.0
    assert categorical_smd(np.array([0.0, 0]), np.array([1.0, 1])) is None


def test_the_largest_pair_is_shown_and_an_unknown_pair_hides_it() -> None:
    groups = [np.array([1.0, 2, 3]), np.array([2.0, 3, 4]), np.array([5.0, 6, 7])]
    assert largest_numeric_smd(groups) == pytest.approx(4.0)
    assert largest_numeric_smd([*groups, np.array([1.0])]) is None
    table = np.array([[5.0, 5, 8], [5.0, 5, 2]])
    assert largest_categorical_smd(table) == pytest.approx(categorical_smd(table[:, 0], table[:, 2]))
    assert largest_numeric_smd(groups[:1]) is None


@given(numbers, numbers, st.integers(-9, 9), st.sampled_from([-4.0, 0.5, 3.0]))
def test_numbers_may_be_shifted_scaled_and_exchanged(
    first: np.ndarray, second: np.ndarray, shift: int, scale: float
) -> None:
    smd = numeric_smd(first, second)
    assert numeric_smd(second, first) == smd
    changed = numeric_smd(scale * first + shift, scale * second + shift)
    assert (changed is None) == (smd is None)
    if smd is not None and changed is not None:
        assert changed == pytest.approx(smd, abs=1e-9)


@given(counts, st.data())
def test_levels_may_be_reordered_and_groups_exchanged(first: np.ndarray, data: st.DataObject) -> None:
    second = np.array(
        data.draw(st.lists(st.integers(0, 20), min_size=len(first), max_size=len(first))), dtype=float
    )
    assume(first.sum() > 0 and second.sum() > 0)
    order = data.draw(st.permutations(range(len(first))))
    smd, again, other = (
        categorical_smd(first, second),
        categorical_smd(first[order], second[order]),
        categorical_smd(second, first),
    )
    assert (again is None) == (smd is None) == (other is None)
    if smd is not None:
        assert again == pytest.approx(smd, abs=1e-6)
        assert other == pytest.approx(smd, abs=1e-6)


@given(counts, st.integers(1, 4))
def test_equal_proportions_have_no_difference(first: np.ndarray, times: int) -> None:
    assume(first.sum() > 0)
    assert categorical_smd(first, times * first) == pytest.approx(0.0, abs=1e-7)
