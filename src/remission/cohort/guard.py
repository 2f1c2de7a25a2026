"""The guard: nothing known only later may group, filter or adjust what is counted from time zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.core.problems import Problem

Reason = Literal[
    "baseline",
    "known by the start",
    "landmark",
    "known after the start",
    "known after the landmark",
    "date not recorded",
]
Remedy = Literal["landmark", "time-dependent", "delayed entry"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a column may group, filter or adjust an outcome, and why; the report owns the words."""

    allowed: bool
    reason: Reason
    column: str
    known_at: str
    remedies: tuple[Remedy, ...] = ()
    landmark_days: float | None = None


def judge(cohort: Cohort, column: str, outcome: Outcome, *, landmark_days: float | None = None) -> Verdict:
    """Say whether `column` may group or adjust `outcome`."""
    raise NotImplementedError


def judge_filter(
    cohort: Cohort, columns: Iterable[str], outcome: Outcome, *, landmark_days: float | None = None
) -> tuple[Verdict, ...]:
    """Say whether a condition on `columns` may choose the patients of `outcome`: one verdict per column."""
    raise NotImplementedError


def undeclared(cohort: Cohort, column: str, where: str) -> Problem | None:
    """Return a problem if nobody declared when the column was known."""
    raise NotImplementedError
