"""Adjustment of p-values against R's p.adjust."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.adjust import ADJUSTMENTS, adjusted
from remission.core.problems import InputError

P = [0.01, 0.02, 0.03, 0.04, 0.05, 0.005, 0.9, 0.03]
# p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05, 0.005, 0.9, 0.03), ...) in R 4.2.2
R = {
    "holm": [0.07, 0.12, 0.15, 0.15, 0.15, 0.04, 0.9, 0.15],
    "bh": [0.04, 0.048, 0.048, 0.05333333333333334, 0.05714285714285714, 0.04, 0.9, 0.048],
    "bonferroni": [0.08, 0.16, 0.24, 0.32, 0.40, 0.04, 1.0, 0.24],
    "none": P,
}
probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_as_r(method: str) -> None:
    np.testing.assert_allclose(adjusted(P, method), R[method], rtol=1e-12)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_unknown_p_stays_unknown_and_is_not_counted(method: str) -> None:
    with_gaps = [None, *P[:4], float("nan"), *P[4:]]
    answer = adjusted(with_gaps, method)  # type: ignore[arg-type]
    assert np.isnan(answer[[0, 5]]).all()
    np.testing.assert_array_equal(answer[[1, 2, 3, 4, 6, 7, 8, 9]], adjusted(P, method))  # type: ignore[arg-type]


def test_nothing_known() -> None:
    assert len(adjusted([])) == 0
    assert np.isnan(adjusted([None, None])).all()


@given(probabilities)
def test_laws(p: list[float]) -> None:
    raw, holm, bh, bonferroni = (adjusted(p, method) for method in ("none", "holm", "bh", "bonferroni"))
    assert (raw <= bh).all()
    assert (bh <= holm + 1e-15).all()
    assert (holm <= bonferroni).all()
    assert bonferroni.max() <= 1
    order = np.argsort(raw, kind="stable")
    for answer in (holm, bh, bonferroni):
        assert (np.diff(answer[order]) >= 0).all()
    for value in set(p):
        equal = np.flatnonzero(raw == value)
        assert len({holm[i] for i in equal}) == 1
        assert len({bh[i] for i in equal}) == 1


@given(probabilities, st.randoms())
def test_order_does_not_matter(p: list[float], random: object) -> None:
    order = list(range(len(p)))
    random.shuffle(order)  # type: ignore[attr-defined]
    for method in ADJUSTMENTS:
        np.testing.assert_array_equal(adjusted(p, method)[order], adjusted([p[i] for i in order], method))


@pytest.mark.parametrize("p", [[1.2], [-0.1, 0.5]])
def test_no_probability(p: list[float]) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        adjusted(p)


def test_unknown_method() -> None:
    with pytest.raises(InputError, match="choose one of holm"):
        adjusted([0.5], "sidak")  # type: ignore[arg-type]
