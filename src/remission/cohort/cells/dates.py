"""Dates: recognised or as declared, completed where only a month or a year is known."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from remission.cohort.cells.bad import Cells, Reason, gather
from remission.cohort.cells.layout import ISO, PLAIN, Layout, Parts, Precision, layout
from remission.cohort.cells.text import distinct
from remission.cohort.declare import Partial

EXCEL = "excel"
_EXCEL_DAY_0 = date(1899, 12, 30)
_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: .*)?")
_SHORT = re.compile(r"\d{1,2}([/.-])(\d{1,2}|[A-Za-z]{3})\1\d{2}")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_YEARS = range(1850, 2151)
_COMPLETED = {
    "first": ("the 1st", "1 January"),
    "middle": ("the 15th", "1 July"),
    "last": ("its last day", "31 December"),
}


@dataclass(frozen=True, slots=True)
class DateRules:
    """How to read the dates of a column; `low` and `high` are the range, which tells the century of YY."""

    where: str
    format: str | None = None
    partial: Partial = "refuse"
    low: date | None = None
    high: date | None = None


def read_dates(text: pl.Series, rules: DateRules) -> Cells:
    """Read dates.

    Without a declared format, dates that mean one day only are read (year first, month by name). Day and
    month in numbers are read where a value of the column shows which comes first; they are never guessed.

    Parameters
    ----------
    text : polars.Series
        Stripped text, missing codes already null.
    rules : DateRules
        `rules.format` must be "excel" or understood by `layout`.
    """
    values = distinct(text)
    read, notes = _reader(values, rules)
    days: dict[str, date] = {}
    wrong: dict[str, Reason] = {}
    completed: dict[str, Precision] = {}
    clocks: set[str] = set()
    for value in values:
        parts = read(value)
        day = parts if isinstance(parts, Reason) else _day(parts, rules)
        if isinstance(day, Reason):
            wrong[value] = day
            continue
        days[value] = day
        if isinstance(parts, Parts):
            if parts.precision != "day":
                completed[value] = parts.precision
            if parts.clock:
                clocks.add(value)
    typed = (
        text.replace_strict(days, default=None, return_dtype=pl.Date)
        if days
        else text.clear(len(text)).cast(pl.Date)
    )
    bad = gather(text, text.is_in(list(wrong)), wrong.__getitem__) if wrong else ()
    return Cells(typed, bad, (*notes, *_counted(text, completed, clocks, rules.partial)))


def _reader(values: list[str], rules: DateRules) -> tuple[Callable[[str], Parts | Reason], tuple[str, ...]]:
    if rules.format is not None and rules.format.casefold() == EXCEL:
        return _from_serial, ()
    declared = layout(rules.format) if rules.format is not None else None
    if declared is not None:
        also = () if declared.text.startswith("Y") else ISO
        return lambda value: _first(value, (declared, *also)) or _not_as_declared(value, declared, rules), ()
    order, note = _order(values)
    slashed = {
        value: reading if order is None else _first(value, (order,)) or reading
        for value, reading in _ambiguous(values, rules).items()
    }
    return lambda value: _first(value, PLAIN) or slashed.get(value) or _not_a_date(value, rules), note


def _first(value: str, layouts: tuple[Layout, ...]) -> Parts | None:
    for each in layouts:
        parts = each.read(value)
        if parts is not None:
            return parts
    return None


def _order(values: list[str]) -> tuple[Layout | None, tuple[str, ...]]:
    """Which of day and month comes first, when some value leaves no choice and none contradicts it."""
    found = [match for value in values if (match := _SLASHED.fullmatch(value))]
    first = sum(int(match[1]) > 12 for match in found)
    second = sum(int(match[3]) > 12 for match in found)
    if bool(first) == bool(second):
        return None, ()
    words = "day/month/year" if first else "month/day/year"
    marks = {match[2] for match in found}
    mark = next(iter(marks)) if len(marks) == 1 else "/"
    text = f"DD{mark}MM{mark}YYYY" if first else f"MM{mark}DD{mark}YYYY"
    return layout(text), (f"read as {words}; different dates that can be nothing else: {first or second}",)


def _ambiguous(values: list[str], rules: DateRules) -> Mapping[str, Reason]:
    repair = f'Say format = "DD/MM/YYYY" or "MM/DD/YYYY" under [{rules.where}].'
    reason = Reason("may be day/month or month/day", "may be day/month or month/day", repair)
    return {value: reason for value in values if _SLASHED.fullmatch(value)}


def _day(parts: Parts, rules: DateRules) -> date | Reason:
    year = parts.year
    if parts.short_year is not None:
        years = [year for year in _YEARS if year % 100 == parts.short_year and _within(year, rules)]
        if len(years) != 1:
            repair = f"Declare under [{rules.where}] a range of dates of less than a hundred years."
            return Reason("has a year whose century is open", "have years whose century is open", repair)
        year = years[0]
    if year is None or year not in _YEARS:
        return Reason("has an impossible year", "have an impossible year", "Correct the date.")
    if parts.precision != "day":
        if rules.partial == "refuse":
            repair = (
                f'Complete the date, or say partial = "middle" (or "first", "last") under [{rules.where}].'
            )
            return Reason(f"has no {_lacking(parts)}", f"have no {_lacking(parts)}", repair)
        return _complete(year, parts.month, rules.partial)
    if parts.month is None or parts.day is None or not 1 <= parts.month <= 12:
        return Reason("is no day of the calendar", "are no days of the calendar", "Correct the date.")
    if not 1 <= parts.day <= calendar.monthrange(year, parts.month)[1]:
        return Reason("is no day of the calendar", "are no days of the calendar", "Correct the date.")
    return date(year, parts.month, parts.day)


def _within(year: int, rules: DateRules) -> bool:
    return rules.low is not None and rules.high is not None and rules.low.year <= year <= rules.high.year


def _lacking(parts: Parts) -> str:
    return "day" if parts.precision == "month" else "day and month"


def _complete(year: int, month: int | None, how: Partial) -> date:
    """The day that stands for a month or a year."""
    if how == "first":
        return date(year, month or 1, 1)
    if how == "last":
        return date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    return date(year, 7, 1) if month is None else date(year, month, 15)


def _from_serial(value: str) -> Parts | Reason:
    iso = _first(value, ISO)
    if iso is not None and iso.precision == "day":
        return iso
    if not re.fullmatch(r"\d{1,5}(\.\d+)?", value):
        return Reason("is no Excel day number", "are no Excel day numbers", "Correct the value, or `format`.")
    day = _EXCEL_DAY_0 + timedelta(days=int(float(value)))
    return Parts(day.year, day.month, day.day, clock=float(value) % 1 > 0)


def _not_as_declared(value: str, declared: Layout, rules: DateRules) -> Reason:
    if _SERIAL.fullmatch(value):
        return _serial(rules)
    repair = f"Correct the date, or `format` under [{rules.where}]."
    return Reason(f"is not written as {declared.text}", f"are not written as {declared.text}", repair)


def _not_a_date(value: str, rules: DateRules) -> Reason:
    if _SERIAL.fullmatch(value):
        return _serial(rules)
    if _SHORT.fullmatch(value):
        repair = f'Write four digits, or say format = "DD/MM/YY" and a range of dates under [{rules.where}].'
        return Reason("has a year of two digits", "have years of two digits", repair)
    repair = (
        f'Correct it; if dates are written otherwise, say format = "DD/MM/YYYY" under [{rules.where}]; '
        'if it means "not known", say so by `missing`.'
    )
    return Reason("is no date", "are no dates", repair)


def _serial(rules: DateRules) -> Reason:
    repair = f'Say format = "excel" under [{rules.where}] if all dates are such numbers, or correct them.'
    return Reason("looks like an Excel day number", "look like Excel day numbers", repair)


def _counted(
    text: pl.Series, completed: Mapping[str, Precision], clocks: set[str], how: Partial
) -> tuple[str, ...]:
    """What was completed or cut off, in numbers of cells."""
    notes = []
    by_precision: Counter[Precision] = Counter()
    for value, precision in completed.items():
        by_precision[precision] += int((text == value).sum())
    for precision, count in sorted(by_precision.items()):
        lacking, put = (
            ("day", _COMPLETED[how][0]) if precision == "month" else ("day and month", _COMPLETED[how][1])
        )
        notes.append(f"dates without {lacking}, put on {put}: {count}")
    if clocks:
        notes.append(f"dates whose time of day was left out: {int(text.is_in(list(clocks)).sum())}")
    return tuple(notes)
