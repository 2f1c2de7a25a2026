"""The commands protocols, stratify and score."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from remission.cli import app

PATIENTS = """id,KMT2A,age,CNS,wbc,prednisone_response
1,r,179,no,300,PGR
=2,r,180,no,50,PPR
3,germline,20,yes,,
4,,200,no,10,PGR
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patients.csv").write_text(PATIENTS, encoding="utf-8")
    (tmp_path / "columns.toml").write_text('[columns]\nage_days = "age"\n', encoding="utf-8")
    return tmp_path


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_two_protocols_side_by_side(folder: Path) -> None:
    code, text = run(
        "stratify", "patients.csv", "--protocol", "mll10", "--protocol", "interfant06",
        "--columns", "columns.toml", "--out", "g.csv",
    )  # fmt: skip
    assert code == 0, text
    assert "1  low: low risk (LR)" in text
    assert "1  not decided" in text
    with (folder / "g.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["mll10 group"] for row in rows] == ["high", "intermediate", "low", ""]
    assert [row["interfant06 group"] for row in rows] == ["high", "high", "low", ""]
    assert rows[3]["mll10 would_decide"] == "kmt2a"
    assert rows[1]["id"] == "'=2", "no spreadsheet may run it"


def test_a_setting_changes_the_answer_and_is_printed(folder: Path) -> None:
    code, text = run(
        "stratify", "patients.csv", "--protocol", "interfant06", "--columns", "columns.toml",
        "--set", "interfant06.six_months=180",
    )  # fmt: skip
    assert code == 0, text
    assert "Note: Six months set to 180 days." in text
    assert "1  high: high risk (HR)" in text


def test_problems_are_told_and_nothing_is_written(folder: Path) -> None:
    code, text = run("stratify", "patients.csv", "--protocol", "mll10")
    assert code == 1
    assert '"age" is in an unknown unit' in text
    assert "Nothing was computed or written" in text
    assert not (folder / "groups.csv").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--protocol", "mll11"], 'Did you mean "mll10"'),
        (["--protocol", "mll10", "--set", "interfant06.six_months=180"], "which was not asked for"),
        (["--protocol", "mll10", "--set", "nonsense"], "is no setting"),
        (["--protocol", "mll10", "--columns", "absent.toml"], "there is no file"),
        (
            ["--protocol", "mll10", "--columns", "columns.toml", "--out", "nowhere/g.csv"],
            "there is no folder",
        ),
    ],
)
def test_wrong_arguments_are_told_in_words(folder: Path, words: list[str], told: str) -> None:
    code, text = run("stratify", "patients.csv", *words)
    assert code == 1
    assert told in text


def test_scores_of_a_file(folder: Path) -> None:
    (folder / "drugs.csv").write_text(
        "id,prednisolone,vincristine,asparaginase\n1,1,2,3\n2,3,3,\n", encoding="utf-8"
    )
    code, text = run("score", "drugs.csv", "--score", "pva", "--score", "ebmt")
    assert code == 0, text
    assert "1  6" in text
    assert "No column, so unknown in everybody: age_years" in text
    with (folder / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["pva value"], row["pva lowest"], row["pva highest"]) for row in rows] == [
        ("6", "6", "6"),
        ("", "7", "9"),
    ]


def test_the_library_is_listed_with_marks_and_each_in_full(folder: Path) -> None:
    code, text = run("protocols")
    assert code == 0
    assert "mll10" in text
    assert "[FROM MEMORY]" in text
    code, text = run("protocols", "interfant06")
    assert code == 0
    assert "kmt2a = 'rearranged' and age_days < 183 days" in text
    assert "Trap: the abstract of the 2019 paper" in text
    code, text = run("protocols", "ebmt")
    assert "Not defined: no published category" in text
    assert run("protocols", "nothing")[0] == 1
