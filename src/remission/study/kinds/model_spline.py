"""A spline of a model as ratios: at its knots for the table, along its range for the figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from remission.core.tails import normal_quantile, normal_two_sided
from remission.regress.fit import Test, ratio
from remission.regress.terms import Spline
from remission.study.kinds.model_fit import Fitted, one_per_patient
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Fact, Output

if TYPE_CHECKING:
    from remission.study.kinds.model_table import Ratios

NONLINEAR = "nonlinearity"
POINTS = 61
SHOWN = (0.02, 0.98)
Floats = NDArray[np.float64]


def spline_records(
    model: Fitted, index: int, found: Ratios, same: Mapping[str, object], bends: Test | None
) -> list[Record]:
    """The knots against the median, and the test of the bends."""
    term, declared = model.terms[index], _spline(model, index)
    median = _median(model, index)
    records: list[Record] = [
        {
            "term": term.name,
            "measure": same["measure"],
            "level": f"{median:g} {term.unit}".rstrip(),
            "estimate": 1.0,
        }
    ]
    log, error = _against(model, index, found, declared.knots, median)
    for knot, each, spread in zip(declared.knots, log, error, strict=True):
        if spread == 0 or np.isnan(each):
            continue
        statistic = float(each / spread)
        records.append(
            {
                **same,
                "level": f"{knot:g} against {median:g}",
                **_limits(float(each), float(spread), float(str(same["confidence"]))),
                "statistic": statistic,
                "p": float(normal_two_sided(statistic)),
            }
        )
    if bends is not None:
        test = {"statistic": bends.statistic, "df": bends.df, "p": bends.p}
        records.append({"term": term.name, "measure": NONLINEAR, **test})
    return records


def spline_outputs(
    model: Fitted, found: Ratios, facts: Mapping[str, Fact], variant: str, measure: str
) -> list[Output]:
    """The ratio along each spline against its median, over the middle 96 % of patients."""
    outputs = []
    confidence = float(str(facts["confidence"]))
    for index, term in enumerate(model.terms):
        if term.kind != "spline":
            continue
        values, median = one_per_patient(model.rows, term.name), _median(model, index)
        low, high = (float(each) for each in np.quantile(values, SHOWN))
        at = np.unique(np.append(np.linspace(low, high, POINTS), median))
        log, error = _against(model, index, found, at, median)
        if np.isnan(log).any():
            continue
        records: list[Record] = [
            {
                "term": term.name,
                "measure": measure,
                "scale": "log",
                "cause": model.fit.cause,
                "statistic": float(x),
                **_limits(float(each), float(spread), confidence),
                "confidence": confidence,
            }
            for x, each, spread in zip(at, log, error, strict=True)
        ]
        about: dict[str, Fact] = {
            **facts,
            "term": term.name,
            "label": term.label,
            "value_unit": term.unit,
            "reference": median,
            "knots": tuple(float(knot) for knot in _spline(model, index).knots),
        }
        outputs.append(Output("spline", rows_from(records), about, variant))
    return outputs


def _spline(model: Fitted, index: int) -> Spline:
    declared = model.declared[index]
    if not isinstance(declared, Spline):
        raise TypeError(f"{model.terms[index].name} is no spline")
    return declared


def _median(model: Fitted, index: int) -> float:
    return float(np.median(one_per_patient(model.rows, model.terms[index].name)))


def _against(
    model: Fitted, index: int, found: Ratios, at: Sequence[float] | ArrayLike, reference: float
) -> tuple[Floats, Floats]:
    """Log ratios of some values against one, with their standard errors."""
    term, declared, columns = model.terms[index], _spline(model, index), model.columns_of(index)
    basis = declared.columns({term.name: np.append(np.asarray(at, dtype=float), reference)})[0]
    apart = basis[:-1] - basis[-1]
    variance = found.variance[np.ix_(columns, columns)]
    error = np.sqrt(np.maximum(np.einsum("ip,pq,iq->i", apart, variance, apart), 0.0))
    return apart @ found.log[columns], error


def _limits(log: float, error: float, confidence: float) -> dict[str, float]:
    half = float(normal_quantile(0.5 + confidence / 2)) * error
    ends = ratio(log + half * np.array([0.0, -1.0, 1.0]))
    return {"estimate": float(ends[0]), "std_error": error, "low": float(ends[1]), "high": float(ends[2])}
