"""Results as files and back."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from remission.core.problems import InputError
from remission.core.vocabulary import COLUMNS, result_rows
from remission.study.results import Analysis, Output, Results
from remission.study.store import from_json, read_results, to_json, write_results
from remission.study.tables import safe_cell, to_csv
from tests.study.results_made import made_results


def assert_same(one: Results, other: Results) -> None:
    for name in ("title", "question", "simulated", "authors", "flow", "provenance"):
        assert getattr(one, name) == getattr(other, name)
    for mine, theirs in zip(one.endpoints, other.endpoints, strict=True):
        assert (mine.name, mine.label, mine.definition, mine.n, mine.events, mine.flow) == (
            theirs.name,
            theirs.label,
            theirs.definition,
            theirs.n,
            theirs.events,
            theirs.flow,
        )
    for mine, theirs in zip(one.analyses, other.analyses, strict=True):
        assert (mine.name, mine.kind, mine.title) == (theirs.name, theirs.kind, theirs.title)
        assert (mine.findings, mine.methods) == (theirs.findings, theirs.methods)
        for output, again in zip(mine.outputs, theirs.outputs, strict=True):
            assert (output.name, output.variant) == (again.name, again.variant)
            assert repr(dict(output.facts)) == repr(dict(again.facts))  # 1 is not 1.0, a tuple is not a list
            assert_frame_equal(output.rows, again.rows, check_exact=True)


def test_results_read_back_exactly() -> None:
    results = made_results()
    assert_same(results, from_json(to_json(results)))
    assert to_json(from_json(to_json(results))) == to_json(results)


def test_the_sign_of_zero_and_the_last_digit_survive() -> None:
    rows = from_json(to_json(made_results())).analyses[0].outputs[0].rows
    assert math.copysign(1, rows["estimate"][2]) == -1
    assert rows["time"][3] == 5e-324
    assert rows["high"].to_list() == [1.0, math.inf, -math.inf, None]


_facts = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple), st.dictionaries(st.text(min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(), _facts, max_size=4),
    st.lists(st.tuples(st.none() | st.text(), st.none() | st.floats(allow_nan=False)), max_size=5),
)
def test_any_facts_and_rows_read_back(
    facts: dict[str, Any], cells: list[tuple[str | None, float | None]]
) -> None:
    rows = result_rows({"group": [text for text, _ in cells], "estimate": [number for _, number in cells]})
    results = made_results(analyses=(Analysis("1", "curves", "", (Output("curves", rows, facts),)),))
    assert_same(results, from_json(to_json(results)))


def test_numbers_of_numpy_are_plain_numbers() -> None:
    output = Output(
        "curves", result_rows({}), {"n": np.int64(3), "p": np.float64(0.5), "yes": np.bool_(True)}
    )
    written = json.loads(to_json(made_results(analyses=(Analysis("1", "curves", "", (output,)),))))
    assert written["analyses"][0]["outputs"][0]["facts"] == {"n": 3, "p": 0.5, "yes": True}


def test_what_cannot_stand_in_results_is_refused() -> None:
    output = Output("curves", result_rows({}), {"when": object()})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="object cannot stand in results"):
        to_json(made_results(analyses=(Analysis("1", "curves", "", (output,)),)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no results file"),
        ("{", "no results file"),
        ("[1]", "no results file of remission"),
        ('{"format": "other"}', "no results file of remission"),
        ('{"format": "remission results", "version": 2}', "Install a newer one"),
        ('{"format": "remission results", "version": "x"}', "Install a newer one"),
        ('{"format": "remission results", "version": 1}', "damaged"),
        ('{"format": "remission results", "version": 1, "provenance": {"notes": 3}}', "damaged"),
    ],
)
def test_other_documents_are_refused_politely(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        from_json(text)


def test_files_hold_the_same_rows(tmp_path: Path) -> None:
    results = made_results()
    write_results(results, tmp_path)
    assert_same(results, read_results(tmp_path))
    assert_frame_equal(pl.read_parquet(tmp_path / "rows.parquet"), results.rows())
    lines = list(csv.DictReader(io.StringIO((tmp_path / "rows.csv").read_text("utf-8-sig"))))
    assert list(lines[0]) == list(COLUMNS)
    assert [line["group"] for line in lines] == ["'=1+1", "骨髄", "", 'a "b", c\nd']
    assert [float(line["estimate"]) for line in lines] == results.rows()["estimate"].to_list()
    assert {path.name for path in tmp_path.iterdir()} == {"results.json", "rows.csv", "rows.parquet"}


def test_results_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"results\.json cannot be read"):
        read_results(tmp_path)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "  @"])
def test_no_cell_or_heading_is_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert safe_cell(text) == f"'{text}"
    read = list(csv.reader(io.StringIO(to_csv(pl.DataFrame({text: [text]})).decode("utf-8-sig"), newline="")))
    assert read == [[f"'{text}"], [f"'{text}"]]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=4
    )
)
def test_every_text_cell_is_as_safe_as_safe_cell_makes_it(texts: list[str]) -> None:
    frame = pl.DataFrame({"a": texts, "n": [-1.5] * len(texts)})
    read = list(csv.reader(io.StringIO(to_csv(frame).decode("utf-8-sig"), newline="")))[1:]
    assert [row[0] for row in read] == [safe_cell(text) for text in texts]
    assert {row[1] for row in read} == {"-1.5"}
