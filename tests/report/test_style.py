"""How a study writes its estimates: limits, standard errors as trial groups do, or both."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.report.compose import build
from remission.report.document import Paragraph, Summary, Table
from remission.study.run import run
from tests.study.small import STUDY, small_study

WITH = {
    "limits": (
        "42.9% (9.8–73.4) at 2 years",
        "95% CI 9.8–73.4",
        ("Estimate, %", "SE", "95% CI"),
        ("42.9", "18.7", "9.8–73.4"),
        ("At 1 year, % (95%\N{NO-BREAK SPACE}CI)", "66.7 (5.4–94.5)"),
    ),
    "standard error": (
        "42.9% (SE 18.7) at 2 years",
        "SE 18.7",
        ("Estimate, % (SE)",),
        ("42.9 (18.7)",),
        ("At 1 year, % (SE)", "66.7 (27.2)"),
    ),
    "both": (
        "42.9% (SE 18.7; 9.8–73.4) at 2 years",
        "SE 18.7; 95% CI 9.8–73.4",
        ("Estimate, % (SE)", "95% CI"),
        ("42.9 (18.7)", "9.8–73.4"),
        ("At 1 year, % (SE;\N{NO-BREAK SPACE}95%\N{NO-BREAK SPACE}CI)", "66.7 (27.2; 5.4–94.5)"),
    ),
}


@pytest.mark.parametrize("style", WITH)
def test_sentences_tables_and_summary_are_of_one_style(style: str, tmp_path: Path) -> None:
    text = STUDY.replace("[study]\n", f'[study]\nstyle = "{style}"\n')
    document = build(run(small_study(tmp_path, text)))
    sentence, detail, heads, cells, compared = WITH[style]
    words = " ".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert sentence in words
    (summary,) = [block for block in document.blocks if isinstance(block, Summary)]
    assert detail in {item.detail for item in summary.items}
    tables = {block.caption.split(" ")[0]: block for block in document.blocks if isinstance(block, Table)}
    assert tuple(cell.text for cell in tables["Estimates"].header[-1])[3:] == heads
    assert cells in {row.cells[3:] for row in tables["Estimates"].rows}
    assert tables["Comparison"].header[-1][3].text == compared[0]
    assert compared[1] in {row.cells[3] for row in tables["Comparison"].rows}


def test_limits_are_the_default(tmp_path: Path) -> None:
    results = run(small_study(tmp_path))
    facts = [each.facts for one in results.analyses for each in one.outputs if each.name == "estimates"]
    assert {fact["style"] for fact in facts} == {"limits"}


def test_times_are_told_once_whatever_the_units(tmp_path: Path) -> None:
    text = STUDY.replace('kind = "curves"\n', 'kind = "curves"\nunit = "months"\n')
    document = build(run(small_study(tmp_path, text)))
    words = " ".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert words.count("Times were computed in days") == 1
    assert "shown in months or years" in words
