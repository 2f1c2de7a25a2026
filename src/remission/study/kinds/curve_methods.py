"""Sentences of the methods about curves: which estimator, which limits, what a year is."""

from __future__ import annotations

from collections.abc import Iterable

from remission.study.kinds.views import View
from remission.study.results import Fact, Statement

_VARIANCE = {
    "aalen": ("aalen1978", "gray1988"),
    "delta": ("marubini1995", "choudhury2002"),
    "jackknife": ("therneau2000",),
}
_SCALE = {
    "log-log": ("kalbfleisch2002",),
    "log": ("kalbfleisch2002",),
    "logit": ("meeker1998",),
    "arcsine": ("nair1984", "borgan1990"),
}


def curve_methods(views: Iterable[View]) -> list[Statement]:
    """Say how the curves of some views were estimated; each sentence once."""
    found: list[Statement] = []
    for view in views:
        found += _of(view)
    return unique(found)


def unique(statements: Iterable[Statement]) -> list[Statement]:
    """Keep the first of equal statements."""
    found: list[Statement] = []
    for statement in statements:
        if statement not in found:
            found.append(statement)
    return found


def _of(view: View) -> list[Statement]:
    context = view.context
    found = []
    if view.outcome.measure == "survival":
        references = ("kaplan1958", "greenwood1926", *_SCALE.get(context.interval, ()))
        facts: dict[str, Fact] = {"interval": context.interval, "confidence": context.confidence}
        found.append(Statement("kaplan_meier", {**facts, "references": references}))
        found.append(Statement("median_limits", {"references": ("brookmeyer1982",)}))
    else:
        references = ("aalenjohansen1978", *_VARIANCE.get(context.variance, ()))
        facts = {"variance": context.variance, "interval": "log-log", "confidence": context.confidence}
        found.append(Statement("cumulative_incidence", {**facts, "references": references}))
    if view.outcome.entry is not None:
        found.append(Statement("delayed_entry", {"endpoint_label": view.outcome.label}))
    found.append(Statement("time_unit", {"unit": view.clock.unit, "days_per_year": view.clock.days_per_year}))
    return found
