"""Every problem of the options of a model."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from remission.core.clock import parse_duration
from remission.core.problems import Problem
from remission.study.kind import Context
from remission.study.kinds.checks import (
    column_problems,
    endpoint_problems,
    grouping_problems,
    landmark_problems,
    late_entry_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.model_data import moving_columns
from remission.study.kinds.model_options import ModelOptions
from remission.study.kinds.model_terms import TermEntry, read_terms, term_problems

FINE_GRAY = "fine-gray"


def model_problems(context: Context, options: ModelOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    of_terms = term_problems(cohort, options.terms, f"{where}.terms")
    problems = [
        *endpoint_problems(context, options.endpoint, f"{where}.endpoint"),
        *of_terms,
        *grouping_problems(cohort, [options.stratum] if options.stratum else [], f"{where}.stratum"),
        *column_problems(cohort, [options.cluster] if options.cluster else [], f"{where}.cluster"),
        *landmark_problems(options.landmark, f"{where}.landmark"),
        *late_entry_problems(context, options.endpoint, options.landmark, f"{where}.landmark"),
        *where_problems(cohort, options.where, f"{where}.where"),
        *_twice(options, where),
        *_named_terms(options, where),
        *_cuts(options, where),
        *_fine_gray(context, options, where),
    ]
    if not of_terms and options.method == FINE_GRAY:
        problems += _moving(context, options, where)
    return tuple(problems)


def columns_of_entries(entries: Sequence[TermEntry]) -> tuple[str, ...]:
    """Columns that are terms of their own."""
    names = (entry if isinstance(entry, str) else entry.column for entry in entries)
    return tuple(name for name in names if name is not None)


def _twice(options: ModelOptions, where: str) -> list[Problem]:
    """Strata and clusters that are terms as well."""
    problems = []
    names = columns_of_entries(options.terms)
    if options.stratum is not None and options.stratum in names:
        message = f'"{options.stratum}" is both stratum and term: within a stratum it does not vary'
        problems.append(Problem(f"{where}.stratum", message, "Take it out of one of them."))
    return problems


def _named_terms(options: ModelOptions, where: str) -> list[Problem]:
    """Terms to keep, or to follow by period, that are not there."""
    names = columns_of_entries(options.terms)
    problems = []
    for name in () if options.eliminate is None else options.eliminate.keep:
        if name not in names:
            message = f'"{name}" cannot be kept: it is not among the terms'
            problems.append(Problem(f"{where}.eliminate.keep", message, f"Name one of {', '.join(names)}."))
    if options.time_varying is not None:
        place, name = f"{where}.time_varying", options.time_varying.column
        plain = {entry if isinstance(entry, str) else entry.column for entry in options.terms} - {None}
        bent = {entry.column for entry in options.terms if not isinstance(entry, str) and entry.spline}
        products = {
            name for entry in options.terms if not isinstance(entry, str) for name in entry.interaction or ()
        }
        if name not in plain:
            message = f'"{name}" is not among the terms'
            problems.append(Problem(f"{place}.column", message, f"Name one of {', '.join(names)}."))
        elif name in bent or name in products:
            message = f'"{name}" is a spline or in an interaction: its effect by period cannot be read'
            problems.append(
                Problem(f"{place}.column", message, "Enter it as a line or as groups of its own.")
            )
        if options.firth:
            message = "effects by period have no Firth penalty here"
            problems.append(Problem(place, message, "Leave out `firth`, or make two analyses."))
    return problems


def _cuts(options: ModelOptions, where: str) -> list[Problem]:
    if options.time_varying is None:
        return []
    varying = options.time_varying
    name = "log_time_at" if varying.log_time_at else "cuts"
    place, texts = f"{where}.time_varying.{name}", varying.log_time_at or varying.cuts
    problems = list(time_problems(texts, place))
    if problems:
        return problems
    if varying.cuts and varying.log_time_at:
        message = "the effect changes either between periods or with log time"
        return [Problem(place, message, "Leave out `cuts` or `log_time_at`, or make two analyses.")]
    if not texts:
        return [Problem(place, "no time is named", 'Write cuts = ["100 days"].')]
    # years and days are compared roughly: exact lengths depend on the study's own year
    rough = {"days": 1.0, "weeks": 7.0, "months": 30.4, "years": 365.0}
    lengths = [parse_duration(text) for text in texts]
    days = [length.value * rough[length.unit] for length in lengths]
    if days[0] <= 0 or any(later <= earlier for earlier, later in itertools.pairwise(days)):
        return [
            Problem(place, f"{name} increase, and lie after time zero", "Write them in increasing order.")
        ]
    return []


def _fine_gray(context: Context, options: ModelOptions, where: str) -> list[Problem]:
    """What Fine-Gray models do not have, and what only they have."""
    if options.method != FINE_GRAY:
        if options.variant is not None:
            message = "`variant` is for Fine-Gray models"
            return [Problem(f"{where}.variant", message, 'Leave it out, or write method = "fine-gray".')]
        return []
    problems = []
    if options.firth:
        message = "a Fine-Gray model has no likelihood to penalise"
        problems.append(Problem(f"{where}.firth", message, 'Leave it out, or write method = "cox".'))
    if options.time_varying is not None:
        message = "effects by period need rows that Fine-Gray models do not have"
        problems.append(Problem(f"{where}.time_varying", message, 'Write method = "cox" for this one.'))
    alone = [
        name
        for name in options.endpoint
        if name in context.outcomes and len(context.outcomes[name].causes) < 2
    ]
    for name in alone:
        message = f'nothing competes with the event of "{name}", so there is no subdistribution'
        problems.append(Problem(f"{where}.method", message, 'Write method = "cox".'))
    if options.variant == "crr":
        late = [
            name
            for name in options.endpoint
            if options.landmark is None
            and name in context.outcomes
            and context.outcomes[name].entry is not None
        ]
        wanted = ["strata"] if options.stratum else []
        wanted += ["Efron ties"] if options.ties == "efron" else []
        wanted += ["delayed entry"] if late else []
        if wanted:
            message = f'the "crr" variant has no {" or ".join(wanted)}'
            problems.append(Problem(f"{where}.variant", message, 'Write variant = "finegray".'))
    return problems


def _moving(context: Context, options: ModelOptions, where: str) -> list[Problem]:
    """Terms with a date: a Fine-Gray model has one row per patient."""
    if options.landmark is not None:
        return []
    terms = read_terms(context.cohort, options.terms)
    columns = tuple(dict.fromkeys(column for term in terms for column in term.columns))
    problems = []
    for name in options.endpoint:
        outcome = context.outcomes.get(name)
        for column in () if outcome is None else moving_columns(context, outcome, columns):
            message = f'"{column}" changes while patients are followed: a Fine-Gray model cannot follow that'
            repair = 'Write method = "cox" or "cause-specific", or declare a landmark: landmark = "100 days".'
            problems.append(Problem(f"{where}.terms", message, repair))
    return list(dict.fromkeys(problems))
