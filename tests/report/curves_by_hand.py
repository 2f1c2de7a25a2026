"""Small, slow, obvious Kaplan-Meier and Aalen-Johansen curves, so that the tests have numbers that agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from remission.core.vocabulary import result_rows

YEAR = 365.25


def share_limits(share: float, se: float) -> tuple[float, float]:
    """Log-log limits."""
    if share <= 0 or share >= 1 or se == 0:
        return math.nan, math.nan
    spread = 1.959964 * se / (share * math.log(share))
    return tuple(sorted((share ** math.exp(spread), share ** math.exp(-spread))))  # type: ignore[return-value]


def curve(
    time: np.ndarray,
    event: Sequence[str | None],
    cause: str,
    *,
    start: float = 0.0,
    group: str | None = None,
    endpoint: str = "os",
    incidence: bool = False,
) -> pl.DataFrame:
    """Step rows of one curve, in years; first row at `start`."""
    names = np.array([item or "" for item in event])
    n = len(time)
    free, share, variance = 1.0, 0.0, 0.0
    rows: list[dict[str, Any]] = [_row(start, 0.0 if incidence else 1.0, 0.0, n, 0, 0)]
    events = censored = 0
    for moment in np.unique(time):
        at_risk = int(np.sum(time >= moment))
        here = names[time == moment]
        own, any_event = int(np.sum(here == cause)), int(np.sum(here != ""))
        share += free * own / at_risk
        if at_risk > any_event:
            variance += any_event / (at_risk * (at_risk - any_event))
        free *= 1 - any_event / at_risk
        events += own
        censored += len(here) - any_event
        value = share if incidence else free
        se = math.sqrt(share * (1 - share) / n) if incidence else free * math.sqrt(variance)
        rows.append(_row(float(moment) / YEAR + start, value, se, at_risk, events, censored))
    frame = {key: [row[key] for row in rows] for key in rows[0]}
    measure = "incidence" if incidence else "survival"
    named = {"measure": measure, "endpoint": endpoint, "unit": "years", "confidence": 0.95, "cause": cause}
    return result_rows({**frame, **named, "group": [group] * len(rows)})


def _row(time: float, share: float, se: float, at_risk: int, events: int, censored: int) -> dict[str, float]:
    low, high = share_limits(share, se)
    return {
        "time": time,
        "estimate": share,
        "std_error": se,
        "low": low,
        "high": high,
        "at_risk": at_risk,
        "events": events,
        "censored": censored,
    }


def at(rows: pl.DataFrame, times: dict[str, float]) -> pl.DataFrame:
    """Rows at named times: the last step at or before each."""
    parts = []
    for level, time in times.items():
        last = rows.filter(pl.col("time") <= time).tail(1)
        parts.append(last.with_columns(pl.lit(time).alias("time"), pl.lit(level).alias("level")))
    return pl.concat(parts).select(rows.columns)


def at_risk(
    time: np.ndarray, ticks: Sequence[float], *, start: float = 0.0, group: str | None = None
) -> pl.DataFrame:
    """Numbers under the axis."""
    counts = [float(np.sum(time / YEAR + start >= tick)) if tick >= start else None for tick in ticks]
    return result_rows(
        {"time": list(ticks), "at_risk": counts, "unit": "years", "group": [group] * len(ticks)}
    )
