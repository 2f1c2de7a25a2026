"""Lines of key paths: the scanner finds the paths tomllib finds, where they were written."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings

from remission.study.lines import line_numbers
from tests.study.toml_texts import Path, toml_texts


def paths(value: Any, at: Path = ()) -> set[Path]:
    """All key paths of what tomllib read."""
    found = {at}
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found |= paths(item, (*at, key))
    return found


@settings(max_examples=300, deadline=None)
@given(toml_texts())
def test_paths_are_those_of_tomllib_and_lines_those_written(written: tuple[str, dict[Path, int]]) -> None:
    text, lines = written
    found = line_numbers(text)
    assert set(found) == paths(tomllib.loads(text))
    assert found == lines


@settings(max_examples=50, deadline=None)
@given(toml_texts())
def test_windows_line_ends_change_nothing(written: tuple[str, dict[Path, int]]) -> None:
    assert line_numbers(written[0].replace("\n", "\r\n")) == written[1]


def test_a_table_opened_late_keeps_its_first_line() -> None:
    lines = line_numbers("[a.b]\nx = 1\n[a]\ny = 2\n[[c.d]]\nz = [1,\n 2]\n[[c.d]]\n")
    assert lines["a",] == 1
    assert lines["a", "y"] == 4
    assert lines["c", "d", 0, "z", 1] == 7
    assert lines["c", "d", 1] == 8


def test_quotes_before_the_closing_three_belong_to_the_text() -> None:
    assert line_numbers("a = \"\"\"x\"\"\"\"\"\nb = '''y'''''\nc = 1\n") == {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("c",): 3,
    }


def test_dates_and_signs_are_one_value() -> None:
    assert line_numbers("a = 2012-05-31 07:32:00Z # x\nb = [-1, +2.5e-3,inf]\n")["b", 2] == 2
