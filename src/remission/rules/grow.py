"""From conditions to decision diagrams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from remission.cohort.column import Column
from remission.rules.diagram import Diagram, Grower
from remission.rules.partition import Partition
from remission.rules.residual import Residual, asked, residual

Rules = tuple[tuple[int, Residual], ...]


def first_that_holds(
    conditions: Sequence[Residual | None], partitions: Mapping[str, Partition], columns: Mapping[str, Column]
) -> Diagram[int]:
    """Number of the first condition that holds; the number of conditions where none does.

    Parameters
    ----------
    conditions : sequence of Node, bool or None
        Resolved; None holds always.
    partitions : mapping of str to Partition
        Of every input, in the order of asking.
    columns : mapping of str to Column
        What the conditions name.
    """
    order = {name: position for position, name in enumerate(partitions)}
    none = len(conditions)
    grower: Grower[int] = Grower()
    known: dict[Rules, int] = {}

    def grow(rules: Rules) -> int:
        rules = _cut_short(rules)
        if rules not in known:
            known[rules] = grown(rules)
        return known[rules]

    def grown(rules: Rules) -> int:
        if not rules:
            return grower.leaf(none)
        if rules[0][1] is True:
            return grower.leaf(rules[0][0])
        name = min({name for _, node in rules for name in asked(node)}, key=order.__getitem__)
        branches = [
            grow(tuple((number, residual(node, name, value, columns)) for number, node in rules))
            for value in partitions[name].samples
        ]
        return grower.split(order[name], tuple(branches))

    rules = tuple((number, True if node is None else node) for number, node in enumerate(conditions))
    return grower.done(grow(rules))


def together(diagrams: Sequence[Diagram[int]]) -> Diagram[int]:
    """Sum of several functions with the same inputs."""
    nothing: Grower[int] = Grower()
    return reduce(
        lambda total, each: total.combined(each, lambda left, right: left + right),
        diagrams,
        nothing.done(nothing.leaf(0)),
    )


def _cut_short(rules: Rules) -> Rules:
    """Leave out conditions that cannot hold any more, and all after one that does."""
    left = []
    for number, node in rules:
        if node is not False:
            left.append((number, node))
        if node is True:
            break
    return tuple(left)
