"""A cohort: typed rows, what each column is, and how many rows were left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from remission.cohort.column import Column
from remission.core.clock import Clock
from remission.core.problems import InputError

if TYPE_CHECKING:
    import polars as pl

    from remission.cohort.declare import DerivedDeclaration
    from remission.cohort.derive.recipe import Rulebook


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One box of the flow diagram: how many went, why, and how many stay.

    `unknown` of the excluded were left out because the condition could not be decided.
    """

    reason: str
    excluded: int
    remaining: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The file a cohort was read from; `sha256` is of its bytes."""

    name: str
    sha256: str
    rows: int
    encoding: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Included patients only, one row each.

    Attributes
    ----------
    frame : polars.DataFrame
        One typed column per entry of `columns`, derived ones included (see `Column.kind` for the types).
        Times (`Column.is_time`) are in days since time zero.
    columns : mapping of str to Column
    id : str
        The column that names patients (String, unique).
    time_zero : str or None
        Date column from which time counts; None when the file has ready-made times.
    clock : Clock
    source : Source
    flow : tuple of FlowStep
        From all rows of the file to the included.
    time_zero_label : str
        What happened at time zero, in words for axes and sentences ("transplantation").
    derived : mapping of str to DerivedDeclaration
        How each derived column was made, in the order of making: a landmark makes them again from what was
        known by then.
    rulebook : Rulebook or None
        Who knows the protocols and scores that derived columns name.
    """

    frame: pl.DataFrame
    columns: Mapping[str, Column]
    id: str
    time_zero: str | None
    clock: Clock
    source: Source
    flow: tuple[FlowStep, ...] = field(default=())
    time_zero_label: str = "time zero"
    derived: Mapping[str, DerivedDeclaration] = field(default_factory=dict)
    rulebook: Rulebook | None = None

    def column(self, name: str) -> Column:
        """Look up a column.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        if name not in self.columns:
            message = f'the cohort has no column "{name}"; it has {", ".join(self.columns)}'
            raise InputError(message)
        return self.columns[name]

    def days(self, name: str) -> pl.Series:
        """Days after time zero of a date or time column (Float64, null where unknown)."""
        import polars as pl  # noqa: PLC0415

        column = self.column(name)
        if column.is_time:
            return self.frame[name]
        if column.kind != "date" or self.time_zero is None:
            message = f"{name} is neither a date with a time zero nor a time"
            raise InputError(message)
        elapsed = (pl.col(name) - pl.col(self.time_zero)).dt.total_days().cast(pl.Float64)
        return self.frame.select(elapsed.alias(name))[name]

    def ids(self) -> pl.Series:
        """Patient ids, in row order."""
        return self.frame[self.id]
