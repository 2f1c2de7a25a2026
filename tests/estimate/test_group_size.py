"""Simulated size of the tests: how often a true null hypothesis is rejected at 5 %."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from remission.estimate.gray import gray
from remission.estimate.logrank import logrank
from remission.estimate.trend import logrank_trend
from remission.events.count import event_table
from remission.events.histories import histories

pytestmark = pytest.mark.slow

TRIALS = 4_000
BOUND = 4 * np.sqrt(0.05 * 0.95 / TRIALS)  # 0.0138: a size of 0.035 or 0.065 fails
Sample = Callable[[np.random.Generator], float]
NAMES = np.array(["A", "B", "C"])


def size(p: Sample) -> float:
    random = np.random.default_rng(20_260)
    return float(np.mean([p(random) <= 0.05 for _ in range(TRIALS)]))


def survival(
    random: np.random.Generator, n: int, *, months: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Equal hazards in three groups of unequal size, censoring different between them."""
    group = random.choice(3, n, p=[0.5, 0.3, 0.2])
    time, censored = random.exponential(1, n), random.uniform(0.5, 2 + group, n)
    event, time = time <= censored, np.minimum(time, censored)
    return (np.ceil(time * 6) if months else time), event, NAMES[group]


def incidence(random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Equal incidence of relapse in two groups; deaths come early in one and late in the other."""
    group = random.integers(0, 2, n)
    cause = np.where(random.random(n) < 0.4, 1, 2)
    time = np.where(cause == 1, random.exponential(1, n), random.exponential(np.where(group == 0, 0.2, 3.0)))
    censored = random.uniform(0.5, 4, n)
    cause = np.where(time <= censored, cause, 0)
    return np.ceil(np.minimum(time, censored) * 12), cause, NAMES[group]


@pytest.mark.parametrize("months", [False, True], ids=["continuous", "tied"])
@pytest.mark.parametrize("options", [{}, {"rho": 1}, {"weights": "gehan"}])
def test_logrank(options: dict[str, float], months: bool) -> None:
    def p(random: np.random.Generator) -> float:
        time, event, group = survival(random, 150, months=months)
        return logrank(event_table(time, event, group=group), **options).p  # type: ignore[arg-type]

    assert abs(size(p) - 0.05) < BOUND


def test_trend() -> None:
    def p(random: np.random.Generator) -> float:
        time, event, group = survival(random, 150)
        return logrank_trend(event_table(time, event, group=group)).p

    assert abs(size(p) - 0.05) < BOUND


def test_stratified_logrank_where_the_pooled_one_is_wrong() -> None:
    """Groups fill strata of different hazard unequally: only the stratified test has its size."""

    def sample(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        stratum = random.integers(0, 2, 150)
        group = random.random(150) < np.where(stratum == 0, 0.3, 0.7)
        time = random.exponential(np.where(stratum == 0, 1.0, 0.4))
        return time, time < 2, NAMES[group.astype(int)], stratum

    def within(random: np.random.Generator) -> float:
        time, event, group, stratum = sample(random)
        return logrank(event_table(time, event, group=group, stratum=stratum)).p

    def pooled(random: np.random.Generator) -> float:
        time, event, group, _ = sample(random)
        return logrank(event_table(time, event, group=group)).p

    assert abs(size(within) - 0.05) < BOUND
    assert size(pooled) > 0.15


def test_delayed_entry() -> None:
    """One group is seen late only: entries in the risk sets keep the size."""

    def p(random: np.random.Generator) -> float:
        n = 300
        late = random.random(n) < 0.5
        entry = np.where(late, random.uniform(0, 1, n), 0.0)
        time = random.exponential(1, n)
        seen = time > entry
        end = np.minimum(time, 2.0)
        group = np.where(late, "late", "early")[seen]
        return logrank(event_table(end[seen], (time <= 2)[seen], group=group, entry=entry[seen])).p

    assert abs(size(p) - 0.05) < BOUND


def test_clusters() -> None:
    """Pairs that share their fate, both in one group: only the robust test has its size."""

    def sample(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        pairs = 120
        time = np.repeat(random.exponential(1, pairs), 2) * random.uniform(0.9, 1.1, 2 * pairs)
        group = np.repeat(NAMES[random.integers(0, 2, pairs)], 2)
        return time, group, np.repeat(np.arange(pairs), 2)

    def robust(random: np.random.Generator) -> float:
        time, group, cluster = sample(random)
        return logrank(histories(time, time < 1.5, group=group, cluster=cluster)).p

    def ordinary(random: np.random.Generator) -> float:
        time, group, _ = sample(random)
        return logrank(event_table(time, time < 1.5, group=group)).p

    assert abs(size(robust) - 0.05) < BOUND + 0.005
    assert size(ordinary) > 0.1


@pytest.mark.parametrize("rho", [0.0, 1.0])
def test_gray_has_its_size_where_the_logrank_test_of_the_cause_has_not(rho: float) -> None:
    def p(random: np.random.Generator) -> float:
        time, cause, group = incidence(random, 200)
        return gray(event_table(time, cause, causes={1: "relapse", 2: "NRM"}, group=group), "relapse", rho).p

    def hazards(random: np.random.Generator) -> float:
        time, cause, group = incidence(random, 200)
        table = event_table(time, cause, causes={1: "relapse", 2: "NRM"}, group=group)
        return logrank(table, cause="relapse").p

    assert abs(size(p) - 0.05) < BOUND
    assert size(hazards) > 0.15


def test_stratified_gray_of_three_groups() -> None:
    def p(random: np.random.Generator) -> float:
        n = 240
        stratum = random.integers(0, 2, n)
        group = NAMES[random.integers(0, 3, n)]
        cause = np.where(random.random(n) < np.where(stratum == 0, 0.3, 0.6), 1, 2)
        time, censored = random.exponential(1, n), random.uniform(0.5, 3, n)
        cause = np.where(time <= censored, cause, 0)
        table = event_table(
            np.minimum(time, censored), cause, causes={1: "relapse", 2: "NRM"}, group=group, stratum=stratum
        )
        return gray(table, "relapse").p

    assert abs(size(p) - 0.05) < BOUND
