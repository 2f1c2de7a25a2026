"""The simulated cases with their groups, as the tests of groups want them."""

from __future__ import annotations

from remission.events.histories import Histories, histories
from remission.events.table import EventTable
from tests.oracles.read import CASES, Case, load

WITHOUT_ENTRY = tuple(name for name in CASES if not name.startswith("entry"))
THREE_GROUPS = tuple(name for name in WITHOUT_ENTRY if len(load(name).groups) > 2)
TWO_GROUPS = tuple(name for name in WITHOUT_ENTRY if len(load(name).groups) == 2)


def rows_of(case: Case, *, strata: bool = False, weight: bool = False, cluster: bool = False) -> Histories:
    """All rows, by group, with the causes "1", "2", ... and entry where the case has it."""
    arguments = case.arguments("all", any_event=False) | {"group": case.columns["group"]}
    for name, wanted in (("stratum", strata), ("weight", weight), ("cluster", cluster)):
        if wanted:
            arguments[name] = case.columns[name]
    return histories(**arguments)


def table_of(case: Case, *, strata: bool = False, weight: bool = False) -> EventTable:
    """Count the rows."""
    return rows_of(case, strata=strata, weight=weight).table()
