"""A condition as a tree: what is compared with what, and how that is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from remission.core.clock import Duration, Unit

Operator = Literal["=", "!=", "<", "<=", ">", ">="]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
KEYWORDS = frozenset({"and", "or", "not", "in", "between", "is", "missing", "yes", "no", "true", "false"})
BARE_NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Number:
    """A number, perhaps with a unit of time: `60`, `12 months`."""

    value: float
    unit: Unit | None = None

    def __str__(self) -> str:
        if self.unit is not None:
            whole = str(Duration(self.value, self.unit)).partition(" ")[2]
            return f"{_digits(self.value)} {whole}"
        return _digits(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text or the level of a category: `'CR'`."""

    value: str

    def __str__(self) -> str:
        quote = '"' if "'" in self.value and '"' not in self.value else "'"
        return quote + self.value.replace(quote, quote * 2) + quote


@dataclass(frozen=True, slots=True)
class Day:
    """A date: `2016-12-31`."""

    value: date

    def __str__(self) -> str:
        return self.value.isoformat()


@dataclass(frozen=True, slots=True)
class Answer:
    """`yes` or `no`."""

    value: bool

    def __str__(self) -> str:
        return "yes" if self.value else "no"


@dataclass(frozen=True, slots=True)
class Name:
    """Another column."""

    name: str

    def __str__(self) -> str:
        if BARE_NAME.fullmatch(self.name) and self.name.casefold() not in KEYWORDS:
            return self.name
        return "`" + self.name.replace("`", "``") + "`"


Value = Number | Text | Day | Answer | Name


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column against a value or another column."""

    column: Name
    operator: Operator
    value: Value

    def __str__(self) -> str:
        return f"{self.column} {self.operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Among:
    """A column is (not) one of some values."""

    column: Name
    values: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.column} {_not(self.negated)}in [{', '.join(map(str, self.values))}]"


@dataclass(frozen=True, slots=True)
class Between:
    """A column lies (not) between two values, both included."""

    column: Name
    low: Value
    high: Value
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.column} {_not(self.negated)}between {self.low} and {self.high}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A column is (not) unknown."""

    column: Name
    negated: bool = False

    def __str__(self) -> str:
        return f"{self.column} is {_not(self.negated)}missing"


@dataclass(frozen=True, slots=True)
class Holds:
    """A yes/no column is yes."""

    column: Name

    def __str__(self) -> str:
        return str(self.column)


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    term: Node

    def __str__(self) -> str:
        return f"not {self.term}" if isinstance(self.term, Holds) else f"not ({self.term})"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every term holds: `and`."""

    terms: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({term})" if isinstance(term, AllOf | AnyOf) else str(term) for term in self.terms
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one term holds: `or`."""

    terms: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({term})" if isinstance(term, AnyOf) else str(term) for term in self.terms)


Leaf = Comparison | Among | Between | Missing | Holds
Node = Leaf | Not | AllOf | AnyOf


def columns(node: Node) -> tuple[str, ...]:
    """Names of the columns a condition reads, each once, in order of appearance.

    Examples
    --------
    >>> columns(AllOf((Holds(Name("cr")), Comparison(Name("age"), ">", Number(60)))))
    ('cr', 'age')
    """
    return tuple(dict.fromkeys(name.name for leaf in leaves(node) for name in _names(leaf)))


def leaves(node: Node) -> Iterator[Leaf]:
    """Walk the comparisons at the ends of the tree, left to right."""
    if isinstance(node, Not):
        yield from leaves(node.term)
    elif isinstance(node, AllOf | AnyOf):
        for term in node.terms:
            yield from leaves(term)
    else:
        yield node


def _names(leaf: Leaf) -> Iterator[Name]:
    yield leaf.column
    values: tuple[Value, ...] = ()
    if isinstance(leaf, Comparison):
        values = (leaf.value,)
    elif isinstance(leaf, Among):
        values = leaf.values
    elif isinstance(leaf, Between):
        values = (leaf.low, leaf.high)
    yield from (value for value in values if isinstance(value, Name))


def _not(negated: bool) -> str:  # noqa: FBT001 - a word, not a switch
    return "not " if negated else ""


def _digits(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
