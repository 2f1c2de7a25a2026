"""Transplants that do nothing, that help, and that help some: what each way of counting makes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from remission.estimate.logrank import logrank
from remission.study.kinds.model_fit import Recipe
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.statuses import as_outcome
from remission.study.kinds.transplant_fits import effect_of, transplant_term
from remission.study.kinds.transplant_patients import Patients
from remission.study.kinds.transplant_subgroups import interaction_test
from remission.study.kinds.transplant_ways import landmark_rows, moving_rows, naive_rows, waiting_rows
from tests.study.kinds_by_hand import outcome_of

RECIPE = Recipe("cox", "death")
RISK = ModelTerm("risk", "Risk", "category", ("risk",), ("low", "high"))


def simulated(
    rng: np.random.Generator, size: int, effect: float = 1.0, effect_high: float | None = None
) -> Patients:
    """Constant hazards; half of the patients have a donor and wait 60 to 240 days, unless they die first.

    `effect` is the hazard ratio from the transplant on (`effect_high`: that of the high risk).
    """
    high = rng.random(size) < 0.5
    hazard = np.where(high, 0.004, 0.002)
    wait = np.where(rng.random(size) < 0.5, rng.uniform(60, 240, size), np.inf)
    held = np.where(high, effect if effect_high is None else effect_high, effect)
    before = rng.exponential(1 / hazard)
    after = rng.exponential(1 / (hazard * held))
    death = np.where(before <= wait, before, np.where(np.isfinite(wait), wait, 0) + after)
    end = rng.uniform(400, 1500, size)
    time = np.minimum(death, end)
    died = ["death" if each else None for each in death <= end]
    switch = np.where(wait < time, wait, np.nan)
    outcome = outcome_of(time.tolist(), died)
    risk = np.where(high, "high", "low").astype(object)
    return Patients("hct", "Transplant", outcome, switch, {"risk": risk}, 0, np.zeros(size, dtype=bool))


@dataclass(frozen=True)
class Estimate:
    log: float
    error: float

    @property
    def rejects(self) -> bool:
        return abs(self.log / self.error) > 1.959964

    def covers(self, truth: float) -> bool:
        return abs(self.log - truth) <= 1.959964 * self.error


def estimate(found: Patients, rows: RiskRows, *adjust: ModelTerm) -> Estimate:
    model = effect_of("time-dependent", rows, [transplant_term(found), *adjust], RECIPE, 0.95).model
    assert model is not None
    return Estimate(float(model.fit.coefficients[0]), float(model.fit.std_errors[0]))


def mantel_byar_rejects(found: Patients) -> bool:
    rows = moving_rows(found)
    table = as_outcome(rows).table(group=list(rows.columns["hct"]), levels=("no", "yes"))
    return logrank(table).p < 0.05


def test_a_transplant_that_does_nothing_looks_good_only_naively() -> None:
    found = simulated(np.random.default_rng(3), 4000)
    naive = estimate(found, naive_rows(found))
    assert naive.log < np.log(0.75)
    assert naive.rejects
    for rows in (moving_rows(found), landmark_rows(found, 150.0)):
        assert estimate(found, rows, RISK).covers(0.0)
    # Adjusted for waiting time it still leans towards transplant, far less than the naive one.
    waiting = estimate(found, waiting_rows(found, float(np.median(found.switch[found.ever]))))
    assert naive.log < waiting.log < 0.0


@pytest.mark.slow
def test_sizes_where_transplant_does_nothing() -> None:
    rng = np.random.default_rng(11)
    repeats = 400
    rejected = {"naive": 0, "Mantel-Byar": 0, "time-dependent": 0, "landmark": 0}
    logs = []
    for _ in range(repeats):
        found = simulated(rng, 150)
        # Risk does not decide who is transplanted, so the unadjusted tests have their right size too.
        naive = estimate(found, naive_rows(found))
        logs.append(naive.log)
        rejected["naive"] += naive.rejects
        rejected["Mantel-Byar"] += mantel_byar_rejects(found)
        rejected["time-dependent"] += estimate(found, moving_rows(found), RISK).rejects
        rejected["landmark"] += estimate(found, landmark_rows(found, 150.0)).rejects
    assert np.exp(np.median(logs)) < 0.7
    assert rejected["naive"] > 0.3 * repeats
    # 5 % of 400 is 20, with a standard deviation of 4.4.
    for way in ("Mantel-Byar", "time-dependent", "landmark"):
        assert 7 <= rejected[way] <= 34, rejected


@pytest.mark.slow
def test_limits_cover_an_effect_that_is_there() -> None:
    rng = np.random.default_rng(12)
    repeats, covered, logs = 300, 0, []
    for _ in range(repeats):
        found = simulated(rng, 250, effect=0.6)
        moving = estimate(found, moving_rows(found), RISK)
        logs.append(moving.log)
        covered += moving.covers(float(np.log(0.6)))
    assert 0.91 <= covered / repeats <= 0.985
    assert np.exp(np.mean(logs)) == pytest.approx(0.6, rel=0.05)


def test_an_effect_in_one_risk_group_is_found() -> None:
    found = simulated(np.random.default_rng(5), 1500, effect=1.0, effect_high=0.35)
    test = interaction_test(moving_rows(found), transplant_term(found), RISK, [], RECIPE)
    assert test is not None
    assert test.p < 0.001
    assert test.df == 1


@pytest.mark.slow
def test_the_size_of_the_interaction_test() -> None:
    rng = np.random.default_rng(14)
    repeats, rejected = 300, 0
    for _ in range(repeats):
        found = simulated(rng, 300, effect=0.6)
        test = interaction_test(moving_rows(found), transplant_term(found), RISK, [], RECIPE)
        assert test is not None
        rejected += test.p < 0.05
    assert 4 <= rejected <= 29  # 15, with a standard deviation of 3.8
