"""What is done in pieces that fit the cache does not depend on where the pieces end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core import pieces
from remission.regress import products
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.fit import Fit
from remission.regress.products import combination, weighted_products, weighted_sums
from remission.regress.rankedpairs import Elements, pair_sums

SETTINGS = ["days", "real", "days in strata", "real in strata", "days with entry", "real with entry"]


def fitted(setting: str, model: str) -> Fit:
    rng = np.random.default_rng(3)
    n = 700
    X = rng.normal(size=(n, 4))
    time = rng.exponential(6 / np.exp(X @ [0.5, -0.3, 0.0, 0.2]))
    time = np.ceil(time) if "days" in setting else time
    event = rng.choice([None, "relapse", "NRM"], size=n).tolist()
    options = {}
    if "strata" in setting:
        options["stratum"] = rng.integers(0, 3, size=n)
    if "entry" in setting:
        entry = time * rng.uniform(size=n)
        early = np.where(time < 9, entry, 0.0)  # entries into an empty risk set leave Fine-Gray undefined
        options["entry"] = np.floor(entry) - 0.5 if "days" in setting else np.where(early > 1, early, 0.0)
    if model == "Cox":
        return cox(time, event, X, cause="relapse", variance="robust", **options)
    return fine_gray(time, event, X, "relapse", variant="finegray", **options)


def cut_small(monkeypatch: pytest.MonkeyPatch, fewest: int) -> None:
    """Let no piece have more columns than this."""
    monkeypatch.setattr(pieces, "CELLS", 1)
    monkeypatch.setattr(pieces, "FEWEST", fewest)
    monkeypatch.setattr(products, "MATRIX_ON_ONE_CORE", 1)
    monkeypatch.setattr(products, "VECTOR_ON_ONE_CORE", 1)
    monkeypatch.setattr(products, "FEWEST", fewest)


@pytest.mark.parametrize("model", ["Cox", "Fine-Gray"])
@pytest.mark.parametrize("setting", SETTINGS)
def test_fits_do_not_depend_on_pieces(setting: str, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fitted(setting, model)
    cut_small(monkeypatch, 7)
    assert len(list(pieces.pieces(700, 4))) == 100
    cut = fitted(setting, model)
    assert cut.data.points.crowded == whole.data.points.crowded == ("days" in setting)
    for name in ("s0", "s1", "d0", "d1", "hazard"):
        np.testing.assert_allclose(getattr(cut.at, name), getattr(whole.at, name), rtol=1e-10, atol=1e-10)
    for name in ("s10", "s11", "s20", "s21", "s22", "log_z"):
        ours, theirs = getattr(cut.at.sums, name), getattr(whole.at.sums, name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(cut.coefficients, whole.coefficients, rtol=1e-10)
    np.testing.assert_allclose(cut.variance, whole.variance, rtol=1e-10)


def test_products_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    X, Y, w, b = rng.normal(size=(3, 50)), rng.normal(size=(3, 50)), rng.normal(size=50), rng.normal(size=3)
    for fewest in (1, 7, 50, 99):
        cut_small(monkeypatch, fewest)
        np.testing.assert_allclose(combination(b, X), b @ X, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(weighted_sums(X, w), X @ w, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(weighted_products(X, w), X @ np.diag(w) @ X.T, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(weighted_products(X, w, Y), X @ np.diag(w) @ Y.T, rtol=1e-12, atol=1e-12)


elements = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 9),
        st.integers(0, 5),
        st.booleans(),
        st.sampled_from([1.0, 2.0, 0.5]),
    ),
    min_size=1,
    max_size=40,
)


@given(elements, st.sampled_from([1, 16, 1 << 16]))
def test_sums_over_pairs_are_those_of_the_double_loop(
    rows: list[tuple[int, int, int, bool, float]], cells: int
) -> None:
    stratum, time, score = (np.array([row[column] for row in rows]) for column in range(3))
    dead, weight = np.array([row[3] for row in rows]), np.array([row[4] for row in rows])
    died, same = np.where(dead, weight, 0.0), np.where(dead, 0.0, weight)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "CELLS", cells)
        ours = pair_sums(Elements(stratum, time, score, died, weight, same))
    gain, partners, tied = np.zeros(len(rows)), np.zeros(len(rows)), 0.0
    for i in np.flatnonzero(dead):
        for j in range(len(rows)):
            if stratum[i] != stratum[j] or time[i] > time[j] or (time[i] == time[j] and dead[j]):
                continue
            sign = np.sign(score[i] - score[j])
            gain[i] += sign * weight[j]
            gain[j] += sign * weight[i]
            partners[i] += weight[j]
            partners[j] += weight[i]
            tied += weight[i] * weight[j] * (sign == 0)
    np.testing.assert_allclose(ours.gain, gain, atol=1e-9)
    np.testing.assert_allclose(ours.partners, partners, atol=1e-9)
    assert ours.tied == pytest.approx(tied, abs=1e-9)
