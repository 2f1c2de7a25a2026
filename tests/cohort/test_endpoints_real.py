"""Endpoints of real registry files, against counts made here from the raw file and against R."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownOn
from remission.cohort.guard import judge
from remission.cohort.landmark import landmarked, values_at
from remission.core.clock import Clock, Duration
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.logrank import logrank
from remission.estimate.survival import kaplan_meier
from tests.cohort.by_hand import bad, cohort_of, good

CIBMTR = Clock("months", 30.4)
CIR = {"definition": "relapse-incidence", "time": "intxrel", "relapse": "rel", "death_without_relapse": "trm"}
OS = {"definition": "overall-survival", "time": "intxsurv", "status": "dead"}


def raw(path: Path) -> list[dict[str, str | None]]:
    """Rows of a file as written, without the codes that mean missing."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {key: None if text in {"", "NA"} else text for key, text in row.items()}
            for row in csv.DictReader(file)
        ]


def days(rows: Sequence[dict[str, Any]], name: str) -> list[float | None]:
    """CIBMTR months as the whole days they are."""
    return [None if row[name] is None else float(round(float(row[name]) * 30.4)) for row in rows]


def yes(
    rows: Sequence[dict[str, Any]], name: str, *, code: str = "1", missing: str = "99"
) -> list[bool | None]:
    """A status column."""
    return [None if row[name] in {None, missing} else row[name] == code for row in rows]


def cibmtr(path: Path) -> tuple[list[dict[str, Any]], Cohort]:
    rows = raw(path)
    columns: dict[str, Any] = {name: days(rows, name) for name in ("intxsurv", "intxrel")}
    columns |= {name: yes(rows, name) for name in ("dead", "rel", "trm", "dfs")}
    return rows, cohort_of(columns, clock=CIBMTR)


def close(ours: Sequence[float], theirs: Sequence[float]) -> bool:
    """Agreement with R."""
    return bool((np.abs(np.subtract(ours, theirs)) <= 1e-8 * np.maximum(np.abs(theirs), 1e-6)).all())


def test_t_prolymphocytic_leukaemia(shared_data: Path) -> None:
    rows, cohort = cibmtr(shared_data / "cibmtr" / "CK1901.csv")
    (problem,) = bad(cohort, relapse=CIR)
    no_cause = [index for index, row in enumerate(rows, 1) if row["trm"] is None]
    no_time = [index for index, row in enumerate(rows, 1) if row["intxrel"] is None]
    assert (len(no_cause), len(no_time)) == (1, 1)
    assert problem.ids == tuple(str(index) for index in sorted(no_cause + no_time))
    outcomes = good(
        cohort,
        os=OS,
        relapse={**CIR, "missing_endpoint": "exclude"},
        nrm={"definition": "non-relapse-mortality", "same_as": "relapse"},
        pfs={"definition": "progression-free-survival", "same_as": "relapse"},
        dfs={
            "definition": "disease-free-survival",
            "time": "intxrel",
            "status": "dfs",
            "missing_endpoint": "exclude",
        },
    )
    assert len(outcomes["os"].rows) == 241
    assert Counter(outcomes["os"].event)["death"] == Counter(row["dead"] for row in rows)["1"] == 158
    known = [row for row in rows if row["trm"] is not None and row["intxrel"] is not None]
    expected = Counter(
        "relapse" if row["rel"] == "1" else "death without relapse" if row["trm"] == "1" else None
        for row in known
    )
    assert Counter(outcomes["relapse"].event) == Counter(outcomes["nrm"].event) == expected
    assert [(step.excluded, step.remaining) for step in outcomes["relapse"].flow] == [(2, 239)]
    assert sum(event is not None for event in outcomes["dfs"].event) == sum(
        row["dfs"] == "1" for row in known
    )
    assert np.array_equal(outcomes["dfs"].time, outcomes["pfs"].time)
    assert np.array_equal(outcomes["dfs"].event == None, outcomes["pfs"].event == None)  # noqa: E711
    assert outcomes["relapse"].time.tolist() == [round(float(row["intxrel"]) * 30.4) for row in known]


def test_published_survival_of_t_prolymphocytic_leukaemia(shared_data: Path) -> None:
    _, cohort = cibmtr(shared_data / "cibmtr" / "CK1901.csv")
    outcome = good(cohort, os=OS)["os"]
    row = kaplan_meier(outcome.table(), interval="log").at([4 * CIBMTR.days_per_year]).row(0, named=True)
    assert [round(100 * row[name], 1) for name in ("estimate", "low", "high")] == [29.7, 23.7, 37.2]


