"""A resolved condition as a Polars expression: true, false or null (unknown)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

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


def expression(node: Node, columns: Mapping[str, Column]) -> pl.Expr:
    """Compile a resolved tree, in Kleene's three-valued logic; NaN is read as unknown.

    Chains are joined pairwise, so that long ones do not nest deeply.
    """
    match node:
        case Not():
            return ~expression(node.term, columns)
        case AllOf() | AnyOf():
            return _join([expression(term, columns) for term in node.terms], every=isinstance(node, AllOf))
        case Holds():
            return pl.col(node.column.name)
        case Missing():
            unknown = _column(columns[node.column.name]).is_null()
            return ~unknown if node.negated else unknown
        case Comparison():
            column = columns[node.column.name]
            ranked = node.operator not in {"=", "!="}
            return _compare(
                _side(node.column, column, columns, ranked=ranked),
                node.operator,
                _side(node.value, column, columns, ranked=ranked),
            )
        case Among():
            column = columns[node.column.name]
            left = _side(node.column, column, columns)
            found = _join([left == _side(value, column, columns) for value in node.values], every=False)
            return ~found if node.negated else found
        case Between():
            column = columns[node.column.name]
            left = _side(node.column, column, columns, ranked=True)
            low, high = (_side(value, column, columns, ranked=True) for value in (node.low, node.high))
            inside = (left >= low) & (left <= high)
            return ~inside if node.negated else inside


def _join(terms: Sequence[pl.Expr], *, every: bool) -> pl.Expr:
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    left, right = _join(terms[:middle], every=every), _join(terms[middle:], every=every)
    return left & right if every else left | right


def _side(value: Value, column: Column, columns: Mapping[str, Column], *, ranked: bool = False) -> pl.Expr:
    """One side of a comparison; levels of an ordered category as their rank."""
    ranked = ranked and column.kind == "category"
    if isinstance(value, Name):
        read = _column(columns[value.name])
        return _rank(read, columns[value.name].levels) if ranked else read
    if ranked:
        return pl.lit(column.levels.index(str(value.value)))
    return pl.lit(value.value)


def _column(column: Column) -> pl.Expr:
    return pl.col(column.name).fill_nan(None) if column.kind == "number" else pl.col(column.name)


def _rank(read: pl.Expr, levels: Sequence[str]) -> pl.Expr:
    return read.replace_strict(list(levels), list(range(len(levels))), default=None, return_dtype=pl.Int64)


def _compare(left: pl.Expr, operator: Operator, right: pl.Expr) -> pl.Expr:
    match operator:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
