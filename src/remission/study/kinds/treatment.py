"""`kind = "treatment"`: phases in their windows, indicated against delivered, deviations from protocol."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from remission.cohort.outcome import Outcome
from remission.study.kind import Context, Kind
from remission.study.kinds.conditions import selection_findings
from remission.study.kinds.curve_findings import common_times, curve_findings, times_of
from remission.study.kinds.curve_methods import curve_methods, unique
from remission.study.kinds.describing import Patients
from remission.study.kinds.drawing import curve_outputs
from remission.study.kinds.grouping import grouping
from remission.study.kinds.guarded import guarded, question_of
from remission.study.kinds.landmark_methods import landmark_methods
from remission.study.kinds.naive import naive_findings
from remission.study.kinds.options import in_unit
from remission.study.kinds.stacking import stack_output
from remission.study.kinds.times import days_of
from remission.study.kinds.treatment_checks import check, incidence_of
from remission.study.kinds.treatment_findings import (
    delivery_findings,
    deviation_findings,
    phase_findings,
    treatment_methods,
)
from remission.study.kinds.treatment_followed import followed
from remission.study.kinds.treatment_options import TreatmentOptions
from remission.study.kinds.treatment_rows import (
    deviations_output,
    indication_output,
    phases_output,
    starts_output,
)
from remission.study.kinds.views import View
from remission.study.kinds.withheld import withheld_filters, withheld_groups
from remission.study.results import Analysis, Output, Statement

INDICATED, REST = "where indicated", "not given, event-free"


def run(context: Context, options: TreatmentOptions, name: str) -> Analysis:
    """Count phases, deliveries and deviations, and estimate the incidence among those with the indication."""
    cohort, by = context.cohort, options.by
    title = options.title or KIND.title
    refused = withheld_filters(cohort, options.where)
    if refused:
        return Analysis(name, KIND.name, title, (), refused)
    findings = withheld_groups(cohort, by)
    by = None if findings else by
    done = followed(context, options)
    rows = np.flatnonzero(done.among.holds)
    grouped = None if by is None else grouping(cohort, by).of(rows)
    patients = Patients(rows, grouped)
    findings += selection_findings(options.where, done.among)
    findings += [] if grouped is None else grouped.findings()
    outputs: list[Output] = []
    if done.phases:
        outputs += [make(context, options, done, patients, name) for make in (phases_output, starts_output)]
        findings += phase_findings(done)
    methods: list[Statement] = treatment_methods(context, options)
    if done.given is not None:
        outputs.append(indication_output(context, options, done, patients, name))
        findings += delivery_findings(context, options, done)
        drawn, said, told = _incidence(context, options, name)
        outputs += drawn
        findings += said
        methods += told
    if done.deviations:
        outputs.append(deviations_output(context, options, done, patients, name))
        findings += deviation_findings(done)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(unique(findings)), tuple(unique(methods)))


def _incidence(
    context: Context, options: TreatmentOptions, name: str
) -> tuple[list[Output], list[Statement], list[Statement]]:
    """Incidence of delivery in first remission among those with the indication, by what came first."""
    context = in_unit(context, options.unit)
    declared = context.outcomes[incidence_of(context, options) or ""]
    outcome = replace(declared, label=f"{declared.label} {INDICATED}")
    where = (*options.where, *((options.indication,) if options.indication else ()))
    answer = guarded(context, name, replace(question_of(options, outcome), where=where))
    findings = [*answer.findings, *naive_findings(answer, common_times(answer.views, options.at))]
    outputs: list[Output] = []
    views: list[View] = []
    until = days_of(options.until, context.cohort.clock)
    for view in answer.views:
        at, early = times_of(view, options.at)
        if view.variant != "naive":
            findings += [*early, *curve_findings(view, at, until=until)]
        if len(view.outcome.rows):
            outputs += curve_outputs(view, at, until=until)
            stack = stack_output(view, _family(view.outcome), at, until)
            outputs.append(replace(stack, facts={**stack.facts, "rest_label": REST}))
            views.append(view)
    return outputs, findings, [*curve_methods(views), *landmark_methods(views)]


def _family(outcome: Outcome) -> tuple[Outcome, ...]:
    """Everything that came first in anybody, each as an endpoint of its own, for the stack."""
    others = (
        replace(outcome, cause=cause, label=cause[:1].upper() + cause[1:])
        for cause in outcome.causes[1:]
        if (outcome.event == cause).any()
    )
    return (replace(outcome, label=outcome.cause[:1].upper() + outcome.cause[1:]), *others)


KIND = Kind(
    name="treatment",
    title="Treatment against protocol",
    summary="Phases in their planned windows, early, late or not started and why; transplant indicated "
    "against transplant given, with its incidence in first remission; deviations from protocol.",
    options=TreatmentOptions,
    check=check,
    run=run,
    outputs=("phases", "phase_starts", "indication", "curves", "at_risk", "estimates", "stack", "deviations"),
)
