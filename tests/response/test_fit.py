"""Four-parameter fits: truth recovered, equal answers, honest silence, and coverage of limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import stdtrit

from remission.core.problems import InputError
from remission.response.fit import fit_curves
from remission.response.logistic import Bounds, log_dose_at, survival_at

DOSES = np.geomspace(0.01, 100, 9)


@settings(max_examples=40)
@given(st.floats(80, 130), st.floats(0, 30), st.floats(-1, 1), st.floats(0.5, 4))
def test_exact_curves_are_recovered(top: float, bottom: float, middle: float, slope: float) -> None:
    truth = np.array([top, bottom, middle, slope])
    fit = fit_curves([DOSES], [survival_at(np.log10(DOSES), truth)])[0]
    assert fit is not None
    assert fit.parameters == pytest.approx(truth, rel=2e-3, abs=0.05)
    if bottom < 45:
        assert fit.log_ic50 == pytest.approx(log_dose_at(50, truth), abs=1e-3)


def test_wells_in_any_order_and_company_give_the_same_fit() -> None:
    rng = np.random.default_rng(1)
    curves = [survival_at(np.log10(DOSES), np.array([100, 5, m, 1.2])) for m in (-1, 0, 1)]
    noisy = [curve + rng.normal(0, 4, len(DOSES)) for curve in curves]
    together = fit_curves([DOSES] * 3, noisy)
    order = rng.permutation(len(DOSES))
    alone = fit_curves([DOSES[order]], [noisy[1][order]])
    assert alone[0] == together[1]


def test_another_unit_shifts_the_fit() -> None:
    rng = np.random.default_rng(2)
    y = survival_at(np.log10(DOSES), np.array([100, 5, 0.3, 1.2])) + rng.normal(0, 4, len(DOSES))
    here, there = fit_curves([DOSES, 1000 * DOSES], [y, y])
    assert here is not None
    assert there is not None
    assert there.log_ic50 - here.log_ic50 == pytest.approx(3, abs=1e-4)
    assert there.std_error_ic50 == pytest.approx(here.std_error_ic50, rel=1e-2)


def test_no_limits_where_they_would_not_be_honest() -> None:
    flat, steep, few = fit_curves(
        [DOSES, DOSES, DOSES[:4]],
        [np.full(9, 98.0), np.where(DOSES < 1, 100.0, 0.0), np.array([99.0, 90, 40, 10])],
    )
    assert flat is not None
    assert np.isnan(flat.log_ic50)
    assert np.isnan(flat.std_error_ec50)
    assert "no limits" in flat.note
    assert steep is not None
    assert np.isnan(steep.std_error_ic50)
    assert "slope at its bound" in steep.note
    assert few is None


def test_a_rising_curve_is_not_fitted_as_falling() -> None:
    fit = fit_curves([DOSES], [np.linspace(60, 140, 9)])[0]
    assert fit is not None
    assert fit.bottom <= fit.top
    assert fit.top - fit.bottom < 1


def test_bounds_that_are_none_are_refused() -> None:
    with pytest.raises(InputError):
        Bounds(top=(120, 80))
    with pytest.raises(InputError):
        Bounds(slope=(0, 3))
    with pytest.raises(InputError):
        Bounds(beyond=-1)


@pytest.mark.slow
@pytest.mark.parametrize("bottom", [0.0, 10.0])
def test_limits_of_the_ic50_cover_the_truth(bottom: float) -> None:
    """95 % limits over 2,000 curves in duplicate; a bottom of 0 lies at its bound in half of them."""
    rng = np.random.default_rng(20260101)
    truth = np.array([100.0, bottom, 0.2, 1.1])
    x = np.repeat(DOSES, 2)
    curves = [survival_at(np.log10(x), truth) + rng.normal(0, 6, len(x)) for _ in range(2000)]
    fits = [fit for fit in fit_curves([x] * len(curves), curves) if fit is not None]
    told = [fit for fit in fits if np.isfinite(fit.std_error_ic50)]
    reach = np.array([stdtrit(fit.df, 0.975) * fit.std_error_ic50 for fit in told])
    off = np.array([fit.log_ic50 for fit in told]) - log_dose_at(50, truth)
    covered = float(np.mean(np.abs(off) <= reach))
    assert len(told) > 0.95 * len(fits)
    assert 0.93 <= covered <= 0.97
    assert abs(float(off.mean())) < 0.01
