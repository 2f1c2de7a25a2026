"""The tutorial on drug resistance: its commands run, and its tables are those of the bundled study."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest
from typer.testing import CliRunner

from remission.cli import app
from remission.demo import write
from remission.demo.drug.model import Model
from remission.demo.drug.simulate import simulate
from remission.study.prepare import check
from remission.study.run import run

PAGE = (Path(__file__).parents[1] / "docs" / "tutorial-drug.md").read_text(encoding="utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"(?m)(?:^ {4}.*\n)+(?:\n?^ {4}.*\n)*", PAGE)]
SMALL = Model(discovery=90, validation=30, genes=400, subtype_genes=10)
FASTER = (
    ("folds        = 10", "folds        = 3"),
    ("repeats      = 3", "repeats      = 1"),
    ("permutations = 19", "permutations = 0\nsizes        = [20]\ninner_folds  = 3\njobs         = 1"),
    ("permutations = 1000", "permutations = 20"),
)


def commands(name: str) -> list[str]:
    found = [line for block in BLOCKS for line in block.splitlines() if line.startswith(f"remission {name}")]
    assert found
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("drug")
    write("drug", place)
    for name, content in simulate(SMALL).items():
        (place / name).write_bytes(content)
    return place


def test_every_table_of_the_page_stands_in_the_bundled_study(folder: Path) -> None:
    study = (folder / "study.toml").read_text(encoding="utf-8")
    squeezed = [" ".join(line.split("#")[0].split()) for line in study.splitlines()]
    tables = [block for block in BLOCKS if block.startswith("[")]
    assert len(tables) == 7
    for table in tables:
        for line in table.splitlines():
            wanted = " ".join(line.split("#")[0].split())
            assert not wanted or wanted in squeezed, wanted


def test_the_commands_run_as_written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (response,) = commands("response")
    told = CliRunner().invoke(app, response.split()[1:])
    assert told.exit_code == 0, told.output
    assert "do not pass the quality rules" in told.output
    rows = pl.read_csv("lc50/lc50.csv")
    beyond = rows.filter(pl.col("censoring") == "right")
    assert beyond.height
    assert beyond["lc50"].null_count() == beyond.height
    assert Path("lc50/curves.pdf").is_file()

    text = Path("study.toml").read_text(encoding="utf-8")
    for old, new in FASTER:
        assert old in text
        text = text.replace(old, new)
    start = text.index("[[analysis]]")
    Path("short.toml").write_text(text[:start] + '[[analysis]]\nkind = "prediction"\n', encoding="utf-8")
    assert check(Path("short.toml")) == ()
    results = run(Path("short.toml"))
    name = "signatures/prednisolone.json"
    Path("prednisolone.json").write_bytes(results.attachments[name])
    for line in commands("signature"):
        told = CliRunner().invoke(app, line.split()[1:])
        assert told.exit_code == 0, (line, told.output)
    assert pl.read_csv("scores.csv").height == SMALL.validation
    assert any(file.suffix == ".html" for file in Path("page").iterdir())
