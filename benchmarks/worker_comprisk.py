"""Worker: comprisk's Gray test (compiled by numba at its first, untimed run)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from comprisk import gray_test

from protocol import serve


def prepare(job: str, times: str) -> Callable[[], Any]:
    if job != "gray":
        message = f"no job {job}"
        raise ValueError(message)
    folder = Path(sys.argv[1])
    time = np.fromfile(folder / f"{times}.f64")
    cause = np.fromfile(folder / "cause.i32", dtype=np.int32)
    group = np.fromfile(folder / "group.i32", dtype=np.int32)
    return lambda: gray_test(time, cause, group, cause=1)


if __name__ == "__main__":
    serve(prepare)
