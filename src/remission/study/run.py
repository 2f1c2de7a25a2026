"""Running a study: from the study file to Results, with where every number comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from platform import python_version

import remission
from remission.cohort.cohort import Cohort, FlowStep
from remission.cohort.outcome import Outcome
from remission.core.problems import InputError, StudyProblems, problem_of
from remission.core.progress import Progress, silent
from remission.study.kind import Context
from remission.study.kinds.multiplicity import across_study
from remission.study.parts import Planned
from remission.study.prepare import Prepared, context_of, prepare
from remission.study.results import Analysis, EndpointSummary, OtherCohort, Provenance, Results
from remission.study.rules_used import rules_of

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
    tell = progress or silent
    tell("Reading and checking", 0, 1)
    prepared = with_signatures(prepare(path, data=data), tell)
    total = len(prepared.analyses) + 1
    analyses: list[Analysis] = []
    for number, planned in enumerate(prepared.analyses):
        tell(planned.kind.title, number + 1, total)
        analyses.append(attached(_run(prepared, planned), analyses))
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
        attachments={
            **_attachments(prepared.context),
            **{name: content for each in analyses for name, content in each.attachments.items()},
        },
        rules=rules_of(cohort),
    )


def _attachments(context: Context) -> dict[str, bytes]:
    """Locked signatures, when they were learned here."""
    taught = None if context.laboratory is None else context.laboratory.taught
    if taught is None or not taught.out_of_fold:
        return {}
    return {f"signatures/{name}": content for name, content in taught.files().items()}


def attached(analysis: Analysis, before: Sequence[Analysis]) -> Analysis:
    """Keep the attachments of analyses apart: one whose name is taken goes into a folder of its analysis."""
    taken = {name for each in before for name in each.attachments}
    moved = {
        name: str(PurePosixPath(name).parent / analysis.name / PurePosixPath(name).name)
        for name in analysis.attachments
        if name in taken
    }
    if not moved:
        return analysis
    outputs = tuple(
        replace(
            output,
            facts={
                **output.facts,
                "files": {key: moved.get(str(file), str(file)) for key, file in files.items()},
            },
        )
        if isinstance(files := output.facts.get("files"), Mapping)
        else output
        for output in analysis.outputs
    )
    kept = {moved.get(name, name): content for name, content in analysis.attachments.items()}
    return replace(analysis, outputs=outputs, attachments=kept)


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


def with_signatures(prepared: Prepared, tell: Progress) -> Prepared:
    """Learn or read the signatures of a study that has any, so that scores are columns like others.

    Parameters
    ----------
    prepared : Prepared
    tell : callable
        `tell(what, done, total)`.

    Raises
    ------
    StudyProblems
        If nothing can be learned, or patients lack too many genes.
    """
    if prepared.signature is None:
        return prepared
    from remission.study.laboratory import prepare as laboratory  # noqa: PLC0415 - few studies need it

    folder = prepared.text.path.resolve().parent
    try:
        context = laboratory.with_signatures(prepared.context, prepared.signature, folder, tell)
    except InputError as error:
        raise _refused(prepared, "signature", error, "Change [signature].") from error
    return replace(prepared, context=context)


def _refused(prepared: Prepared, where: str, error: InputError, otherwise: str) -> StudyProblems:
    """What is refused only when it runs is a problem of the study."""
    return StudyProblems(prepared.text.places.locate([problem_of(error, where, otherwise)]))


def _run(prepared: Prepared, planned: Planned) -> Analysis:
    """Run one analysis; what it refuses only then is a problem of the study."""
    context = context_of(planned, prepared.context)
    if context is None:
        raise AssertionError("checked before")
    try:
        analysis = planned.kind.run(context, planned.options, planned.name)
    except InputError as error:
        raise _refused(prepared, planned.where, error, "Change or take out this analysis.") from error
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
    laboratories = [
        each.laboratory
        for each in (prepared.context, prepared.context.validation)
        if each is not None and each.laboratory is not None
    ]
    taught = any(each.taught is not None and each.taught.out_of_fold for each in laboratories)
    packages = (*_PACKAGES, "scikit-learn") if taught else _PACKAGES
    versions = {"remission": remission.__version__, "python": python_version()}
    return Provenance(
        data=source.name,
        data_sha256=source.sha256,
        data_rows=source.rows,
        study=prepared.text.path.name,
        study_sha256=prepared.text.sha256,
        versions={**versions, **{name: version(name) for name in packages}},
        seed=prepared.study.seed,
        started=started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        notes=(*source.notes, *(note for each in laboratories for note in each.notes)),
        files={name: digest for each in laboratories for name, digest in each.files.items()},
    )
