"""`kind = "causes_of_death"`: what those who died, died of."""

from __future__ import annotations

import numpy as np
from pydantic import Field, StrictStr

from remission.core.problems import Problem
from remission.study.kind import Context, Kind
from remission.study.kinds.checks import column_problems, endpoint_problems, grouping_problems, where_problems
from remission.study.kinds.conditions import Answers, answers, selection_findings
from remission.study.kinds.describing import Patients, counted
from remission.study.kinds.endpoints import survival_endpoint
from remission.study.kinds.grouping import as_levels, can_group, grouping, levels_of
from remission.study.kinds.options import Options
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.withheld import known_at_baseline, when_known, withheld_filters
from remission.study.results import Analysis, Fact, Output, Statement

UNKNOWN = "unknown"


class CausesOfDeathOptions(Options):
    """Options of the causes of death."""

    column: StrictStr = Field(description="Category that holds the cause of death.")
    endpoint: StrictStr | None = Field(
        None, description="Endpoint that tells who died; overall survival unless said."
    )
    by: StrictStr | None = Field(
        None, description="Column whose groups stand side by side. Among the dead any column may be used."
    )


def check(context: Context, options: CausesOfDeathOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort, place = context.cohort, f"{where}.column"
    endpoint = options.endpoint or survival_endpoint(context)
    problems = [*column_problems(cohort, [options.column], place)]
    if options.column in cohort.columns and not can_group(cohort.columns[options.column]):
        repair = f'Declare it under [columns.{options.column}] as kind = "category" with its levels.'
        problems.append(Problem(place, f'"{options.column}" is no category', repair))
    if endpoint is None:
        repair = "Declare overall survival under [endpoints], or name an endpoint here."
        problems.append(Problem(f"{where}.endpoint", "no endpoint tells who died", repair))
    else:
        problems += endpoint_problems(context, [endpoint], f"{where}.endpoint")
    problems += grouping_problems(cohort, [options.by] if options.by else [], f"{where}.by")
    return (*problems, *where_problems(cohort, options.where, f"{where}.where"))


def run(context: Context, options: CausesOfDeathOptions, name: str) -> Analysis:
    """Count causes among the dead; the unknown are shown, and contradictions told."""
    cohort = context.cohort
    column = cohort.column(options.column)
    title = options.title or column.title
    refused = withheld_filters(cohort, options.where)
    if refused:
        return Analysis(name, KIND.name, title, (), refused)
    outcome = context.outcomes[options.endpoint or survival_endpoint(context) or ""]
    answered = answers(cohort, options.where)
    holding = Answers(answered.holds[outcome.rows], answered.unknown[outcome.rows])
    outcome = outcome.only(holding.holds)
    causes = as_levels(cohort.frame[options.column].gather(outcome.rows))
    died = outcome.event != np.array(None)
    dead = outcome.rows[died]
    grouped = None if options.by is None else grouping(cohort, options.by).of(dead)
    patients = Patients(dead, grouped)
    known = causes[died]
    known[known == np.array(None)] = UNKNOWN
    levels = levels_of(column)
    if UNKNOWN not in levels and (known == UNKNOWN).any():
        levels = (*levels, UNKNOWN)
    records: list[Record] = []
    for group, mask in patients.parts():
        same = {"term": column.name, "group": group}
        records += [{**same, **record} for record in counted(levels, known[mask])]
    facts: dict[str, Fact] = {
        "label": column.title,
        **patients.facts(),
        "patients": len(outcome.rows),
    }
    output = Output("causes_of_death", rows_from(records, analysis=name), facts)
    findings = [*selection_findings(options.where, holding), *([] if grouped is None else grouped.findings())]
    findings += _contradictions(column.title, causes, died)
    if options.by is not None and not known_at_baseline(cohort, options.by):
        variables: tuple[Fact, ...] = (when_known(cohort, options.by),)
        said: dict[str, Fact] = {"variables": variables, "time_zero": cohort.time_zero_label}
        findings.append(Statement("known_after_time_zero", said, "warning"))
    return Analysis(name, KIND.name, title, (output,), tuple(findings))


def _contradictions(
    label: str,
    causes: np.ndarray[tuple[int], np.dtype[np.object_]],
    died: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> list[Statement]:
    """Causes recorded for the living, and deaths without a cause."""
    known = causes != np.array(None)
    living, without = int((known & ~died).sum()), int((~known & died).sum())
    found = []
    if living:
        facts: dict[str, Fact] = {"label": label, "n": living, "alive": int((~died).sum())}
        found.append(Statement("cause_of_death_in_the_living", facts, "warning"))
    if without:
        facts = {"label": label, "n": without, "deaths": int(died.sum())}
        found.append(Statement("death_without_cause", facts))
    return found


KIND = Kind(
    name="causes_of_death",
    title="Causes of death",
    summary="Counts and percentages of the causes among those who died, the unknown shown.",
    options=CausesOfDeathOptions,
    check=check,
    run=run,
    outputs=("causes_of_death",),
)
