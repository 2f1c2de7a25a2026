"""Running a study: from the study file to Results, with where every number comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import remission
from remission.cohort.cohort import Cohort, FlowStep
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, Problem, StudyProblems
from remission.study.kind import Context
from remission.study.kinds.multiplicity import across_study
from remission.study.parts import Planned
from remission.study.prepare import Prepared, context_of, prepare
from remission.study.results import Analysis, EndpointSummary, OtherCohort, Provenance, Results

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""

_PACKAGES = ("numpy", "polars", "scipy", "matplotlib")


def run(path: str | Path, *, data: str | Path | None = None, progress: Progress | None = None) -> Results:
    """Check a study and compute all its analyses.

    Parameters
    ----------
    path : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.
    progress : callable, optional
        `progress(what, done, total)` before each step and at the end.

    Returns
    -------
    Results

    Raises
    ------
    StudyProblems
        With every problem; nothing was computed then.
    """
    started = datetime.now(UTC)
    tell = progress or (lambda what, done, total: None)
    tell("Reading and checking", 0, 1)
    prepared = prepare(path, data=data)
    total = len(prepared.analyses) + 1
    analyses = []
    for number, planned in enumerate(prepared.analyses):
        tell(planned.kind.title, number + 1, total)
        analyses.append(_run(prepared, planned))
    tell("Analyses", total, total)
    cohort, study, second = prepared.context.cohort, prepared.study, prepared.context.validation
    return Results(
        title=study.title,
        question=study.question,
        simulated=study.simulated,
        flow=_flow(cohort),
        endpoints=_summaries(prepared.context),
        analyses=across_study(analyses),
        provenance=_provenance(prepared, started),
        authors=study.authors,
        validation=None if second is None else _other(second, prepared.validation_label),
    )


def _flow(cohort: Cohort) -> tuple[FlowStep, ...]:
    """From the rows of the file on."""
    return (FlowStep("rows in the file", 0, cohort.source.rows), *cohort.flow)


def _other(context: Context, label: str) -> OtherCohort:
    """What the report says of the second cohort, without its patients."""
    source = context.cohort.source
    return OtherCohort(
        label=label,
        data=source.name,
        data_sha256=source.sha256,
        data_rows=source.rows,
        flow=_flow(context.cohort),
        endpoints=_summaries(context),
        notes=source.notes,
    )


def _run(prepared: Prepared, planned: Planned) -> Analysis:
    """Run one analysis; what it refuses only then is a problem of the study."""
    context = context_of(planned, prepared.context)
    if context is None:
        raise AssertionError("checked before")
    try:
        analysis = planned.kind.run(context, planned.options, planned.name)
    except InputError as error:
        message, _, repair = str(error).partition(". ")
        problem = Problem(planned.where, message, repair or "Change or take out this analysis.")
        raise StudyProblems(prepared.text.places.locate([problem])) from error
    if context is prepared.context:
        return analysis
    label = prepared.validation_label
    said = label.lower() in analysis.title.lower()
    return replace(analysis, title=analysis.title if said else f"{analysis.title} ({label})", cohort=label)


def _summaries(context: Context) -> tuple[EndpointSummary, ...]:
    return tuple(_summary(outcome) for outcome in context.outcomes.values())


def _summary(outcome: Outcome) -> EndpointSummary:
    """What the report says of an endpoint, without its patients."""
    events = {cause: int((outcome.event == cause).sum()) for cause in outcome.causes}
    return EndpointSummary(
        outcome.endpoint, outcome.label, outcome.definition, len(outcome.rows), events, outcome.flow
    )


def _provenance(prepared: Prepared, started: datetime) -> Provenance:
    """Hashes, versions, seed and time."""
    source = prepared.context.cohort.source
    versions = {"remission": remission.__version__, "python": python_version()}
    return Provenance(
        data=source.name,
        data_sha256=source.sha256,
        data_rows=source.rows,
        study=prepared.text.path.name,
        study_sha256=prepared.text.sha256,
        versions={**versions, **{name: version(name) for name in _PACKAGES}},
        seed=prepared.study.seed,
        started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        notes=source.notes,
    )
