"""The log-rank family by hand on four patients, and at its edges."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.estimate.logrank import NEVER_TOGETHER, NO_EVENTS, ONE_AT_RISK, logrank
from remission.estimate.trend import logrank_trend
from remission.events.count import event_table
from remission.events.histories import histories

# A: events at 1 and 2. B: an event at 2, censored at 3.
# At 1: N = 4, D = 1, A's share 1/2, hypergeometric variance 1/4.
# At 2: N = 3, D = 2, A's share 1/3, hypergeometric variance 2/9.
FOUR: dict[str, Any] = {
    "time": [1, 2, 2, 3],
    "event": [True, True, True, False],
    "group": ["A", "A", "B", "B"],
}


@pytest.mark.parametrize(
    ("options", "score", "variance"),
    [
        ({}, 5 / 6, 17 / 36),
        ({"rho": 1}, 3 / 4, 3 / 8),  # W: 1, 3/4
        ({"gamma": 1}, 1 / 12, 1 / 72),  # W: 0, 1/4
        ({"weights": "gehan"}, 3, 6),  # W: 4, 3
        ({"weights": "tarone-ware"}, 1 + sqrt(3) / 3, 5 / 3),  # W: 2, sqrt 3
        ({"weights": "peto-peto"}, 8 / 15, 44 / 225),  # W: 4/5, 2/5
        ({"weights": "andersen"}, 0.42, 0.1224),  # W: 16/25, 3/10
    ],
)
def test_by_hand(options: dict[str, Any], score: float, variance: float) -> None:
    test = logrank(event_table(**FOUR), **options)
    assert test.observed[0] - test.expected[0] == pytest.approx(score)
    assert test.variance[0, 0] == pytest.approx(variance)
    assert test.statistic == pytest.approx(score**2 / variance)
    assert test.df == 1
    assert list(test.events) == [2, 1]
    assert list(test.n) == [2, 2]


def test_robust_by_hand() -> None:
    # Influences of the four rows: 27/72, 7/72, 1/72, 25/72.
    test = logrank(histories(**FOUR, cluster=[1, 2, 3, 4]))
    assert test.variance[0, 0] == pytest.approx((27**2 + 7**2 + 1 + 25**2) / 72**2)
    assert test.statistic == pytest.approx(100 / 39)
    assert logrank(event_table(**FOUR, weight=[7, 7, 7, 7])).statistic == pytest.approx(100 / 39)
    paired = logrank(histories(**FOUR, cluster=[1, 2, 2, 1]))
    assert paired.variance[0, 0] == pytest.approx((52**2 + 8**2) / 72**2)


def test_rows() -> None:
    rows = logrank(event_table(**FOUR)).rows()
    assert rows["measure"].to_list() == ["log-rank"] * 3
    assert rows["group"].to_list() == [None, "A", "B"]
    assert rows["at_risk"].to_list() == [4, 2, 2]
    assert rows["events"].to_list() == [3, 2, 1]
    assert rows["estimate"].to_list() == [None, pytest.approx(7 / 6), pytest.approx(11 / 6)]
    assert rows["statistic"].to_list() == [pytest.approx(25 / 17), None, None]
    assert rows["df"].to_list() == [1, None, None]
    assert rows["p"][0] == pytest.approx(0.2252, abs=1e-4)
    weighted = logrank(event_table(**FOUR), rho=1).rows()
    assert weighted["estimate"].null_count() == 3  # weighted sums are no numbers of events
    assert weighted["events"].to_list() == [3, 2, 1]


def test_names_tell_peto_from_rho_one() -> None:
    table = event_table(**FOUR)
    names = [
        logrank(table, **options).name
        for options in ({"rho": 1}, {"weights": "peto-peto"}, {"rho": 0.5, "gamma": 2})
    ]
    assert names == ["Fleming-Harrington (1, 0)", "Peto-Peto", "Fleming-Harrington (0.5, 2)"]


def test_an_event_at_time_zero_counts() -> None:
    # At 0: N = 2, D = 1: expected 1/2, variance 1/4. At 1 only B is left.
    test = logrank(event_table([0, 1], [True, True], group=["A", "B"]))
    assert test.statistic == pytest.approx(1.0)


def test_delayed_entry_by_hand() -> None:
    # At 1: only A, as B enters at 1 and counts from the next time. At 2: N = 3, D = 1 of B, A's share 1/3.
    table = event_table(
        [1, 5, 2, 5], [True, False, True, False], group=["A", "A", "B", "B"], entry=[0, 0, 1, 1]
    )
    test = logrank(table)
    assert test.expected[0] == pytest.approx(1 + 1 / 3)
    assert test.variance[0, 0] == pytest.approx(2 / 9)


def test_an_empty_group_and_a_group_gone_before_any_event_say_nothing() -> None:
    alone = logrank(event_table(**FOUR))
    empty = logrank(event_table(**FOUR, levels=["Z", "A", "B"]))
    assert (empty.statistic, empty.df, empty.p) == (pytest.approx(alone.statistic), 1, pytest.approx(alone.p))
    assert empty.groups == ("Z", "A", "B")
    assert list(empty.n) == [0, 2, 2]
    gone = {
        "time": [0.5, *FOUR["time"]],
        "event": [False, *FOUR["event"]],
        "group": ["Z", *FOUR["group"]],
    }
    early = logrank(event_table(**gone))
    assert (early.statistic, early.df) == (pytest.approx(alone.statistic), 1)
    assert list(early.expected) == pytest.approx([*alone.expected, 0])


@pytest.mark.parametrize(
    ("event", "time", "reason"),
    [([False, False, False], [1, 2, 3], NO_EVENTS), ([False, False, True], [1, 2, 3], ONE_AT_RISK)],
)
def test_nothing_to_compare(event: list[bool], time: list[float], reason: str) -> None:
    table = event_table(time, event, group=["A", "B", "C"])
    test = logrank(table)
    assert (test.statistic, test.df, test.computable, test.reason) == (0.0, 0, False, reason)
    assert np.isnan(test.p)
    assert test.rows()["p"].null_count() == 4
    trend = logrank_trend(table)
    assert np.isnan(trend.statistic)
    assert not trend.computable


def test_groups_never_at_risk_together() -> None:
    # A and B in one stratum, C and D in another: nothing compares A with C.
    time, event = [1, 2, 1, 2], [True, True, True, True]
    apart = logrank(event_table(time, event, group=list("ABCD"), stratum=[1, 1, 2, 2]))
    assert np.isnan(apart.statistic)
    assert np.isnan(apart.p)
    assert apart.reason == NEVER_TOGETHER
    windows = event_table([1, 2, 11, 12], event, group=list("AABB"), entry=[0, 0, 10, 10])
    assert logrank(windows).reason == NEVER_TOGETHER
    everybody = logrank(event_table([1, 1, 1], [True] * 3, group=list("ABB")))
    assert everybody.reason == NEVER_TOGETHER
    assert np.isnan(logrank_trend(windows).statistic)


def test_one_event() -> None:
    # N = 3, D = 1, A's share 1/3: (1 - 1/3)^2 / (2/9)
    assert logrank(
        event_table([1, 2, 2], [True, False, False], group=list("ABB"))
    ).statistic == pytest.approx(2.0)


def test_a_stratum_without_events_or_without_one_of_the_groups() -> None:
    extra_time, extra_event = [1, 4, 2, 3], [False, False, True, True]
    table = event_table(
        [*FOUR["time"], *extra_time],
        [*FOUR["event"], *extra_event],
        group=[*FOUR["group"], *"ABBB"],
        stratum=[1, 1, 1, 1, 2, 2, 3, 3],
    )
    test = logrank(table)
    assert test.statistic == pytest.approx(25 / 17)
    assert test.stratified
    assert list(test.n) == [3, 5]
    assert list(test.events) == [2, 3]


def test_trend_ignores_shift_and_scale_of_the_scores() -> None:
    table = event_table([1, 2, 3, 4, 5, 6], [True] * 6, group=list("CABCAB"))
    test = logrank_trend(table)
    other = logrank_trend(table, [-10, -30, -50])
    assert other.statistic == pytest.approx(test.statistic, rel=1e-12)
    assert test.note == "scores 1, 2, 3"
    assert test.df == 1


def test_trend_of_two_groups_is_the_logrank_test() -> None:
    table = event_table(**FOUR)
    assert logrank_trend(table).statistic == pytest.approx(logrank(table).statistic)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weights": "wilcoxon"}, "no weights"),
        ({"weights": "gehan", "rho": 1}, "not both"),
        ({"gamma": -1}, "gamma 0 or more"),
        ({"rho": float("nan")}, "finite"),
        ({"cause": "relapse"}, 'no event "relapse"'),
    ],
)
def test_wrong_options(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        logrank(event_table(**FOUR), **options)


def test_wrong_data() -> None:
    with pytest.raises(InputError, match="the table has one"):
        logrank(event_table([1, 2], [True, True]))
    with pytest.raises(InputError, match="needs the rows"):
        logrank(event_table(**FOUR, entry=[0, 0, 1, 1], weight=[1, 2, 1, 2]))
    with pytest.raises(InputError, match="count patients"):
        logrank(event_table(**FOUR, weight=[1, 2, 1, 2]), weights="peto-peto")
    late = event_table([1, 3, 3], [True, True, False], group=list("ABB"), entry=[0, 1, 1])
    with pytest.raises(InputError, match="rho below 0"):
        logrank(late, rho=-1)


@pytest.mark.parametrize("scores", [[1, 1], [1], [1, float("inf")]])
def test_wrong_scores(scores: list[float]) -> None:
    with pytest.raises(InputError, match="one finite score"):
        logrank_trend(event_table(**FOUR), scores)
