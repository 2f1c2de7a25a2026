"""What a curve figure reads: result rows split by group, and the facts beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.wording import in_sentence, sentence_case
from remission.report.format import percentage
from remission.report.section import ALL_PATIENTS
from remission.report.words.phrases import group_words

Floats = NDArray[np.float64]
Facts = Mapping[str, Any]
PER_CENT = "\N{NO-BREAK SPACE}(%)"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step curve: shares between 0 and 1 from the times on, with limits (NaN where there are none)."""

    group: str | None
    label: str
    position: int
    time: Floats
    estimate: Floats
    low: Floats
    high: Floats
    ticks: Floats
    reliable_until: float | None

    def at(self, time: Floats | float) -> Floats:
        """Read the curve at times (before it begins, its first value)."""
        index = np.searchsorted(self.time, np.asarray(time) * (1 + 1e-12), side="right") - 1
        return np.asarray(self.estimate[np.maximum(index, 0)], dtype=float)


def group_order(rows: pl.DataFrame, facts: Facts) -> list[str | None]:
    """List groups in the order of the study, then any others; [None] is all patients together."""
    present = rows["group"].unique(maintain_order=True).to_list()
    named = [group for group in facts.get("groups") or () if group in present]
    return named + [group for group in present if group not in named]


def steps(rows: pl.DataFrame, facts: Facts) -> list[Step]:
    """One curve per group.

    A study's curves start at their first row (time 0, the landmark, or the first delayed entry); rows without
    the facts of a study get a start at time 0: survival 1, incidence 0.

    Raises
    ------
    InputError
        If the rows hold several causes or endpoints, which one figure cannot tell apart.
    """
    for column in ("cause", "endpoint", "stratum"):
        kept = rows[column].unique().to_list()
        if len(kept) > 1:
            message = f"the rows hold several values of {column} ({kept}): filter them to one, then plot"
            raise InputError(message)
    reliable = facts.get("reliable_until") or {}
    found = []
    for position, group in enumerate(group_order(rows, facts)):
        part = of_group(rows, group).sort("time", maintain_order=True)
        found.append(_step(part, group, position, facts, _lookup(reliable, group)))
    return found


def label_of(group: str | None, facts: Facts) -> str:
    """Words for a group that stand alone: a yes, a no or a number says of what.

    Examples
    --------
    >>> label_of("yes", {"by_label": "Acute GVHD"}), label_of("cord blood", {}), label_of(None, {})
    ('Acute GVHD: yes', 'cord blood', 'All patients')
    """
    if group is None:
        return ALL_PATIENTS
    return group_words(group, facts)


def of_group(rows: pl.DataFrame, group: str | None) -> pl.DataFrame:
    """Rows of one group; None is all patients together."""
    return rows.filter(pl.col("group").eq_missing(pl.lit(group, dtype=pl.String)))


def _step(part: pl.DataFrame, group: str | None, position: int, facts: Facts, reliable: float | None) -> Step:
    time, estimate = _numbers(part, "time"), _numbers(part, "estimate")
    low, high = _numbers(part, "low"), _numbers(part, "high")
    rise = np.diff(np.nan_to_num(_numbers(part, "censored")), prepend=0.0)
    ticks = time[rise > 0]
    if "axis" not in facts and len(time) and time[0] > 0:
        begin = 1.0 if measure_of(part, facts) == "survival" else 0.0
        time, estimate = np.concatenate([[0.0], time]), np.concatenate([[begin], estimate])
        low, high = np.concatenate([[np.nan], low]), np.concatenate([[np.nan], high])
    return Step(group, label_of(group, facts), position, time, estimate, low, high, ticks, reliable)


def _numbers(part: pl.DataFrame, column: str) -> Floats:
    return part[column].to_numpy().astype(float)


def _lookup(values: Mapping[str, Any], group: str | None) -> float | None:
    """Fact of a group; all patients together may be keyed by "" or any single name."""
    if group is not None:
        found = values.get(group)
        return None if found is None else float(found)
    alone = values.get("", next(iter(values.values()), None) if len(values) == 1 else None)
    return None if alone is None else float(alone)


def measure_of(rows: pl.DataFrame, facts: Facts) -> str:
    """Tell what the curve shows, "survival" or "incidence"."""
    named = facts.get("measure") or (rows["measure"][0] if rows.height else None)
    return str(named or "survival")


def unit_of(rows: pl.DataFrame, facts: Facts) -> str:
    """Tell the unit of the time axis, "" when unknown."""
    return str(facts.get("unit") or (rows["unit"][0] if rows.height else None) or "")


def axis_words(rows: pl.DataFrame, facts: Facts) -> str:
    """Words under the time axis: the unit and what it counts from.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> axis_words(result_rows({}), {"unit": "years", "time_zero": "transplantation"})
    'Years after transplantation'
    """
    unit = unit_of(rows, facts)
    zero = facts.get("time_zero") or "time zero"
    if facts.get("axis") == "landmark":
        zero = "the landmark"
    return sentence_case(f"{unit} after {zero}") if unit else f"Time after {zero}"


def value_words(rows: pl.DataFrame, facts: Facts) -> str:
    """Words beside the vertical axis, with its unit."""
    measure = measure_of(rows, facts)
    label = str(facts.get("endpoint_label") or "")
    if measure == "survival":
        return f"{sentence_case(label) or 'Survival'}{PER_CENT}"
    if not label:
        return f"Cumulative incidence{PER_CENT}"
    return (
        f"{sentence_case(label)}{PER_CENT}"
        if "incidence" in label.lower()
        else f"Incidence of {in_sentence(label)}{PER_CENT}"
    )


def interval_name(rows: pl.DataFrame) -> str:
    """Name the interval by its coverage: "95% CI"."""
    known = rows["confidence"].drop_nulls()
    return f"{percentage(known[0])} CI" if known.len() else "CI"


def horizon(rows: pl.DataFrame, facts: Facts) -> float:
    """Last time to draw."""
    until = facts.get("until")
    last = rows["time"].max() if rows.height else None
    return float(until if until else last or 1.0)  # type: ignore[arg-type]


def tick_times(rows: pl.DataFrame, facts: Facts) -> list[float]:
    """Choose the axis ticks: those of the study, or about five round ones."""
    given = facts.get("ticks")
    if given:
        return [float(tick) for tick in given]
    until = horizon(rows, facts)
    round_times = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]).tick_values(0, until)
    return [float(tick) for tick in round_times if 0 <= tick <= until]
