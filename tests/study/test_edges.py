"""Cohorts at the edge of what can be analysed get a report that says so; odd cells and files do no harm."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from remission.cli import app
from remission.study.prepare import check

Row = dict[str, str]
STUDY = """\
schema = 1
[study]
title = "Edges"
[cohort]
file = "patients.csv"
id = "patient"
time_zero = "transplant_date"
time_zero_label = "transplantation"
baseline = ["age"]
[columns]
arm = { kind = "category", levels = ["A", "B"], known_at = "baseline" }
[endpoints]
os = { definition = "overall-survival", death = "death_date", last = "last_contact" }
[[analysis]]
kind = "characteristics"
by = "arm"
[[analysis]]
kind = "follow_up"
[[analysis]]
kind = "curves"
endpoint = "os"
at = "1 year"
[[analysis]]
kind = "compare"
endpoint = "os"
by = "arm"
at = "1 year"
"""


def cohort(change: Callable[[int, Row, date], Row]) -> str:
    """Twenty patients in two groups, half of them dead, changed one by one."""
    rows = []
    for number in range(20):
        start = date(2012, 1, 1) + timedelta(days=40 * number)
        end = start + timedelta(days=100 + 60 * number)
        row = {
            "patient": f"p{number}",
            "age": str(30 + number),
            "arm": "AB"[number % 2],
            "transplant_date": f"{start}",
            "death_date": f"{end}" if number % 4 < 2 else "",
            "last_contact": f"{end}",
        }
        rows.append(row | change(number, row, start))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def attempt(folder: Path, rows: str, study: str = STUDY) -> Result:
    (folder / "patients.csv").write_bytes(rows.encode())
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return CliRunner().invoke(app, ["run", str(folder / "study.toml"), "--out", str(folder / "out")])


def censored_from(days: int) -> Callable[[int, Row, date], Row]:
    return lambda number, row, start: {"death_date": "", "last_contact": f"{start + timedelta(days=days)}"}


def dead_after(days: int) -> Callable[[int, Row, date], Row]:
    return lambda number, row, start: dict.fromkeys(
        ("death_date", "last_contact"), f"{start + timedelta(days=days)}"
    )


EDGES: dict[str, tuple[Callable[[int, Row, date], Row], str]] = {
    "all censored": (lambda number, row, start: {"death_date": ""}, "nobody had the event"),
    "one event": (
        lambda number, row, start: {} if number == 5 else {"death_date": ""},
        "1 event among 20 patients",
    ),
    "an empty group": (lambda number, row, start: {"arm": "A"}, "all 20 patients are in one group (A)"),
    "a group of one": (lambda number, row, start: {"arm": "AB"[number == 7]}, "fewer than 10 patients in B"),
    "one day of follow-up": (censored_from(1), "nobody was observed that long"),
    "everybody dies on day 0": (dead_after(0), "the log-rank test could not be computed"),
    "all times are the same": (dead_after(400), "the log-rank test could not be computed"),
}


@pytest.mark.parametrize("edge", EDGES)
def test_a_cohort_at_the_edge_gets_a_report_that_says_so(edge: str, tmp_path: Path) -> None:
    change, said = EDGES[edge]
    answer = attempt(tmp_path, cohort(change))
    assert answer.exit_code == 0, answer.output
    assert said in " ".join(answer.stdout.split())
    assert (tmp_path / "out" / "report.docx").is_file()
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_group_without_events_gives_no_interval_of_the_difference(tmp_path: Path) -> None:
    """Neither 0.0 to 0.0 nor the error of the other group alone."""
    answer = attempt(tmp_path, cohort(EDGES["one event"][0]))
    text = " ".join(answer.stdout.split())
    assert "does not show that the groups are alike" in text
    assert "with limits from" not in text
    assert "Whatever lies in the interval" not in text


def test_control_characters_reach_no_page(tmp_path: Path) -> None:
    study = STUDY.replace(', levels = ["A", "B"]', "")
    names = {"A": "one\x0btwo\x01", "B": "<script>alert(1)</script>"}
    rows = cohort(lambda number, row, start: {"arm": names[row["arm"]]})
    answer = attempt(tmp_path, rows, study)
    assert answer.exit_code == 0, answer.output
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "out" / "report.docx") as word:
        body = word.read("word/document.xml").decode()
    for text in (page, body):
        assert "one two" in text
        assert "<script>" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_endpoints_with_faults_are_not_told_again_by_analyses_that_name_none(tmp_path: Path) -> None:
    early = {"death_date": "2011-12-01", "last_contact": "2011-12-01"}
    answer = attempt(tmp_path, cohort(lambda number, row, start: early if number == 3 else {}))
    assert answer.exit_code == 1
    assert "before transplantation" in " ".join(answer.stderr.split())
    assert "no endpoint is named" not in answer.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_in_place_of_the_data_is_called_one(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "patients.csv").mkdir()
    (problem,) = check(tmp_path / "study.toml")
    assert problem.message == '"patients.csv" is a folder, not a file of patients'


def test_a_header_below_a_title_is_found(tmp_path: Path) -> None:
    answer = attempt(tmp_path, "Registry export,,,,,\n" + cohort(lambda number, row, start: {}))
    assert answer.exit_code == 1
    assert "It stands in row 2" in answer.stderr
    assert "remove what is above" in " ".join(answer.stderr.split())
