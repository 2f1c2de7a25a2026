"""`kind = "added_value"`: what a score is worth beyond known factors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from remission.assess.measured import Predictions
from remission.core.problems import InputError
from remission.study.kind import Context, Kind
from remission.study.kinds.added_value_findings import added_findings, added_methods, unseen_levels
from remission.study.kinds.added_value_models import (
    BOTH,
    FACTORS,
    MODELS,
    SCORE,
    Models,
    applicable,
    fine_gray_of,
    three_models,
)
from remission.study.kinds.added_value_options import AddedValueOptions, check
from remission.study.kinds.added_value_rows import (
    benefit_records,
    calibration_records,
    concordance_records,
    effect_records,
    likelihood_record,
    optimism_records,
    time_records,
)
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.model_data import Asked, asked
from remission.study.kinds.model_findings import left_out
from remission.study.kinds.model_fit import Recipe
from remission.study.kinds.model_terms import read_terms
from remission.study.kinds.risk_rows import RiskRows
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.times import NamedTime, named_times
from remission.study.results import Analysis, Fact, Output, Statement

APPLIED, REFITTED = "applied", "refitted"
Floats = NDArray[np.float64]


@dataclass(slots=True, eq=False)
class _Work:
    """One cohort's answers so far."""

    context: Context
    options: AddedValueOptions
    name: str
    asked: Asked
    recipe: Recipe
    outputs: list[Output] = field(default_factory=list)
    findings: list[Statement] = field(default_factory=list)
    methods: list[Statement] = field(default_factory=list)

    def about(self, variant: str) -> dict[str, Fact]:
        """What findings say of themselves."""
        outcome = self.asked.outcome
        told = {"endpoint": outcome.endpoint, "endpoint_label": outcome.label, "cause": self.recipe.cause}
        return {**told, "variant": variant}

    def add(self, output: str, records: Sequence[Record], facts: Mapping[str, Fact], variant: str) -> None:
        """One table of numbers, where there are any."""
        if records:
            rows = rows_from(records, analysis=self.name, endpoint=self.asked.outcome.endpoint)
            self.outputs.append(Output(output, rows, dict(facts), variant))


def run(context: Context, options: AddedValueOptions, name: str) -> Analysis:
    """Judge the score; in the second cohort the models of the first are applied before any is fitted."""
    title = options.title or _title(context, options)
    work = _asked(context, options, name)
    work.findings += work.asked.findings
    if work.asked.rows is None or len(work.asked.terms) < 2 or work.asked.terms[-1].name != options.score:
        return Analysis(name, KIND.name, title, (), tuple(work.findings))
    terms, labels = work.asked.terms, _labels(context)
    variant = "" if context.first is None else REFITTED
    work.findings += left_out(work.asked.rows, terms, work.recipe, labels, work.about(variant))
    unit = None
    if context.first is not None:
        unit = _applied(work)
    try:
        models = three_models(work.asked.rows, terms[:-1], terms[-1], work.recipe, unit=unit)
    except InputError as error:
        facts: dict[str, Fact] = {"term_label": None, "reason": str(error)}
        work.findings.append(Statement("model_not_fitted", {**work.about(variant), **facts}, "warning"))
    else:
        _fitted_here(work, models, variant)
    return Analysis(
        name,
        KIND.name,
        title,
        tuple(work.outputs),
        tuple(unique(work.findings)),
        tuple(unique(work.methods)),
    )


def _asked(context: Context, options: AddedValueOptions, name: str) -> _Work:
    """Patients and terms of one cohort, the score last."""
    outcome = context.outcomes[options.endpoint]
    terms = read_terms(context.cohort, [*options.beyond, options.score])
    found = asked(context, name, outcome, terms, where=options.where, moving=False)
    recipe = Recipe("cox", outcome.cause, confidence=context.confidence)
    return _Work(context, options, name, found, recipe)


def _labels(context: Context) -> dict[str, str]:
    return {name: column.title for name, column in context.cohort.columns.items()}


def _applied(work: _Work) -> float | None:
    """Apply the models of the first cohort as they are; return the unit of the score there."""
    first = work.context.first
    if first is None or work.asked.rows is None:
        return None
    there = _asked(first, work.options, work.name)
    if there.asked.rows is None or [each.name for each in there.asked.terms] != [
        each.name for each in work.asked.terms
    ]:
        return None
    terms = there.asked.terms
    try:
        models = three_models(there.asked.rows, terms[:-1], terms[-1], there.recipe, unit=None)
    except InputError as error:
        facts: dict[str, Fact] = {"term_label": None, "reason": str(error)}
        work.findings.append(Statement("model_not_fitted", {**work.about(APPLIED), **facts}, "warning"))
        return None
    rows, unknown = applicable(models, work.asked.rows)
    if unknown:
        work.findings.append(unseen_levels(unknown, work.asked.outcome.label))
    linear = {name: models.linear(name, rows) for name in MODELS}
    _judged(work, models, rows, linear, "new patients", APPLIED)
    return models.unit


