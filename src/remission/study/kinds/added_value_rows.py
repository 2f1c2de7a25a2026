"""What a score adds, as rows: concordance, tests, ratios, calibration and net benefit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.benefit import benefit_difference_at, decision_curve_at
from remission.assess.cindex import c_difference, c_index
from remission.assess.dynamic import auc_at, auc_difference_at, scaled_brier_at
from remission.assess.measured import Measured, Predictions
from remission.assess.observed import calibration_at
from remission.assess.optimism import Optimism, optimism
from remission.core.problems import InputError
from remission.regress.fit import Fit
from remission.regress.termtests import likelihood_ratio_test
from remission.study.kinds.added_value_models import BOTH, FACTORS, MODELS, SCORE, Models
from remission.study.kinds.model_table import measure_of, ratio_record, ratios
from remission.study.kinds.prediction_rows import group_records, measured
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record
from remission.study.kinds.times import NamedTime

Floats = NDArray[np.float64]
CRUDE, ADJUSTED = "crude", "adjusted"
GRID = tuple(round(0.01 * step, 2) for step in range(1, 100))


def concordance_records(
    linear: Mapping[str, Floats], rows: RiskRows, cause: str, level: float, predictions: Predictions
) -> list[Record]:
    """Concordance of each linear predictor, and what both and the score have over the factors."""
    told: dict[str, Any] = {"cause": cause, "level": level, "predictions": predictions}
    records = [measured(c_index(linear[name], rows.time, rows.event, **told), term=name) for name in MODELS]
    for name in (BOTH, SCORE):
        found, p = c_difference(linear[name], linear[FACTORS], rows.time, rows.event, **told)
        records.append(measured(found, term=name, versus=FACTORS, p=p))
    return records


def likelihood_record(models: Models) -> Record:
    """Whether the score adds anything given the factors: likelihood ratio, Firth's penalised one if used."""
    both = models.fits[BOTH]
    same: Record = {"term": BOTH, "versus": FACTORS, "at_risk": both.n, "events": both.events}
    if both.firth is not None:
        return {
            **same,
            "measure": "penalised likelihood ratio",
            "statistic": float(both.firth.statistic[-1]),
            "df": 1,
            "p": float(both.firth.p[-1]),
        }
    test = likelihood_ratio_test(models.fits[FACTORS].fit, both.fit)
    return {**same, "measure": test.name, "statistic": test.statistic, "df": test.df, "p": test.p}


def optimism_records(
    models: Models, resamples: int, seed: int
) -> tuple[list[Record], dict[str, Optimism], str]:
    """Bootstrap optimism of factors and both; the reason where it could not be done."""
    records: list[Record] = []
    found: dict[str, Optimism] = {}
    rows = models.rows
    for name in (FACTORS, BOTH):
        X = models.fits[name].fit.covariates.values
        try:
            one = optimism(rows.time, rows.event, X, cause=models.cause, resamples=resamples, seed=seed)
        except InputError as error:
            return [], {}, str(error)
        found[name] = one
        records += [
            {"term": name, "measure": measure, "estimate": value, "at_risk": resamples - one.failed}
            for measure, value in (
                ("optimism of concordance", one.c_optimism),
                ("corrected concordance index", one.c_corrected),
                ("corrected calibration slope", one.slope_corrected),
            )
        ]
    return records, found, ""


def effect_records(models: Models, fine_gray: Mapping[str, Fit], level: float) -> list[Record]:
    """Ratio of the score per standard deviation, alone and beside the factors."""
    records: list[Record] = []
    for name, basis in ((SCORE, CRUDE), (BOTH, ADJUSTED)):
        model = models.fits[name]
        record = ratio_record(ratios(model, level), len(model.fit.coefficients) - 1, level)
        records.append(_effect(measure_of(model.fit), basis, record, models))
    for name, basis in ((SCORE, CRUDE), (BOTH, ADJUSTED)):
        if name not in fine_gray:
            continue
        fit = fine_gray[name]
        last = fit.rows(level=level).row(-1, named=True)
        numbers = ("estimate", "std_error", "low", "high", "statistic", "p", "confidence")
        records.append(_effect(measure_of(fit), basis, {key: last[key] for key in numbers}, models))
    return records


