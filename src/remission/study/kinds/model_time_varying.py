"""A model in which the effect of one term changes: by period, or steadily with the logarithm of time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from remission.regress.cox import cox
from remission.regress.timevarying import log_time_interaction, piecewise
from remission.study.kinds.model_fit import Fitted, Recipe, engine_options, prepared
from remission.study.kinds.model_table import (
    Ratios,
    head_record,
    labels_of,
    measure_of,
    ratio_record,
    ratios,
    term_records,
    wald_ratios,
)
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.multiplicity import SIGNIFICANT
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record
from remission.study.kinds.times import NamedTime
from remission.study.results import Fact, Statement

CHANGE = "change"


@dataclass(frozen=True, slots=True, eq=False)
class Varying:
    """The model, its rows, and whether the effect changes; nothing of that where it has no estimate."""

    model: Fitted
    records: tuple[Record, ...]
    findings: tuple[Statement, ...]


def time_varying_of(
    rows: RiskRows,
    terms: Sequence[ModelTerm],
    recipe: Recipe,
    *,
    column: str,
    cuts: Sequence[NamedTime],
    steady: bool,
    facts: Mapping[str, Fact],
) -> Varying:
    """Fit one effect per period, or one that moves steadily with the logarithm of time.

    An event at a cut belongs to the period before it; a steady change is shown as the ratios at `cuts`.

    Raises
    ------
    InputError
        If the model cannot be fitted.
    """
    used, shown, declared, covariates = prepared(rows, terms, recipe)
    place = next(number for number, term in enumerate(shown) if term.name == column)
    given = {"cause": recipe.cause, **engine_options(used, recipe)}
    days = [cut.days for cut in cuts]
    changing = (
        log_time_interaction(cox, used.time, used.event, covariates, declared[place].name, **given)
        if steady
        else piecewise(cox, used.time, used.event, covariates, declared[place].name, days, **given)
    )
    model = Fitted(shown, declared, used, changing.fit)
    found = ratios(model, recipe.confidence)
    change = None if np.isnan(found.log[model.columns_of(place)]).any() else changing.change
    records: list[Record] = []
    for index, term in enumerate(shown):
        records.append(head_record(model, index, found))
        if index != place:
            records += term_records(model, index, found, recipe.confidence)
            continue
        of = _moments if steady else _periods
        records += of(model, index, found, recipe, cuts)
        if change is not None:
            same = {"term": term.name, "measure": CHANGE}
            records.append({**same, "statistic": change.statistic, "df": change.df, "p": change.p})
    if change is None:
        return Varying(model, tuple(records), ())
    told: dict[str, Fact] = {
        "endpoint_label": facts["endpoint_label"],
        "label": shown[place].label,
        "cuts": tuple(cut.text for cut in cuts),
        "log_time": steady,
        "p": float(change.p),
        "changes": bool(change.p < SIGNIFICANT),
    }
    return Varying(model, tuple(records), (Statement("effect_changes", told),))


def _periods(
    model: Fitted, index: int, found: Ratios, recipe: Recipe, cuts: Sequence[NamedTime]
) -> list[Record]:
    """Ratios of the changing term, period by period; the reference once."""
    words = [f"up to {cuts[0].text}"]
    words += [f"{before.text} to {after.text}" for before, after in itertools.pairwise(cuts)]
    words.append(f"after {cuts[-1].text}")
    columns = [int(column) for column in model.columns_of(index)]
    return _level_records(model, index, found, recipe, words, columns)


def _moments(
    model: Fitted, index: int, found: Ratios, recipe: Recipe, times: Sequence[NamedTime]
) -> list[Record]:
    """Ratios b + c log t of the changing term at some times; the reference once."""
    columns = model.columns_of(index)
    width = len(columns) // 2
    at, each = np.log([[time.days] for time in times]), np.eye(width)
    # level by level, so that a level without an estimate does not take those of the others
    log = (found.log[columns[:width]] + at * found.log[columns[width:]]).ravel()
    contrast = np.hstack([np.tile(each, (len(times), 1)), np.kron(at, each)])
    variance = contrast @ found.variance[np.ix_(columns, columns)] @ contrast.T
    moved = wald_ratios(log, variance, recipe.confidence)
    words = [f"at {time.text}" for time in times]
    return _level_records(model, index, moved, recipe, words, range(len(log)))


def _level_records(
    model: Fitted, index: int, found: Ratios, recipe: Recipe, words: Sequence[str], columns: Sequence[int]
) -> list[Record]:
    """One row per level and period or time."""
    term = model.terms[index]
    same = {"term": term.name, "measure": measure_of(model.fit), "scale": "log", "cause": model.fit.cause}
    levels = labels_of(term)
    records: list[Record] = []
    if term.levels:
        records.append({**same, "level": term.levels[0], "estimate": 1.0})
    for period, word in enumerate(words):
        for number, level in enumerate(levels):
            ratio = ratio_record(found, columns[period * len(levels) + number], recipe.confidence)
            records.append({**same, "level": f"{level}, {word}", **ratio})
    return records
