"""What the guard says when it withholds something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from remission.cohort.as_known import made_of
from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline
from remission.cohort.guard import Reason, Verdict
from remission.cohort.outcome import Outcome
from remission.study.kinds.conditions import columns_of
from remission.study.results import Fact, Statement

Role = Literal["group", "filter", "stratum", "term", "effect", "adjust"]


def withheld(
    cohort: Cohort,
    verdict: Verdict,
    outcome: Outcome,
    role: Role,
    ran: Sequence[tuple[str, str | None]] = (),
) -> Statement:
    """Say that groups, patients or strata by this column are withheld, and which remedy runs instead.

    Parameters
    ----------
    cohort : Cohort
    verdict : Verdict
        The refusal.
    outcome : Outcome
    role : str
        What the column was to do.
    ran : sequence of (str, str or None)
        The remedies that run, landmarks with their time; none when none was declared, or none helps.
    """
    facts = _facts(cohort, verdict.column, role, verdict.reason)
    facts |= {
        "known_at": verdict.known_at,
        "known_on": known_on(cohort, verdict.known_at),
        "endpoint": outcome.endpoint,
        "endpoint_label": outcome.label,
        "time_zero": outcome.time_zero,
        "remedy": ran[0][0] if ran else None,
        "remedies": verdict.remedies,
        "landmark": ran[0][1] if ran else None,
        "ran": tuple({"remedy": remedy, "landmark": landmark} for remedy, landmark in ran),
    }
    return Statement("guard_withheld", facts, "guard")


def known_on(cohort: Cohort, known_at: str) -> str | None:
    """Words for the date column that says when something was known; None when it is no column."""
    name = known_at.removeprefix("on ")
    return cohort.columns[name].title if known_at.startswith("on ") and name in cohort.columns else None


def when_known(cohort: Cohort, column: str) -> dict[str, Fact]:
    """Label of a column, when it became known, and words for its date column where it has one."""
    known = cohort.column(column)
    known_at = "not declared" if known.known_at is None else str(known.known_at)
    return {"label": known.title, "known_at": known_at, "known_on": known_on(cohort, known_at)}


def known_at_baseline(cohort: Cohort, column: str) -> bool:
    """Whether a column, and all it is derived from, was known at time zero."""
    return all(isinstance(cohort.columns[leaf].known_at, Baseline) for leaf in made_of(cohort, column))


def withheld_filters(cohort: Cohort, conditions: Sequence[str]) -> tuple[Statement, ...]:
    """Refuse to choose the patients of a description by what was known only later; else nothing."""
    late = [column for column in columns_of(conditions) if not known_at_baseline(cohort, column)]
    return tuple(withheld_description(cohort, column, "filter") for column in late)


def withheld_groups(cohort: Cohort, by: str | None) -> list[Statement]:
    """Refuse to split the patients of a description by what was known only later; else nothing."""
    if by is None or known_at_baseline(cohort, by):
        return []
    return [withheld_description(cohort, by, "group")]


def withheld_description(cohort: Cohort, column: str, role: Role) -> Statement:
    """Refuse to split or choose the patients of a description by what was known only later."""
    return Statement("guard_withheld", _facts(cohort, column, role, "known after the start"), "guard")


def _facts(cohort: Cohort, column: str, role: Role, reason: Reason) -> dict[str, Fact]:
    known = cohort.column(column)
    return {
        "role": role,
        "column": column,
        "column_label": known.title,
        "known_at": str(known.known_at),
        "known_on": known_on(cohort, str(known.known_at)),
        "endpoint": None,
        "endpoint_label": None,
        "time_zero": cohort.time_zero_label,
        "reason": reason,
        "remedy": None,
        "remedies": (),
        "landmark": None,
        "ran": (),
    }
