"""What was known at a landmark, and who was still there."""

from __future__ import annotations

from typing import Literal

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome


def values_at(
    cohort: Cohort, column: str, outcome: Outcome, landmark_days: float
) -> list[str | bool | float | None]:
    """Give the values of a column as known at the landmark, one per contributing row of `outcome`."""
    raise NotImplementedError


def landmarked(
    outcome: Outcome,
    landmark_days: float,
    *,
    among: Outcome | None = None,
    late_entrants: Literal["refuse", "keep"] = "refuse",
) -> Outcome:
    """Keep those still event-free and under observation after the landmark."""
    raise NotImplementedError
