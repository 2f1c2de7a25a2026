"""What the words of a condition mean in a cohort: every column declared, every level known, units alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from remission.cohort.column import Column
from remission.cohort.conditions.tree import (
    AllOf,
    Among,
    Answer,
    AnyOf,
    Between,
    Comparison,
    Day,
    Holds,
    Leaf,
    Name,
    Node,
    Not,
    Number,
    Text,
    Value,
)
from remission.core.clock import UNITS, Clock, Unit
from remission.core.suggest import did_you_mean

_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_UNITS: dict[str, Unit] = {word: unit for unit in UNITS for word in (unit, unit[:-1])}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a condition, and what to write."""

    message: str
    repair: str


def resolve(node: Node, columns: Mapping[str, Column], clock: Clock) -> tuple[Node, tuple[Fault, ...]]:
    """Check a tree against the columns of a cohort and put its values into their types and units.

    Times are put into days, dates written as text become dates, `1` becomes the level "1" of a category.

    Parameters
    ----------
    node : Node
        As parsed.
    columns : mapping of str to Column
        What conditions may name.
    clock : Clock
        Length of months and years.

    Returns
    -------
    node : Node
        To be compiled or evaluated, if there are no faults.
    faults : tuple of Fault
        All of them.
    """
    faults: list[Fault] = []

    def walk(part: Node) -> Node:
        if isinstance(part, Not):
            return Not(walk(part.term))
        if isinstance(part, AllOf | AnyOf):
            return type(part)(tuple(walk(term) for term in part.terms))
        return _leaf(part, columns, clock, faults.append)

    resolved = walk(node)
    return resolved, tuple(dict.fromkeys(faults))


def _leaf(leaf: Leaf, columns: Mapping[str, Column], clock: Clock, tell: Callable[[Fault], None]) -> Leaf:
    column = columns.get(leaf.column.name)
    fault = _undeclared(leaf.column.name, columns) if column is None else _misused(leaf, column)
    if column is None or fault is not None:
        if fault is not None:
            tell(fault)
        return leaf

    def put(value: Value) -> Value:
        found = (
            _beside(column, value, columns)
            if isinstance(value, Name)
            else _PUT[column.kind](column, value, clock)
        )
        if isinstance(found, Fault):
            tell(found)
            return value
        return found

    match leaf:
        case Comparison():
            return replace(leaf, value=put(leaf.value))
        case Among():
            return replace(leaf, values=tuple(put(value) for value in leaf.values))
        case Between():
            return replace(leaf, low=put(leaf.low), high=put(leaf.high))
    return leaf


def _misused(leaf: Leaf, column: Column) -> Fault | None:
    """Whether a column can be in this kind of comparison at all."""
    if isinstance(leaf, Holds) and column.kind != "yes/no":
        return Fault(
            f'"{column.name}" stands alone, but is no yes/no column', f'Compare it: "{column.name} = ..."'
        )
    needs_order = isinstance(leaf, Between) or (
        isinstance(leaf, Comparison) and leaf.operator not in {"=", "!="}
    )
    return _unordered(column) if needs_order else None


def _undeclared(name: str, columns: Mapping[str, Column]) -> Fault:
    hint = did_you_mean(name, columns)
    repair = f"Declare it under [columns], or name it in [cohort] baseline.{hint}"
    return Fault(f'there is no declared column "{name}"', repair)


def _unordered(column: Column) -> Fault | None:
    if column.kind in {"number", "date"} or (column.kind == "category" and column.ordered):
        return None
    repair = "Use =, != or in."
    if column.kind == "category":
        repair = f"Say ordered = true under [columns.{column.name}], or use =, != or in."
    return Fault(f'the values of "{column.name}" ({column.kind}) have no order', repair)


def _beside(column: Column, value: Name, columns: Mapping[str, Column]) -> Value | Fault:
    other = columns.get(value.name)
    if other is None:
        if column.kind == "category" and value.name in column.levels:
            repair = f"Write '{value.name}' in quotation marks."
            return Fault(f'the level "{value.name}" of "{column.name}" is written like a column', repair)
        return _undeclared(value.name, columns)
    if other.kind != column.kind or other.is_time != column.is_time:
        message = f'"{column.name}" ({_kind(column)}) is compared with "{value.name}" ({_kind(other)})'
        return Fault(message, "Compare columns of one kind.")
    if column.kind == "number" and column.unit and other.unit and column.unit != other.unit:
        message = f'"{column.name}" is in {column.unit} and "{value.name}" in {other.unit}'
        return Fault(message, "Compare columns of one unit.")
    if column.kind == "category" and column.levels != other.levels:
        message = f'"{column.name}" and "{value.name}" have different levels'
        return Fault(message, "Give both columns the same levels, in the same order.")
    return value


def _kind(column: Column) -> str:
    return "time" if column.is_time else column.kind


def _number(column: Column, value: Value, clock: Clock) -> Value | Fault:
    if not isinstance(value, Number):
        return Fault(f'the number "{column.name}" is compared with {value}', "Write a number.")
    unit = _UNITS.get(column.unit.strip().casefold())
    if column.is_time:
        if value.unit is None and value.value != 0:
            message = f'the time "{column.name}" is compared with {value}, which has no unit'
            return Fault(message, f'Write it with its unit: "{value} months".')
        return Number(value.value * clock.days_in(value.unit or "days"))
    if value.unit is None:
        return value
    if unit is None:
        message = f'"{column.name}" is compared with {value}, but has no unit of time'
        return Fault(message, f"Declare its unit under [columns.{column.name}], or leave out the unit here.")
    if value.unit == unit:
        return Number(value.value)
    return Number(value.value * clock.days_in(value.unit) / clock.days_in(unit))


def _category(column: Column, value: Value, _clock: Clock) -> Value | Fault:
    if isinstance(value, Number) and value.unit is not None:
        return Fault(f'the category "{column.name}" is compared with {value}', "Write one of its levels.")
    level = value.value if isinstance(value, Text) else str(value)
    if level in column.levels:
        return Text(level)
    named = ", ".join(f"'{known}'" for known in column.levels) or "none"
    repair = f"Its levels are {named}.{did_you_mean(level, column.levels)}"
    return Fault(f'"{level}" is no level of "{column.name}"', repair)


def _answer(column: Column, value: Value, _clock: Clock) -> Value | Fault:
    if isinstance(value, Answer):
        return value
    text = value.value if isinstance(value, Text) else str(value)
    if text.casefold() in _YES_NO:
        return Answer(_YES_NO[text.casefold()])
    return Fault(f'the yes/no column "{column.name}" is compared with {value}', "Write yes or no.")


def _date(column: Column, value: Value, _clock: Clock) -> Value | Fault:
    if isinstance(value, Day):
        return value
    if isinstance(value, Text):
        try:
            return Day(date.fromisoformat(value.value.strip()))
        except ValueError:
            pass
    message = f'the date "{column.name}" is compared with {value}'
    return Fault(message, "Write a date as year-month-day: 2016-12-31.")


def _text(column: Column, value: Value, _clock: Clock) -> Value | Fault:
    if isinstance(value, Text):
        return value
    if isinstance(value, Number) and value.unit is None:
        return Text(str(value))
    return Fault(f'the text "{column.name}" is compared with {value}', "Write a text in quotation marks.")


_PUT: dict[str, Callable[[Column, Value, Clock], Value | Fault]] = {
    "number": _number,
    "category": _category,
    "yes/no": _answer,
    "date": _date,
    "text": _text,
}
