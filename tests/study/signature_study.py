"""A small simulated study with expression, a signature, an outcome that follows it, and a second cohort."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

GENES, PLANTED = 120, 8
SITES = ("north", "south")
STUDY = """\
schema = 1
[study]
title = "A small signature"
seed = 7
simulated = true
[cohort]
file = "patients.csv"
id = "patient"
time_zero = "diagnosis"
time_zero_label = "diagnosis"
unit = "years"
baseline = ["age", "site", "responder"]
[columns]
age = {{ kind = "number", unit = "years" }}
site = {{ kind = "category", levels = ["north", "south", "east"] }}
responder = {{ kind = "yes/no", codes = {{ 1 = "yes", 0 = "no" }} }}
[endpoints]
os = {{ definition = "overall-survival", death = "death", last = "last" }}
relapse = {{ definition = "relapse-incidence", relapse = "relapse", death = "death", last = "last", \
never_cr = "first-recorded-progression" }}
[expression]
file = "expression.csv"
[signature]
column = "responder"
model = "shrunken centroids"
sizes = [10, 30]
folds = 5
repeats = 2
inner_folds = 3
permutations = {permutations}
jobs = 1
[validation]
file = "validation.csv"
expression = "validation-expression.csv"
label = "Second cohort"
{analyses}
"""
ANALYSES = """\
[[analysis]]
kind = "prediction"
truth = "planted.csv"
[[analysis]]
kind = "added_value"
endpoint = "os"
beyond = ["age", "site"]
at = "2 years"
bootstrap = 20
[[analysis]]
kind = "added_value"
endpoint = "relapse"
beyond = ["age"]
at = ["2 years", "30 years"]
bootstrap = 20
[[analysis]]
kind = "prediction"
cohort = "validation"
[[analysis]]
kind = "added_value"
cohort = "validation"
endpoint = "os"
beyond = ["age", "site"]
at = "2 years"
bootstrap = 20
"""


def write_study(
    folder: Path,
    *,
    effect: float = 0.7,
    permutations: int = 0,
    analyses: str = ANALYSES,
    shift: float = 0.0,
    east: int = 3,
) -> Path:
    """Write study, patients, matrices and the planted genes; return the study file.

    `effect` of the planted genes on the response in standard deviations (0: noise), `shift` of all genes of
    the second cohort, `east`: patients of the second cohort at a site the first does not have.
    """
    rng = np.random.default_rng(3)
    for number, (name, size) in enumerate((("", 90), ("validation", 60))):
        truth = rng.random(size) < 0.45
        values = rng.normal(8, 1, (GENES, size))
        values[:PLANTED] += effect * truth - effect / 2
        score = values[:PLANTED].mean(axis=0) - 8
        age = rng.normal(40, 12, size)
        death = rng.exponential(3, size) / np.exp(0.8 * score * (effect > 0) + 0.02 * (age - 40))
        relapse = rng.exponential(3, size) / np.exp(0.8 * score * (effect > 0))
        last = rng.uniform(2, 6, size)
        ids = [f"{'VW'[number]}{i:03d}" for i in range(size)]
        start = date(2000, 1, 1)

        def day(years: float, start: date = start) -> str:
            return str(start + timedelta(days=max(round(365.25 * years), 1)))

        end = np.minimum(death, last)
        patients = pl.DataFrame(
            {
                "patient": ids,
                "age": age.round(1),
                "site": [
                    "east" if number and i < east else SITES[int(k)]
                    for i, k in enumerate(rng.integers(0, 2, size))
                ],
                "responder": truth.astype(int),
                "diagnosis": [str(start)] * size,
                "relapse": [day(r) if r < e else None for r, e in zip(relapse, end, strict=True)],
                "death": [day(d) if d < e else None for d, e in zip(death, last, strict=True)],
                "last": [day(e) for e in end],
            }
        )
        stem = f"{name}-" if name else ""
        patients.write_csv(folder / (f"{name}.csv" if name else "patients.csv"))
        moved = values + (shift if number else 0.0)
        pl.DataFrame(
            {"gene": [f"G{i:03d}" for i in range(GENES)], **dict(zip(ids, moved.T, strict=True))}
        ).write_csv(folder / f"{stem}expression.csv")
    planted = {"drug": ["responder"] * PLANTED, "gene": [f"G{i:03d}" for i in range(PLANTED)]}
    pl.DataFrame(planted).write_csv(folder / "planted.csv")
    path = folder / "study.toml"
    path.write_text(STUDY.format(permutations=permutations, analyses=analyses), encoding="utf-8")
    return path
