"""Curves standardised over all patients of a model, as outputs, and where they rest on the model alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import polars as pl

from remission.core.limits import Interval
from remission.core.vocabulary import result_rows
from remission.regress.standardise import AdjustedCurves, adjusted_curves
from remission.study.kinds.drawing import dressed
from remission.study.kinds.estimating import estimated, reaches
from remission.study.kinds.model_fit import Fitted
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View
from remission.study.results import Fact, Output

POINTS_AT_MOST = 100
STANDARDISED = "standardised"


def standardised_outputs(
    crude: View, model: Fitted, at: Sequence[NamedTime], picture: Mapping[str, Fact], more: Mapping[str, Fact]
) -> list[Output]:
    """Adjusted curves, values at named times, and differences from the first group.

    Parameters
    ----------
    crude : View
        The same patients, by group.
    model : Fitted
        With the groups as its first term.
    at : sequence of NamedTime
    picture : mapping
        Facts of the crude drawing (ticks, last time).
    more : mapping
        Facts of the model.
    """
    facts: dict[str, Fact] = {**picture, **more, "method": STANDARDISED, "p_text_test": None, "p": None}
    steps = _curve_rows(crude, model)
    outputs = [Output("curves", dressed(crude, steps), facts, "adjusted")]
    if at:
        found = _at(crude, model, [time.days for time in at])
        texts = [time.text for time in at]
        covered = _covered(crude, found, at)
        rows = _known_only(
            _levels(found.rows(level=_level(crude), interval=_interval(crude)), texts), covered
        )
        both = covered[1:] & covered[:1]
        apart = _known_only(_levels(found.differences(level=_level(crude)), texts), both)
        outputs.append(Output("estimates", dressed(crude, rows), facts, "adjusted"))
        outputs.append(Output("difference", dressed(crude, apart), facts, "adjusted"))
    return outputs


def empty_cells(rows: RiskRows, by: ModelTerm, terms: Sequence[ModelTerm]) -> tuple[Fact, ...]:
    """Levels of adjusting terms at which some group has no patients."""
    found: list[Fact] = []
    groups = rows.columns[by.name]
    for term in terms:
        values = rows.columns.get(term.name)
        if values is None:
            continue
        for level in term.levels:
            absent = tuple(group for group in by.levels if not np.any((groups == group) & (values == level)))
            if absent:
                found.append({"label": term.label, "level": level, "groups": absent})
    return tuple(found)


def _curve_rows(crude: View, model: Fitted) -> pl.DataFrame:
    """Steps at the events (thinned evenly), from the start of the view on."""
    happened = np.asarray(crude.outcome.event == crude.outcome.cause, dtype=bool)
    times = np.unique(crude.outcome.time[happened])
    if len(times) > POINTS_AT_MOST:
        times = times[np.linspace(0, len(times) - 1, POINTS_AT_MOST).round().astype(int)]
    found = _at(crude, model, [float(time) for time in times])
    rows = found.rows(level=_level(crude), interval=_interval(crude))
    if len(times) and times[0] <= crude.start:
        return rows
    nothing = 1.0 if found.measure == "survival" else 0.0
    first = result_rows(
        {
            "measure": found.measure,
            "group": found.groups,
            "cause": found.cause,
            "time": crude.start,
            "estimate": nothing,
            "std_error": 0.0,
            "low": nothing,
            "high": nothing,
            "confidence": _level(crude),
            "term": found.variable,
        }
    )
    order = {group: place for place, group in enumerate(found.groups)}
    together = pl.concat([first, rows])
    place = pl.col("group").replace_strict(order, return_dtype=pl.Int64)
    return together.with_columns(place.alias("_place")).sort("_place", "time").drop("_place")


def _at(crude: View, model: Fitted, days: Sequence[float]) -> AdjustedCurves:
    by = model.terms[0]
    names = [column for term in model.terms for column in term.columns]
    frame = {name: model.rows.columns[name] for name in names}
    return adjusted_curves(model.fit, frame, by.name, list(days), groups=list(by.levels))


def _covered(crude: View, found: AdjustedCurves, at: Sequence[NamedTime]) -> np.ndarray:
    """Whether each group was followed to each time (groups, times)."""
    reach = reaches(crude, estimated(crude))
    answers = [[group in reach and reach[group].covers(time.days) for time in at] for group in found.groups]
    return np.array(answers, dtype=bool)


def _levels(rows: pl.DataFrame, texts: Sequence[str]) -> pl.DataFrame:
    return rows.with_columns(pl.Series("level", list(texts) * (rows.height // len(texts)), dtype=pl.String))


def _known_only(rows: pl.DataFrame, covered: np.ndarray) -> pl.DataFrame:
    """Nothing beyond the follow-up of a group."""
    known = pl.Series(covered.ravel().tolist(), dtype=pl.Boolean)
    names = ("estimate", "std_error", "low", "high", "statistic", "p")
    return rows.with_columns(pl.when(known).then(pl.col(name)).otherwise(None).alias(name) for name in names)


def _level(crude: View) -> float:
    return crude.context.confidence


def _interval(crude: View) -> Interval:
    return cast("Interval", crude.context.interval) if crude.outcome.measure == "survival" else "log-log"
