"""Laws that tests of groups obey on any data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.estimate.gray import gray
from remission.estimate.logrank import logrank
from remission.estimate.permutation import permutation_logrank
from remission.estimate.testresult import TestResult
from remission.estimate.trend import logrank_trend
from remission.events.count import event_table
from remission.events.histories import histories
from remission.events.merge import merge
from remission.events.table import EventTable

CAUSES = {1: "relapse", 2: "NRM"}
LEVELS = ["A", "B", "C"]
Patient = tuple[int, int, str, str]  # time, cause, group, stratum
TESTS: dict[str, Callable[..., TestResult]] = {
    "log-rank": logrank,
    "cause-specific": lambda table: logrank(table, cause="relapse"),
    "Fleming-Harrington": lambda table: logrank(table, 1, 1),
    "Gehan": lambda table: logrank(table, weights="gehan"),
    "Peto": lambda table: logrank(table, weights="peto-peto"),
    "trend": logrank_trend,
    "Gray": lambda table: gray(table, "relapse"),
    "Gray, rho 1": lambda table: gray(table, "relapse", 1),
}
every_test = pytest.mark.parametrize("test", TESTS.values(), ids=TESTS.keys())
law = settings(max_examples=40, deadline=None)
patients = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from(LEVELS), st.sampled_from(["1", "2"])),
    min_size=6,
    max_size=40,
)


def count(rows: list[Patient], **more: Any) -> EventTable:
    time, cause, group, stratum = (list(column) for column in zip(*rows, strict=True))
    arguments = {"time": time, "event": cause, "causes": CAUSES, "group": group, "levels": LEVELS}
    return event_table(**arguments | {"stratum": stratum} | more)


def same(one: TestResult, other: TestResult) -> None:
    assert one.df == other.df
    assert one.computable == other.computable
    np.testing.assert_allclose(
        [one.statistic, one.p], [other.statistic, other.p], rtol=1e-7, atol=1e-10, equal_nan=True
    )


@every_test
@law
@given(patients)
def test_row_order_does_not_matter(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    same(test(count(rows)), test(count(rows[::-1])))


@every_test
@law
@given(patients, st.integers(3, 20))
def test_merged_sites_are_the_pooled_rows(
    test: Callable[..., TestResult], rows: list[Patient], cut: int
) -> None:
    here, there = rows[:cut], rows[cut:] or rows[:1]
    pooled = here + there
    same(test(merge(count(here), count(there))), test(count(pooled)))
    by_site = merge(count(here, stratum=["x"] * len(here)), count(there, stratum=["y"] * len(there)))
    stratified = count(pooled, stratum=["x"] * len(here) + ["y"] * len(there))
    same(test(by_site), test(stratified))


@every_test
@law
@given(patients)
def test_only_the_order_of_times_matters(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    stretched = [(3 * time**2 + 100 * time - 50, *rest) for time, *rest in rows]
    same(test(count(rows)), test(count(stretched)))


@every_test
@law
@given(patients)
def test_names_of_groups_and_strata_do_not_matter(
    test: Callable[..., TestResult], rows: list[Patient]
) -> None:
    # The new names reverse the order, which a trend does not notice; any order: next test.
    renamed = dict(zip(LEVELS, ["Z", "Y", "X"], strict=True))
    other = [(time, cause, renamed[group], "s" + stratum) for time, cause, group, stratum in rows]
    same(test(count(rows)), test(count(other, levels=["X", "Y", "Z"])))


@law
@given(patients)
def test_order_of_groups_does_not_matter(rows: list[Patient]) -> None:
    for name, test in TESTS.items():
        if name != "trend":
            same(test(count(rows)), test(count(rows, levels=["B", "C", "A"])))


@every_test
@law
@given(patients)
def test_one_stratum_is_no_stratum(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    same(test(count(rows, stratum=None)), test(count(rows, stratum=["only"] * len(rows))))


@every_test
@law
@given(patients)
def test_frequency_two_is_every_row_twice(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    doubled = count(rows, weight=[2] * len(rows), weights_are="frequency")
    same(test(doubled), test(count(rows + rows)))


@every_test
@law
@given(patients)
def test_identical_groups_do_not_differ(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    copies = [(time, cause, level, stratum) for time, cause, _, stratum in rows for level in LEVELS]
    result = test(count(copies))
    np.testing.assert_allclose(result.observed, result.expected, atol=1e-9)
    if result.computable:
        assert result.statistic == pytest.approx(0.0, abs=1e-12)
        assert result.p == pytest.approx(1.0, abs=1e-6)


@every_test
@law
@given(patients)
def test_observed_and_expected_have_one_sum(test: Callable[..., TestResult], rows: list[Patient]) -> None:
    result = test(count(rows))
    assert result.observed.sum() == pytest.approx(result.expected.sum(), abs=1e-9)
    np.testing.assert_allclose(
        result.variance.sum(axis=0), 0, atol=1e-9 * (1 + np.abs(result.variance).max())
    )
    np.testing.assert_allclose(result.variance, result.variance.T, rtol=1e-12, atol=1e-14)


@law
@given(patients)
def test_for_gray_other_causes_are_one(rows: list[Patient]) -> None:
    split = [(time, 3 if cause == 2 and time % 2 else cause, *rest) for time, cause, *rest in rows]
    three = {1: "relapse", 2: "infection", 3: "GVHD"}
    same(gray(count(rows), "relapse"), gray(count(split, causes=three), "relapse"))


@law
@given(patients, st.floats(0.01, 100))
def test_scale_of_sampling_weights_does_not_matter(rows: list[Patient], scale: float) -> None:
    weight = np.array([1 + time % 3 for time, *_ in rows], dtype=float)
    same(logrank(count(rows, weight=weight)), logrank(count(rows, weight=scale * weight)))


@law
@given(patients)
def test_every_row_its_own_cluster_is_no_cluster(rows: list[Patient]) -> None:
    time, cause, group, stratum = (list(column) for column in zip(*rows, strict=True))
    weight = [1 + moment % 3 for moment in time]
    arguments: dict[str, Any] = {"time": time, "event": cause, "causes": CAUSES, "group": group}
    arguments |= {"levels": LEVELS, "stratum": stratum, "weight": weight}
    clustered = histories(**arguments, cluster=range(len(rows)))
    choices: list[dict[str, Any]] = [{}, {"cause": "NRM"}, {"rho": 1, "gamma": 0.5}]
    for options in choices:
        same(logrank(clustered, **options), logrank(event_table(**arguments), **options))


@law
@given(patients)
def test_entry_at_minus_infinity_is_no_entry(rows: list[Patient]) -> None:
    same(logrank(count(rows)), logrank(count(rows, entry=[-np.inf] * len(rows))))


@settings(max_examples=15, deadline=None)
@given(patients.map(lambda rows: rows[:8]))
def test_permutation_shares_its_statistic_with_the_logrank_test(rows: list[Patient]) -> None:
    table = count(rows, stratum=None)
    ours, usual = permutation_logrank(table), logrank(table)
    assert ours.name == "permutation log-rank"
    same(replace(ours, p=usual.p), usual)
    assert np.isnan(ours.p) or 0 < ours.p <= 1
