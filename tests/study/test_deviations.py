"""The local list of who deviates: every patient the report counts, safe cells, and never among results."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import remission as rm
from remission.cli import app
from remission.study.deviations import DEVIATION, NOT_KNOWN, PATIENT

ROWS = """\
id,diagnosis,risk,induction,consolidation,graft,relapse,death,last
"=1+1",2011-01-01,HR,2011-01-03,2011-02-20,2011-06-01,,,2014-01-01
P2,2011-03-01,HR,2011-03-12,2011-04-20,,,,2014-01-01
P3,2011-05-01,LR,2011-05-02,,2011-09-01,,,2014-01-01
P4,2011-07-01,,2011-07-02,2011-08-15,,2011-10-01,2012-01-01,2012-01-01
"""
STUDY = """\
schema = 1
[study]
title = "Who deviates"
[cohort]
file = "patients.csv"
id = "id"
time_zero = "diagnosis"
time_zero_label = "diagnosis"
baseline = ["risk"]
[columns]
diagnosis = { kind = "date" }
risk = { kind = "category", levels = ["LR", "HR"] }
induction = { kind = "date" }
consolidation = { kind = "date" }
graft = { kind = "date" }
[endpoints]
os = { definition = "overall-survival", death = "death", last = "last" }
efs = { definition = "disease-free-survival", relapse = "relapse", death = "death", last = "last" }
tx = { definition = "transplant-in-remission", same_as = "efs", transplant = "graft" }
[[analysis]]
kind = "treatment"
endpoint = "efs"
phases = [
  { name = "induction", start = "induction", window = ["0 days", "7 days"] },
  { name = "consolidation", start = "consolidation", window = ["35 days", "56 days"], from = "induction" },
]
indication = "risk = 'HR'"
delivered = { start = "graft", window = ["90 days", "240 days"] }
"""


def written(folder: Path, text: str = STUDY) -> Path:
    (folder / "patients.csv").write_text(ROWS, encoding="utf-8")
    study = folder / "study.toml"
    study.write_text(text, encoding="utf-8")
    return study


def test_who_deviates_and_what_is_not_known(tmp_path: Path) -> None:
    table = rm.deviations(written(tmp_path))
    assert table.columns[0] == PATIENT
    assert "PATIENT DATA" in PATIENT
    found = [tuple(row) for row in table.drop("analysis").iter_rows()]
    assert found == [
        ("P2", DEVIATION, "induction", "phase started late", 0.0, 7.0, 11.0, 4.0),
        ("P2", DEVIATION, "", "indicated and never given", 90.0, 240.0, None, None),
        ("P3", DEVIATION, "consolidation", "phase omitted", 36.0, 57.0, None, None),
        ("P3", DEVIATION, "", "given though not indicated", None, None, 123.0, None),
        ("P4", NOT_KNOWN, "", "whether it was indicated", None, None, None, None),
    ]


def test_the_list_holds_those_whom_the_report_counts(tmp_path: Path) -> None:
    study = written(tmp_path)
    results = rm.run(study, tmp_path / "out")
    (analysis,) = results.analyses
    counted = next(each for each in analysis.findings if each.name == "deviations_counted")
    table = rm.deviations(study).filter(pl.col("finding") == DEVIATION)
    assert table[PATIENT].n_unique() == counted.facts["n"] == 2
    rows = next(each.rows for each in analysis.outputs if each.name == "deviations")
    assert rows.filter(pl.col("measure") == "count")["estimate"].sum() == table.height == 4
    for file in ("report.html", "results.json", "rows.csv"):
        text = (tmp_path / "out" / file).read_text(encoding="utf-8")
        assert "P2" not in text
        assert "P3" not in text


def test_the_command_writes_a_list_without_formulas(tmp_path: Path) -> None:
    study = written(tmp_path, STUDY.replace("risk = 'HR'", "risk = 'LR'"))
    out = tmp_path / "office.csv"
    told = CliRunner().invoke(app, ["deviations", str(study), "--out", str(out)])
    assert told.exit_code == 0, told.output
    assert "holds patient data" in told.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == PATIENT
    assert rows[1][0] == "'=1+1"
    late = next(row for row in rows if row[4] == "phase started late")
    assert late[5:] == ["0", "7", "11", "4"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".office")] == []


def test_the_list_is_refused_among_results(tmp_path: Path) -> None:
    study = written(tmp_path)
    rm.run(study, tmp_path / "out")
    for place in (tmp_path / "out" / "list.csv", tmp_path / "out" / "tables" / "list.csv"):
        told = CliRunner().invoke(app, ["deviations", str(study), "--out", str(place)])
        assert told.exit_code == 1
        assert "results, which hold no patients" in told.output
        assert not place.exists()
    told = CliRunner().invoke(app, ["deviations", str(study), "--out", str(tmp_path / "no" / "list.csv")])
    assert told.exit_code == 1
    assert "there is no folder" in told.output


def test_a_study_that_plans_no_treatment(tmp_path: Path) -> None:
    text = STUDY[: STUDY.index("[[analysis]]")] + '[[analysis]]\nkind = "curves"\nendpoint = "os"\n'
    with pytest.raises(rm.InputError, match="no analysis of kind"):
        rm.deviations(written(tmp_path, text))


def test_problems_of_the_study_are_told(tmp_path: Path) -> None:
    study = written(tmp_path, STUDY.replace('"7 days"]', '"soon"]'))
    told = CliRunner().invoke(app, ["deviations", str(study), "--out", str(tmp_path / "list.csv")])
    assert told.exit_code == 1
    assert '"soon" is not a length of time' in told.output
    assert "line" in told.output
