"""Differences between groups: from the curves by hand, and what is not compared."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.core.tails import normal_two_sided
from remission.core.vocabulary import COLUMNS
from remission.estimate.difference import difference
from remission.estimate.horizon import largest_horizon, last_time
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.risk import risk_of
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.histories import histories
from tests.events.draw import CAUSES, Cohort, cohorts
from tests.oracles.read import load

Z = 1.959963984540054


@pytest.fixture(scope="module")
def case() -> Any:
    return load("months")


def test_survival_at_times(case: Any) -> None:
    table = case.table(any_event=True, group="group")
    times = [6, 12, 24]
    curves = kaplan_meier(table).at(times)
    zero, one = (curves.filter(group=group) for group in "AB")
    rows = difference(table, at=times).rows()
    assert tuple(rows.columns) == COLUMNS
    assert rows["time"].to_list() == times
    assert set(rows["group"]) == {"B"}
    assert set(rows["versus"]) == {"A"}
    gap = one["estimate"] - zero["estimate"]
    error = (one["std_error"] ** 2 + zero["std_error"] ** 2).sqrt()
    np.testing.assert_allclose(rows["estimate"], gap)
    np.testing.assert_allclose(rows["std_error"], error)
    np.testing.assert_allclose(rows["low"], gap - Z * error)
    np.testing.assert_allclose(rows["high"], gap + Z * error)
    np.testing.assert_allclose(rows["p"], normal_two_sided(gap / error))
    wider = difference(table, at=times, level=0.99).rows()
    assert (wider["low"] < rows["low"]).all()


@pytest.mark.parametrize("variance", ["aalen", "delta", "jackknife"])
def test_incidence_at_times(case: Any, variance: Any) -> None:
    table = case.table(group="group")
    rows = difference(table, at=12, cause="2", variance=variance).rows()
    curves = cumulative_incidence(table, variance=variance).at(12).filter(cause="2")
    zero, one = (curves.filter(group=group).row(0, named=True) for group in "AB")
    assert rows["cause"].item() == "2"
    assert rows["estimate"].item() == pytest.approx(one["estimate"] - zero["estimate"])
    assert rows["std_error"].item() == pytest.approx(sqrt(one["std_error"] ** 2 + zero["std_error"] ** 2))


def test_log_log_test(case: Any) -> None:
    """L = log(-log S), its variance G/(log S)^2 with G = (se/S)^2; limits stay those of the difference."""
    table = case.table(any_event=True, group="group")
    plain, tested = difference(table, at=12).rows(), difference(table, at=12, test="log-log").rows()
    curves = kaplan_meier(table).at(12)
    (s0, e0), (s1, e1) = (curves.filter(group=group).select("estimate", "std_error").row(0) for group in "AB")
    gap = log(-log(s1)) - log(-log(s0))
    spread = sqrt((e1 / s1 / log(s1)) ** 2 + (e0 / s0 / log(s0)) ** 2)
    assert tested["statistic"].item() == pytest.approx(-gap / spread)
    assert tested["p"].item() == pytest.approx(float(normal_two_sided(gap / spread)))
    assert tested.select("estimate", "low", "high").equals(plain.select("estimate", "low", "high"))
    assert tested["scale"].item() == "log-log"
    assert np.sign(tested["statistic"].item()) == np.sign(plain["estimate"].item())
    one_cause = event_table(case.columns["time"], case.columns["cause"] > 0, group=case.columns["group"])
    rows = difference(one_cause, at=12, cause="event", variance="delta", test="log-log").rows()
    assert rows["statistic"].item() == pytest.approx(-tested["statistic"].item())


def test_restricted_means(case: Any) -> None:
    table = case.table(any_event=True, group="group")
    rows = difference(table, until=20).rows()
    zero, one = restricted_mean(table, until=20)
    assert rows["measure"].to_list() == [
        "difference of restricted means",
        "ratio of restricted means",
        "ratio of restricted times lost",
    ]
    assert rows["estimate"][0] == pytest.approx(one.estimate - zero.estimate)
    assert rows["std_error"][0] == pytest.approx(sqrt(one.variance + zero.variance))
    for row, (a, b) in ((1, (one.estimate, zero.estimate)), (2, (20 - one.estimate, 20 - zero.estimate))):
        error = sqrt(one.variance / a**2 + zero.variance / b**2)
        assert rows["estimate"][row] == pytest.approx(a / b)
        assert rows["low"][row] == pytest.approx(a / b * exp(-Z * error))
        assert rows["p"][row] == pytest.approx(float(normal_two_sided(log(a / b) / error)))


def test_a_ratio_of_nothing_is_undefined() -> None:
    table = event_table([3, 4, 5, 6], [True, False, True, True], group=list("AABB"))
    rows = difference(table, until=2).rows()
    assert rows["estimate"].to_list() == [0, 1, None]
    assert rows["p"].to_list() == [None, None, None]


def test_every_pair_within_each_stratum() -> None:
    case = load("heavy4")
    source = case.arguments("all", any_event=True) | {"group": case.columns["group"]}
    table = event_table(**source, stratum=case.columns["stratum"])
    result = difference(table, at=3)
    assert len(result.contrasts) == 3 * 6
    assert [(c.group, c.versus) for c in result if c.stratum == "s1"] == [
        ("B", "A"), ("C", "A"), ("D", "A"), ("C", "B"), ("D", "B"), ("D", "C"),
    ]  # fmt: skip
    assert [note for note in result.notes if "no patients" in note] == ["s2, D has no patients."]
    empty = [c for c in result if c.stratum == "s2" and c.group == "D"]
    assert all(np.isnan([c.estimate, c.std_error, c.low, c.high, c.p]).all() for c in empty)
    means = difference(table, until=3)
    assert means.notes == ("s2, D has no patients.",)


def test_beyond_the_follow_up_is_said_and_not_compared() -> None:
    """A ends in a censoring at 4; B ends in events at 3, so its survival is known to be 0 after."""
    table = event_table([1, 4, 2, 3], [True, False, True, True], group=list("AABB"))
    result = difference(table, at=[2, 3.5, 5], cause="event", variance="delta")
    assert [c.estimate for c in result][:2] == [0, 0.5]
    assert np.isnan(result.contrasts[2].estimate)
    assert result.notes == (
        "B has no standard error at 3.5 (nobody, or everybody, had the event): no limits there.",
        "A is followed only to 4, so it is not compared at 5.",
    )
    assert np.isnan([result.contrasts[1].low, result.contrasts[1].p]).all()
    survival = difference(table, at=3.5).contrasts[0]
    assert survival.estimate == -0.5
    assert np.isnan([survival.std_error, survival.p]).all(), "Greenwood has no error where survival is 0"


def test_no_error_no_limits_and_no_test() -> None:
    """A group without events by then is not certain to have none: its error is unknown, not 0."""
    table = event_table([3, 4, 5, 6], [True] * 4, group=list("AABB"))
    for time in (1, 3):  # nobody had the event; one in A, nobody in B
        result = difference(table, at=time)
        (contrast,) = result.contrasts
        assert contrast.estimate == (0 if time == 1 else 0.5)
        assert np.isnan([contrast.std_error, contrast.low, contrast.high, contrast.p]).all()
        assert any(f"B has no standard error at {time}" in note for note in result.notes)
    assert np.isnan(difference(table, at=1, test="log-log").contrasts[0].p)


def test_robust_errors_are_used() -> None:
    case = load("ties12")
    rows = histories(
        case.columns["time"],
        case.columns["cause"],
        causes=case.causes,
        group=case.columns["group"],
        weight=case.columns["weight"],
    )
    contrast = difference(rows, at=4, cause="1").contrasts[0]
    curves = cumulative_incidence(rows, variance="jackknife").at(4).filter(cause="1")
    errors = curves["std_error"].to_list()[:2]
    assert contrast.std_error == pytest.approx(np.hypot(*errors))
    zero, one, _ = restricted_mean(rows, until=7)
    assert difference(rows, until=7).contrasts[0].std_error == pytest.approx(
        sqrt(zero.variance + one.variance)
    )


def test_clusters_across_groups_are_refused() -> None:
    arguments: dict[str, Any] = {"time": [1, 2, 3, 4], "event": [True] * 4, "group": list("AABB")}
    assert difference(histories(**arguments, cluster=[1, 1, 2, 2]), at=2).contrasts
    for options in ({"at": 2}, {"until": 2}):
        with pytest.raises(InputError, match="more than one group"):
            difference(histories(**arguments, cluster=[1, 2, 2, 2]), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "either at"),
        ({"at": 1, "until": 2}, "either at"),
        ({"at": float("nan")}, "finite times"),
        ({"at": [[1.0]]}, "finite times"),
        ({"at": 1, "test": "logit"}, "plain"),
        ({"at": 1, "cause": "relapse"}, 'no event "relapse"'),
        ({"at": 1, "variance": "delta"}, "name the cause"),
        ({"until": 2, "cause": "event"}, "leave out cause"),
        ({"until": 9}, "beyond the follow-up"),
        ({"at": 1, "level": 2}, "level"),
    ],
)
def test_refusals(options: dict[str, Any], words: str) -> None:
    table = event_table([1, 2, 3, 4], [True, False, True, False], group=list("AABB"))
    with pytest.raises(InputError, match=words):
        difference(table, **options)


def test_one_group_is_not_compared() -> None:
    with pytest.raises(InputError, match="at least two groups"):
        difference(event_table([1], [True]), at=1)


@pytest.mark.parametrize(
    ("shorter_ends_in_event", "longer_ends_in_event", "largest"),
    [(True, True, 9), (True, False, 9), (False, True, 5), (False, False, 5)],
)
def test_largest_horizon_of_two_groups(
    shorter_ends_in_event: bool, longer_ends_in_event: bool, largest: float
) -> None:
    """survRM2's table; a tie of an event and a censoring at the last time ends in a censoring."""
    time, group = [1, 5, 5, 2, 9], list("AAABB")
    event = [True, True, shorter_ends_in_event, True, longer_ends_in_event]
    risks = [risk_of(block) for block in event_table(time, event, group=group).blocks()]
    assert largest_horizon(risks) == largest
    assert last_time(risks[0]) == (5, shorter_ends_in_event)
    assert restricted_mean(event_table(time, event, group=group)).until == largest


@settings(max_examples=40)
@given(cohorts(least=4), st.integers(0, 9))
def test_exchanging_the_groups_turns_the_sign(cohort: Cohort, at: int) -> None:
    group = np.where(cohort.group == "A", "A", "B")
    arguments: dict[str, Any] = {"time": cohort.time, "event": cohort.event, "causes": CAUSES, "group": group}
    there = difference(event_table(**arguments, levels=["A", "B"]), at=at, cause="relapse").contrasts[0]
    back = difference(event_table(**arguments, levels=["B", "A"]), at=at, cause="relapse").contrasts[0]
    np.testing.assert_allclose(
        [there.estimate, there.low, there.high, there.p, there.std_error],
        [-back.estimate, -back.high, -back.low, back.p, back.std_error],
        atol=1e-12,
    )
