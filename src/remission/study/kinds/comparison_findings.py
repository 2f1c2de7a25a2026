"""What a reader must know before trusting a test: what cannot be tested, what a large P does not show."""

from __future__ import annotations

from remission.study.kinds.multiplicity import SIGNIFICANT
from remission.study.kinds.testing import SMALL_GROUP, Comparison, smallest
from remission.study.kinds.views import View
from remission.study.results import Fact, Output, Statement


def comparison_findings(view: View, tests: Comparison | None, difference: Output | None) -> list[Statement]:
    """Look at one comparison; `difference` holds the differences at named times, if there are any."""
    about: dict[str, Fact] = {
        "endpoint": view.outcome.endpoint,
        "endpoint_label": view.outcome.label,
        "by_label": None if view.grouping is None else view.grouping.label,
        "variant": view.variant,
    }
    if tests is None:
        facts: dict[str, Fact] = {**about, "groups": view.groups, "n": len(view.outcome.rows)}
        return [Statement("fewer_than_two_groups", facts, "warning")]
    found = [
        Statement("test_not_computable", {**about, "test": each.name, "reason": each.reason}, "warning")
        for each in (tests.main, *tests.beside)
        if not each.computable
    ]
    if view.outcome.measure == "incidence" and view.outcome.entry is not None:
        found.append(Statement("gray_needs_common_start", about))
    if smallest(view) < SMALL_GROUP:
        found.append(Statement("small_groups", {**about, **_small(view, tests)}, "warning"))
    if tests.p is not None and tests.p >= SIGNIFICANT:
        facts = {**about, "test": tests.main.name, "p": tests.p, "differences": _differences(difference)}
        found.append(Statement("not_significant", {**facts, "measure": view.outcome.measure}, "warning"))
    return found


def _small(view: View, tests: Comparison) -> dict[str, Fact]:
    groups: tuple[Fact, ...] = tuple(
        {"group": group, "n": n} for group, (n, _) in view.sizes().items() if n < SMALL_GROUP
    )
    permuted = any(each.name.startswith("permutation") for each in tests.beside)
    return {"groups": groups, "below": SMALL_GROUP, "permutation": permuted}


def _differences(output: Output | None) -> tuple[Fact, ...]:
    """Differences at the last named time at which any could be estimated."""
    if output is None:
        return ()
    rows = [row for row in output.rows.iter_rows(named=True) if row["estimate"] is not None]
    last = max((row["time"] for row in rows), default=None)
    names = ("group", "versus", "level", "estimate", "low", "high")
    return tuple({name: row[name] for name in names} for row in rows if row["time"] == last)
