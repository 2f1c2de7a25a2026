"""Plain limits that would leave 0 to 100 %: refused, with log-log limits in their place."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from remission.core.limits import Interval, critical, probability_limits

PLAIN: Interval = "plain"
INSTEAD: Interval = "log-log"


def plain_limits(row: dict[str, Any]) -> tuple[float, float] | None:
    """Plain limits of a row as they come out, perhaps below 0 or above 1; None where there are none."""
    if row["estimate"] is None or not row["std_error"]:
        return None
    reach = critical(row["confidence"]) * row["std_error"]
    return row["estimate"] - reach, row["estimate"] + reach


def leaves(row: dict[str, Any]) -> bool:
    """Whether plain limits of a row of survival leave 0 to 1."""
    ends = plain_limits(row)
    return ends is not None and (ends[0] < 0 or ends[1] > 1)


def kept_inside(rows: pl.DataFrame) -> pl.DataFrame:
    """Give rows of survival whose plain limits would leave 0 to 1 log-log limits, and say so in `scale`.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"measure": "survival", "scale": "plain", "estimate": 0.944, "std_error": 0.054,
    ...                     "confidence": 0.95})
    >>> kept_inside(rows).select("scale", pl.col("low", "high").round(3)).row(0)
    ('log-log', 0.668, 0.992)
    """
    if not rows.height or not ((rows["scale"] == PLAIN) & (rows["measure"] == "survival")).any():
        return rows
    chosen = (pl.col("scale") == PLAIN) & (pl.col("measure") == "survival") & (pl.col("std_error") > 0)
    level = float(rows["confidence"].drop_nulls()[0])
    reach = critical(level) * pl.col("std_error")
    out = (chosen & ((pl.col("estimate") - reach < 0) | (pl.col("estimate") + reach > 1))).fill_null(
        value=False
    )
    estimate, error = (
        rows[name].cast(pl.Float64).to_numpy().astype(float) for name in ("estimate", "std_error")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        low, high = probability_limits(estimate, error, INSTEAD, level)
    return rows.with_columns(
        pl.when(out).then(pl.lit(INSTEAD)).otherwise(pl.col("scale")).alias("scale"),
        pl.when(out).then(pl.Series(low)).otherwise(pl.col("low")).alias("low"),
        pl.when(out).then(pl.Series(high)).otherwise(pl.col("high")).alias("high"),
    )
