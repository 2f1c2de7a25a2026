"""What a forest plot needs beside the ratios: a logarithmic axis with round ticks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from remission.study.results import Fact, Output

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
NARROWEST = (0.5, 2.0)


def ratio_axis(rows: pl.DataFrame) -> dict[str, Fact]:
    """Ticks and ends of the axis: all estimates, and limits as far as the largest ticks."""
    values = np.array([value for name in ("estimate", "low", "high") for value in rows[name].drop_nulls()])
    values = values[np.isfinite(values) & (values > 0)]
    low = min([NARROWEST[0], *values]) if len(values) else NARROWEST[0]
    high = max([NARROWEST[1], *values]) if len(values) else NARROWEST[1]
    below = [tick for tick in TICKS if tick <= low * (1 + 1e-9)]
    above = [tick for tick in TICKS if tick >= high * (1 - 1e-9)]
    first, last = below[-1] if below else TICKS[0], above[0] if above else TICKS[-1]
    ticks = tuple(tick for tick in TICKS if first <= tick <= last)
    return {"ticks": ticks, "axis_low": first, "axis_high": last}


def forest_output(rows: pl.DataFrame, facts: Mapping[str, Fact], variant: str) -> Output:
    """Ratios of a model, without the tests of terms."""
    shown = rows.filter(pl.col("measure").str.ends_with("hazard ratio"))
    return Output("forest", shown, {**facts, **ratio_axis(shown)}, variant)
