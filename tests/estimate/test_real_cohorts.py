"""Curves of three published transplant cohorts against R. The data are others', read where they lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.estimate.hazard import nelson_aalen
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.cut import landmark
from remission.events.table import EventTable
from tests.oracles.read import agree, numbers


def answers(folder: Path, name: str) -> dict[str, Any]:
    wanted: dict[str, Any] = json.loads((folder / f"{name}.json").read_text())
    return wanted


def check_survival(table: EventTable, theirs: dict[str, Any], *, shift: float = 0.0) -> None:
    """`shift`: R's clock starts there; ours stays on the original axis."""
    times = np.array(theirs["times"]) + shift
    for interval, name in (("log-log", "loglog"), ("log", "log"), ("plain", "plain")):
        rows = kaplan_meier(table, interval=interval).at(times)
        agree(rows["low"].fill_null(np.nan), theirs[f"{name}_lower"])
        agree(rows["high"].fill_null(np.nan), theirs[f"{name}_upper"])
    agree(rows["at_risk"], theirs["n_risk"])
    agree(rows["estimate"], theirs["survival"])
    agree(rows["std_error"].fill_null(np.nan), theirs["std_err"])
    curves = kaplan_meier(table)
    assert curves.curves[0].at_risk.max() == theirs["n"]
    assert curves.curves[0].events[-1] == theirs["events"]
    quantiles = curves.quantile(theirs["quantile_probs"])
    for side, name in (("estimate", "quantile"), ("low", "quantile_lower"), ("high", "quantile_upper")):
        agree(quantiles[side].fill_null(np.nan) - shift, theirs[name])
    agree(np.exp(-nelson_aalen(table).at(times)["estimate"].to_numpy()), theirs["nelson_aalen_survival"])
    mean = restricted_mean(table, until=theirs["rmst_tau"] + shift, extend=True).rows()
    agree(mean["estimate"] - shift, [theirs["rmst"]])
    agree(mean["std_error"], [theirs["rmst_se"]])


def check_by_group(time: pl.Series, event: pl.Series, group: pl.Series, theirs: dict[str, Any]) -> None:
    for name, one in theirs.items():
        keep = pl.Series([True] * len(time)) if name == "all" else group == name
        check_survival(event_table(time.filter(keep), event.filter(keep)), one)


def check_incidence(table: EventTable, theirs: dict[str, Any]) -> None:
    """cmprsk's estimate and variance; survfit's states and errors."""
    curves = cumulative_incidence(table, variance="aalen")
    for name, est, var in zip(theirs["curves"], theirs["est"], theirs["var"], strict=True):
        group, code = name.rsplit(" ", 1)
        cause = table.topology.causes[int(code) - 1]
        rows = curves.at(theirs["times"]).filter(group=group, cause=cause)
        known = np.array(theirs["times"]) <= curves.curve(group=group, cause=cause).time[-1]
        agree(rows["estimate"], est, where=known)
        agree(rows["std_error"].to_numpy() ** 2, var, where=known, floor=1e-8)
    states = theirs["aalen_johansen"]
    jackknife, survival = cumulative_incidence(table, variance="jackknife"), kaplan_meier(table)
    strata = np.array([name.removeprefix("g=").strip() for name in states["strata"]])
    for group in table.groups:
        mine = strata == group
        times = np.array(states["time"])[mine]
        agree(survival.at(times).filter(group=group)["estimate"], numbers(states["pstate"])[mine, 0])
        for place, cause in enumerate(table.topology.causes, start=1):
            rows = jackknife.at(times).filter(group=group, cause=cause)
            agree(rows["estimate"], numbers(states["pstate"])[mine, place])
            agree(rows["std_error"], numbers(states["std_err"])[mine, place])


@pytest.fixture(scope="module")
def bmt(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "transplant" / "bmt.csv")


@pytest.fixture(scope="module")
def bmtcrr(shared_data: Path) -> pl.DataFrame:
    return pl.read_csv(shared_data / "transplant" / "bmtcrr.csv")


def test_bmt_survival(bmt: pl.DataFrame, shared_oracles: Path) -> None:
    theirs = answers(shared_oracles, "bmt")
    group = bmt["disease_group"]
    check_by_group(bmt["os_days"], bmt["death"] == 1, group, theirs["overall_survival"])
    check_by_group(bmt["rfs_days"], bmt["relapse_or_death"] == 1, group, theirs["disease_free_survival"])


def test_bmt_incidence(bmt: pl.DataFrame, shared_oracles: Path) -> None:
    event = bmt.select(
        pl.when(pl.col("relapse") == 1)
        .then(pl.lit("relapse"))
        .when(pl.col("relapse_or_death") == 1)
        .then(pl.lit("NRM"))
    ).to_series()
    table = event_table(bmt["rfs_days"], event, causes=["relapse", "NRM"], group=bmt["disease_group"])
    check_incidence(table, answers(shared_oracles, "bmt")["cif"])


def test_bmt_landmark(bmt: pl.DataFrame, shared_oracles: Path) -> None:
    """Our cut table stays on the clock from transplant; R's patients were counted from day 100."""
    theirs = answers(shared_oracles, "bmt")["landmark_100_dfs_by_agvhd"]
    early = (bmt["acute_gvhd"] == 1) & (bmt["acute_gvhd_days"] <= 100)
    for code, one in theirs["km"].items():
        keep = early == bool(int(code))
        whole = event_table(bmt["rfs_days"].filter(keep), bmt["relapse_or_death"].filter(keep) == 1)
        check_survival(landmark(whole, 100), one, shift=100.0)


def test_bmtcrr(bmtcrr: pl.DataFrame, shared_oracles: Path) -> None:
    theirs = answers(shared_oracles, "bmtcrr")
    check_by_group(bmtcrr["months"], bmtcrr["status"] > 0, bmtcrr["disease"], theirs["event_free_survival"])
    for by in ("disease", "phase"):
        table = event_table(
            bmtcrr["months"], bmtcrr["status"], causes={1: "relapse", 2: "TRM"}, group=bmtcrr[by]
        )
        check_incidence(table, theirs[f"cif_by_{by}"])


def test_ebmt3(shared_data: Path, shared_oracles: Path) -> None:
    frame = pl.read_csv(shared_data / "transplant" / "ebmt3.csv", infer_schema_length=None)
    table = event_table(frame["rfs_days"], frame["relapse_or_death"] == 1)
    check_survival(table, answers(shared_oracles, "ebmt3")["rfs"])
