"""Laws that hold for every data set, ties or not as each law says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.estimate.logrank import logrank
from remission.events.count import event_table
from remission.regress.baseline import predicted_hazards
from remission.regress.causespecific import cause_specific
from remission.regress.cox import cox
from remission.regress.episodes import split_episodes
from remission.regress.finegray import fine_gray
from remission.regress.fit import Fit
from remission.regress.prepare import sorted_rows
from remission.regress.residuals import residuals

SEEDS = st.integers(0, 2**32 - 1)
few = settings(max_examples=40, deadline=None)


def draw(seed: int, *, ties: bool = True, n: int = 60) -> dict[str, np.ndarray]:
    """A random competing-risks data set with entry, strata and two covariates."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)])
    time = rng.exponential(5 * np.exp(-0.4 * x[:, 0]), n)
    time = np.ceil(time) if ties else time
    event = rng.choice(np.array(["relapse", "NRM", ""], dtype=object), n, p=[0.5, 0.2, 0.3])
    return {
        "time": time,
        "event": event,
        "x": x,
        "entry": np.floor(time * rng.uniform(0, 0.9, n)) - 0.5,
        "stratum": rng.integers(0, 3, n),
        "weight": rng.uniform(0.3, 2.0, n),
    }


def fitted(d: dict[str, np.ndarray], **options: object) -> Fit:
    """Fit relapse; data without a maximum are of no use to a law of estimates."""
    try:
        fit = cox(d["time"], d["event"], d["x"], cause="relapse", causes=["relapse", "NRM"], **options)  # type: ignore[arg-type]
    except InputError:
        assume(False)
        raise
    assume(not fit.warnings)
    return fit


def same(a: Fit, b: Fit, tolerance: float = 1e-8) -> None:
    """Same coefficients and variances."""
    np.testing.assert_allclose(a.coefficients, b.coefficients, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(a.variance, b.variance, rtol=tolerance, atol=tolerance)


@few
@given(SEEDS)
def test_forward_and_back_are_transposes(seed: int) -> None:
    d = draw(seed)
    fit = fitted(d, entry=d["entry"], stratum=d["stratum"])
    grey = fine_gray(d["time"], d["event"], d["x"], "relapse", causes=["relapse", "NRM"])
    rng = np.random.default_rng(seed + 1)
    for risk in (fit.data.risk, grey.data.risk):
        v, h = rng.normal(size=len(d["time"])), rng.normal(size=risk.points.size)
        assert h @ risk.forward(v) == pytest.approx(risk.back(h) @ v, rel=1e-9, abs=1e-9)


@few
@given(SEEDS, st.sampled_from(["efron", "breslow"]))
def test_row_order_does_not_matter(seed: int, ties: str) -> None:
    d = draw(seed)
    order = np.random.default_rng(seed).permutation(len(d["time"]))
    shuffled = {name: values[order] for name, values in d.items()}
    one = fitted(d, ties=ties, weight=d["weight"], entry=d["entry"])
    two = fitted(shuffled, ties=ties, weight=shuffled["weight"], entry=shuffled["entry"])
    same(one, two)
    np.testing.assert_allclose(residuals(one)[order], residuals(two), atol=1e-8)


@few
@given(SEEDS, st.floats(0.01, 100), st.floats(-5, 5))
def test_scale_and_shift_of_a_covariate(seed: int, scale: float, shift: float) -> None:
    d = draw(seed)
    moved = {**d, "x": d["x"] * [scale, 1.0] + [shift, 0.0]}
    one, two = fitted(d), fitted(moved)
    assert two.coefficients[0] * scale == pytest.approx(one.coefficients[0], rel=1e-7, abs=1e-9)
    assert two.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-10)


@few
@given(SEEDS, st.floats(1e-3, 1e3))
def test_the_unit_of_time_does_not_matter(seed: int, factor: float) -> None:
    d = draw(seed)
    same(fitted(d), fitted({**d, "time": d["time"] * factor}))


@few
@given(SEEDS)
def test_frequency_weight_two_is_a_repeated_row_for_breslow(seed: int) -> None:
    d = draw(seed)
    twice = {name: np.concatenate([values, values]) for name, values in d.items()}
    two = np.full(len(d["time"]), 2.0)
    same(fitted(d, ties="breslow", weight=two, variance="model"), fitted(twice, ties="breslow"))


@few
@given(SEEDS)
def test_frequency_weight_is_not_a_repeated_row_for_efron_with_ties(seed: int) -> None:
    d = draw(seed, n=30)
    d["time"] = np.ceil(d["time"] / 4)
    twice = {name: np.concatenate([values, values]) for name, values in d.items()}
    two = np.full(len(d["time"]), 2.0)
    weighted, repeated = fitted(d, weight=two, variance="model"), fitted(twice)
    assert abs(weighted.log_likelihood - repeated.log_likelihood) > 1e-9


