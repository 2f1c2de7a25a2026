"""Influences are derivatives by case weight: difference quotients with ties, strata and censoring groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from remission.core.newton import maximise
from remission.regress.baseline import baselines
from remission.regress.causespecific import cause_specific
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.fit import Fit
from remission.regress.influence import coefficient_influence, hazard_influence
from remission.regress.likelihood import PartialLikelihood
from remission.regress.moments import Floats, make_rows, moments
from remission.regress.predict import predict
from remission.regress.standardise import adjusted_curves
from tests.regress.oracles import COVARIATES, data

STEP = 1e-5


def reweighted(fit: Fit, row: int, change: float) -> Fit:
    """Refit with one sorted row's case weight changed (censoring weights kept)."""
    rows = fit.data
    weight = rows.weight.copy()
    weight[row] += change
    changed = make_rows(rows.covariates, rows.centre, weight, rows.risk, rows.ties)
    optimum = maximise(PartialLikelihood(changed), fit.coefficients)
    return replace(
        fit, data=changed, coefficients=optimum.point, at=moments(changed, optimum.point), optimum=optimum
    )


def slope(fit: Fit, row: int, value: Callable[[Fit], Floats | float]) -> Floats:
    """Central difference quotient."""
    up, down = value(reweighted(fit, row, STEP)), value(reweighted(fit, row, -STEP))
    return np.asarray((np.asarray(up) - np.asarray(down)) / (2 * STEP))


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("case", ["ate_ties", "ate_real"])
@pytest.mark.parametrize("stratified", [False, True])
def test_cox_coefficients_hazards_and_standardised_curves(case: str, ties: str, stratified: bool) -> None:
    columns = data(case)
    design = {name: columns[name] for name in COVARIATES}
    stratum = columns["strata"].astype(int) if stratified else None
    fit = cox(columns["time"], columns["event"] == 1, design, ties=ties, stratum=stratum)
    time = float(np.quantile(columns["time"], 0.6))
    upto = (fit.data.points.point_time <= time).astype(float) * (fit.data.points.point_stratum == 0)
    coefficients = coefficient_influence(fit)
    hazard = hazard_influence(fit, upto, coefficients)
    curves = adjusted_curves(fit, design, "x2", [time])
    for row in (0, 17, 60, 101, 149):
        ours = slope(fit, row, lambda changed: changed.coefficients)
        np.testing.assert_allclose(coefficients[:, row], ours, rtol=1e-5, atol=1e-8)
        theirs = slope(fit, row, lambda changed: first_hazard(changed, time))
        assert hazard[row] == pytest.approx(float(theirs), rel=1e-5, abs=1e-8)
        adjusted = slope(
            fit, row, lambda changed: adjusted_curves(changed, design, "x2", [time]).estimate[:, 0]
        )
        np.testing.assert_allclose(curves.influence[:, 0, row], adjusted, rtol=2e-5, atol=1e-8)


def first_hazard(fit: Fit, time: float) -> float:
    """Baseline hazard of the first stratum at a time."""
    base = baselines(fit)[0]
    return float(np.concatenate([[0.0], base.cumulative])[np.searchsorted(base.time, time, side="right")])


@pytest.mark.parametrize(
    ("variant", "groups"), [("crr", False), ("crr", True), ("finegray", False), ("finegray", True)]
)
@pytest.mark.parametrize("case", ["cr_small", "cr_ties"])
def test_exact_psi_is_the_derivative_through_the_censoring_distribution(
    case: str, variant: str, groups: bool
) -> None:
    """Refit with a row repeated many times over many copies: the estimate must move by its influence."""
    columns = data(case)
    names = np.array(["", "one", "two"], dtype=object)[columns["event"].astype(int)]
    copies = 400

    def fitted(extra: int | None) -> Fit:
        index = np.repeat(np.arange(len(names)), copies)
        if extra is not None:
            index = np.append(index, extra)
        design = {name: columns[name][index] for name in ("x1", "x2", "x3")}
        group = columns["cengroup"].astype(int)[index] if groups else None
        return fine_gray(
            columns["time"][index],
            names[index],
            design,
            "one",
            censor_group=group,
            variant=variant,
            ties="breslow",
            variance="sandwich",
            psi_form="exact",
        )

    base = fitted(None)
    influence = coefficient_influence(base)
    position = np.empty(len(names) * copies, dtype=int)
    position[base.data.points.order] = np.arange(len(position))
    for row in (0, 5, 11, 23, 31, 47):
        moved = fitted(row).coefficients - base.coefficients
        expected = influence[:, position[row * copies]]
        # one more row in 400 copies: second-order terms are of the order of 1/400 of the change
        np.testing.assert_allclose(moved, expected, rtol=0.02, atol=1e-8 + 0.02 * np.abs(expected).max())


def test_predictions_have_the_errors_of_a_jackknife() -> None:
    columns = data("cr_real")
    names = np.array(["", "one", "two"], dtype=object)[columns["event"].astype(int)]
    design = {name: columns[name] for name in ("x1", "x2", "x3")}
    new = {"x1": [0.5], "x2": [1.0], "x3": [0.2]}
    times = [3.0, 8.0]

    def answers(keep: Floats | slice) -> Floats:
        part = {name: values[keep] for name, values in design.items()}
        both = cause_specific(columns["time"][keep], names[keep], part).predict(new, times)
        grey = predict(fine_gray(columns["time"][keep], names[keep], part, "one"), new, times)
        return np.concatenate([both["estimate"].to_numpy(), grey["estimate"].to_numpy()])

    both = cause_specific(columns["time"], names, design).predict(new, times)
    grey = predict(fine_gray(columns["time"], names, design, "one"), new, times)
    ours = np.concatenate([both["std_error"].to_numpy(), grey["std_error"].to_numpy()])
    size = len(names)
    left_out = np.array([answers(np.delete(np.arange(size), row)) for row in range(size)])
    jackknife = np.sqrt((size - 1) / size * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(ours, jackknife, rtol=0.08)
    assert (ours < jackknife).all()  # the jackknife errs on the large side
