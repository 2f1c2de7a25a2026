"""Signs of levels and conditions as books print them."""

from __future__ import annotations

from dataclasses import replace

from remission.core.vocabulary import result_rows
from remission.report.signs import with_signs
from remission.study.results import Analysis, Output, Results, Statement


def test_signs_of_levels_are_printed_as_books_do(results: Results) -> None:
    facts = {"groups": ("<= 60",), "reliable_until": {"<= 60": 2.0}}
    old = Output("curves", result_rows({"group": "<= 60", "time": [0.0]}), facts)
    analysis = Analysis(
        "a", "compare", "Age >= 60", (old,), (Statement("x", {"conditions": ("age >= 18",)}),)
    )
    (new,) = with_signs(replace(results, analyses=(analysis,))).analyses
    assert new.title == "Age ≥ 60"
    assert new.outputs[0].rows["group"].to_list() == ["≤ 60"]
    assert new.outputs[0].facts["reliable_until"] == {"≤ 60": 2.0}
    assert new.findings[0].facts["conditions"] == ("age ≥ 18",)
