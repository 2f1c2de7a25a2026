"""One measure of performance with its limits, and in words what the limits cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from remission.core.limits import critical, probability_limits
from remission.core.problems import InputError
from remission.core.tails import normal_two_sided
from remission.core.vocabulary import result_rows

if TYPE_CHECKING:
    import polars as pl

Predictions = Literal["new patients", "out of fold", "same patients"]

COVERS: dict[Predictions, str] = {
    "new patients": "the chance by which these patients, and no others, were observed",
    "out of fold": "the chance by which these patients were observed, their predictions taken as given; not "
    "that another learning set would have given other genes, weights and folds, so the true uncertainty is "
    "larger",
    "same patients": "the chance by which these patients were observed; the estimate itself is too good, "
    "because the model was learned on the same patients",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """An estimate with limits.

    Attributes
    ----------
    measure : str
    estimate, std_error, low, high, confidence : float
        NaN where undefined.
    n, events : int
        Patients, and those who had the event or belong to the class of interest.
    scale : str
        How the limits were made.
    covers : str
        What the limits cover, and what they do not.
    """

    measure: str
    estimate: float
    std_error: float
    low: float
    high: float
    confidence: float
    n: int
    events: int
    scale: str
    covers: str = ""

    def rows(self) -> pl.DataFrame:
        """One row of the result vocabulary."""
        return result_rows(
            {
                "measure": self.measure,
                "scale": self.scale,
                "estimate": self.estimate,
                "std_error": self.std_error,
                "low": self.low,
                "high": self.high,
                "confidence": self.confidence,
                "at_risk": float(self.n),
                "events": float(self.events),
            }
        )


def plain_ends(
    estimate: float, std_error: float, level: float, *, lowest: float = -np.inf
) -> tuple[float, float]:
    """Limits estimate -+ z std_error, but not below `lowest`.

    Examples
    --------
    >>> low, high = plain_ends(0.1, 0.06, 0.95, lowest=0.0)
    >>> low, round(high, 4)
    (0.0, 0.2176)
    """
    half = critical(level) * std_error
    return max(estimate - half, lowest), estimate + half


def logit_ends(estimate: float, std_error: float, level: float) -> tuple[float, float]:
    """Limits of a probability on the logit scale: within 0 and 1, NaN at either."""
    low, high = probability_limits(np.array([estimate]), np.array([std_error]), "logit", level)
    return float(low[0]), float(high[0])


def p_of_difference(difference: float, std_error: float) -> float:
    """Two-sided P of a difference; NaN without error."""
    return float(normal_two_sided(difference / std_error)) if std_error > 0 else float("nan")


def covered(predictions: Predictions) -> str:
    """What limits cover, by where the predictions come from.

    Raises
    ------
    InputError
        If `predictions` is none of the three.

    Examples
    --------
    >>> covered("new patients")
    'the chance by which these patients, and no others, were observed'
    """
    if predictions not in COVERS:
        named = ", ".join(f'"{name}"' for name in get_args(Predictions))
        raise InputError(f"predictions must be one of {named}; it is {predictions!r}")
    return COVERS[predictions]
