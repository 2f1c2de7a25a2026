"""Counting inside the engine that holds the data gives the table of its columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from remission.core.problems import InputError
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.frame import count_frame
from tests.events.draw import by_name


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    generator = np.random.default_rng(8)
    size = 600
    days = np.ceil(generator.exponential(40, size))
    return pl.DataFrame(
        {
            "days": days,
            "outcome": generator.choice(["relapse", "NRM", None], size),
            "code": generator.integers(0, 3, size),
            "arm": generator.choice(["B", "A"], size),
            "site": generator.integers(1, 12, size),
            "from": days - generator.integers(1, 30, size),
            "weight": generator.uniform(0.5, 2, size),
            "times": generator.integers(0, 4, size),
        },
        strict=False,
    )


def duck(frame: pl.DataFrame, folder: Path) -> Any:
    import duckdb  # noqa: PLC0415 - an extra, and a tool of development: absent, it is to be seen

    frame.write_parquet(folder / "cohort.parquet")
    return duckdb.read_parquet(str(folder / "cohort.parquet"))


def scan(frame: pl.DataFrame, folder: Path) -> pl.LazyFrame:
    frame.write_parquet(folder / "cohort.parquet")
    return pl.scan_parquet(folder / "cohort.parquet")


HOLDERS: dict[str, Callable[[pl.DataFrame, Path], Any]] = {
    "eager": lambda frame, folder: frame,
    "lazy": lambda frame, folder: frame.lazy(),
    "parquet": scan,
    "pandas": lambda frame, folder: pd.DataFrame(frame.to_dict(as_series=False)),
    "duckdb": duck,
}

OPTIONS: list[dict[str, Any]] = [
    {},
    {"group": "arm", "stratum": "site"},
    {"group": "arm", "levels": ["C", "B", "A"]},
    {"entry": "from"},
    {"weight": "weight"},
    {"weight": "times", "weights_are": "frequency", "group": "arm"},
    {"weight": "weight", "entry": "from", "group": "site"},
    {"event": "code", "causes": {1: "relapse", 2: "NRM"}},
]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "-".join(options) or "plain")
@pytest.mark.parametrize("holder", HOLDERS)
def test_same_table(frame: pl.DataFrame, holder: str, options: dict[str, Any], tmp_path: Path) -> None:
    named = {"event": "outcome", **options}
    ours = count_frame(HOLDERS[holder](frame, tmp_path), "days", **named)
    columns = {
        name: frame[value] if value in frame.columns else value
        for name, value in named.items()
        if isinstance(value, str)
    }
    theirs = event_table(frame["days"], **(named | columns))
    assert ours.groups == theirs.groups
    assert ours.strata == theirs.strata
    assert ours.topology == theirs.topology
    assert ours.weights_are == theirs.weights_are
    assert by_name(ours) == by_name(theirs)
    assert (ours.squares is ours.counts) == (ours.weights_are != "sampling")
    if not (ours.has_delayed_entry and ours.is_weighted):
        for one, other in zip(kaplan_meier(ours), kaplan_meier(theirs), strict=True):
            np.testing.assert_allclose(one.std_error, other.std_error, rtol=1e-12)


@pytest.mark.parametrize("holder", ["lazy", "pandas", "duckdb"])
def test_wrong_rows_are_counted(frame: pl.DataFrame, holder: str, tmp_path: Path) -> None:
    late = frame.with_columns(
        days=pl.when(pl.col("days") > 100).then(None).otherwise("days"),
        arm=pl.when(pl.col("site") == 3).then(None).otherwise("arm"),
    )
    with pytest.raises(InputError) as caught:
        count_frame(HOLDERS[holder](late, tmp_path), "days", "outcome", group="arm")
    missing = late["days"].null_count(), late["arm"].null_count()
    assert f"time is missing or not finite in {missing[0]} rows." in str(caught.value)
    assert f"group is missing in {missing[1]} rows." in str(caught.value)


@pytest.mark.parametrize(
    ("change", "weights_are", "words"),
    [
        (-pl.col("weight"), "sampling", "weight is negative in 600 rows"),
        (pl.col("weight"), "frequency", "weight is not a whole number in 600 rows"),
        (pl.when(pl.col("site") > 0).then(None).otherwise("weight"), "sampling", "not finite in 600 rows"),
        (pl.col("weight") / 0, "sampling", "not finite in 600 rows"),
        (pl.col("arm"), "sampling", "weight must hold numbers"),
        (pl.col("weight"), "importance", "weights_are must be"),
    ],
)
def test_wrong_weights(frame: pl.DataFrame, change: pl.Expr, weights_are: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        count_frame(
            frame.with_columns(weight=change), "days", "outcome", weight="weight", weights_are=weights_are
        )


def test_absent_columns(frame: pl.DataFrame) -> None:
    with pytest.raises(InputError, match='no column "Days", "sex"; they have days, outcome'):
        count_frame(frame, "Days", "outcome", group="sex")
