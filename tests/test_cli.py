"""The command line: what is printed where, exit codes, and that nothing is half done."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import remission
from remission import cli
from remission.cli import app
from remission.study.kinds import KINDS
from remission.study.schema import schema_text
from tests.study.small import ROWS, STUDY, small_study

runner = CliRunner()


def remission_(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "remission", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **environment},
        check=False,
    )


def test_version() -> None:
    answer = runner.invoke(app, ["--version"])
    assert (answer.exit_code, answer.stdout) == (0, f"remission {remission.__version__}\n")


def test_without_a_command_help_is_shown() -> None:
    answer = runner.invoke(app, [])
    assert answer.exit_code == 2
    for command in ("init", "check", "run", "demo", "methods", "schema"):
        assert re.search(rf"^  {command} ", answer.output, re.MULTILINE)
    assert "Exit codes: 0 done, 1 problems" in answer.output


@pytest.mark.parametrize(
    "arguments",
    [["run"], ["runn", "x.toml"], ["check", "a.toml", "b.toml"], ["run", "a.toml", "--where", "x"]],
)
def test_commands_that_cannot_be_understood_end_with_2(arguments: list[str]) -> None:
    answer = runner.invoke(app, arguments)
    assert answer.exit_code == 2
    assert "Usage: " in answer.stderr


def test_check_says_when_there_is_nothing_to_say(tmp_path: Path) -> None:
    answer = runner.invoke(app, ["check", str(small_study(tmp_path))])
    assert (answer.exit_code, answer.stdout, answer.stderr) == (0, "No problems in study.toml.\n", "")


def test_check_prints_problems_to_be_piped(tmp_path: Path) -> None:
    path = small_study(tmp_path, STUDY.replace("graft", "grafft"))
    answer = runner.invoke(app, ["check", str(path)])
    assert answer.exit_code == 1
    assert answer.stderr == ""
    assert "[cohort]\n  line 15, baseline: patients.csv has no column" in answer.stdout
    assert 'Did you mean "graft"?' in " ".join(answer.stdout.split())


def test_the_data_may_be_elsewhere(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    other = (tmp_path / "patients.csv").rename(tmp_path / "other.csv")
    assert runner.invoke(app, ["check", str(path)]).exit_code == 1
    assert runner.invoke(app, ["check", str(path), "--data", str(other)]).exit_code == 0


def test_a_run_says_what_to_mind_and_where_the_report_is(tmp_path: Path) -> None:
    path, out = small_study(tmp_path), tmp_path / "out"
    answer = runner.invoke(app, ["run", str(path), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("A small study: 7 patients, 3 analyses.\n")
    assert "Withheld" in answer.stdout  # the guard: acute GVHD was not known at time zero
    assert "To be read with the results:\n- " in answer.stdout
    assert answer.stdout.endswith(
        f"Report:  {out / 'report.html'}\nWord:    {out / 'report.docx'}\nResults: {out / 'results.json'}\n"
    )
    assert answer.stderr == ""  # no progress bar where there is no terminal
    assert json.loads((out / "results.json").read_text(encoding="utf-8"))["title"] == "A small study"


def test_results_of_others_are_not_touched(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "figures").mkdir()
    answer = runner.invoke(app, ["run", str(path), "--out", str(tmp_path / "out")])
    assert answer.exit_code == 1
    assert "names the results need: figures" in " ".join(answer.stderr.split())
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["figures"]


def test_the_demo_goes_all_the_way_in_a_fresh_folder(tmp_path: Path) -> None:
    answer = remission_("demo", "ankl", "--out", "demo", cwd=tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("The cohort is simulated.")
    assert "59 patients" in answer.stdout
    assert (tmp_path / "demo" / "report.html").stat().st_size > 10_000
    assert (tmp_path / "demo" / "study" / "study.toml").is_file()


def test_a_demo_that_is_not_there() -> None:
    answer = runner.invoke(app, ["demo", "anklx"])
    assert answer.exit_code == 2
    assert "there is ankl" in answer.stderr


def test_a_changed_demo_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("mine")
    answer = runner.invoke(app, ["demo", "ankl", "--out", str(tmp_path)])
    assert answer.exit_code == 1
    assert "study.toml" in answer.stderr
    assert (tmp_path / "study" / "study.toml").read_text() == "mine"
    assert [item.name for item in tmp_path.rglob("*")] == ["study", "study.toml"]


def test_init_check_run_is_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "patients.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    made = runner.invoke(app, ["init", "patients.csv"])
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("study.toml is written.")
    assert "Then: remission check study.toml" in made.stdout
    assert runner.invoke(app, ["check", "study.toml"]).stdout == "No problems in study.toml.\n"
    ran = runner.invoke(app, ["run", "study.toml"])
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "results" / "report.html").is_file()
    again = runner.invoke(app, ["init", "patients.csv"])
    assert again.exit_code == 1
    assert "--force" in again.stderr
    assert runner.invoke(app, ["init", "patients.csv", "--force"]).exit_code == 0


def test_init_tells_what_it_cannot_read(tmp_path: Path) -> None:
    answer = runner.invoke(app, ["init", str(tmp_path / "none.csv"), "--out", str(tmp_path / "study.toml")])
    assert answer.exit_code == 1
    assert "none.csv" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_methods_lists_the_kinds() -> None:
    short, long = runner.invoke(app, ["methods"]), runner.invoke(app, ["methods", "--verbose"])
    assert short.exit_code == long.exit_code == 0
    assert re.findall(r"^(\w+): ", short.stdout, re.MULTILINE) == list(KINDS)
    assert "      endpoint = " in long.stdout
    assert "      endpoint = " not in short.stdout


def test_schema_is_printed_or_written(tmp_path: Path) -> None:
    assert runner.invoke(app, ["schema"]).stdout == schema_text()
    answer = runner.invoke(app, ["schema", "--out", str(tmp_path / "s.json")])
    assert answer.exit_code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == schema_text()


def test_a_fault_of_the_program_is_one_plain_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "a bug"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(remission, "check", fail, raising=False)
    with pytest.raises(SystemExit) as caught:
        cli.main(["check", "study.toml"])
    said = capsys.readouterr()
    assert caught.value.code == 3
    assert said.out == ""
    assert "ZeroDivisionError: a bug" in said.err
    assert "remission check study.toml --debug" in said.err
    assert "Traceback" not in said.err
    with pytest.raises(ZeroDivisionError):
        cli.main(["check", "study.toml", "--debug"])


def test_a_full_disk_is_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("remission.study.store.write_results", full)
    with pytest.raises(SystemExit) as caught:
        cli.main(["run", str(small_study(tmp_path)), "--out", str(tmp_path / "out")])
    assert caught.value.code == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not (tmp_path / "out" / "latest").exists()
    assert list((tmp_path / "out" / "runs").iterdir()) == []


def test_a_console_of_few_letters_is_no_reason_to_fail(tmp_path: Path) -> None:
    small_study(tmp_path, STUDY.replace("seed = 11", '"年" = 11'))
    answer = remission_("check", "study.toml", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert answer.returncode == 1
    assert 'unknown key "?"' in answer.stdout
    assert answer.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX systems")
def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    small_study(tmp_path)
    outside, inside = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "remission", "run", "study.toml"],
        stdout=subprocess.PIPE,
        stderr=inside,
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(inside)
    shown = b""
    while True:
        try:
            piece = os.read(outside, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    out, _ = process.communicate()
    os.close(outside)
    assert process.returncode == 0
    assert b"Survival and incidence" in shown
    assert b"Report:" in out


def test_the_package_is_typed_and_the_study_is_toml(tmp_path: Path) -> None:
    assert (Path(remission.__file__).parent / "py.typed").is_file()
    assert tomllib.loads(small_study(tmp_path).read_text())["schema"] == 1


def test_guesses_that_nobody_confirmed_are_told_but_stop_nothing(tmp_path: Path) -> None:
    path = small_study(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f"# Every line marked CONFIRM holds a guess.\n{text}# CONFIRM\n# x  CONFIRM y\n", encoding="utf-8"
    )
    said = (
        "2 lines of study.toml still carry the mark CONFIRM: they are guesses of `remission init` that "
        "nobody has confirmed.\n"
    )
    checked = runner.invoke(app, ["check", str(path)])
    assert (checked.exit_code, checked.stdout, checked.stderr) == (0, "No problems in study.toml.\n", said)
    ran = runner.invoke(app, ["run", str(path), "--out", str(tmp_path / "out")])
    assert (ran.exit_code, ran.stderr) == (0, said)


@pytest.mark.parametrize("inside", ["patients.csv", "patients.csv/deep"])
def test_a_folder_of_results_inside_a_file_is_told_in_words(tmp_path: Path, inside: str) -> None:
    path = small_study(tmp_path)
    answer = remission_("run", str(path), "--out", str(tmp_path / inside / "out"))
    assert answer.returncode == 1
    assert "patients.csv is a file, not a folder" in answer.stderr
    assert "Errno" not in answer.stderr


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    small_study(tmp_path)
    inside = remission_("schema", "--out", "patients.csv/schema.json", cwd=tmp_path)
    assert (inside.returncode, inside.stderr) == (
        1,
        '"patients.csv" is a file, not a folder. Name another place. Nothing was changed.\n',
    )
    absent = remission_("schema", "--out", "nowhere/schema.json", cwd=tmp_path)
    assert (absent.returncode, absent.stderr) == (
        1,
        'There is no folder "nowhere". Make it, or name another place. Nothing was changed.\n',
    )
