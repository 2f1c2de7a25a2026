"""Tables: square, complete, and honest about what could not be estimated."""

from __future__ import annotations

from typing import Any

import pytest

from remission.core.vocabulary import result_rows
from remission.report import Document
from remission.report.document import HeaderCell, Row, Table, numbered
from remission.report.looks import LOOKS, look
from remission.report.section import Section
from remission.study.kinds import KINDS
from remission.study.results import Analysis, Output

FACTS = {"endpoint": "os", "endpoint_label": "Overall survival", "unit": "years", "measure": "survival"}


def section(*outputs: Output) -> Section:
    return Section(Analysis("a", "compare", "A", outputs), outputs, "a")


def tables(*outputs: Output) -> list[Table]:
    return [block for block in look(section(*outputs)) if isinstance(block, Table)]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def test_every_output_of_every_kind_has_a_look() -> None:
    named = {name for kind in KINDS.values() for name in kind.outputs}
    assert named <= set(LOOKS)


def test_an_unknown_output_is_refused() -> None:
    with pytest.raises(KeyError, match="does not know how to show invented"):
        look(section(Output("invented", result_rows({}))))


def test_all_tables_are_square(document: Document) -> None:
    assert len(document.tables) >= 8
    for table in document.tables:
        width = len(table.align)
        for line in table.header:
            assert sum(cell.span for cell in line) == width, table.name
        assert all(len(row.cells) == width for row in table.rows), table.name
        assert table.notes[-1] == "Simulated data."


def test_tables_and_figures_are_numbered_and_named_apart(document: Document) -> None:
    assert [table.number for table in document.tables] == list(range(1, len(document.tables) + 1))
    assert [figure.number for figure in document.figures] == list(range(1, len(document.figures) + 1))
    names = [table.name for table in document.tables]
    assert len(names) == len(set(names))
    table = Table("t", "", ((HeaderCell("x"),),), (Row(("1",)),), ("left",))
    twice = numbered(Document("", "", (table, table)))
    assert [block.name for block in twice.tables] == ["t", "t-2"]


def test_estimates_that_do_not_exist_are_not_zero() -> None:
    columns: dict[str, Any] = {
        "measure": "survival",
        "level": ["1 year", "5 years"],
        "time": [1.0, 5.0],
        "estimate": [0.297, None],
        "std_error": [0.034, None],
        "low": [0.237, None],
        "high": [0.372, None],
        "at_risk": [40, 0],
        "events": [120, 130],
        "confidence": 0.9,
    }
    (table,) = tables(Output("estimates", result_rows(columns), FACTS))
    assert cells(table) == [
        ("1 year", "40", "120", "29.7", "3.4", "23.7–37.2"),
        ("5 years", "0", "130", "not estimable", "–", "–"),
    ]
    assert table.header[-1][-1].text == "90% CI"
    assert any("Not estimable" in note for note in table.notes)


def test_medians_that_were_not_reached_say_so() -> None:
    columns = {
        "measure": "median",
        "group": ["a", "b"],
        "estimate": [1.26, None],
        "low": [0.4, 2.0],
        "high": None,
    }
    (table,) = tables(Output("medians", result_rows(columns), {**FACTS, "by": "g", "by_label": "G"}))
    assert cells(table) == [("a", "1.3", "0.40–not reached"), ("b", "not reached", "2.0–not reached")]


def comparison(*, variant: str = "", p: float | None = 0.0461) -> list[Output]:
    facts = {
        **FACTS,
        "by": "graft",
        "by_label": "Graft source",
        "groups": ("a", "b"),
        "notes": {"log-rank": "robust"},
    }
    test = {
        "measure": ["log-rank", "log-rank", "log-rank", "permutation log-rank"],
        "group": [None, "a", "b", None],
        "at_risk": [59, 29, 30, None],
        "events": [43, 18, 25, None],
        "estimate": [None, 22.44, 20.56, None],
        "statistic": [3.98, None, None, None],
        "df": [1, None, None, None],
        "p": [p, None, None, 0.05],
    }
    at = {"measure": "survival", "group": ["a", "b"], "level": "5 years", "time": 5.0, "confidence": 0.95}
    share = {"estimate": [0.373, 0.162], "low": [0.2, 0.05], "high": [0.545, 0.33]}
    median = {
        "measure": "median",
        "group": ["a", "b"],
        "estimate": [0.73, None],
        "low": [0.26, None],
        "unit": "years",
    }
    return [
        Output("estimates", result_rows({**at, **share}), facts, variant),
        Output("medians", result_rows({**median, "confidence": 0.95}), facts, variant),
        Output("test", result_rows(test), facts, variant),
    ]


