"""Words beside the numbers: which test, which patients, since when."""

from __future__ import annotations

import warnings

from matplotlib.figure import Figure

from remission.core.vocabulary import result_rows
from remission.report.figures import style
from remission.report.figures.curves import p_words, plot_curves
from remission.report.figures.stack import plot_stack
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.report.sentences import say, say_all
from remission.report.tables import comparison, estimates
from remission.study.results import Analysis, Output, Statement


def section_of(*outputs: Output) -> Section:
    return Section(Analysis("01-compare", "compare", "", ()), outputs, "os")


def test_a_stratified_test_is_named_as_one_in_sentence_table_and_figure() -> None:
    facts = {"endpoint_label": "Overall survival", "by_label": "Graft", "stratum_label": "Hospital"}
    rows = result_rows(
        {"measure": ["log-rank"] * 2, "group": [None, "a"], "statistic": [4.2, None], "df": [1.0, None]}
        | {"p": [0.04, None], "at_risk": [None, 9.0], "events": [None, 3.0], "estimate": [None, 2.5]}
    )
    section = section_of(Output("test", rows, facts))
    said = "Overall survival by Graft: log-rank test stratified by Hospital, P = 0.040."
    assert paragraphs(section) == ((said,),)
    notes = comparison.tables(section)[0].notes
    assert "P: log-rank test stratified by Hospital, χ² = 4.20, df = 1." in notes
    assert p_words("log-rank", 0.04, "Hospital") == "Log-rank test stratified by Hospital, P = 0.040"


def test_patients_of_no_declared_group_are_not_called_unknown() -> None:
    facts = {"label": "Course", "n": 5, "total": 33, "by_conditions": True}
    one, other = (
        Statement("group_unknown", facts),
        Statement("group_unknown", {**facts, "n": 10, "total": 45}),
    )
    response = Statement("group_unknown", {"label": "Response", "n": 2, "total": 45})
    assert "Course: 5 of 33 patients belonged to none of the groups compared" in say(one)
    assert "unknown" not in say(one)
    assert "10 of 45 and 5 of 33 patients" in say_all([other, one])[0]
    assert "Response was unknown in 2 of 45 patients" in say_all([one, response])[0]


def test_dates_are_named_by_their_labels() -> None:
    late = {"label": "Acute GVHD", "known_at": "on agvhd_date", "known_on": "date of acute GVHD"}
    facts = {"variables": (late,), "time_zero": "transplantation"}
    text = say(Statement("known_after_time_zero", facts, "warning"))
    assert "Acute GVHD (on the day recorded as “date of acute GVHD”)" in text
    asked = {"column": "agvhd", "column_label": "Acute GVHD", "time_zero": "transplantation", **late}
    assert "agvhd_date" not in say(Statement("guard_withheld", asked, "guard"))
    plain = say(Statement("guard_withheld", {**asked, "known_on": "agvhd_date"}, "guard"))
    assert "on the day recorded in “agvhd_date”" in plain


def test_many_differences_are_left_to_their_table() -> None:
    pairs = [("b", "a", 0.031), ("c", "a", -0.082), ("c", "b", -0.051)]
    differences = tuple(
        {"group": group, "versus": versus, "level": "5 years", "estimate": share, "low": -0.2, "high": 0.2}
        for group, versus, share in pairs
    )
    facts = {"endpoint_label": "Relapse", "p": 0.28, "differences": differences}
    text = say(Statement("not_significant", facts, "warning"))
    assert "at 5 years “c” minus “a” was −8.2 percentage points" in text
    assert text.count("percentage points") == 1
    assert "The others stand in their table" in text
    two = say(Statement("not_significant", {**facts, "differences": differences[:2]}, "warning"))
    assert two.count("percentage points") == 2


