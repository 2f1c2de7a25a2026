"""Where a curve crosses 50 % survival: the LC50 as an interval, never a number beyond the tested doses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.digits import significant
from remission.core.problems import InputError

Floats = NDArray[np.float64]
Censoring = Literal["bracketed", "left", "right"]
Scale = Literal["log", "linear"]
Rule = Literal["first", "last"]
SCALES: tuple[Scale, ...] = get_args(Scale)
RULES: tuple[Rule, ...] = get_args(Rule)


@dataclass(frozen=True, slots=True)
class LC50:
    """A lethal concentration as what the doses tell of it.

    Attributes
    ----------
    value : float or None
        Interpolated between the two doses around the crossing; None where it lies beyond the tested doses.
    low, high : float
        It lies between them. Left-censored: 0 and the lowest dose; right-censored: the highest dose and
        infinity.
    censoring : "bracketed", "left" or "right"
    crossings : int
        How often the curve crosses the level, up or down; more than 1 is a curve that is not monotone.
    unit : str
    at : float
        Survival in per cent at which it is read: 50 for the LC50, 30 for the LD70.
    scale : "log" or "linear"
        Of the dose, for interpolation.
    rule : "first" or "last"
    """

    value: float | None
    low: float
    high: float
    censoring: Censoring
    crossings: int
    unit: str = ""
    at: float = 50.0
    scale: Scale = "log"
    rule: Rule = "first"

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.censoring == "left":
            return f"< {significant(self.high)}{unit}"
        if self.censoring == "right":
            return f"> {significant(self.low)}{unit}"
        return f"{significant(math.nan if self.value is None else self.value)}{unit}"

    @property
    def method(self) -> str:
        """How it was read, in words."""
        return f"interpolated, {self.scale} dose, {self.rule} crossing"


def lc50(
    dose: Sequence[float] | Floats,
    survival: Sequence[float] | Floats,
    *,
    at: float = 50.0,
    scale: Scale = "log",
    rule: Rule = "first",
    unit: str = "",
) -> LC50:
    """Read the LC50 off a curve of survival by dose: the two doses around the crossing, and between them.

    With doses d1 < ... < dm and mean survival s1 ... sm, the first crossing is at the first i with si <=
    `at`: the LC50 lies between d(i-1) and di and is interpolated linearly on log dose (or on dose). If i = 1
    it is left-censored ("< d1"), if there is none right-censored ("> dm"). The last crossing takes instead
    the last dose with survival above `at`, and the next one. A dose with exactly `at` is itself the LC50.
    Nothing is ever extrapolated.

    Parameters
    ----------
    dose : sequence of float
        Above 0, any order; replicates of a dose are averaged.
    survival : sequence of float
        Leukaemic-cell survival in per cent of the control; may exceed 100.
    at : float
        Per cent.
    scale : "log" or "linear"
    rule : "first" or "last"
    unit : str
        Kept with the result.

    Returns
    -------
    LC50

    Raises
    ------
    InputError
        If there is no dose, doses are not above 0, something is not a number, or an option is unknown.

    References
    ----------
    Pieters et al., Blood 1990; Kaspers et al., Blood 1997 (LC50 of the MTT assay).

    Examples
    --------
    >>> print(lc50([0.1, 1, 10], [90, 70, 30], unit="µg/mL"))
    3.162 µg/mL
    >>> print(lc50([0.1, 1, 10], [90, 70, 60]), lc50([0.1, 1, 10], [20, 10, 5]))
    > 10 < 0.1
    """
    if scale not in SCALES:
        raise InputError(f"scale must be one of {', '.join(SCALES)}; it is {scale!r}.")
    if rule not in RULES:
        raise InputError(f"rule must be one of {', '.join(RULES)}; it is {rule!r}.")
    if not math.isfinite(at):
        raise InputError(f"at must be a number in per cent, such as 50; it is {at}.")
    doses, means = mean_by_dose(dose, survival)
    found = _crossing(means, at, rule)
    crossings = int(np.count_nonzero(np.diff((means > at).astype(np.int8))))
    made = {"crossings": crossings, "unit": unit, "at": at, "scale": scale, "rule": rule}
    if found is None:
        return LC50(None, float(doses[-1]), math.inf, "right", **made)  # type: ignore[arg-type]
    if means[found] == at:
        lower = float(doses[found - 1]) if found else float(doses[found])
        return LC50(float(doses[found]), lower, float(doses[found]), "bracketed", **made)  # type: ignore[arg-type]
    if found == 0:
        return LC50(None, 0.0, float(doses[0]), "left", **made)  # type: ignore[arg-type]
    low, high = float(doses[found - 1]), float(doses[found])
    share = (means[found - 1] - at) / (means[found - 1] - means[found])
    value = low * (high / low) ** share if scale == "log" else low + (high - low) * share
    return LC50(min(max(float(value), low), high), low, high, "bracketed", **made)  # type: ignore[arg-type]


def mean_by_dose(dose: Sequence[float] | Floats, survival: Sequence[float] | Floats) -> tuple[Floats, Floats]:
    """Return increasing doses and the mean survival at each.

    Raises
    ------
    InputError
        If there is no dose, one is not above 0, or something is not a number.
    """
    x, y = np.asarray(dose, dtype=float), np.asarray(survival, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or not len(x):
        raise InputError("dose and survival must be two lists of the same length, with one dose at least.")
    if not np.all(np.isfinite(x) & (x > 0)):
        raise InputError("doses must be numbers above 0; wells without drug are controls.")
    if not np.all(np.isfinite(y)):
        raise InputError("survival must be numbers; leave out wells without a reading.")
    doses, place = np.unique(x, return_inverse=True)
    order = np.lexsort((y, place))  # the same sum in whatever order the wells come
    means = np.bincount(place[order], weights=y[order]) / np.bincount(place)
    return doses, np.asarray(means, dtype=float)


def _crossing(means: Floats, at: float, rule: Rule) -> int | None:
    """Position of the dose at the end of the crossing; None if survival stays above."""
    if rule == "first":
        below = np.flatnonzero(means <= at)
        return int(below[0]) if len(below) else None
    above = np.flatnonzero(means > at)
    if not len(above):
        return 0
    return int(above[-1]) + 1 if above[-1] + 1 < len(means) else None
