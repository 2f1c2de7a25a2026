"""Gray's test written out row by row in fractions, by hand on four patients, and at its edges."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.estimate.gray import ALL_GONE, NO_CAUSE, NO_OVERLAP, ONE_GROUP, gray
from remission.estimate.logrank import logrank
from remission.events.count import event_table

CAUSES = {1: "relapse", 2: "NRM"}


def in_fractions(
    time: list[int], cause: list[int], group: list[int], groups: int
) -> tuple[list[Fraction], list[list[Fraction]]]:
    """Score and variance of one stratum, rho = 0, patient by patient: slow and exact."""
    one, none = Fraction(1), Fraction(0)
    everyone = list(zip(time, cause, group, strict=True))
    S, F, free = [one] * groups, [none] * groups, one
    z = [none] * groups
    c = [[none] * groups for _ in range(groups)]
    steps = []
    for t in sorted({moment for moment, what, _ in everyone if what}):
        n = [sum(moment >= t and g == i for moment, _, g in everyone) for i in range(groups)]
        d = [sum((moment, what, g) == (t, 1, i) for moment, what, g in everyone) for i in range(groups)]
        o = [sum((moment, what, g) == (t, 2, i) for moment, what, g in everyone) for i in range(groups)]
        h = [n[i] / S[i] if n[i] else none for i in range(groups)]
        R = [h[i] * (1 - F[i]) for i in range(groups)]
        T, D, before = sum(h, none), sum(d), list(S)
        a = [[h[i] * ((i == j) - h[j] / T) for j in range(groups)] for i in range(groups)]
        for i, j in product(range(groups), repeat=2):
            if a[i][j]:
                c[i][j] += a[i][j] * D / (T * free)
        for i in range(groups):
            z[i] += d[i] - D * R[i] / sum(R, none)
            if n[i]:
                F[i] += S[i] * d[i] / n[i]
                S[i] *= Fraction(n[i] - d[i] - o[i], n[i])
        free -= D / T
        steps.append((n, o, D, T, before, list(S), free, a, [list(row) for row in c]))
    V = [[none] * groups for _ in range(groups)]
    for n, o, D, T, before, after, free_now, a, c_now in steps:
        for k in range(groups):
            later = [c[i][k] - c_now[i][k] for i in range(groups)]
            if D and n[k]:
                s = 1 - free_now / after[k] if after[k] else one
                theta = 1 - (D - 1) / (T * before[k] - 1) if D > 1 else one
                x = theta * before[k] * D / (T * n[k])
                u = [a[i][k] + s * later[i] for i in range(groups)]
                for i, j in product(range(groups), repeat=2):
                    V[i][j] += x * u[i] * u[j]
            if o[k] and after[k]:
                tie = 1 - Fraction(o[k] - 1, n[k] - 1) if o[k] > 1 else one
                x = tie * o[k] * (before[k] * (free_now / after[k]) / n[k]) ** 2
                for i, j in product(range(groups), repeat=2):
                    V[i][j] += x * later[i] * later[j]
    return z, V


rows = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 2), st.integers(0, 2)), min_size=4, max_size=25)


@settings(max_examples=200, deadline=None)
@given(rows)
def test_score_and_variance_in_fractions(patients: list[tuple[int, int, int]]) -> None:
    time, cause, group = (list(column) for column in zip(*patients, strict=True))
    table = event_table(time, cause, causes=CAUSES, group=[str(g) for g in group], levels=["0", "1", "2"])
    test = gray(table, "relapse")
    if test.reason == ALL_GONE:
        return
    score, variance = in_fractions(time, cause, group, 3)
    np.testing.assert_allclose(test.observed - test.expected, [float(x) for x in score], atol=1e-12)
    scale = 1e-12 + np.abs(test.variance).max()
    exact = np.array([[float(x) for x in row] for row in variance])
    np.testing.assert_allclose(test.variance / scale, exact / scale, atol=1e-11)


def test_by_hand() -> None:
    # A: NRM at 1, relapse at 2. B: relapse at 3, censored at 4. At 2: h_A = 1/(1/2) = 2, h_B = 2,
    # F_A(-) = F_B(-) = 0, so R_A/R = 1/2. At 3 only B is left. Score of A: 1 - 1/2.
    table = event_table([1, 2, 3, 4], [2, 1, 1, 0], causes=CAUSES, group=list("AABB"))
    test = gray(table, "relapse")
    assert list(test.observed) == [1, 1]
    assert test.expected == pytest.approx([0.5, 1.5])
    # a_AA = 2 (1 - 2/4) = 1 at 2, a_AB = -1, and c is complete there, so nothing remains.
    # Variance: x_A = S_A(-) D/(T n_A) = (1/2)/(4 x 1), x_B = 1/(4 x 2): 1/8 + 1/8. At 1 the competing death
    # of A: s' = 1/(1/2) = 2, x' = 1/4, c_AA still to come = 1 x 1/4 (D/T with 1 - F0(-) = 1): 1/4 x 4 x 1/16.
    assert test.variance[0, 0] == pytest.approx(1 / 4 + 1 / 16)
    assert test.statistic == pytest.approx(0.25 / 0.3125)


def test_rows_and_names() -> None:
    table = event_table([1, 2, 3, 4], [2, 1, 1, 0], causes=CAUSES, group=list("AABB"))
    rows = gray(table, "relapse").rows()
    assert rows["measure"].to_list() == ["Gray"] * 3
    assert rows["cause"].to_list() == ["relapse"] * 3
    assert rows["estimate"].to_list() == [None, 0.5, 1.5]
    assert gray(table, "relapse", 1).name == "Gray (rho 1)"
    assert gray(table, "relapse", 1).rows()["estimate"].null_count() == 3


def small(**changes: Any) -> dict[str, Any]:
    """Eight patients in two groups."""
    arguments: dict[str, Any] = {
        "time": [1, 2, 3, 4, 5, 6, 7, 8],
        "event": [1, 2, 1, 0, 1, 1, 2, 0],
        "causes": CAUSES,
        "group": list("ABABABAB"),
    }
    return arguments | changes


def test_an_empty_group_is_left_out() -> None:
    alone = gray(event_table(**small()), "relapse")
    empty = gray(event_table(**small(levels=["A", "Z", "B"])), "relapse")
    assert (empty.statistic, empty.df) == (pytest.approx(alone.statistic), 1)
    assert list(empty.n) == [4, 0, 4]


def test_a_stratum_without_events_or_with_one_group_adds_nothing() -> None:
    alone = gray(event_table(**small(stratum=[1] * 8)), "relapse")
    more = small(
        time=[*small()["time"], 1, 2, 1, 2],
        event=[*small()["event"], 0, 0, 1, 2],
        group=[*small()["group"], "A", "B", "A", "A"],
        stratum=[*[1] * 8, 2, 2, 3, 3],
    )
    test = gray(event_table(**more), "relapse")
    assert test.statistic == pytest.approx(alone.statistic)
    assert test.stratified
    assert not alone.stratified


def test_one_event() -> None:
    # h: 2 and 1, D = 1: score 1 - 2/3; a_AA = 2/3, no later; x_A = 1/(3 x 2), x_B = 1/3: 4/9 (1/6 + 1/3)
    test = gray(event_table([1, 2, 2], [1, 0, 0], causes=CAUSES, group=list("AAB")), "relapse")
    assert test.statistic == pytest.approx((1 / 3) ** 2 / (4 / 9 * (1 / 6 + 1 / 3)))


def test_not_computable() -> None:
    nobody = gray(event_table([1, 2, 3, 4], [2, 0, 2, 0], causes=CAUSES, group=list("AABB")), "relapse")
    assert (nobody.reason, nobody.df, nobody.computable) == (NO_CAUSE, 1, False)
    assert np.isnan(nobody.statistic)
    assert np.isnan(nobody.p)
    left = gray(event_table([1, 2, 3, 4], [0, 1, 1, 0], causes=CAUSES, group=list("ABBB")), "relapse")
    assert left.reason == NO_OVERLAP
    assert left.df == 1
    single = event_table([1, 2], [1, 1], causes=CAUSES, group=["A", "A"], levels=["A", "B"])
    assert gray(single, "relapse").reason == ONE_GROUP
    apart = event_table([1, 2, 1, 2], [1] * 4, causes=CAUSES, group=list("ABCD"), stratum=[1, 1, 2, 2])
    assert gray(apart, "relapse").reason == NO_OVERLAP


def test_pooled_incidence_reaching_one_too_early_is_not_computed() -> None:
    # A is gone after 4: F0 = 4/8; then T = 4 and F0 rises by 1/4 at 5 and 6 to 1, while B and C are at risk.
    table = event_table([1, 2, 3, 4, 5, 6, 7, 8], [1] * 8, causes=CAUSES, group=list("AAAABCCB"))
    test = gray(table, "relapse")
    assert test.reason == ALL_GONE
    assert np.isnan(test.statistic)
    assert test.events.sum() == 8


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entry": [0, 1, 0, 0, 0, 0, 0, 0]}, "under observation from the start"),
        ({"weight": [1, 2] * 4}, "no form for sampling weights"),
        ({"group": None}, "the table has one"),
    ],
)
def test_wrong_tables(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        gray(event_table(**small(**changes)), "relapse")


def test_wrong_arguments() -> None:
    with pytest.raises(InputError, match='no event "death"'):
        gray(event_table(**small()), "death")
    with pytest.raises(InputError, match="finite"):
        gray(event_table(**small()), "relapse", float("nan"))


def test_frequency_weights_are_repeated_rows() -> None:
    weight = [1, 3, 2, 1, 0, 2, 1, 1]
    repeated = {
        name: np.repeat(np.array(small()[name], dtype=object), weight) for name in ("time", "event", "group")
    }
    ours = gray(event_table(**small(weight=weight, weights_are="frequency")), "relapse", 1)
    theirs = gray(event_table(**small(**repeated)), "relapse", 1)
    assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-12)
    assert list(ours.n) == list(theirs.n)


def test_with_one_cause_the_score_is_the_logrank_score() -> None:
    table = event_table(
        [1, 2, 2, 3, 4, 5, 6, 6], [True, True, False] * 2 + [True] * 2, group=list("ABABCCAB")
    )
    one, other = gray(table, "event"), logrank(table)
    np.testing.assert_allclose(one.expected, other.expected, rtol=1e-12)
