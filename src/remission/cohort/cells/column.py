"""One column of the file as declared, or as it looks: typed values, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from remission.cohort.cells.bad import BadCells, Cells
from remission.cohort.cells.check import check_declaration
from remission.cohort.cells.dates import DateRules, read_dates
from remission.cohort.cells.guess import guess
from remission.cohort.cells.levels import YES_NO, read_answers, read_levels
from remission.cohort.cells.numbers import in_days, outside, read_numbers
from remission.cohort.cells.text import as_text, distinct, translate, without_missing
from remission.cohort.column import Column
from remission.cohort.declare import Code, ColumnDeclaration, DeclaredKind
from remission.core.clock import UNITS, Clock, Unit
from remission.core.problems import Problem

Codes = dict[str, str | bool | int | float]
_UNITS: dict[str, Unit] = {word: unit for unit in UNITS for word in (unit, unit[:-1])}


@dataclass(frozen=True, slots=True)
class FileRules:
    """What [cohort] says about every column."""

    missing: tuple[Code, ...] = ()
    decimal: Literal[".", ","] = "."
    dates: str | None = None
    times_in: Unit = "years"
    clock: Clock = Clock()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True, eq=False)
class TypedColumn:
    """A column typed.

    Attributes
    ----------
    column : Column
        Without `known_at`, which needs the other columns.
    values : polars.Series
    bad : tuple of BadCells
    problems : tuple of Problem
        About the declaration.
    notes : tuple of str
    coded_missing : int
        Cells that held a code for "not known".
    """

    column: Column
    values: pl.Series
    bad: tuple[BadCells, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    coded_missing: int = 0


def type_column(
    name: str,
    declared: ColumnDeclaration,
    raw: pl.Series,
    rules: FileRules,
    *,
    label: str = "",
    value_labels: Mapping[str, str] | None = None,
) -> TypedColumn:
    """Type a column.

    Parameters
    ----------
    name : str
        Name in the study.
    declared : ColumnDeclaration
    raw : polars.Series
        As it stood in the file.
    rules : FileRules
    label : str
        The file's own label, if it carries one.
    value_labels : mapping of str to str, optional
        The file's own labels of values, used where no codes are declared.
    """
    where = f"columns.{name}"
    missing = rules.missing if declared.missing is None else declared.missing
    text, coded = without_missing(as_text(raw), missing)
    declared, note = _with_kind(name, declared, text, value_labels or {})
    problems = check_declaration(declared, where, rules.dates)
    kind = declared.kind or "text"
    cells = Cells(_nothing(text, kind)) if problems else _READ[kind](text, declared, where, rules)
    column = Column(
        name=name,
        kind="number" if kind == "time" else kind,
        label=declared.label or label,
        unit="days" if kind == "time" else declared.unit,
        levels=cells.levels,
        ordered=declared.ordered,
        is_time=kind == "time",
    )
    notes = (*note, *(f"{name}: {said}." for said in cells.notes))
    return TypedColumn(column, cells.values.alias(name), cells.bad, problems, notes, coded)


def _with_kind(
    name: str, declared: ColumnDeclaration, text: pl.Series, value_labels: Mapping[str, str]
) -> tuple[ColumnDeclaration, tuple[str, ...]]:
    """Settle the kind, from what is declared, the file's own value labels, or the look of the values."""
    codes = declared.codes
    if value_labels and not codes and declared.kind in {None, "category", "yes/no"}:
        codes = _useful(value_labels, text, declared.levels)
        declared = declared.model_copy(update={"codes": codes})
    if declared.kind is not None:
        return declared, ()
    kind: DeclaredKind
    levels: tuple[str, ...] = declared.levels
    if codes or levels:
        kind = _kind_of_codes(declared)
    elif declared.format is not None or declared.partial != "refuse":
        kind = "date"
    elif declared.unit or (declared.range is not None and not isinstance(declared.range[0], date)):
        kind = "number"
    else:
        looks = guess(text)
        kind, levels = looks.kind, looks.levels
    return declared.model_copy(update={"kind": kind, "levels": levels}), (
        f"{name}: read as {_said(kind, levels)}.",
    )


def _useful(value_labels: Mapping[str, str], text: pl.Series, levels: tuple[str, ...]) -> Codes:
    """The file's value labels, if they name every value and only declared levels.

    Labels of missing codes alone make no category.
    """
    values = distinct(text)
    named = len(translate(value_labels, values)) == len(values)
    declared = not levels or set(value_labels.values()) <= set(levels)
    return dict(value_labels) if named and declared else {}


def _kind_of_codes(declared: ColumnDeclaration) -> DeclaredKind:
    meanings = list(declared.codes.values())
    if not declared.levels and all(
        isinstance(each, bool) or str(each).casefold() in YES_NO for each in meanings
    ):
        return "yes/no"
    if not declared.levels and all(isinstance(each, int | float) for each in meanings):
        return "number"
    return "category"


def _said(kind: DeclaredKind, levels: tuple[str, ...]) -> str:
    return f"{kind} ({', '.join(levels)})" if levels else kind


def _number(text: pl.Series, declared: ColumnDeclaration, where: str, rules: FileRules) -> Cells:
    codes = {code: float(meaning) for code, meaning in declared.codes.items()}
    read = read_numbers(text, where, decimal=declared.decimal or rules.decimal, codes=codes)
    if declared.range is None:
        return read
    inside = outside(read.values, text, declared.range, where)
    return Cells(inside.values, (*read.bad, *inside.bad))


def _time(text: pl.Series, declared: ColumnDeclaration, where: str, rules: FileRules) -> Cells:
    read = _number(text, declared, where, rules)
    unit = _UNITS.get(declared.unit.casefold(), rules.times_in)
    return Cells(in_days(read.values, rules.clock.days_in(unit)), read.bad, read.notes)


def _category(text: pl.Series, declared: ColumnDeclaration, where: str, _rules: FileRules) -> Cells:
    codes = {code: str(meaning) for code, meaning in declared.codes.items()}
    return read_levels(text, where, levels=declared.levels, codes=codes)


def _answer(text: pl.Series, declared: ColumnDeclaration, where: str, _rules: FileRules) -> Cells:
    codes = {code: YES_NO[str(meaning).casefold()] for code, meaning in declared.codes.items()}
    return read_answers(text, where, codes=codes)


def _date(text: pl.Series, declared: ColumnDeclaration, where: str, rules: FileRules) -> Cells:
    low, high = declared.range or (None, None)
    limits = (low if isinstance(low, date) else None, high if isinstance(high, date) else None)
    read = read_dates(text, DateRules(where, declared.format or rules.dates, declared.partial, *limits))
    if declared.range is None:
        return read
    inside = outside(read.values, text, declared.range, where)
    return Cells(inside.values, (*read.bad, *inside.bad), read.notes)


def _text(text: pl.Series, _declared: ColumnDeclaration, _where: str, _rules: FileRules) -> Cells:
    return Cells(text)


def _nothing(text: pl.Series, kind: DeclaredKind) -> pl.Series:
    types: dict[DeclaredKind, type[pl.DataType]] = {
        "number": pl.Float64,
        "time": pl.Float64,
        "category": pl.String,
        "yes/no": pl.Boolean,
        "date": pl.Date,
        "text": pl.String,
    }
    return pl.Series(text.name, [None] * len(text), dtype=types[kind])


_READ: dict[DeclaredKind, Callable[[pl.Series, ColumnDeclaration, str, FileRules], Cells]] = {
    "number": _number,
    "time": _time,
    "category": _category,
    "yes/no": _answer,
    "date": _date,
    "text": _text,
}
