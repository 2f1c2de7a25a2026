"""An endpoint in some patients, perhaps in groups: what curves, tests and tables are made from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.cohort.outcome import Outcome
from remission.core.clock import Clock, Duration
from remission.events.table import EventTable
from remission.study.kind import Context
from remission.study.kinds.grouping import Grouping
from remission.study.results import Fact

WHOLE = 1e-3
MONTHS_UP_TO = 24


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One question put to the data.

    Attributes
    ----------
    context : Context
    analysis : str
        Name of the analysis.
    outcome : Outcome
        Who contributes, in days from its time zero.
    table : EventTable
        Counted by group, without patients of unknown group and without empty groups.
    test_table : EventTable
        The same, counted within strata where there are any: what tests read.
    grouping : Grouping or None
        Of the outcome's patients.
    stratum : Grouping or None
    landmark : Duration or None
        Where the view starts.
    variant : str
        Of its outputs: "", "naive" or "landmark".
    """

    context: Context
    analysis: str
    outcome: Outcome
    table: EventTable
    test_table: EventTable
    grouping: Grouping | None = None
    stratum: Grouping | None = None
    landmark: Duration | None = None
    variant: str = ""

    @property
    def clock(self) -> Clock:
        """How days are shown."""
        return self.context.cohort.clock

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that have patients; none when all are together."""
        return () if self.grouping is None else self.table.groups

    @property
    def start(self) -> float:
        """Day on which the first patients begin to count: 0, the landmark, or the first delayed entry."""
        if self.landmark is not None:
            return self.clock.days(self.landmark)
        entry = self.outcome.entry
        return 0.0 if entry is None or not len(entry) else max(0.0, float(entry.min()))

    @property
    def end(self) -> float:
        """Last day anybody was followed."""
        return float(self.outcome.time.max()) if len(self.outcome.time) else self.start

    def members(self, group: str) -> NDArray[np.bool_]:
        """Patients of a group; everybody for "" (no groups)."""
        if not group or self.grouping is None:
            return np.ones(len(self.outcome.rows), dtype=bool)
        return np.asarray(self.grouping.values == group, dtype=bool)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Patients and events of interest by group ("": all together)."""
        happened = np.asarray(self.outcome.event == self.outcome.cause, dtype=bool)
        masks = {group: self.members(group) for group in self.groups or ("",)}
        return {group: (int(mask.sum()), int((mask & happened).sum())) for group, mask in masks.items()}

    def facts(self) -> dict[str, Fact]:
        """What every output says about itself."""
        grouped = self.grouping
        return {
            "endpoint": self.outcome.endpoint,
            "endpoint_label": self.outcome.label,
            "measure": self.outcome.measure,
            "cause": self.outcome.cause,
            "unit": self.clock.unit,
            "time_zero": self.outcome.time_zero,
            "by": None if grouped is None else grouped.column,
            "by_label": None if grouped is None else grouped.label,
            "groups": self.groups,
            "stratum_label": None if self.stratum is None else self.stratum.label,
            "landmark": None if self.landmark is None else str(self.landmark),
            "axis": "time zero",
            "entry_from": self._entry_from(),
            "style": self.context.style,
        }

    def _entry_from(self) -> str | None:
        """Time from which anybody is at risk, as people write it; None where that is from time zero on."""
        if self.outcome.entry is None or self.landmark is not None or self.start <= 0:
            return None
        return _written(self.clock, self.start)


def _written(clock: Clock, days: float) -> str:
    """Write a time in months or years where it is a whole number of them."""
    for unit in ("months", "years"):
        value = clock.shown(days, unit)
        if abs(value - round(value)) < WHOLE and (unit == "years" or value < MONTHS_UP_TO):
            return str(Duration(float(round(value)), unit))
    return str(Duration(float(round(days)), "days"))


def view(
    context: Context,
    analysis: str,
    outcome: Outcome,
    grouping: Grouping | None = None,
    *,
    stratum: Grouping | None = None,
    landmark: Duration | None = None,
    variant: str = "",
) -> View:
    """Count an outcome, by group if any patient's group is known.

    Parameters
    ----------
    context : Context
    analysis : str
    outcome : Outcome
    grouping, stratum : Grouping, optional
        One value per patient of the outcome. Patients of unknown stratum are left out.
    landmark : Duration, optional
        The outcome holds those still at risk after it.
    variant : str
    """
    if stratum is not None and stratum.unknown:
        known = np.array([label is not None for label in stratum.values], dtype=bool)
        outcome, stratum = outcome.only(known), stratum.of(known)
        grouping = None if grouping is None else grouping.of(known)
    levels = () if grouping is None else grouping.filled
    grouping = grouping if levels else None
    group = None if grouping is None else list(grouping.values)
    table = outcome.table(group=group, levels=levels)
    tested = table
    if stratum is not None and stratum.filled:
        tested = outcome.table(group=group, levels=levels, stratum=list(stratum.values))
    return View(context, analysis, outcome, table, tested, grouping, stratum, landmark, variant)
