"""Backward elimination with every step on record, and the warning that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from remission.regress.backward import backward_elimination
from remission.regress.covariates import design
from remission.study.kinds.model_fit import Recipe, fit_design, prepared
from remission.study.kinds.model_terms import ModelTerm
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Fact, Output, Statement


@dataclass(frozen=True, slots=True, eq=False)
class Eliminated:
    """The terms that stayed, the patients of every step, the path, and the warning."""

    terms: tuple[ModelTerm, ...]
    rows: RiskRows
    output: Output
    finding: Statement


def elimination_of(
    rows: RiskRows,
    terms: Sequence[ModelTerm],
    recipe: Recipe,
    *,
    above: float,
    keep: Sequence[str],
    facts: Mapping[str, Fact],
) -> Eliminated:
    """Leave out terms one by one, on the patients who have all of them.

    Raises
    ------
    InputError
        If a model on the way cannot be fitted.
    """
    used, shown, declared, _ = prepared(rows, terms, recipe)
    names = {each.name: term for each, term in zip(declared, shown, strict=True)}
    kept_names = [each.name for each, term in zip(declared, shown, strict=True) if term.name in keep]
    path = backward_elimination(
        lambda left: fit_design(used, design(left, used.columns), recipe),
        declared,
        above=above,
        keep=kept_names,
    )
    records: list[Record] = [
        {
            "level": str(number),
            "measure": "removed" if test.name == step.removed else "kept",
            "term": names[test.name].name,
            "statistic": test.statistic,
            "df": test.df,
            "p": test.p,
        }
        for number, step in enumerate(path.steps, start=1)
        for test in step.tests
    ]
    removed = tuple(names[step.removed] for step in path.steps if step.removed)
    left = tuple(term for term in shown if term not in removed)
    steps: dict[str, Fact] = {
        "above": above,
        "keep": tuple(term.label for term in shown if term.name in keep),
        "steps": len(path.steps),
        "n": used.patients(),
        "events": used.events(recipe.cause),
    }
    told: dict[str, Fact] = {
        "endpoint_label": facts["endpoint_label"],
        "above": above,
        "removed": tuple(term.label for term in removed),
        "kept": tuple(term.label for term in left),
        "steps": len(path.steps),
    }
    output = Output("elimination", rows_from(records), {**facts, **steps})
    return Eliminated(left, used, output, Statement("eliminated", told, "warning"))
