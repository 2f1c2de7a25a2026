"""Laws of the curves, on random cohorts full of ties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.estimate.curves import Curves
from remission.estimate.followup import follow_up
from remission.estimate.hazard import nelson_aalen
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.source import Source
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.histories import histories
from remission.events.merge import merge
from tests.events.draw import CAUSES, Cohort, cohorts

ESTIMATORS: dict[str, Callable[[Source], Curves]] = {
    "survival": kaplan_meier,
    "plain": lambda source: kaplan_meier(source, interval="plain"),
    "hazard": nelson_aalen,
    "tied hazard": lambda source: nelson_aalen(source, variance="greenwood"),
    "aalen": cumulative_incidence,
    "delta": lambda source: cumulative_incidence(source, variance="delta"),
    "jackknife": lambda source: cumulative_incidence(source, variance="jackknife"),
    "follow-up": follow_up,
    "follow-up, deaths first": lambda source: follow_up(source, ties="prodlim"),
}
ROBUST = ("survival", "plain", "hazard", "jackknife", "follow-up")


def same(ours: Curves, theirs: Curves, *, times: bool = True, columns: tuple[str, ...] = ()) -> None:
    """Curve by curve by name, at the times of either. A variance of 0 may come out as 1e-15."""
    grid = np.unique(np.concatenate([curve.time for curves in (ours, theirs) for curve in curves]))
    keys = ["stratum", "group", "cause", "time"]
    compared = columns or ("estimate", "std_error", "low", "high", "at_risk", "events", "censored")
    first, second = (curves.at(grid).sort(keys, nulls_last=True) for curves in (ours, theirs))
    assert first.select(keys).equals(second.select(keys), null_equal=True)
    for name in compared:
        a, b = first[name].fill_null(np.nan).to_numpy(), second[name].fill_null(np.nan).to_numpy()
        atol = 1e-6 if name in ("std_error", "low", "high") else 1e-11
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=atol, err_msg=name)
    if times:
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one.time, other.time)


every_estimator = pytest.mark.parametrize("estimator", ESTIMATORS.values(), ids=ESTIMATORS.keys())


@settings(max_examples=50)
@given(cohorts(), st.booleans(), st.sampled_from(["none", "frequency", "sampling"]))
def test_survival_and_incidences_add_up_to_one(cohort: Cohort, late: bool, weights_are: str) -> None:
    names = ["group", *(["entry"] if late else []), *(["weight"] if weights_are != "none" else [])]
    more: dict[str, Any] = {} if weights_are == "none" else {"weights_are": weights_are}
    source = histories(**cohort.arguments(*names), **more)
    survival, incidence = kaplan_meier(source), cumulative_incidence(source, variance="jackknife")
    for curve in survival:
        parts = [incidence.curve(group=curve.group, cause=cause).estimate for cause in CAUSES]
        np.testing.assert_allclose(curve.estimate + sum(parts), 1, atol=1e-12)


@settings(max_examples=50)
@given(cohorts(), st.booleans())
def test_one_cause_is_kaplan_meier(cohort: Cohort, late: bool) -> None:
    """F = 1 - S with Greenwood's error, by the delta method; the robust forms agree with each other."""
    arguments: dict[str, Any] = {"time": cohort.time, "event": cohort.event != None}  # noqa: E711
    if late:
        arguments["entry"] = cohort.entry
    source = event_table(**arguments)
    survival = kaplan_meier(source).curves[0]
    curve = cumulative_incidence(source, variance="delta").curves[0]
    np.testing.assert_allclose(curve.estimate, 1 - survival.estimate, atol=1e-12)
    alive = survival.estimate > 0
    np.testing.assert_allclose(curve.std_error[alive], survival.std_error[alive], atol=1e-12)
    weighted = histories(**arguments, weight=cohort.weight)
    survival = kaplan_meier(weighted).curves[0]
    curve = cumulative_incidence(weighted, variance="jackknife").curves[0]
    np.testing.assert_allclose(curve.std_error, survival.std_error, atol=1e-9)


