"""Seeded data for the benchmarks: plain binary columns that every worker reads without being timed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

SEED = 7
COVARIATES = 20
GROUPS = 3
TIMES = {"days": "whole days", "months": "days / 30.4", "real": "real-valued times"}


def write_cohort(folder: Path, n: int) -> None:
    """Write n patients with competing risks: two causes, uniform censoring, three groups that do not differ.

    `days.f64`, `months.f64` (as CIBMTR writes them) and `real.f64` are the same follow-up times; `cause.i32`
    is 0 (censored), 1 or 2; `group.i32` is 0 to 2; `x.f64` holds covariates row by row, every other binary.
    """
    rng = np.random.default_rng(SEED)
    X = rng.normal(size=(n, COVARIATES))
    X[:, ::2] = X[:, ::2] > 0.3
    effect = X @ (0.15 * rng.normal(size=COVARIATES))
    first = rng.exponential(900 / np.exp(effect))
    second = rng.exponential(2500 / np.exp(-0.5 * effect))
    censoring = rng.uniform(30, 4000, size=n)
    time = np.minimum(np.minimum(first, second), censoring)
    cause = np.where(time == censoring, 0, np.where(time == first, 1, 2))
    folder.mkdir(parents=True, exist_ok=True)
    time.tofile(folder / "real.f64")
    np.ceil(time).tofile(folder / "days.f64")
    (np.ceil(time) / 30.4).tofile(folder / "months.f64")
    cause.astype(np.int32).tofile(folder / "cause.i32")
    rng.integers(0, GROUPS, size=n, dtype=np.int32).tofile(folder / "group.i32")
    X.tofile(folder / "x.f64")
