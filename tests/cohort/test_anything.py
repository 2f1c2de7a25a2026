"""Whatever stands in a file or in a condition, the answer is a cohort or problems, never a crash."""

from __future__ import annotations

import contextlib
import re
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.cells.column import FileRules, type_column
from remission.cohort.conditions import ConditionError, parse
from remission.cohort.declare import ColumnDeclaration
from remission.cohort.reading.delimited import read_delimited
from remission.cohort.sniff import sniff

CONTROL = re.compile("[\x00-\x1f\x7f\ufffe\uffff]+")
PIECES = st.sampled_from(
    [b",", b";", b"\t", b"\n", b"\r\n", b'"', b'""', b" ", b"id", b"1", b"NA", b"\x82\xa0", b"\xe9",
     b"\xff\xfe", b"\0", "臍帯血".encode(), b"2012-05-03", b"12,5"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=3)), max_size=40).map(b"".join))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    table, problems = read_delimited(data, "x.csv")
    assert table is not None or problems
    if table is not None:
        assert len(table.rows) == table.frame.height
        assert len(sniff(table.frame).proposals) == table.frame.width


WORDS = st.sampled_from(
    ["age", "and", "or", "not", "(", ")", "[", "]", "in", "between", "is", "missing", "=", "<", "1", "'a'",
     "yes", "2012-01-01", ",", "months", "`b`", "'", "\\", "%"]
)  # fmt: skip


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=12).map(" ".join)))
def test_any_text_is_a_condition_or_a_condition_error(text: str) -> None:
    with contextlib.suppress(ConditionError):
        tree = parse(text)
        assert parse(str(tree)) == tree


CELLS = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from(
        ["1", "0", "99", "1.0", "12,5", "NA", "yes", "2012-05-03", "31/12/2012", "2012", "41032", "<0.1",
         "1e400", "00/00/2012", "UN-UN-2012", "99999999999", "2012-99-99", "-1", "٣", "１２"]
    ),
)  # fmt: skip
DECLARED = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["number", "category", "date", "yes/no", "text", "time"]),
        "levels": st.sampled_from([("1", "0"), ("yes",), ()]),
        "codes": st.sampled_from([{"1": "yes"}, {"1": 2.0}, {"<0.1": 0.05}, {"0": "0"}]),
        "missing": st.sampled_from([(99,), ("NA", "")]),
        "range": st.sampled_from([(0, 10), ("2000-01-01", "2020-01-01")]),
        "format": st.sampled_from(["DD/MM/YYYY", "excel", "DD/MM/YY", "?"]),
        "partial": st.sampled_from(["refuse", "first", "middle", "last"]),
        "decimal": st.sampled_from([".", ","]),
        "unit": st.sampled_from(["months", "kg"]),
    },
)


@settings(max_examples=300)
@given(st.lists(CELLS, max_size=8), DECLARED)
def test_any_cell_becomes_a_value_or_is_told(cells: list[str | None], declared: dict[str, Any]) -> None:
    raw = pl.Series("raw", cells, dtype=pl.String)
    column = type_column("x", ColumnDeclaration(**declared), raw, FileRules())
    assert len(column.values) == len(cells)
    if column.problems:
        return
    told = {row for each in column.bad for row in each.rows.tolist()}
    # control characters are blanks: no word holds them
    empty = {row for row, cell in enumerate(cells) if cell is None or not CONTROL.sub(" ", cell).strip()}
    unknown = {row for row, value in enumerate(column.values.to_list()) if value is None}
    assert told <= unknown
    assert len(unknown - told - empty) == column.coded_missing
    for each in column.bad:
        assert each.message
        assert each.repair[-1] in ".?"
