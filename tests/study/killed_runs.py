"""Run as a program: publish runs and be killed at every single step, then say what was left.

Every step that opens, makes, renames, links or removes anything is an audit event; children are killed at
their first, second... event. Prints one line per child: the mark in the newest report before and after, and
through the constant names.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from remission.study.folder import FACES, clean, newest, publish

STEPS = ("open", "os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "os.unlink", "shutil.rmtree")


def write(place: Path, mark: str) -> None:
    for name in FACES:
        path = place / name
        if path.suffix:
            path.write_text(mark, encoding="utf-8")
        else:
            path.mkdir()
            (path / "one.txt").write_text(mark, encoding="utf-8")


def marks(out: Path) -> list[str]:
    """What a reader sees through the constant names: one mark, or none at all."""
    seen = set()
    for name in FACES:
        path = out / name if Path(name).suffix else out / name / "one.txt"
        seen.add(path.read_text(encoding="utf-8") if path.exists() else "")
    return sorted(seen)


def child(out: Path, number: int, step: int) -> None:
    """Publish, and die at the step of that number."""
    count = 0

    def hook(event: str, _: object) -> None:
        nonlocal count
        if event in STEPS:
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    publish(out, "run", lambda place: write(place, f"new{number}"))
    os._exit(0)


def main(out: Path, first: str) -> None:
    if first:
        publish(out, "run", lambda place: write(place, first))
    number, finished = 0, False
    while not finished:
        number += 1
        if (
            number % 2 == 0
        ):  # every step is met twice: with the leavings of the run before to clean away, and without
            clean(out)
        before = marks(out)
        process = os.fork()
        if process == 0:
            child(out, number, number // 2)
        _, status = os.waitpid(process, 0)
        finished = os.WIFEXITED(status) and number % 2 == 0
        run = newest(out)
        left = (
            sorted(path.name for path in (out / "runs").glob(".unfinished-*"))
            if (out / "runs").exists()
            else []
        )
        line = {
            "number": number,
            "finished": finished,
            "before": before,
            "after": marks(out),
            "newest": None if run is None else (run / "report.html").read_text(encoding="utf-8"),
            "left": left,
        }
        print(json.dumps(line))
    names = [path.name for path in [*out.iterdir(), *(out / "runs").iterdir()]]
    print(json.dumps({"hidden": [name for name in names if name.startswith(".")]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
