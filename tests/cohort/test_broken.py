"""Broken files and studies: each gives its whole list of problems in plain words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from tests.cohort.study import attempt, problems_of

BROKEN = Path(__file__).parent / "broken"
STUDIES = sorted(BROKEN.glob("*.toml"))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_problem_is_told_at_once_and_no_other(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = tomllib.loads(text)["expect"]
    found = problems_of(text, BROKEN)
    for words in expected:
        assert any(words in problem for problem in found), f"{words}\n  not in\n" + "\n".join(found)
    hints = sum(words.startswith("Did you mean") for words in expected)
    assert len(found) == len(expected) - hints, "\n".join(found)


def test_there_are_broken_studies() -> None:
    assert len(STUDIES) >= 20


@pytest.fixture(scope="module")
def a_million_rows() -> list[str]:
    ages = np.random.default_rng(7).integers(0, 90, 1_000_000)
    return [
        "patient,age,sex",
        *(f"p{number},{age},{'FM'[age % 2]}" for number, age in enumerate(ages.tolist())),
    ]


STUDY = """
[cohort]
file = "million.csv"
id = "patient"
baseline = ["age", "sex"]
[columns]
age = { kind = "number" }
"""


def test_one_ragged_row_in_a_million_is_found(tmp_path: Path, a_million_rows: list[str]) -> None:
    rows = a_million_rows.copy()
    rows[777_777] += ",oops"
    (tmp_path / "million.csv").write_text("\n".join(rows))
    (problem,) = attempt(STUDY, tmp_path)[1]
    assert problem.ids == ("row 777778",)


def test_one_bad_cell_in_a_million_is_found(tmp_path: Path, a_million_rows: list[str]) -> None:
    rows = a_million_rows.copy()
    rows[500_000] = "p499999,sixty,F"
    (tmp_path / "million.csv").write_text("\n".join(rows))
    (problem,) = attempt(STUDY, tmp_path)[1]
    assert (problem.ids, problem.message) == (("p499999",), '"sixty" is no number')
