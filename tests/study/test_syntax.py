"""Files that are no study file, or no TOML: told in words, with the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from remission.core.problems import StudyProblems
from remission.study.prepare import check, prepare, read_cohort
from remission.study.syntax import LARGEST, read_study_text


def only_problem(path: Path) -> tuple[int | None, str, str]:
    text, (problem,) = read_study_text(path)
    assert text is None
    assert check(path) == (problem,)
    with pytest.raises(StudyProblems):
        read_cohort(path)
    return problem.line, problem.message, problem.repair


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\na = 2\n", 2, "written twice: a = 2"),
        ("[a]\n\n[a]\n", 3, "opened twice: [a]"),
        ("x = { a = 1, a = 2 }\n", 1, "written twice"),
        ("x = { a = 1 }\nx.b = 2\n", 2, "already complete"),
        ("a.b = 1\n[a]\n", 2, "opened twice"),
        ("a = yes\n", 1, "cannot be read: a = yes"),
        ("\ntitle = Hello world\n", 2, "cannot be read: title = Hello world"),
        ('a = 1\nb = "x\nc = 2\n', 2, "does not end on its line"),
        ('a = """x\n\n', 1, "does not end"),
        ('file = "C:\\data\\new.csv"\n', 1, "backslash"),
        ("a = [1,\n  2\nb = 3\n", 3, "does not end before here"),
        ("a = { b = 1\n", 1, "does not end on its line"),
        ("age\n", 1, "a key without a value: age"),
        ("[age\n", 1, "heading does not end"),
        ("a = 1 b = 2\n", 1, "more on this line"),
        ("a = 1,5\n", 1, "more on this line"),
        ("年齢 = 1\n", 1, "neither a heading nor a key"),
        ("= 3\n", 1, "neither a heading nor a key"),
        ("[[a]\n", 1, "heading does not end"),
        ("a = 2012-02-31\n", 1, "no date of the calendar"),
    ],
)
def test_what_toml_refuses_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    found, message, repair = only_problem(path)
    assert words in message
    assert found == line
    assert repair.endswith(".")


def test_lists_without_end_are_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text("a = " + "[" * 20_000)
    assert "lists within lists" in only_problem(path)[1]


@pytest.mark.parametrize("encoding", ["cp932", "latin-1", "euc-jp"])
def test_another_encoding_is_told_with_its_line(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "study.toml"
    word = "Müller" if encoding == "latin-1" else "急性骨髄性白血病"
    path.write_bytes(f'schema = 1\n[study]\ntitle = "{word}"\n'.encode(encoding))
    line, message, repair = only_problem(path)
    assert (line, "UTF-8" in message, "UTF-8" in repair) == (3, True, True)


def test_utf16_is_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes("schema = 1\n".encode("utf-16"))
    assert "UTF-16" in only_problem(path)[1]


def test_a_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xef\xbb\xbfschema = 1\r\n\r\n[study]\r\ntitle = 'A'\r\n")
    text, problems = read_study_text(path)
    assert not problems
    assert text is not None
    assert text.raw["study"]["title"] == "A"
    assert text.places.line(("study", "title")) == 4


def test_a_file_too_long_for_a_study(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"#" * (LARGEST + 1))
    assert "too long" in only_problem(path)[1]


def test_a_file_that_is_not_there_suggests_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("schema = 1\n")
    _, message, repair = only_problem(tmp_path / "stduy.toml")
    assert "no such file" in message
    assert 'Did you mean "study.toml"?' in repair
    assert "no such file" in only_problem(tmp_path / "nowhere" / "study.toml")[1]


def test_a_folder_names_the_studies_in_it(tmp_path: Path) -> None:
    (tmp_path / "ankl.toml").write_text("schema = 1\n")
    _, message, repair = only_problem(tmp_path)
    assert "folder" in message
    assert "ankl.toml" in repair


def test_data_given_as_study_point_to_init(tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,age\n")
    assert "remission init patients.csv" in only_problem(path)[2]


def test_problems_are_raised_together(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text("schema = 1\n[study]\ntitle = 1\nseed = -1\n")
    with pytest.raises(StudyProblems) as caught:
        prepare(path)
    assert len(caught.value.problems) == 4
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