def test_the_competing_pair_and_progression_free_survival_add_up(shared_data: Path) -> None:
    for name in ("CK1901", "RT1802"):
        _, cohort = cibmtr(shared_data / "cibmtr" / f"{name}.csv")
        outcomes = good(
            cohort,
            relapse={**CIR, "missing_endpoint": "exclude"},
            nrm={"definition": "non-relapse-mortality", "same_as": "relapse"},
            pfs={"definition": "progression-free-survival", "same_as": "relapse"},
        )
        at = [30.0, 100.0, 364.8, 3 * 364.8]
        survival = kaplan_meier(outcomes["pfs"].table()).at(at)["estimate"].to_numpy()
        relapse = cumulative_incidence(outcomes["relapse"].table()).curve(cause="relapse")
        deaths = cumulative_incidence(outcomes["nrm"].table()).curve(cause="death without relapse")
        for index, time in enumerate(at):
            parts = [
                curve.estimate[np.searchsorted(curve.time, time, side="right") - 1]
                for curve in (relapse, deaths)
            ]
            assert abs(survival[index] + sum(parts) - 1) < 1e-12


def test_the_large_registry_file(shared_data: Path) -> None:
    rows, cohort = cibmtr(shared_data / "cibmtr" / "RT1802.csv")
    entry = {**CIR, "last": "intxsurv", "missing_endpoint": "exclude"}
    problems = bad(cohort, relapse=entry)
    late = [
        index
        for index, row in enumerate(rows, 1)
        if row["intxrel"]
        and row["intxsurv"]
        and round(float(row["intxrel"]) * 30.4) > round(float(row["intxsurv"]) * 30.4)
    ]
    assert len(late) == 14
    assert {identity for problem in problems for identity in problem.ids} == set(map(str, late))
    unknown_cause = sum(row["rel"] == "99" for row in rows)
    no_time = sum(row["intxrel"] is None and row["rel"] != "99" for row in rows)
    assert (unknown_cause, no_time) == (58, 229)
    truncated = good(cohort, relapse={**entry, "later_than": "truncate"})["relapse"]
    assert [step.excluded for step in truncated.flow] == [unknown_cause + no_time]
    assert len(truncated.rows) == len(rows) - unknown_cause - no_time
    assert "In 14 patients a time after the end of follow-up was set to its last day." in truncated.definition
    by_row = dict(zip(truncated.rows.tolist(), truncated.time.tolist(), strict=True))
    for index in late:
        assert by_row[index - 1] == round(float(rows[index - 1]["intxsurv"]) * 30.4)
    excluded = good(cohort, relapse={**entry, "later_than": "exclude"})["relapse"]
    assert [step.excluded for step in excluded.flow] == [unknown_cause + no_time, 14]


def test_delayed_entry_at_twelve_months(shared_data: Path) -> None:
    rows = raw(shared_data / "cibmtr" / "HS1802.csv")
    columns: dict[str, Any] = {"intxsurv": days(rows, "intxsurv"), "dead": yes(rows, "dead")}
    columns["cgvhd"] = yes(rows, "cgvhd1y")
    known = {"cgvhd": KnownAfter(Duration(12, "months"))}
    cohort = cohort_of(columns, clock=CIBMTR, known=known)
    outcomes = good(cohort, os={**OS, "entry": "12 months"}, naive=OS)
    outcome = outcomes["os"]
    assert len(outcome.rows) == 5473
    assert outcome.entry is not None
    assert set(outcome.entry) == {12 * 30.4}
    table = outcome.table()
    assert table.has_delayed_entry
    (block,) = table.blocks()
    first = np.flatnonzero(block.counts.moved[:, 0] + block.counts.censored[:, 0])[0]
    assert block.at_risk[first, 0] == 5473
    assert judge(cohort, "cgvhd", outcome).reason == "known by the start"
    assert not judge(cohort, "cgvhd", outcomes["naive"]).allowed


def test_children_with_unrelated_donors(shared_data: Path) -> None:
    rows = raw(shared_data / "transplant" / "bone_marrow_children.csv")

    def reached(name: str) -> list[float | None]:
        return [
            None if row[name] is None or float(row[name]) == 1000000 else float(row[name]) for row in rows
        ]

    columns: dict[str, Any] = {
        "survival": reached("survival_time"),
        "dead": yes(rows, "survival_status"),
        "gvhd": reached("time_to_aGvHD_III_IV"),
        "platelets": reached("PLTrecovery"),
        "neutrophils": reached("ANCrecovery"),
    }
    cohort = cohort_of(columns)
    entries = {
        "os": {"definition": "overall-survival", "time": "survival", "status": "dead"},
        "gvhd": {"definition": "acute-gvhd", "same_as": "os", "acute_gvhd": "gvhd", "grade": "III-IV"},
        "anc": {"definition": "neutrophil-recovery", "same_as": "os", "recovery": "neutrophils"},
        "plt": {"definition": "platelet-recovery", "same_as": "os", "recovery": "platelets"},
    }
    problems = bad(cohort, **entries)
    too_late = {
        str(i)
        for i, row in enumerate(rows, 1)
        if 1000000 > float(row["PLTrecovery"] or 0) > float(row["survival_time"] or 0)
    }
    assert {identity for problem in problems for identity in problem.ids} == too_late
    assert len(too_late) == 2
    outcomes = good(cohort, **{**entries, "plt": {**entries["plt"], "later_than": "exclude"}})
    assert Counter(outcomes["os"].event)["death"] == sum(row["survival_status"] == "1" for row in rows) == 85
    assert Counter(outcomes["gvhd"].event)["acute GVHD"] == sum(
        row["time_to_aGvHD_III_IV"] != "1000000" for row in rows
    )
    assert Counter(outcomes["anc"].event)["neutrophil recovery"] == sum(
        row["ANCrecovery"] != "1000000" for row in rows
    )
    assert outcomes["gvhd"].label == "Acute GVHD III-IV"


