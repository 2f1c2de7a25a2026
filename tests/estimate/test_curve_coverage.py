"""Do the intervals cover? 2000 simulated cohorts each, as the groups (or strata) of one table.

With 2000 cohorts a coverage of 0.95 is seen within 0.95 -+ 0.0146 (three standard errors). The bounds below
are that, and at most 0.015 more to the side where the approximation is known to be off at this size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from remission.estimate.curves import Curves
from remission.estimate.difference import difference
from remission.estimate.followup import follow_up
from remission.estimate.hazard import nelson_aalen
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.mean import restricted_mean
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.histories import histories

pytestmark = pytest.mark.slow

COHORTS = 2000
NOISE = 3 * np.sqrt(0.95 * 0.05 / COHORTS)
LOW, HIGH = 0.95 - NOISE, 0.95 + NOISE


@dataclass(frozen=True)
class Sample:
    """`size` patients in each of 2000 cohorts: two causes with constant hazards, uniform censoring."""

    size: int
    seed: int
    relapse: float = 0.10
    nrm: float = 0.05
    censored_by: float = 20.0
    tied: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        generator = np.random.default_rng(self.seed)
        total, rate = self.size * COHORTS, self.relapse + self.nrm
        time, stop = generator.exponential(1 / rate, total), generator.uniform(2, self.censored_by, total)
        cause = np.where(generator.random(total) < self.relapse / rate, 1, 2)
        event = np.where(time <= stop, cause, 0)
        seen = np.minimum(time, stop)
        return {
            "time": np.ceil(seen) if self.tied else seen,
            "event": event,
            "causes": {1: "relapse", 2: "NRM"},
            "group": np.repeat(np.arange(COHORTS), self.size),
        }

    def survival(self, t: float) -> float:
        return float(np.exp(-(self.relapse + self.nrm) * t))

    def incidence(self, t: float) -> float:
        rate = self.relapse + self.nrm
        return self.relapse / rate * (1 - self.survival(t))

    def mean(self, until: float) -> float:
        return (1 - self.survival(until)) / (self.relapse + self.nrm)


def share(low: Any, high: Any, truth: float) -> float:
    """Fraction of intervals that hold the truth; none may be undefined."""
    low, high = np.asarray(low, dtype=float), np.asarray(high, dtype=float)
    assert not np.isnan(np.concatenate([low, high])).any()
    return float(((low <= truth) & (truth <= high)).mean())


def coverage(curves: Curves, at: float, truth: float, **selected: str) -> float:
    rows = curves.at(at).filter(**selected)
    assert rows.height == COHORTS
    return share(rows["low"], rows["high"], truth)


@pytest.mark.parametrize(
    ("interval", "slack_below", "slack_above"),
    [("plain", 0.01, 0), ("log", 0.01, 0), ("log-log", 0, 0), ("logit", 0, 0.005), ("arcsine", 0.005, 0)],
)
def test_survival(interval: Any, slack_below: float, slack_above: float) -> None:
    sample = Sample(100, 1)
    covered = coverage(kaplan_meier(event_table(**sample.columns), interval=interval), 6, sample.survival(6))
    assert LOW - slack_below <= covered <= HIGH + slack_above


@pytest.mark.parametrize("interval", ["log-log", "plain", "log"])
@pytest.mark.parametrize("variance", ["aalen", "delta", "jackknife"])
def test_incidence(variance: Any, interval: Any) -> None:
    sample = Sample(100, 2)
    curves = cumulative_incidence(event_table(**sample.columns), variance=variance, interval=interval)
    for cause, truth in (
        ("relapse", sample.incidence(6)),
        ("NRM", 1 - sample.survival(6) - sample.incidence(6)),
    ):
        covered = coverage(curves, 6, truth, cause=cause)
        assert LOW - 0.01 <= covered <= HIGH + 0.005


def test_level_is_kept() -> None:
    """An interval that always covered would fail here."""
    sample = Sample(100, 3)
    table = event_table(**sample.columns)
    for level in (0.5, 0.8, 0.9):
        covered = coverage(kaplan_meier(table, level=level), 6, sample.survival(6))
        assert covered == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / COHORTS))


def test_hazard() -> None:
    sample = Sample(100, 4)
    curves = nelson_aalen(event_table(**sample.columns))
    assert LOW - 0.01 <= coverage(curves, 6, 0.10 * 6, cause="relapse") <= HIGH


def test_median() -> None:
    sample = Sample(100, 5)
    for interval in ("log-log", "plain", "arcsine"):
        rows = kaplan_meier(event_table(**sample.columns), interval=interval).quantile(0.5)
        median = np.log(2) / 0.15
        covered = share(rows["low"], rows["high"].fill_null(np.inf), median)
        assert LOW - 0.005 <= covered <= HIGH + 0.01


def test_median_follow_up() -> None:
    sample = Sample(100, 6, relapse=0.03, nrm=0.02)
    rows = follow_up(event_table(**sample.columns)).quantile(0.5)
    assert LOW - 0.005 <= share(rows["low"], rows["high"].fill_null(np.inf), 11) <= HIGH + 0.01


def test_restricted_mean() -> None:
    sample = Sample(100, 7, censored_by=30)
    rows = restricted_mean(event_table(**sample.columns), until=10, extend=True).rows()
    assert LOW - 0.005 <= share(rows["low"], rows["high"], sample.mean(10)) <= HIGH


@pytest.fixture(scope="module")
def arms() -> tuple[dict[str, Any], Sample, Sample]:
    """Two arms per cohort, which is a stratum."""
    old, new = Sample(80, 8), Sample(80, 9, relapse=0.06, nrm=0.07)
    first, second = old.columns, new.columns
    columns = {
        "time": np.concatenate([first["time"], second["time"]]),
        "event": np.concatenate([first["event"], second["event"]]),
        "stratum": np.concatenate([first["group"], second["group"]]),
        "group": np.repeat(["old", "new"], len(first["time"])),
        "levels": ["old", "new"],
        "causes": first["causes"],
    }
    return columns, old, new


def test_difference_of_survival_and_incidence(arms: tuple[dict[str, Any], Sample, Sample]) -> None:
    columns, old, new = arms
    table = event_table(**columns)
    rows = difference(table, at=6).rows()
    assert LOW - 0.005 <= share(rows["low"], rows["high"], new.survival(6) - old.survival(6)) <= HIGH
    truth = new.incidence(6) - old.incidence(6)
    for variance in ("aalen", "delta", "jackknife"):
        rows = difference(table, at=6, cause="relapse", variance=variance).rows()
        assert LOW - 0.005 <= share(rows["low"], rows["high"], truth) <= HIGH


def test_difference_and_ratios_of_means(arms: tuple[dict[str, Any], Sample, Sample]) -> None:
    columns, old, new = arms
    a, b = new.mean(1.9), old.mean(1.9)
    rows = difference(event_table(**columns), until=1.9).rows()
    for measure, truth in (
        ("difference of restricted means", a - b),
        ("ratio of restricted means", a / b),
        ("ratio of restricted times lost", (1.9 - a) / (1.9 - b)),
    ):
        found = rows.filter(measure=measure)
        assert found.height == COHORTS
        assert LOW - 0.01 <= share(found["low"], found["high"], truth) <= HIGH


@pytest.mark.parametrize("test", ["plain", "log-log"])
def test_size_of_the_test_at_a_time(test: Any) -> None:
    one, two = Sample(60, 10), Sample(60, 11)
    first, second = one.columns, two.columns
    table = event_table(
        np.concatenate([first["time"], second["time"]]),
        np.concatenate([first["event"], second["event"]]),
        causes=first["causes"],
        stratum=np.concatenate([first["group"], second["group"]]),
        group=np.repeat(["old", "new"], len(first["time"])),
    )
    p = difference(table, at=6, test=test).rows()["p"].to_numpy()
    size = float((p < 0.05).mean())
    assert 0.05 - NOISE <= size <= 0.05 + NOISE + (0.01 if test == "plain" else 0)


class Sampled:
    """Frail and fit patients, the frail sampled four times as often; weights undo it."""

    def __init__(self, seed: int, *, late: bool) -> None:
        generator = np.random.default_rng(seed)
        pool = 130 * COHORTS
        frail = generator.random(pool) < 0.5
        keep = generator.random(pool) < np.where(frail, 0.8, 0.2)
        relapse = np.where(frail, 0.2, 0.05)[keep]
        total = int(keep.sum())
        rate = relapse + 0.03
        time, stop = generator.exponential(1 / rate), generator.uniform(5, 25, total)
        entry = (
            np.where(generator.random(total) < 0.5, 0.0, generator.uniform(0, 3, total))
            if late
            else np.zeros(total)
        )
        seen = np.minimum(time, stop)
        there = seen > entry
        cause = np.where(generator.random(total) < relapse / rate, 1, 2)
        group = np.repeat(np.arange(COHORTS), 130)[keep]
        columns = {
            "time": seen,
            "event": np.where(time <= stop, cause, 0),
            "group": group,
            "weight": np.where(frail, 1 / 0.8, 1 / 0.2)[keep],
            **({"entry": entry} if late else {}),
        }
        self.columns: dict[str, Any] = {name: column[there] for name, column in columns.items()}
        self.columns["causes"] = {1: "relapse", 2: "NRM"}

    @staticmethod
    def survival(t: float) -> float:
        return float(0.5 * np.exp(-0.23 * t) + 0.5 * np.exp(-0.08 * t))

    @staticmethod
    def incidence(t: float) -> float:
        return float(0.5 * 20 / 23 * (1 - np.exp(-0.23 * t)) + 0.5 * 5 / 8 * (1 - np.exp(-0.08 * t)))

    @staticmethod
    def mean(until: float) -> float:
        return float(0.5 / 0.23 * (1 - np.exp(-0.23 * until)) + 0.5 / 0.08 * (1 - np.exp(-0.08 * until)))


def test_sampling_weights() -> None:
    sampled = Sampled(12, late=False)
    table = event_table(**sampled.columns)
    assert LOW - 0.01 <= coverage(kaplan_meier(table), 6, sampled.survival(6)) <= HIGH
    curves = cumulative_incidence(table, variance="jackknife")
    assert LOW - 0.01 <= coverage(curves, 6, sampled.incidence(6), cause="relapse") <= HIGH
    rows = restricted_mean(table, until=5).rows()
    assert LOW - 0.01 <= share(rows["low"], rows["high"], sampled.mean(5)) <= HIGH


def test_sampling_weights_with_delayed_entry() -> None:
    """Frailty and entry are independent here, so the weighted curve estimates the population's."""
    sampled = Sampled(13, late=True)
    source = histories(**sampled.columns)
    assert LOW - 0.015 <= coverage(kaplan_meier(source), 6, sampled.survival(6)) <= HIGH
    curves = cumulative_incidence(source, variance="jackknife")
    assert LOW - 0.015 <= coverage(curves, 6, sampled.incidence(6), cause="relapse") <= HIGH


