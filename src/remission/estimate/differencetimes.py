"""Differences of survival, or of incidence, between two groups at given times."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from remission.core.problems import InputError
from remission.core.steps import value_at
from remission.core.tails import normal_two_sided
from remission.core.ties import TOLERANCE
from remission.estimate.contrast import Contrast, Differences, nobody, wald
from remission.estimate.curves import Curve, Curves
from remission.events.table import RESIDUE


def time_contrasts(curves: Curves, at: ArrayLike | None, test: Literal["plain", "log-log"]) -> Differences:
    """Compare every two curves of a stratum at each time.

    Raises
    ------
    InputError
        If a time is not a finite number.
    """
    times = np.atleast_1d(np.asarray(at, dtype=float))
    if times.ndim != 1 or not np.isfinite(times).all():
        raise InputError("at must be one or several finite times.")
    contrasts, notes = [], []
    for stratum in dict.fromkeys(curve.stratum for curve in curves):
        members = [curve for curve in curves if curve.stratum == stratum]
        for versus, group in combinations(members, 2):
            for time in times.tolist():
                late = [curve for curve in (versus, group) if not reaches(curve, time)]
                notes += [_note(curve, time) for curve in late]
                certain = [] if late else [curve for curve in (versus, group) if not _error_at(curve, time)]
                notes += [_without_error(curve, time) for curve in certain]
                contrast = _contrast(curves, group, versus, time, test, known=not late)
                contrasts.append(_without_limits(contrast) if certain else contrast)
    return Differences(curves.confidence, tuple(contrasts), tuple(dict.fromkeys(notes)))


def reaches(curve: Curve, time: float) -> bool:
    """Whether the curve is known at a time: within follow-up, or after everybody has had an event."""
    if not len(curve.time):
        return False
    within = time <= curve.time[-1] + TOLERANCE * abs(curve.time[-1])
    total, earlier = curve.censored[-1], curve.censored[-2] if len(curve.time) > 1 else 0.0
    return bool(within or total - earlier <= RESIDUE * total)


def _note(curve: Curve, time: float) -> str:
    if not len(curve.time):
        return nobody(curve.stratum, curve.group)
    name = ", ".join(part for part in (curve.stratum, curve.group) if part)
    return f"{name} is followed only to {curve.time[-1]:g}, so it is not compared at {time:g}."


def _error_at(curve: Curve, time: float) -> float:
    return float(value_at(curve.time, curve.std_error, time, 0.0))


def _without_error(curve: Curve, time: float) -> str:
    name = ", ".join(part for part in (curve.stratum, curve.group) if part)
    return f"{name} has no standard error at {time:g} (nobody, or everybody, had the event): no limits there."


def _without_limits(contrast: Contrast) -> Contrast:
    """Leave out limits and test: with one group taken as certain they would be far too narrow."""
    unknown = float("nan")
    return replace(contrast, std_error=unknown, low=unknown, high=unknown, statistic=unknown, p=unknown)


def _contrast(
    curves: Curves, group: Curve, versus: Curve, time: float, test: str, *, known: bool
) -> Contrast:
    sides = [
        (
            float(value_at(curve.time, curve.estimate, time, curves.before)),
            _error_at(curve, time),
        )
        for curve in (group, versus)
    ]
    (one, error_one), (zero, error_zero) = sides if known else [(np.nan, np.nan)] * 2
    estimate, error = one - zero, float(np.hypot(error_one, error_zero))
    low, high, statistic, p = wald(estimate, error, curves.confidence)
    if test == "log-log":
        statistic = _log_log(one, error_one, zero, error_zero, before=curves.before)
        p = float(normal_two_sided(statistic))
    labels = (group.stratum, group.group, versus.group, group.cause)
    return Contrast("difference", test, *labels, time, estimate, error, low, high, statistic, p)


def _log_log(one: float, error_one: float, zero: float, error_zero: float, *, before: float) -> float:
    """Statistic of log(-log S), S being survival or 1 - incidence; undefined where S is 0 or 1."""
    first, second = (value if before else 1 - value for value in (one, zero))
    if not (0 < first < 1 and 0 < second < 1):
        return float("nan")
    spread = np.hypot(error_one / (first * np.log(first)), error_zero / (second * np.log(second)))
    gap = np.log(-np.log(first)) - np.log(-np.log(second))
    # A larger log(-log S) is a smaller S: the sign is that of the difference.
    return float(gap / spread) * (-1.0 if before else 1.0) if spread > 0 else float("nan")
