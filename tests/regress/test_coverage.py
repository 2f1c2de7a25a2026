"""Coverage of 95 % limits in simulated studies: the share that holds the truth, with bounds that can fail."""

from __future__ import annotations

import numpy as np
import pytest

from remission.regress.cox import cox
from remission.regress.episodes import split_episodes
from remission.regress.finegray import fine_gray
from remission.regress.firth import firth
from remission.regress.fit import Fit
from remission.regress.predict import predict
from remission.regress.standardise import adjusted_curves

pytestmark = pytest.mark.slow
TRUTH = np.array([0.5, -0.4])


def within(hits: list[bool], low: float = 0.93, high: float = 0.97) -> None:
    """The observed coverage must lie where 95 % would leave it almost surely (about 3.3 standard errors)."""
    share = float(np.mean(hits))
    assert low <= share <= high, f"coverage {share:.3f} of {len(hits)} samples"


def holds(fit: Fit, truth: np.ndarray = TRUTH) -> list[bool]:
    """Whether each coefficient's limits hold the truth."""
    rows = fit.rows()
    low, high = np.log(rows["low"].to_numpy()), np.log(rows["high"].to_numpy())
    return [bool(a <= t <= b) for a, t, b in zip(low, truth, high, strict=True)]


def covariates(rng: np.random.Generator, n: int) -> np.ndarray:
    """One continuous, one binary."""
    return np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)])


