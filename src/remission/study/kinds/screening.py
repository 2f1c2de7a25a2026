"""One variable against one endpoint: its levels at a named time, and one test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remission.estimate.testresult import TestResult
from remission.study.kinds.estimating import estimated, read_at
from remission.study.kinds.rows import Record
from remission.study.kinds.testing import TREND_FROM, compared
from remission.study.kinds.times import NamedTime
from remission.study.kinds.views import View


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """A variable that was looked at.

    Attributes
    ----------
    column : str
    view : View
    test : TestResult or None
        None when fewer than two groups have patients.
    """

    column: str
    view: View
    test: TestResult | None

    @property
    def p(self) -> float | None:
        """P of the test, None when it cannot be computed."""
        return self.test.p if self.test is not None and self.test.computable else None


def screened(column: str, view: View, *, trend: bool) -> Screened:
    """Test one variable: log-rank or Gray; for ordered groups of survival the test for trend, if wished."""
    tests = compared(view, pairs=False, permute=False)
    if tests is None:
        return Screened(column, view, None)
    wanted = tests.main
    ordered = view.grouping is not None and view.grouping.ordered and len(view.groups) >= TREND_FROM
    if trend and ordered and view.outcome.measure == "survival":
        wanted = next((test for test in tests.beside if test.name.endswith("trend")), wanted)
    return Screened(column, view, wanted)


def screen_records(
    variables: Sequence[Screened], adjusted: Sequence[float | None], at: NamedTime
) -> list[Record]:
    """Rows of the table: one with the test of each variable, then one for each of its levels."""
    records: list[Record] = []
    for variable, p_adjusted in zip(variables, adjusted, strict=True):
        records.append(_test(variable, p_adjusted))
        records += _levels(variable, at)
    return records


def _test(variable: Screened, p_adjusted: float | None) -> Record:
    n = sum(n for n, _ in variable.view.sizes().values())
    events = sum(events for _, events in variable.view.sizes().values())
    same = {
        "term": variable.column,
        "at_risk": n,
        "events": events,
        "p": variable.p,
        "p_adjusted": p_adjusted,
    }
    if variable.test is None:
        return {**same, "measure": "test"}
    return {
        **same,
        "measure": variable.test.name,
        "statistic": variable.test.statistic,
        "df": variable.test.df,
    }


def _levels(variable: Screened, at: NamedTime) -> list[Record]:
    view = variable.view
    if view.grouping is None:
        return []
    rows = {row["group"]: row for row in read_at(view, estimated(view), [at.days]).iter_rows(named=True)}
    records: list[Record] = []
    for group, (n, events) in view.sizes().items():
        read = rows[group]
        values = {
            name: read[name] for name in ("scale", "cause", "time", "estimate", "std_error", "low", "high")
        }
        same = {"term": variable.column, "level": group, "measure": view.outcome.measure}
        records.append({**same, **values, "at_risk": n, "events": events, "confidence": read["confidence"]})
    return records
