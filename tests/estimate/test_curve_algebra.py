"""Curves worked by hand on a few patients, and how they are read."""

from __future__ import annotations

from math import exp, log, nan, sqrt
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.core.problems import InputError
from remission.core.vocabulary import COLUMNS
from remission.estimate.curves import Curves
from remission.estimate.followup import follow_up
from remission.estimate.hazard import nelson_aalen
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.cut import landmark
from remission.events.histories import histories
from remission.events.table import EventTable

# Freireich 1963, 6-mercaptopurine arm: remission in weeks, 1 = relapse. Published in every textbook.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


@pytest.fixture
def mercaptopurine() -> EventTable:
    return event_table(WEEKS, RELAPSED, causes={1: "relapse"})


def test_mercaptopurine(mercaptopurine: EventTable) -> None:
    """Kaplan-Meier, Greenwood and numbers at risk as Cox and Oakes (1984) and Collett print them."""
    rows = kaplan_meier(mercaptopurine).at([6, 7, 10, 13, 16, 22, 23])
    assert rows["estimate"].round(4).to_list() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert rows["std_error"].round(4).to_list() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
    assert rows["at_risk"].to_list() == [21, 17, 15, 12, 11, 7, 6]
    assert rows["events"].to_list() == [3, 4, 5, 6, 7, 8, 9]
    median = kaplan_meier(mercaptopurine, interval="plain").quantile(0.5)
    assert median["estimate"].to_list() == [23]
    assert median["low"].to_list() == [13]
    assert median["high"].to_list() == [None]


def test_nelson_aalen_by_hand(mercaptopurine: EventTable) -> None:
    hazard = 3 / 21 + 1 / 17
    rows = nelson_aalen(mercaptopurine).at(7)
    assert rows["measure"].to_list() == ["cumulative hazard"]
    assert rows["cause"].to_list() == ["relapse"]
    assert rows["estimate"].item() == pytest.approx(hazard)
    error = sqrt(3 / 21**2 + 1 / 17**2)
    assert rows["std_error"].item() == pytest.approx(error)
    assert rows["low"].item() == pytest.approx(hazard * exp(-1.959963984540054 * error / hazard))
    tied = nelson_aalen(mercaptopurine, variance="greenwood", interval="plain").at(7)
    error = sqrt(3 * 18 / 21**3 + 16 / 17**3)
    assert tied["std_error"].item() == pytest.approx(error)
    assert tied["low"].item() == pytest.approx(max(0, hazard - 1.959963984540054 * error))


def test_incidence_by_hand() -> None:
    """5 patients: relapse at 1, NRM at 2, censored at 3, relapse at 4, censored at 5."""
    table = event_table([1, 2, 3, 4, 5], ["relapse", "NRM", None, "relapse", None], causes=["relapse", "NRM"])
    curves = cumulative_incidence(table, variance="delta")
    relapse, nrm = curves.curves
    np.testing.assert_allclose(relapse.estimate, [0.2, 0.2, 0.2, 0.2 + 0.6 / 2, 0.5])
    np.testing.assert_allclose(nrm.estimate, [0, 0.2, 0.2, 0.2, 0.2])
    assert relapse.events.tolist() == [1, 1, 1, 2, 2]
    assert relapse.censored.tolist() == [0, 0, 1, 1, 2]
    # Without censoring before them these are proportions: p (1 - p)/n.
    assert relapse.std_error[0] == pytest.approx(sqrt(0.2 * 0.8 / 5))
    assert nrm.std_error[1] == pytest.approx(sqrt(0.2 * 0.8 / 5))
    for variance in ("delta", "jackknife"):
        for curve in cumulative_incidence(table, variance=variance):
            assert curve.std_error[2] == pytest.approx(sqrt(0.2 * 0.8 / 5))


def test_incidence_without_censoring_is_a_proportion() -> None:
    causes = ["relapse"] * 3 + ["NRM"] * 5
    table = event_table([1, 2, 2, 2, 3, 3, 3, 4], causes)
    for curve in cumulative_incidence(table, variance="delta"):
        share = curve.events / 8
        np.testing.assert_allclose(curve.estimate, share)
        np.testing.assert_allclose(curve.std_error, np.sqrt(share * (1 - share) / 8), atol=1e-12)


