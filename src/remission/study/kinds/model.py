"""`kind = "model"`: Cox, cause-specific and Fine-Gray models, term by term and together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from remission.cohort.outcome import Outcome
from remission.core.adjust import adjusted
from remission.core.problems import InputError
from remission.study.kind import Context, Kind
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.model_checks import model_problems
from remission.study.kinds.model_data import Asked, about, asked
from remission.study.kinds.model_elimination import elimination_of
from remission.study.kinds.model_findings import (
    left_out,
    model_findings,
    time_dependent_findings,
    univariable_findings,
    unreliable,
)
from remission.study.kinds.model_fit import Fitted, Recipe, fitted
from remission.study.kinds.model_forest import forest_output
from remission.study.kinds.model_methods import model_methods, shared_methods, univariable_methods
from remission.study.kinds.model_options import ModelOptions
from remission.study.kinds.model_output import (
    described,
    model_output,
    named_rows,
    not_fitted,
    univariable_output,
)
from remission.study.kinds.model_proportionality import proportionality_of
from remission.study.kinds.model_spline import spline_outputs
from remission.study.kinds.model_table import measure_of, ratios
from remission.study.kinds.model_terms import read_terms
from remission.study.kinds.model_time_varying import time_varying_of
from remission.study.kinds.options import in_unit
from remission.study.kinds.times import named_times
from remission.study.kinds.withheld import Role
from remission.study.results import Analysis, Fact, Output, Statement

MULTIVARIABLE, UNIVARIABLE, ELIMINATED, VARYING = "multivariable", "univariable", "eliminated", "time-varying"


@dataclass(slots=True, eq=False)
class _Work:
    """One hazard to be modelled, and what the models have given so far."""

    context: Context
    options: ModelOptions
    name: str
    asked: Asked
    recipe: Recipe
    outputs: list[Output] = field(default_factory=list)
    findings: list[Statement] = field(default_factory=list)
    methods: list[Statement] = field(default_factory=list)

    def facts(self) -> dict[str, Fact]:
        """What all tables of this hazard say."""
        rows = self.asked.rows
        return {
            **about(self.asked, self.context),
            "cause": self.recipe.cause,
            "method": self.recipe.method,
            "eligible": 0 if rows is None else rows.patients(),
            **self.labels(),
        }

    def labels(self) -> dict[str, str | None]:
        """Labels of stratum and cluster."""
        cohort = self.context.cohort
        return {
            f"{key}_label": None if name is None else cohort.column(name).title
            for key, name in (("stratum", self.recipe.stratum), ("cluster", self.recipe.cluster))
        }

    def about(self, variant: str) -> dict[str, Fact]:
        """What findings say of themselves."""
        outcome = self.asked.outcome
        return {
            "endpoint": outcome.endpoint,
            "endpoint_label": outcome.label,
            "cause": self.recipe.cause,
            "variant": variant,
        }


def run(context: Context, options: ModelOptions, name: str) -> Analysis:
    """Fit the models of every endpoint; what the guard refuses is left out, and said."""
    context = in_unit(context, options.unit)
    outputs: list[Output] = []
    findings: list[Statement] = []
    methods: list[Statement] = []
    for endpoint in options.endpoint:
        outcome = context.outcomes[endpoint]
        found = _asked(context, options, name, outcome)
        findings += found.findings
        if found.rows is None or not found.terms:
            continue
        if not found.rows.patients():
            facts: dict[str, Fact] = {"endpoint_label": outcome.label, "by_label": None, "variant": ""}
            findings.append(Statement("nobody_to_analyse", facts, "warning"))
            continue
        findings += time_dependent_findings(
            found.rows, found.terms, found.known_on, {"endpoint_label": outcome.label}
        )
        methods += shared_methods(found)
        causes = outcome.causes if options.method == "cause-specific" else (outcome.cause,)
        for cause in causes:
            work = _Work(context, options, name, found, _recipe(context, options, cause))
            _models(work)
            outputs += work.outputs
            findings += [_about_cause(each, outcome, cause) for each in work.findings]
            methods += work.methods
    title = options.title or _title(context, options)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _about_cause(finding: Statement, outcome: Outcome, cause: str) -> Statement:
    """Name a finding about a competing event after that event: the endpoint's label is of its own event."""
    if cause == outcome.cause or finding.facts.get("endpoint_label") != outcome.label:
        return finding
    return replace(finding, facts={**finding.facts, "endpoint_label": cause})


def _asked(context: Context, options: ModelOptions, name: str, outcome: Outcome) -> Asked:
    beside: dict[str, Role | None] = {}
    if options.stratum is not None:
        beside[options.stratum] = "stratum"
    if options.cluster is not None:
        beside.setdefault(options.cluster, None)
    return asked(
        context,
        name,
        outcome,
        read_terms(context.cohort, options.terms),
        where=options.where,
        landmark=options.landmark,
        beside=beside,
        moving=options.method != "fine-gray",
    )


def _recipe(context: Context, options: ModelOptions, cause: str) -> Recipe:
    return Recipe(
        options.method,
        cause,
        options.ties,
        options.variant,
        options.stratum,
        options.cluster,
        options.firth,
        context.confidence,
    )


def _models(work: _Work) -> None:
    """Every model of one hazard that was asked for."""
    if work.options.univariable:
        _univariable(work)
    _multivariable(work)
    if work.options.eliminate is not None:
        _eliminate(work)
    if work.options.time_varying is not None:
        _vary(work)