@few
@given(SEEDS)
def test_splitting_episodes_changes_nothing(seed: int) -> None:
    d = draw(seed)
    rng = np.random.default_rng(seed + 7)
    cut = split_episodes(
        d["time"], {"a": rng.uniform(-1, 8, len(d["time"])), "b": rng.uniform(0, 20, len(d["time"]))}
    )
    event = np.where(cut.last, d["event"][cut.row], "")
    one = fitted(d)
    two = cox(cut.stop, event, d["x"][cut.row], cause="relapse", causes=["relapse", "NRM"], entry=cut.start)
    same(one, two)
    per_patient = np.bincount(cut.row, weights=residuals(two))
    np.testing.assert_allclose(per_patient, residuals(one), atol=1e-8)


@few
@given(SEEDS)
def test_one_stratum_is_no_stratum_and_strata_add(seed: int) -> None:
    d = draw(seed, n=90)
    same(fitted(d), fitted(d, stratum=np.full(90, "all")))
    joint = fitted(d, stratum=d["stratum"])
    point = joint.coefficients
    from remission.regress.likelihood import PartialLikelihood  # noqa: PLC0415

    value = np.zeros(2)
    for code in range(3):
        part = {name: values[d["stratum"] == code] for name, values in d.items()}
        assume((part["event"] == "relapse").sum() > 0)
        histories_ = fitted_rows(part)
        value += PartialLikelihood(histories_)(point)[1]
    np.testing.assert_allclose(value, np.zeros(2), atol=1e-7)


def fitted_rows(d: dict[str, np.ndarray]):  # type: ignore[no-untyped-def]
    """Sorted rows of a part, without fitting it."""
    from remission.events.histories import histories  # noqa: PLC0415
    from remission.regress.covariates import covariates  # noqa: PLC0415

    rows = histories(d["time"], d["event"], causes=["relapse", "NRM"])
    return sorted_rows(rows, covariates(d["x"]), rows.moved == 0, "efron")


@few
@given(SEEDS)
def test_fine_gray_without_competing_events_is_breslow_cox(seed: int) -> None:
    d = draw(seed)
    only = np.where(d["event"] == "NRM", "", d["event"])
    one = fitted({**d, "event": only}, ties="breslow", variance="robust")
    for variant in ("crr", "finegray"):
        two = fine_gray(
            d["time"], only, d["x"], "relapse", causes=["relapse", "NRM"], variant=variant, ties="breslow"
        )
        same(one, two)


@few
@given(SEEDS)
def test_both_fine_gray_variants_agree_without_ties(seed: int) -> None:
    d = draw(seed, ties=False)
    one = fine_gray(d["time"], d["event"], d["x"], "relapse", causes=["relapse", "NRM"])
    assume(not one.warnings)
    for ties in ("breslow", "efron"):
        two = fine_gray(
            d["time"], d["event"], d["x"], "relapse", causes=["relapse", "NRM"], variant="finegray", ties=ties
        )
        np.testing.assert_allclose(one.coefficients, two.coefficients, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(one.log_likelihood, two.log_likelihood, rtol=1e-10)


@few
@given(SEEDS)
def test_log_rank_is_the_score_test_without_ties(seed: int) -> None:
    d = draw(seed, ties=False)
    died = d["event"] == "relapse"
    group = d["x"][:, 1]
    assume(0 < group.sum() < len(group) and died.any())
    try:
        fit = cox(d["time"], died, group)
    except InputError:
        assume(False)
        raise
    score = fit.tests()[2]
    test = logrank(event_table(d["time"], died, group=group.astype(int)))
    assert score.statistic == pytest.approx(test.statistic, rel=1e-9)


@few
@given(SEEDS)
def test_martingale_residuals_sum_to_zero_and_scores_to_the_gradient(seed: int) -> None:
    d = draw(seed)
    fit = fitted(d, entry=d["entry"], stratum=d["stratum"])
    assert residuals(fit).sum() == pytest.approx(0.0, abs=1e-8)
    np.testing.assert_allclose(residuals(fit, "score").sum(axis=0), 0.0, atol=1e-7)


@few
@given(SEEDS)
def test_predicted_incidences_and_survival_make_one(seed: int) -> None:
    d = draw(seed, n=80)
    try:
        both = cause_specific(d["time"], d["event"], d["x"], causes=["relapse", "NRM"])
    except InputError:
        assume(False)
        raise
    assume(not any(fit.warnings for fit in both.fits.values()))
    times = [1.0, 3.0, 9.0]
    patient = np.array([[0.3, 1.0]])
    rows = both.predict(patient, times)
    incidence = rows["estimate"].to_numpy().reshape(2, 3)
    assert (incidence >= 0).all()
    assert (np.diff(incidence, axis=1) >= -1e-12).all()
    hazards = [
        predicted_hazards(fit, patient, np.arange(0.0, 10.0)).cumulative[0] for fit in both.fits.values()
    ]
    jumps = np.diff(np.sum(hazards, axis=0), prepend=0.0)
    survival = np.cumprod(np.maximum(1 - jumps, 0.0))
    assume((jumps < 1).all())
    for column, time in enumerate(times):
        assert incidence[:, column].sum() + survival[int(time)] == pytest.approx(1.0, abs=1e-10)
