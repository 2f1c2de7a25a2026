"""The log-rank family against R: survdiff, score tests of coxph, survMisc where it is right."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remission.core.adjust import adjusted
from remission.estimate.logrank import logrank
from remission.estimate.pairwise import pairwise
from remission.estimate.trend import logrank_trend
from tests.estimate.grouped import THREE_GROUPS, TWO_GROUPS, WITHOUT_ENTRY, rows_of, table_of
from tests.oracles.read import CASES, agree, listed, load

SURVDIFF: dict[str, tuple[float, bool, str | None]] = {
    "any_rho0": (0.0, False, None),
    "any_rho1": (1.0, False, None),
    "any_rho05": (0.5, False, None),
    "cause1_rho0": (0.0, False, "1"),
    "any_strata_rho0": (0.0, True, None),
    "any_strata_rho1": (1.0, True, None),
}
SURVMISC: dict[str, dict[str, Any]] = {
    "1": {},
    "n": {"weights": "gehan"},
    "sqrtN": {"weights": "tarone-ware"},
    "S1": {"weights": "peto-peto"},
    "S2": {"weights": "andersen"},
    "FH_p=0_q=1": {"gamma": 1.0},
    "FH_p=1_q=1": {"rho": 1.0, "gamma": 1.0},
    "FH_p=0_q=2": {"gamma": 2.0},
    "FH_p=1_q=0": {"rho": 1.0},
    "FH_p=0.5_q=0.5": {"rho": 0.5, "gamma": 0.5},
}
ROBUST: dict[str, dict[str, Any]] = {
    "logrank": {},
    "fh10": {"rho": 1.0},
    "fh01": {"gamma": 1.0},
    "fh_half": {"rho": 0.5, "gamma": 0.5},
    "gehan": {"weights": "gehan"},
    "tarone": {"weights": "tarone-ware"},
}
ROBUST_ANSWERS = json.loads(
    (Path(__file__).parents[1] / "oracles" / "grouptests" / "robust.json").read_text()
)


@pytest.mark.parametrize("name", WITHOUT_ENTRY)
def test_survdiff(name: str) -> None:
    case = load(name)
    for key, theirs in case.answers["survdiff"].items():
        rho, strata, cause = SURVDIFF[key]
        test = logrank(table_of(case, strata=strata), rho, cause=cause)
        agree(test.observed, theirs["obs"])
        agree(test.expected, theirs["exp"])
        agree(test.variance, theirs["var"])
        agree([test.statistic, test.df, test.p], [theirs[key] for key in ("chisq", "df", "p")])
        if rho == 0:
            agree(test.rows()["estimate"][1:], theirs["exp"])


@pytest.mark.parametrize("name", THREE_GROUPS)
def test_survmisc_with_three_groups_or_more(name: str) -> None:
    case = load(name)
    theirs = case.answers["survMisc"]
    assert set(theirs["W"]) == set(SURVMISC)
    for weight, statistic, df in zip(theirs["W"], theirs["chisq"], theirs["df"], strict=True):
        test = logrank(table_of(case), **SURVMISC[weight])
        agree([test.statistic, test.df], [statistic, df])


def test_survmisc_errs_with_two_groups_and_in_its_trend() -> None:
    # R contradicts itself: survdiff and the exact Cox score agree with us and with each other.
    case = load("int_weights")
    assert "int_weights" in TWO_GROUPS
    theirs = case.answers["survMisc"]
    logrank_of_survmisc = theirs["chisq"][theirs["W"].index("1")]
    ours = logrank(table_of(case)).statistic
    agree(ours, case.answers["survdiff"]["any_rho0"]["chisq"])
    agree(ours, case.answers["cox_exact_score"]["unstratified"]["score"])
    assert abs(logrank_of_survmisc - ours) > 0.02
    ties = load("ties12")
    trend = logrank_trend(table_of(ties)).statistic
    agree(trend, ties.answers["trend"]["logrank"])
    assert abs(ties.answers["survMisc"]["trend_chisq"][0] - trend) > 0.005


@pytest.mark.parametrize("name", WITHOUT_ENTRY)
def test_trend(name: str) -> None:
    case = load(name)
    theirs = case.answers["trend"]
    scores = [float(score) for score in theirs["scores"]]
    agree(logrank_trend(table_of(case)).statistic, theirs["logrank"])
    agree(logrank_trend(table_of(case), scores, rho=1.0).statistic, theirs["rho1"])


@pytest.mark.parametrize("name", WITHOUT_ENTRY)
def test_pairwise(name: str) -> None:
    case = load(name)
    theirs = case.answers["pairwise"]
    for adjust, key in (("holm", "pairwise_holm"), ("bh", "pairwise_bh")):
        ours = pairwise(logrank, table_of(case), adjust=adjust)
        assert ours.pairs == tuple(combinations(case.groups, 2))
        assert [list(pair) for pair in ours.pairs] == [one["pair"] for one in theirs]
        agree([test.statistic for test in ours.tests], [one["chisq"] for one in theirs])
        agree([test.p for test in ours.tests], [one["p"] for one in theirs])
        agree(ours.p_adjusted, listed(case.answers[key]))
        agree(adjusted([one["p"] for one in theirs], adjust), listed(case.answers[key]))


@pytest.mark.parametrize("name", [name for name in CASES if "cox_exact_score" in load(name).answers])
def test_exact_cox_score_with_and_without_delayed_entry(name: str) -> None:
    case = load(name)
    for key, theirs in case.answers["cox_exact_score"].items():
        test = logrank(table_of(case, strata=key == "stratified"))
        agree([test.statistic, test.df], [theirs["score"], theirs["df"]])


@pytest.mark.parametrize("name", CASES)
def test_sampling_weights_and_clusters(name: str) -> None:
    case = load(name)
    theirs = case.answers["weighted_logrank_cause1"]
    rows = rows_of(case, weight=True)
    if not case.delayed:
        agree(logrank(rows.table(), cause="1").statistic, theirs["robust"][0])
    agree(logrank(rows, cause="1").statistic, theirs["robust"][0])
    agree(logrank(rows_of(case, weight=True, cluster=True), cause="1").statistic, theirs["cluster"][0])


@pytest.mark.parametrize("name", [name for name in ROBUST_ANSWERS if name != "software"])
def test_weight_functions_with_sampling_weights_strata_and_clusters(name: str) -> None:
    case = load(name)
    for key, theirs in ROBUST_ANSWERS[name].items():
        where, what, *weight, unit = key.split("_")
        rows = rows_of(case, strata=where == "strata", weight=True, cluster=unit == "cluster")
        options = ROBUST["_".join(weight)] | {"cause": None if what == "any" else "1"}
        test = logrank(rows, **options)
        agree(test.statistic, theirs)
        assert "robust variance" in test.note
        if unit == "rows" and not case.delayed:
            agree(logrank(rows.table(), **options).statistic, theirs)


def test_every_reference_entry_is_used() -> None:
    for name in WITHOUT_ENTRY:
        assert set(load(name).answers["survdiff"]) <= set(SURVDIFF)
    assert np.sum(["cox_exact_score" in load(name).answers for name in CASES]) >= 7
