"""Checks several kinds share: names that exist, columns that can group, times that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.cohort.guard import undeclared
from remission.core.clock import parse_duration
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context
from remission.study.kinds.conditions import columns_of, condition_problems
from remission.study.kinds.grouping import can_group
from remission.study.kinds.options import GuardedOptions

LATER_REMEDIES = ("time-dependent", "delayed entry")


def endpoint_problems(context: Context, names: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Find endpoints that are not in the study, or are named twice."""
    known = context.outcomes
    if not names:
        return (Problem(where, "no endpoint is named", f"Name one of {_listed(known)}."),)
    repair = f"Declare it under [endpoints], or use one of {_listed(known)}."
    problems = [
        Problem(where, f'there is no endpoint "{name}"', repair + did_you_mean(name, known))
        for name in names
        if name not in known
    ]
    return (*problems, *_repeated(names, where))


def column_problems(cohort: Cohort, names: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Find columns that the cohort does not have, or that are named twice."""
    repair = "Declare it under [columns], or name it in [cohort] baseline."
    problems = [
        Problem(where, f'there is no column "{name}"', repair + did_you_mean(name, cohort.columns))
        for name in names
        if name not in cohort.columns
    ]
    return (*problems, *_repeated(names, where))


def grouping_problems(cohort: Cohort, names: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Find columns that cannot make groups: they must exist, have levels, and say when they were known."""
    problems = list(column_problems(cohort, names, where))
    for name in dict.fromkeys(names):
        if name not in cohort.columns:
            continue
        column = cohort.columns[name]
        late = undeclared(cohort, name, where)
        problems += [] if late is None else [late]
        if not can_group(column):
            problems.append(
                holds_nothing(name, where) if is_empty(cohort, name) else _no_groups(column, where)
            )
        elif column.kind == "category" and len(column.levels) < 2:
            repair = f"Declare its levels under [columns.{name}], or leave it out here."
            problems.append(Problem(where, f'"{name}" has fewer than two levels', repair))
    return tuple(problems)


def where_problems(cohort: Cohort, conditions: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Find conditions that cannot be read, or use columns of which nobody said when they were known."""
    problems = condition_problems(cohort, conditions, where)
    if problems:
        return problems
    late = (undeclared(cohort, name, where) for name in columns_of(conditions))
    return tuple(problem for problem in late if problem is not None)


def time_problems(texts: Iterable[str], where: str) -> tuple[Problem, ...]:
    """Find lengths of time that cannot be read."""
    problems = []
    for text in texts:
        try:
            parse_duration(text)
        except InputError:
            repair = 'Write a number and a unit, such as "100 days" or "5 years".'
            problems.append(Problem(where, f'"{text}" is not a length of time', repair))
    return tuple(problems)


def remedy_problems(options: GuardedOptions, where: str) -> tuple[Problem, ...]:
    """Find remedies that are not there, or that lack their time, where only landmarks can help."""
    landmarks = () if options.landmark is None else (options.landmark,)
    remedies = () if options.remedy is None else (options.remedy,)
    return remedies_problems(landmarks, remedies, where, later=())


def remedies_problems(
    landmarks: Sequence[str], remedies: Sequence[str], where: str, *, later: Sequence[str] = LATER_REMEDIES
) -> tuple[Problem, ...]:
    """Find remedies that are not there, or that lack their time; `later` are those beside the landmark."""
    problems = [
        problem for landmark in landmarks for problem in landmark_problems(landmark, f"{where}.landmark")
    ]
    problems += _repeated([text.strip() for text in landmarks], f"{where}.landmark")
    place = f"{where}.remedy"
    for remedy in dict.fromkeys(remedies):
        if remedy == "landmark" and not landmarks:
            repair = 'Add landmark = "100 days", with the time your question asks for.'
            message = "the landmark has no time; the program never picks one"
            problems.append(Problem(f"{where}.landmark", message, repair))
        elif remedy in LATER_REMEDIES and remedy not in later:
            repair = 'Write it in an analysis of kind = "compare", or declare a landmark here: "100 days".'
            problems.append(Problem(place, f'"{remedy}" is a remedy of comparisons', repair))
        elif remedy not in ("landmark", *LATER_REMEDIES):
            repair = 'Write "landmark" (with its time as landmark = "100 days")'
            repair += ', "time-dependent" or "delayed entry".' if later else "."
            problems.append(Problem(place, f'there is no remedy "{remedy}"', repair))
    return tuple(problems)


def landmark_problems(landmark: str | None, where: str) -> tuple[Problem, ...]:
    """Find a landmark that cannot be read, or lies at time zero."""
    if landmark is None:
        return ()
    problems = time_problems([landmark], where)
    if not problems and parse_duration(landmark).value <= 0:
        problems = (Problem(where, "a landmark lies after time zero", 'Write a later time: "100 days".'),)
    return problems


def late_entry_problems(
    context: Context, endpoints: Sequence[str], landmark: str | None, where: str
) -> tuple[Problem, ...]:
    """Find endpoints with patients who came under observation after the landmark: their state is unknown."""
    if landmark is None or landmark_problems(landmark, where):
        return ()
    days = context.cohort.clock.days(parse_duration(landmark))
    ids = context.cohort.ids()
    problems = []
    for name in endpoints:
        outcome = context.outcomes.get(name)
        if outcome is None or outcome.entry is None:
            continue
        late = outcome.rows[(outcome.entry > days) & (outcome.time > days)]
        if len(late):
            message = f'patients came under observation for "{name}" only after the landmark of {landmark}'
            repair = "Choose a later landmark."
            problems.append(Problem(where, message, repair, tuple(str(ids[int(row)]) for row in late)))
    return tuple(problems)


def _repeated(names: Sequence[str], where: str) -> list[Problem]:
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    return [Problem(where, f'"{name}" is named twice', "Name it once.") for name in twice]


def is_empty(cohort: Cohort, name: str) -> bool:
    """Whether patients are there, and the column is known of none of them."""
    values = cohort.frame[name]
    return len(values) > 0 and values.null_count() == len(values)


def holds_nothing(name: str, where: str) -> Problem:
    """Say that a column is empty."""
    repair = "Fill it in the file, look at its codes for not known (`missing`), or leave it out here."
    return Problem(where, f'"{name}" holds nothing: its value is not known of any patient', repair)


def _no_groups(column: Column, where: str) -> Problem:
    """Say how a number, a date or a text becomes groups."""
    name = column.name
    repair = {
        "number": f'Cut it under [derived], with your own limits: {name}_group = {{ from = "{name}", '
        'cut = ["<= 60", "> 60"] }, and use that.',
        "date": f'Make one of it under [derived]: {{ condition = "{name} < 2010-01-01" }}, and use that.',
        "text": f'Declare it under [columns.{name}] as kind = "category" with its levels.',
    }[column.kind]
    return Problem(where, f'"{name}" is a column of {column.kind}s: it makes no groups', repair)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names) or "those declared there (there are none yet)"
