"""lc50.csv read back: as written, and after a spreadsheet was at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from remission.core.problems import StudyProblems
from remission.response.doseresponse import dose_response
from remission.response.lc50_table import read_lc50
from remission.response.simulate import simulate_plates
from remission.study.tables import to_csv

HEAD = "patient,drug,unit,lc50,low,high,censoring\n"
GOOD = f"{HEAD}P1,v,µM,0.5,0.2,1,bracketed\nP2,v,µM,,0,0.2,left\nP3,v,µM,,50,,right\nP4,v,µM,,,,failed\n"
Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str) -> Path:
        path = tmp_path / "lc50.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = dose_response(simulate_plates(6, seed=3).wells).rows()
    (tmp_path / "lc50.csv").write_bytes(to_csv(rows))
    found = read_lc50(tmp_path / "lc50.csv")
    assert found.height == rows.height
    assert found["lc50"].to_list() == rows["lc50"].to_list()
    assert found["censoring"].to_list() == rows["censoring"].to_list()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(written: Written, separator: str) -> None:
    assert read_lc50(written(GOOD.replace(",", separator))).height == 4


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('P5,v,µM,"0,55",0.2,1,bracketed', "lc50 holds what is no number: 0,55 (row 6)"),
        ("P5,v,µM,05-Mar,0.2,1,bracketed", "05-Mar"),
        ("P5,v,µM,-1,0.2,1,bracketed", "P5 v (row 6)"),
        ("P5,v,µM,0.5,-0.2,1,bracketed", "contradict"),
        ("P5,v,µM,,0.2,1,bracketed", "contradict"),
        ("P5,v,µM,9,0.2,1,bracketed", "contradict"),
        ("P5,v,µM,0.5,1,0.2,bracketed", "contradict"),
        ("P5,v,µM,60,50,,right", "contradict"),
        ("P5,v,µM,,,,right", "contradict"),
        ("P5,v,µM,,0,,left", "contradict"),
        ("P5,v,µM,0.5,,,failed", "contradict"),
        ("P5,v,µM,,50,,>", "censoring is none of"),
        ("P5,v,µM,,50,,", "censoring is none of"),
        (",v,µM,,50,,right", "patient is missing"),
        ("P5,,µM,,50,,right", "drug is missing"),
        ("P1,v,µM,,50,,right", "twice"),
        ("P5,v,µM,,50", "1 row has 5 values"),
    ],
)
def test_what_contradicts_itself_is_told_with_its_row(written: Written, row: str, told: str) -> None:
    with pytest.raises(StudyProblems) as caught:
        read_lc50(written(f"{GOOD}{row}\n"))
    assert any(told in each.message for each in caught.value.problems)


def test_everything_is_told_at_once(written: Written) -> None:
    with pytest.raises(StudyProblems) as caught:
        read_lc50(written(f"{GOOD}P5,v,µM,x,0.2,1,bracketed\nP6,v,µM,,,,?\nP7,v,µM,-1,0.2,1,bracketed\n"))
    assert len(caught.value.problems) >= 3


@pytest.mark.parametrize("content", ["", HEAD, "patient,drug\nP1,v\n"])
def test_tables_without_what_is_needed(written: Written, content: str) -> None:
    with pytest.raises(StudyProblems):
        read_lc50(written(content))