def _fitted_here(work: _Work, models: Models, variant: str) -> None:
    """Models of these patients: concordance with optimism, test, ratios, and risks."""
    linear = {name: models.linear(name) for name in MODELS}
    more = [likelihood_record(models)]
    lost = ""
    if work.options.bootstrap:
        found, optimisms, lost = optimism_records(models, work.options.bootstrap, work.context.seed)
        more += found
        failed = max((each.failed for each in optimisms.values()), default=0)
    else:
        failed = 0
    _judged(work, models, models.rows, linear, "same patients", variant, more, failed)
    fine_gray = {}
    if models.competing:
        for name in (SCORE, BOTH):
            try:
                fit = fine_gray_of(models, name, work.recipe)
            except InputError:
                continue
            if not fit.warnings:
                fine_gray[name] = fit
    effects = effect_records(models, fine_gray, work.context.confidence)
    work.add("added_effect", effects, _facts(work, models, models.rows, variant), variant)
    work.findings += added_findings(work.context, work.options, models, work.about(variant), lost)
    work.methods += added_methods(work.options, models)


def _judged(
    work: _Work,
    models: Models,
    rows: RiskRows,
    linear: Mapping[str, Floats],
    predictions: Predictions,
    variant: str,
    more: Sequence[Record] = (),
    failed: int = 0,
) -> None:
    """Concordance and, at each time, calibration and net benefit, of fixed coefficients."""
    level, cause = work.context.confidence, models.cause
    facts = {**_facts(work, models, rows, variant), "failed": failed}
    try:
        records = concordance_records(linear, rows, cause, level, predictions)
    except InputError as error:
        _not_judged(work, variant, None, error)
        return
    calibrations: list[Record] = []
    benefits: list[Record] = []
    for at in _times(work, rows, variant):
        try:
            risks = {name: models.risk(name, at.days, rows) for name in MODELS}
            at_time = time_records(risks, rows, cause, at, level, predictions)
            calibrated = calibration_records(risks, rows, cause, at, level, predictions)
            benefit = benefit_records(
                risks,
                rows,
                cause,
                at,
                work.options.thresholds,
                work.options.bootstrap,
                work.context.seed,
                level,
            )
        except InputError as error:
            _not_judged(work, variant, at.text, error)
            continue
        records += at_time
        calibrations += calibrated
        benefits += benefit
    work.add("added_value", [*records, *more], facts, variant)
    work.add("added_calibration", calibrations, facts, variant)
    work.add("added_benefit", benefits, facts, variant)


def _not_judged(work: _Work, variant: str, at: str | None, error: InputError) -> None:
    facts: dict[str, Fact] = {**work.about(variant), "at": at, "reason": str(error)}
    work.findings.append(Statement("risks_not_judged", facts, "warning"))


def _times(work: _Work, rows: RiskRows, variant: str) -> list[NamedTime]:
    """Named times up to which somebody was followed; others are told."""
    clock = work.context.cohort.clock
    last = float(rows.time.max()) if len(rows.time) else 0.0
    times = named_times(work.options.at, clock)
    late = [time for time in times if time.days > last]
    if late:
        told: tuple[Fact, ...] = tuple(
            {"group": None, "at": time.text, "last": clock.shown(last), "unit": clock.unit} for time in late
        )
        facts: dict[str, Fact] = {**work.about(variant), "by_label": None, "times": told}
        work.findings.append(Statement("beyond_follow_up", facts, "warning"))
    return [time for time in times if time.days <= last]


def _facts(work: _Work, models: Models, rows: RiskRows, variant: str) -> dict[str, Fact]:
    """What all tables and figures say of these models."""
    factors = models.fits[FACTORS]
    return {
        **work.about(variant),
        "score_label": work.context.cohort.column(work.options.score).title,
        "factors": tuple(term.label for term in factors.terms),
        "n": rows.patients(),
        "events": rows.events(models.cause),
        "fitted_n": models.rows.patients(),
        "fitted_events": models.events,
        "coefficients": len(models.fits[BOTH].fit.coefficients),
        "firth": models.firth,
        "competing": models.competing,
        "unit": models.unit,
        "resamples": work.options.bootstrap,
        "seed": work.context.seed,
        "thresholds": work.options.thresholds,
        "confidence": work.context.confidence,
        "times": work.options.at,
    }


def _title(context: Context, options: AddedValueOptions) -> str:
    score = context.cohort.column(options.score).title
    return f"{score} beyond known factors: {context.outcomes[options.endpoint].label}"


KIND = Kind(
    name="added_value",
    title="A score beyond known factors",
    summary="Whether a score tells more of an endpoint than known factors do: concordance, likelihood ratio, "
    "hazard ratios, optimism, calibration and net benefit; in the validation cohort without refitting.",
    options=AddedValueOptions,
    check=check,
    run=run,
    outputs=("added_value", "added_effect", "added_calibration", "added_benefit"),
)
