"""Reads R's answers: "NA", "NaN" and "Inf" are strings there; agreement is 1e-8 relative."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from remission.events.count import event_table
from remission.events.histories import Histories, histories
from remission.events.table import EventTable, Floats

FOLDER = Path(__file__).parent / "nonparametric"
CASES = (
    "early_out",
    "entry12",
    "entry_months",
    "halves",
    "heavy4",
    "int_weights",
    "months",
    "no_censor_b",
    "ties12",
    "zero_and_last",
)


def number(value: Any) -> float:
    if value is None or value in ("NA", "NaN"):
        return float("nan")
    if isinstance(value, str):
        return float(value.replace("Inf", "inf"))
    return float(value)


def numbers(value: Any) -> Floats:
    """Any nesting of R's numbers as an array."""
    if isinstance(value, list):
        return np.array([numbers(item) for item in value], dtype=float)
    return np.array(number(value))


def listed(value: Any) -> list[Any]:
    """R's JSON unboxes vectors of length one."""
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Case:
    """One simulated data set and R's answers."""

    name: str
    columns: dict[str, np.ndarray]
    answers: dict[str, Any]
    newer: dict[str, Any]

    @property
    def delayed(self) -> bool:
        return bool(self.answers["delayed"])

    @property
    def causes(self) -> dict[int, str]:
        return {code: str(code) for code in range(1, int(self.columns["cause"].max()) + 1)}

    @property
    def groups(self) -> list[str]:
        return sorted(set(self.columns["group"]))

    def arguments(self, of: str, *, any_event: bool, **more: str) -> dict[str, Any]:
        """Arguments of `event_table` for one group, or "all"; `more` maps arguments to columns."""
        keep = np.ones(len(self.columns["time"]), bool) if of == "all" else self.columns["group"] == of
        cause = self.columns["cause"][keep]
        wanted: dict[str, Any] = {
            "time": self.columns["time"][keep],
            "event": cause > 0 if any_event else cause,
        }
        if not any_event:
            wanted["causes"] = self.causes
        if self.delayed:
            wanted["entry"] = self.columns["entry"][keep]
        return wanted | {name: self.columns[column][keep] for name, column in more.items()}

    def table(self, of: str = "all", *, any_event: bool = False, **more: str) -> EventTable:
        return event_table(**self.arguments(of, any_event=any_event, **more))

    def rows(self, of: str = "all", *, any_event: bool = False, **more: str) -> Histories:
        return histories(**self.arguments(of, any_event=any_event, **more))


def load(name: str) -> Case:
    with (FOLDER / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, np.ndarray] = {
        key: np.array([float(row[key]) for row in rows]) for key in ("time", "entry", "weight")
    }
    columns |= {key: np.array([int(row[key]) for row in rows]) for key in ("cause", "cluster")}
    columns |= {key: np.array([row[key] for row in rows]) for key in ("group", "stratum")}
    answers = json.loads((FOLDER / f"{name}.json").read_text())
    newer = json.loads((FOLDER / f"{name}_surv38.json").read_text())
    return Case(name, columns, answers, newer)


def agree(ours: Any, theirs: Any, *, where: np.ndarray | None = None, floor: float = 1e-6) -> None:
    """|ours - R| <= 1e-8 max(|R|, floor), and undefined where R is; `where` restricts the comparison."""
    a, b = np.asarray(ours, dtype=float), numbers(theirs) if not isinstance(theirs, np.ndarray) else theirs
    assert a.shape == b.shape, f"shapes {a.shape} and {b.shape}"
    if where is not None:
        assert where.any(), "nothing left to compare"
        a, b = a[where], b[where]
    np.testing.assert_array_equal(np.isnan(a), np.isnan(b), err_msg=f"undefined: ours {a}, R {b}")
    known = ~np.isnan(b)
    a, b = a[known], b[known]
    same = np.isinf(b) & (a == b)
    error = np.where(same, 0.0, np.abs(np.where(same, 0.0, a) - np.where(same, 0.0, b)))
    wrong = error > 1e-8 * np.maximum(np.abs(np.where(same, 0.0, b)), floor)
    assert not wrong.any(), f"ours {a[wrong][:5]}, R {b[wrong][:5]}"
