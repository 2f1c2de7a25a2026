"""Workers are processes that hold the data and run one job at a time, so that peers take turns in one run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import IO, Any

from rows import Took

HERE = Path(__file__).parent


class Worker:
    """One process that answers a line of JSON to each job."""

    def __init__(self, command: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE
        )
        self.base: float = self._answer()["base"]  # megabytes before any data were read

    def ask(self, job: str) -> dict[str, Any]:
        """Run a job: its `seconds`, for Python the `peak` megabytes so far; or why it is `absent`."""
        self._open(self.process.stdin).write(job + "\n")
        self._open(self.process.stdin).flush()
        return self._answer()

    def stop(self) -> None:
        """End the process."""
        self._open(self.process.stdin).close()
        self.process.wait()

    def _answer(self) -> dict[str, Any]:
        line = self._open(self.process.stdout).readline()
        if not line:
            message = "a worker ended: its own words stand above"
            raise RuntimeError(message)
        answer: dict[str, Any] = json.loads(line)
        return answer

    @staticmethod
    def _open(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


@dataclass
class Bench:
    """The workers over one data folder."""

    folder: Path
    comprisk_python: str | None = None
    workers: dict[str, Worker] = field(default_factory=dict)

    def take_turns(self, jobs: Sequence[str], repeats: int) -> list[Took]:
        """Median seconds of jobs such as `R: coxph days`, in turns, after one untimed round.

        Workers are `ours`, `R` and `comprisk`.
        """
        found: dict[str, list[float]] = {job: [] for job in jobs}
        absent: dict[str, str] = {}
        for _ in range(repeats + 1):
            for job in jobs:
                if job not in absent:
                    answer = self._ask(*job.split(": "))
                    if "absent" in answer:
                        absent[job] = f"absent ({answer['absent']})"
                    else:
                        found[job].append(answer["seconds"])
        return [Took(absent=absent[job]) if job in absent else Took(median(found[job][1:])) for job in jobs]

    def once(self, job: str) -> Took:
        """Seconds of one run of a job too long to repeat."""
        answer = self._ask(*job.split(": "))
        return Took(absent=f"absent ({answer['absent']})") if "absent" in answer else Took(answer["seconds"])

    def peak(self, job: str) -> float:
        """Megabytes our job needs in a process of its own, the data included, above what it began with."""
        worker = Worker(self._command("ours"))
        peak: float = worker.ask(job)["peak"] - worker.base
        worker.stop()
        return peak

    def stop(self) -> None:
        """End all workers."""
        for worker in self.workers.values():
            worker.stop()
        self.workers.clear()

    def _ask(self, who: str, job: str) -> dict[str, Any]:
        if who == "R" and shutil.which("Rscript") is None:
            return {"absent": "R is not installed"}
        if who == "comprisk" and self.comprisk_python is None:
            return {"absent": "no --comprisk given"}
        if who not in self.workers:
            self.workers[who] = Worker(self._command(who))
        return self.workers[who].ask(job)

    def _command(self, who: str) -> list[str]:
        if who == "R":
            return ["Rscript", "--vanilla", "worker.R", str(self.folder)]
        python = sys.executable if who == "ours" else str(self.comprisk_python)
        return [python, f"worker_{who}.py", str(self.folder)]
