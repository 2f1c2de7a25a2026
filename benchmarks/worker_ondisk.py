"""Worker: counts rows in Parquet files into an event table, or only reads them, inside an engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from protocol import serve
from remission.events.frame import count_frame

FILES = str(Path(sys.argv[1]) / "*.parquet")
COLUMNS = ("days", "cause", "grp")
CAUSES = {1: "relapse", 2: "NRM"}


def prepare(job: str, engine: str) -> Callable[[], Any]:
    """`count` or `read`, in `duckdb` or `polars`; reading sums every column, so that all is decoded."""

    def frame() -> Any:
        return duckdb.read_parquet(FILES) if engine == "duckdb" else pl.scan_parquet(FILES)

    def count() -> Any:
        return count_frame(frame(), "days", "cause", causes=CAUSES, group="grp")

    def read() -> Any:
        if engine == "duckdb":
            return frame().aggregate(", ".join(f"sum({name})" for name in COLUMNS)).fetchall()
        return frame().select(pl.col(*COLUMNS).cast(pl.Int64).sum()).collect(engine="streaming")

    return count if job == "count" else read


if __name__ == "__main__":
    serve(prepare)
