"""Tiny data worked out by hand: likelihoods as functions of the coefficient, with ties, entry and weights."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.likelihood import PartialLikelihood
from remission.regress.residuals import residuals

# seven patients of Therneau's validation note: unsorted, ties at 6 and 9
TIME = [9, 1, 1, 6, 6, 8, 9]
DIED = [True, True, False, True, True, False, False]
X = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]


def therneau(ties: str, b: float) -> tuple[float, float, float]:
    """Log likelihood, score and information by algebra, with r = exp(b).

    Times in order: 1 (death x=1, censored x=1), 6 (deaths x=1 and x=0), 8 (censored), 9 (death x=1, censored
    x=0).
    """
    r = exp(b)
    sets = [(4 * r + 3, 4 * r), (2 * r + 3, 2 * r), (r + 1, r)]  # S0, S1 at times 1, 6, 9
    observed = 1 + 1 + 0 + 1
    terms = [sets[0], sets[2]]
    if ties == "breslow":
        terms += [sets[1], sets[1]]
    else:
        half = ((r + 1) / 2, r / 2)
        terms += [sets[1], (sets[1][0] - half[0], sets[1][1] - half[1])]
    value = observed * b - sum(log(s0) for s0, _ in terms)
    means = [s1 / s0 for s0, s1 in terms]
    return value, observed - sum(means), sum(m - m * m for m in means)


@pytest.mark.parametrize("b", [-1.0, 0.0, 0.4, 2.0])
@pytest.mark.parametrize("ties", ["breslow", "efron"])
def test_likelihood_score_and_information(ties: str, b: float) -> None:
    data = cox(TIME, DIED, {"x": X}, ties=ties).data
    value, score, information = PartialLikelihood(data)(np.array([b]))
    expected = therneau(ties, b)
    # centring x by its mean does not change the likelihood ratio, the score or the information
    assert value == pytest.approx(expected[0], rel=1e-13)
    assert score[0] == pytest.approx(expected[1], rel=1e-12, abs=1e-13)
    assert information[0, 0] == pytest.approx(expected[2], rel=1e-12)


def test_breslow_estimate_in_closed_form() -> None:
    fit = cox(TIME, DIED, {"x": X}, ties="breslow")
    r = exp(fit.coefficients[0])
    assert 4 * r / (4 * r + 3) + 4 * r / (2 * r + 3) + r / (r + 1) == pytest.approx(3.0, rel=1e-12)


def test_martingale_residuals_by_hand() -> None:
    fit = cox(TIME, DIED, {"x": X}, ties="breslow")
    r = exp(fit.coefficients[0])
    hazard = {1: 1 / (4 * r + 3)}
    hazard[6] = hazard[1] + 2 / (2 * r + 3)
    hazard[8] = hazard[6]
    hazard[9] = hazard[8] + 1 / (r + 1)
    expected = [
        died - exp(fit.coefficients[0] * x) * hazard[t] for t, died, x in zip(TIME, DIED, X, strict=True)
    ]
    np.testing.assert_allclose(residuals(fit), expected, rtol=1e-12, atol=1e-13)


def test_ties_truncation_and_weights_together() -> None:
    # at risk at 4: rows 0, 1, 2, not the row that enters at 4; rows 0 and 1 die, weights 2 and 3
    time, died = [4, 4, 7, 9, 7], [True, True, True, False, False]
    entry = [2.0, -np.inf, 1.0, 4.0, 5.0]
    weight, x = [2.0, 3.0, 1.0, 4.0, 2.0], [1.0, 0.0, 0.0, 1.0, 1.0]
    b = 0.3
    r = exp(b)
    s0_at_4, s1_at_4 = 2 * r + 3 + 1, 2 * r
    d0, d1 = 2 * r + 3, 2 * r
    s0_at_7, s1_at_7 = 1 + 4 * r + 2 * r, 6 * r
    mass = (2 + 3) / 2
    value = 2 * b - mass * (log(s0_at_4) + log(s0_at_4 - d0 / 2)) - log(s0_at_7)
    score = 2 - mass * (s1_at_4 / s0_at_4 + (s1_at_4 - d1 / 2) / (s0_at_4 - d0 / 2)) - s1_at_7 / s0_at_7
    data = cox(time, died, {"x": x}, entry=entry, weight=weight, ties="efron").data
    ours = PartialLikelihood(data)(np.array([b]))
    assert ours[0] - PartialLikelihood(data)(np.array([0.0]))[0] == pytest.approx(
        value - (-mass * (log(6) + log(6 - 5 / 2)) - log(7)), rel=1e-12
    )
    assert ours[1][0] == pytest.approx(score, rel=1e-12)


def test_fine_gray_keeps_the_competing_row_with_its_censoring_weight() -> None:
    # competing event at 2, censored at 3 (four at risk of censoring then), events at 4 and 5:
    # the competing row counts 3/4 at 4 and 5
    time = [1, 2, 3, 4, 5, 6]
    event = ["relapse", "death", None, "relapse", "relapse", None]
    x = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    fit = fine_gray(time, event, {"x": x}, "relapse")
    b = 0.5
    r = exp(b)
    sets = [(4 + 2 * r, 2 * r), (2 + r + 0.75 * r, 1.75 * r), (2 + 0.75 * r, 0.75 * r)]
    value, score, _ = PartialLikelihood(fit.data)(np.array([b]))
    assert value == pytest.approx(b - sum(log(s0) for s0, _ in sets), rel=1e-12)
    assert score[0] == pytest.approx(1 - sum(s1 / s0 for s0, s1 in sets), rel=1e-12)


def test_golden_weights_of_the_finegray_example() -> None:
    """Weights of the worked example in R's survival tests (DOMAIN: censorings come after events at ties)."""
    time = [1, 2, 3, 4, 4, 4, 5, 5, 6, 8, 8, 9, 10, 12]
    status = [1, 2, 0, 1, 0, 0, 2, 1, 0, 0, 2, 0, 1, 0]
    names = [None if code == 0 else ("event" if code == 1 else "other") for code in status]
    x = np.arange(14.0) % 3
    fit = fine_gray(time, names, {"x": x}, "event", variant="finegray")
    tail, points = fit.data.risk.tail, fit.data.points
    assert tail is not None
    p = np.cumprod([11 / 12, 8 / 10, 5 / 6, 3 / 4, 2 / 3])
    weights = {}
    for row, factor in zip(tail.rows, tail.factor, strict=True):
        weights[int(points.order[row])] = factor * tail.curve[0, points.high[row] :]
    # event times 1, 4, 5, 10: the competing row of time 2 sees the last three, those of 5 and 8 see only 10
    np.testing.assert_allclose(weights[1], [p[0], p[1], p[4]])
    np.testing.assert_allclose(weights[6], [p[4] / p[1]])
    np.testing.assert_allclose(weights[10], [p[4] / p[2]])


