"""What a Python worker says: one job per line of input, one line of JSON back."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def peak_megabytes() -> float:
    """Largest resident memory of this process so far.

    Linux hands the peak of the parent on to `getrusage` of the child, so its own count is read instead.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1024 if sys.platform != "darwin" else 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def serve(prepare: Callable[[str, str], Callable[[], Any]]) -> None:
    """Answer jobs such as `cox days`: what `prepare` does is not timed, what it returns is."""
    print(json.dumps({"base": peak_megabytes()}), flush=True)
    for line in sys.stdin:
        job, times = line.split()
        run = prepare(job, times)
        gc.collect()
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "peak": peak_megabytes()}), flush=True)
