"""The table of a model: each term's test, its levels with their ratios, and what the table must say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.tails import chi_square_upper, normal_quantile, normal_two_sided
from remission.regress.concordance import concordance
from remission.regress.fit import Fit, Test, ratio
from remission.regress.monotone import monotone_direction
from remission.study.kinds.model_fit import Fitted
from remission.study.kinds.model_spline import NONLINEAR, spline_records
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.rows import Record
from remission.study.results import Fact

TERM = "term"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Coefficients with limits and tests, Firth's where it was used; NaN where there is no maximum."""

    log: Floats
    variance: Floats
    low: Floats
    high: Floats
    statistic: Floats
    p: Floats


def ratios(model: Fitted, confidence: float) -> Ratios:
    """Estimates of a model, without those that run off to infinity."""
    if model.firth is not None:
        best = model.firth
        signed = np.sign(best.coefficients) * np.sqrt(np.maximum(best.statistic, 0.0))
        return Ratios(best.coefficients, best.variance, best.low, best.high, signed, best.p)
    fit = model.fit
    return wald_ratios(np.where(unusable(fit), np.nan, fit.coefficients), fit.variance, confidence)


def wald_ratios(log: Floats, variance: Floats, confidence: float) -> Ratios:
    """Limits and tests of log ratios with this variance; NaN where one of both is no estimate."""
    spread = np.diag(variance)
    error = np.sqrt(np.where(np.isnan(log) | ~(spread > 0), np.nan, spread))
    half = float(normal_quantile(0.5 + confidence / 2)) * error
    statistic = log / error
    return Ratios(log, variance, log - half, log + half, statistic, normal_two_sided(statistic))


def unusable(fit: Fit) -> NDArray[np.bool_]:
    """Coefficients that are no estimates: without a maximum, or of a search that did not end."""
    lost = without_maximum(fit)
    return np.ones_like(lost) if fit.warnings and not lost.any() else lost


def without_maximum(fit: Fit) -> NDArray[np.bool_]:
    """Coefficients along which the likelihood has no maximum."""
    none = np.zeros(len(fit.terms), dtype=bool)
    if not any("no maximum" in warning for warning in fit.warnings):
        return none
    direction = monotone_direction(fit.data)
    return none if direction is None else np.abs(direction) > 1e-6


def term_test(model: Fitted, index: int, found: Ratios) -> Test | None:
    """Wald test of a whole term; of one coefficient under Firth's penalty, its own test."""
    columns = model.columns_of(index)
    if np.isnan(found.p[columns]).any():
        return None
    if len(columns) == 1:
        only = int(columns[0])
        return Test(TERM, float(found.statistic[only] ** 2), 1, float(found.p[only]))
    return wald_of(found, columns, TERM)


def wald_of(found: Ratios, columns: NDArray[np.intp], name: str) -> Test:
    """Wald test of some coefficients."""
    chosen = found.log[columns]
    statistic = float(chosen @ np.linalg.solve(found.variance[np.ix_(columns, columns)], chosen))
    return Test(name, statistic, len(columns), float(chi_square_upper(statistic, len(columns))))


def model_records(model: Fitted, confidence: float, p_adjusted: Sequence[float | None] = ()) -> list[Record]:
    """Rows of the table in the order of the terms; `p_adjusted` is one per term."""
    found = ratios(model, confidence)
    records: list[Record] = []
    for index in range(len(model.terms)):
        more = {"p_adjusted": p_adjusted[index]} if p_adjusted else {}
        records.append({**head_record(model, index, found), **more})
        records += term_records(model, index, found, confidence)
    return records


def head_record(model: Fitted, index: int, found: Ratios) -> Record:
    """The row above a term: patients, events, and the test of the whole term."""
    test = term_test(model, index, found)
    same = {
        "term": model.terms[index].name,
        "measure": TERM,
        "at_risk": model.n,
        "events": model.events,
    }
    return same if test is None else {**same, "statistic": test.statistic, "df": test.df, "p": test.p}


