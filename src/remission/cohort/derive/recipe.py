"""What a derived column will be: kind, levels, what it is made of, and the expression that makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Protocol

import polars as pl

from remission.cohort.column import Column
from remission.cohort.conditions import ConditionError, parse, read_condition
from remission.cohort.conditions.tree import columns as columns_of
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.cut import read_cut
from remission.core.clock import UNITS, Clock, Unit
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.core.wording import listing

OPERATIONS = ("merge", "recode", "cut", "convert", "groups", "condition", "days_between", "protocol", "score")
_FROM = ("merge", "recode", "cut", "convert")
_RULES = ("protocol", "score")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What must be true of nobody: who it is, why it cannot be, and the repair."""

    expression: pl.Expr
    message: str
    repair: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A derived column before it is computed.

    Attributes
    ----------
    column : Column
        Without `known_at`.
    expression : polars.Expr
    twice : polars.Expr or None
        Who is in two groups, which must be nobody.
    wrong : tuple of Wrong
        Further faults of patients to look for.
    notes : tuple of str
        What must be told of how it was made.
    """

    column: Column
    expression: pl.Expr
    twice: pl.Expr | None = None
    wrong: tuple[Wrong, ...] = ()
    notes: tuple[str, ...] = ()


Made = tuple[Recipe | None, tuple[Problem, ...]]


class Rulebook(Protocol):
    """Who knows protocols and scores; a cohort only asks."""

    def recipe(
        self, name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock
    ) -> Made:
        """Write the recipe of a column that is a group of a protocol, or a score."""


def sources(declared: DerivedDeclaration) -> tuple[str, ...]:
    """Names of the columns a derived column is made of; those of unreadable conditions are left out."""
    found: list[str] = [declared.source] if declared.source is not None else []
    found += declared.days_between or ()
    found += [column for column in declared.inputs.values() if column]
    conditions = [*(declared.groups or {}).values(), *([declared.condition] if declared.condition else [])]
    for text in conditions:
        try:
            found += columns_of(parse(text))
        except ConditionError:
            continue
    return tuple(dict.fromkeys(found))


def write_recipe(
    name: str,
    declared: DerivedDeclaration,
    columns: Mapping[str, Column],
    clock: Clock,
    rulebook: Rulebook | None = None,
) -> Made:
    """Check the declaration of a derived column against the columns it is made of.

    Parameters
    ----------
    name : str
    declared : DerivedDeclaration
    columns : mapping of str to Column
        Columns it may use.
    clock : Clock
    rulebook : Rulebook, optional
        Needed for protocols and scores.
    """
    where = f"derived.{name}"
    said = [operation for operation in OPERATIONS if getattr(declared, operation) is not None]
    if len(said) != 1:
        listed = " and ".join(said) if said else "none"
        message = (
            f"a derived column is made in one way, and here are {listed}"
            if said
            else "nothing says how it is made"
        )
        return None, (Problem(where, message, f"Say one of {', '.join(OPERATIONS)}."),)
    problems = _shape(declared, said[0], where)
    if problems:
        return None, problems
    if said[0] in _RULES:
        if rulebook is None:
            message = "protocols and scores are not read here"
            return None, (Problem(f"{where}.{said[0]}", message, "Make the column in a study file."),)
        return rulebook.recipe(name, declared, columns, clock)
    return _MAKE[said[0]](name, declared, columns, clock)


def _shape(declared: DerivedDeclaration, operation: str, where: str) -> tuple[Problem, ...]:
    """Whether the other words fit the operation."""
    problems = []
    if operation in _FROM and declared.source is None:
        problems.append(Problem(where, f"{operation} needs a column to work on", 'Say from = "...".'))
    if operation not in _FROM and declared.source is not None:
        problems.append(Problem(f"{where}.from", f"{operation} does not use `from`", "Remove `from`."))
    if declared.rest is not None and operation not in {"merge", "recode", "groups"}:
        problems.append(Problem(f"{where}.rest", f"{operation} leaves no rest", "Remove `rest`."))
    if declared.unit is not None and operation != "days_between":
        problems.append(Problem(f"{where}.unit", f"{operation} has no unit", "Remove `unit`."))
    for word in ("inputs", "settings", "confirm"):
        if getattr(declared, word) and operation not in _RULES:
            message = f"{operation} does not use `{word}`"
            problems.append(Problem(f"{where}.{word}", message, f"Remove `{word}`."))
    if declared.ordered is not None and operation in {"convert", "condition", "days_between", "score"}:
        problems.append(Problem(f"{where}.ordered", f"{operation} makes no levels", "Remove `ordered`."))
    return tuple(problems)


def _source(name: str, columns: Mapping[str, Column], where: str) -> Column | Problem:
    if name in columns:
        return columns[name]
    repair = f"Declare it under [columns], or name it in [cohort] baseline.{did_you_mean(name, columns)}"
    return Problem(where, f'there is no declared column "{name}"', repair)


def _merge(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], _clock: Clock) -> Made:
    merged = declared.merge or {}
    old_to_new: dict[str, str] = {}
    problems = []
    for new, olds in merged.items():
        for old in olds:
            if old in old_to_new:
                message = f'the level "{old}" is taken in twice'
                problems.append(Problem(f"derived.{name}.merge", message, "Name every level once."))
            old_to_new[old] = new
    made, more = _relevel(name, declared, old_to_new, tuple(merged), columns)
    return (None if problems else made), (*problems, *more)


def _recode(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], _clock: Clock) -> Made:
    recoded = declared.recode or {}
    return _relevel(name, declared, recoded, tuple(dict.fromkeys(recoded.values())), columns)


def _relevel(
    name: str,
    declared: DerivedDeclaration,
    old_to_new: Mapping[str, str],
    levels: tuple[str, ...],
    columns: Mapping[str, Column],
) -> Made:
    where = f"derived.{name}"
    source = _source(declared.source or "", columns, f"{where}.from")
    if isinstance(source, Problem):
        return None, (source,)
    if source.kind not in {"category", "yes/no"}:
        message = f'"{source.name}" is a {source.kind}, which has no levels'
        return None, (Problem(f"{where}.from", message, "Use cut for numbers, groups for conditions."),)
    old_levels = source.levels if source.kind == "category" else ("no", "yes")
    problems = [
        Problem(
            where,
            f'"{old}" is no level of "{source.name}"',
            f"Its levels are {', '.join(old_levels)}.{did_you_mean(old, old_levels)}",
        )
        for old in old_to_new
        if old not in old_levels
    ]
    left = [old for old in old_levels if old not in old_to_new]
    if left and declared.rest is None:
        message = f'the levels {", ".join(left)} of "{source.name}" are not named'
        repair = 'Name them, or say rest = "others"; to leave patients out of the comparison, use groups.'
        problems.append(Problem(where, message, repair))
    if problems:
        return None, tuple(problems)
    if left and declared.rest is not None:
        old_to_new = {**old_to_new, **dict.fromkeys(left, declared.rest)}
        levels = tuple(dict.fromkeys((*levels, declared.rest)))
    text = pl.col(source.name)
    if source.kind == "yes/no":
        text = pl.when(text).then(pl.lit("yes")).when(~text).then(pl.lit("no"))
    expression = text.replace_strict(dict(old_to_new), default=None, return_dtype=pl.String)
    return Recipe(_category(name, declared, levels), expression), ()


def _cut(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], _clock: Clock) -> Made:
    where = f"derived.{name}"
    source = _source(declared.source or "", columns, f"{where}.from")
    intervals, problems = read_cut(declared.cut or (), f"{where}.cut")
    if isinstance(source, Problem):
        return None, (source, *problems)
    if source.kind != "number" or source.is_time:
        what = "time" if source.is_time else source.kind
        repair = "Cut a number; for others say groups = { name = condition }."
        problems = (*problems, Problem(f"{where}.from", f'"{source.name}" is a {what}, not a number', repair))
    if problems:
        return None, problems
    value = pl.col(source.name).fill_nan(None)
    chosen = [pl.when(each.expression(value)).then(pl.lit(level)) for level, each in intervals.items()]
    column = _category(name, declared, tuple(intervals), ordered=True)
    return Recipe(column, pl.coalesce(chosen)), ()


def _convert(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock) -> Made:
    where = f"derived.{name}"
    source = _source(declared.source or "", columns, f"{where}.from")
    if isinstance(source, Problem):
        return None, (source,)
    unit = "days" if source.is_time else source.unit.strip().casefold()
    before = next((each for each in UNITS if unit in {each, each[:-1]}), None)
    if source.kind != "number" or before is None:
        is_in = f"is in {source.unit}" if source.unit else "has no declared unit"
        what = f"is a {source.kind}" if source.kind != "number" else is_in
        message = f'"{source.name}" {what}, and convert works on numbers in {listing(UNITS, "or")}'
        return None, (Problem(f"{where}.from", message, _span_repair(source)),)
    after: Unit = declared.convert or "days"
    if UNITS.index(after) < UNITS.index(before):
        message = f'"{source.name}" is in {before}, which do not tell the {after}'
        repair = "Take them from two dates with days_between, or name a column that holds them."
        return None, (Problem(f"{where}.convert", message, repair),)
    value = pl.col(source.name).fill_nan(None) * clock.days_in(before) / clock.days_in(after)
    return Recipe(Column(name, "number", declared.label or source.label, after), value), ()


def _span_repair(source: Column) -> str:
    """What to do about a column that is no span of time."""
    if source.kind == "date":
        return "The time between two dates is made with days_between, in the unit that is said there."
    if source.kind != "number":
        return "Name a column of numbers."
    if source.unit:
        return "Name another column, or correct the unit if it is wrong."
    return f'Say its unit, such as unit = "days", under [columns.{source.name}], or name another column.'


def _groups(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock) -> Made:
    groups = declared.groups or {}
    problems: list[Problem] = []
    members: dict[str, pl.Expr] = {}
    for group, text in groups.items():
        condition, found = read_condition(text, columns, clock, f"derived.{name}.groups.{group}")
        problems += found
        if condition is not None:
            members[group] = condition.expression()
    if not groups:
        problems.append(Problem(f"derived.{name}.groups", "there is no group", "Write name = condition."))
    if declared.rest in groups:
        message = f'the rest "{declared.rest}" is also a group with a condition'
        problems.append(Problem(f"derived.{name}.rest", message, "Give the rest a name of its own."))
    if problems:
        return None, tuple(problems)
    chosen = [pl.when(member).then(pl.lit(group)) for group, member in members.items()]
    levels = tuple(groups)
    if declared.rest is not None:
        nowhere = reduce(lambda left, right: left & right, [~member for member in members.values()])
        chosen.append(pl.when(nowhere).then(pl.lit(declared.rest)))
        levels = (*levels, declared.rest)
    pairs = [left & right for left, right in combinations(members.values(), 2)]
    twice = reduce(lambda left, right: left | right, pairs) if pairs else None
    return Recipe(_category(name, declared, levels), pl.coalesce(chosen), twice), ()


def _condition(name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock) -> Made:
    condition, problems = read_condition(
        declared.condition or "", columns, clock, f"derived.{name}.condition"
    )
    if condition is None:
        return None, problems
    return Recipe(Column(name, "yes/no", declared.label), condition.expression()), ()


def _days_between(
    name: str, declared: DerivedDeclaration, columns: Mapping[str, Column], clock: Clock
) -> Made:
    where = f"derived.{name}.days_between"
    start, end = declared.days_between or ("", "")
    problems = []
    for each in (start, end):
        column = _source(each, columns, where)
        if isinstance(column, Problem):
            problems.append(column)
        elif column.kind != "date":
            message = f'"{each}" is a {"time" if column.is_time else column.kind}, not a date'
            problems.append(Problem(where, message, "Name two date columns."))
    if problems:
        return None, tuple(problems)
    unit = declared.unit or "days"
    elapsed = (pl.col(end) - pl.col(start)).dt.total_days().cast(pl.Float64) / clock.days_in(unit)
    return Recipe(Column(name, "number", declared.label, unit), elapsed), ()


def _category(
    name: str, declared: DerivedDeclaration, levels: tuple[str, ...], *, ordered: bool = False
) -> Column:
    said = ordered if declared.ordered is None else declared.ordered
    return Column(name, "category", declared.label, levels=levels, ordered=said)


_MAKE: dict[str, Callable[[str, DerivedDeclaration, Mapping[str, Column], Clock], Made]] = {
    "merge": _merge,
    "recode": _recode,
    "cut": _cut,
    "convert": _convert,
    "groups": _groups,
    "condition": _condition,
    "days_between": _days_between,
}
