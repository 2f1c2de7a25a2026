"""The folder of results: all of the old run or all of the new one, whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from remission.core.problems import StudyProblems
from remission.study import folder as folder_module
from remission.study.claim import Claim
from remission.study.folder import FACES, LATEST, PAGE, RUNS, clean, newest, publish, refuse_foreign
from tests.study.killed_runs import marks, write


@pytest.fixture
def links(tmp_path: Path) -> None:
    """Links can be made here; on Windows not every account may."""
    probe = tmp_path / "probe"
    try:
        probe.symlink_to("nowhere")
    except OSError as error:
        pytest.skip(f"this account may not make links: {error}")
    probe.unlink()


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_run_is_seen_through_constant_names(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "results"
    run = publish(out, "20260131T091500Z-1f0c9a2b", lambda place: write(place, "one"))
    assert run == out / RUNS / "20260131T091500Z-1f0c9a2b"
    assert marks(out) == ["one"]
    assert newest(out) == run.resolve()
    assert {path.name for path in out.iterdir()} == {RUNS, LATEST, *FACES}
    assert {path.name for path in (out / RUNS).iterdir()} == {run.name}


def test_the_next_run_replaces_the_pointer_and_keeps_the_old_run(tmp_path: Path) -> None:
    first = publish(tmp_path, "a", lambda place: write(place, "one"))
    links = {name: (tmp_path / name).lstat().st_ino for name in FACES}
    second = publish(tmp_path, "b", lambda place: write(place, "two"))
    assert marks(tmp_path) == ["two"]
    assert newest(tmp_path) == second.resolve()
    assert (first / "report.html").read_text() == "one"
    assert {name: (tmp_path / name).lstat().st_ino for name in FACES} == links


def test_runs_of_one_name_are_numbered(tmp_path: Path) -> None:
    names = [publish(tmp_path, "a", lambda place: write(place, "x")).name for _ in range(3)]
    assert names == ["a", "a-2", "a-3"]


def test_the_folder_can_be_moved(tmp_path: Path) -> None:
    publish(tmp_path / "results", "a", lambda place: write(place, "one"))
    moved = (tmp_path / "results").rename(tmp_path / "elsewhere")
    assert marks(moved) == ["one"]


def test_a_failing_run_leaves_the_old_results_and_nothing_else(tmp_path: Path) -> None:
    publish(tmp_path, "a", lambda place: write(place, "one"))
    before = listing(tmp_path)

    def fail(place: Path) -> None:
        write(place, "two")
        message = "disk full"
        raise OSError(message)

    with pytest.raises(OSError, match="disk full"):
        publish(tmp_path, "b", fail)
    assert listing(tmp_path) == before
    assert marks(tmp_path) == ["one"]


@pytest.mark.parametrize("name", [LATEST, PAGE, *FACES, RUNS])
def test_files_of_others_are_never_touched(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(StudyProblems) as caught:
        publish(tmp_path, "a", lambda place: write(place, "one"))
    (problem,) = caught.value.problems
    assert name in problem.message
    assert "--out" in problem.repair
    assert listing(tmp_path) == {name}
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize(
    ("name", "target"), [("report.html", "elsewhere.html"), ("figures", "/figures"), (LATEST, "other/x")]
)
def test_links_of_others_are_never_touched(tmp_path: Path, name: str, target: str) -> None:
    (tmp_path / name).symlink_to(target)
    with pytest.raises(StudyProblems):
        refuse_foreign(tmp_path)
    assert (tmp_path / name).readlink() == Path(target)


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    publish(tmp_path, "a", lambda place: write(place, "one"))
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("mine")
    with pytest.raises(StudyProblems, match="this is a file, not a folder"):
        refuse_foreign(tmp_path / "results")


def test_a_folder_that_cannot_be_written_is_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def never(path: Path, mode: int) -> bool:
        asked.append(path)
        return mode != os.W_OK

    monkeypatch.setattr(os, "access", never)
    with pytest.raises(StudyProblems, match="may not write"):
        refuse_foreign(tmp_path / "not" / "there")
    assert asked == [tmp_path]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked children at every step")
@pytest.mark.parametrize("first", ["", "old"])
def test_a_kill_at_any_step_leaves_the_old_or_the_new(tmp_path: Path, first: str) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.study.killed_runs", str(tmp_path / "out"), first]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    *children, end = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(children) > 40
    assert children[-1]["finished"]
    for line in children:
        assert line["before"] in ([first], [""]) or line["before"][0].startswith("new")
        assert line["after"] in (line["before"], [f"new{line['number']}"]), line
        assert line["newest"] == (line["after"][0] or None)
        assert len(line["left"]) <= 2  # its own lock and folder: those of earlier kills were cleaned away
    assert any(line["left"] for line in children)
    assert (
        sum(line["after"] != line["before"] for line in children) >= 2
    )  # some died after the pointer was moved
    assert end == {"hidden": []}


def test_cleaning_spares_runs_still_going_on(tmp_path: Path) -> None:
    seen: list[bool] = []

    def write_slowly(place: Path) -> None:
        write(place, "one")
        clean(tmp_path)
        seen.append(place.is_dir())

    publish(tmp_path, "a", write_slowly)
    assert seen == [True]


def test_concurrent_runs_do_not_clash(tmp_path: Path) -> None:
    both = threading.Barrier(4)
    failures: list[BaseException] = []

    def one(mark: str) -> None:
        def write_together(place: Path) -> None:
            both.wait(timeout=30)
            write(place, mark)

        try:
            publish(tmp_path, "same-second", write_together)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=one, args=(f"run {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    runs = sorted(path.name for path in (tmp_path / RUNS).iterdir())
    assert runs == ["same-second", "same-second-2", "same-second-3", "same-second-4"]
    assert len(marks(tmp_path)) == 1
    assert {(tmp_path / RUNS / run / "report.html").read_text() for run in runs} == {
        f"run {n}" for n in range(4)
    }


def test_without_links_a_page_points_to_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        message = "a required privilege is not held by the client"
        raise OSError(message)

    monkeypatch.setattr(Path, "symlink_to", refuse)
    publish(tmp_path, "a", lambda place: write(place, "one"))
    run = publish(tmp_path, "b #1", lambda place: write(place, "two"))
    assert {path.name for path in tmp_path.iterdir()} == {RUNS, PAGE}
    assert newest(tmp_path) == run
    assert f"{RUNS}/b%20%231/report.html" in (tmp_path / PAGE).read_text()


def test_a_claim_is_held_once_and_let_go(tmp_path: Path) -> None:
    claim = Claim.take(tmp_path / "x.lock")
    assert claim is not None
    assert Claim.take(tmp_path / "x.lock") is None
    claim.release()
    again = Claim.take(tmp_path / "x.lock")
    assert again is not None
    again.release()
    assert listing(tmp_path) == set()


def test_disks_without_locks_still_take_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_module.Claim, "take", classmethod(lambda cls, path: path.touch()))
    publish(tmp_path, "a", lambda place: write(place, "one"))
    assert marks(tmp_path) == ["one"]
    assert {path.name for path in (tmp_path / RUNS).iterdir()} == {"a"}


def test_folders_of_attachments_are_linked_where_there_are_any(tmp_path: Path) -> None:
    def write(place: Path) -> None:
        (place / "genes").mkdir()
        (place / "genes" / "drug.csv").write_text("gene\n")

    publish(tmp_path, "one", write)
    assert (tmp_path / "genes" / "drug.csv").read_text() == "gene\n"
    assert not (tmp_path / "signatures").exists()
