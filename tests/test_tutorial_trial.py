"""The tutorial for trial groups, followed by hand: from the diagnosis sheet to a study without problems."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from typer.testing import CliRunner

from remission.cli import app
from remission.demo import write
from remission.study.draft import write_draft
from remission.study.prepare import check, prepare
from remission.study.run import run

PAGE = (Path(__file__).parents[1] / "docs" / "tutorial-trial.md").read_text(encoding="utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"(?m)(?:^ {4}.*\n)+(?:\n?^ {4}.*\n)*", PAGE)]


def block(start: str) -> str:
    (found,) = [text for text in BLOCKS if text.startswith(start)]
    return found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write("infant", tmp_path / "demo").with_name("infant.csv")


def test_the_commands_are_those_of_the_program(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("infant.csv").write_bytes(data.read_bytes())
    told = CliRunner().invoke(app, block("remission stratify").split()[1:])
    assert told.exit_code == 0, told.output
    for group, number in (
        ("low", 15),
        ("intermediate", 20),
        ("high", 56),
        ("not decided", 1),
        ("outside", 2),
    ):
        assert re.search(rf"\b{number}  {group}", told.output), told.output
    rules = CliRunner().invoke(app, block("remission protocols mll10").split()[1:])
    assert rules.exit_code == 0
    assert "180 days" in rules.output
    drafted = CliRunner().invoke(app, block("remission init").split()[1:])
    assert drafted.exit_code == 0
    checked = CliRunner().invoke(app, ["check", "study.toml"])
    assert checked.exit_code == 1
    assert '"<0.00001" is a limit, not a number' in " ".join(checked.output.split())


def test_the_tutorial_works_as_written(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    write_draft(data, path)
    text = path.read_text(encoding="utf-8")

    def edit(old: str, new: str) -> None:
        nonlocal text
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)

    assert 'time_zero = "registration_date"' in text
    edit('  "response_course_2",\n', "")
    lines = [*block("response_course_2 =").splitlines(), *block("mrd_tp1 =").splitlines()]
    for line in [*lines, block("kmt2a =").strip()]:
        name = line.split(" =")[0].strip()
        (old,) = re.findall(rf"(?m)^{name} = .*$", text)
        edit(old, line.strip())
    edit("[columns]\n", block("include = [") + "\n[columns]\n")
    drafted = text[text.index("[endpoints]") :]
    edit(drafted, "\n".join([block("[derived]"), block("[endpoints]")]))
    asked = [text for text in BLOCKS if text.startswith("[[analysis]]")]
    assert len(asked) == 4
    path.write_text(text + "\n" + "\n".join(asked), encoding="utf-8")
    assert check(path) == ()
    assert prepare(path).context.cohort.frame.height == 90
    results = run(path)
    kinds = [analysis.kind for analysis in results.analyses]
    assert kinds == ["compare", "first_events", "compare", "treatment", "transplant_effect", "benchmark"]
    names = {finding.name for analysis in results.analyses for finding in analysis.findings}
    assert "guard_withheld" in names


def test_the_numbers_of_the_tutorial_are_those_of_the_bundled_study(tmp_path: Path) -> None:
    results = run(write("infant", tmp_path))
    assert "66.2% (SE 5.6; 95% CI 53.9–75.9)" in PAGE
    (curves, *_) = [each for each in results.analyses if each.kind == "curves"]
    (estimate,) = [
        output.rows.row(0, named=True)
        for output in curves.outputs
        if output.name == "estimates" and output.facts["endpoint"] == "efs"
    ]
    shown = [f"{100 * estimate[key]:.1f}" for key in ("estimate", "std_error", "low", "high")]
    assert shown == ["66.2", "5.6", "53.9", "75.9"]
    (effect,) = [each for each in results.analyses if each.kind == "transplant_effect"]
    ratios = {
        row["level"]: row["estimate"]
        for output in effect.outputs
        for row in output.rows.iter_rows(named=True)
        if row["measure"] == "hazard ratio" and row["level"] and row["level"].startswith("naive")
    }
    assert ratios
    assert all(ratio < 0.5 for ratio in ratios.values())
    (response,) = [each for each in results.analyses if each.kind == "response"]
    shares = response.outputs[0].rows["estimate"].drop_nulls().to_list()
    assert any(share == pytest.approx(82 / 85) for share in shares)
    assert any(share == pytest.approx(82 / 90) for share in shares)
