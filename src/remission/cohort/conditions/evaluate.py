"""A resolved condition in one patient: yes, no or unknown, in plain Python."""

from __future__ import annotations

import math
import operator as op
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from remission.cohort.column import Column
from remission.cohort.conditions.tree import (
    AllOf,
    Among,
    AnyOf,
    Between,
    Comparison,
    Holds,
    Missing,
    Name,
    Node,
    Not,
    Operator,
    Value,
)

Cell = float | str | bool | date | None
_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    "=": op.eq,
    "!=": op.ne,
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
}


def evaluate(node: Node, row: Mapping[str, Cell], columns: Mapping[str, Column]) -> bool | None:
    """Answer a resolved condition for one row; None is unknown (Kleene's logic), NaN is read as unknown."""
    match node:
        case Not():
            return negation(evaluate(node.term, row, columns))
        case AllOf():
            return conjunction(evaluate(term, row, columns) for term in node.terms)
        case AnyOf():
            return negation(conjunction(negation(evaluate(term, row, columns)) for term in node.terms))
        case Holds():
            answer = _cell(node.column, row)
            return None if answer is None else bool(answer)
        case Missing():
            return (_cell(node.column, row) is None) != node.negated
        case Comparison():
            return _compare(node.column, node.operator, node.value, row, columns)
        case Among():
            equal = [_compare(node.column, "=", value, row, columns) for value in node.values]
            found = negation(conjunction(map(negation, equal)))
            return negation(found) if node.negated else found
        case Between():
            above = _compare(node.column, ">=", node.low, row, columns)
            below = _compare(node.column, "<=", node.high, row, columns)
            inside = conjunction([above, below])
            return negation(inside) if node.negated else inside


def negation(answer: bool | None) -> bool | None:  # noqa: FBT001 - a truth value, not a switch
    """Not: unknown stays unknown."""
    return None if answer is None else not answer


def conjunction(answers: Iterable[bool | None]) -> bool | None:
    """And: no if any is no; else unknown if any is unknown."""
    known: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            known = None
    return known


def _compare(
    name: Name, operator: Operator, value: Value, row: Mapping[str, Cell], columns: Mapping[str, Column]
) -> bool | None:
    left, right = _cell(name, row), _cell(value, row) if isinstance(value, Name) else value.value
    if left is None or right is None:
        return None
    column = columns[name.name]
    if column.kind == "category" and operator not in {"=", "!="}:
        left, right = column.levels.index(str(left)), column.levels.index(str(right))
    return _COMPARE[operator](left, right)


def _cell(name: Name, row: Mapping[str, Cell]) -> Cell:
    value = row[name.name]
    return None if isinstance(value, float) and math.isnan(value) else value
