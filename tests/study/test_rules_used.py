"""Published rules that made columns are named in the methods, with their sources."""

from __future__ import annotations

from pathlib import Path

from remission.demo import write
from remission.report import build
from remission.report.document import Paragraph, References
from remission.study.run import run
from remission.study.store import from_json, to_json

STUDY_ENDS = '[[analysis]]\nkind = "characteristics"\nby = "risk"\ncolumns = ["interfant06"]\n'


def test_protocols_are_cited_by_the_methods(tmp_path: Path) -> None:
    study = write("infant", tmp_path)
    text = study.read_text(encoding="utf-8")
    study.write_text(text[: text.index("[[analysis]]")] + STUDY_ENDS, encoding="utf-8")
    results = run(study)
    assert [rule.label for rule in results.rules] == [
        "Risk group (MLL-10)",
        "Prednisone response",
        "Risk group (Interfant-06)",
    ]
    assert all(rule.kind == "protocol" and rule.citations for rule in results.rules)
    assert from_json(to_json(results)).rules == results.rules
    blocks = build(results).blocks
    methods = next(
        block.text for block in blocks if isinstance(block, Paragraph) and "computations" in block.text
    )
    assert "Risk group (MLL-10) was assigned by the rules “JPLSG MLL-10" in methods
    (listed,) = (block for block in blocks if isinstance(block, References))
    assert set(results.rules[0].citations) <= set(listed.items)


def test_a_study_without_rules_says_nothing_of_them(tmp_path: Path) -> None:
    study = write("ankl", tmp_path)
    text = study.read_text(encoding="utf-8")
    start = text.index("[[analysis]]")
    study.write_text(text[:start] + '[[analysis]]\nkind = "follow_up"\n', encoding="utf-8")
    assert run(study).rules == ()
