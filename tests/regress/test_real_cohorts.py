"""Cox and Fine-Gray on the real transplant cohorts against R, as its scripts fit them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remission.regress.concordance import concordance
from remission.regress.covariates import Covariates, covariates, design
from remission.regress.cox import cox
from remission.regress.episodes import split_episodes
from remission.regress.finegray import fine_gray
from remission.regress.fit import Fit
from remission.regress.predict import predict
from remission.regress.proportionality import proportionality
from remission.regress.terms import Category, Numeric
from tests.regress.oracles import close

ALL_THREE = ("ALL", "AML low risk", "AML high risk")


def columns(file: Path) -> dict[str, Any]:
    """Columns of a file, numbers as numbers."""
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    found: dict[str, Any] = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        try:
            found[name] = np.array([np.nan if value == "NA" else float(value) for value in values])
        except ValueError:
            found[name] = np.array(values)
    return found


def holds(fit: Fit, expected: dict[str, Any], tolerance: float = 1e-8) -> None:
    """Coefficients, errors, tests, concordance and proportionality."""
    close(fit.coefficients, expected["coef"], tolerance)
    close(fit.std_errors, expected["se"], tolerance)
    close([fit.log_likelihood_null, fit.log_likelihood], expected["loglik"], tolerance)
    _, wald, score = fit.tests()
    close(score.statistic, expected["score"], tolerance)
    close(wald.statistic, expected["wald"], tolerance)
    assert (fit.n, fit.events) == (expected["n"], expected["nevent"])
    agreement = concordance(fit)
    close([agreement.estimate, agreement.std_error], expected["concordance"], tolerance)
    for by, kind in (("term", "terms"), ("column", "columns")):
        tests = proportionality(fit, by=by).tests
        close(
            [test.statistic for test in tests],
            expected["zph_chisq" if kind == "terms" else "zph_columns_chisq"],
            tolerance,
        )
    assert [test.df for test in proportionality(fit).tests] == expected["zph_df"]
    close([test.p for test in proportionality(fit).tests], expected["zph_p"], tolerance)


@pytest.fixture(scope="module")
def bmt(shared_data: Path) -> dict[str, Any]:
    return columns(shared_data / "transplant" / "bmt.csv")


@pytest.fixture(scope="module")
def bmtcrr(shared_data: Path) -> dict[str, Any]:
    return columns(shared_data / "transplant" / "bmtcrr.csv")


def bmt_terms(rows: dict[str, Any]) -> Covariates:
    """Disease group, French-American-British class, ages."""
    terms = [
        Category("disease_group", ALL_THREE),
        *(Numeric(name) for name in ("fab_4_5", "recipient_age", "donor_age")),
    ]
    return design(terms, rows)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cox_dfs", {}),
        ("cox_dfs_breslow", {"ties": "breslow"}),
        ("cox_dfs_strata_hospital", {"stratum": "hospital"}),
    ],
)
def test_bmt(bmt: dict[str, Any], shared_oracles: Path, name: str, options: dict[str, str]) -> None:
    given = {key: bmt[value].astype(int) if key == "stratum" else value for key, value in options.items()}
    fit = cox(bmt["rfs_days"], bmt["relapse_or_death"] == 1, bmt_terms(bmt), **given)
    holds(fit, json.loads((shared_oracles / "bmt.json").read_text())[name])


def test_bmt_clustered_by_hospital(bmt: dict[str, Any], shared_oracles: Path) -> None:
    expected = json.loads((shared_oracles / "bmt.json").read_text())["cox_dfs_cluster_hospital"]
    hospital = bmt["hospital"].astype(int)
    fit = cox(bmt["rfs_days"], bmt["relapse_or_death"] == 1, bmt_terms(bmt), cluster=hospital)
    close(fit.coefficients, expected["coef"])
    close(fit.std_errors, expected["robust_se"])
    close(np.sqrt(np.diag(fit.model_variance)), expected["naive_se"])


def test_bmt_time_dependent(bmt: dict[str, Any], shared_oracles: Path) -> None:
    expected = json.loads((shared_oracles / "bmt.json").read_text())["cox_dfs_time_dependent"]
    switches = {
        short: np.where(bmt[long] == 1, bmt[f"{long}_days"], np.nan)
        for short, long in (("agvhd", "acute_gvhd"), ("cgvhd", "chronic_gvhd"), ("plt", "platelet_recovery"))
    }
    split = split_episodes(bmt["rfs_days"], switches)
    fixed = {name: bmt[name][split.row] for name in ("disease_group", "fab_4_5")}
    terms = [Category("disease_group", ALL_THREE), *(Numeric(name) for name in ("fab_4_5", *switches))]
    died = (bmt["relapse_or_death"] == 1)[split.row] & split.last
    fit = cox(split.stop, died, design(terms, {**fixed, **split.status}), entry=split.start)
    holds(fit, expected)


def crr_terms(rows: dict[str, Any]) -> Covariates:
    """The model of Scrucca 2010."""
    terms = [
        Numeric("age"),
        Category("sex", ("F", "M")),
        Category("disease", ("ALL", "AML")),
        Category("phase", ("Relapse", "CR1", "CR2", "CR3")),
        Category("source", ("BM+PB", "PB")),
    ]
    return design(terms, rows)


@pytest.mark.parametrize(
    ("name", "code", "ties"),
    [
        ("cox_cause_specific_relapse", 1, "efron"),
        ("cox_cause_specific_relapse_breslow", 1, "breslow"),
        ("cox_cause_specific_trm", 2, "efron"),
    ],
)
def test_bmtcrr_cause_specific(
    bmtcrr: dict[str, Any], shared_oracles: Path, name: str, code: int, ties: Any
) -> None:
    expected = json.loads((shared_oracles / "bmtcrr.json").read_text())[name]
    built = crr_terms(bmtcrr)
    # the script enters every column as a term of its own
    single = Covariates(
        built.values, built.names, tuple((item, (i,)) for i, item in enumerate(built.names)), {}
    )
    holds(cox(bmtcrr["months"], bmtcrr["status"] == code, single, ties=ties), expected)


@pytest.mark.parametrize(
    ("name", "cause", "grouped"),
    [
        ("fine_gray_relapse", "relapse", False),
        ("fine_gray_trm", "TRM", False),
        ("fine_gray_relapse_censor_by_disease", "relapse", True),
    ],
)
def test_bmtcrr_fine_gray(
    bmtcrr: dict[str, Any], shared_oracles: Path, name: str, cause: str, grouped: bool
) -> None:
    expected = json.loads((shared_oracles / "bmtcrr.json").read_text())[name]
    fit = fine_gray(
        bmtcrr["months"],
        bmtcrr["status"].astype(int),
        crr_terms(bmtcrr),
        cause,
        causes={1: "relapse", 2: "TRM"},
        censor_group=bmtcrr["disease"] if grouped else None,
    )
    # crr's own search stops short of the optimum: its coefficients are good to about 1e-7
    close(fit.coefficients, expected["coef"], 1e-6)
    close(fit.std_errors, expected["se"], 1e-6)
    close([fit.log_likelihood_null, fit.log_likelihood], [expected["loglik_null"], expected["loglik"]])
    new = covariates(np.array(expected["newx"], dtype=float))
    named = Covariates(new.values, fit.terms, fit.covariates.terms, {})
    ours = predict(fit, named, expected["times"])["estimate"].to_numpy().reshape(2, -1)
    close(ours.T, expected["predicted_cif"], 1e-6)


def ebmt3_terms(rows: dict[str, Any]) -> Covariates:
    """Disease, age group, gender mismatch, T-cell depletion."""
    terms = [
        Category("disease", ("AML", "ALL", "CML")),
        Category("age_group", ("<=20", "20-40", ">40")),
        Category("donor_recipient", ("No gender mismatch", "Gender mismatch")),
        Category("tcd", ("No TCD", "TCD")),
    ]
    return design(terms, rows)


def test_ebmt3(shared_data: Path, shared_oracles: Path) -> None:
    rows = columns(shared_data / "transplant" / "ebmt3.csv")
    expected = json.loads((shared_oracles / "ebmt3.json").read_text())
    # coxph stops when the log likelihood (6,000 here) moves by 1e-9 of itself: good to 1e-6
    fit = cox(rows["rfs_days"], rows["relapse_or_death"] == 1, ebmt3_terms(rows))
    holds(fit, expected["cox_rfs"], 1e-6)


def test_ebmt3_transition_by_transition(shared_data: Path, shared_oracles: Path) -> None:
    """Three transitions with effects of their own are three separate fits (de Wreede 2011)."""
    rows = columns(shared_data / "transplant" / "ebmt3.csv")
    expected = json.loads((shared_oracles / "ebmt3.json").read_text())["cox_transition_specific"]
    built = ebmt3_terms(rows)
    recovered = rows["platelet_recovery"] == 1
    died = rows["relapse_or_death"] == 1
    first = np.where(recovered, rows["platelet_days"], rows["rfs_days"])
    later = recovered & (rows["rfs_days"] > rows["platelet_days"])
    second = Covariates(built.values[later], built.names, built.terms, {})
    fits = [
        cox(first, recovered, built, ties="breslow"),
        cox(first, died & ~recovered, built, ties="breslow"),
        cox(rows["rfs_days"][later], died[later], second, entry=rows["platelet_days"][later], ties="breslow"),
    ]
    ours = {
        f"{name}.{index + 1}": (fit.coefficients[column], fit.std_errors[column])
        for index, fit in enumerate(fits)
        for column, name in enumerate(
            ("disease1", "disease2", "age_group1", "age_group2", "donor_recipient", "tcd")
        )
    }
    close([ours[term][0] for term in expected["terms"]], expected["coef"])
    close([ours[term][1] for term in expected["terms"]], expected["se"])
    total = [sum(fit.log_likelihood_null for fit in fits), sum(fit.log_likelihood for fit in fits)]
    close(total, expected["loglik"])


def test_ck1901_published_model(shared_data: Path) -> None:
    """Murthy 2022: myeloablative 2.18, over 60, Karnofsky below 90. R on this file:

    coxph(Surv(intxsurv, dead) ~ (condintmod == 1) + (age > 60) + (karnofcat == 2), subset = karnofcat < 99)
    """
    rows = columns(shared_data / "cibmtr" / "CK1901.csv")
    known = np.isin(rows["karnofcat"], (1, 2)) & np.isin(rows["condintmod"], (1, 2))
    frame = {
        "myeloablative": rows["condintmod"][known] == 1,
        "over 60": rows["age"][known] > 60,
        "below 90": rows["karnofcat"][known] == 2,
    }
    fit = cox(rows["intxsurv"][known], rows["dead"][known] == 1, frame)
    shown = fit.rows().select("estimate", "low", "high").row(0)
    assert [f"{value:.3f}" for value in shown] == ["2.180", "1.501", "3.167"]
