"""LC50 of each drug as rows: how many are known, order statistics of what is censored, classes, bars."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from remission.response.cutoffs import CLASSES
from remission.response.intervals import Intervals, from_rows, order_statistic
from remission.study.kinds.rows import Record
from remission.study.results import Fact

QUARTILES = {"q1": 0.25, "median": 0.5, "q3": 0.75}
STATES = ("bracketed", "left", "right", "failed")
UNKNOWN = "unknown"
FEWEST_BARS, MOST_BARS = 8, 24


def quantile_records(x: Intervals) -> list[Record]:
    """Quartiles as order statistics: the value of rank ceil(n q), or the interval it lies in.

    Examples
    --------
    >>> from remission.response.intervals import intervals
    >>> [(each["measure"], each["low"], each["high"]) for each in quantile_records(intervals([1, 2, 9, 9],
    ...     highest=4))]
    [('q1', 1.0, 1.0), ('median', 2.0, 2.0), ('q3', 4.0, None)]
    """
    n = int(x.known.sum())
    found: list[Record] = []
    for measure, share in QUARTILES.items():
        if not n:
            found.append({"measure": measure, "at_risk": 0})
            continue
        low, high = order_statistic(x, math.ceil(n * share))
        found.append(
            {
                "measure": measure,
                "at_risk": n,
                "estimate": low if low == high else None,
                "low": low if math.isfinite(low) else None,
                "high": high if math.isfinite(high) else None,
            }
        )
    return found


def drug_records(
    drug: str, rows: pl.DataFrame, classes: pl.DataFrame, patients: Sequence[str]
) -> list[Record]:
    """Describe one drug in some patients: counts, quartiles, classes.

    Parameters
    ----------
    drug : str
    rows : polars.DataFrame
        LC50 of this drug and these patients.
    classes : polars.DataFrame
        Their classes.
    patients : sequence of str
        All patients, tested or not.
    """
    counted = dict(rows["censoring"].value_counts().rows())
    counts: dict[str, int] = {
        "patients": len(patients),
        "not tested": len(patients) - rows.height,
        **{state: counted.get(state, 0) for state in STATES},
    }
    named = dict(classes["class"].fill_null(UNKNOWN).value_counts().rows())
    unit = {"term": drug, "unit": str(rows["unit"][0]) if rows.height else None}
    records: list[Record] = [{**unit, "measure": name, "estimate": n} for name, n in counts.items()]
    records += [{**unit, **each} for each in quantile_records(from_rows(rows, drug, patients))]
    known = rows.height - counts["failed"]
    for level in (*CLASSES, UNKNOWN):
        # who has no passing curve is counted as such, and is no patient without a class
        n = named.get(level, 0) - (counts["failed"] if level == UNKNOWN else 0)
        records.append({**unit, "measure": "class", "level": level, "estimate": n, "at_risk": known})
    return records


def bar_records(drug: str, rows: pl.DataFrame) -> list[Record]:
    """Count patients in bars of equal width on the log dose, and at either end those beyond the tested doses.

    Where a known LC50 is not above 0 (values on another scale), bars have equal width on the scale itself.
    """
    known = rows.filter(pl.col("censoring") == "bracketed")["lc50"].to_numpy()
    left = rows.filter(pl.col("censoring") == "left")["high"].to_numpy()
    right = rows.filter(pl.col("censoring") == "right")["low"].to_numpy()
    same: Record = {"term": drug, "unit": str(rows["unit"][0]) if rows.height else None}
    records: list[Record] = []
    if len(left):
        ends: Record = {"low": None, "high": float(left.max())}
        records.append({**same, "measure": "below", **ends, "estimate": len(left)})
    if len(known):
        records += [
            {**same, "measure": "bar", "low": low, "high": high, "estimate": n}
            for low, high, n in _bars(known, np.concatenate([known, left, right]))
        ]
    if len(right):
        ends = {"low": float(right.min()), "high": None}
        records.append({**same, "measure": "above", **ends, "estimate": len(right)})
    return records


def _bars(known: np.ndarray, every: np.ndarray) -> list[tuple[float, float, int]]:
    logs = bool((every > 0).all())
    scaled, ends = (np.log10(known), np.log10(every)) if logs else (known, every)
    low, high = float(ends.min()), float(ends.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    number = int(np.clip(round(1.5 * math.sqrt(len(known))), FEWEST_BARS, MOST_BARS))
    counts, edges = np.histogram(scaled, bins=number, range=(low, high))
    edges = 10**edges if logs else edges
    return [
        (float(start), float(end), int(n)) for start, end, n in zip(edges, edges[1:], counts, strict=False)
    ]


def drug_facts(drug: str, rows: pl.DataFrame, classes: pl.DataFrame) -> dict[str, Fact]:
    """What a table or figure says of a drug beside its numbers: unit, tested doses, cut-offs."""
    cuts = classes.select("sensitive", "resistant").unique(maintain_order=True).rows()
    tested: tuple[float, float] | None = None
    if {"lowest_dose", "highest_dose"} <= set(rows.columns) and rows["lowest_dose"].is_not_null().any():
        tested = (
            float(rows["lowest_dose"].min()),  # type: ignore[arg-type]
            float(rows["highest_dose"].max()),  # type: ignore[arg-type]
        )
    sensitive, resistant = (str(each) for each in cuts[0]) if cuts else ("", "")
    return {
        "name": drug,
        "unit": str(rows["unit"][0]) if rows.height else "",
        "tested": tested,
        "sensitive": sensitive,
        "resistant": resistant,
        "cuts": _numbers(sensitive, resistant),
    }


def _numbers(sensitive: str, resistant: str) -> tuple[float, float] | None:
    """Cut-offs as numbers; None where a cut itself is open."""
    try:
        return float(sensitive.lstrip("<>= ")), float(resistant.lstrip("<>= "))
    except ValueError:
        return None
