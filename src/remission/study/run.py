"""Running a study: from the study file to Results, with where every number comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import remission
from remission.cohort.cohort import FlowStep
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, Problem, StudyProblems
from remission.study.kinds.multiplicity import across_study
from remission.study.parts import Planned
from remission.study.prepare import Prepared, prepare
from remission.study.results import Analysis, EndpointSummary, Provenance, Results

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
    cohort, study = prepared.context.cohort, prepared.study
    return Results(
        title=study.title,
        question=study.question,
        simulated=study.simulated,
        flow=(FlowStep("rows in the file", 0, cohort.source.rows), *cohort.flow),
        endpoints=tuple(_summary(outcome) for outcome in prepared.context.outcomes.values()),
        analyses=across_study(analyses),
        provenance=_provenance(prepared, started),
        authors=study.authors,
    )


def _run(prepared: Prepared, planned: Planned) -> Analysis:
    """Run one analysis; what it refuses only then is a problem of the study."""
    try:
        return planned.kind.run(prepared.context, planned.options, planned.name)
    except InputError as error:
        message, _, repair = str(error).partition(". ")
        problem = Problem(planned.where, message, repair or "Change or take out this analysis.")
        raise StudyProblems(prepared.text.places.locate([problem])) from error


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