def term_records(model: Fitted, index: int, found: Ratios, confidence: float) -> list[Record]:
    """Ratio rows of one term."""
    term, columns = model.terms[index], model.columns_of(index)
    measure = measure_of(model.fit)
    everybody = {"at_risk": model.n, "events": model.events}
    same = {"term": term.name, "measure": measure, "scale": "log", "cause": model.fit.cause}
    if term.kind == "spline":
        lost = bool(np.isnan(found.log[columns]).any())
        bends = None if lost else wald_of(found, columns[1:], NONLINEAR)
        return spline_records(model, index, found, {**same, **everybody, "confidence": confidence}, bends)
    if term.levels:
        counts = {level: counted(model, term.name, level) for level in term.levels}
        reference = {**same, "level": term.levels[0], "estimate": 1.0, **counts[term.levels[0]]}
        return [
            reference,
            *[
                {**same, "level": level, **ratio_record(found, int(column), confidence), **counts[level]}
                for level, column in zip(term.levels[1:], columns, strict=True)
            ],
        ]
    levels = labels_of(term)
    return [
        {**same, "level": level, **ratio_record(found, int(column), confidence), **everybody}
        for level, column in zip(levels, columns, strict=True)
    ]


def labels_of(term: ModelTerm) -> tuple[str, ...]:
    """Words for each coefficient of a term, as `level`."""
    if term.kind == "interaction":
        first, second = (labels_of(part) for part in term.parts)
        return tuple(f"{a} × {b}" for a in first for b in second)
    if term.kind == "spline":
        return ("slope", *(f"bend {number}" for number in range(1, term.knots - 1)))
    return term.levels[1:] if term.levels else (term.step,)


def measure_of(fit: Fit) -> str:
    """What the exponential of a coefficient is called."""
    return "hazard ratio" if fit.model == "Cox" else "subdistribution hazard ratio"


def counted(model: Fitted, column: str, level: str) -> dict[str, int]:
    """Patients who ever were at a level while at risk, and events of those at it then."""
    there = np.asarray(model.rows.columns[column] == level, dtype=bool)
    return {"at_risk": model.rows.patients(there), "events": model.rows.events(model.fit.cause, there)}


def model_facts(model: Fitted) -> dict[str, Fact]:
    """What a table says of one whole model."""
    fit = model.fit
    agreement = concordance(fit) if fit.model == "Cox" else None
    lost = bool(unusable(fit).any())
    tests = () if lost or model.firth is not None else fit.tests()
    return {
        "n": model.n,
        "events": model.events,
        "coefficients": len(fit.coefficients),
        "concordance": None
        if agreement is None or np.isnan(agreement.estimate)
        else {"estimate": float(agreement.estimate), "std_error": float(agreement.std_error)},
        "tests": tuple(
            {"name": test.name, "statistic": float(test.statistic), "df": test.df, "p": test.p}
            for test in tests
        ),
    }


def kind_facts(fit: Fit, *, firth: bool) -> dict[str, Fact]:
    """Which kind of model it is."""
    single = len(fit.histories.topology.causes) == 1
    hazard = (
        "subdistribution hazard" if fit.model != "Cox" else "hazard" if single else "cause-specific hazard"
    )
    return {
        "model": fit.model,
        "hazard": hazard,
        "fine_gray_variant": fit.variant or None,
        "ties": fit.ties,
        "variance": fit.variance_kind,
        "estimator": "Firth" if firth else "partial likelihood",
    }


def ratio_record(found: Ratios, column: int, confidence: float) -> dict[str, object]:
    """Ratio of one coefficient with its limits and test."""
    error = float(np.sqrt(found.variance[column, column])) if np.isfinite(found.log[column]) else np.nan
    values = ratio(np.array([found.log[column], found.low[column], found.high[column]]))
    return {
        "estimate": float(values[0]),
        "std_error": error,
        "low": float(values[1]),
        "high": float(values[2]) if np.isfinite(values[2]) else np.nan,
        "statistic": float(found.statistic[column]),
        "p": float(found.p[column]),
        "confidence": confidence,
    }
