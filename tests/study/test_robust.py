"""Studies and data broken at random: always a list of problems or results, never a crash."""

from __future__ import annotations

import copy
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remission.core.problems import StudyProblems
from remission.study.prepare import check
from remission.study.run import run
from tests.study.small import ROWS, STUDY, small_study

_MORE = """
[[analysis]]
kind = "follow_up"
by = "sex"

[[analysis]]
kind = "landmark"
endpoint = "os"
landmark = "6 months"
among = "event-free by pfs"
at = ["2 years from transplant", "1 year from landmark"]

[[analysis]]
kind = "screen"
endpoint = "os"
columns = ["sex", "graft", "older"]
at = "1 year"

[[analysis]]
kind = "causes_of_death"
column = "graft"
"""
RAW = tomllib.loads(STUDY + _MORE)
_WORDS = [
    "age", "sex", "graft", "gvhd", "gvhd_date", "older", "os", "pfs", "relapse", "death_date", "last_contact",
    "transplant_date", "patient", "row number", "baseline", "after", "100 days", "1 year", "0 days",
    "9999 years", "number", "category", "date", "yes/no", "time", "text", "exclude", "refuse", "show",
    "age < 50", "sex = 'F'", "x", "age / 0", "((((", "relapse-incidence", "overall-survival", "acute-gvhd",
    "event-free by os", "days", "",
]  # fmt: skip
_VALUES = st.one_of(
    st.sampled_from(_WORDS),
    st.sampled_from(_WORDS),
    st.integers(-2, 120),
    st.booleans(),
    st.floats(allow_nan=True, allow_infinity=True, width=16),
    st.dates().map(lambda day: day),
    st.lists(st.sampled_from(_WORDS), max_size=3),
    st.dictionaries(st.sampled_from(_WORDS), st.sampled_from(_WORDS), max_size=2),
)
_CELLS = [
    "",
    "0",
    "1",
    "-1",
    "2",
    "61",
    "1e9",
    "F",
    "X",
    "99",
    "2010-01-10",
    "2030-01-01",
    "1900-01-01",
    "2012-02-31",
    "2012",
    "=1",
]


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [*([at] if at else []), *(path for key, item in items for path in paths(item, (*at, key)))]


@st.composite
def studies(draw: st.DrawFn) -> str:
    """The good study with one to three things changed, taken out, added or misspelt."""
    raw = copy.deepcopy(RAW)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(paths(raw)))
        holder: Any = raw
        for part in path[:-1]:
            holder = holder[part]
        key = path[-1]
        match draw(st.sampled_from(["change", "change", "take out", "misspell", "add"])):
            case "change":
                holder[key] = draw(_VALUES)
            case "take out":
                del holder[key]
            case "misspell" if isinstance(key, str):
                holder[f"{key[:-1]}x"] = holder.pop(key)
            case _ if isinstance(holder, dict):
                holder[
                    draw(
                        st.sampled_from(["by", "at", "landmark", "where", "range", "missing", "label", "zzz"])
                    )
                ] = draw(_VALUES)
    return tomlkit.dumps(raw)


@st.composite
def files(draw: st.DrawFn) -> str:
    """The good data with up to four cells changed."""
    rows = [line.split(",") for line in ROWS.splitlines()]
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.sampled_from(rows[1:]))
        row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(_CELLS))
    return "\n".join(map(",".join, rows)) + "\n"


def holds(path: Path) -> None:
    problems = check(path)
    for problem in problems:
        assert problem.where
        assert problem.message
        assert problem.repair
    if not problems:
        with suppress(StudyProblems):  # an analysis may refuse only when it runs, in words
            run(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(studies(), files())
def test_a_broken_study_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, study: str, rows: str
) -> None:
    holds(small_study(tmp_path_factory.mktemp("robust"), study, rows))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files())
def test_broken_data_never_crash(tmp_path_factory: pytest.TempPathFactory, rows: str) -> None:
    holds(small_study(tmp_path_factory.mktemp("robust"), STUDY + _MORE, rows))
