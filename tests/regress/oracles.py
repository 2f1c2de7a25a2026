"""R's answers on the simulated regression cases, and how agreement is measured."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parents[1] / "oracles" / "regression"
Floats = NDArray[np.float64]
COVARIATES = ("x1", "x2", "gb", "gc")
SETTINGS = [
    f"{ties}{weight}{strata}{entry}"
    for ties in ("breslow", "efron")
    for weight in ("", "_w")
    for strata in ("", "_strata")
    for entry in ("", "_entry")
]


def data(name: str) -> dict[str, Floats]:
    """Columns of a case, NA as NaN."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        column: np.array([float(row[column]) if row[column] not in ("NA", "") else np.nan for row in rows])
        for column in rows[0]
    }


def answers(name: str) -> Any:
    """R's answers."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def close(ours: Any, theirs: Any, tolerance: float = 1e-8) -> None:
    """|ours - R| <= tolerance max(|R|, 1e-6), shapes equal."""
    left, right = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert left.shape == right.shape, (left.shape, right.shape)
    worst = np.max(np.abs(left - right) / np.maximum(np.abs(right), 1e-6), initial=0.0)
    assert worst <= tolerance, f"largest relative difference {worst:.2e}"


def options(cases: dict[str, Floats], setting: str) -> dict[str, Any]:
    """Arguments of `cox` that a setting's name stands for."""
    given: dict[str, Any] = {"ties": setting.split("_", maxsplit=1)[0]}
    if "entry" in setting:
        given["entry"] = cases["entry"]
    if "strata" in setting:
        given["stratum"] = cases["strata"].astype(int)
    if "_w" in setting:
        given["weight"] = cases["w"]
    return given