def test_clusters() -> None:
    """Sixty centres of four with shared gamma frailty: the naive error covers too little."""
    generator = np.random.default_rng(14)
    centres, size, theta = 60 * COHORTS, 4, 1.0
    frailty = np.repeat(generator.gamma(1 / theta, theta, centres), size)
    time = generator.exponential(1 / (0.15 * frailty))
    stop = generator.uniform(4, 25, len(time))
    columns: dict[str, Any] = {
        "time": np.minimum(time, stop),
        "event": time <= stop,
        "group": np.repeat(np.arange(COHORTS), 60 * size),
    }
    truth = (1 + theta * 0.15 * 6) ** (-1 / theta)
    robust = kaplan_meier(histories(**columns, cluster=np.repeat(np.arange(centres), size)))
    assert LOW - 0.01 <= coverage(robust, 6, truth) <= HIGH
    naive = kaplan_meier(event_table(**columns))
    assert coverage(naive, 6, truth) < 0.91


def test_ties() -> None:
    """Times rounded up, censored at whole times: survival at whole times is untouched."""
    generator = np.random.default_rng(15)
    size = 100
    time = np.ceil(generator.exponential(1 / 0.15, size * COHORTS))
    stop = generator.integers(3, 15, size * COHORTS)
    cause = np.where(generator.random(len(time)) < 2 / 3, 1, 2)
    table = event_table(
        np.minimum(time, stop),
        np.where(time <= stop, cause, 0),
        causes={1: "relapse", 2: "NRM"},
        group=np.repeat(np.arange(COHORTS), size),
    )
    truth = float(np.exp(-0.15 * 6))
    checks: list[Callable[[], float]] = [lambda: coverage(kaplan_meier(table), 6, truth)]
    for variance in ("aalen", "delta", "jackknife"):
        curves = cumulative_incidence(table, variance=variance)  # type: ignore[arg-type]
        checks.append(lambda curves=curves: coverage(curves, 6, 2 / 3 * (1 - truth), cause="relapse"))
    for check in checks:
        assert LOW - 0.005 <= check() <= HIGH