@pytest.fixture(scope="module")
def bmt(shared_data: Path) -> Cohort:
    rows = raw(shared_data / "transplant" / "bmt.csv")
    columns: dict[str, Any] = {
        name: [float(row[name] or "nan") for row in rows]
        for name in ("os_days", "rfs_days", "acute_gvhd_days", "chronic_gvhd_days", "platelet_recovery_days")
    }
    columns |= {
        name: yes(rows, name)
        for name in (
            "death",
            "relapse",
            "relapse_or_death",
            "acute_gvhd",
            "chronic_gvhd",
            "platelet_recovery",
        )
    }
    columns["disease_group"] = [row["disease_group"] for row in rows]
    known = {
        "acute_gvhd": KnownOn("acute_gvhd_days"),
        "disease_group": Baseline(),
        "platelet_recovery": KnownOn("platelet_recovery_days"),
    }
    return cohort_of(columns, known=known)


def test_marrow_transplants_against_r(bmt: Cohort, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text(encoding="utf-8"))
    outcomes = good(
        bmt,
        os={"definition": "overall-survival", "time": "os_days", "status": "death"},
        dfs={"definition": "disease-free-survival", "time": "rfs_days", "status": "relapse_or_death"},
        relapse={
            "definition": "relapse-incidence",
            "time": "rfs_days",
            "status": "relapse_or_death",
            "relapse": "relapse",
        },
        nrm={"definition": "non-relapse-mortality", "same_as": "relapse"},
    )
    for name, key in (("os", "overall_survival"), ("dfs", "disease_free_survival")):
        theirs = oracle[key]["all"]
        ours = kaplan_meier(outcomes[name].table()).at(theirs["times"])
        assert len(outcomes[name].rows) == theirs["n"]
        assert sum(event is not None for event in outcomes[name].event) == theirs["events"]
        assert close(ours["estimate"].to_list(), theirs["survival"])
    group = [str(bmt.frame["disease_group"][int(row)]) for row in outcomes["relapse"].rows]
    curves = cumulative_incidence(outcomes["relapse"].table(group=group))
    for label, estimates in zip(oracle["cif"]["curves"], oracle["cif"]["est"], strict=True):
        disease, _, code = label.rpartition(" ")
        cause = {"1": "relapse", "2": "death without relapse"}[code]
        at = curves.at(oracle["cif"]["times"])
        mine = at.filter((at["group"] == disease) & (at["cause"] == cause))["estimate"].to_list()
        assert close(mine, estimates)


def test_gvhd_times_are_follow_up_where_the_status_says_no(bmt: Cohort, shared_data: Path) -> None:
    rows = raw(shared_data / "transplant" / "bmt.csv")
    entry = {
        "definition": "acute-gvhd",
        "acute_gvhd": {"time": "acute_gvhd_days", "status": "acute_gvhd"},
        "death": {"time": "os_days", "status": "death"},
    }
    outcome = good(bmt, gvhd=entry)["gvhd"]
    expected = Counter(
        "acute GVHD"
        if row["acute_gvhd"] == "1"
        else "death without acute GVHD"
        if row["death"] == "1"
        else None
        for row in rows
    )
    assert Counter(outcome.event) == expected
    assert outcome.time.tolist() == [
        float(row["acute_gvhd_days"] if row["acute_gvhd"] == "1" else row["os_days"]) for row in rows
    ]


def test_the_landmark_at_day_100_against_r(bmt: Cohort, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text(encoding="utf-8"))[
        "landmark_100_dfs_by_agvhd"
    ]
    dfs = {"definition": "disease-free-survival", "time": "rfs_days", "status": "relapse_or_death"}
    outcome = good(bmt, dfs=dfs)["dfs"]
    assert not judge(bmt, "acute_gvhd", outcome).allowed
    assert judge(bmt, "acute_gvhd", outcome, landmark_days=100.0).allowed
    late = landmarked(outcome, 100.0)
    assert len(late.rows) == oracle["n"]
    values = values_at(bmt, "acute_gvhd", late, 100.0)
    assert Counter(values) == {True: oracle["km"]["1"]["n"], False: oracle["km"]["0"]["n"]}
    table = late.table(group=[str(value) for value in values])
    curves = kaplan_meier(table).at([100 + time for time in oracle["km"]["0"]["times"]])
    for value, key in ((False, "0"), (True, "1")):
        mine = curves.filter(curves["group"] == str(value))["estimate"].to_list()
        assert close(mine, oracle["km"][key]["survival"])
    assert close([logrank(table).statistic], [oracle["logrank"]["chisq"]])
