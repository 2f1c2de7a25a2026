"""Large cohorts: counts with thousands apart wherever they stand, errors that are not printed as 0."""

from __future__ import annotations

import re

from remission.core.vocabulary import result_rows
from remission.report.document import Table
from remission.report.looks import look
from remission.report.section import Section
from remission.study.results import Analysis, Output
from tests.report.test_models import ROWS, output

COMPARED = result_rows(
    {
        "measure": ["log-rank", "log-rank", "log-rank"],
        "group": [None, "0", "1"],
        "at_risk": [None, 9600, 3936],
        "events": [None, 3846, 1712],
        "estimate": [None, 3823.61, 1734.4],
        "statistic": [2.1, None, None],
        "df": [1, None, None],
        "p": [0.15, None, None],
    }
)
FACTS = {"endpoint": "os", "endpoint_label": "Overall survival", "by_label": "CMV status"}


def texts(*outputs: Output) -> str:
    """All that the tables of some outputs say."""
    section = Section(Analysis("a", "model", "A", outputs), outputs, "a")
    words: list[str] = []
    for block in look(section):
        assert isinstance(block, Table)
        words += [block.caption, *block.notes, *[cell.text for line in block.header for cell in line]]
        words += [cell for row in block.rows for cell in row.cells]
    return "\n".join(words)


def test_counts_of_a_comparison_and_those_expected_are_written_alike() -> None:
    said = texts(Output("test", COMPARED, FACTS))
    assert "3,846 (3,823.6)" in said
    assert not re.search(r"(?<![.\d])\d{4}", said)


def test_a_model_of_a_large_cohort() -> None:
    rows = tuple({**row, "at_risk": 13536, "events": 5558} for row in ROWS)
    size = {"n": 13536, "events": 5558, "eligible": 14001}
    one = output("model", "univariable", rows, **size)
    many = output("model", rows=rows, **size, concordance={"estimate": 0.61, "std_error": 0.0038})
    said = texts(one, many)
    assert "Multivariable (n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}13,536)" in said
    assert "Concordance 0.61 (SE 0.004)." in said
    assert not re.search(r"(?<![.\d])\d{4}", said)
