"""Broken studies: each ends with the whole list of its problems (`#! ...`), and gives exactly that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from remission.cli import app
from remission.core.problems import Problem
from remission.study.prepare import check

BROKEN = Path(__file__).parent / "broken"
STUDIES = sorted(BROKEN.glob("*.toml"))


def expected(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("#! ") for line in lines if line.startswith("#! ")]


def said(problem: Problem, folder: Path) -> str:
    place = f"line {problem.line}, " if problem.line else ""
    ids = f" ({', '.join(problem.ids)})" if problem.ids else ""
    return f"{place}{problem.where}: {problem.message}{ids}".replace(str(folder.resolve()), "FOLDER")


def test_there_are_broken_studies() -> None:
    assert len(STUDIES) >= 20


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_every_problem_is_told_and_no_other(path: Path) -> None:
    problems = check(path)
    assert [said(problem, BROKEN) for problem in problems] == expected(path)
    assert all(problem.repair and problem.repair[-1] in ".?" for problem in problems)
    assert all(problem.message[-1] != "." for problem in problems)


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_running_prints_all_of_them_and_writes_nothing(path: Path, tmp_path: Path) -> None:
    shutil.copytree(BROKEN, tmp_path / "study")
    before = {item: item.read_bytes() for item in (tmp_path / "study").iterdir()}
    answer = CliRunner().invoke(
        app, ["run", str(tmp_path / "study" / path.name), "--out", str(tmp_path / "out")]
    )
    assert answer.exit_code == 1
    assert answer.stdout == ""
    count = len(expected(path))
    assert answer.stderr.startswith(
        ("One problem" if count == 1 else f"{count} problems") + f" in {path.name}. "
    )
    flat = " ".join(answer.stderr.split())
    for line in expected(path):
        words = (
            line.split(": ", 1)[1].rsplit(" (", 1)[0].replace("FOLDER", str((tmp_path / "study").resolve()))
        )
        assert " ".join(words.split()) in flat
    assert not (tmp_path / "out").exists()
    assert {item: item.read_bytes() for item in (tmp_path / "study").iterdir()} == before