def test_a_comparison_is_one_table() -> None:
    (table,) = tables(*comparison())
    heads = [cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in table.header[0]]
    assert heads == [
        "",
        "Patients",
        "Events (expected)",
        "At 5 years, % (95% CI)",
        "Median, years (95% CI)",
        "P",
    ]
    assert cells(table) == [
        ("Graft source", "", "", "", "", "0.046"),
        ("a", "29", "18 (22.4)", "37.3 (20.0–54.5)", "0.73 (0.26–not reached)", ""),
        ("b", "30", "25 (20.6)", "16.2 (5.0–33.0)", "not reached", ""),
        ("Permutation log-rank test", "", "", "", "", "0.050"),
    ]
    notes = " ".join(table.notes)
    assert "P: log-rank test, χ² = 3.98, df = 1." in notes
    assert "Log-rank test: robust." in notes


def test_a_naive_comparison_is_marked_in_its_table() -> None:
    (table,) = tables(*comparison(variant="landmark"), *comparison(variant="naive", p=0.95))
    heads = [row.cells[0] for row in table.rows if row.kind == "variable"]
    assert heads == ["Overall survival", "Overall survival (naive comparison, biased)"]


def test_pairs_and_differences() -> None:
    facts = {**FACTS, "by": "g", "by_label": "G", "adjust": "holm"}
    pair = {
        "measure": "log-rank",
        "group": "a",
        "versus": "b",
        "statistic": 4.0,
        "df": 1,
        "p": 0.0461,
        "p_adjusted": 0.14,
    }
    (pairs,) = tables(Output("pairwise", result_rows(pair), facts))
    assert cells(pairs) == [("a against b", "4.00", "1", "0.046", "0.14")]
    assert pairs.header[0][-1].text == "P, adjusted (Holm)"
    gap: dict[str, Any] = {
        "group": "a",
        "versus": "b",
        "level": ["1 year", "5 years"],
        "estimate": [-0.086, None],
    }
    gap |= {"low": [-0.32, None], "high": [0.149, None], "p": [0.47, None], "confidence": 0.95}
    (gaps,) = tables(Output("difference", result_rows(gap), facts))
    assert cells(gaps) == [
        ("a minus b", "1 year", "−8.6", "−32.0 to 14.9", "0.47"),
        ("a minus b", "5 years", "not estimable", "–", "–"),
    ]
    mean: dict[str, Any] = {
        "measure": ["restricted mean", "difference of restricted means"],
        "group": ["a", "a"],
    }
    mean |= {"versus": [None, "b"], "estimate": [2.31, -0.4], "low": [2.0, -1.0], "high": [2.6, 0.2]}
    mean |= {"p": [None, 0.2], "unit": "years"}
    (means,) = tables(Output("restricted_means", result_rows(mean), {**facts, "until": "3 years"}))
    assert cells(means)[1:] == [
        ("a", "2.31", "2.00–2.60", ""),
        ("a minus b", "−0.40", "−1.00 to 0.20", "0.20"),
    ]


def test_table_one_shows_what_is_missing(document: Document) -> None:
    table = document.tables[0]
    found = {row.cells[0]: row for row in table.rows}
    assert found["missing"].cells[1] == "2"
    assert found["Age at transplant, years, median (range)"].cells[-1] == "0.35\N{NO-BREAK SPACE}(a)"
    assert found["Sex, n (%)"].cells[-1] == "0.050\N{NO-BREAK SPACE}(b)"
    assert found["Sex, n (%)"].kind == "variable"
    assert found["Sex, n (%)"].lead == 5
    assert [cell.span for cell in table.header[0]] == [2, 3, 1, 1]
    assert "(a) Kruskal-Wallis; (b) Fisher exact" in " ".join(table.notes)


def test_follow_up_and_causes_of_death(document: Document) -> None:
    follow = next(table for table in document.tables if table.caption.startswith("Follow-up"))
    assert cells(follow) == [("All patients", "5.2", "3.1–7.4", "1.1–9.8", "93.0")]
    causes = next(table for table in document.tables if table.caption.startswith("Cause"))
    assert cells(causes)[0] == ("leukaemia", "28 (71.8)")


def test_empty_outputs_print_nothing() -> None:
    names = [name for name in LOOKS if name != "characteristics"]
    empty = result_rows({}).clear()
    assert look(section(*[Output(name, empty, FACTS) for name in names])) == ()


def test_a_comparison_whose_curves_begin_late_says_of_whom_its_percentages_are() -> None:
    one = {"group": "yes", "at_risk": 29.0, "events": 4.0, "estimate": 0.87, "time": 1.0, "level": "1 year"}
    test = Output("test", result_rows({"group": ["yes"], "at_risk": [29.0]}), FACTS, "time-dependent")
    for start in ("4 months", None):
        rows = result_rows({name: [value] for name, value in one.items()})
        estimates = Output("estimates", rows, {**FACTS, "start": start}, "time-dependent")
        table = next(each for each in tables(test, estimates) if "Comparison" in each.caption)
        assert ("those still at risk at 4 months" in " ".join(table.notes)) == (start is not None)