@every_estimator
@given(cohort=cohorts(), late=st.booleans())
@settings(max_examples=25)
def test_a_frequency_is_a_repeated_row(
    estimator: Callable[[Source], Curves], cohort: Cohort, late: bool
) -> None:
    names = ("group", "stratum", *(["entry"] if late else []))
    counted = histories(**cohort.arguments(*names, "weight"), weights_are="frequency")
    repeated = histories(
        **cohort.rows(np.repeat(np.arange(len(cohort)), cohort.weight.astype(int))).arguments(*names)
    )
    same(estimator(counted), estimator(repeated))


@settings(max_examples=25)
@given(cohort=cohorts())
def test_a_frequency_in_a_cluster_is_a_repeated_row(cohort: Cohort) -> None:
    counted = histories(**cohort.arguments("entry", "weight", "cluster"), weights_are="frequency")
    rows = cohort.rows(np.repeat(np.arange(len(cohort)), cohort.weight.astype(int)))
    repeated = histories(**rows.arguments("entry", "cluster"))
    for name in ROBUST:
        same(ESTIMATORS[name](counted), ESTIMATORS[name](repeated))


@every_estimator
@given(cohort=cohorts(), order=st.randoms())
@settings(max_examples=25)
def test_row_order_does_not_matter(estimator: Callable[[Source], Curves], cohort: Cohort, order: Any) -> None:
    shuffled = list(range(len(cohort)))
    order.shuffle(shuffled)
    names = ("group", "stratum", "entry")
    ours = estimator(histories(**cohort.rows(shuffled).arguments(*names)))
    same(ours, estimator(histories(**cohort.arguments(*names))))


@every_estimator
@given(cohort=cohorts())
@settings(max_examples=25)
def test_new_names_change_nothing_but_names(estimator: Callable[[Source], Curves], cohort: Cohort) -> None:
    there = {"relapse": "zzz", "NRM": "aaa", None: None, "A": "3", "B": "1", "C": "2"}
    back = {new: old for old, new in there.items() if new}
    event = np.array([there[name] for name in cohort.event], dtype=object)
    group = np.array([there[name] for name in cohort.group], dtype=object)
    renamed = estimator(
        event_table(cohort.time, event, causes=["aaa", "zzz"], group=group, levels=["1", "2", "3"])
    )
    ours = {(back[c.group], back.get(c.cause, "")): c for c in renamed}
    for curve in estimator(event_table(**cohort.arguments("group"))):
        other = ours[curve.group, curve.cause]
        np.testing.assert_array_equal(curve.time, other.time)
        np.testing.assert_allclose(curve.estimate, other.estimate, atol=1e-12)
        np.testing.assert_allclose(curve.std_error, other.std_error, rtol=1e-9, atol=1e-9)


@every_estimator
@given(cohort=cohorts(), per_unit=st.sampled_from([30.4, 365.25, 0.001]))
@settings(max_examples=25)
def test_time_stretch(estimator: Callable[[Source], Curves], cohort: Cohort, per_unit: float) -> None:
    short = estimator(event_table(cohort.time / per_unit, cohort.event, causes=CAUSES))
    for ours, theirs in zip(
        short, estimator(event_table(cohort.time, cohort.event, causes=CAUSES)), strict=True
    ):
        np.testing.assert_allclose(ours.time * per_unit, theirs.time, atol=1e-9)
        np.testing.assert_allclose(ours.estimate, theirs.estimate, atol=1e-12)
        np.testing.assert_allclose(ours.std_error, theirs.std_error, rtol=1e-9, atol=1e-12)


@every_estimator
@given(cohort=cohorts(least=2))
@settings(max_examples=25)
def test_merged_tables_give_the_pooled_curves(estimator: Callable[[Source], Curves], cohort: Cohort) -> None:
    half = np.arange(len(cohort)) % 2 == 0
    names = ("group",)
    merged = merge(*(event_table(**cohort.rows(part).arguments(*names)) for part in (half, ~half)))
    same(estimator(merged), estimator(event_table(**cohort.arguments(*names))))


@settings(max_examples=25)
@given(cohort=cohorts(), late=st.booleans(), factor=st.sampled_from([0.01, 7.0]))
def test_the_scale_of_sampling_weights_does_not_matter(cohort: Cohort, late: bool, factor: float) -> None:
    names = ("weight", *(["entry"] if late else []))
    arguments = cohort.arguments(*names)
    scaled = arguments | {"weight": cohort.weight * factor}
    for name in ROBUST:
        ours, theirs = ESTIMATORS[name](histories(**scaled)), ESTIMATORS[name](histories(**arguments))
        same(ours, theirs, columns=("estimate", "std_error", "low", "high"))


