"""Terms, periods, log time, subgroups and elimination."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.regress.backward import backward_elimination
from remission.regress.covariates import covariates, design
from remission.regress.cox import cox
from remission.regress.fit import Fit
from remission.regress.subgroups import subgroups
from remission.regress.terms import Category, Interaction, Numeric, Spline, spline
from remission.regress.termtests import term_tests
from remission.regress.timevarying import log_time_interaction, piecewise
from tests.regress.oracles import data

ROWS = data("cox_real")
FRAME = {
    "x1": ROWS["x1"],
    "arm": np.where(ROWS["x2"] == 1, "new", "old"),
    "group": np.where(ROWS["gb"] == 1, "b", np.where(ROWS["gc"] == 1, "c", "a")),
}
DIED = ROWS["event"] == 1
ARM, GROUP = Category("arm", ("old", "new")), Category("group", ("a", "b", "c"))


def test_named_reference_and_unseen_level() -> None:
    built = design([ARM, GROUP, Numeric("x1", per=10)], FRAME)
    assert built.names == ("arm=new", "group=b", "group=c", "x1 per 10")
    assert built.terms == (("arm", (0,)), ("group", (1, 2)), ("x1 per 10", (3,)))
    np.testing.assert_array_equal(built.values[:, 0], ROWS["x2"])
    fit = cox(ROWS["time"], DIED, built)
    with pytest.raises(InputError, match='group has "d", not among the levels'):
        fit.predict({"arm": ["old"], "group": ["d"], "x1": [0.0]}, [1.0])


def test_new_rows_are_built_like_the_old() -> None:
    terms = [ARM, spline("x1", ROWS["x1"]), Interaction(ARM, Numeric("x1"))]
    fit = cox(ROWS["time"], DIED, design([ARM, spline("x1", ROWS["x1"], 3)], FRAME))
    new = {"arm": ["old", "new"], "x1": [0.0, 1.0]}
    first = fit.predict(new, [2.0, 5.0])
    again = fit.predict({"arm": ["new", "old"], "x1": [1.0, 0.0]}, [2.0, 5.0])
    np.testing.assert_allclose(first["estimate"].to_numpy()[:2], again["estimate"].to_numpy()[2:])
    assert design(terms, FRAME).names[-1] == "arm=new × x1"


def test_spline_is_linear_outside_its_knots_and_smooth() -> None:
    term = Spline("x", (0.0, 1.0, 2.0, 3.0))
    basis, names = term.columns({"x": np.array([-2.0, -1.0, 0.0, 3.0, 4.0, 5.0])})
    assert names == ("x", "x bend 1", "x bend 2")
    np.testing.assert_allclose(basis[:3, 1:], 0.0)
    np.testing.assert_allclose(np.diff(basis[3:], axis=0)[0], np.diff(basis[3:], axis=0)[1], rtol=1e-12)
    # the first bend between its knots is a cube over the squared range
    inside, _ = term.columns({"x": np.array([0.5])})
    assert inside[0, 1] == pytest.approx(0.5**3 / 9)
    with pytest.raises(InputError, match="too few distinct values"):
        spline("x", [1, 1, 1, 1, 2], 4)


def test_term_test_is_the_squared_z_of_a_single_column() -> None:
    fit = cox(ROWS["time"], DIED, design([ARM, GROUP], FRAME))
    arm, group = term_tests(fit)
    assert arm.statistic == pytest.approx((fit.coefficients[0] / fit.std_errors[0]) ** 2)
    assert group.df == 2


def test_periods_are_two_separate_fits() -> None:
    cut = 4.0
    plain = {"x2": ROWS["x2"]}
    changing = piecewise(cox, ROWS["time"], DIED, plain, "x2", [cut])
    early = cox(np.minimum(ROWS["time"], cut), DIED & (ROWS["time"] <= cut), plain)
    later = ROWS["time"] > cut
    late = cox(ROWS["time"][later], DIED[later], {"x2": ROWS["x2"][later]}, entry=np.full(later.sum(), cut))
    np.testing.assert_allclose(
        changing.fit.coefficients, [early.coefficients[0], late.coefficients[0]], rtol=1e-8
    )
    gap = early.coefficients[0] - late.coefficients[0]
    expected = gap**2 / (early.variance[0, 0] + late.variance[0, 0])
    assert changing.change.statistic == pytest.approx(expected, rel=1e-8)
    assert changing.fit.log_likelihood == pytest.approx(early.log_likelihood + late.log_likelihood, rel=1e-10)


def test_log_time_score_agrees_with_the_proportionality_test() -> None:
    from remission.regress.proportionality import proportionality  # noqa: PLC0415

    plain = {"x1": ROWS["x1"], "x2": ROWS["x2"]}
    fit = cox(ROWS["time"], DIED, plain)
    changing = log_time_interaction(cox, ROWS["time"], DIED, plain, "x2")
    score = proportionality(fit, transform="log").tests[1]
    # Wald and score tests of one hypothesis: close, not equal
    assert changing.change.statistic == pytest.approx(score.statistic, rel=0.25)
    assert changing.fit.terms == ("x1", "x2", "x2 × log time")


def test_subgroups_are_fits_of_their_patients() -> None:
    found = subgroups(ROWS["time"], DIED, FRAME, ARM, [GROUP], adjust=[Numeric("x1")])
    mine = next(part for part in found.parts if part.level == "b")
    chosen = FRAME["group"] == "b"
    alone = cox(
        ROWS["time"][chosen], DIED[chosen], {"arm": FRAME["arm"][chosen] == "new", "x1": ROWS["x1"][chosen]}
    )
    assert mine.fit is not None
    np.testing.assert_allclose(mine.fit.coefficients, alone.coefficients, rtol=1e-8)
    rows = found.rows()
    assert rows["measure"].to_list() == ["hazard ratio"] * 4 + ["interaction"]
    assert rows["df"].to_list()[-1] == 2
    assert rows["at_risk"].to_list()[1:4] == [(FRAME["group"] == level).sum() for level in "abc"]


def test_a_subgroup_that_cannot_be_estimated_is_listed_with_its_reason() -> None:
    frame = {**FRAME, "few": np.where(np.arange(len(DIED)) < 3, "rare", "common")}
    found = subgroups(
        ROWS["time"], DIED & (np.arange(len(DIED)) >= 3), frame, ARM, [Category("few", ("common", "rare"))]
    )
    rare = found.parts[1]
    assert rare.fit is None
    assert rare.n == 3
    assert rare.reason


def test_elimination_prints_its_path_and_keeps_what_it_must() -> None:
    noise = np.random.default_rng(5).normal(size=len(DIED))
    frame = {**FRAME, "noise": noise}

    def fit_terms(terms: list) -> Fit:  # type: ignore[type-arg]
        return cox(ROWS["time"], DIED, design(terms, frame))

    terms = [Numeric("x1"), ARM, GROUP, Numeric("noise")]
    path = backward_elimination(fit_terms, terms)
    left_out = [step.removed for step in path.steps]
    assert left_out[-1] == ""
    assert path.fit is not None
    assert all(test.p <= 0.05 for test in path.steps[-1].tests)
    for step in path.steps[:-1]:
        assert step.removed == max(step.tests, key=lambda test: test.p).name
    kept = backward_elimination(fit_terms, terms, keep=["noise"])
    assert "noise" in [test.name for test in kept.steps[-1].tests]


def test_a_declared_design_is_taken_as_it_is() -> None:
    built = design([ARM], FRAME)
    assert covariates(built) is built


def test_the_interaction_test_is_of_the_ratios_shown() -> None:
    """Without adjustment the full stratified model is the fits within the subgroups, put together."""
    found = subgroups(ROWS["time"], DIED, FRAME, ARM, [GROUP])
    inside = [part.fit for part in found.parts]
    assert all(fit is not None for fit in inside)
    together = sum(fit.log_likelihood for fit in inside if fit is not None)
    stratified = cox(ROWS["time"], DIED, {"arm": FRAME["arm"] == "new"}, stratum=FRAME["group"])
    test = found.interactions["group"]
    assert test.df == 2
    assert test.statistic == pytest.approx(2 * (together - stratified.log_likelihood), rel=1e-8)


def test_subgroups_within_strata_have_baselines_of_both() -> None:
    centre = np.arange(len(DIED)) % 2
    found = subgroups(ROWS["time"], DIED, FRAME, ARM, [GROUP], stratum=centre)
    together = sum(part.fit.log_likelihood for part in found.parts if part.fit is not None)
    both = np.char.add(FRAME["group"], centre.astype(str))
    stratified = cox(ROWS["time"], DIED, {"arm": FRAME["arm"] == "new"}, stratum=both)
    expected = 2 * (together - stratified.log_likelihood)
    assert found.interactions["group"].statistic == pytest.approx(expected, rel=1e-8)
