"""A second, independent cohort: read by the same declarations, analysed where an analysis says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.report import build, write
from remission.report.document import Figure, Heading
from remission.study.prepare import check
from remission.study.run import run
from remission.study.store import from_json, to_json

PATIENTS = """patient,age,sex,days,dead
{rows}
"""
STUDY = """
schema = 1
[study]
title = "Two cohorts"
[cohort]
file = "first.csv"
id = "patient"
unit = "years"
times_in = "days"
baseline = ["age", "sex"]
include = ["age >= 18"]
[columns]
sex = { kind = "category", levels = ["female", "male"] }
[endpoints]
os = { definition = "overall-survival", time = "days", status = "dead" }
[validation]
file = "second.csv"
label = "Independent cohort"
[[analysis]]
kind = "curves"
endpoint = "os"
at = "1 year"
[[analysis]]
kind = "curves"
endpoint = "os"
at = "1 year"
cohort = "validation"
[[analysis]]
kind = "compare"
endpoint = "os"
by = "sex"
cohort = "validation"
"""


def rows(n: int, first: int) -> str:
    """Patients of both sexes, some below 18, some of whom die."""
    return "\n".join(
        f"P{first + i},{15 + i % 40},{'female' if i % 2 else 'male'},{100 + 17 * i},{int(i % 3 == 0)}"
        for i in range(n)
    )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "first.csv").write_text(PATIENTS.format(rows=rows(60, 1)))
    (tmp_path / "second.csv").write_text(PATIENTS.format(rows=rows(30, 100)))
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_an_analysis_is_of_the_cohort_it_names(study: Path, tmp_path: Path) -> None:
    results = run(study)
    alone = tmp_path / "alone.toml"
    alone.write_text(
        STUDY.replace("first.csv", "second.csv")
        .replace('[validation]\nfile = "second.csv"\nlabel = "Independent cohort"\n', "")
        .replace('cohort = "validation"\n', "")
    )
    second = run(alone)
    assert results.analyses[0].cohort == ""
    assert results.analyses[1].cohort == "Independent cohort"
    assert "Independent cohort" in results.analyses[1].title
    for ours, theirs in zip(results.analyses[1].outputs, second.analyses[1].outputs, strict=True):
        assert ours.rows.drop("analysis").equals(theirs.rows.drop("analysis"))
    assert results.validation is not None
    assert results.validation.flow == second.flow
    assert results.validation.data == "second.csv"
    assert results.validation.endpoints[0].n == second.endpoints[0].n
    assert results.flow[-1].remaining > second.flow[-1].remaining


def test_the_second_cohort_survives_storing(study: Path) -> None:
    results = run(study)
    again = from_json(to_json(results))
    assert again.validation == results.validation or (
        again.validation is not None
        and results.validation is not None
        and again.validation.flow == results.validation.flow
        and again.validation.label == results.validation.label
    )
    assert [each.cohort for each in again.analyses] == ["", *["Independent cohort"] * 2]
    assert to_json(again) == to_json(results)


def test_the_report_has_both_flows_and_the_summary_of_the_first(study: Path, tmp_path: Path) -> None:
    results = run(study)
    document = build(results)
    names = [block.name for block in document.blocks if isinstance(block, Figure)]
    assert {"flow", "flow-validation"} <= set(names)
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert "Independent cohort" in headings
    page = next(file for file in write(results, tmp_path / "report") if file.name == "report.html")
    text = page.read_text(encoding="utf-8")
    assert "second.csv" in text
    assert "first.csv" in text


def test_faults_of_the_second_file_are_told_with_its_name(study: Path, tmp_path: Path) -> None:
    (tmp_path / "second.csv").write_text(
        PATIENTS.format(rows="P1,forty,female,100,1\nP2,50,other,-5,0\nP3,50,male,90,1")
    )
    told = check(study)
    assert told
    assert any("P1" in problem.ids or "forty" in problem.message for problem in told)
    assert any("P2" in problem.ids for problem in told)
    assert all("second.csv" in f"{problem.where} {problem.message}" for problem in told)


def test_a_missing_second_file_is_told_once(study: Path, tmp_path: Path) -> None:
    (tmp_path / "second.csv").unlink()
    (problem,) = check(study)
    assert "second.csv" in f"{problem.where} {problem.message}"


def test_without_a_second_cohort_none_can_be_asked_for(tmp_path: Path, study: Path) -> None:
    study.write_text(STUDY.replace('[validation]\nfile = "second.csv"\nlabel = "Independent cohort"\n', ""))
    told = check(study)
    assert [problem.where for problem in told] == [
        "analysis 2 (curves).cohort",
        "analysis 3 (compare).cohort",
    ]
    assert all(problem.line for problem in told)


def test_patients_of_the_second_cohort_are_left_out_by_name(study: Path) -> None:
    study.write_text(
        STUDY.replace(
            'label = "Independent cohort"',
            'label = "Independent cohort"\nexclude = [{ ids = ["P110"], reason = "no consent" }]',
        )
    )
    results = run(study)
    assert results.validation is not None
    assert any(step.reason == "no consent" and step.excluded == 1 for step in results.validation.flow)
    assert not any(step.reason == "no consent" for step in results.flow)