def test_survival_zero_has_no_error_and_no_limits() -> None:
    for interval in ("plain", "log", "log-log", "logit", "arcsine"):
        curve = kaplan_meier(event_table([1, 2, 2], [True] * 3), interval=interval).curves[0]
        assert curve.estimate.tolist() == pytest.approx([2 / 3, 0])
        assert np.isnan([curve.std_error[1], curve.low[1], curve.high[1]]).all()
    robust = kaplan_meier(event_table([1, 2, 2], [True] * 3, weight=[1.5, 1, 1]), interval="plain").curves[0]
    assert (robust.estimate[1], robust.std_error[1], robust.low[1], robust.high[1]) == (0, 0, 0, 0)


def test_incidence_one_is_certain_in_every_variance() -> None:
    """All have the event, nobody is censored: the last value is 1, without error."""
    time = [1, 1, 2, 5, 7, 8, 9]
    for variance in ("delta", "jackknife"):
        curve = cumulative_incidence(
            event_table(time, ["relapse"] * 7), variance=variance, interval="plain"
        ).curves[0]
        assert (curve.estimate[-1], curve.std_error[-1], curve.low[-1], curve.high[-1]) == (1, 0, 1, 1)


def test_an_early_empty_risk_set_leaves_survival_at_zero() -> None:
    """Delayed entry: the only one at risk at 2 dies, others come at 3. The estimate stays 0 for good."""
    table = event_table([2, 5, 6], [True, True, False], entry=[0, 3, 3])
    curve = kaplan_meier(table).curves[0]
    assert curve.time.tolist() == [0, 2, 3, 5, 6]
    assert curve.at_risk.tolist() == [0, 1, 0, 2, 1]
    assert curve.estimate.tolist() == [1, 0, 0, 0, 0]
    for variance in ("aalen", "delta"):
        incidence = cumulative_incidence(table, variance=variance).curves[0]
        assert incidence.estimate.tolist() == [0, 1, 1, 1, 1]


def test_delayed_entry_by_hand() -> None:
    table = event_table([4, 5, 6, 7], [True, True, False, True], entry=[0, 4, 4, 1])
    curve = kaplan_meier(table, interval="plain").curve()
    np.testing.assert_allclose(curve.estimate[curve.time >= 4], [1 / 2, 1 / 2 * 2 / 3, 1 / 3, 0])
    rows = kaplan_meier(table).at([0.5, 1, 2, 4, 4.5])
    assert rows["at_risk"].to_list() == [1, 1, 2, 2, 3]
    assert rows["low"].to_list()[:3] == [1, 1, 1], "nothing is uncertain before anybody has left"


def test_before_and_after_the_data(mercaptopurine: EventTable) -> None:
    rows = kaplan_meier(mercaptopurine).at([0, 5.99, 35, 40])
    assert rows["estimate"].to_list()[:2] == [1, 1]
    assert rows["std_error"].to_list()[:2] == [0, 0]
    assert rows["low"].to_list()[:2] == rows["high"].to_list()[:2] == [1, 1]
    assert rows["at_risk"].to_list() == [21, 21, 1, 0]
    assert rows["estimate"][3] == rows["estimate"][2]
    assert rows["censored"].to_list() == [0, 0, 12, 12]
    incidence = cumulative_incidence(mercaptopurine).at(0)
    assert incidence.select("estimate", "std_error", "low", "high").row(0) == (0, 0, 0, 0)


def test_rows_and_their_first_row(mercaptopurine: EventTable) -> None:
    curves = kaplan_meier(mercaptopurine)
    assert curves.rows().height == len(set(WEEKS))
    assert tuple(curves.rows().columns) == COLUMNS
    rows = curves.rows(start=0)
    assert rows.height == len(set(WEEKS)) + 1
    assert rows.row(0, named=True) | {"scale": None, "confidence": None} == {
        **dict.fromkeys(COLUMNS),
        "measure": "survival",
        "time": 0,
        "estimate": 1,
        "std_error": 0,
        "low": 1,
        "high": 1,
        "at_risk": 21,
        "events": 0,
        "censored": 0,
    }
    assert rows[1:].equals(curves.rows())
    at_zero = kaplan_meier(event_table([0, 1], [True, True])).rows(start=0)
    assert at_zero["time"].to_list() == [0, 1]
    assert at_zero["estimate"].to_list() == [0.5, 0]


