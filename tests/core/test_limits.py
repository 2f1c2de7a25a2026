"""Limits of a probability: worked by hand from the transformations, and their behaviour at 0 and 1."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.limits import INTERVALS, critical, positive_limits, probability_limits
from remission.core.problems import InputError

Z = 1.959963984540054
PROBABILITY = st.floats(0.001, 0.999)
ERROR = st.floats(1e-6, 0.4)


def one(p: float, se: float, interval: str, level: float = 0.95) -> tuple[float, float]:
    low, high = probability_limits(np.array([p]), np.array([se]), interval, level)  # type: ignore[arg-type]
    return float(low[0]), float(high[0])


@given(PROBABILITY, ERROR)
def test_each_scale_is_a_wald_interval_on_its_scale(p: float, se: float) -> None:
    """Transform, step z standard errors by the delta method, transform back."""
    scales = {
        "log": (math.log, math.exp, 1 / p),
        "log-log": (
            lambda x: math.log(-math.log(x)),
            lambda y: math.exp(-math.exp(y)),
            1 / (p * math.log(p)),
        ),
        "logit": (lambda x: math.log(x / (1 - x)), lambda y: 1 / (1 + math.exp(-y)), 1 / (p * (1 - p))),
        "plain": (lambda x: x, lambda y: y, 1.0),
    }
    for name, (there, back, slope) in scales.items():
        reach = Z * se * abs(slope)
        if reach > 500:
            continue
        ends = sorted((back(there(p) - reach), back(there(p) + reach)))
        low, high = one(p, se, name)
        assert low == pytest.approx(max(ends[0], 0), rel=1e-9, abs=1e-300)
        assert high == pytest.approx(min(ends[1], 1), rel=1e-9)
    angle, reach = math.asin(math.sqrt(p)), Z * se / (2 * math.sqrt(p * (1 - p)))
    low, high = one(p, se, "arcsine")
    assert low == pytest.approx(math.sin(max(angle - reach, 0)) ** 2, abs=1e-12)
    assert high == pytest.approx(math.sin(min(angle + reach, math.pi / 2)) ** 2, abs=1e-12)


@given(PROBABILITY, ERROR, st.sampled_from(INTERVALS))
def test_limits_enclose_the_estimate_and_are_probabilities(p: float, se: float, interval: str) -> None:
    low, high = one(p, se, interval)
    assert 0 <= low <= p + 1e-12
    assert p - 1e-12 <= high <= 1


@given(PROBABILITY, ERROR)
def test_logit_and_arcsine_treat_survival_and_its_complement_alike(p: float, se: float) -> None:
    for interval in ("logit", "arcsine", "plain"):
        low, high = one(p, se, interval)
        other_low, other_high = one(1 - p, se, interval)
        assert low == pytest.approx(1 - other_high, abs=1e-9)
        assert high == pytest.approx(1 - other_low, abs=1e-9)


def test_certain_survival() -> None:
    assert one(1.0, 0.0, "plain") == (1.0, 1.0)
    assert one(1.0, 0.0, "log") == (1.0, 1.0)
    for interval in ("log-log", "logit", "arcsine"):
        assert np.isnan(one(1.0, 0.0, interval)).all()


def test_survival_zero() -> None:
    for interval in INTERVALS:
        assert np.isnan(one(0.0, float("nan"), interval)).all(), "Greenwood has no error there"
    assert one(0.0, 0.0, "plain") == (0.0, 0.0), "the robust error is 0 there"
    for interval in ("log", "log-log", "logit", "arcsine"):
        assert np.isnan(one(0.0, 0.0, interval)).all()


def test_no_error_no_width() -> None:
    for interval in INTERVALS:
        assert one(0.3, 0.0, interval) == pytest.approx((0.3, 0.3), abs=1e-15)


def test_level() -> None:
    assert critical(0.95) == pytest.approx(Z, abs=1e-12)
    assert critical(0.9) == pytest.approx(1.6448536269514722, abs=1e-12)
    wide, narrow = one(0.5, 0.1, "log-log", 0.99), one(0.5, 0.1, "log-log", 0.8)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_limits_of_a_positive_number() -> None:
    low, high = positive_limits(np.array([0.0, 2.0]), np.array([0.0, 0.5]), "log", 0.95)
    assert np.isnan([low[0], high[0]]).all()
    assert low[1] == pytest.approx(2 * math.exp(-Z * 0.25))
    assert high[1] == pytest.approx(2 * math.exp(Z * 0.25))
    low, high = positive_limits(np.array([0.1]), np.array([0.5]), "plain", 0.95)
    assert low[0] == 0
    assert high[0] == pytest.approx(0.1 + Z * 0.5)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_level_must_be_a_fraction(level: float) -> None:
    with pytest.raises(InputError, match="level must lie between 0 and 1"):
        critical(level)


def test_unknown_interval() -> None:
    with pytest.raises(InputError, match="interval must be one of plain, log, log-log, logit, arcsine"):
        one(0.5, 0.1, "loglog")
    with pytest.raises(InputError, match="plain or log"):
        positive_limits(np.array([1.0]), np.array([1.0]), "logit", 0.95)  # type: ignore[arg-type]
