"""Groups whose names say nothing alone stand in sentences with the label of their column."""

from __future__ import annotations

import pytest

from remission.core.vocabulary import result_rows
from remission.report.figures.data import label_of
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.report.sentences import say
from remission.study.results import Analysis, Output, Statement

FACTS = {"endpoint": "os", "endpoint_label": "Overall survival", "by_label": "CMV status", "unit": "years"}


def said(output: Output) -> str:
    (part,) = paragraphs(Section(Analysis("a", "compare", "A", (output,)), (output,), "a"))
    return " ".join(part)


@pytest.mark.parametrize("group", ["0", "2.5", "≥ 2", "1–2", "yes", "no"])
def test_names_that_say_nothing_alone_are_given_their_column(group: str) -> None:
    assert label_of(group, FACTS) == f"CMV status: {group}"


@pytest.mark.parametrize(
    "group", ["cord blood", "grade 2", "IV", "≥ 60 years", "2006-2008", "2010–14", "≥ 2015"]
)
def test_names_that_speak_for_themselves_are_left_alone(group: str) -> None:
    assert label_of(group, FACTS) == group


def test_groups_of_one_column_are_named_alike() -> None:
    facts = {**FACTS, "groups": ("0", "1-2", "3 or more")}
    assert [label_of(group, facts) for group in facts["groups"]] == [
        "CMV status: 0",
        "CMV status: 1-2",
        "CMV status: 3 or more",
    ]
    rows = result_rows({"group": ["0", "3 or more"], "level": "5 years", "estimate": [0.645, 0.702]})
    assert "CMV status 0: 64.5%; CMV status 3 or more: 70.2%" in said(Output("estimates", rows, facts))
    asked = {**FACTS, "groups": ({"group": "0", "n": 7}, {"group": "3 or more", "n": 8})}
    small = say(Statement("small_groups", {**asked, "below": 10, "permutation": False}))
    assert "CMV status: 0 (7) and CMV status: 3 or more (8)" in small


def test_estimates_of_numbered_groups_can_be_read() -> None:
    rows = result_rows(
        {"group": ["0", "1"], "level": "5 years", "estimate": [0.645, 0.702], "measure": "survival"}
    )
    text = said(Output("estimates", rows, FACTS))
    assert text == ("Overall survival by CMV status at 5 years: CMV status 0: 64.5%; CMV status 1: 70.2%.")


def test_medians_and_follow_up_of_numbered_groups_can_be_read() -> None:
    rows = result_rows({"group": ["0", "1"], "estimate": [4.5, 7.0], "measure": "median follow-up"})
    assert "CMV status 0: 4.5 years" in said(Output("follow_up", rows, FACTS))
    rows = result_rows({"group": ["0", "1"], "estimate": [4.5, None], "low": [4.0, 5.0]})
    assert "CMV status 1: not reached" in said(Output("medians", rows, FACTS))


def test_findings_name_the_column_of_numbered_groups() -> None:
    groups = ({"group": "0", "n": 7},)
    small = say(Statement("small_groups", {**FACTS, "groups": groups, "below": 10, "permutation": False}))
    assert "in CMV status: 0 (7)" in small
    none = say(Statement("no_events", {**FACTS, "groups": ("0", "1")}))
    assert "nobody had the event in CMV status: 0 and CMV status: 1" in none
    apart = ({"group": "1", "versus": "0", "level": "5 years", "estimate": 0.05, "low": -0.1, "high": 0.2},)
    alike = say(Statement("not_significant", {**FACTS, "p": 0.4, "differences": apart}))
    assert "“CMV status: 1” minus “CMV status: 0”" in alike