def test_labels_and_order_of_curves() -> None:
    table = event_table(
        [1, 2, 3, 4],
        ["a", "b", "a", None],
        causes=["b", "a"],
        group=["y", "x", "y", "x"],
        stratum=[2, 1, 1, 2],
    )
    curves = cumulative_incidence(table)
    rows = curves.at([1, 2])
    assert rows.select("stratum", "group", "cause").unique(maintain_order=True).rows() == [
        (stratum, group, cause) for stratum in "12" for group in "xy" for cause in "ba"
    ]
    assert curves.curve(stratum="1", group="x", cause="b").events.tolist() == [1]
    with pytest.raises(InputError, match="4 curves fit"):
        curves.curve(stratum="1")
    with pytest.raises(InputError, match="0 curves fit"):
        curves.curve(stratum="1", group="z", cause="b")
    assert "relapse" in repr(cumulative_incidence(event_table([1], ["relapse"])))


def test_a_group_without_patients_is_null() -> None:
    table = event_table([1, 2], [True, True], group=["A", "A"], levels=["A", "B"])
    estimates: list[Curves] = [
        kaplan_meier(table),
        cumulative_incidence(table),
        nelson_aalen(table),
        follow_up(table),
    ]
    for curves in estimates:
        row = curves.at(1).filter(group="B").row(0, named=True)
        assert [row[name] for name in ("estimate", "std_error", "low", "high")] == [None] * 4
        assert row["at_risk"] == row["events"] == 0
    assert kaplan_meier(table).quantile([0, 0.5]).filter(group="B")["estimate"].to_list() == [None, None]
    assert restricted_mean(table).rows().filter(group="B")["estimate"].to_list() == [None]
    assert kaplan_meier(table).rows(start=0).filter(group="B").height == 0


def test_quantiles_by_hand() -> None:
    """4 events, no censoring: S = 3/4, 1/2, 1/4, 0."""
    curves = kaplan_meier(event_table([1, 2, 3, 5], [True] * 4))
    rows = curves.quantile([0, 0.2, 0.25, 0.5, 0.75, 0.8, 1])
    assert rows["estimate"].to_list() == [0, 1, 1.5, 2.5, 4, 5, 5]
    assert rows["measure"].to_list() == ["quantile"] * 7
    assert rows["level"].to_list() == ["0.0", "0.2", "0.25", "0.5", "0.75", "0.8", "1.0"]
    assert curves.quantile(0, start=-3)["estimate"].to_list() == [-3]


def test_quantile_where_the_curve_ends_at_it() -> None:
    """S ends at 1/2 with a censoring at 9: the middle between 2 and 9."""
    assert (
        kaplan_meier(event_table([1, 2, 4, 9], [True, True, False, False])).quantile(0.5)["estimate"].item()
        == 5.5
    )


def test_quantile_of_incidence_has_limits_in_order() -> None:
    table = event_table(range(1, 41), ["relapse", "NRM"] * 20)
    row = cumulative_incidence(table).quantile(0.25).filter(cause="relapse").row(0, named=True)
    # F = 1/4 from the 10th relapse (19) to the 11th (21).
    assert row["estimate"] == 20
    assert row["low"] < row["estimate"] < row["high"]


def test_follow_up_by_hand() -> None:
    """Events at 1, 4; censored at 2, 4, 6: survfit has the event at 4 at risk of the censoring there."""
    table = event_table([1, 2, 4, 4, 6], [True, False, True, False, False])
    kept = follow_up(table)
    assert kept.curves[0].estimate.tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3, 0])
    first = follow_up(table, ties="prodlim")
    assert first.curves[0].estimate.tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 1 / 2, 0])
    assert kept.measure == first.measure == "follow-up"
    assert kept.at(6)["events"].item() == 3
    assert kept.at(6)["censored"].item() == 2


def test_restricted_mean_by_hand() -> None:
    """S = 2/3 on [1, 3), 1/3 from 3: area to 5 is 1 + 2 * 2/3 + 2 * 1/3."""
    table = event_table([1, 3, 6], [True, True, False])
    mean = next(iter(restricted_mean(table, until=5)))
    assert mean.estimate == pytest.approx(3)
    after_one, after_three = 2 * 2 / 3 + 2 * 1 / 3, 2 * 1 / 3
    assert mean.variance == pytest.approx(after_one**2 / (3 * 2) + after_three**2 / (2 * 1))
    assert restricted_mean(table).until == 6
    rows = restricted_mean(table, until=5, level=0.9).rows()
    assert rows["time"].item() == 5
    assert rows["high"].item() == pytest.approx(3 + 1.6448536269514722 * sqrt(mean.variance))
    assert rows["events"].item() == 2


