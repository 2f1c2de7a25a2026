"""Cold starts: a new process each time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from rows import Row, Took, within


def rows(repeats: int) -> Iterator[Row]:
    """Time `import remission`, and the bundled study from the command to the finished report.

    Python keeps what it compiled, as it does on every machine unless told not to: the first, compiling run is
    not timed.
    """
    with tempfile.TemporaryDirectory(prefix="remission-bench-") as name:
        folder = Path(name)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")
        took = _median([sys.executable, "-c", "import remission"], environment, repeats)
        yield within("import remission, new process (interpreter included)", "-", took, 0.3)
        work = "remission demo ankl, new process to finished report"
        if find_spec("remission.cli") is None:
            yield Row(work, "59", "-", "the command line is not there")
            return
        command = [sys.executable, "-m", "remission", "demo", "ankl", "--out", str(folder / "results")]
        yield within(work, "59", _median(command, environment, repeats), 6.0)


def _median(command: list[str], environment: dict[str, str], repeats: int) -> Took:
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        seconds.append(time.perf_counter() - start)
    return Took(median(seconds[1:]))
