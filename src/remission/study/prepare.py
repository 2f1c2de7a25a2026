"""Everything before the first number: study file, data, endpoints and analyses, all checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from remission.cohort.build import cohort_so_far
from remission.cohort.cohort import Cohort
from remission.cohort.declare import ColumnDeclaration
from remission.cohort.endpoints.build import build_outcomes
from remission.cohort.endpoints.implied import implied_columns
from remission.core.problems import Problem, StudyProblems
from remission.core.suggest import did_you_mean
from remission.rules.derived import Library
from remission.study.kind import Context
from remission.study.laboratory.declare import SignatureDeclaration
from remission.study.parts import Parts, Planned, read_parts
from remission.study.spec import StudyDeclaration
from remission.study.syntax import StudyText, read_study_text


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A study without problems, ready to run."""

    text: StudyText
    study: StudyDeclaration
    context: Context
    analyses: tuple[Planned, ...]
    validation_label: str = ""
    signature: SignatureDeclaration | None = None


def prepare(path: str | Path, *, data: str | Path | None = None) -> Prepared:
    """Read a study file and its data, and check everything.

    Parameters
    ----------
    path : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.

    Returns
    -------
    Prepared

    Raises
    ------
    StudyProblems
        With every problem of file, data, endpoints and analyses.
    """
    text, problems = read_study_text(Path(path))
    if text is None:
        raise StudyProblems(problems)
    parts, found = read_parts(text.raw, text.places)
    told = list(found)
    cohort, untold = _cohort(parts, text, told, data)
    context = None if cohort is None else _context(parts, text, cohort, untold, told)
    if parts.validation is not None:
        second = _validation(parts, text, cohort, told)
        context = None if context is None else replace(context, validation=second)
    if context is not None and (parts.response or parts.expression or parts.signature):
        from remission.study.laboratory import prepare as laboratory  # noqa: PLC0415 - few studies need it

        folder = text.path.resolve().parent
        context, found = laboratory.with_laboratory(context, parts, folder)
        told += found
        if parts.signature is not None and not told:  # else it might only repeat what is told
            told += laboratory.learning_problems(context, parts.signature, folder)
    told += _analysis_problems(parts, context, untold)
    located = text.places.locate(told)
    if located or context is None or parts.study is None:
        raise StudyProblems(_in_order(located))
    label = "" if parts.validation is None else parts.validation.label
    return Prepared(text, parts.study, context, parts.analyses, label, parts.signature)


def check(path: str | Path, *, data: str | Path | None = None) -> tuple[Problem, ...]:
    """Every problem of a study and its data, in the order of the study file; empty when it can run.

    Parameters
    ----------
    path : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.

    Returns
    -------
    tuple of Problem
    """
    try:
        prepare(path, data=data)
    except StudyProblems as problems:
        return problems.problems
    return ()


def read_cohort(path: str | Path, *, data: str | Path | None = None) -> Cohort:
    """Read the patients of a study: typed, derived, included and checked.

    The [study], [endpoints] and [[analysis]] tables may be missing or have problems of their own.

    Parameters
    ----------
    path : str or Path
        The study file.
    data : str or Path, optional
        The file of patients, when it is not the one that [cohort] names.

    Returns
    -------
    Cohort

    Raises
    ------
    StudyProblems
        With every problem of the cohort's part of the file and of the data.
    """
    text, problems = read_study_text(Path(path))
    if text is None:
        raise StudyProblems(problems)
    parts, found = read_parts(text.raw, text.places)
    told = [each for each in found if not each.where.startswith(("study", "endpoints", "analysis"))]
    cohort, _ = _cohort(parts, text, told, data)
    located = text.places.locate(told)
    if located or cohort is None:
        raise StudyProblems(_in_order(located))
    return cohort


def _cohort(
    parts: Parts, text: StudyText, told: list[Problem], data: str | Path | None
) -> tuple[Cohort | None, frozenset[str]]:
    """Build the cohort, adding to the problems; also return the names whose faults need not be told again.

    When there are problems it is what could be read, for checking the rest.
    """
    if parts.cohort is None:
        return None, parts.faulty
    implied = implied_columns(parts.endpoints, dated=parts.cohort.time_zero is not None)
    folder = text.path.resolve().parent
    declared = parts.cohort
    if data is not None:
        declared = declared.model_copy(update={"file": str(Path(data).resolve())})
    cohort, problems, broken = cohort_so_far(
        declared,
        parts.columns,
        parts.derived,
        parts.exclude,
        folder,
        implied=implied,
        rulebook=Library(folder),
    )
    told += _without_echoes(problems, parts.faulty)
    if problems and (cohort is None or cohort.frame.is_empty()):
        return None, parts.faulty | broken
    return cohort, parts.faulty | broken


def _context(
    parts: Parts, text: StudyText, cohort: Cohort, untold: frozenset[str], told: list[Problem]
) -> Context:
    """Build the outcomes and what else analyses may read, adding to the problems."""
    outcomes, problems = build_outcomes(
        cohort,
        parts.endpoints,
        folder=text.path.resolve().parent,
        missing_endpoint="refuse" if parts.cohort is None else parts.cohort.missing_endpoint,
    )
    told += _without_echoes(problems, untold)
    study = parts.study or StudyDeclaration(title="-")
    return Context(
        cohort,
        outcomes,
        study.confidence,
        study.interval,
        study.variance,
        study.seed,
        style=study.style,
        folder=text.path.resolve().parent,
    )


