"""Cox against R's coxph, residuals, survfit, concordance and cox.zph in sixteen settings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from remission.regress.baseline import predicted_hazards
from remission.regress.concordance import concordance
from remission.regress.cox import cox
from remission.regress.fit import Fit
from remission.regress.proportionality import proportionality
from remission.regress.residuals import residuals, schoenfeld
from tests.regress.oracles import COVARIATES, SETTINGS, answers, close, data, options

CASES = ("cox_small", "cox_ties", "cox_real")


def fitted(case: str, setting: str, **extra: Any) -> Fit:
    """Fit one setting of one case."""
    rows = data(case)
    design = {name: rows[name] for name in COVARIATES}
    return cox(rows["time"], rows["event"] == 1, design, **options(rows, setting), **extra)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", CASES)
def test_estimates_and_variances(case: str, setting: str) -> None:
    expected = answers(case)[setting]
    model = fitted(case, setting, variance="model")
    close(model.coefficients, expected["coef"])
    close(model.variance, expected["var"])
    close([model.log_likelihood_null, model.log_likelihood], expected["loglik"])
    ratio, wald, score = model.tests()
    close(score.statistic, expected["score_test"])
    close(wald.statistic, expected["wald_test"])
    close(ratio.statistic, 2 * (expected["loglik"][1] - expected["loglik"][0]))
    close(fitted(case, setting, variance="robust").variance, expected["robust"])
    cluster = data(case)["cluster"].astype(int)
    close(fitted(case, setting, cluster=cluster).variance, expected["cluster_var"])


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", CASES)
def test_default_variance_is_robust_where_coxph_makes_it_so(case: str, setting: str) -> None:
    kind = fitted(case, setting).variance_kind
    assert (kind == "robust") == answers(case)[setting]["default_robust"]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", CASES)
def test_concordance(case: str, setting: str) -> None:
    expected = answers(case)[setting]
    ours = concordance(fitted(case, setting, variance="model"))
    close(ours.estimate, expected["concordance"])
    close(ours.std_error**2, expected["conc_var"])
    counts = np.atleast_2d(np.array(expected["conc_count"], dtype=float)).sum(axis=0)
    close([ours.concordant, ours.discordant, ours.tied_score], counts[:3])
    cluster = data(case)["cluster"].astype(int)
    close(concordance(fitted(case, setting, cluster=cluster)).std_error ** 2, expected["conc_cluster_var"])


@pytest.mark.parametrize("setting", SETTINGS)
def test_residuals(setting: str) -> None:
    expected = answers("cox_small")[setting]
    fit = fitted("cox_small", setting, variance="model")
    close(residuals(fit), expected["mart"])
    close(residuals(fit, "deviance"), expected["dev"])
    close(residuals(fit, "score"), expected["score_res"])
    close(residuals(fit, "dfbeta"), expected["dfbeta"])
    # with delayed entry R lists tied deaths in reversed row order: compare as sets of rows
    for ours, name in ((schoenfeld(fit), "schoenfeld"), (schoenfeld(fit, scaled=True), "scaledsch")):
        close(in_value_order(ours), in_value_order(np.array(expected[name])))


def in_value_order(rows: Any) -> Any:
    """Sort rows by their values, rounding noise aside."""
    return rows[np.lexsort(np.round(rows, 7).T)]


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", ["cox_small", "cox_real"])
def test_predicted_hazards(case: str, setting: str) -> None:
    expected = answers(case)[setting]
    curve = expected["survfit"]
    clustered = fitted(case, setting, cluster=data(case)["cluster"].astype(int))
    model = fitted(case, setting, variance="model")
    new = {"x1": [0.0, 1.2], "x2": [0.0, 1.0], "gb": [0.0, 1.0], "gc": [0.0, 0.0]}
    lengths = curve["strata"] or [len(curve["time"])]
    start = 0
    for index, length in enumerate(lengths):
        part = slice(start, start + length)
        start += length
        stratum = None if len(lengths) == 1 else str(index + 1)
        times = np.array(curve["time"])[part]
        hazards = predicted_hazards(model, new, times, stratum)
        close(hazards.cumulative.T, np.array(curve["cumhaz"])[part])
        close(hazards.std_error.T, np.array(curve["std_err"])[part])
        close(np.exp(-hazards.cumulative).T, np.array(curve["surv"])[part])
        robust = predicted_hazards(clustered, new, times, stratum)
        close(robust.std_error.T, np.array(expected["survfit_cluster_std_err"])[part])


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("case", CASES)
def test_proportionality(case: str, setting: str) -> None:
    rows = data(case)
    category = np.where(rows["gb"] == 1, "b", np.where(rows["gc"] == 1, "c", "a"))
    design = {"x1": rows["x1"], "x2": rows["x2"], "gg": category}
    fit = cox(rows["time"], rows["event"] == 1, design, variance="model", **options(rows, setting))
    expected = answers(f"zph_{case}")[setting]
    for transform in ("km", "identity", "log", "rank"):
        for name, by in (("terms", "term"), ("cols", "column")):
            tests = proportionality(fit, transform=transform, by=by).tests
            theirs = expected[f"{transform}_{name}"]
            close([test.statistic for test in tests], theirs["chisq"])
            close([test.p for test in tests], theirs["p"])
            assert [test.df for test in tests] == theirs["df"]
