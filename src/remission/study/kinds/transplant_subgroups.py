"""Whom does transplant help: its time-dependent ratio in subgroups, with tests of interaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from remission.core.adjust import adjusted
from remission.core.problems import InputError
from remission.regress.fit import Test
from remission.regress.termtests import likelihood_ratio_test
from remission.study.kinds.model_fit import Recipe, fitted, varies
from remission.study.kinds.model_forest import ratio_axis
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.subgroup_findings import INTERACTION, subgroup_findings
from remission.study.kinds.transplant_fits import Effect, effect_of, transplant_term
from remission.study.kinds.transplant_patients import NO, YES, Patients
from remission.study.kinds.transplant_ways import moving_rows
from remission.study.results import Fact, Output, Statement


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The effect within one level of a column (`term` None: in all)."""

    term: ModelTerm | None
    level: str | None
    effect: Effect


def subgroup_effects(
    found: Patients,
    by: Sequence[ModelTerm],
    adjust: Sequence[ModelTerm],
    recipe: Recipe,
    facts: dict[str, Fact],
    adjust_p: str,
) -> tuple[Output, list[Statement]]:
    """Estimate the effect in each level, and test for each column whether it differs between them.

    Within a level the model is of its patients alone, adjusted for `adjust` less the column itself and less
    what all of them have in common. The
    interaction is tested in the levels that have patients at risk both transplanted and not, in the model of
    transplant and `adjust` stratified by the column, with and without their product (likelihood ratio): each
    level has a baseline hazard of its own there too, so the test is of the ratios that are shown.
    """
    rows, term = moving_rows(found), transplant_term(found)
    parts = [Part(None, None, effect_of("time-dependent", rows, [term, *adjust], recipe, recipe.confidence))]
    tests: dict[str, Test | None] = {}
    for column in by:
        others = [each for each in adjust if column.name not in each.columns]
        values = rows.columns[column.name]
        inside = {level: rows.only(np.asarray(values == level, dtype=bool)) for level in column.levels}
        for level, within in inside.items():
            if len(within.patient):
                kept = [each for each in others if varies(within, each)]
                effect = effect_of("time-dependent", within, [term, *kept], recipe, recipe.confidence)
                parts.append(Part(column, level, effect))
        tests[column.name] = interaction_test(rows, term, column, others, recipe)
    output = _output(found, by, adjust, recipe, facts, parts, tests, adjust_p)
    return output, _findings(found, parts, tests)


def interaction_test(
    rows: RiskRows, term: ModelTerm, column: ModelTerm, others: Sequence[ModelTerm], recipe: Recipe
) -> Test | None:
    """Likelihood-ratio test of the product, in the levels with patients on both sides; None without two."""
    both = tuple(level for level in column.levels if _both_sides(rows, term.name, column.name, level))
    if len(both) < 2:
        return None
    used = rows.only(np.isin(rows.columns[column.name], np.array(both, dtype=object)))
    shown = replace(column, levels=both)
    product = ModelTerm(
        f"{term.name} × {column.name}",
        f"{term.label} × {column.label}",
        "interaction",
        (*term.columns, *column.columns),
        parts=(term, shown),
    )
    own_baselines = replace(recipe, stratum=column.name)
    try:
        plain = fitted(used, [term, *others], own_baselines)
        full = fitted(used, [term, *others, product], own_baselines)
    except InputError:
        return None
    return likelihood_ratio_test(plain.fit, full.fit, INTERACTION)


def _both_sides(rows: RiskRows, name: str, column: str, level: str) -> bool:
    there = np.asarray(rows.columns[column] == level, dtype=bool)
    status = rows.columns[name][there]
    return bool((status == YES).any() and (status == NO).any())


def _output(
    found: Patients,
    by: Sequence[ModelTerm],
    adjust: Sequence[ModelTerm],
    recipe: Recipe,
    facts: dict[str, Fact],
    parts: Sequence[Part],
    tests: dict[str, Test | None],
    adjust_p: str,
) -> Output:
    cause = recipe.cause
    records: list[Record] = []
    for part in parts:
        record = dict(part.effect.record(found.by, cause, recipe.confidence))
        name = None if part.term is None else part.term.name
        records.append({**record, "term": name, "level": part.level})
    values = [None if test is None else test.p for test in tests.values()]
    p = adjusted(values, adjust_p)  # type: ignore[arg-type]
    for (name, test), corrected in zip(tests.items(), p, strict=True):
        same = {"term": name, "measure": INTERACTION}
        told = {} if test is None else {"statistic": test.statistic, "df": test.df, "p": test.p}
        records.append({**same, **told, "p_adjusted": corrected})
    rows = rows_from(records)
    more: dict[str, Fact] = {
        **facts,
        "effect": found.by,
        "effect_label": found.label,
        "group": YES,
        "versus": NO,
        "per": None,
        "columns": tuple({"name": term.name, "label": term.label} for term in by),
        "arms": tuple(arm for part in parts for arm in _arms(found, part, cause)),
        "adjusted_for": tuple(term.label for term in adjust),
        "adjust": adjust_p,
        "model": "Cox",
        "stratum_label": None,
        "n": parts[0].effect.rows.patients(),
        "events": parts[0].effect.rows.events(cause),
        "firth": tuple(_named(part) for part in parts if part.effect.model and part.effect.model.firth),
        "not_estimated": tuple(
            {"term": part.term.name, "level": part.level, "reason": part.effect.reason}
            for part in parts
            if part.term is not None and part.effect.model is None
        ),
        **ratio_axis(rows.filter(pl.col("measure") != INTERACTION)),
    }
    return Output("forest", rows, more)


def _arms(found: Patients, part: Part, cause: str) -> list[Fact]:
    sides = part.effect.arms(found.by, cause)
    name = None if part.term is None else part.term.name
    return [
        {
            "term": name,
            "level": part.level,
            "group": side,
            "n": sides[f"{word}_n"],
            "events": sides[f"{word}_events"],
        }
        for side, word in ((YES, "yes"), (NO, "no"))
    ]


def _named(part: Part) -> str:
    return "all patients" if part.term is None else f"{part.term.label}, {part.level}"


def _findings(found: Patients, parts: Sequence[Part], tests: dict[str, Test | None]) -> list[Statement]:
    label = found.outcome.label
    p = [test.p for test in tests.values() if test is not None]
    lost = [
        (part.term.label, str(part.level), part.effect.reason)
        for part in parts
        if part.term is not None and part.effect.model is None
    ]
    said = subgroup_findings(label, len(parts) - 1, p, lost)
    penalised = tuple(
        _named(part) for part in parts if part.effect.model is not None and part.effect.model.firth
    )
    if penalised:
        told: dict[str, Fact] = {"endpoint_label": label, "subgroups": penalised}
        said.append(Statement("subgroups_by_firth", told, "warning"))
    return said
