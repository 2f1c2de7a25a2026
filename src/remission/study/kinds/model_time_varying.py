"""A model in which the effect of one term changes: by period, or steadily with the logarithm of time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from remission.regress.cox import cox
from remission.regress.timevarying import log_time_interaction, piecewise
from remission.study.kinds.model_fit import Fitted, Recipe, engine_options, prepared
from remission.study.kinds.model_table import (
    TERM,
    Ratios,
    labels_of,
    measure_of,
    ratio_record,
    ratios,
    term_records,
    term_test,
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
    """The model, its rows, and whether the effect changes."""

    model: Fitted
    records: tuple[Record, ...]
    finding: Statement


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
    records: list[Record] = []
    for index, term in enumerate(shown):
        test = term_test(model, index, found)
        head: dict[str, object] = {
            "term": term.name,
            "measure": TERM,
            "at_risk": model.n,
            "events": model.events,
        }
        records.append(
            head if test is None else {**head, "statistic": test.statistic, "df": test.df, "p": test.p}
        )
        if index != place:
            records += term_records(model, index, found, recipe.confidence)
            continue
        if steady:
            records += _moments(model, index, recipe, cuts)
        else:
            records += _periods(model, index, found, recipe, cuts)
        change = changing.change
        same = {"term": term.name, "measure": CHANGE}
        records.append({**same, "statistic": change.statistic, "df": change.df, "p": change.p})
    told: dict[str, Fact] = {
        "endpoint_label": facts["endpoint_label"],
        "label": shown[place].label,
        "cuts": tuple(cut.text for cut in cuts),
        "log_time": steady,
        "p": float(changing.change.p),
        "changes": bool(changing.change.p < SIGNIFICANT),
    }
    return Varying(model, tuple(records), Statement("effect_changes", told))


def _periods(
    model: Fitted, index: int, found: Ratios, recipe: Recipe, cuts: Sequence[NamedTime]
) -> list[Record]:
    """Ratios of the changing term, period by period; the reference once."""
    words = [f"up to {cuts[0].text}"]
    words += [f"{before.text} to {after.text}" for before, after in itertools.pairwise(cuts)]
    words.append(f"after {cuts[-1].text}")
    columns = [int(column) for column in model.columns_of(index)]
    return _level_records(model, index, found, recipe, words, columns)


def _moments(model: Fitted, index: int, recipe: Recipe, times: Sequence[NamedTime]) -> list[Record]:
    """Ratios b + c log t of the changing term at some times; the reference once."""
    columns = [int(column) for column in model.columns_of(index)]
    width = len(columns) // 2
    contrast = np.zeros((len(times) * width, len(model.fit.terms)))
    for row, (time, number) in enumerate(itertools.product(times, range(width))):
        contrast[row, columns[number]] = 1.0
        contrast[row, columns[width + number]] = np.log(time.days)
    fit = model.fit
    turned = replace(
        model,
        fit=replace(
            fit,
            coefficients=contrast @ fit.coefficients,
            variance=contrast @ fit.variance @ contrast.T,
            covariates=replace(
                fit.covariates, names=tuple(f"{row}" for row in range(len(contrast))), terms=()
            ),
        ),
    )
    found = ratios(turned, recipe.confidence)
    words = [f"at {time.text}" for time in times]
    return _level_records(model, index, found, recipe, words, list(range(len(contrast))))


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
