"""What is left of a condition when some of its columns are known."""

from __future__ import annotations

from collections.abc import Mapping

from remission.cohort.column import Column
from remission.cohort.conditions.evaluate import Cell, evaluate
from remission.cohort.conditions.tree import AllOf, AnyOf, Missing, Node, Not, leaves

Residual = Node | bool


def residual(node: Residual, name: str, value: Cell, columns: Mapping[str, Column]) -> Residual:
    """Put a value for one column into a resolved condition that compares columns with values only.

    Returns
    -------
    Node or bool
        Yes or no when the value settles it.
    """
    if isinstance(node, bool):
        return node
    match node:
        case Not():
            term = residual(node.term, name, value, columns)
            return (not term) if isinstance(term, bool) else Not(term)
        case AllOf() | AnyOf():
            settles = isinstance(node, AnyOf)
            rest = [residual(term, name, value, columns) for term in node.terms]
            if settles in [term for term in rest if isinstance(term, bool)]:
                return settles
            open_terms = tuple(dict.fromkeys(term for term in rest if not isinstance(term, bool)))
            if len(open_terms) <= 1:
                return open_terms[0] if open_terms else not settles
            return type(node)(open_terms)
    if node.column.name != name:
        return node
    return evaluate(node, {name: value}, columns) is True


def asked(node: Residual) -> set[str]:
    """Names of the columns a condition still asks for."""
    return set() if isinstance(node, bool) else {leaf.column.name for leaf in leaves(node)}


def asks_whether_missing(node: Node) -> bool:
    """Whether a condition contains `is missing`."""
    return any(isinstance(leaf, Missing) for leaf in leaves(node))
