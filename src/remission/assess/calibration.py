"""Do predicted probabilities come true: Brier score, calibration intercept and slope, and by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from remission.assess.given import Flags, Floats, flags, probabilities, same_length
from remission.assess.logistic import logistic, logit
from remission.assess.measured import Measured, Predictions, covered, plain_ends
from remission.core.problems import InputError
from remission.core.vocabulary import result_rows

if TYPE_CHECKING:
    import polars as pl


def brier(
    probability: Any, truth: Any, *, level: float = 0.95, predictions: Predictions = "new patients"
) -> Measured:
    """Mean squared distance of the predicted probability from what happened (0 or 1); less is better.

    Standard error of the mean; plain limits, not below 0.

    References
    ----------
    Brier, Mon Weather Rev 1950.

    Examples
    --------
    >>> round(brier([0.9, 0.2, 0.6], [True, False, True]).estimate, 4)
    0.07
    """
    p, positive = _checked(probability, truth)
    squares = (p - positive) ** 2
    mean = float(squares.mean())
    error = float(squares.std(ddof=1) / np.sqrt(len(p))) if len(p) > 1 else float("nan")
    return Measured(
        "Brier score",
        mean,
        error,
        *plain_ends(mean, error, level, lowest=0.0),
        level,
        len(p),
        int(positive.sum()),
        "plain",
        covered(predictions),
    )


def scaled_brier(probability: Any, truth: Any) -> float:
    """Share that is taken away of the Brier score of "everybody has the mean risk".

    1 is perfect, 0 useless, below 0 worse than useless.

    Examples
    --------
    >>> scaled_brier([0.5, 0.5], [True, False])
    0.0
    """
    p, positive = _checked(probability, truth)
    mean = positive.mean()
    useless = mean * (1 - mean)
    return float(1 - ((p - positive) ** 2).mean() / useless) if useless else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """How predictions and truth agree.

    Attributes
    ----------
    intercept : Measured
        Calibration in the large: log odds by which the truth exceeds the predictions on average (0 is right),
        slope held at 1.
    slope : Measured
        Of the truth's log odds on the predicted ones (1 is right; below 1: predictions too extreme, as of an
        overfitted model). NaN where it cannot be estimated.
    recalibration : array (2,), its variance : array (2, 2)
        Intercept and slope fitted together: log odds = intercept + slope × predicted log odds.
    predicted, observed, low, high : arrays (k,)
        By group of equal size, from the lowest prediction: mean prediction, share of the class, its exact
        limits.
    size, events : array (k,)
        Patients, and those of the class.
    """

    intercept: Measured
    slope: Measured
    recalibration: Floats
    variance: Floats
    predicted: Floats
    observed: Floats
    low: Floats
    high: Floats
    size: Floats
    events: Floats

    def rows(self) -> pl.DataFrame:
        """The two coefficients, then one row per group: `statistic` is the mean prediction."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        groups = result_rows(
            {
                "measure": "observed share",
                "scale": "Clopper-Pearson",
                "group": [str(index + 1) for index in range(len(self.size))],
                "estimate": self.observed,
                "low": self.low,
                "high": self.high,
                "confidence": self.slope.confidence,
                "at_risk": self.size,
                "events": self.events,
                "statistic": self.predicted,
            }
        )
        return pl.concat([self.intercept.rows(), self.slope.rows(), groups])


def calibration(
    probability: Any,
    truth: Any,
    *,
    groups: int = 5,
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> Calibration:
    """Compare predicted probabilities with the truth.

    Predictions of 0 or 1 enter the two regressions as 1e-12 from there. Patients of equal prediction are
    never parted, so there may be fewer groups.

    Raises
    ------
    InputError
        Wrong values, or fewer than one group.

    References
    ----------
    Cox, Biometrika 1958; Steyerberg et al., Epidemiology 2010; Van Calster et al., BMC Med 2019.

    Examples
    --------
    >>> found = calibration([0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8], [1, 0, 0, 0, 1, 1, 1, 0], groups=2)
    >>> round(found.slope.estimate, 4), found.observed
    (0.7925, array([0.25, 0.75]))
    """
    p, positive = _checked(probability, truth)
    eta, words = logit(p), covered(predictions)
    ones = np.ones((len(p), 1))
    large = logistic(ones, positive, eta)
    both = logistic(np.column_stack([ones, eta]), positive) if np.ptp(eta) > 0 else None

    def one(name: str, estimate: float, error: float) -> Measured:
        ends = plain_ends(estimate, error, level)
        return Measured(name, estimate, error, *ends, level, len(p), int(positive.sum()), "Wald", words)

    lost = np.full(2, np.nan), np.full((2, 2), np.nan)
    coefficients, variance = lost if both is None else (both.coefficients, both.variance)
    where = groups_of(p, groups)
    sizes = np.bincount(where).astype(float)
    hits = np.bincount(where, weights=positive).astype(float)
    limits = [_exact(hit, size, level) for hit, size in zip(hits, sizes, strict=True)]
    return Calibration(
        one("calibration in the large", float(large.coefficients[0]), float(np.sqrt(large.variance[0, 0]))),
        one("calibration slope", float(coefficients[1]), float(np.sqrt(variance[1, 1]))),
        coefficients,
        variance,
        np.bincount(where, weights=p) / sizes,
        hits / sizes,
        np.array([low for low, _ in limits]),
        np.array([high for _, high in limits]),
        sizes,
        hits,
    )


def groups_of(values: Floats, groups: int) -> NDArray[np.int64]:
    """Number of the group (0 = lowest) of each value: equal sizes as far as equal values allow.

    Examples
    --------
    >>> groups_of(np.array([0.1, 0.9, 0.5, 0.5]), 2).tolist()
    [0, 1, 0, 0]
    """
    if groups < 1:
        raise InputError(f"at least one group is needed, not {groups}")
    distinct, index, counts = np.unique(values, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    raw = np.minimum((before * groups) // len(values), groups - 1)
    used = np.unique(raw, return_inverse=True)[1]
    return np.asarray(used[index] if len(distinct) else index, dtype=np.int64)


def _exact(hits: float, among: float, level: float) -> tuple[float, float]:
    from remission.assess.classified import exact_limits  # noqa: PLC0415 - scipy loads when first needed

    return exact_limits(int(hits), int(among), level)


def _checked(probability: Any, truth: Any) -> tuple[Floats, Flags]:
    p, positive = probabilities(probability), flags(truth)
    same_length(probability=p, truth=positive)
    return p, positive
