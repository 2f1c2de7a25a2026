"""Hand algebra and laws of the measures of performance."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.assess.added import added_value
from remission.assess.benefit import benefit_difference_at, decision_curve, decision_curve_at
from remission.assess.calibration import brier, calibration, scaled_brier
from remission.assess.cindex import c_index
from remission.assess.classified import classified, exact_limits
from remission.assess.dynamic import auc_at, brier_at, scaled_brier_at
from remission.assess.logistic import logistic
from remission.assess.observed import calibration_at, incidence_at
from remission.assess.optimism import optimism
from remission.assess.roc import auc, roc_curve
from remission.assess.weights import weights_at
from remission.core.problems import InputError
from remission.regress.cox import cox

TIME = np.array([1, 2, 2, 3, 4, 5, 5, 6, 7, 8], float)
STATUS = np.array([1, 0, 1, 2, 1, 0, 1, 0, 1, 0])
NAMES = np.array([None, "relapse", "death"], dtype=object)
SCORE = np.array([9, 3, 8, 2, 8, 6, 5, 1, 4, 0], float)


def test_weights_by_hand_with_a_censoring_and_an_event_at_one_time() -> None:
    # at 2 one has an event and one is censored: nine at risk, the event leaves first, so G = 7/8 after it;
    # at 5 again: five at risk, the event leaves, 3/4
    found = weights_at(TIME, NAMES[STATUS], 5.5, "relapse")
    g2, g5 = 7 / 8, 7 / 8 * 3 / 4
    np.testing.assert_allclose(
        found.weight, [1, 0, 1, 1 / g2, 1 / g2, 0, 1 / g2, 1 / g5, 1 / g5, 1 / g5], rtol=1e-14
    )
    assert found.case.tolist() == [True, False, True, False, True, False, True, False, False, False]


def test_weights_add_up_to_everybody_and_cases_to_the_incidence() -> None:
    found = weights_at(TIME, NAMES[STATUS], 5.5, "relapse")
    assert found.weight.sum() == pytest.approx(10)
    assert found.weight @ found.case / 10 == pytest.approx(incidence_at(TIME, STATUS, 5.5))


def test_who_is_censored_at_the_time_itself_is_known_to_be_free() -> None:
    found = weights_at([1, 2, 3, 3], [True, False, False, False], 3)
    np.testing.assert_allclose(found.weight, [1, 0, 1.5, 1.5])
    with pytest.raises(InputError, match="nobody is followed until 9"):
        weights_at([1, 2, 3], [False, False, False], 9)


@pytest.mark.parametrize("which", ["auc", "brier", "c"])
def test_influence_is_the_derivative_by_the_case_weight(which: str) -> None:
    rng = np.random.default_rng(3)
    n, many = 25, 400
    time = np.ceil(rng.exponential(size=n) * 6)
    status = rng.choice([0, 1, 2], n, p=[0.4, 0.4, 0.2])
    score = rng.uniform(size=n).round(1)

    def value(rows: Any) -> float:
        event = NAMES[status[rows]]
        if which == "auc":
            return auc_at(score[rows], time[rows], event, 5.5, cause="relapse").estimate
        if which == "c":
            return c_index(score[rows], time[rows], event, cause="relapse").estimate
        return brier_at(score[rows], time[rows], event, 5.5, cause="relapse").estimate

    all_rows = np.tile(np.arange(n), many)
    base = value(all_rows)
    more = np.array([value(np.append(all_rows, row)) for row in range(n)])
    slopes = (more - base) * many
    measure = {"auc": auc_at, "brier": brier_at}.get(which)
    error = (
        c_index(score, time, NAMES[status], cause="relapse").std_error
        if measure is None
        else measure(score, time, NAMES[status], 5.5, cause="relapse").std_error
    )
    assert np.sqrt(slopes @ slopes) == pytest.approx(error, rel=5e-3)


def test_without_censoring_the_measures_at_a_time_are_those_of_classes() -> None:
    rng = np.random.default_rng(5)
    time, score = rng.exponential(size=80), rng.uniform(size=80).round(1)
    case = time <= 0.7
    event = np.ones(80, bool)
    assert auc_at(score, time, event, 0.7).estimate == pytest.approx(auc(score, case).estimate, abs=1e-14)
    assert brier_at(score, time, event, 0.7).estimate == pytest.approx(brier(score, case).estimate, abs=1e-14)
    assert scaled_brier_at(score, time, event, 0.7) == pytest.approx(scaled_brier(score, case), abs=1e-12)
    at, plain = decision_curve_at(score, time, event, 0.7), decision_curve(score, case)
    np.testing.assert_allclose(at.model, plain.model, atol=1e-14)
    np.testing.assert_allclose(at.all, plain.all, atol=1e-14)


def test_the_common_risk_has_a_scaled_brier_of_zero() -> None:
    at = incidence_at(TIME, STATUS, 5.5)
    assert scaled_brier_at(np.full(10, at), TIME, NAMES[STATUS], 5.5, cause="relapse") == pytest.approx(
        0, abs=1e-12
    )


@given(st.lists(st.tuples(st.integers(-4, 4), st.booleans()), min_size=4, max_size=40))
def test_area_is_the_share_of_pairs_and_its_mirror(rows: list[tuple[int, bool]]) -> None:
    score, truth = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    if truth.all() or not truth.any():
        return
    pairs = score[truth][:, None] - score[~truth][None, :]
    found = auc(score, truth)
    assert found.estimate == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    assert auc(-score, truth).estimate == pytest.approx(1 - found.estimate)
    assert auc(np.exp(score), truth).estimate == pytest.approx(found.estimate)
    curve = roc_curve(score, truth)
    heights, widths = curve.sensitivity, -np.diff(curve.specificity)
    area = (widths * (heights[1:] + heights[:-1]) / 2).sum()
    assert area == pytest.approx(found.estimate)


def test_a_score_without_fault_has_exact_limits() -> None:
    found = auc([1, 2, 3, 4, 5], [0, 0, 1, 1, 1])
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 2))


def test_exact_limits_invert_the_binomial() -> None:
    low, high = exact_limits(7, 20)
    above = sum(comb(20, k) * low**k * (1 - low) ** (20 - k) for k in range(7, 21))
    below = sum(comb(20, k) * high**k * (1 - high) ** (20 - k) for k in range(8))
    assert (above, below) == (pytest.approx(0.025), pytest.approx(0.025))
    assert exact_limits(0, 5)[0] == 0.0
    assert exact_limits(5, 5)[1] == 1.0


def test_calls_are_counted() -> None:
    found = classified([1, 1, 0, 0, 1], [1, 0, 0, 1, 1])
    assert (found.true_positive, found.false_positive, found.true_negative, found.false_negative) == (
        2,
        1,
        1,
        1,
    )
    assert found.balanced_accuracy == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found.no_information == pytest.approx(0.6)
    assert found.rows().height == 5


def test_calibration_of_two_groups_by_hand() -> None:
    p = np.repeat([0.3, 0.6], 10)
    truth = np.concatenate([np.arange(10) < 2, np.arange(10) < 8])
    found = calibration(p, truth, groups=2)
    observed = np.log(0.8 / 0.2) - np.log(0.2 / 0.8)
    predicted = np.log(0.6 / 0.4) - np.log(0.3 / 0.7)
    assert found.slope.estimate == pytest.approx(observed / predicted)
    assert found.observed.tolist() == [0.2, 0.8]
    assert found.rows().height == 4


def test_separated_classes_have_no_slope() -> None:
    found = calibration([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert np.isnan(found.slope.estimate)
    assert not logistic(
        np.column_stack([np.ones(4), [1, 2, 3, 4]]), np.array([False, False, True, True])
    ).converged


def test_calibration_at_a_time_by_hand() -> None:
    risk = np.linspace(0.9, 0.1, 10)
    found = calibration_at(risk, TIME, NAMES[STATUS], 5.5, cause="relapse", groups=2)
    assert found.ratio.estimate == pytest.approx(incidence_at(TIME, STATUS, 5.5) / risk.mean())
    # lowest: one relapse among five at 5. Highest: relapse at 1, 2 and 4, death at 3, one censored at 2
    np.testing.assert_allclose(found.observed, [0.2, 0.2 + 0.8 / 4 + 0.3], rtol=1e-12)
    assert found.size.tolist() == [5, 5]
    assert found.events.tolist() == [1, 3]


def test_incidence_is_known_where_all_events_are() -> None:
    # all died of something else by 3: nobody can have the event later; with one censored last nobody knows
    assert incidence_at(np.array([1.0, 2.0, 3.0]), np.array([2, 2, 2]), 9.0) == 0.0
    assert incidence_at(np.array([1.0, 2.0, 3.0]), np.array([1, 2, 2]), 9.0) == pytest.approx(1 / 3)
    assert np.isnan(incidence_at(np.array([1.0, 2.0, 3.0]), np.array([1, 2, 0]), 9.0))
    assert np.isnan(incidence_at(np.empty(0), np.empty(0, int), 1.0))


def test_without_an_event_yet_there_are_no_limits() -> None:
    for time in (np.arange(3.0, 9.0), np.array([0.5, 1, 5, 6, 7, 8])):
        status = np.array([0, 0, 1, 1, 0, 0])
        found = calibration_at(np.full(6, 0.5), time, status == 1, 2.0, groups=1)
        assert found.observed[0] == 0.0
        assert np.isnan([found.low[0], found.high[0], found.ratio.low, found.ratio.high]).all()


def test_the_slope_is_one_for_the_models_own_risks() -> None:
    rng = np.random.default_rng(7)
    x = rng.normal(size=300)
    time, event = rng.exponential(size=300) / np.exp(x), rng.uniform(size=300) < 0.7
    fit = cox(time, event, {"x": x})
    risk = 1 - fit.predict({"x": x}, [0.5])["estimate"].to_numpy()
    assert calibration_at(risk, time, event, 0.5).slope.estimate == pytest.approx(1.0, abs=1e-7)


def test_net_benefit_by_hand_with_censoring_and_competing_deaths() -> None:
    treated = SCORE >= 4  # relapse at 1, 2, 4, 5 and 7, one censored at 5
    risk = np.where(treated, 0.6, 0.2)
    found = decision_curve_at(risk, TIME, NAMES[STATUS], 5.5, cause="relapse", thresholds=[0.25, 0.9])
    f = 1 / 2 + 1 / 2 * 1 / 3
    assert found.model[0] == pytest.approx(treated.mean() * (f - (1 - f) / 3))
    assert found.model[1] == 0.0
    assert found.rows().height == 6


def test_optimism_is_small_with_one_true_variable_and_large_with_many_false_ones() -> None:
    rng = np.random.default_rng(11)
    n = 120
    x = rng.normal(size=(n, 12))
    time = rng.exponential(size=n) / np.exp(x[:, 0])
    event = rng.uniform(size=n) < 0.8
    few, many = optimism(time, event, x[:, :1], resamples=40), optimism(time, event, x, resamples=40)
    assert abs(few.c_optimism) < 0.01 < many.c_optimism
    assert many.slope_corrected < 0.95
    assert optimism(time, event, x, resamples=10, seed=4) == optimism(time, event, x, resamples=10, seed=4)


def test_added_value_of_a_true_and_of_a_noise_score() -> None:
    rng = np.random.default_rng(13)
    n = 200
    age, gene, noise = rng.normal(size=(3, n))
    time = rng.exponential(size=n) / np.exp(0.5 * age + 0.9 * gene)
    event = rng.uniform(size=n) < 0.7
    true = added_value(gene, {"age": age}, time, event, at=0.5, threshold=0.3, resamples=50)
    false = added_value(noise, {"age": age}, time, event, resamples=0)
    assert true.likelihood_ratio.p < 1e-6 < false.likelihood_ratio.p
    assert true.c_gain.low > 0
    assert true.benefit is not None
    assert true.benefit.estimate > 0
    assert true.optimism_together is not None
    both = cox(time, event, {"age": age, "score": gene}).log_likelihood
    alone = cox(time, event, {"age": age}).log_likelihood
    assert true.likelihood_ratio.statistic == pytest.approx(2 * (both - alone))


def test_equal_predictions_gain_nothing() -> None:
    risk = np.linspace(0.1, 0.9, 10)
    found = benefit_difference_at(risk, risk, TIME, NAMES[STATUS], 4.5, 0.4, cause="relapse", resamples=20)
    assert (found.estimate, found.low, found.high) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: auc([1, 2], [True, True]), "one class"),
        (lambda: auc([1, np.nan], [True, False]), "missing"),
        (lambda: auc([1, 2, 3], [True, False]), "one value per patient"),
        (lambda: brier([1.2], [True]), "between 0 and 1"),
        (lambda: auc([1, 2], ["yes", "no"]), "True or False"),
        (lambda: decision_curve([0.5], [True], [1.0]), "thresholds"),
        (lambda: auc([1, 2], [True, False], predictions="cv"), "predictions must be"),  # type: ignore[arg-type]
        (lambda: c_index([1, 2], [1, 2], [False, True]), "no pair"),
    ],
)
def test_wrong_arguments_are_told(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.slow
def test_limits_of_the_measures_cover() -> None:
    """The 95 % limits of AUC at a time and of Harrell's C, against their values in a large sample."""
    rng = np.random.default_rng(17)

    def draw(n: int) -> tuple[Any, Any, Any]:
        x = rng.normal(size=n)
        t, c = rng.exponential(size=n) / np.exp(x), rng.exponential(size=n) * 2
        return x, np.minimum(t, c), t <= c

    big = draw(200_000)
    area, c = auc_at(*big, 0.5).estimate, c_index(*big).estimate
    hits = np.zeros(2)
    for _ in range(1000):
        some = draw(150)
        for k, (found, true) in enumerate(((auc_at(*some, 0.5), area), (c_index(*some), c))):
            hits[k] += found.low <= true <= found.high
    assert ((hits / 1000 > 0.93) & (hits / 1000 < 0.97)).all()


def test_events_of_a_group_of_predictions_are_whole_numbers() -> None:
    # 1 / 49 * 49 is 0.9999999999999999
    found = calibration(np.full(49, 0.1), np.arange(49) < 1, groups=1)
    assert found.rows().filter(measure="observed share")["events"].to_list() == [1.0]
