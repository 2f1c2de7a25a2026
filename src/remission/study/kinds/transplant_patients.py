"""Who was transplanted, when, and how long the others were waited for: time and events by status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import Cohort
from remission.cohort.outcome import Outcome
from remission.study.kinds.grouping import YES_NO
from remission.study.kinds.risk_rows import RiskRows, risk_rows

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
NO, YES = YES_NO
NEVER, BEFORE, AFTER = "never", "before", "after"


@dataclass(frozen=True, slots=True, eq=False)
class Patients:
    """Patients of one endpoint of whom it is known whether and when they were transplanted.

    Attributes
    ----------
    by, label : str
        Column of the transplant, and its name for people.
    outcome : Outcome
    switch : array (n,)
        Day of transplant from the outcome's time zero; NaN for those not transplanted while at risk. A
        transplant on the day of the event, or later, is none here.
    columns : mapping of str to array (n,)
        What was known at the start.
    unknown : int
        Patients left out, because nobody knows whether or when.
    late : array (n,) of bool
        Transplanted, but only when their follow-up for this endpoint had ended: counted as never.
    """

    by: str
    label: str
    outcome: Outcome
    switch: Floats
    columns: Mapping[str, NDArray[Any]]
    unknown: int
    late: Mask

    def only(self, keep: Mask, words: str) -> Patients:
        """Some of the patients; `words` say in the label which."""
        return replace(
            self,
            label=f"{self.label}, {words}",
            outcome=self.outcome.only(keep),
            switch=self.switch[keep],
            columns={name: values[keep] for name, values in self.columns.items()},
            late=self.late[keep],
        )

    @property
    def too_late(self) -> int:
        """Patients counted as never transplanted, because their follow-up had ended before."""
        return int(self.late.sum())

    @property
    def ever(self) -> Mask:
        """Who was transplanted while at risk."""
        return ~np.isnan(self.switch)

    @property
    def start(self) -> Floats:
        """Day from which each patient is at risk: 0, or a delayed entry."""
        entry = self.outcome.entry
        lowest = np.minimum(0.0, self.outcome.time)
        return lowest if entry is None else np.where(np.isfinite(entry), entry, lowest)

    @property
    def events(self) -> Mask:
        """Who had the event of interest."""
        return np.asarray(self.outcome.event == self.outcome.cause, dtype=bool)

    @property
    def median_wait(self) -> float:
        """Median day of transplant of those transplanted; NaN when there are none."""
        return float(np.median(self.switch[self.ever])) if self.ever.any() else float("nan")


@dataclass(frozen=True, slots=True)
class Status:
    """Days at risk and events in one status: "never", "before" or "after" the transplant."""

    name: str
    patients: int
    days: float
    events: int


def patients_of(cohort: Cohort, rows: RiskRows, by: str) -> Patients:
    """Find each patient's day of transplant.

    Parameters
    ----------
    cohort : Cohort
    rows : RiskRows
        One row per patient, with the columns known at the start.
    by : str
        Yes/no with a date. Who is transplanted stays so.
    """
    outcome = rows.outcome
    moving = risk_rows(cohort, outcome, [], [by])
    size = len(outcome.rows)
    unknown = np.zeros(size, dtype=bool)
    unknown[moving.patient[~moving.known([by])]] = True
    switch = np.full(size, np.nan)
    yes = np.flatnonzero(moving.columns[by] == YES)
    first = np.unique(moving.patient[yes], return_index=True)[1] if len(yes) else yes
    chosen = yes[first]
    begins = np.full(len(chosen), -np.inf) if moving.entry is None else moving.entry[chosen]
    owner = moving.patient[chosen]
    entry = np.zeros(size) if outcome.entry is None else np.maximum(outcome.entry, 0.0)
    # Who had it from the start has it at the start.
    switch[owner] = np.where(np.isfinite(begins), begins, np.minimum(entry[owner], outcome.time[owner]))
    kept = ~unknown
    ended = cohort.frame[by].gather(outcome.rows).fill_null(value=False).to_numpy().astype(bool)
    return Patients(
        by,
        cohort.column(by).title,
        outcome.only(kept),
        switch[kept],
        {name: values[kept] for name, values in rows.columns.items()},
        int(unknown.sum()),
        (ended & np.isnan(switch))[kept],
    )


def statuses_of(found: Patients) -> tuple[Status, ...]:
    """Patient-days and events never transplanted, before transplant, and after it.

    The naive comparison credits the days before transplant to the transplanted, though nobody can die in
    them and be counted as transplanted: they are immortal time.
    """
    time, start, ever, events = found.outcome.time, found.start, found.ever, found.events
    moved = np.where(ever, found.switch, 0.0)
    return (
        Status(
            NEVER,
            int((~ever).sum()),
            float((time - start)[~ever].sum()),
            int(np.count_nonzero(events & ~ever)),
        ),
        Status(BEFORE, int(ever.sum()), float((moved - start)[ever].sum()), 0),
        Status(
            AFTER, int(ever.sum()), float((time - moved)[ever].sum()), int(np.count_nonzero(events & ever))
        ),
    )


def early_events(found: Patients, days: float) -> int:
    """Events by a day among those never transplanted: of patients who could not wait for a transplant."""
    return int(np.count_nonzero(found.events & ~found.ever & (found.outcome.time <= days)))
