"""Predicted risks at a time beside what came: by group, observed over expected, and the slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.assess.calibration import groups_of
from remission.assess.given import Floats, numbers, outcome, probabilities, same_length
from remission.assess.measured import Measured, Predictions, covered, plain_ends
from remission.core.limits import positive_limits
from remission.core.steps import value_at
from remission.core.vocabulary import result_rows
from remission.estimate.differencetimes import reaches
from remission.estimate.incidence import cumulative_incidence
from remission.events.count import event_table
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray

if TYPE_CHECKING:
    import polars as pl

EDGE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class CalibrationAt:
    """How predicted risks at a time agree with the observed incidence.

    Attributes
    ----------
    at : float
    cause : str
    ratio : Measured
        Observed over expected: incidence of all patients over their mean predicted risk (1 is right).
    slope : Measured
        Coefficient of log(-log(1 - risk)) in a Cox model, with competing events in a Fine-Gray model (1 is
        right; below 1: predictions too extreme). It uses the whole follow-up.
    predicted, observed, low, high : arrays (k,)
        By group of equal size, from the lowest risk: mean prediction; incidence (one minus Kaplan-Meier, or
        Aalen-Johansen) with log-log limits; NaN where nobody of the group is followed so long.
    size, events : arrays (k,)
        Patients, and events of interest by then.
    """

    at: float
    cause: str
    ratio: Measured
    slope: Measured
    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    size: Floats
    events: Floats

    def rows(self) -> pl.DataFrame:
        """Ratio and slope, then one row per group: `statistic` is the mean prediction."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        groups = result_rows(
            {
                "measure": "incidence",
                "scale": "log-log",
                "group": [str(index + 1) for index in range(len(self.size))],
                "cause": self.cause,
                "time": self.at,
                "estimate": self.observed,
                "low": self.low,
                "high": self.high,
                "confidence": self.slope.confidence,
                "at_risk": self.size,
                "events": self.events,
                "statistic": self.predicted,
            }
        )
        return pl.concat([self.ratio.rows(), self.slope.rows(), groups])


def calibration_at(
    risk: Any,
    time: Any,
    event: Any,
    at: float,
    *,
    cause: str | None = None,
    groups: int = 5,
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> CalibrationAt:
    """Compare the predicted risk of an event by a time with its incidence.

    Parameters
    ----------
    risk : array (n,)
        Predicted probability of the event of interest by `at`.
    time, event, cause
        As in `cox`.
    groups : int
        By quantiles of the risk; equal risks are never parted.

    Raises
    ------
    InputError
        Wrong values, or no event of interest.

    Notes
    -----
    The standard error of the ratio is that of the incidence: predictions are taken as given. A risk of 0 or 1
    enters the slope as 1e-12 from there. The incidence is NaN beyond the last time of a group, unless nobody
    is censored at it: then all events are known.

    References
    ----------
    Royston and Altman, BMC Med Res Methodol 2013; van Geloven et al., BMJ 2022 (competing events).

    Examples
    --------
    >>> found = calibration_at([0.6, 0.6, 0.2, 0.2], [1, 4, 2, 4], [True, False, True, False], 3, groups=1)
    >>> round(found.ratio.estimate, 4)
    1.25
    """
    p = probabilities(risk, "the predicted risk")
    _, status, name = outcome(time, event, cause)
    same_length(risk=p, time=status)
    when = numbers(time, "time")
    words = covered(predictions)
    mean, error, _, _ = _incidence(when, status, at, level)
    expected = float(p.mean())
    ratio = mean / expected if expected else float("nan")
    ratio_error = error / expected if expected else float("nan")
    low, high = positive_limits(np.array([ratio]), np.array([ratio_error]), "log", level)
    by_then = (status == 1) & (when <= at)
    estimate, spread = _slope(p, when, status)
    where = groups_of(p, groups)
    size = np.bincount(where).astype(float)
    each = [_incidence(when[where == g], status[where == g], at, level) for g in range(len(size))]
    return CalibrationAt(
        float(at),
        name,
        Measured(
            "observed over expected",
            ratio,
            ratio_error,
            float(low[0]),
            float(high[0]),
            level,
            len(p),
            int(by_then.sum()),
            "log",
            words,
        ),
        Measured(
            "calibration slope",
            estimate,
            spread,
            *plain_ends(estimate, spread, level),
            level,
            len(p),
            int((status == 1).sum()),
            "Wald",
            words,
        ),
        np.bincount(where, weights=p) / size,
        np.array([one[0] for one in each]),
        np.array([one[2] for one in each]),
        np.array([one[3] for one in each]),
        size,
        np.bincount(where, weights=by_then, minlength=len(size)).astype(float),
    )


def incidence_at(time: Floats, status: Any, at: float) -> float:
    """Incidence of status 1 at a time, status 2 competing; NaN where nobody is followed so long.

    Examples
    --------
    >>> incidence_at(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 2, 0, 0]), 2.5)
    0.25
    """
    return _incidence(time, np.asarray(status), at, 0.95)[0]


def _incidence(time: Floats, status: Any, at: float, level: float) -> tuple[float, float, float, float]:
    """Estimate, standard error and limits; limits NaN while nobody had the event."""
    if not len(time):
        return (float("nan"),) * 4
    table = event_table(time, status, causes={1: "event", 2: "other"})
    curve = cumulative_incidence(table, level=level).curve(cause="event")
    if not reaches(curve, at):
        return (float("nan"),) * 4
    estimate, error = (
        float(value_at(curve.time, each, at, 0.0)) for each in (curve.estimate, curve.std_error)
    )
    low, high = (float(value_at(curve.time, each, at, np.nan)) for each in (curve.low, curve.high))
    return estimate, error, low, high


def _slope(p: Floats, time: Floats, status: Any) -> tuple[float, float]:
    """Coefficient of the complementary log-log of the risk, with its standard error."""
    inside = np.clip(p, EDGE, 1 - EDGE)
    linear = np.log(-np.log1p(-inside))
    if np.ptp(linear) == 0 or not (status == 1).any():
        return float("nan"), float("nan")
    columns = {"linear predictor": linear}
    if (status == 2).any():
        fit = fine_gray(time, status, columns, causes={1: "event", 2: "other"}, cause="event")
    else:
        fit = cox(time, status == 1, columns)
    if fit.warnings:
        return float("nan"), float("nan")
    return float(fit.coefficients[0]), float(fit.std_errors[0])