@settings(max_examples=25)
@given(cohort=cohorts(), weighted=st.booleans(), late=st.booleans())
def test_a_cluster_of_one_row_is_no_cluster(cohort: Cohort, weighted: bool, late: bool) -> None:
    """And the variance from counts is that from rows."""
    names = [*(["entry"] if late else []), "weight"]
    arguments = cohort.arguments(*names)
    if not weighted:
        arguments["weight"] = np.ones(len(cohort))
    alone = histories(**arguments, cluster=np.arange(len(cohort)))
    for name in ROBUST:
        same(ESTIMATORS[name](alone), ESTIMATORS[name](histories(**arguments)))
        if not late:
            same(ESTIMATORS[name](alone), ESTIMATORS[name](event_table(**arguments)))


@settings(max_examples=50)
@given(cohorts())
def test_equal_sampling_weights_give_greenwood(cohort: Cohort) -> None:
    weighted = kaplan_meier(
        event_table(cohort.time, cohort.event, causes=CAUSES, weight=np.full(len(cohort), 2.5))
    )
    plain = kaplan_meier(event_table(cohort.time, cohort.event, causes=CAUSES))
    alive = plain.curves[0].estimate > 0
    np.testing.assert_allclose(
        weighted.curves[0].std_error[alive], plain.curves[0].std_error[alive], atol=1e-12
    )


@settings(max_examples=50)
@given(cohorts(), st.integers(1, 12))
def test_restricted_mean_is_the_area_under_the_curve(cohort: Cohort, until: int) -> None:
    table = event_table(cohort.time + 1, cohort.event, causes=CAUSES)
    mean = next(iter(restricted_mean(table, until=until, extend=True)))
    grid = np.arange(0, until, 0.5)
    area = kaplan_meier(table).at(grid)["estimate"].sum() * 0.5
    assert mean.estimate == pytest.approx(area)
    assert mean.variance >= 0
    stretched = event_table((cohort.time + 1) / 30.4, cohort.event, causes=CAUSES)
    short = next(iter(restricted_mean(stretched, until=until / 30.4, extend=True)))
    assert short.estimate * 30.4 == pytest.approx(mean.estimate)
    assert short.variance * 30.4**2 == pytest.approx(mean.variance)


@settings(max_examples=50)
@given(cohorts(), st.floats(0, 1))
def test_the_quantile_is_where_the_curve_crosses(cohort: Cohort, probability: float) -> None:
    curves = kaplan_meier(event_table(cohort.time + 2, cohort.event, causes=CAUSES))
    curve = curves.curves[0]
    row = curves.quantile(probability).row(0, named=True)
    level = 1 - probability
    if row["estimate"] is None:
        assert (curve.estimate > level - 1e-7).all()
        return
    before = curve.estimate[curve.time < row["estimate"] - 1e-9]
    after = curve.estimate[curve.time > row["estimate"] + 1e-9]
    assert (before >= level - 1e-7).all()
    assert (after <= level + 1e-7).all()


@settings(max_examples=50)
@given(cohorts(), st.integers(0, 8))
def test_curves_are_probabilities_and_monotone(cohort: Cohort, late: int) -> None:
    names = ("group", "entry") if late else ("group",)
    table = event_table(**cohort.arguments(*names))
    for curve in kaplan_meier(table):
        assert (
            (curve.estimate >= 0) & (curve.estimate <= 1) & (np.diff(curve.estimate, prepend=1) <= 0)
        ).all()
    for variance in ("aalen", "delta"):
        for curve in cumulative_incidence(table, variance=variance):
            assert (
                (curve.estimate >= 0) & (curve.estimate <= 1) & (np.diff(curve.estimate, prepend=0) >= -1e-12)
            ).all()
            assert (curve.std_error >= 0).all()
            known = ~np.isnan(curve.low)
            assert (curve.low[known] <= curve.estimate[known] + 1e-12).all()
            assert (curve.high[known] >= curve.estimate[known] - 1e-12).all()
