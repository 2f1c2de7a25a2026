"""Step functions read and integrated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.steps import areas_until, last_at, next_at, value_at

TIMES = st.lists(st.integers(-5, 40), unique=True, max_size=12).map(sorted)


@given(TIMES, st.lists(st.floats(-10, 50), min_size=1, max_size=8), st.floats(-1, 1))
def test_reading_is_a_loop(times: list[int], at: list[float], before: float) -> None:
    values = np.arange(len(times), dtype=float) + 10
    for asked, last, later, value in zip(
        at,
        last_at(np.array(times), at),
        next_at(np.array(times), at),
        value_at(times, values, at, before),
        strict=True,
    ):
        assert last == sum(time <= asked for time in times) - 1
        assert later == sum(time < asked for time in times)
        assert value == (values[last] if last >= 0 else before)


def test_a_time_within_the_tolerance_is_that_time() -> None:
    """A year written with nine digits finds the step of the day it came from, from either side."""
    times = np.array([1 / 3])
    assert last_at(times, 0.333333333).item() == 0
    assert next_at(times, 0.333333334).item() == 0
    assert last_at(times, 0.3333).item() == -1


@given(TIMES, st.integers(-10, 60))
def test_area_is_a_sum_of_rectangles(times: list[int], until: int) -> None:
    values = np.array([0.9**place for place in range(len(times))])
    areas = areas_until(np.array(times, dtype=float), values, until)
    for first in range(len(times)):
        whole = range(times[first], until)
        expected = sum(values[sum(time <= day for time in times) - 1] for day in whole)
        assert areas[first] == pytest.approx(expected, abs=1e-12)
