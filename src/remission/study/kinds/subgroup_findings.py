"""What is said of effects in subgroups, whichever kind estimated them."""

from __future__ import annotations

from collections.abc import Sequence

from remission.study.kinds.multiplicity import SIGNIFICANT, chance_of_any
from remission.study.results import Fact, Statement

INTERACTION = "interaction"


def subgroup_findings(
    endpoint_label: str, subgroups: int, p: Sequence[float], lost: Sequence[tuple[str, str, str]]
) -> list[Statement]:
    """Say how much was looked at, that a large P shows no sameness, and which subgroups have no estimate.

    Parameters
    ----------
    endpoint_label : str
    subgroups : int
        How many, those without an estimate among them.
    p : sequence of float
        Of the interactions that could be tested.
    lost : sequence of (str, str, str)
        Label of the column, level, and why there is no estimate.
    """
    about: dict[str, Fact] = {"endpoint_label": endpoint_label}
    said: list[Statement] = []
    if p:
        facts: dict[str, Fact] = {
            **about,
            "subgroups": subgroups,
            "tests": len(p),
            "significant": sum(value < SIGNIFICANT for value in p),
            "level": SIGNIFICANT,
            "chance": chance_of_any(len(p)),
        }
        said.append(Statement("subgroups_multiplicity", facts, "warning"))
        if any(value >= SIGNIFICANT for value in p):
            said.append(Statement("no_interaction_shown", about, "warning"))
    if lost:
        listed: tuple[Fact, ...] = tuple(
            {"label": label, "level": level, "reason": reason} for label, level, reason in lost
        )
        said.append(Statement("subgroups_not_estimated", {**about, "subgroups": listed}, "warning"))
    return said
