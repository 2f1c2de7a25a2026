"""The registry tutorial, followed by hand: from the first study file to a study without problems."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from remission.demo import write
from remission.study.draft import write_draft
from remission.study.prepare import check, prepare

PAGE = (Path(__file__).parents[1] / "docs" / "tutorial-registry.md").read_text(encoding="utf-8")
BLOCKS = [dedent(block) for block in re.findall(r"(?m)(?:^ {4}.*\n)+", PAGE)]


def block(start: str) -> str:
    (found,) = [text for text in BLOCKS if text.startswith(start)]
    return found


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    data = write("ankl", tmp_path / "demo").with_name("ankl.csv")
    path = tmp_path / "study.toml"
    write_draft(data, path)

    def edit(old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    edit("[columns]\n", block("include = [") + "\n[columns]\n")
    shown = " ".join(block("diagnosis_date:").split())
    undated, relapse = sorted(check(path), key=lambda problem: "no day" not in problem.message)
    assert undated.message in shown
    assert all(patient in shown for patient in undated.ids)
    assert "whether or when the event happened is not known" in relapse.message
    edit('diagnosis_date = { kind = "date" }', 'diagnosis_date = { kind = "date", partial = "middle" }')
    edit("[columns]\n", 'missing_endpoint = "exclude"\n\n[columns]\n')
    edit("[endpoints]", block("[derived]") + block("course = ") + "\n[endpoints]")
    comparisons = [text for text in BLOCKS if text.startswith("[[analysis]]")]
    assert len(comparisons) == 2
    path.write_text(path.read_text(encoding="utf-8") + "\n" + "\n".join(comparisons), encoding="utf-8")
    assert check(path) == ()
    assert prepare(path).context.cohort.frame.height == 59