def test_a_long_paragraph_ends_where_another_endpoint_or_view_begins() -> None:
    def told(label: str, times: tuple[str, ...], variant: str = "") -> Output:
        rows = {"measure": "survival", "level": [*times, *times], "estimate": 0.5, "unit": "years"}
        rows["group"] = [*["a"] * len(times), *["b"] * len(times)]
        return Output("estimates", result_rows(rows), {"endpoint_label": label, "by_label": "Graft"}, variant)

    years = ("1 year", "2 years", "3 years", "5 years")
    long, short = told("Overall survival", years), told("Disease-free survival", years[:1])
    adjusted = told("Overall survival", years, "adjusted")
    said = paragraphs(section_of(long, short, told("Relapse-free survival", years[:1]), adjusted, long))
    assert [len(part) for part in said] == [4, 2 + 4]  # the last was said before
    assert said[1][2].startswith("Adjusted: overall survival")
    assert [len(part) for part in paragraphs(section_of(short, long))] == [5]
    assert paragraphs(section_of()) == ()
    assert [len(part) for part in paragraphs(section_of(long, adjusted))] == [4, 4]


def test_every_paragraph_says_of_whom_it_tells() -> None:
    rows = {"measure": "survival", "level": ["1 year", "2 years", "3 years", "5 years"], "group": "a"}
    by = {"by_label": "Graft", "landmark": "100 days"}
    outputs = [
        Output("estimates", result_rows({**rows, "estimate": 0.5}), {"endpoint_label": label, **by})
        for label in ("Overall survival", "Disease-free survival")
    ]
    first, second = paragraphs(section_of(*outputs))
    assert first[0].startswith("Among those at risk at the landmark of 100 days, overall survival")
    assert second[0].startswith("Among those at risk at the landmark of 100 days, disease-free survival")
    assert first[1].startswith("Overall survival by Graft at 2 years")


def test_late_entrants_are_said_to_be_late() -> None:
    facts = {"endpoint_label": "Overall survival", "measure": "survival", "entry_from": "12 months"}
    rows = result_rows(
        {"measure": "survival", "level": "5 years", "time": [5.0], "estimate": [0.657], "unit": "years"}
    )
    section = section_of(Output("estimates", rows, facts))
    said = "Among those at risk from 12 months on, overall survival was 65.7% at 5 years."
    assert paragraphs(section) == ((said,),)
    caption = estimates.tables(section)[0].caption
    assert caption == "Estimates at named times: overall survival, among those at risk from 12 months on"


def test_nothing_is_drawn_over_the_time_before_anybody_entered() -> None:
    ax = Figure(figsize=(4, 3), dpi=300).add_subplot()
    time = [1.0, 5.0, 12.0]
    rows = result_rows(
        {"measure": "survival", "group": ["a"] * 3 + ["b"] * 3, "time": time * 2, "unit": "years"}
        | {"estimate": [1.0, 0.9, 0.7, 1.0, 0.85, 0.65]}
    )
    plot_curves(ax, rows, {"axis": "time zero", "groups": ["a", "b"], "until": 12.0})
    texts = {text.get_text(): text for text in ax.texts}
    assert "not observed" in texts
    begin = ax.transAxes.inverted().transform(ax.transData.transform((1.0, 0.0)))[0]
    keys = [line.get_xdata()[0] for line in ax.lines if line.get_transform() == ax.transAxes]
    assert len(keys) == 2
    assert min(keys) > begin


def test_the_stack_begins_where_the_first_enter() -> None:
    ax = Figure(figsize=(4, 3), dpi=300).add_subplot()
    measure, cause = ["incidence"] * 2 + ["event-free"] * 2, ["relapse"] * 2 + [None] * 2
    rows = result_rows(
        {"measure": measure, "cause": cause, "time": [2.0, 4.0] * 2, "estimate": [0.0, 0.4, 1.0, 0.6]}
        | {"unit": "years"}
    )
    plot_stack(ax, rows, {"until": 4.0})
    assert "not observed" in [text.get_text() for text in ax.texts]


def test_a_character_the_first_font_lacks_is_drawn_from_another() -> None:
    assert style.fonts()[-1] == "DejaVu Sans" or style.fonts()[-1] in style.EAST_ASIAN
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        width = style.text_width("CD34⁺ cells, 10⁶/kg", 7.0)
        odd = style.text_width("a \N{OGHAM LETTER BEITH} b", 7.0)
    assert width > style.text_width("CD34 cells, 10/kg", 7.0)
    assert odd > style.text_width("a b", 7.0)
