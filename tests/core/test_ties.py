"""Tied times: the tolerance, and that counting days without sorting changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from remission.core import ties
from remission.core.ties import TOLERANCE, distinct

DAYS = arrays(np.int64, st.integers(0, 60), elements=st.integers(-50, 4000))


def by_definition(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sorted, a new time begins wherever the gap to the one before is too large."""
    order = np.argsort(times, kind="stable")
    values: list[float] = []
    index = np.empty(len(times), dtype=int)
    for place, row in enumerate(order):
        now, last = times[row], times[order[place - 1]]
        if place == 0 or now - last > TOLERANCE * max(abs(now), abs(last)):
            values.append(now)
        index[row] = len(values) - 1
    return np.array(values), index


@given(DAYS, st.sampled_from([1.0, 30.4, 30.4375, 365.25, 364.8, 7.0, 3.7]), st.sampled_from([None, 1, 2, 4]))
def test_days_in_any_unit(days: np.ndarray, per_unit: float, decimals: int | None) -> None:
    times = days / per_unit
    if decimals is not None:
        times = np.round(times, decimals)
    values, index = distinct(times)
    expected = by_definition(times)
    np.testing.assert_array_equal(values, expected[0])
    np.testing.assert_array_equal(index, expected[1])


@given(arrays(np.float64, st.integers(0, 40), elements=st.floats(-1e6, 1e6)), st.data())
def test_real_times_with_near_ties(times: np.ndarray, data: st.DataObject) -> None:
    shifts = data.draw(arrays(np.float64, len(times), elements=st.sampled_from([0.0, 1e-12, 1e-9, 3e-8])))
    both = np.concatenate([times, times * (1 + shifts)])
    values, index = distinct(both)
    expected = by_definition(both)
    np.testing.assert_array_equal(values, expected[0])
    np.testing.assert_array_equal(index, expected[1])


def test_nearly_equal_whole_days_are_tied() -> None:
    values, index = distinct(np.array([5.0, 5.0 + 1e-9, 7.0, 5.0]))
    assert values.tolist() == [5.0, 7.0]
    assert index.tolist() == [0, 0, 1, 0]


def test_large_whole_numbers_may_be_tied() -> None:
    """The rule is relative: at 10^8 days one day is less than the tolerance."""
    values, _ = distinct(np.array([1e8, 1e8 + 1, 1e8 + 10]))
    assert values.tolist() == [1e8, 1e8 + 10]


@pytest.mark.parametrize("per_unit", [1.0, 30.4, 365.25])
def test_whole_days_are_not_sorted(per_unit: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def sort(times: np.ndarray) -> None:
        raise AssertionError("sorted")

    monkeypatch.setattr(ties, "_sorted", sort)
    times = np.array([365, 1, 365, 40, 2]) / per_unit
    values, index = distinct(times)
    np.testing.assert_array_equal(values[index], times)


def test_two_times_in_one_box_are_kept_apart() -> None:
    times = np.array([1.0, 1.0004, 2.0, 3.0])
    values, index = distinct(times)
    assert values.tolist() == [1.0, 1.0004, 2.0, 3.0]
    assert index.tolist() == [0, 1, 2, 3]
