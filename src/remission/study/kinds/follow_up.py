"""`kind = "follow_up"`: how long, and how completely, patients were followed."""

from __future__ import annotations

from datetime import date

from pydantic import Field, StrictStr

from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    late_entry_problems,
    remedy_problems,
    where_problems,
)
from remission.study.kinds.curve_methods import unique
from remission.study.kinds.endpoints import survival_endpoint
from remission.study.kinds.following import METHOD, Calendar, calendar_of, follow_up_output
from remission.study.kinds.guarded import guarded, question_of
from remission.study.kinds.options import GuardedOptions, in_unit
from remission.study.kinds.views import View
from remission.study.results import Analysis, Output, Statement

COMPLETE_FROM = 0.8


class FollowUpOptions(GuardedOptions):
    """Options of follow-up."""

    endpoint: StrictStr | None = Field(
        None, description="Whose end is the end of follow-up; overall survival unless said."
    )
    by: StrictStr | None = Field(None, description="Column whose groups are shown beside each other.")
    closed: date | None = Field(
        None,
        description="Date on which follow-up was closed, for completeness; the last day anybody was seen "
        "unless said.",
    )


def check(context: Context, options: FollowUpOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    endpoint = options.endpoint or survival_endpoint(context)
    problems = [
        *endpoint_problems(context, [endpoint] if endpoint else [], f"{where}.endpoint"),
        *grouping_problems(context.cohort, [options.by] if options.by else [], f"{where}.by"),
        *remedy_problems(options, where),
        *late_entry_problems(context, [endpoint or ""], options.landmark, f"{where}.landmark"),
        *where_problems(context.cohort, options.where, f"{where}.where"),
    ]
    if options.closed is not None and context.cohort.time_zero is None:
        message = "completeness needs dates, and this cohort has ready-made times"
        problems.append(Problem(f"{where}.closed", message, "Remove `closed`."))
    return tuple(problems)


def run(context: Context, options: FollowUpOptions, name: str) -> Analysis:
    """Estimate the distribution of follow-up by the reverse Kaplan-Meier method."""
    context = in_unit(context, options.unit)
    outcome = context.outcomes[options.endpoint or survival_endpoint(context) or ""]
    answer = guarded(context, name, question_of(options, outcome, options.by))
    outputs: list[Output] = []
    findings = list(answer.findings)
    for view in answer.views:
        calendar = calendar_of(context.cohort, view.outcome, options.closed)
        made, told = follow_up_of(view, calendar)
        outputs += made
        findings += told
    title = options.title or KIND.title
    return Analysis(
        name, KIND.name, title, tuple(outputs), tuple(unique(findings)), follow_up_methods(outputs)
    )


def follow_up_of(view: View, calendar: Calendar | None) -> tuple[list[Output], list[Statement]]:
    """Make the output of one view and what must be known about it."""
    about = {"endpoint_label": view.outcome.label, "variant": view.variant}
    if not len(view.outcome.rows):
        return [], [Statement("nobody_to_analyse", {**about, "by_label": None}, "warning")]
    output = follow_up_output(view, calendar)
    findings = []
    shares = [
        row
        for row in output.rows.iter_rows(named=True)
        if row["measure"] == "completeness" and row["estimate"]
    ]
    low = tuple(
        {"group": row["group"], "completeness": row["estimate"]}
        for row in shares
        if row["estimate"] < COMPLETE_FROM
    )
    if low:
        facts = {**about, "groups": low, "below": COMPLETE_FROM, "closed": output.facts["closed"]}
        findings.append(Statement("follow_up_incomplete", facts, "warning"))
    if not (output.rows["censored"] > 0).any():
        findings.append(Statement("nobody_alive", about))
    return [output], findings


def follow_up_methods(outputs: list[Output]) -> tuple[Statement, ...]:
    """Say how follow-up was measured, if it was."""
    if not outputs:
        return ()
    found = [Statement("follow_up_method", {"method": METHOD, "references": ("schemper1996",)})]
    if any(output.facts["closed"] is not None for output in outputs):
        facts = {"closed": outputs[0].facts["closed"], "references": ("clark2002",)}
        found.append(Statement("completeness_method", facts))
    return tuple(found)


KIND = Kind(
    name="follow_up",
    title="Follow-up",
    summary="Median follow-up by the reverse Kaplan-Meier method with limits and quartiles, range among "
    "survivors, and how complete it was.",
    options=FollowUpOptions,
    check=check,
    run=run,
    outputs=("follow_up",),
)
