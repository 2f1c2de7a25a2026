"""Running: what results carry, how a run is named and published, and that it can be repeated."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import remission
from remission.core.problems import InputError, Problem, StudyProblems
from remission.publish import run, run_name
from remission.study import parts
from remission.study import run as run_module
from remission.study.folder import newest
from remission.study.kind import Kind
from remission.study.kinds import KINDS
from remission.study.prepare import check, prepare, read_cohort
from remission.study.store import from_json, read_results, to_json
from tests.study.small import ROWS, STUDY, small_study


def test_results_carry_what_the_study_says_and_where_numbers_come_from(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    before = datetime.now(UTC).replace(microsecond=0)
    results = run(path)
    assert (results.title, results.question, results.authors) == (
        "A small study",
        "Who survives?",
        ("K. Sato",),
    )
    assert results.simulated
    assert [(step.reason, step.excluded, step.remaining) for step in results.flow] == [
        ("rows in the file", 0, 8),
        ("67 or older", 1, 7),
    ]
    assert [(each.name, each.n, dict(each.events)) for each in results.endpoints] == [
        ("os", 7, {"death": 4}),
        ("pfs", 7, {"relapse or death": 4}),
        ("relapse", 7, {"relapse": 2, "death without relapse": 2}),
    ]
    assert [analysis.name for analysis in results.analyses] == [
        "01-characteristics",
        "02-curves",
        "03-compare",
    ]
    came_from = results.provenance
    assert came_from.data_sha256 == hashlib.sha256(ROWS.encode()).hexdigest()
    assert came_from.study_sha256 == hashlib.sha256(STUDY.encode()).hexdigest()
    assert (came_from.data, came_from.study, came_from.data_rows, came_from.seed) == (
        "patients.csv",
        "study.toml",
        8,
        11,
    )
    assert came_from.versions["remission"] == remission.__version__
    assert set(came_from.versions) >= {"python", "numpy", "polars", "scipy"}
    assert before <= datetime.fromisoformat(came_from.started) <= datetime.now(UTC)
    assert came_from.started.endswith("Z")
    assert any("UTF-8" in note for note in came_from.notes)


def test_results_hold_no_patients(tmp_path: Path) -> None:
    text = to_json(run(small_study(tmp_path)))
    assert not re.search(r'"p[1-8]"', text)


def test_a_run_can_be_repeated(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    one, two = (json.loads(to_json(run(path))) for _ in range(2))
    for document in (one, two):
        document["provenance"].pop("started")
    assert one == two


def test_progress_tells_every_analysis_and_the_report(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run(small_study(tmp_path), tmp_path / "out", progress=lambda *step: told.append(step))
    words = [what for what, _, _ in told]
    assert words[0] == "Reading and checking"
    for kind in ("characteristics", "curves", "compare"):
        assert KINDS[kind].title in words
    assert all(0 <= done <= total for _, done, total in told)
    assert len(told) > 5


def test_results_are_published_and_named_by_time_and_input(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    results = run(path, tmp_path / "out")
    folder = newest(tmp_path / "out")
    assert folder is not None
    assert folder.name == run_name(results)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", folder.name)
    assert to_json(read_results(tmp_path / "out")) == to_json(results)
    for name in ("report.html", "report.docx", "rows.csv", "rows.parquet", "figures", "tables"):
        assert (tmp_path / "out" / name).exists(), name
    again = run(path)
    assert run_name(again)[-8:] == folder.name[-8:]
    other = run(small_study(tmp_path, STUDY.replace("Who", "Which patients")))
    assert run_name(other)[-8:] != folder.name[-8:]


def test_a_foreign_folder_is_refused_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_study(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.html").write_text("mine")
    monkeypatch.setattr(run_module, "prepare", lambda *_, **__: pytest.fail("it was computed"))
    with pytest.raises(StudyProblems, match=r"report\.html"):
        run(path, tmp_path / "out")
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["report.html"]


def test_what_an_analysis_refuses_only_when_it_runs_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        message = "nobody is left. Choose other patients."
        raise InputError(message)

    curves = KINDS["curves"]
    refusing = Kind(curves.name, curves.title, curves.summary, curves.options, curves.check, refuse, ())  # type: ignore[arg-type]
    monkeypatch.setattr(parts, "KINDS", {**KINDS, "curves": refusing})
    with pytest.raises(StudyProblems) as caught:
        run(small_study(tmp_path), tmp_path / "out")
    assert caught.value.problems == (
        Problem("analysis 2 (curves)", "nobody is left", "Choose other patients.", line=34),
    )
    assert not (tmp_path / "out").exists()


def test_another_file_of_patients_can_be_given(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    moved = (tmp_path / "patients.csv").rename(tmp_path / "elsewhere" / "others.csv")
    assert [problem.where for problem in check(path)] == ["cohort.file"]
    assert check(path, data=moved) == ()
    assert run(path, data=moved).provenance.data == "others.csv"


def test_the_cohort_can_be_read_though_the_analyses_are_not_ready(tmp_path: Path) -> None:
    path = small_study(tmp_path, STUDY.replace('kind = "curves"', 'kind = "curved"'))
    cohort = read_cohort(path)
    assert cohort.ids().to_list() == ["p1", "p2", "p3", "p4", "p6", "p7", "p8"]
    assert cohort.columns["older"].levels == ("< 50", ">= 50")
    with pytest.raises(StudyProblems, match="curved"):
        prepare(path)


def test_the_cohorts_own_problems_are_raised(tmp_path: Path) -> None:
    path = small_study(
        tmp_path, STUDY.replace('unit = "years"', 'unti = "years"'), ROWS.replace("p2,48", "p2,xx")
    )
    with pytest.raises(StudyProblems) as caught:
        read_cohort(path)
    assert [(problem.where, problem.ids) for problem in caught.value.problems] == [
        ("columns.age.unti", ()),
        ("patients.csv: age", ("p2",)),
    ]


def test_a_column_that_could_not_be_read_is_not_told_again(tmp_path: Path) -> None:
    study = STUDY.replace('kind = "yes/no", codes', 'kind = "yesno", codes')
    assert [(problem.where, problem.line) for problem in check(small_study(tmp_path, study))] == [
        ("columns.gvhd.kind", 20)
    ]


def test_damaged_results_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        from_json(to_json(run(small_study(tmp_path)))[:-40])


def test_a_run_killed_while_writing_its_report_leaves_the_old_results(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    run(path, tmp_path / "out")
    before = newest(tmp_path / "out")
    assert before is not None
    old = (before / "results.json").read_bytes()
    shown = tmp_path / "out" / "results.json"
    linked = shown.exists()  # an account of Windows may be without links
    assert linked or sys.platform == "win32"
    small_study(tmp_path, STUDY.replace("A small study", "A changed study"))
    code = (
        "import os, signal, sys\n"
        "from remission.publish import run\n"
        "def progress(what, done, total):\n"
        "    if what.startswith('Word'): os.kill(os.getpid(), getattr(signal, 'SIGKILL', 15))\n"
        "run(sys.argv[1], sys.argv[2], progress=progress)\n"
    )
    command = [sys.executable, "-c", code, str(path), str(tmp_path / "out")]
    # Windows has no SIGKILL: there any signal ends a process at once, and its number is the code.
    assert subprocess.run(command, capture_output=True, check=False).returncode in (-9, 15)
    assert newest(tmp_path / "out") == before
    assert (before / "results.json").read_bytes() == old
    assert not linked or shown.read_bytes() == old
    assert [item.name for item in (tmp_path / "out" / "runs").glob(".unfinished-*")] != []
    results = run(path, tmp_path / "out")
    assert results.title == "A changed study"
    after = newest(tmp_path / "out")
    assert after is not None
    for file in (after / "results.json", *([shown] if linked else [])):
        assert json.loads(file.read_text(encoding="utf-8"))["title"] == "A changed study"
    assert [item.name for item in (tmp_path / "out" / "runs").glob(".*")] == []
