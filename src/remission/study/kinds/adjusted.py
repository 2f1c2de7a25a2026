"""`kind = "adjusted"`: curves of groups as if the groups were alike in other respects (g-formula)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.adjusted_options import AdjustedOptions
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    landmark_problems,
    late_entry_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.curve_findings import curve_findings, times_of
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.differences import difference_output
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.grouping import Grouping
from remission.study.kinds.model_checks import columns_of_entries
from remission.study.kinds.model_data import Asked, about, asked
from remission.study.kinds.model_findings import left_out, model_findings
from remission.study.kinds.model_fit import Fitted, Recipe, fitted
from remission.study.kinds.model_methods import model_methods, shared_methods
from remission.study.kinds.model_output import model_output, named_rows, not_fitted
from remission.study.kinds.model_proportionality import proportionality_of
from remission.study.kinds.model_terms import ModelTerm, read_terms, term_problems
from remission.study.kinds.options import in_unit
from remission.study.kinds.standardising import empty_cells, standardised_outputs
from remission.study.kinds.times import days_of
from remission.study.kinds.views import View, view
from remission.study.kinds.withheld import Role
from remission.study.results import Analysis, Fact, Output, Statement

CRUDE, MULTIVARIABLE = "crude", "multivariable"


def check(context: Context, options: AdjustedOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *grouping_problems(cohort, [options.by], f"{where}.by"),
        *term_problems(cohort, options.adjust, f"{where}.adjust"),
        *grouping_problems(cohort, [options.stratum] if options.stratum else [], f"{where}.stratum"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems([options.until] if options.until else [], f"{where}.until"),
        *landmark_problems(options.landmark, f"{where}.landmark"),
        *late_entry_problems(context, options.endpoint, options.landmark, f"{where}.landmark"),
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    twice = [name for name in (options.by, options.stratum) if name in columns_of_entries(options.adjust)]
    problems += [
        Problem(f"{where}.adjust", f'"{name}" is group or stratum already', "Take it out of one of them.")
        for name in twice
    ]
    if options.stratum == options.by:
        repair = "Compare by one column, within the levels of another."
        problems.append(Problem(f"{where}.stratum", f'"{options.by}" is both group and stratum', repair))
    return tuple(problems)


def run(context: Context, options: AdjustedOptions, name: str) -> Analysis:
    """Standardise the curves of every endpoint, beside the crude ones."""
    context = in_unit(context, options.unit)
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        made, said, how = _one(context, options, name, context.outcomes[endpoint])
        outputs += [named_rows(each, name, endpoint) for each in made]
        findings += said
        methods += how
    title = options.title or _title(context, options)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _one(
    context: Context, options: AdjustedOptions, name: str, outcome: Outcome
) -> tuple[list[Output], list[Statement], list[Statement]]:
    """Adjust one endpoint."""
    (by,) = read_terms(context.cohort, [options.by])
    found = _asked(context, options, name, outcome, by)
    said = list(found.findings)
    if found.rows is None or by not in found.terms:
        return [], said, []
    facts: dict[str, Fact] = {"endpoint_label": outcome.label, "variant": MULTIVARIABLE}
    if found.rows.entry is not None:
        return [], [*said, Statement("adjusted_needs_common_start", facts, "warning")], []
    method = "cox" if outcome.measure == "survival" else "fine-gray"
    recipe = Recipe(method, outcome.cause, stratum=options.stratum, confidence=context.confidence)  # type: ignore[arg-type]
    labels = {key: column.title for key, column in context.cohort.columns.items()}
    said += left_out(found.rows, found.terms, recipe, labels, facts)
    try:
        model = fitted(found.rows, found.terms, recipe)
    except InputError as error:
        return [], [*said, not_fitted(facts, error, found.terms, None)], []
    return _outputs(context, options, name, found, model, said)


def _outputs(
    context: Context, options: AdjustedOptions, name: str, found: Asked, model: Fitted, said: list[Statement]
) -> tuple[list[Output], list[Statement], list[Statement]]:
    """Crude and adjusted curves of the patients of the model, and the model."""
    by, others = model.terms[0], model.terms[1:]
    crude = _crude(context, name, found, model)
    at, early = times_of(crude, options.at)
    until = days_of(options.until, crude.clock)
    drawn = [each for each in curve_outputs(crude, at, until=until) if each.name != "medians"]
    apart = difference_output(crude, at)
    about_model: dict[str, Fact] = {
        **about(found, context),
        "cause": model.fit.cause,
        "method": "cox" if model.fit.model == "Cox" else "fine-gray",
        "eligible": 0 if found.rows is None else found.rows.patients(),
        "stratum_label": None if options.stratum is None else context.cohort.column(options.stratum).title,
        "cluster_label": None,
    }
    table = model_output(model, about_model, found, MULTIVARIABLE)
    held = proportionality_of(model, MULTIVARIABLE, table.facts, crude.clock, context.confidence)
    adjusted_for = (*(term.label for term in others), *_labels(about_model["stratum_label"]))
    more: dict[str, Fact] = {"adjusted_for": adjusted_for, "model": model.fit.model, "n": model.n}
    outputs = [replace(each, facts={**each.facts, **more}) for each in drawn]
    outputs += [] if apart is None else [replace(apart, facts={**apart.facts, **more})]
    facts: dict[str, Fact] = {"endpoint_label": found.outcome.label, "variant": MULTIVARIABLE}
    if not model.fit.warnings:
        outputs += standardised_outputs(crude, model, at, drawn[0].facts, more)
    empty = empty_cells(model.rows, by, _with_stratum(context, options, others))
    findings = [*said, *early, *curve_findings(crude, at, until=until), *held.findings]
    findings += model_findings(model, table.rows, facts)
    if empty:
        findings.append(Statement("not_identifiable", {**facts, "empty": empty}, "warning"))
    how: dict[str, Fact] = {"model": model.fit.model, "adjusted_for": adjusted_for}
    methods = [
        *curve_methods([crude]),
        Statement("standardisation_method", {**how, "references": ("chang1982", "ozenne2020")}),
        Statement("complete_cases", {}),
        *model_methods(model, stratum=_text(about_model["stratum_label"])),
        *shared_methods(found),
    ]
    return [*outputs, table, *held.outputs], findings, methods


def _asked(context: Context, options: AdjustedOptions, name: str, outcome: Outcome, by: ModelTerm) -> Asked:
    adjust = read_terms(context.cohort, options.adjust)
    beside: dict[str, Role | None] = {} if options.stratum is None else {options.stratum: "stratum"}
    roles: dict[str, Role] = {by.name: "group", **{term.name: "adjust" for term in adjust}}
    return asked(
        context,
        name,
        outcome,
        [by, *adjust],
        where=options.where,
        landmark=options.landmark,
        beside=beside,
        moving=False,
        roles=roles,
    )


def _crude(context: Context, name: str, found: Asked, model: Fitted) -> View:
    """The same patients, by group, not adjusted."""
    by = model.terms[0]
    there = np.zeros(len(found.outcome.rows), dtype=bool)
    there[model.rows.patient] = True
    outcome = found.outcome.only(there)
    column = context.cohort.column(by.name)
    groups = Grouping(by.name, column.title, by.levels, column.ordered, model.rows.columns[by.name])
    return view(context, name, outcome, groups, landmark=found.landmark, variant=CRUDE)


def _with_stratum(
    context: Context, options: AdjustedOptions, terms: tuple[ModelTerm, ...]
) -> tuple[ModelTerm, ...]:
    return terms if options.stratum is None else (*terms, *read_terms(context.cohort, [options.stratum]))


def _labels(value: Fact) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else ()


def _text(value: Fact) -> str | None:
    return value if isinstance(value, str) else None


def _title(context: Context, options: AdjustedOptions) -> str:
    labels = endpoints_named(context, options.endpoint)
    return f"{labels} by {context.cohort.column(options.by).title}, adjusted"


KIND = Kind(
    name="adjusted",
    title="Adjusted curves",
    summary="Survival or incidence of groups as if all patients had been in each, by direct standardisation "
    "over a Cox or Fine-Gray model, beside the crude curves, with differences and limits.",
    options=AdjustedOptions,
    check=check,
    run=run,
    outputs=("curves", "at_risk", "estimates", "difference", "model", "proportionality", "schoenfeld"),
)
