"""Counting rows on disk into an event table: how much slower than reading them, with what memory."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from data import GROUPS, SEED
from rows import Row, seconds, times, yes
from workers import Worker

CHUNK = 10_000_000
ENGINES = ("duckdb", "polars")
READING = 5.0  # decoding from the page cache; any real disk or network is slower


def write_parquet(folder: Path, n: int) -> float:
    """Write n rows (whole days, cause, group) in files of ten million; the megabytes on disk."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(SEED)
    for part, start in enumerate(range(0, n, CHUNK)):
        size = min(CHUNK, n - start)
        days, limit = rng.exponential(1500.0, size=size), rng.uniform(30, 4000, size=size)
        cause = np.where(days <= limit, rng.integers(1, 3, size=size), 0)
        frame = pl.DataFrame(
            {
                "days": np.ceil(np.minimum(days, limit)).astype(np.uint16),
                "cause": cause.astype(np.int8),
                "grp": rng.integers(0, GROUPS, size=size).astype(np.int8),
            }
        )
        frame.write_parquet(folder / f"part{part:03d}.parquet")
    return sum(file.stat().st_size for file in folder.iterdir()) / 2**20


def rows(folder: Path, n: int) -> Iterator[Row]:
    """Time both engines; memory at n and at a tenth of it, which should be the same."""
    peaks: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    for size in (n // 10, n):
        data = folder / f"rows{size}"
        on_disk = write_parquet(data, size)
        for engine in ENGINES:
            took, peak = _run(data, "count", engine)
            peaks[engine].append(peak)
            if size == n:
                reading, _ = _run(data, "read", engine)
                work = f"count rows of Parquet files ({on_disk:,.0f} MB) into an event table, {engine}"
                met = yes(kept=took <= READING * reading)
                peer = f"only decoding them: {seconds(reading)}"
                budget = f"<= {READING:g} x decoding"
                yield Row(work, f"{n:,}", seconds(took), peer, times(reading / took), budget, met)
        shutil.rmtree(data)
    for engine, (small, large) in peaks.items():
        yield Row(
            f"the same: memory, {engine}",
            f"{n:,}",
            f"{large:.0f} MB",
            f"at {n // 10:,} rows: {small:.0f} MB",
            budget="constant",
            met=yes(kept=large <= 1.5 * small + 50),
        )


def _run(data: Path, job: str, engine: str) -> tuple[float, float]:
    """Median seconds of three runs in a process of its own after a first one, and its peak above the base."""
    worker = Worker([sys.executable, "worker_ondisk.py", str(data)])
    answers = [worker.ask(f"{job} {engine}") for _ in range(4)]
    worker.stop()
    return median(answer["seconds"] for answer in answers[1:]), answers[-1]["peak"] - worker.base
