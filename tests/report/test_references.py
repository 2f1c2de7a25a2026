"""References: Vancouver style, numbered as they are cited, and none missing that an analysis names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from remission.report.document import Document, Paragraph, References
from remission.report.references import Citations, references

KINDS = Path(__file__).resolve().parents[2] / "src" / "remission" / "study" / "kinds"
KEY = re.compile(r"^[a-z]+(18|19|20)\d\d$")


def test_every_reference_has_the_year_of_its_key() -> None:
    for key, text in references().items():
        assert KEY.match(key), key
        assert key[-4:] in text, key
        assert text.endswith("."), key
        assert text.split()[0].rstrip(",").casefold().startswith(
            re.sub(r"\d+", "", key)[:3]
        ) or key.startswith("von")


def test_every_reference_the_kinds_name_is_known() -> None:
    named = {
        node.value
        for path in KINDS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.match(node.value)
    }
    assert named
    assert not named - set(references())


def test_citations_number_in_order() -> None:
    cited = Citations()
    assert cited.numbers(["gray1988"]) == "1"
    assert cited.numbers(["kaplan1958", "gray1988"]) == "1,2"
    assert [text.split()[0] for text in cited.items()] == ["Gray", "Kaplan"]
    with pytest.raises(KeyError, match="no such reference: nobody2000"):
        cited.numbers(["nobody2000"])


def test_the_report_lists_what_it_cites(document: Document) -> None:
    listed = next(block for block in document.blocks if isinstance(block, References)).items
    cited = {
        int(number)
        for block in document.blocks
        if isinstance(block, Paragraph)
        for run in block.runs
        if run.style == "citation"
        for number in run.text.split(",")
    }
    assert cited == set(range(1, len(listed) + 1))
    assert any("Greenwood" in item for item in listed)
