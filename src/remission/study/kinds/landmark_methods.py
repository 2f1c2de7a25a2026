"""Sentences of the methods about landmarks and about the guard."""

from __future__ import annotations

from collections.abc import Iterable

from remission.study.kinds.curve_methods import unique
from remission.study.kinds.views import View
from remission.study.results import Fact, Statement


def landmark_methods(views: Iterable[View]) -> list[Statement]:
    """Say how landmark analyses were done; each sentence once."""
    found = []
    for view in views:
        if view.landmark is None:
            continue
        facts: dict[str, Fact] = {
            "landmark": str(view.landmark),
            "time_zero": view.outcome.time_zero,
            "regrouped": view.grouping is not None,
            "references": ("anderson1983",),
        }
        found.append(Statement("landmark_method", facts))
        if view.variant == "landmark":
            found.append(Statement("guard_method", {"references": ("anderson1983", "suissa2007")}))
    return unique(found)
