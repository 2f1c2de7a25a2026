"""A condition as a reader would say it, and its opposite: for flow diagrams and explanations."""

from __future__ import annotations

from collections.abc import Mapping

from remission.cohort.column import Column
from remission.cohort.conditions.tree import (
    AllOf,
    Among,
    AnyOf,
    Between,
    Comparison,
    Holds,
    Leaf,
    Missing,
    Name,
    Node,
    Not,
    Number,
    Operator,
    Text,
    Value,
)

_WORDS: dict[Operator, str] = {
    "=": "is",
    "!=": "is not",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
}
_EARLIER: dict[Operator, str] = {
    "<": "is before",
    "<=": "is not after",
    ">": "is after",
    ">=": "is not before",
}
_OPPOSITE: dict[Operator, Operator] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def in_words(node: Node, columns: Mapping[str, Column], *, opposite: bool = False) -> str:
    """Say a condition (as written, not as resolved) with the labels and units of its columns.

    Parameters
    ----------
    node : Node
    columns : mapping of str to Column
        Labels and units; a column not among them goes by its name.
    opposite : bool
        Say when the condition fails.

    Examples
    --------
    >>> from remission.cohort.conditions.parse import parse
    >>> age = {"age": Column("age", "number", "Age", "years")}
    >>> in_words(parse("age >= 18 and diagnosis = 'AML'"), age)
    'Age is at least 18 years and diagnosis is AML'
    >>> in_words(parse("age >= 18 and diagnosis = 'AML'"), age, opposite=True)
    'Age is below 18 years or diagnosis is not AML'
    """
    match node:
        case Not():
            return in_words(node.term, columns, opposite=not opposite)
        case AllOf() | AnyOf():
            word = " and " if isinstance(node, AllOf) != opposite else " or "
            return word.join(_term(term, columns, opposite=opposite) for term in node.terms)
    return _leaf(node, columns, opposite=opposite)


def _term(term: Node, columns: Mapping[str, Column], *, opposite: bool) -> str:
    said = in_words(term, columns, opposite=opposite)
    inner = term.term if isinstance(term, Not) else term
    return f"({said})" if isinstance(inner, AllOf | AnyOf) else said


def _leaf(leaf: Leaf, columns: Mapping[str, Column], *, opposite: bool) -> str:
    title = _title(leaf.column, columns)
    column = columns.get(leaf.column.name)

    def said(value: Value, *, unit: bool = True) -> str:
        return _value(value, columns, column if unit else None)

    match leaf:
        case Holds():
            return f"{title}: {'no' if opposite else 'yes'}"
        case Missing():
            return f"{title} is {'known' if leaf.negated != opposite else 'not known'}"
        case Among():
            negated = "not " if leaf.negated != opposite else ""
            values = [said(value) for value in leaf.values]
            several = " or ".join([", ".join(values[:-1]), values[-1]]) if len(values) > 1 else values[0]
            return f"{title} is {negated}{several}"
        case Between():
            where = "outside" if leaf.negated != opposite else "within"
            return f"{title} is {where} {said(leaf.low, unit=False)} to {said(leaf.high)}"
        case Comparison():
            operator = _OPPOSITE[leaf.operator] if opposite else leaf.operator
            dates = column is not None and column.kind == "date"
            word = _EARLIER.get(operator, _WORDS[operator]) if dates else _WORDS[operator]
            return f"{title} {word} {said(leaf.value)}"


def _title(name: Name, columns: Mapping[str, Column]) -> str:
    return columns[name.name].title if name.name in columns else name.name


def _value(value: Value, columns: Mapping[str, Column], column: Column | None) -> str:
    if isinstance(value, Name):
        return _title(value, columns)
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Number) and value.unit is None and column is not None and column.unit:
        return f"{value} {column.unit}"
    return str(value)
