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
        found.append(
            landmark_statement(
                str(view.landmark), view.outcome.time_zero, regrouped=view.grouping is not None
            )
        )
        if view.variant == "landmark":
            found.append(Statement("guard_method", {"references": ("anderson1983", "suissa2007")}))
    return unique(found)


def landmark_statement(landmark: str, time_zero: str, *, regrouped: bool) -> Statement:
    """Say how one landmark analysis was done."""
    facts: dict[str, Fact] = {
        "landmark": landmark,
        "time_zero": time_zero,
        "regrouped": regrouped,
        "references": ("anderson1983",),
    }
    return Statement("landmark_method", facts)