def proportional(rng: np.random.Generator, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exponential survival with the true hazard ratios, uniform censoring."""
    time = rng.exponential(np.exp(-x @ TRUTH))
    censored = rng.uniform(0.3, 3.0, len(x))
    return np.minimum(time, censored), time <= censored


def test_model_robust_and_entry_limits() -> None:
    hits: dict[str, list[bool]] = {"model": [], "robust": [], "entry": [], "tied": []}
    for seed in range(800):
        rng = np.random.default_rng(seed)
        x = covariates(rng, 200)
        time, died = proportional(rng, x)
        hits["model"] += holds(cox(time, died, x))
        hits["robust"] += holds(cox(time, died, x, variance="robust"))
        hits["tied"] += holds(cox(np.ceil(time * 20), died, x))
        entry = rng.uniform(0, 0.5, 200)
        seen = entry < time
        hits["entry"] += holds(cox(time[seen], died[seen], x[seen], entry=entry[seen]))
    for name in ("model", "entry", "tied"):
        within(hits[name], 0.935, 0.965)
    within(hits["robust"], 0.925, 0.965)  # sandwich limits are known to be a little short in small samples


def test_clustered_limits_where_model_based_ones_fail() -> None:
    clustered, model = [], []
    for seed in range(500):
        rng = np.random.default_rng(10_000 + seed)
        x = np.repeat(rng.normal(size=120), 4)  # constant within centres
        frailty = np.repeat(rng.gamma(2.0, 0.5, 120), 4)
        time = rng.exponential(1 / frailty)
        died = time <= 1.5
        cluster = np.repeat(np.arange(120), 4)
        one = cox(np.minimum(time, 1.5), died, x, cluster=cluster)
        clustered += holds(one, np.zeros(1))
        model += holds(cox(np.minimum(time, 1.5), died, x), np.zeros(1))
    within(clustered, 0.92, 0.97)
    assert np.mean(model) < 0.90


def test_sampling_weights() -> None:
    hits = []
    for seed in range(500):
        rng = np.random.default_rng(20_000 + seed)
        x = covariates(rng, 900)
        time, died = proportional(rng, x)
        # survivors are sampled less: unweighted, the sample's ratios are biased
        chance = np.where(died, 0.9, 0.25)
        kept = rng.uniform(size=900) < chance
        hits += holds(cox(time[kept], died[kept], x[kept], weight=1 / chance[kept]))
    within(hits, 0.925, 0.97)


def subdistribution(rng: np.random.Generator, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fine and Gray's own simulation: 1 - (1 - p (1 - exp(-t)))^exp(x'b) for cause one, p = 0.5."""
    risk = np.exp(x @ TRUTH)
    ever = 1 - (1 - 0.5) ** risk
    first = rng.uniform(size=len(x)) < ever
    u = rng.uniform(size=len(x)) * ever
    one = -np.log(1 - (1 - (1 - u) ** (1 / risk)) / 0.5)
    two = rng.exponential(np.exp(-0.3 * x[:, 0]))
    time = np.where(first, one, two)
    censored = rng.uniform(0.5, 4.0, len(x))
    event = np.where(censored < time, "", np.where(first, "one", "two")).astype(object)
    return np.minimum(time, censored), event


def test_fine_gray_limits_and_predicted_incidence() -> None:
    hits: dict[str, list[bool]] = {"crr": [], "tied": [], "finegray": [], "incidence": []}
    new = np.array([[0.5, 1.0]])
    truth = 1 - (1 - 0.5 * (1 - np.exp(-1.0))) ** float(np.exp(new[0] @ TRUTH))
    for seed in range(600):
        rng = np.random.default_rng(30_000 + seed)
        x = covariates(rng, 250)
        time, event = subdistribution(rng, x)
        fit = fine_gray(time, event, x, "one")
        hits["crr"] += holds(fit)
        hits["tied"] += holds(fine_gray(np.ceil(time * 25), event, x, "one"))
        hits["finegray"] += holds(fine_gray(time, event, x, "one", variant="finegray"))
        row = predict(fit, new, [1.0])
        hits["incidence"].append(bool(row["low"][0] <= truth <= row["high"][0]))
    for name in ("crr", "tied", "finegray"):
        within(hits[name], 0.93, 0.967)
    within(hits["incidence"], 0.92, 0.975)


def test_cox_prediction_and_standardised_difference() -> None:
    survival, difference = [], []
    big = covariates(np.random.default_rng(1), 400_000)
    for_one = np.exp(-1.0 * np.exp(big[:, 0] * TRUTH[0] + TRUTH[1])).mean()
    for_zero = np.exp(-1.0 * np.exp(big[:, 0] * TRUTH[0])).mean()
    for seed in range(500):
        rng = np.random.default_rng(40_000 + seed)
        x = covariates(rng, 250)
        time, died = proportional(rng, x)
        frame = {"z": x[:, 0], "arm": x[:, 1]}
        fit = cox(time, died, frame)
        row = predict(fit, {"z": [0.5], "arm": [1.0]}, [1.0])
        truth = np.exp(-np.exp(0.5 * TRUTH[0] + TRUTH[1]))
        survival.append(bool(row["low"][0] <= truth <= row["high"][0]))
        change = adjusted_curves(fit, frame, "arm", [1.0]).differences()
        difference.append(bool(change["low"][0] <= for_one - for_zero <= change["high"][0]))
    within(survival, 0.92, 0.975)
    within(difference, 0.92, 0.975)


def test_time_dependent_status_has_no_immortal_time_bias() -> None:
    """A status that does nothing: the naive ratio calls it protective, the time-dependent one does not."""
    naive, right = [], []
    for seed in range(500):
        rng = np.random.default_rng(50_000 + seed)
        time, switch = rng.exponential(1.0, 150), rng.exponential(0.7, 150)
        died = time <= 2.0
        time = np.minimum(time, 2.0)
        ever = (switch < time).astype(float)
        naive += holds(cox(time, died, ever), np.zeros(1))
        split = split_episodes(time, {"status": switch})
        fit = cox(split.stop, died[split.row] & split.last, split.status["status"], entry=split.start)
        right += holds(fit, np.zeros(1))
    within(right, 0.925, 0.972)
    assert np.mean(naive) < 0.10


def test_firth_profile_limits_with_few_events() -> None:
    hits = []
    for seed in range(300):
        rng = np.random.default_rng(60_000 + seed)
        x = covariates(rng, 40)
        time, died = proportional(rng, x)
        died &= time < np.quantile(time, 0.5)
        result = firth(cox(time, died, x))
        hits += [bool(a <= t <= b) for a, t, b in zip(result.low, TRUTH, result.high, strict=True)]
    within(hits, 0.925, 0.98)
