"""What is said of groups that patients move between."""

from __future__ import annotations

from collections.abc import Sequence

from remission.study.kinds.comparison_findings import comparison_findings
from remission.study.kinds.curve_findings import curve_findings
from remission.study.kinds.statuses import MOVES, Statuses
from remission.study.kinds.testing import Comparison
from remission.study.kinds.times import NamedTime
from remission.study.results import Fact, Statement

NOT_OF_STATUS = ("gray_needs_common_start", "median_not_reached", "not_significant")
OF_CURVES = ("few_at_risk", "beyond_follow_up", "tail_unreliable", "early_risk_set_small")


def status_findings(found: Statuses, tests: Comparison | None, at: Sequence[NamedTime]) -> list[Statement]:
    """Few events, few at risk, no test; of incidence, why no curves are drawn."""
    view = found.view
    said = [*curve_findings(view, at), *comparison_findings(view, tests, None)]
    kept = [each for each in said if each.name not in NOT_OF_STATUS]
    if view.outcome.measure == "incidence":
        kept = [each for each in kept if each.name not in OF_CURVES]
        facts: dict[str, Fact] = {
            "endpoint_label": view.outcome.label,
            "by_label": None if view.grouping is None else view.grouping.label,
        }
        kept.append(Statement("no_incidence_by_status", facts))
    return kept


def status_methods(found: Statuses, tests: Comparison | None, start: NamedTime | None) -> list[Statement]:
    """Say how groups that patients move between were drawn and compared."""
    view = found.view
    said: list[Statement] = []
    if view.variant == MOVES:
        if tests is not None:
            said.append(Statement("mantel_byar_test", {"references": ("mantelbyar1974",)}))
        if view.outcome.measure == "survival":
            facts: dict[str, Fact] = {"start": None if start is None else start.text}
            said.append(Statement("simon_makuch_curves", {**facts, "references": ("simonmakuch1984",)}))
    else:
        said.append(Statement("delayed_entry_remedy", {}))
    if view.stratum is not None and tests is not None:
        said.append(Statement("stratified_tests", {"label": view.stratum.label}))
    said.append(Statement("guard_method", {"references": ("anderson1983", "suissa2007")}))
    return said