def test_an_entry_at_an_event_time_is_not_at_risk_there() -> None:
    fit = cox([5, 9, 9], [True, True, False], {"x": [1.0, 0.0, 1.0]}, entry=[0, 5, 0])
    assert fit.data.risk.forward(np.ones(3)).tolist() == [2.0, 2.0]


def test_event_at_time_zero_counts_without_entry() -> None:
    fit = cox([0, 2, 3, 4], [True, True, True, False], {"x": [1.0, 0.0, 2.0, 1.0]})
    assert fit.data.risk.forward(np.ones(4)).tolist() == [4.0, 3.0, 2.0]


def test_weight_zero_is_no_row() -> None:
    full = cox([1, 2, 3, 4, 5], [True] * 5, {"x": [1.0, 0, 2, 1, 0]}, weight=[1, 1, 0, 1, 1])
    less = cox([1, 2, 4, 5], [True] * 4, {"x": [1.0, 0, 1, 0]})
    np.testing.assert_allclose(full.coefficients, less.coefficients, rtol=1e-12)
    assert full.n == 4


def test_refusals_name_what_is_wrong() -> None:
    with pytest.raises(InputError, match="x is missing or infinite in 1 row"):
        cox([1, 2], [True, True], {"x": [np.nan, 1.0]})
    with pytest.raises(InputError, match="nothing to fit"):
        cox([1, 2], [False, False], {"x": [0.0, 1.0]})
    with pytest.raises(InputError, match="a, b are collinear"):
        cox([1, 2, 3, 4], [True] * 4, {"a": [1.0, 2, 4, 3], "b": [2.0, 4, 8, 6]})
    with pytest.raises(InputError, match="flat: no variation"):
        cox([1, 2, 3], [True] * 3, {"flat": [1.0, 1, 1], "x": [1.0, 2, 0]})
    with pytest.raises(InputError, match="say which with cause="):
        cox([1, 2, 3], ["a", "b", "a"], {"x": [1.0, 2, 0]})
    with pytest.raises(InputError, match="X has 2 rows and time has 3"):
        cox([1, 2, 3], [True] * 3, {"x": [1.0, 2.0]})
    with pytest.raises(InputError, match="has no entry"):
        fine_gray([1, 2, 3], ["a", "b", "a"], {"x": [1.0, 2, 0]}, "a", entry=[0, 0, 0])


def test_fine_gray_says_when_censoring_leaves_nobody_before_others_enter() -> None:
    event = [None, "other", "event", "event", None]
    with pytest.raises(InputError, match="everybody under observation was censored"):
        fine_gray(
            [1, 4, 5, 6, 7],
            event,
            {"x": [0.0, 1.0, 0.0, 1.0, 0.5]},
            "event",
            entry=[0, 2, 2, 2, 2],
            variant="finegray",
        )
