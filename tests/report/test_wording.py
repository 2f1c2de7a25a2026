"""Words beside the numbers: which test, which patients, since when."""

from __future__ import annotations

from remission.core.vocabulary import result_rows
from remission.report.figures.curves import p_words
from remission.report.narrative import sentences
from remission.report.section import Section
from remission.report.tables import comparison
from remission.study.results import Analysis, Output


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
    assert sentences(section) == (said,)
    notes = comparison.tables(section)[0].notes
    assert "P: log-rank test stratified by Hospital, χ² = 4.20, df = 1." in notes
    assert p_words("log-rank", 0.04, "Hospital") == "Log-rank test stratified by Hospital, P = 0.040"
