"""Gray's test does not depend on where the pieces of time end that it is computed in."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core import pieces
from remission.estimate.gray import ALL_GONE, gray
from remission.events.count import event_table


@pytest.mark.parametrize("rho", [0.0, 1.0])
@pytest.mark.parametrize("whole_days", [True, False])
def test_the_same_in_pieces(rho: float, whole_days: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    group = rng.integers(0, 3, size=300)
    time = rng.exponential(20 + 10 * group)
    event = rng.choice([None, "relapse", "NRM"], size=300, p=[0.2, 0.4, 0.4]).tolist()
    table = event_table(
        np.ceil(time) if whole_days else time, event, group=group, stratum=group % 2 + 1 * (time > 9)
    )
    whole = gray(table, "relapse", rho)
    monkeypatch.setattr(pieces, "CELLS", 1)
    cut = gray(table, "relapse", rho)
    assert whole.computable
    assert cut.statistic == pytest.approx(whole.statistic, rel=1e-11)
    np.testing.assert_allclose(cut.variance, whole.variance, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(cut.expected, whole.expected, rtol=1e-12)
    np.testing.assert_array_equal(cut.events, whole.events)


@pytest.mark.parametrize("fewest", [1, 2, 3])
def test_an_incidence_that_reaches_one_is_seen_in_any_piece(
    fewest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "CELLS", 1)
    monkeypatch.setattr(pieces, "FEWEST", fewest)
    table = event_table([1, 2, 3, 4, 5, 6, 7, 8], [True] * 8, group=list("AAAABCCB"))
    assert gray(table, "event").reason == ALL_GONE


@pytest.mark.parametrize("fewest", [1, 2, 5])
def test_small_tables_with_ties_in_tiny_pieces(fewest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    tables = []
    for _ in range(40):
        time, group = rng.integers(0, 8, size=25), rng.integers(0, 3, size=25)
        event = rng.choice([None, "relapse", "NRM"], size=25).tolist()
        tables.append(
            event_table(time, event, group=group, causes=["relapse", "NRM"], levels=["0", "1", "2"])
        )
    whole = [gray(table, "relapse", 0.5) for table in tables]
    monkeypatch.setattr(pieces, "CELLS", 1)
    monkeypatch.setattr(pieces, "FEWEST", fewest)
    cut = [gray(table, "relapse", 0.5) for table in tables]
    assert sum(test.computable for test in whole) > 20
    for ours, theirs in zip(cut, whole, strict=True):
        assert ours.reason == theirs.reason
        if theirs.computable:
            assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-9)
