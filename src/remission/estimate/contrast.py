"""Contrasts of two groups as frozen records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from remission.core.limits import critical
from remission.core.tails import normal_two_sided
from remission.core.vocabulary import result_rows, shown_rows

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Contrast:
    """`group` against `versus`; NaN where undefined.

    Attributes
    ----------
    measure : str
        "difference", "difference of restricted means", "ratio of restricted means", "ratio of restricted
        times lost".
    scale : str
        Scale of the test: "plain", "log-log", or "log" for ratios.
    stratum, group, versus, cause : str
    time : float
        The time compared at, or the horizon.
    estimate, std_error, low, high : float
        Of a ratio, the standard error is that of its logarithm.
    statistic, p : float
        Standard normal under no difference; two-sided.
    """

    measure: str
    scale: str
    stratum: str
    group: str
    versus: str
    cause: str
    time: float
    estimate: float
    std_error: float
    low: float
    high: float
    statistic: float
    p: float


@dataclass(frozen=True, slots=True, repr=False)
class Differences:
    """Contrasts of all pairs of groups.

    Attributes
    ----------
    confidence : float
    contrasts : tuple of Contrast
    notes : tuple of str
        What could not be compared, and why.
    """

    confidence: float
    contrasts: tuple[Contrast, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Contrast]:
        return iter(self.contrasts)

    def __repr__(self) -> str:
        return shown_rows(self.rows())

    def rows(self) -> pl.DataFrame:
        """One row per contrast, in the result vocabulary."""
        names = ("stratum", "group", "versus", "cause")
        columns: dict[str, object] = {name: [getattr(item, name) or None for item in self] for name in names}
        others = ("measure", "scale", "time", "estimate", "std_error", "low", "high", "statistic", "p")
        columns |= {name: [getattr(item, name) for item in self] for name in others}
        return result_rows(columns | {"confidence": self.confidence})


def nobody(stratum: str, group: str) -> str:
    """Say that a group has no patients."""
    return f"{', '.join(part for part in (stratum, group) if part)} has no patients."


def wald(estimate: float, std_error: float, level: float) -> tuple[float, float, float, float]:
    """Limits, statistic and two-sided p of an estimate against 0; no test where its error is 0."""
    reach = critical(level) * std_error
    statistic = estimate / std_error if std_error > 0 else np.nan
    return estimate - reach, estimate + reach, statistic, float(normal_two_sided(statistic))
