"""Rows (start, stop] of an outcome's patients, with what was known of them during each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.as_known import as_known, made_of
from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownOn
from remission.cohort.landmark import frame_at
from remission.cohort.outcome import Outcome
from remission.regress.episodes import split_episodes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class RiskRows:
    """What a model reads.

    Attributes
    ----------
    outcome : Outcome
        Whose patients these are.
    patient : array (m,) of int
        Place of each row's patient among the outcome's.
    entry : array (m,) or None
        None where everybody is at risk from the start.
    time : array (m,)
    event : array (m,) of object
        One of the outcome's causes in the last row of a patient, else None.
    columns : mapping of str to array (m,)
        Numbers with NaN, other columns with None where nothing was known.
    """

    outcome: Outcome
    patient: Ints
    entry: Floats | None
    time: Floats
    event: NDArray[np.object_]
    columns: Mapping[str, NDArray[Any]]

    def only(self, keep: NDArray[np.bool_]) -> RiskRows:
        """Some of the rows."""
        return replace(
            self,
            patient=self.patient[keep],
            entry=None if self.entry is None else self.entry[keep],
            time=self.time[keep],
            event=self.event[keep],
            columns={name: values[keep] for name, values in self.columns.items()},
        )

    def known(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Rows in which all of these columns were known."""
        found = np.ones(len(self.patient), dtype=bool)
        for name in names:
            values = self.columns[name]
            if values.dtype.kind == "f":
                found &= ~np.isnan(values)
            else:
                found &= np.array([value is not None for value in values], dtype=bool)
        return found

    def patients(self, rows: NDArray[np.bool_] | None = None) -> int:
        """How many patients have some of the rows (all rows unless given)."""
        return len(np.unique(self.patient if rows is None else self.patient[rows]))

    def events(self, cause: str, rows: NDArray[np.bool_] | None = None) -> int:
        """Events of a cause in some of the rows (all unless given)."""
        happened = np.asarray(self.event == cause, dtype=bool)
        return int(np.count_nonzero(happened if rows is None else happened & rows))


def risk_rows(
    cohort: Cohort,
    outcome: Outcome,
    fixed: Sequence[str],
    moving: Sequence[str] = (),
    *,
    landmark_days: float | None = None,
) -> RiskRows:
    """Follow the patients of an outcome with what was known of them.

    Parameters
    ----------
    cohort : Cohort
    outcome : Outcome
    fixed : sequence of str
        Columns that hold one value: their own, or what was known at the landmark.
    moving : sequence of str
        Columns whose value is, on each day, what was known by then. Follow-up is split on the days on which
        something became known; an event on that day belongs to the time before. Before its date a yes/no is
        no, and other columns are unknown.
    landmark_days : float, optional
        From the outcome's time zero.
    """
    if landmark_days is None:
        frame = cohort.frame.select(fixed)[outcome.rows] if fixed else pl.DataFrame()
    else:
        frame = frame_at(cohort, outcome, landmark_days, fixed)
    columns = {name: values_of(cohort, name, frame[name]) for name in fixed}
    if not moving:
        everyone = np.arange(len(outcome.rows))
        return RiskRows(outcome, everyone, outcome.entry, outcome.time, outcome.event, columns)
    split = split_episodes(outcome.time, _days_of_change(cohort, outcome, moving), entry=outcome.entry)
    begins = np.where(np.isfinite(split.start), split.start, np.minimum(0.0, split.stop))
    then = as_known(cohort, outcome.rows[split.row], outcome.offset[split.row] + begins, moving)
    event = outcome.event[split.row]
    event[~split.last] = None
    held = {name: values[split.row] for name, values in columns.items()}
    changing = {name: values_of(cohort, name, then[name]) for name in moving}
    return RiskRows(outcome, split.row, split.start, split.stop, event, {**held, **changing})


def values_of(cohort: Cohort, name: str, values: pl.Series) -> NDArray[Any]:
    """Values as models read them: numbers as they are, yes/no as "yes" and "no", unknown as NaN or None."""
    if cohort.column(name).kind == "number":
        return values.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(float)
    answer = np.empty(len(values), dtype=object)
    if values.dtype == pl.Boolean():
        answer[:] = [None if value is None else "yes" if value else "no" for value in values]
    else:
        answer[:] = [None if value is None else str(value) for value in values]
    return answer


def _days_of_change(cohort: Cohort, outcome: Outcome, names: Sequence[str]) -> dict[str, Floats]:
    """Days on which something became known, by the column it is made of, from the outcome's time zero."""
    found: dict[str, Floats] = {}
    for leaf in dict.fromkeys(leaf for name in names for leaf in made_of(cohort, name)):
        match cohort.columns[leaf].known_at:
            case KnownOn(when):
                days = cohort.days(when).gather(outcome.rows).cast(pl.Float64)
                found[leaf] = days.fill_null(float("nan")).to_numpy() - outcome.offset
            case KnownAfter(duration):
                found[leaf] = cohort.clock.days(duration) - outcome.offset
            case Baseline():
                found[leaf] = -outcome.offset
            case _:
                continue
    return found
