"""Numbers as printed: P to two digits, dashes for what is absent, no rounding that changes a verdict."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.report import format as f

SHARES = st.floats(0, 1, allow_nan=False)


@pytest.mark.parametrize(
    ("p", "printed"),
    [
        (0.0, "<0.001"),
        (0.00099999, "<0.001"),
        (0.001, "0.0010"),
        (0.00104, "0.0010"),
        (0.0046, "0.0046"),
        (0.00996, "0.010"),
        (0.01, "0.010"),
        (0.035, "0.035"),
        (0.045, "0.045"),
        (0.046, "0.046"),
        (0.0461, "0.046"),
        (0.0496, "0.050"),
        (0.05, "0.050"),
        (0.0504, "0.050"),
        (0.0516, "0.052"),
        (0.0999, "0.10"),
        (0.1, "0.10"),
        (0.35, "0.35"),
        (0.95, "0.95"),
        (0.99, "0.99"),
        (0.991, ">0.99"),
        (0.9999, ">0.99"),
        (1.0, ">0.99"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_p_values(p: float | None, printed: str) -> None:
    assert f.p_value(p) == printed


def shown(p: float) -> float:
    """The number a reader takes from a printed P; the ends stand for what lies beyond them."""
    text = f.p_value(p)
    return {"<0.001": 0.0, ">0.99": 1.0}.get(text) if text[0] in "<>" else float(text)  # type: ignore[return-value]


@given(SHARES)
def test_p_never_rounds_across_five_per_cent(p: float) -> None:
    if p < 0.05:
        assert shown(p) <= 0.05
        assert shown(p) < 0.05 or p >= 0.0495
    else:
        assert shown(p) >= 0.05


@given(SHARES, SHARES)
def test_p_is_monotone(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert shown(low) <= shown(high)


@given(st.floats(0.001, 0.99))
def test_p_has_two_significant_digits(p: float) -> None:
    text = f.p_value(p)
    assert len(text.removeprefix("0.").lstrip("0")) == 2
    assert abs(float(text) - p) <= 0.0501 * p


@pytest.mark.parametrize(
    ("p", "printed"),
    [(0.0461, "P = 0.046"), (1e-9, "P < 0.001"), (0.999, "P > 0.99"), (None, "P not estimable")],
)
def test_p_phrases(p: float | None, printed: str) -> None:
    assert f.p_phrase(p) == printed


def test_percentages() -> None:
    def limited(estimate: float | None, low: float | None, high: float | None) -> str:
        return f.percent_styled(estimate, None, (low, high))

    def with_error(estimate: float | None, error: float | None) -> str:
        return f.percent_styled(estimate, error, (None, None), f.STANDARD_ERROR)

    assert limited(0.29702, 0.2374, 0.37163) == "29.7% (23.7–37.2)"
    assert limited(0.297, None, None) == "29.7%"
    assert limited(0.0, None, 0.12) == "0.0% (– to 12.0)"
    assert limited(None, 0.1, 0.2) == "not estimable"
    assert with_error(0.662, 0.0559) == "66.2% (SE 5.6)"
    assert with_error(0.662, None) == "66.2%"
    assert with_error(None, None) == "not estimable"


@given(st.floats(1e-12, 1e3), st.integers(0, 3))
def test_a_standard_error_that_is_not_0_is_not_printed_as_0(value: float, decimals: int) -> None:
    text = f.error(value, decimals)
    assert float(text) > 0
    assert len(text.partition(".")[2]) >= decimals
    assert f.percent_styled(0.5, 0.0002, (None, None), f.STANDARD_ERROR) == "50.0% (SE 0.02)"


@given(st.floats(0, 1e7))
def test_expected_counts_are_written_as_counts_are(value: float) -> None:
    text = f.count(value, 1)
    assert float(text.replace(",", "")) == float(f"{value:.1f}")
    assert all(len(part) == 3 for part in text.partition(".")[0].split(",")[1:])


@given(SHARES, SHARES)
def test_percentages_are_monotone(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert float(f.percent(low)[:-1]) <= float(f.percent(high)[:-1])


@given(st.floats(-1, 1), st.integers(0, 4))
def test_no_negative_zero_and_true_minus(value: float, decimals: int) -> None:
    text = f.fixed(value, decimals)
    assert "-" not in text
    assert not (text.startswith(f.MINUS) and float(text[1:]) == 0)
    assert abs(float(text.replace(f.MINUS, "-")) - value) <= 0.5 * 10**-decimals + 1e-12


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_limits_of_differences_are_readable(one: float, two: float) -> None:
    low, high = sorted((one, two))
    text = f.limits(low, high)
    assert (" to " in text) == (low < 0)


@given(st.tuples(*[st.floats(1e-3, 1e6)] * 3))
def test_ranges_have_one_number_of_decimals_and_keep_two_digits_of_the_median(
    three: tuple[float, ...],
) -> None:
    low, middle, high = sorted(three)
    text = f.measured_range(middle, low, high)
    numbers = [part.replace(",", "") for part in re.split(r" \(|–|\)", text)[:3]]
    counted = low.is_integer() and high.is_integer() and (2 * middle).is_integer()
    decimals = [len(part.partition(".")[2]) for part in numbers]
    assert decimals[1:] == ([0, 0] if counted else decimals[:1] * 2)
    assert abs(float(numbers[0]) - middle) <= max(0.05 * middle, 0.00005)


def test_the_range_of_whole_numbers_is_whole_and_a_median_may_lie_between_two() -> None:
    assert f.measured_range(22.5, 15, 42) == "22.5 (15–42)"
    assert f.measured_range(0.5, 0, 1) == "0.5 (0–1)"
    assert f.measured_range(22.3, 15, 42) == "22.3 (15.0–42.0)"
    assert f.measured_range(1000.5, 3, 2616) == "1000 (3–2616)"


def test_years_have_no_commas() -> None:
    assert f.measured_range(2010.5, 2007, 2017) == "2010 (2007–2017)"
    assert f.measured_range(25000, 9000, 130000) == "25,000 (9,000–130,000)"
    assert f.measured_range(0.0, -2.5, 3.0) == "0.00 (−2.50 to 3.00)"
    assert f.count(15903) == "15,903"


def test_times_and_counts() -> None:
    assert f.elapsed(0.42, "years") == "0.42 years"
    assert f.elapsed(372.4, "days") == "372 days"
    assert f.elapsed(None, "years") == "–"
    assert f.plural(1, "death") == "1 death"