def _effect(measure: str, basis: str, numbers: Mapping[str, Any], models: Models) -> Record:
    counts = {"at_risk": models.rows.patients(), "events": models.events}
    return {"measure": measure, "level": basis, "scale": "log", "cause": models.cause, **counts, **numbers}


def time_records(
    risks: Mapping[str, Floats],
    rows: RiskRows,
    cause: str,
    at: NamedTime,
    level: float,
    predictions: Predictions,
) -> list[Record]:
    """Discrimination and accuracy of predicted risks at a time."""
    told: dict[str, Any] = {"cause": cause, "level": level, "predictions": predictions}
    records = [
        measured(auc_at(risks[name], rows.time, rows.event, at.days, **told), term=name, level=at.text)
        for name in MODELS
    ]
    gain, p = auc_difference_at(risks[BOTH], risks[FACTORS], rows.time, rows.event, at.days, **told)
    records.append(measured(gain, term=BOTH, versus=FACTORS, level=at.text, p=p))
    records += [
        {
            "term": name,
            "level": at.text,
            "measure": "scaled Brier score at a time",
            "estimate": scaled_brier_at(risks[name], rows.time, rows.event, at.days, cause=cause),
        }
        for name in MODELS
    ]
    return records


def calibration_records(
    risks: Mapping[str, Floats],
    rows: RiskRows,
    cause: str,
    at: NamedTime,
    level: float,
    predictions: Predictions,
) -> list[Record]:
    """Predicted risk (`statistic`) beside the incidence, by groups of equal size, of factors and both."""
    records: list[Record] = []
    for name in (FACTORS, BOTH):
        groups = 5 if rows.events(cause) >= 50 else 3
        found = calibration_at(
            risks[name],
            rows.time,
            rows.event,
            at.days,
            cause=cause,
            groups=groups,
            level=level,
            predictions=predictions,
        )
        same: Record = {"term": name, "level": at.text}
        records += [measured(each, **same) for each in (found.ratio, found.slope) if _finite(each)]
        records += group_records(found, **same)
    return records


def benefit_records(
    risks: Mapping[str, Floats],
    rows: RiskRows,
    cause: str,
    at: NamedTime,
    thresholds: Sequence[float],
    resamples: int,
    seed: int,
    level: float,
) -> list[Record]:
    """Net benefit by threshold (`statistic`): curves, and gains over the factors at the named thresholds."""
    records: list[Record] = []
    grid = sorted({*GRID, *thresholds})
    for name in (FACTORS, BOTH):
        curve = decision_curve_at(risks[name], rows.time, rows.event, at.days, cause=cause, thresholds=grid)
        same: Record = {
            "level": at.text,
            "measure": "net benefit",
            "at_risk": curve.n,
            "events": curve.events,
        }
        records += [
            {
                **same,
                "group": name,
                "statistic": t,
                "estimate": float(curve.model[k]),
                "at_risk": round(float(curve.treated[k]) * curve.n),
            }
            for k, t in enumerate(grid)
        ]
        if name == FACTORS:
            everybody = [
                {**same, "group": "treat all", "statistic": t, "estimate": float(curve.all[k])}
                for k, t in enumerate(grid)
            ]
    records += everybody
    for threshold in thresholds if resamples else ():
        found = benefit_difference_at(
            risks[BOTH],
            risks[FACTORS],
            rows.time,
            rows.event,
            at.days,
            threshold,
            cause=cause,
            resamples=resamples,
            seed=seed,
            level=level,
        )
        records.append(measured(found, group=BOTH, versus=FACTORS, level=at.text, statistic=threshold))
    return records


def _finite(found: Measured) -> bool:
    return bool(np.isfinite(found.estimate))