def _validation(parts: Parts, text: StudyText, first: Cohort | None, told: list[Problem]) -> Context | None:
    """Read the second cohort, adding what is wrong with it and was not told of the first."""
    second = parts.validation
    if second is None or parts.cohort is None:
        return None
    update = {name: getattr(second, name) for name in ("file", "sheet", "encoding", "separator")}
    declared = parts.cohort.model_copy(update=update)
    found: list[Problem] = []
    columns = parts.columns if first is None else _as_in(first, parts)
    only = replace(parts, cohort=declared, columns=columns, exclude=second.exclude)
    cohort, untold = _cohort(only, text, found, None)
    context = None if cohort is None else _context(only, text, cohort, untold, found)
    told += [_of_validation(problem, second.file) for problem in found if problem not in told]
    return context


def _as_in(first: Cohort, parts: Parts) -> dict[str, ColumnDeclaration]:
    """Declare the columns that were read as they look to be what they were in the first cohort."""
    declared = dict(parts.columns)
    named = {*parts.columns, *(() if parts.cohort is None else parts.cohort.baseline)}
    for name, column in first.columns.items():
        if name not in named or name in first.derived or name == first.id or column.is_time:
            continue
        entry = declared.get(name, ColumnDeclaration())
        found: dict[str, object] = {"kind": column.kind} if entry.kind is None else {}
        if column.kind == "category" and not entry.levels and not entry.codes:
            found["levels"] = column.levels
        declared[name] = entry.model_copy(update=found)
    return declared


def _of_validation(problem: Problem, file: str) -> Problem:
    """Say that a problem is of the second cohort, where its words do not."""
    if problem.where.startswith("exclude"):
        return replace(problem, where=f"validation.{problem.where}")
    name = PurePath(file).name
    said = problem.where.startswith(name) or name in problem.message
    return problem if said else replace(problem, message=f"{problem.message} (in {name})")


def _analysis_problems(parts: Parts, context: Context | None, untold: frozenset[str]) -> list[Problem]:
    """Let every kind check its options; without a cohort only the names of endpoints can be checked."""
    if context is None:
        return [problem for planned in parts.analyses for problem in _unknown_endpoints(planned, parts)]
    failed = set(parts.endpoints) - set(context.outcomes)
    if context.validation is not None:
        failed |= set(parts.endpoints) - set(context.validation.outcomes)
    untold = untold | failed
    return [
        problem
        for planned in parts.analyses
        for problem in _without_echoes(_told_of(planned, context, parts), untold)
        if not (failed and _may_mean_a_failed_one(planned, problem))
    ]


def _told_of(planned: Planned, context: Context, parts: Parts) -> tuple[Problem, ...]:
    """Check an analysis on the cohort it is of."""
    of = context_of(planned, context)
    if of is not None:
        return planned.kind.check(of, planned.options, planned.where)
    if parts.validation is not None:
        return ()
    repair = "Add [validation] with its file, or take out cohort."
    return (Problem(f"{planned.where}.cohort", "the study has no validation cohort", repair),)


def context_of(planned: Planned, context: Context) -> Context | None:
    """What an analysis may read: of the first cohort, or of the second where it says so.

    Parameters
    ----------
    planned : Planned
    context : Context
        Of the first cohort.

    Returns
    -------
    Context or None
        None if the second cohort is not there or could not be read.
    """
    if getattr(planned.options, "cohort", None) != "validation":
        return context
    return None if context.validation is None else replace(context.validation, first=context)


def _may_mean_a_failed_one(planned: Planned, problem: Problem) -> bool:
    """Whether an analysis names no endpoint, so that the one it means may have faults of its own."""
    return problem.where == f"{planned.where}.endpoint" and getattr(planned.options, "endpoint", "") is None


def _unknown_endpoints(planned: Planned, parts: Parts) -> list[Problem]:
    """Endpoints an analysis names and the file does not declare."""
    named = getattr(planned.options, "endpoint", ())
    names = (named,) if isinstance(named, str) else tuple(named or ())
    known = {*parts.endpoints, *parts.faulty}
    repair = "Declare it under [endpoints], or correct the name."
    return [
        Problem(
            f"{planned.where}.endpoint",
            f'there is no endpoint "{name}"',
            repair + did_you_mean(name, parts.endpoints),
        )
        for name in names
        if name not in known
    ]


def _without_echoes(problems: Iterable[Problem], faulty: Iterable[str]) -> list[Problem]:
    """Leave out what only repeats that a column or endpoint has faults of its own, told already."""
    names = tuple(faulty)
    return [each for each in problems if not any(_concerns(each, name) for name in names)]


def _concerns(problem: Problem, name: str) -> bool:
    parts = problem.where.replace(": ", ".").split(".")
    return f'"{name}"' in problem.message or name in parts


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem once; those of the study file by line, then those of the data as found."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda each: each.line or 10**9))
