"""The LC50 as an interval: by hand, and by laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.response.area import fitted_auc, observed_auc
from remission.response.crossing import lc50
from remission.response.logistic import survival_at

CURVES = st.lists(st.floats(0, 150), min_size=2, max_size=8)
ABOVE = st.lists(st.floats(50.001, 150), min_size=1, max_size=6)
RULES = st.sampled_from(["first", "last"])
SCALES = st.sampled_from(["log", "linear"])


def doses(count: int) -> np.ndarray:
    return 0.01 * 4.0 ** np.arange(count)


def test_by_hand_on_log_and_linear_dose() -> None:
    log = lc50([1, 10, 100], [90, 70, 20], unit="µg/mL")
    assert (log.low, log.high, log.censoring) == (10, 100, "bracketed")
    assert log.value == pytest.approx(10 ** (1 + 20 / 50), rel=1e-14)
    linear = lc50([1, 10, 100], [90, 70, 20], scale="linear")
    assert linear.value == pytest.approx(10 + 90 * 20 / 50, rel=1e-14)
    assert log.method == "interpolated, log dose, first crossing"
    assert str(log) == "25.12 µg/mL"


def test_censored_at_either_end_and_never_a_number() -> None:
    above, below = lc50([1, 10], [99, 51]), lc50([1, 10], [49, 3])
    assert (above.value, above.low, above.high, str(above)) == (None, 10, math.inf, "> 10")
    assert (below.value, below.low, below.high, str(below)) == (None, 0, 1, "< 1")


def test_exactly_half_is_the_dose_itself() -> None:
    assert lc50([1, 10], [80, 50]).value == 10
    assert lc50([1, 10], [80, 50]).censoring == "bracketed"
    at_lowest = lc50([1, 10], [50, 20])
    assert (at_lowest.value, at_lowest.low, at_lowest.high) == (1, 1, 1)


def test_first_and_last_crossing_of_a_curve_that_is_not_monotone() -> None:
    x, y = [1, 2, 4, 8, 16], [90, 40, 60, 55, 10]
    first, last = lc50(x, y), lc50(x, y, rule="last")
    assert (first.low, first.high, first.crossings) == (1, 2, 3)
    assert (last.low, last.high) == (8, 16)
    assert lc50([1, 2, 4], [90, 40, 60], rule="last").censoring == "right"
    assert lc50([1, 2, 4], [40, 60, 20]).censoring == "left"
    assert lc50([1, 2, 4], [40, 60, 20], rule="last").low == 2


def test_other_levels_and_replicates() -> None:
    assert lc50([1, 1, 10], [90, 100, 20], at=30).value == pytest.approx(10 ** (65 / 75))


@pytest.mark.parametrize(
    ("dose", "survival"),
    [([], []), ([0, 1], [90, 10]), ([-1, 1], [90, 10]), ([1, 2], [90, math.nan]), ([1, 2], [90])],
)
def test_what_is_no_curve_is_refused(dose: list[float], survival: list[float]) -> None:
    with pytest.raises(InputError):
        lc50(dose, survival)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(InputError, match="scale"):
        lc50([1, 2], [90, 10], scale="logarithmic")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="rule"):
        lc50([1, 2], [90, 10], rule="middle")  # type: ignore[arg-type]


@given(CURVES, RULES, SCALES)
def test_the_interval_holds_the_value(survival: list[float], rule: str, scale: str) -> None:
    found = lc50(doses(len(survival)), survival, rule=rule, scale=scale)  # type: ignore[arg-type]
    assert (found.value is None) == (found.censoring != "bracketed")
    if found.value is not None:
        assert found.low <= found.value <= found.high
        assert doses(len(survival))[0] <= found.value <= doses(len(survival))[-1]


@given(CURVES, RULES, st.floats(1e-6, 1e6))
def test_another_unit_scales_the_lc50(survival: list[float], rule: str, factor: float) -> None:
    here = lc50(doses(len(survival)), survival, rule=rule)  # type: ignore[arg-type]
    there = lc50(factor * doses(len(survival)), survival, rule=rule)  # type: ignore[arg-type]
    assert there.censoring == here.censoring
    assert there.low == pytest.approx(factor * here.low, rel=1e-12)
    if here.value is not None:
        assert there.value == pytest.approx(factor * here.value, rel=1e-9)


@given(CURVES, st.floats(0, 150), st.floats(2, 1e4))
def test_a_dose_far_above_never_moves_a_bracketed_first_crossing(
    survival: list[float], more: float, far: float
) -> None:
    x = doses(len(survival))
    here = lc50(x, survival)
    there = lc50([*x, far * x[-1]], [*survival, more])
    if here.censoring != "right":
        assert (there.value, there.low, there.high, there.censoring) == (
            here.value,
            here.low,
            here.high,
            here.censoring,
        )
    else:
        assert there.low >= here.low


@given(ABOVE, ABOVE)
def test_more_doses_without_effect_below_never_bracket_what_is_above(
    survival: list[float], lower: list[float]
) -> None:
    x = doses(len(survival))
    more = x[0] / 4.0 ** np.arange(1, len(lower) + 1)
    there = lc50([*more, *x], [*lower, *survival])
    assert (there.censoring, there.low) == ("right", x[-1])


@given(CURVES, RULES, st.randoms(use_true_random=False))
def test_the_order_of_wells_does_not_matter(survival: list[float], rule: str, random: object) -> None:
    x = np.repeat(doses(len(survival)), 2)
    y = np.repeat(survival, 2) + np.tile([-0.5, 0.5], len(survival))
    order = list(range(len(x)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert lc50(x[order], y[order], rule=rule) == lc50(x, y, rule=rule)  # type: ignore[arg-type]


def test_areas_by_hand() -> None:
    x, y = np.array([1.0, 10, 100]), np.array([100.0, 60, 0])
    assert observed_auc(x, y) == pytest.approx((80 + 30) / 2)
    assert observed_auc(x, y, 10, 100) == pytest.approx(30)
    assert observed_auc(x, y, np.sqrt(10), 10) == pytest.approx(70)
    assert math.isnan(observed_auc(x, y, 0.1, 10))
    assert math.isnan(observed_auc(x[:1], y[:1]))


@given(st.floats(60, 140), st.floats(0, 55), st.floats(-3, 3), st.floats(0.2, 8))
def test_the_fitted_area_is_the_integral(top: float, bottom: float, middle: float, slope: float) -> None:
    parameters = np.array([top, bottom, middle, slope])
    x = np.linspace(-2, 2, 20001)
    y = survival_at(x, parameters)
    integral = float(np.sum((y[1:] + y[:-1]) / 2 * np.diff(x))) / 4
    assert float(fitted_auc(parameters, np.array(-2.0), np.array(2.0))) == pytest.approx(integral, abs=1e-4)
