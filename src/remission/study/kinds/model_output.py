"""Model tables as outputs: rows, facts, and the words for a model that could not be fitted."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from remission.core.problems import InputError
from remission.core.vocabulary import COLUMNS
from remission.regress.terms import Spline
from remission.study.kinds.model_data import Asked
from remission.study.kinds.model_findings import missing_of
from remission.study.kinds.model_fit import Fitted
from remission.study.kinds.model_table import kind_facts, model_facts, model_records, ratios, term_test
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Fact, Output, Statement

OF_ONE_MODEL = ("n", "events", "coefficients", "concordance", "tests")


def model_output(
    model: Fitted, facts: Mapping[str, Fact], found: Asked, variant: str, records: Sequence[Record] = ()
) -> Output:
    """Table of one model; `records` where they are not the usual ones."""
    rows = rows_from(list(records) or model_records(model, _confidence(facts)))
    knots = knots_of([model])
    everything: dict[str, Fact] = {
        **facts,
        **kind_facts(model.fit, firth=model.firth is not None),
        **model_facts(model),
        "terms": described(found, model.terms, knots),
    }
    return Output("model", rows, everything, variant)


def univariable_output(
    models: Sequence[Fitted],
    facts: Mapping[str, Fact],
    found: Asked,
    adjust: Callable[[list[float | None]], Any],
    name: str,
) -> tuple[Output, list[float | None], list[float | None]]:
    """One table of models of one term each; also their P values, plain and adjusted for their number."""
    confidence = _confidence(facts)
    tests = [term_test(model, 0, ratios(model, confidence)) for model in models]
    p = [None if test is None else test.p for test in tests]
    adjusted = [None if np.isnan(value) else float(value) for value in adjust(p)]
    records = [
        record
        for model, value in zip(models, adjusted, strict=True)
        for record in model_records(model, confidence, [value])
    ]
    terms = [term for model in models for term in model.terms]
    everything: dict[str, Fact] = {
        **facts,
        **kind_facts(models[0].fit, firth=models[0].firth is not None),
        **dict.fromkeys(OF_ONE_MODEL),
        "eligible": None,
        "adjust": name,
        "terms": described(found, terms, knots_of(models)),
    }
    return Output("model", rows_from(records), everything, "univariable"), p, adjusted


def knots_of(models: Sequence[Fitted]) -> dict[str, tuple[float, ...]]:
    """Knots of the splines, by term."""
    return {
        term.name: tuple(float(knot) for knot in declared.knots)
        for model in models
        for term, declared in zip(model.terms, model.declared, strict=True)
        if isinstance(declared, Spline)
    }


def described(
    found: Asked, terms: Sequence[ModelTerm], knots: Mapping[str, tuple[float, ...]] | None = None
) -> tuple[Fact, ...]:
    """What a table needs to know of its terms."""
    rows = found.rows
    return tuple(
        {
            **term.facts(),
            "knots": (knots or {}).get(term.name, ()),
            "time_dependent": any(column in found.known_on for column in term.columns),
            "known_on": next(
                (found.known_on[column] for column in term.columns if column in found.known_on), None
            ),
            "missing": 0 if rows is None else missing_of(rows, term.columns),
        }
        for term in terms
    )


def named_rows(output: Output, analysis: str, endpoint: str) -> Output:
    """The same output, its rows saying to which analysis and endpoint they belong."""
    rows = output.rows.with_columns(
        pl.lit(analysis).alias("analysis"), pl.lit(endpoint).alias("endpoint")
    ).select(COLUMNS)
    return replace(output, rows=rows)


def not_fitted(
    about: Mapping[str, Fact], error: InputError, terms: Sequence[ModelTerm], label: str | None
) -> Statement:
    """Say why there is no model."""
    facts: dict[str, Fact] = {**about, "term_label": label, "reason": in_words(str(error), terms)}
    return Statement("model_not_fitted", facts, "warning")


def in_words(text: str, terms: Sequence[ModelTerm]) -> str:
    """Labels in place of the names of columns."""
    for term in terms:
        if term.kind != "interaction" and term.label != term.name:
            text = re.sub(rf"(?<![\w-]){re.escape(term.name)}(?![\w-])", lambda _, t=term: t.label, text)  # type: ignore[misc]
    return text


def _confidence(facts: Mapping[str, Fact]) -> float:
    level = facts["confidence"]
    return level if isinstance(level, float) else 0.95
