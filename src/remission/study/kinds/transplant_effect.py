"""`kind = "transplant_effect"`: does a treatment that begins later help, and whom? Every way of counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from remission.cohort.outcome import Outcome
from remission.study.kind import Context, Kind
from remission.study.kinds.curve_findings import times_of
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.endpoints import endpoints_named
from remission.study.kinds.grouping import Grouping
from remission.study.kinds.model_data import Asked, asked
from remission.study.kinds.model_findings import left_out, model_findings
from remission.study.kinds.model_fit import Recipe, varies
from remission.study.kinds.model_methods import model_methods
from remission.study.kinds.model_output import model_output, named_rows
from remission.study.kinds.model_terms import ModelTerm, read_terms
from remission.study.kinds.options import in_unit
from remission.study.kinds.status_findings import status_findings, status_methods
from remission.study.kinds.statuses import MOVES, Statuses, as_outcome, status_outputs, status_tests
from remission.study.kinds.times import days_of, named_times
from remission.study.kinds.transplant_checks import check
from remission.study.kinds.transplant_early import early_effect
from remission.study.kinds.transplant_findings import way_findings, way_methods
from remission.study.kinds.transplant_fits import Effect
from remission.study.kinds.transplant_options import TransplantOptions, listed
from remission.study.kinds.transplant_patients import NO, YES, Patients, patients_of
from remission.study.kinds.transplant_risk import is_treatment, risk_groups, risk_output
from remission.study.kinds.transplant_subgroups import subgroup_effects
from remission.study.kinds.transplant_table import Counting, every_way, person_time_output, ways_output
from remission.study.kinds.transplant_ways import moving_rows, naive_rows
from remission.study.kinds.views import view
from remission.study.kinds.withheld import Role, known_on
from remission.study.results import Analysis, Fact, Output, Statement


@dataclass(slots=True)
class _Done:
    """What the endpoints have given so far."""

    outputs: list[Output] = field(default_factory=list)
    findings: list[Statement] = field(default_factory=list)
    methods: list[Statement] = field(default_factory=list)


def run(context: Context, options: TransplantOptions, name: str) -> Analysis:
    """Count the effect on every endpoint in every way."""
    context = in_unit(context, options.unit)
    done = _Done()
    for endpoint in options.endpoint:
        _endpoint(context, options, name, context.outcomes[endpoint], done)
    title = options.title or _title(context, options)
    return Analysis(
        name, KIND.name, title, tuple(done.outputs), tuple(unique(done.findings)), tuple(unique(done.methods))
    )


def _endpoint(context: Context, options: TransplantOptions, name: str, outcome: Outcome, done: _Done) -> None:
    """Everything about one endpoint."""
    asked_for = _asked_for(context, options, name, outcome, done)
    if asked_for is None:
        return
    counting, split, made = asked_for
    found, used, clock = counting.found, counting.adjust, counting.clock
    facts = _facts(context, options, found)
    effects = every_way(counting)
    made += [ways_output(counting, effects, facts), person_time_output(counting, facts)]
    done.findings += way_findings(counting, effects)
    done.methods += way_methods(counting, effects)
    variant: dict[str, Fact] = {"endpoint_label": outcome.label, "variant": "multivariable"}
    if used:
        labels = {key: column.title for key, column in context.cohort.columns.items()}
        done.findings += left_out(moving_rows(found), used, counting.recipe, labels, variant)
    made += _adjusted_model(context, options, found, effects, facts, variant, done)
    if options.early:
        cuts = named_times(options.early, clock)
        periods, said, how = early_effect(found, used, counting.recipe, cuts, facts)
        made += [] if periods is None else [periods]
        done.findings += said
        done.methods += how
    if split:
        forest, said = subgroup_effects(found, split, used, counting.recipe, facts, options.adjust_p)
        made.append(forest)
        done.findings += said
        done.methods.append(
            Statement("subgroup_method", {"adjusted_for": tuple(term.label for term in used)})
        )
    done.outputs += [named_rows(output, name, outcome.endpoint) for output in made]
    _curves(context, options, name, found, done)


def _asked_for(
    context: Context, options: TransplantOptions, name: str, outcome: Outcome, done: _Done
) -> tuple[Counting, list[ModelTerm], list[Output]] | None:
    """What shall be counted, by which columns it is split, and the table of risk groups; None for nobody."""
    cohort = context.cohort
    adjust = read_terms(cohort, options.adjust)
    by = read_terms(cohort, list(dict.fromkeys([*listed(options.risk), *options.interaction])))
    donor = read_terms(cohort, listed(options.donor))
    roles: dict[str, Role] = {term.name: "group" for term in (*by, *donor)}
    roles |= {term.name: "adjust" for term in adjust}
    terms = list({term.name: term for term in (*by, *donor, *adjust)}.values())
    base = asked(context, name, outcome, terms, where=options.where, moving=False, roles=roles)
    done.findings += base.findings
    about: dict[str, Fact] = {"endpoint_label": outcome.label, "by_label": cohort.column(options.by).title}
    if base.rows is None or not len(base.outcome.rows):
        done.findings.append(Statement("nobody_to_analyse", {**about, "variant": ""}, "warning"))
        return None
    kept = {term.name for term in base.terms}
    found = patients_of(cohort, base.rows, options.by)
    if found.unknown:
        unknown: dict[str, Fact] = {"column": options.by, "label": found.label, "n": found.unknown}
        done.findings.append(Statement("group_unknown", {**unknown, "total": len(base.outcome.rows)}))
    if not len(found.switch):
        done.findings.append(Statement("nobody_to_analyse", {**about, "variant": ""}, "warning"))
        return None
    made: list[Output] = []
    risk = options.risk if options.risk in kept else None
    if risk is not None:
        found, by, risk, made = _by_risk(context, options, found, by, done)
    kept &= {term.name for term in (*by, *donor, *adjust)}
    used = tuple(term for term in adjust if term.name in kept)
    if options.risk is not None and risk is None:
        # In one risk group only, what all of its patients have in common adjusts for nothing.
        used = tuple(term for term in used if varies(naive_rows(found), term))
    counting = Counting(
        found,
        used,
        Recipe("cox", outcome.cause, confidence=context.confidence),
        context.cohort.clock,
        tuple(options.landmark),
        options.waiting_time,
        risk,
        options.donor if options.donor in kept else None,
    )
    return counting, [term for term in by if term.name in kept], made


def _by_risk(
    context: Context, options: TransplantOptions, found: Patients, by: Sequence[ModelTerm], done: _Done
) -> tuple[Patients, tuple[ModelTerm, ...], str | None, list[Output]]:
    """Who was transplanted in each risk group; where risk is treatment, go on in the transplanted one."""
    (risk,) = [term for term in by if term.name == options.risk]
    groups = risk_groups(found, risk.name, risk.levels)
    facts = _facts(context, options, found)
    output, said = risk_output(groups, facts, risk.name, risk.label)
    done.findings += said
    only = is_treatment(groups)
    if only is None:
        return found, tuple(by), risk.name, [output]
    inside = np.asarray(found.columns[risk.name] == only, dtype=bool)
    found = found.only(inside, f"{only} only")
    output = replace(output, facts={**output.facts, "by_label": found.label})
    return found, tuple(term for term in by if term is not risk), None, [output]


def _adjusted_model(
    context: Context,
    options: TransplantOptions,
    found: Patients,
    effects: Sequence[Effect],
    facts: dict[str, Fact],
    variant: dict[str, Fact],
    done: _Done,
) -> list[Output]:
    """The adjusted time-dependent model with all its terms."""
    model = next((each.model for each in effects if each.way == "time-dependent" and each.adjusted), None)
    if model is None:
        return []
    shape = Asked(found.outcome, None, moving_rows(found), model.terms, {options.by: _date(context, options)})
    more: dict[str, Fact] = {
        "method": "cox",
        "eligible": len(found.switch),
        "stratum_label": None,
        "cluster_label": None,
        "confidence": context.confidence,
    }
    output = model_output(model, {**facts, **more}, shape, "multivariable")
    done.findings += model_findings(model, output.rows, variant)
    done.methods += model_methods(model)
    return [output]


def _curves(context: Context, options: TransplantOptions, name: str, found: Patients, done: _Done) -> None:
    """Mantel-Byar test and Simon-Makuch curves."""
    rows = moving_rows(found)
    grouped = Grouping(found.by, found.label, (NO, YES), False, rows.columns[found.by])  # noqa: FBT003 - ordered
    made = view(context, name, as_outcome(rows), grouped, variant=MOVES)
    moving = Statuses(made, rows, ())
    tests = status_tests(moving, rho=0.0, adjust="none", pairs=False)
    at, early = times_of(made, options.at)
    start = None if options.start is None else named_times([options.start], made.clock)[0]
    until = days_of(options.until, made.clock)
    done.outputs += status_outputs(moving, tests, at, start=start, until=until)
    done.findings += [*early, *status_findings(moving, tests, at)]
    done.methods += status_methods(moving, tests, start)
    if found.outcome.measure == "survival":
        done.methods += [each for each in curve_methods([made]) if each.name in ("kaplan_meier", "time_unit")]


def _facts(context: Context, options: TransplantOptions, found: Patients) -> dict[str, Fact]:
    """What every output says about itself."""
    outcome = found.outcome
    return {
        "endpoint": outcome.endpoint,
        "endpoint_label": outcome.label,
        "cause": outcome.cause,
        "unit": context.cohort.clock.unit,
        "time_zero": outcome.time_zero,
        "by": options.by,
        "by_label": found.label,
        "landmark": None,
        "confidence": context.confidence,
        "hazard": "hazard" if len(outcome.causes) == 1 else "cause-specific hazard",
        "known_on": _date(context, options),
    }


def _date(context: Context, options: TransplantOptions) -> str | None:
    return known_on(context.cohort, str(context.cohort.column(options.by).known_at))


def _title(context: Context, options: TransplantOptions) -> str:
    label = context.cohort.column(options.by).title
    endpoints = endpoints_named(context, options.endpoint)
    return f"Effect of {label}: {endpoints}"


KIND = Kind(
    name="transplant_effect",
    title="Effect of transplant",
    summary="Whether transplant during follow-up helps, and whom: the naive comparison (marked as biased), "
    "Mantel-Byar, time-dependent Cox, landmarks, adjusted for waiting time, early and late, by subgroup, and "
    "donor against no donor, side by side; says where the risk group is the treatment.",
    options=TransplantOptions,
    check=check,
    run=run,
    outputs=(
        "transplant_effect",
        "transplant_time",
        "transplant_by_risk",
        "transplant_periods",
        "curves",
        "at_risk",
        "estimates",
        "test",
        "model",
        "forest",
    ),
)
