"""Where problems stand: paths in words, lines, and the page that shows them."""

from __future__ import annotations

import tomllib

import pytest

from remission.core.problems import Problem
from remission.study.places import Places
from remission.study.telling import heading, tell

TEXT = """\
schema = 1
[cohort]
file = "study.csv"
include = [
  "age > 18",
  "sex = 'F'",
]
[columns]
"a.b" = { kind = "number" }
"a.b.c" = { kind = "text" }
"年齢" = { kind = "number",
  levels = ["x"] }
[[exclude]]
ids = ["1"]
[[analysis]]
kind = "curves"
[[analysis]]
by = "x"
"""


@pytest.fixture
def places() -> Places:
    # an inline table over two lines is for later versions of TOML: the scanner follows, tomllib would not
    return Places.of(TEXT, tomllib.loads(TEXT.replace('number",\n ', 'number",')))


@pytest.mark.parametrize(
    ("where", "line", "shown"),
    [
        ("cohort.file", 3, None),
        ("cohort.time_zero", 2, None),
        ("cohort.include 2", 6, None),
        ("cohort.include.1", 6, "cohort.include 2"),
        ("columns.a.b.kind", 9, None),
        ("columns.a.b.c.kind", 10, None),
        ("columns.a.b.d", 9, None),
        ("columns.年齢.levels", 12, None),
        ("columns.nothing.kind", 8, None),
        ("exclude.0.ids", 14, "exclude 1.ids"),
        ("exclude 1.reason", 13, None),
        ("analysis 1 (curves).at", 15, None),
        ("analysis 2.by", 18, None),
        ("endpoints.os", None, None),
        ("study.csv", None, None),
        ("study.csv: age", None, None),
        ("columnsx.age", None, None),
    ],
)
def test_a_problem_gets_the_line_of_the_nearest_key(
    places: Places, where: str, line: int | None, shown: str | None
) -> None:
    (problem,) = places.locate([Problem(where, "m", "r")])
    assert problem.line == line
    assert problem.where == (shown or where)


def test_a_data_file_named_like_a_table_has_no_line() -> None:
    text = '[cohort]\nfile = "data/cohort.csv"\n'
    places = Places.of(text, tomllib.loads(text))
    data, key = places.locate([Problem("cohort.csv: age", "m", "r"), Problem("cohort.id", "m", "r")])
    assert (data.line, key.line) == (None, 1)


def test_a_line_that_is_known_stays(places: Places) -> None:
    assert places.locate([Problem("cohort.file", "m", "r", line=99)])[0].line == 99


@pytest.mark.parametrize(
    ("where", "line", "title"),
    [
        ("cohort.file", 3, "[cohort]"),
        ("columns.age.levels", 3, "[columns.age]"),
        ("endpoints", 3, "[endpoints]"),
        ("endpoints.os, endpoints.pfs", 3, "[endpoints.os]"),
        ("analysis 2 (compare).by", 3, "[[analysis]] 2 (compare)"),
        ("exclude 1", 3, "[[exclude]] 1"),
        ("ankl.csv: age", None, "ankl.csv"),
        ("study.toml", 3, "study.toml"),
        ("/data/results", None, "/data/results"),
    ],
)
def test_problems_stand_under_the_table_or_file_they_are_about(
    where: str, line: int | None, title: str
) -> None:
    assert heading(Problem(where, "m", "r", line=line), "study.toml") == title


def test_the_page_groups_problems_and_names_patients() -> None:
    ids = tuple(f"SIM-{number:03d}" for number in range(1, 20))
    problems = [
        Problem("columns.age.kind", "one", "Do this.", line=4),
        Problem("endpoints.os, endpoints.pfs", "two", "Do that.", ids[:1], line=9),
        Problem("columns.age.unit", "three", "Do more.", line=5),
        Problem("ankl.csv: age", "four", "Correct them.", ids),
    ]
    page = tell(problems, "study.toml", width=70)
    assert page.splitlines()[0] == "4 problems in study.toml. Nothing was computed or written."
    assert page.split("\n\n")[1:3] == [
        "[columns.age]\n  line 4, kind: one.\n    Do this.\n  line 5, unit: three.\n    Do more.",
        "[endpoints.os]\n  line 9, also endpoints.pfs: two (id SIM-001).\n    Do that.",
    ]
    assert "SIM-012 and 7 more" in " ".join(page.split())
    assert max(map(len, page.splitlines())) <= 70
    assert "SIM-\n" not in page
