"""Checks of `kind = "transplant_effect"` before anything runs."""

from __future__ import annotations

from remission.cohort.column import KnownOn
from remission.cohort.guard import judge
from remission.core.problems import Problem
from remission.study.kind import Context
from remission.study.kinds.checks import (
    endpoint_problems,
    grouping_problems,
    landmark_problems,
    late_entry_problems,
    time_problems,
    where_problems,
)
from remission.study.kinds.model_data import DATED
from remission.study.kinds.model_terms import term_problems
from remission.study.kinds.transplant_options import MEDIAN_WAIT, TransplantOptions, listed


def check(context: Context, options: TransplantOptions, where: str) -> tuple[Problem, ...]:
    """Find every problem of the options."""
    cohort = context.cohort
    endpoints = endpoint_problems(context, options.endpoint, f"{where}.endpoint")
    by = grouping_problems(cohort, [options.by], f"{where}.by")
    groups = [
        ("interaction", options.interaction),
        ("risk", listed(options.risk)),
        ("donor", listed(options.donor)),
    ]
    problems = [
        *endpoints,
        *by,
        *(term_problems(cohort, options.adjust, f"{where}.adjust") if options.adjust else ()),
        *[
            problem
            for name, columns in groups
            for problem in grouping_problems(cohort, columns, f"{where}.{name}")
        ],
        *_landmark_problems(context, options, where),
        *time_problems(options.early, f"{where}.early"),
        *time_problems(options.at, f"{where}.at"),
        *time_problems(listed(options.start), f"{where}.start"),
        *time_problems(listed(options.until), f"{where}.until"),
        *where_problems(cohort, options.where, f"{where}.where"),
        *_same_column(options, where),
    ]
    if not by:
        problems += _by_problems(context, options, where)
    if (
        options.donor
        and not grouping_problems(cohort, [options.donor], "")
        and _kind(context, options.donor) != "yes/no"
    ):
        problems.append(Problem(f"{where}.donor", f'"{options.donor}" is no yes/no', "Name a yes/no column."))
    return tuple(problems)


def _by_problems(context: Context, options: TransplantOptions, where: str) -> list[Problem]:
    """Transplant must be a yes/no that happens on a date."""
    place = f"{where}.by"
    column = context.cohort.column(options.by)
    if _kind(context, options.by) != "yes/no":
        return [
            Problem(
                place,
                f'"{options.by}" is no yes/no',
                "Name a column that says whether a patient was transplanted.",
            )
        ]
    if isinstance(column.known_at, KnownOn) and not context.cohort.frame[options.by].any():
        # Nobody had it: there is a date, and the report says that nothing can be estimated.
        return []
    problems = []
    for name in options.endpoint:
        outcome = context.outcomes.get(name)
        if outcome is None:
            continue
        verdict = judge(context.cohort, options.by, outcome)
        if not verdict.allowed and DATED in verdict.remedies:
            continue
        message = f'"{options.by}" has no date on which it happens during follow-up for "{name}"'
        repair = f"Say known_at = the column with its date under [columns.{options.by}]."
        if verdict.reason == "baseline":
            repair += ' Where it was known at the start, use kind = "compare" or "model".'
        problems.append(Problem(place, message, repair))
        break
    return problems


def _landmark_problems(context: Context, options: TransplantOptions, where: str) -> list[Problem]:
    """Landmarks are times, or the words for the median."""
    problems = []
    for key, texts in (("landmark", options.landmark), ("waiting_time", listed(options.waiting_time))):
        for text in texts:
            if text == MEDIAN_WAIT:
                continue
            found = landmark_problems(text, f"{where}.{key}")
            problems += [
                Problem(each.where, each.message, f'{each.repair} Or write "{MEDIAN_WAIT}".')
                for each in found
            ]
            if key == "landmark" and not found:
                problems += late_entry_problems(context, options.endpoint, text, f"{where}.{key}")
        twice = dict.fromkeys(text for text in texts if list(texts).count(text) > 1)
        problems += [Problem(f"{where}.{key}", f'"{text}" is named twice', "Name it once.") for text in twice]
    return problems


def _same_column(options: TransplantOptions, where: str) -> list[Problem]:
    """The transplant itself is no subgroup, risk group, donor or adjustment."""
    adjust = [entry if isinstance(entry, str) else entry.column for entry in options.adjust]
    places = {
        "adjust": adjust,
        "interaction": options.interaction,
        "risk": listed(options.risk),
        "donor": listed(options.donor),
    }
    return [
        Problem(f"{where}.{key}", f'"{options.by}" is the transplant itself', "Take it out.")
        for key, names in places.items()
        if options.by in names
    ]


def _kind(context: Context, name: str) -> str:
    return context.cohort.columns[name].kind
