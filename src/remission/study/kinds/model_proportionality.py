"""Whether the ratios of a model hold at all times: tests, and scaled Schoenfeld residuals with a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.clock import Clock
from remission.core.tails import normal_quantile
from remission.regress.proportionality import Proportionality, proportionality
from remission.regress.terms import Spline
from remission.study.kinds.model_fit import Fitted
from remission.study.kinds.model_table import labels_of
from remission.study.kinds.multiplicity import SIGNIFICANT
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.times import ticks_to
from remission.study.results import Fact, Output, Statement

Floats = NDArray[np.float64]
TRANSFORM = "km"
POINTS = 40
SHOWN_AT_MOST = 500
RESIDUAL, SMOOTH, COEFFICIENT = "scaled residual", "smooth", "coefficient"


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Whether hazards are proportional: tables for the report, or why that could not be tested."""

    outputs: tuple[Output, ...]
    findings: tuple[Statement, ...]


def proportionality_of(
    model: Fitted, variant: str, facts: Mapping[str, Fact], clock: Clock, level: float
) -> Held:
    """Test every term and all together, and prepare the plot of each coefficient over time.

    Parameters
    ----------
    model : Fitted
    variant : str
        Of the outputs.
    facts : mapping
        Of the model's table.
    clock : Clock
        How times are shown.
    level : float
        Of the limits of the smooth line.
    """
    about: dict[str, Fact] = {"endpoint_label": facts["endpoint_label"], "variant": variant}
    if model.fit.warnings:
        return _untested(about, "the model itself has no reliable answer")
    try:
        found = proportionality(model.fit, transform="km")
        alone = proportionality(model.fit, transform="km", by="column")
    except np.linalg.LinAlgError:
        return _untested(about, "there are too few events for so many terms")
    if not np.isfinite(found.tests[-1].p):
        return _untested(about, "events at too few different times tell nothing of how ratios change")
    everything: dict[str, Fact] = {**facts, "transform": TRANSFORM, "below": SIGNIFICANT}
    tests = rows_from(_test_records(model, found), measure="proportional hazards", cause=model.fit.cause)
    places = residual_records(model, found, alone, clock, level)
    axis: dict[str, Fact] = {
        "ticks": _ticks(found, clock),
        "events": len(found.time),
        "shown": min(len(found.time), SHOWN_AT_MOST),
    }
    outputs = (
        Output("proportionality", tests, everything, variant),
        Output("schoenfeld", rows_from(places, unit=clock.unit), {**everything, **axis}, variant),
    )
    return Held(outputs, tuple(_findings(model, found, about)))


def residual_records(
    model: Fitted, found: Proportionality, alone: Proportionality, clock: Clock, level: float
) -> list[Record]:
    """Points, smooth line and constant coefficient of every coefficient; times in the display unit."""
    order = np.argsort(found.time, kind="stable")
    some = order
    if len(order) > SHOWN_AT_MOST:
        some = order[np.linspace(0, len(order) - 1, SHOWN_AT_MOST).round().astype(int)]
    records: list[Record] = []
    for index, term in enumerate(model.terms):
        for column, label in zip(model.columns_of(index), labels_of(term), strict=True):
            who = {"term": term.name, "level": label}
            y = found.y[:, column]
            records += [
                {**who, "measure": RESIDUAL, "time": clock.shown(time), "statistic": place, "estimate": value}
                for time, place, value in zip(found.time[some], found.x[some], y[some], strict=True)
            ]
            spread = float(model.fit.model_variance[column, column])
            records += [
                {**who, "measure": SMOOTH, "confidence": level, "time": clock.shown(time), **line}
                for time, line in _smooth(found, y, spread, order, level)
            ]
            log = float(model.fit.coefficients[column])
            p = float(alone.tests[int(column)].p)
            records.append({**who, "measure": COEFFICIENT, "estimate": log, "p": p})
    return records


def natural_spline(x: Floats, grid: Floats) -> tuple[Floats, Floats]:
    """Basis of a smooth line at x and at a grid: natural spline with two inner knots, or a straight line.

    Four degrees of freedom, inner knots at the thirds of both together, as R's `plot.cox.zph` places them.
    """
    both = np.concatenate([grid, x])
    knots = np.quantile(both, [0.0, 1 / 3, 2 / 3, 1.0])

    def basis(values: Floats) -> Floats:
        if len(np.unique(knots)) < len(knots) or len(np.unique(x)) < len(knots):
            return np.column_stack([np.ones(len(values)), values])
        bent = Spline("x", tuple(float(knot) for knot in knots)).columns({"x": values})[0]
        return np.column_stack([np.ones(len(values)), bent])

    return basis(x), basis(grid)


def _smooth(
    found: Proportionality, y: Floats, spread: float, order: NDArray[np.intp], level: float
) -> list[tuple[float, dict[str, float]]]:
    """Line through the residuals by least squares; each has about the variance events x that of b."""
    if len(np.unique(found.x)) < 2:
        return []
    grid = np.linspace(found.x.min(), found.x.max(), POINTS)
    at, on = natural_spline(found.x, grid)
    weights = np.linalg.pinv(at)
    line = on @ (weights @ y)
    error = np.sqrt(len(y) * spread * np.einsum("gd,gd->g", on @ weights, on @ weights))
    half = float(normal_quantile(0.5 + level / 2)) * error
    times = np.interp(grid, found.x[order], found.time[order])
    return [
        (
            float(time),
            {
                "statistic": float(place),
                "estimate": float(value),
                "low": float(value - h),
                "high": float(value + h),
            },
        )
        for time, place, value, h in zip(times, grid, line, half, strict=True)
    ]


def _test_records(model: Fitted, found: Proportionality) -> list[Record]:
    """Order of the terms, the global test last, with no term."""
    names: list[str | None] = [*(term.name for term in model.terms), None]
    return [
        {"term": name, "scale": found.transform, "statistic": test.statistic, "df": test.df, "p": test.p}
        for name, test in zip(names, found.tests, strict=True)
    ]


def _findings(model: Fitted, found: Proportionality, about: Mapping[str, Fact]) -> list[Statement]:
    broken: tuple[Fact, ...] = tuple(
        {"label": term.label, "p": float(test.p)}
        for term, test in zip(model.terms, found.tests, strict=False)
        if test.p < SIGNIFICANT
    )
    whole = float(found.tests[-1].p)
    if not broken and whole >= SIGNIFICANT:
        return []
    facts: dict[str, Fact] = {**about, "terms": broken, "global_p": whole, "below": SIGNIFICANT}
    return [Statement("nonproportional", facts, "warning")]


def _ticks(found: Proportionality, clock: Clock) -> tuple[Fact, ...]:
    """Round times on the axis of the transform."""
    order = np.argsort(found.time, kind="stable")
    first, last = float(found.time[order[0]]), float(found.time[order[-1]])
    days = [tick * clock.days_in(clock.unit) for tick in ticks_to(clock.shown(last), clock.unit)]
    return tuple(
        {"time": clock.shown(day), "place": float(np.interp(day, found.time[order], found.x[order]))}
        for day in days
        if first <= day <= last
    )


def _untested(about: Mapping[str, Fact], reason: str) -> Held:
    return Held((), (Statement("proportionality_not_tested", {**about, "reason": reason}),))
