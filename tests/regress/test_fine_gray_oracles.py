"""Fine-Gray against cmprsk's crr (full sandwich) and survival's finegray + coxph."""

from __future__ import annotations

import numpy as np
import pytest

from remission.regress.finegray import fine_gray
from remission.regress.predict import predict
from tests.regress.oracles import answers, close, data

CASES = ("cr_small", "cr_ties", "cr_real", "cr_ties2")
CAUSES = {1: "one", 2: "two"}


@pytest.mark.parametrize("groups", ["one", "grp"])
@pytest.mark.parametrize("code", [1, 2])
@pytest.mark.parametrize("case", CASES)
def test_crr(case: str, code: int, groups: str) -> None:
    rows = data(case)
    expected = answers(case)[f"f{code}_{groups}"]
    design = {name: rows[name] for name in ("x1", "x2", "x3")}
    extra = {} if groups == "one" else {"censor_group": rows["cengroup"].astype(int)}
    fit = fine_gray(rows["time"], rows["event"].astype(int), design, CAUSES[code], causes=CAUSES, **extra)
    close(fit.coefficients, expected["coef"])
    close(fit.variance, expected["var"])
    close(fit.model_variance, expected["invinf"])
    close([fit.log_likelihood, fit.log_likelihood_null], [expected["loglik"], expected["loglik_null"]])
    times = [row[0] for row in expected["pred"]]
    new = {"x1": [0.0, 1.0], "x2": [0.0, 1.0], "x3": [0.0, -0.5]}
    ours = predict(fit, new, times)["estimate"].to_numpy().reshape(2, -1)
    close(ours.T, np.array(expected["pred"])[:, 1:])


@pytest.mark.parametrize("ties", ["breslow", "efron"])
@pytest.mark.parametrize("weight", ["", "_w"])
@pytest.mark.parametrize("strata", ["", "_strata"])
@pytest.mark.parametrize("entry", ["nodelay", "delay"])
@pytest.mark.parametrize("case", CASES)
def test_finegray(case: str, entry: str, strata: str, weight: str, ties: str) -> None:
    rows = data(case)
    expected = answers(f"fg_{case}")[f"{entry}{strata}{weight}_{ties}"]
    design = {name: rows[name] for name in ("x1", "x2", "x3")}
    fit = fine_gray(
        rows["time"],
        rows["event"].astype(int),
        design,
        "one",
        causes=CAUSES,
        variant="finegray",
        ties=ties,
        entry=rows["entry"] if entry == "delay" else None,
        stratum=rows["strata"].astype(int) if strata else None,
        weight=rows["w"] if weight else None,
    )
    close(fit.coefficients, expected["coef"])
    close(fit.model_variance, expected["naive"])
    close(fit.variance, expected["robust"])
    close([fit.log_likelihood_null, fit.log_likelihood], expected["loglik"])
