"""Small random cohorts for Hypothesis, and tables compared by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from remission.events.table import EventTable

CAUSES = ("relapse", "NRM")
GROUPS = ("A", "B", "C")
STRATA = ("x", "y")


@dataclass(frozen=True)
class Cohort:
    """Columns of the same length; whole numbers, so that ties abound."""

    time: np.ndarray
    event: np.ndarray
    group: np.ndarray
    stratum: np.ndarray
    entry: np.ndarray
    weight: np.ndarray
    cluster: np.ndarray

    def __len__(self) -> int:
        return len(self.time)

    def rows(self, keep: Any) -> Cohort:
        return Cohort(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))

    def arguments(self, *names: str) -> dict[str, Any]:
        """Time and event, the fixed names of causes, and the columns asked for."""
        wanted: dict[str, Any] = {"time": self.time, "event": self.event, "causes": CAUSES}
        wanted |= {name: getattr(self, name) for name in names}
        return wanted | ({"levels": GROUPS} if "group" in names else {})


@st.composite
def cohorts(draw: st.DrawFn, *, least: int = 1, most: int = 25, last: int = 9) -> Cohort:
    size = draw(st.integers(least, most))

    def column(values: st.SearchStrategy[Any], kind: Any) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=kind)

    entry = column(st.integers(-1, last - 1), float)
    stay = column(st.integers(1, last), float)
    return Cohort(
        time=entry + stay,
        event=column(st.sampled_from([None, *CAUSES]), object),
        group=column(st.sampled_from(GROUPS), object),
        stratum=column(st.sampled_from(STRATA), object),
        entry=entry,
        weight=column(st.integers(1, 3), float),
        cluster=column(st.integers(0, 4), int),
    )


def by_name(table: EventTable) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """What happened to whom and when, whatever the order of groups, strata and causes."""
    found: dict[tuple[Any, ...], tuple[float, ...]] = {}
    for block in table.blocks():
        for kind, counts in (("count", block.counts), ("square", block.squares)):
            columns = {
                f"to {cause}": counts.moved[:, place] for place, cause in enumerate(table.topology.causes)
            }
            columns |= {"in": counts.entered[:, 0], "out": counts.censored[:, 0]}
            for what, column in columns.items():
                for time, value in zip(block.time, column, strict=True):
                    if value:
                        found[block.stratum, block.group, kind, what, float(time)] = (round(float(value), 9),)
    return found
