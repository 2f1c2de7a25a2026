"""Robust errors against their definition: weigh a patient a little more and see how the estimate moves."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from remission.estimate.followup import follow_up
from remission.estimate.hazard import nelson_aalen
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.source import Source
from remission.estimate.survival import kaplan_meier
from remission.events.histories import histories

SIZE = 40
STEP = 1e-5
AT = [1.0, 2.0, 4.0, 6.0, 8.0]


@pytest.fixture(scope="module")
def columns() -> dict[str, Any]:
    generator = np.random.default_rng(20)
    entry = np.floor(generator.uniform(-1, 3, SIZE))
    return {
        "time": entry + np.ceil(generator.exponential(4, SIZE)),
        "event": generator.choice(["relapse", "NRM", None], SIZE, p=[0.45, 0.25, 0.3]),
        "causes": ["relapse", "NRM"],
        "entry": entry,
        "weight": generator.uniform(0.3, 2.5, SIZE),
        "cluster": generator.integers(0, 12, SIZE),
    }


Value = Callable[[Source], tuple[np.ndarray, np.ndarray]]


def read(curves: Any) -> tuple[np.ndarray, np.ndarray]:
    rows = curves.at(AT)
    return rows["estimate"].to_numpy(), rows["std_error"].to_numpy()


def mean(source: Source) -> tuple[np.ndarray, np.ndarray]:
    rows = restricted_mean(source, until=7, extend=True).rows()
    return rows["estimate"].to_numpy(), rows["std_error"].to_numpy()


ESTIMATES: dict[str, Value] = {
    "survival": lambda source: read(kaplan_meier(source)),
    "incidence": lambda source: read(cumulative_incidence(source, variance="jackknife")),
    "hazard": lambda source: read(nelson_aalen(source)),
    "follow-up": lambda source: read(follow_up(source)),
    "mean": mean,
}


@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("name", ESTIMATES)
def test_error_is_the_root_of_summed_squared_influence(
    columns: dict[str, Any], name: str, late: bool, clustered: bool
) -> None:
    arguments = {key: value for key, value in columns.items() if (key != "entry" or late)}
    cluster = arguments.pop("cluster")
    weight = arguments["weight"]
    estimate = ESTIMATES[name]
    _, error = estimate(histories(**arguments, cluster=cluster if clustered else None))
    influence = []
    for row in range(SIZE):
        moved = []
        for sign in (1, -1):
            changed = weight.copy()
            changed[row] *= 1 + sign * STEP
            moved.append(estimate(histories(**arguments | {"weight": changed}))[0])
        influence.append((moved[0] - moved[1]) / (2 * STEP))
    units = np.zeros((12, len(error)))
    if clustered:
        np.add.at(units, cluster, np.array(influence))
    else:
        units = np.array(influence)
    np.testing.assert_allclose(error, np.sqrt((units**2).sum(axis=0)), rtol=1e-6)
    assert (error > 0).sum() >= len(error) - 1


def test_clusters_of_identical_rows_widen_by_their_size(columns: dict[str, Any]) -> None:
    """Three copies of each patient, known to be copies, tell no more than one: the error stays."""
    arguments = {key: value for key, value in columns.items() if key != "cluster"}
    copies = {key: value if key == "causes" else np.repeat(value, 3) for key, value in arguments.items()}
    number = np.repeat(np.arange(SIZE), 3)
    for estimate in ESTIMATES.values():
        once = estimate(histories(**arguments))[1]
        np.testing.assert_allclose(estimate(histories(**copies, cluster=number))[1], once, rtol=1e-9)
        np.testing.assert_allclose(estimate(histories(**copies))[1], once / np.sqrt(3), rtol=1e-9)


def test_many_rows_and_times_stay_linear() -> None:
    """20,000 rows at as many times: a rows-by-times matrix would need 3 GB."""
    generator = np.random.default_rng(3)
    size = 20_000
    time = generator.exponential(size=size)
    source = histories(
        time,
        generator.random(size) < 0.6,
        entry=time * generator.uniform(-0.5, 0.9, size),
        weight=generator.uniform(0.5, 2, size),
        cluster=generator.integers(0, 4000, size),
    )
    tracemalloc.start()
    row = kaplan_meier(source).at(1.0).row(0, named=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0 < row["std_error"] < 0.02
    assert peak < 60e6
