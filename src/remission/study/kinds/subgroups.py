"""`kind = "subgroups"`: one effect in the levels of other columns, with interaction tests; a forest plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from remission.cohort.outcome import Outcome
from remission.core.adjust import adjusted
from remission.core.problems import InputError, Problem
from remission.regress.subgroups import Subgroups, subgroups
from remission.regress.terms import Category, Numeric
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    landmark_problems,
    late_entry_problems,
    where_problems,
)
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.model_data import Asked, about, asked
from remission.study.kinds.model_findings import left_out
from remission.study.kinds.model_fit import Recipe, engine_options, for_engine, varies, with_filled_levels
from remission.study.kinds.model_forest import ratio_axis
from remission.study.kinds.model_methods import shared_methods
from remission.study.kinds.model_output import in_words, named_rows, not_fitted
from remission.study.kinds.model_terms import ModelTerm, TermTable, read_terms, term_problems
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.subgroup_findings import INTERACTION, subgroup_findings
from remission.study.kinds.subgroup_options import SubgroupsOptions
from remission.study.kinds.withheld import Role
from remission.study.results import Analysis, Fact, Output, Statement


@dataclass(frozen=True, slots=True, eq=False)
class _Forest:
    """Terms with levels that have patients, those that make no subgroups, their rows, and what was found."""

    effect: ModelTerm
    by: tuple[ModelTerm, ...]
    adjust: tuple[ModelTerm, ...]
    undivided: tuple[ModelTerm, ...]
    rows: RiskRows
    found: Subgroups


def check(context: Context, options: SubgroupsOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    effect = term_problems(cohort, [options.effect], f"{where}.effect")
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *effect,
        *grouping_problems(cohort, options.by, f"{where}.by"),
        *(term_problems(cohort, options.adjust, f"{where}.adjust") if options.adjust else ()),
        *grouping_problems(cohort, [options.stratum] if options.stratum else [], f"{where}.stratum"),
        *landmark_problems(options.landmark, f"{where}.landmark"),
        *late_entry_problems(context, options.endpoint, options.landmark, f"{where}.landmark"),
        *where_problems(cohort, options.where, f"{where}.where"),
    ]
    if not options.by:
        problems.append(Problem(f"{where}.by", "no column makes subgroups", "Name one or more columns."))
    if not effect:
        problems += _effect_problems(context, options, where)
    return tuple(problems)


def run(context: Context, options: SubgroupsOptions, name: str) -> Analysis:
    """Estimate the effect in every subgroup of every endpoint."""
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        found, forest, said = _forest(context, options, name, context.outcomes[endpoint])
        findings += said
        if forest is None:
            continue
        output = named_rows(_output(context, options, found, forest), name, endpoint)
        outputs.append(output)
        findings += _findings(forest, output)
        labels = tuple(term.label for term in forest.adjust)
        if forest.by:  # else no interaction was tested
            methods.append(Statement("subgroup_method", {"adjusted_for": labels}))
        methods += shared_methods(found)
    title = options.title or _title(context, options)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _forest(
    context: Context, options: SubgroupsOptions, name: str, outcome: Outcome
) -> tuple[Asked, _Forest | None, list[Statement]]:
    """Judge every column and fit; nothing where the effect itself is withheld or cannot be estimated."""
    (effect,) = read_terms(context.cohort, [options.effect])
    by = read_terms(context.cohort, options.by)
    adjust = read_terms(context.cohort, options.adjust)
    terms = [effect, *(term for term in (*adjust, *by) if term.name != effect.name)]
    roles: dict[str, Role] = {effect.name: "effect", **{term.name: "adjust" for term in adjust}}
    roles |= {term.name: "group" for term in by}
    beside: dict[str, Role | None] = {} if options.stratum is None else {options.stratum: "stratum"}
    found = asked(
        context,
        name,
        outcome,
        list(dict.fromkeys(terms)),
        where=options.where,
        landmark=options.landmark,
        beside=beside,
        moving=False,
        roles=roles,
    )
    said = list(found.findings)
    if found.rows is None or effect not in found.terms:
        return found, None, said
    kept = {term.name for term in found.terms}
    used = [effect, *(term for term in adjust if term.name in kept)]
    recipe = Recipe("cox", outcome.cause, stratum=options.stratum, confidence=context.confidence)
    facts: dict[str, Fact] = {"endpoint_label": outcome.label, "variant": ""}
    labels = {key: column.title for key, column in context.cohort.columns.items()}
    said += left_out(found.rows, used, recipe, labels, facts)
    try:
        return found, _fitted(found.rows, used, [term for term in by if term.name in kept], recipe), said
    except InputError as error:
        return found, None, [*said, not_fitted(facts, error, used, None)]


def _fitted(rows: RiskRows, terms: Sequence[ModelTerm], by: Sequence[ModelTerm], recipe: Recipe) -> _Forest:
    names = [column for term in terms for column in term.columns]
    used = rows.only(rows.known([*names, *recipe.beside]))
    effect, *adjust = (with_filled_levels(used, term) for term in terms)
    if len(effect.levels) > 2:
        raise InputError(f"{effect.label} has more than two levels: a forest shows one effect")
    split = tuple(with_filled_levels(used, term) for term in by if varies(used, term))
    engine = for_engine(used, effect)
    columns = [for_engine(used, term) for term in split]
    if not isinstance(engine, Numeric | Category):
        raise InputError(f"{effect.label} is neither groups nor a number")
    found = subgroups(
        used.time,
        used.event,
        used.columns,
        engine,
        [column for column in columns if isinstance(column, Category)],
        adjust=[for_engine(used, term) for term in adjust],
        cause=recipe.cause,
        **engine_options(used, recipe),
    )
    if found.overall.warnings:
        raise InputError(found.overall.warnings[0])
    undivided = tuple(term for term in by if not varies(used, term))
    return _Forest(effect, split, tuple(adjust), undivided, used, found)


def _output(context: Context, options: SubgroupsOptions, found: Asked, forest: _Forest) -> Output:
    """The rows of the forest, with the interaction tests adjusted for their number."""
    rows = forest.found.rows(level=context.confidence)
    group, versus = (
        (forest.effect.levels[1], forest.effect.levels[0]) if forest.effect.levels else (None, None)
    )
    effects = pl.col("measure") != INTERACTION
    rows = rows.with_columns(
        pl.when(effects).then(pl.lit(group, dtype=pl.String)).alias("group"),
        pl.when(effects).then(pl.lit(versus, dtype=pl.String)).alias("versus"),
    )
    tests = [test.p for test in forest.found.interactions.values()]
    p = adjusted([None if np.isnan(value) else value for value in tests], options.adjust_p)
    rows = rows.with_columns(
        pl.Series(
            "p_adjusted", [None] * (rows.height - len(p)) + [float(x) for x in p], dtype=pl.Float64
        ).fill_nan(None)
    )
    competing = len(found.outcome.causes) > 1
    facts: dict[str, Fact] = {
        **about(found, context),
        "cause": found.outcome.cause,
        "effect": forest.effect.name,
        "effect_label": forest.effect.label,
        "group": group,
        "versus": versus,
        "per": None if forest.effect.levels else forest.effect.step,
        "columns": tuple({"name": term.name, "label": term.label} for term in forest.by),
        "arms": _arms(forest),
        "adjusted_for": tuple(term.label for term in forest.adjust),
        "adjust": options.adjust_p,
        "model": "Cox",
        "hazard": "cause-specific hazard" if competing else "hazard",
        "stratum_label": None if options.stratum is None else context.cohort.column(options.stratum).title,
        "n": forest.rows.patients(),
        "events": forest.rows.events(found.outcome.cause),
        "not_estimated": tuple(
            {"term": part.column, "level": part.level, "reason": _reason(forest, part.reason)}
            for part in forest.found.parts
            if part.fit is None
        ),
        **ratio_axis(rows.filter(effects)),
    }
    return Output("forest", rows, facts)


def _arms(forest: _Forest) -> tuple[Fact, ...]:
    """Patients and events on each side of the effect, in all and in every subgroup."""
    if not forest.effect.levels:
        return ()
    values = forest.rows.columns[forest.effect.name]
    parts: list[tuple[str | None, str | None]] = [(None, None)]
    parts += [(term.name, level) for term in forest.by for level in term.levels]
    found: list[Fact] = []
    for term, level in parts:
        inside = np.ones(len(values), dtype=bool) if term is None else forest.rows.columns[term] == level
        for group in forest.effect.levels:
            there = np.asarray(inside & (values == group), dtype=bool)
            n, events = forest.rows.patients(there), forest.rows.events(forest.found.overall.cause, there)
            found.append({"term": term, "level": level, "group": group, "n": n, "events": events})
    return tuple(found)


def _findings(forest: _Forest, output: Output) -> list[Statement]:
    p = [test.p for test in forest.found.interactions.values() if not np.isnan(test.p)]
    label = {term.name: term.label for term in forest.by}
    parts = forest.found.parts
    lost = [
        (label[part.column], part.level, _reason(forest, part.reason)) for part in parts if part.fit is None
    ]
    lost += [(term.label, "", _undivided(forest.rows, term)) for term in forest.undivided]
    return subgroup_findings(str(output.facts["endpoint_label"]), len(parts), p, lost)


def _undivided(rows: RiskRows, term: ModelTerm) -> str:
    (level, *_) = (*(each for each in term.levels if (rows.columns[term.name] == each).any()), "")
    return f"all of whom it is known are {level}" if level else "it is known of nobody"


def _reason(forest: _Forest, text: str) -> str:
    return in_words(text, [forest.effect, *forest.adjust, *forest.by])


def _effect_problems(context: Context, options: SubgroupsOptions, where: str) -> list[Problem]:
    """An effect that is no single ratio, or that makes its own subgroups."""
    table = options.effect if isinstance(options.effect, TermTable) else TermTable(column=options.effect)
    place = f"{where}.effect"
    if table.interaction is not None or table.spline is not None:
        return [Problem(place, "a forest shows one ratio", "Name one column: groups of two, or a number.")]
    name = table.column or ""
    problems = []
    column = context.cohort.columns[name]
    if column.kind == "category" and len(column.levels) > 2:
        repair = "Merge its levels into two under [derived], and use that."
        problems.append(Problem(place, f'"{name}" has {len(column.levels)} levels', repair))
    if name in options.by or name == options.stratum:
        problems.append(
            Problem(f"{where}.by", f'"{name}" is the effect itself', "Take it out of one of them.")
        )
    if name in (entry if isinstance(entry, str) else entry.column for entry in options.adjust):
        problems.append(Problem(f"{where}.adjust", f'"{name}" is the effect itself', "Take it out."))
    return problems


def _title(context: Context, options: SubgroupsOptions) -> str:
    (effect,) = read_terms(context.cohort, [options.effect])
    labels = endpoints_named(context, options.endpoint)
    return f"{effect.label} in subgroups: {labels}"


KIND = Kind(
    name="subgroups",
    title="One effect in subgroups",
    summary="The hazard ratio of one effect in all patients and in the levels of other columns, as a forest "
    "plot, with a test of interaction for each of these columns.",
    options=SubgroupsOptions,
    check=check,
    run=run,
    outputs=("forest",),
)
