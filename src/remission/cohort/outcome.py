"""One endpoint on one cohort: who contributes, how long, and what ended it. Days, and names never codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remission.cohort.cohort import FlowStep
from remission.core.problems import InputError
from remission.events.count import event_table
from remission.events.table import EventTable

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Times and events of an endpoint.

    Attributes
    ----------
    endpoint, label : str
        Name in the study and words for people ("Overall survival").
    measure : "survival" or "incidence"
        What its curve shows. An endpoint with competing events is always "incidence".
    cause : str
        The event of interest ("death", "relapse").
    causes : tuple of str
        All events that end follow-up: `cause` first, then what competes.
    rows : array (n,) of int
        Rows of the cohort's frame that contribute.
    time : array (n,)
        Days from the endpoint's time zero.
    event : array (n,) of object
        One of `causes`, or None for censored.
    entry : array (n,) or None
        Days of delayed entry; at risk means entry < t <= time.
    time_zero : str
        Words for the axis: "transplantation", "diagnosis", "complete remission".
    starts_at_cohort_zero : bool
        Whether its time zero is the cohort's.
    flow : tuple of FlowStep
        Exclusions of this endpoint alone.
    definition : str
        Printed definition: event, competing, censoring, rules chosen.
    offset : array (n,)
        Days from the cohort's time zero to this endpoint's (0 where they agree).
    component : array (n,) of object, or None
        Which event of a composite it was ("relapse", "death"), None where censored or not told; None as a
        whole for an endpoint of one event.
    components : tuple of str
        Every event a composite may be, those nobody had included, in the order of its definition; empty for
        an endpoint of one event.
    definition_name : str
        Name of its definition ("overall-survival"); "" when it was made without one.
    """

    endpoint: str
    label: str
    measure: Literal["survival", "incidence"]
    cause: str
    causes: tuple[str, ...]
    rows: NDArray[np.int64]
    time: Floats
    event: NDArray[np.object_]
    entry: Floats | None
    time_zero: str
    starts_at_cohort_zero: bool
    flow: tuple[FlowStep, ...]
    definition: str
    offset: Floats
    component: NDArray[np.object_] | None = None
    components: tuple[str, ...] = ()
    definition_name: str = ""

    def only(self, keep: NDArray[np.bool_]) -> Outcome:
        """Some of the patients, by a mask over the contributing rows; the flow is left as it is."""
        return replace(
            self,
            rows=self.rows[keep],
            time=self.time[keep],
            event=self.event[keep],
            entry=None if self.entry is None else self.entry[keep],
            offset=self.offset[keep],
            component=None if self.component is None else self.component[keep],
        )

    def table(
        self,
        *,
        group: Sequence[str | None] | None = None,
        levels: Sequence[str] = (),
        stratum: Sequence[str] | None = None,
    ) -> EventTable:
        """Count. `group` and `stratum` are per contributing row; rows whose group is None are left out.

        `levels` gives the groups' order (and keeps empty ones).
        """
        keep = np.ones(len(self.rows), dtype=bool)
        if group is not None:
            if len(group) != len(self.rows):
                message = f"group has {len(group)} values for {len(self.rows)} patients"
                raise InputError(message)
            keep = np.array([item is not None for item in group], dtype=bool)
        return event_table(
            self.time[keep],
            self.event[keep],
            causes=self.causes,
            group=None if group is None else np.asarray(group, dtype=object)[keep],
            levels=levels,
            entry=None if self.entry is None else self.entry[keep],
            stratum=None if stratum is None else np.asarray(stratum, dtype=object)[keep],
        )