def _univariable(work: _Work) -> None:
    """Each term alone, on the patients who have it; products stand only with their parts."""
    models: list[Fitted] = []
    rows = work.asked.rows
    for term in work.asked.terms:
        if term.kind == "interaction" or rows is None:
            continue
        try:
            models.append(fitted(rows, [term], work.recipe))
        except InputError as error:
            work.findings.append(not_fitted(work.about(UNIVARIABLE), error, [term], term.label))
    if not models:
        return
    output, p, adjusted_p = univariable_output(
        models,
        work.facts(),
        work.asked,
        lambda values: adjusted(values, work.options.adjust),
        work.options.adjust,
    )
    work.outputs.append(_named(work, output))
    for model in models:
        work.findings += unreliable(model, output.rows, work.about(UNIVARIABLE))
    work.findings += univariable_findings(p, adjusted_p, work.options.adjust, work.asked.outcome.label)
    work.methods += [*_methods(work, models[0]), *univariable_methods(work.options.adjust)]


def _multivariable(work: _Work) -> None:
    rows, terms = work.asked.rows, work.asked.terms
    if rows is None:
        return
    labels = {name: column.title for name, column in work.context.cohort.columns.items()}
    work.findings += left_out(rows, terms, work.recipe, labels, work.about(MULTIVARIABLE))
    try:
        model = fitted(rows, terms, work.recipe)
    except InputError as error:
        work.findings.append(not_fitted(work.about(MULTIVARIABLE), error, terms, None))
        return
    _shown(work, model, MULTIVARIABLE)


def _eliminate(work: _Work) -> None:
    rows, wanted = work.asked.rows, work.options.eliminate
    if rows is None or wanted is None:
        return
    try:
        path = elimination_of(
            rows,
            work.asked.terms,
            work.recipe,
            above=wanted.backward,
            keep=wanted.keep,
            facts={**work.facts(), "terms": described(work.asked, work.asked.terms)},
        )
        work.outputs.append(_named(work, path.output))
        work.findings.append(path.finding)
        work.methods.append(Statement("elimination_method", {"above": wanted.backward}))
        if path.terms:
            _shown(work, fitted(path.rows, path.terms, work.recipe), ELIMINATED)
    except InputError as error:
        work.findings.append(not_fitted(work.about(ELIMINATED), error, work.asked.terms, None))


def _vary(work: _Work) -> None:
    rows, wanted = work.asked.rows, work.options.time_varying
    if rows is None or wanted is None or wanted.column not in {term.name for term in work.asked.terms}:
        return
    cuts = named_times(wanted.cuts or wanted.log_time_at, work.context.cohort.clock)
    steady = bool(wanted.log_time_at)
    try:
        found = time_varying_of(
            rows,
            work.asked.terms,
            work.recipe,
            column=wanted.column,
            cuts=cuts,
            steady=steady,
            facts=work.facts(),
        )
    except InputError as error:
        work.findings.append(not_fitted(work.about(VARYING), error, work.asked.terms, None))
        return
    texts = tuple(cut.text for cut in cuts)
    output = model_output(found.model, {**work.facts(), "cuts": texts}, work.asked, VARYING, found.records)
    work.outputs.append(_named(work, output))
    work.findings += [*found.findings, *model_findings(found.model, output.rows, work.about(VARYING))]
    label = work.context.cohort.column(wanted.column).title
    told: dict[str, Fact] = {"label": label, "cuts": texts, "log_time": steady}
    work.methods.append(Statement("time_varying_effect", told))


def _shown(work: _Work, model: Fitted, variant: str) -> None:
    """Table, forest, proportionality and findings of one model."""
    output = model_output(model, work.facts(), work.asked, variant)
    held = proportionality_of(model, variant, output.facts, work.context.cohort.clock, work.recipe.confidence)
    forest = forest_output(output.rows, output.facts, variant)
    confidence = work.recipe.confidence
    bent = spline_outputs(model, ratios(model, confidence), output.facts, variant, measure_of(model.fit))
    work.outputs += [_named(work, each) for each in (output, forest, *bent, *held.outputs)]
    work.findings += [*model_findings(model, output.rows, work.about(variant)), *held.findings]
    work.methods += _methods(work, model)
    work.methods.append(Statement("complete_cases", {}))
    if held.outputs:
        references = ("grambsch1994",)
        work.methods.append(
            Statement("proportionality_method", {"transform": "km", "references": references})
        )


def _methods(work: _Work, model: Fitted) -> list[Statement]:
    return model_methods(
        model, stratum=work.labels()["stratum_label"], cluster=work.labels()["cluster_label"]
    )


def _named(work: _Work, output: Output) -> Output:
    return named_rows(output, work.name, work.asked.outcome.endpoint)


def _title(context: Context, options: ModelOptions) -> str:
    labels = endpoints_named(context, options.endpoint)
    words = {"cox": "Cox model", "cause-specific": "Cause-specific models", "fine-gray": "Fine-Gray model"}
    return f"{words[options.method]}: {labels}"


KIND = Kind(
    name="model",
    title="Regression",
    summary="Hazard ratios of several terms together, and each alone if wished: Cox, cause-specific or "
    "Fine-Gray models, with dated columns as time-dependent, and tests of proportional hazards.",
    options=ModelOptions,
    check=model_problems,
    run=run,
    outputs=("model", "forest", "spline", "proportionality", "schoenfeld", "elimination"),
)