def test_restricted_mean_without_censoring_is_a_mean() -> None:
    time = np.array([1.0, 2, 2, 4, 7, 9])
    for until in (3.0, 7.0, 9.0):
        cut = np.minimum(time, until)
        mean = next(iter(restricted_mean(event_table(time, np.ones(6, dtype=bool)), until=until)))
        assert mean.estimate == pytest.approx(cut.mean())
        assert mean.variance == pytest.approx(cut.var() / 6)


def test_time_before_zero_counts_in_the_mean() -> None:
    time = np.array([-2.0, 1, 3])
    mean = next(iter(restricted_mean(event_table(time, np.ones(3, dtype=bool)), until=3)))
    assert mean.estimate == pytest.approx(time.mean())


def test_conditional_survival_is_a_ratio() -> None:
    time, event = np.array(WEEKS), np.array(RELAPSED) == 1
    whole = kaplan_meier(event_table(time, event))
    cut = kaplan_meier(landmark(event_table(time, event), 10))
    later = [13, 16, 23, 35]
    ratio = whole.at(later)["estimate"] / whole.at(10)["estimate"].item()
    np.testing.assert_allclose(cut.at(later)["estimate"], ratio)
    assert cut.at([0, 10])["estimate"].to_list() == [1, 1]


def test_limits_follow_level_and_scale() -> None:
    table = event_table(WEEKS, RELAPSED, causes={1: "relapse"})
    s, se = kaplan_meier(table).at(16).select("estimate", "std_error").row(0)
    row = kaplan_meier(table, level=0.8, interval="plain").at(16).row(0, named=True)
    assert row["low"] == pytest.approx(s - 1.2815515655446004 * se)
    assert (row["scale"], row["confidence"]) == ("plain", 0.8)
    row = kaplan_meier(table).at(16).row(0, named=True)
    assert row["high"] == pytest.approx(s ** exp(1.959963984540054 * se / (s * log(s))))


SOME = event_table([1, 2, 3], [True, False, True])
SAMPLED = event_table([1, 2, 3], [True, False, True], weight=[1, 2, 1.5])
LATE = event_table([1, 2, 3], [True, False, True], weight=[1, 2, 1.5], entry=[0, 0, 1])
CLUSTERED = histories([1, 2, 3], [True, False, True], cluster=[1, 1, 2])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: kaplan_meier(SOME, interval="loglog"), "interval must be one of"),
        (lambda: kaplan_meier(SOME, level=95), "level must lie between 0 and 1"),
        (lambda: kaplan_meier(LATE), r"use histories\(\.\.\.\)"),
        (lambda: nelson_aalen(LATE), r"use histories\(\.\.\.\)"),
        (lambda: restricted_mean(LATE, until=2), r"use histories\(\.\.\.\)"),
        (lambda: nelson_aalen(SOME, variance="delta"), "aalen"),
        (lambda: nelson_aalen(SOME).quantile(0.5), "no quantiles"),
        (
            lambda: cumulative_incidence(SOME, variance="robust"),
            "variance must be one of aalen, delta, jackknife",
        ),
        (lambda: cumulative_incidence(SAMPLED), 'use "jackknife"'),
        (lambda: cumulative_incidence(SAMPLED, variance="delta"), 'use "jackknife"'),
        (lambda: cumulative_incidence(CLUSTERED), 'use "jackknife"'),
        (lambda: kaplan_meier(SOME).at([1, nan]), "finite"),
        (lambda: kaplan_meier(SOME).at([[1, 2]]), "finite"),
        (lambda: kaplan_meier(SOME).quantile(50), "between 0 and 1"),
        (lambda: kaplan_meier(SOME).quantile(nan), "between 0 and 1"),
        (lambda: restricted_mean(SOME, until=0), "after 0"),
        (lambda: restricted_mean(SOME, until=nan), "after 0"),
        (lambda: restricted_mean(SOME, until=3.1), r"known up to 3\. Choose an earlier time"),
        (lambda: restricted_mean(event_table([], [])), "no patients"),
        (lambda: follow_up(SOME, ties="efron"), "survfit"),
        (lambda: follow_up(SAMPLED, ties="prodlim"), "no robust variance"),
    ],
)
def test_refusals(call: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call()


def test_results_are_frames_of_the_vocabulary() -> None:
    for frame in (kaplan_meier(SOME).quantile(), restricted_mean(SOME).rows(), follow_up(SOME).at(1)):
        assert isinstance(frame, pl.DataFrame)
        assert tuple(frame.columns) == COLUMNS
