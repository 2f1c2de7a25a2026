"""Tests of groups on real transplant cohorts, against R."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remission.estimate.gray import gray
from remission.estimate.logrank import logrank
from remission.estimate.pairwise import pairwise
from remission.estimate.testresult import TestResult
from remission.events.count import event_table
from remission.events.table import EventTable
from tests.oracles.read import agree

CAUSES = {1: "relapse", 2: "NRM"}
DFS_BY_HOSPITAL = (
    10.7832473286028  # survdiff(Surv(rfs_days, relapse_or_death) ~ disease_group + strata(hospital))
)
EFS_BY_DISEASE = 26.3721934705642  # survdiff(Surv(months, status > 0) ~ phase + strata(disease))
Columns = dict[str, np.ndarray]


def read(path: Path) -> Columns:
    with path.open(newline="") as file:
        records = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in records]) for name in records[0]}


def answers(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def same(test: TestResult, theirs: dict[str, Any]) -> None:
    agree([test.statistic, test.df, test.p], [theirs["chisq"], theirs["df"], theirs["p"]])


def stratified(within: EventTable, across: EventTable, right: float, theirs: dict[str, Any]) -> None:
    """The two stratified entries compare groups x strata, on the degrees of freedom of the groups.

    Their script wrote survival::strata(), which survdiff does not take for strata but for one more factor.
    `right` is survdiff's answer to strata().
    """
    agree(logrank(within).statistic, right)
    agree(logrank(across).statistic, theirs["chisq"])
    assert logrank(across).df > logrank(within).df == theirs["df"]


def same_gray(table: EventTable, theirs: dict[str, Any], rho: float = 0.0) -> None:
    tests = [gray(table, cause, rho) for cause in CAUSES.values()]
    agree([test.statistic for test in tests], theirs["stat"])
    agree([test.df for test in tests], theirs["df"])
    np.testing.assert_allclose([test.p for test in tests], theirs["p"], rtol=1e-8, atol=1e-12)


def test_bmt(shared_data: Path, shared_oracles: Path) -> None:
    rows, theirs = read(shared_data / "transplant" / "bmt.csv"), answers(shared_oracles / "bmt.json")
    group = rows["disease_group"]
    levels = ["ALL", "AML low risk", "AML high risk"]
    died = rows["death"] == "1"
    same(logrank(event_table(rows["os_days"].astype(float), died, group=group)), theirs["logrank_os"])
    days, failed = rows["rfs_days"].astype(float), rows["relapse_or_death"] == "1"
    dfs = event_table(days, failed, group=group, levels=levels)
    same(logrank(dfs), theirs["logrank_dfs"])
    within = event_table(days, failed, group=group, stratum=rows["hospital"])
    across = event_table(days, failed, group=np.char.add(group, rows["hospital"]))
    stratified(within, across, DFS_BY_HOSPITAL, theirs["logrank_dfs_strata_hospital"])
    pairs = pairwise(logrank, dfs)
    assert [list(pair) for pair in pairs.pairs] == [one["pair"] for one in theirs["logrank_dfs_pairwise"]]
    for test, one in zip(pairs.tests, theirs["logrank_dfs_pairwise"], strict=True):
        same(test, one)
    cause = np.where(rows["relapse"] == "1", 1, np.where(failed, 2, 0))
    same_gray(event_table(days, cause, causes=CAUSES, group=group), theirs["cif"]["gray"])

    late = days > 100
    early_gvhd = (rows["acute_gvhd"] == "1") & (rows["acute_gvhd_days"].astype(float) <= 100)
    landmark = event_table(
        days[late] - 100, failed[late], group=np.where(early_gvhd[late], "GVHD", "no GVHD")
    )
    same(logrank(landmark), theirs["landmark_100_dfs_by_agvhd"]["logrank"])


def test_bmtcrr(shared_data: Path, shared_oracles: Path) -> None:
    rows, theirs = read(shared_data / "transplant" / "bmtcrr.csv"), answers(shared_oracles / "bmtcrr.json")
    months, cause = rows["months"].astype(float), rows["status"].astype(int)

    def table(group: str, stratum: str | None = None) -> EventTable:
        return event_table(
            months,
            cause,
            causes=CAUSES,
            group=rows[group],
            stratum=None if stratum is None else rows[stratum],
        )

    same(logrank(table("disease")), theirs["logrank_disease"])
    same(logrank(table("phase")), theirs["logrank_phase"])
    same(logrank(table("phase"), 1.0), theirs["peto_phase"])
    across = event_table(months, cause, causes=CAUSES, group=np.char.add(rows["phase"], rows["disease"]))
    stratified(table("phase", "disease"), across, EFS_BY_DISEASE, theirs["logrank_phase_strata_disease"])
    same_gray(table("disease"), theirs["cif_by_disease"]["gray"])
    same_gray(table("phase"), theirs["cif_by_phase"]["gray"])
    same_gray(table("phase", "disease"), theirs["cif_by_phase_strata_disease"]["gray"])
    same_gray(table("phase"), theirs["cif_by_phase_rho1"]["gray"], rho=1.0)


def test_ebmt3(shared_data: Path, shared_oracles: Path) -> None:
    rows, theirs = read(shared_data / "transplant" / "ebmt3.csv"), answers(shared_oracles / "ebmt3.json")
    table = event_table(
        rows["rfs_days"].astype(float), rows["relapse_or_death"] == "1", group=rows["disease"]
    )
    same(logrank(table), theirs["logrank_rfs_disease"])


@pytest.mark.parametrize("name", ["bmt.json", "bmtcrr.json", "ebmt3.json"])
def test_every_test_of_groups_in_the_reference_is_used(name: str, shared_oracles: Path) -> None:
    text = Path(__file__).read_text()
    for key, value in answers(shared_oracles / name).items():
        if "logrank" in key or key.startswith("peto"):
            assert f'"{key}"' in text
        if key.startswith("cif") and "gray" in value:
            assert f'"{key}"]["gray"]' in text
