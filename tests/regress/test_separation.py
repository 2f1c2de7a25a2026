"""Data without a maximum, or too small for a test: said in words, never a crash or a made-up number."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.regress.cox import cox
from remission.regress.firth import firth
from remission.regress.proportionality import proportionality


@pytest.mark.parametrize("seed", range(30))
def test_small_and_separated_data(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(6, 25))
    x = np.column_stack([rng.normal(60, 20, size), rng.integers(0, 2, size), rng.integers(0, 2, size)])
    time = np.ceil(rng.exponential(100, size))
    if seed % 3 == 0:
        time = np.ceil(1000 - x[:, 0] * 5)  # the first covariate orders the deaths perfectly
    died = rng.uniform(size=size) < 0.4
    try:
        fit = cox(time, died, x)
    except InputError:
        return  # no events, or a covariate without variation: refused by name
    assert fit.optimum.converged or fit.warnings
    assert fit.rows().height == 3
    if fit.warnings:
        penalised = firth(fit)
        assert np.isfinite(penalised.coefficients).all()
        # a profile that cannot be followed has no limit
        for low, estimate, high in zip(penalised.low, penalised.coefficients, penalised.high, strict=True):
            assert np.isnan(low) or low <= estimate
            assert np.isnan(high) or estimate <= high
    for test in proportionality(fit).tests:
        assert np.isnan(test.p) or 0 <= test.p <= 1


def test_separation_is_found_wherever_a_covariate_orders_the_deaths() -> None:
    time = np.arange(1.0, 21.0)
    fit = cox(time, np.ones(20, dtype=bool), {"score": -time * 100})
    assert "no maximum: score" in fit.warnings[0]
