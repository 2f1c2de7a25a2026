"""The real cohorts, dirt included, against an independent reading of the same files."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd

from remission.cohort.declare import ColumnDeclaration
from tests.cohort.study import build, problems_of

TIME, YES_NO = ColumnDeclaration(kind="time"), ColumnDeclaration(kind="yes/no")
CIBMTR = {"intxsurv": TIME, "dead": YES_NO, "intxrel": TIME, "rel": YES_NO, "trm": YES_NO}
CK1901 = """
[cohort]
file = "CK1901.csv"
id = "dcrid"
unit = "months"
days_per_month = 30.4
missing = [99, "NA"]
baseline = ["age", "kps", "yeartx"]

[columns]
age = { kind = "number", unit = "years" }
kps = { column = "karnofcat", codes = { 1 = "90-100", 2 = "< 90" } }
agvhd = { kind = "yes/no", known_at = "intxagvhd" }
agvhd24 = { column = "d100agvhd24", kind = "yes/no", known_at = "100 days" }

[derived]
over60 = { from = "age", cut = ["<= 60", "> 60"] }
"""


def test_ck1901(shared_data: Path) -> None:
    folder = shared_data / "cibmtr"
    raw = pd.read_csv(folder / "CK1901.csv", na_values=["NA"])
    cohort = build(CK1901, folder, CIBMTR)
    assert cohort.frame.height == 241
    days = cohort.frame["intxsurv"].to_numpy()
    assert np.array_equal(days, np.round(days)), "CIBMTR's months are whole days"
    np.testing.assert_allclose(days, raw["intxsurv"] * 30.4, rtol=0, atol=1e-9)
    assert cohort.frame["dead"].sum() == int((raw["dead"] == 1).sum())
    assert cohort.frame["trm"].null_count() == 1
    counts = dict(cohort.frame["kps"].drop_nulls().value_counts().iter_rows())
    assert counts == {
        "90-100": int((raw["karnofcat"] == 1).sum()),
        "< 90": int((raw["karnofcat"] == 2).sum()),
    }
    assert int((cohort.frame["over60"] == "> 60").sum()) == int((raw["age"] > 60).sum())
    assert int(cohort.frame["agvhd24"].sum()) == int((raw["d100agvhd24"] == 1).sum())
    assert str(cohort.columns["agvhd"].known_at) == "on intxagvhd"


def test_ck1901_without_its_missing_codes_says_what_to_do(shared_data: Path) -> None:
    found = problems_of(CK1901.replace('[99, "NA"]', "[99]"), shared_data / "cibmtr", CIBMTR)
    assert len(found) == 5
    assert all('say missing = ["NA"]' in problem for problem in found)


def test_bmt(shared_data: Path) -> None:
    folder = shared_data / "transplant"
    raw = pd.read_csv(folder / "bmt.csv")
    text = """
    [cohort]
    file = "bmt.csv"
    id = "id"
    unit = "days"
    baseline = ["disease_group", "recipient_age", "recipient_male", "wait_days", "hospital"]
    [columns]
    acute_gvhd = { kind = "yes/no", known_at = "acute_gvhd_days" }
    os_days = { kind = "time" }
    """
    cohort = build(text, folder)
    assert cohort.columns["disease_group"].levels == ("ALL", "AML high risk", "AML low risk")
    assert cohort.columns["acute_gvhd_days"].is_time
    assert cohort.frame["os_days"].to_list() == raw["os_days"].astype(float).to_list()
    assert cohort.frame["recipient_male"].to_list() == (raw["recipient_male"] == 1).to_list()
    assert cohort.frame["hospital"].to_list() == raw["hospital"].astype(str).to_list()


def test_bmtcrr_has_no_ids(shared_data: Path) -> None:
    text = """
    [cohort]
    file = "bmtcrr.csv"
    id = "row number"
    unit = "months"
    baseline = ["sex", "disease", "phase", "age", "source"]
    [columns]
    months = { kind = "time" }
    status = { codes = { 0 = "censored", 1 = "relapse", 2 = "death" } }
    """
    cohort = build(text, shared_data / "transplant")
    raw = pd.read_csv(shared_data / "transplant" / "bmtcrr.csv")
    assert cohort.frame["row number"].to_list()[:2] == ["2", "3"]
    counts = dict(cohort.frame["status"].value_counts().iter_rows())
    expected = raw["status"].value_counts()
    assert counts == {"censored": expected[0], "relapse": expected[1], "death": expected[2]}
    np.testing.assert_allclose(cohort.frame["months"].to_numpy(), raw["months"] * 30.4375)


def test_the_traps_of_the_children(shared_data: Path) -> None:
    text = """
    [cohort]
    file = "bone_marrow_children.csv"
    id = "row number"
    unit = "days"
    missing = ["", -1]
    baseline = ["Recipientage", "Disease", "CMVstatus"]

    [columns]
    survival_time = { kind = "time" }
    dead = { column = "survival_status", kind = "yes/no" }
    agvhd_days = { column = "time_to_aGvHD_III_IV", kind = "time", missing = [1000000] }
    agvhd = { column = "aGvHDIIIIV", codes = { 0 = "yes", 1 = "no" }, known_at = "agvhd_days" }
    cgvhd = { column = "extcGvHD", kind = "yes/no", codes = { 0 = "yes", 1 = "no" }, known_at = "after" }
    anc_days = { column = "ANCrecovery", kind = "time", missing = [1000000] }
    """
    cohort = build(text, shared_data / "transplant")
    raw = pd.read_csv(shared_data / "transplant" / "bone_marrow_children.csv")
    assert int(cohort.frame["agvhd"].sum()) == int((raw["aGvHDIIIIV"] == 0).sum())
    assert int(cohort.frame["cgvhd"].sum()) == int((raw["extcGvHD"] == 0).sum())
    assert cohort.frame["agvhd_days"].max() < 1000
    reached = int((raw["time_to_aGvHD_III_IV"] != 1_000_000).sum())
    assert cohort.frame["agvhd_days"].count() == reached
    no_but_dated = cohort.frame["agvhd"].eq(other=False) & cohort.frame["agvhd_days"].is_not_null()
    assert cohort.frame["agvhd_days"].filter(no_but_dated).to_list() == [100.0, 100.0]
    assert cohort.frame["anc_days"].null_count() == int((raw["ANCrecovery"] == 1_000_000).sum())


def test_hs1802_nobody_leaves_before_a_year(shared_data: Path) -> None:
    text = """
    [cohort]
    file = "HS1802.csv"
    id = "dummycrid"
    unit = "months"
    days_per_month = 30.4
    missing = [99, "NA"]
    baseline = ["age", "sex", "disease"]
    include = ["age >= 18"]
    """
    cohort = build(text, shared_data / "cibmtr", CIBMTR)
    raw = pd.read_csv(shared_data / "cibmtr" / "HS1802.csv")
    assert cohort.frame.height == int((raw["age"] >= 18).sum())
    assert sum(step.excluded for step in cohort.flow) + cohort.frame.height == cohort.source.rows == len(raw)
    assert cohort.frame["intxsurv"].min() > 12 * 30.4 - 1


def test_rt1802_is_quick(shared_data: Path) -> None:
    text = """
    [cohort]
    file = "RT1802.csv"
    id = "pseudoid"
    unit = "months"
    days_per_month = 30.4
    missing = [99, "NA"]
    baseline = ["sex", "agegp", "diseasegp", "drigp", "hctcigp", "yeartx"]
    include = ["diseasegp in [1, 2]", "drigp is not missing"]
    """
    start = time.perf_counter()
    cohort = build(text, shared_data / "cibmtr", CIBMTR)
    took = time.perf_counter() - start
    raw = pd.read_csv(shared_data / "cibmtr" / "RT1802.csv")
    kept = raw[raw["diseasegp"].isin([1, 2]) & (raw["drigp"] != 99) & raw["drigp"].notna()]
    assert cohort.frame["pseudoid"].to_list() == kept["pseudoid"].astype(str).to_list()
    assert took < 5, "0.1 s on an idle machine"
