"""The command `response`: what it writes, prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from remission.cli import app
from remission.response.simulate import simulate_plates


@pytest.fixture(scope="module")
def plates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plates") / "plates.csv"
    wells = simulate_plates(4, seed=2).wells.with_columns(
        patient=pl.col("patient").str.replace("SIM", "=SIM")
    )
    wells.write_csv(file)
    return file


def test_everything_is_written_and_said(plates: Path, tmp_path: Path) -> None:
    out = tmp_path / "lc50"
    said = ["response", str(plates), "--out", str(out), "--cutoffs", "dcog", "--confirm", "--simulated"]
    answer = CliRunner().invoke(app, said)
    assert answer.exit_code == 0, answer.output
    assert "DoseResponses(16 curves" in answer.output
    assert "Not used: patient =SIM-04, prednisolone: plate P04: net control signal" in answer.output
    rows = pl.read_csv(out / "lc50.csv")
    assert rows.height == 16
    assert rows["patient"][0] == "'=SIM-01"
    known = rows.filter(pl.col("censoring") == "bracketed")
    assert known.select(((pl.col("low") <= pl.col("lc50")) & (pl.col("lc50") <= pl.col("high"))).all()).item()
    assert {"class", "possible", "interval_class", "method", "quality", "unit"} <= set(rows.columns)
    listed = json.loads((out / "run.json").read_text(encoding="utf-8"))["files"]
    for name in (
        "lc50.csv",
        "quality.csv",
        "points.csv",
        "cross_resistance.csv",
        "report.html",
        "curves.pdf",
    ):
        assert name in listed
    for name in ("report.docx", "score_pva.csv", "score_four_drugs.csv"):
        assert (out / name).stat().st_size > 100
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Simulated data. For research use only" in page
    assert "4 of 16 curves are not used" in page
    assert not list(out.glob(".unfinished*"))
    (out / "mine.txt").write_text("kept", encoding="utf-8")
    again = CliRunner().invoke(app, ["response", str(plates), "--out", str(out)])
    assert again.exit_code == 0, again.output
    assert not (out / "score_pva.csv").exists()
    assert (out / "mine.txt").exists()
    assert "class" not in pl.read_csv(out / "lc50.csv").columns


def test_problems_are_all_told_and_nothing_is_written(plates: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    text = plates.read_text(encoding="utf-8").replace("blank", "mystery").replace("IU/mL", "furlong")
    bad.write_text(text, encoding="utf-8")
    answer = CliRunner().invoke(app, ["response", str(bad), "--out", str(tmp_path / "lc50")])
    assert answer.exit_code == 1
    assert '"mystery" is no role' in answer.output
    assert '"furlong" is no unit' in answer.output
    assert not (tmp_path / "lc50").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["--cutoffs", "dcog"], "Compare them with their"),
        (["--cutoffs", "nothing"], "there is no set of cut-offs"),
        (["--scale", "cubic"], "--scale must be one of"),
        (["--crossing", "middle"], "--crossing must be one of"),
        (["--quality", "perfect"], "there is no set of quality rules"),
        (["--columns", "absent.toml"], 'there is no file "absent.toml"'),
    ],
)
def test_wrong_options_are_said_plainly(plates: Path, tmp_path: Path, said: list[str], words: str) -> None:
    answer = CliRunner().invoke(app, ["response", str(plates), "--out", str(tmp_path / "lc50"), *said])
    assert answer.exit_code == 1
    assert words in answer.output


def test_a_file_where_the_folder_should_be_is_refused(plates: Path) -> None:
    answer = CliRunner().invoke(app, ["response", str(plates), "--out", str(plates)])
    assert answer.exit_code == 1
    assert "is a file, not a folder" in answer.output


def test_the_plates_of_the_documentation_are_those_the_program_simulates(tmp_path: Path) -> None:
    file = Path(__file__).resolve().parents[2] / "docs" / "example-plates.csv"
    again = tmp_path / "again.csv"
    simulate_plates(4, seed=2).wells.write_csv(again)
    assert file.read_text(encoding="utf-8") == again.read_text(encoding="utf-8")
