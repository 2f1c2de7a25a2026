"""Matrices for tests, read from the reference folder or drawn."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

from remission.expression.matrix import Expression

FOLDER = Path(__file__).resolve().parents[1] / "oracles" / "expression"


def matrix_of(name: str) -> Expression:
    """One of the simulated matrices R was asked about."""
    with (FOLDER / f"{name}_values.csv").open() as file:
        header, *rows = list(csv.reader(file))
    values = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])
    return Expression(tuple(row[0] for row in rows), tuple(header[1:]), values)


def samples_of(name: str) -> dict[str, list[str]]:
    """Columns of its samples."""
    with (FOLDER / f"{name}_samples.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {column: [row[column] for row in rows] for column in rows[0]}


def answers_of(name: str) -> dict[str, Any]:
    """R's answers."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


def drawn(seed: int, genes: int = 30, samples: int = 12, planted: int = 0, shift: float = 3.0) -> Expression:
    """Normal noise; the first genes higher in the second half of the samples."""
    values = np.random.default_rng(seed).normal(8, 1, (genes, samples))
    values[:planted, samples // 2 :] += shift
    return Expression(tuple(f"g{i}" for i in range(genes)), tuple(f"s{j}" for j in range(samples)), values)


def halves(samples: int = 12) -> list[str]:
    """The groups of `drawn`."""
    return ["S"] * (samples // 2) + ["T"] * (samples - samples // 2)
