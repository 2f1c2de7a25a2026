"""A column of a cohort: its kind, unit, levels, label and, above all, when it was known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remission.core.clock import Duration

Kind = Literal["number", "category", "date", "yes/no", "text"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known at time zero."""

    def __str__(self) -> str:
        return "at time zero"


@dataclass(frozen=True, slots=True)
class KnownAfter:
    """Known a fixed time after time zero (MRD at day 29)."""

    duration: Duration

    def __str__(self) -> str:
        return f"{self.duration} after time zero"


@dataclass(frozen=True, slots=True)
class KnownOn:
    """Known on the date (or at the time since time zero) in another column, patient by patient."""

    column: str

    def __str__(self) -> str:
        return f"on {self.column}"


@dataclass(frozen=True, slots=True)
class KnownLater:
    """Known some time after time zero, nobody recorded when: may be described, never grouped by."""

    def __str__(self) -> str:
        return "some time after time zero"


KnownAt = Baseline | KnownAfter | KnownOn | KnownLater


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one column.

    Attributes
    ----------
    name : str
        Name in the study.
    kind : "number", "category", "date", "yes/no" or "text"
        Frame types: Float64, String, Date, Boolean, String.
    label : str
        For people; the name when none was given.
    unit : str
        Of a number; empty when it has none.
    levels : tuple of str
        Of a category, in display order; the first is the reference.
    ordered : bool
        Whether the order of levels means something (trend tests).
    known_at : KnownAt or None
        None: not declared, so the column cannot group, filter or adjust.
    is_time : bool
        A number that is a time since time zero, in days inside.
    """

    name: str
    kind: Kind
    label: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    ordered: bool = False
    known_at: KnownAt | None = None
    is_time: bool = False

    @property
    def title(self) -> str:
        """Label, or name."""
        return self.label or self.name
