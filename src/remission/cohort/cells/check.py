"""Whether the parts of a column's declaration fit together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from remission.cohort.cells.dates import EXCEL
from remission.cohort.cells.layout import layout
from remission.cohort.cells.levels import YES_NO
from remission.cohort.declare import ColumnDeclaration
from remission.core.clock import UNITS
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean

_TIME_UNITS = {word for unit in UNITS for word in (unit, unit[:-1])}


def check_declaration(declared: ColumnDeclaration, where: str, dates: str | None) -> tuple[Problem, ...]:
    """Tell everything in a declaration that contradicts its kind, or itself.

    Parameters
    ----------
    declared : ColumnDeclaration
        Its kind settled.
    where : str
        Key path.
    dates : str or None
        The format of the whole file's dates.
    """
    checks = (_foreign, _levels, _codes, _range)
    problems = [problem for check in checks for problem in check(declared, where)]
    if declared.kind == "date":
        problems += _format(declared, where, dates)
    if declared.kind == "time" and declared.unit and declared.unit.casefold() not in _TIME_UNITS:
        repair = f"Write one of {', '.join(UNITS)}."
        problems.append(Problem(f"{where}.unit", f'a time has no unit "{declared.unit}"', repair))
    return tuple(problems)


def _foreign(declared: ColumnDeclaration, where: str) -> Iterator[Problem]:
    """Words that belong to other kinds."""
    belongs = {
        "levels": (bool(declared.levels), ("category",)),
        "ordered": (declared.ordered, ("category",)),
        "codes": (bool(declared.codes), ("category", "yes/no", "number", "time")),
        "range": (declared.range is not None, ("number", "time", "date")),
        "format": (declared.format is not None, ("date",)),
        "partial": (declared.partial != "refuse", ("date",)),
        "decimal": (declared.decimal is not None, ("number", "time")),
    }
    for key, (said, kinds) in belongs.items():
        if said and declared.kind not in kinds:
            message = f"`{key}` belongs to {' or '.join(kinds)}, and this column is {declared.kind}"
            yield Problem(f"{where}.{key}", message, f"Remove `{key}`, or change the kind.")


def _levels(declared: ColumnDeclaration, where: str) -> Iterator[Problem]:
    twice = {level for level in declared.levels if declared.levels.count(level) > 1}
    for level in sorted(twice):
        yield Problem(f"{where}.levels", f'the level "{level}" is named twice', "Name every level once.")


def _codes(declared: ColumnDeclaration, where: str) -> Iterator[Problem]:
    for code, meaning in declared.codes.items():
        place = f"{where}.codes"
        if declared.kind == "category" and declared.levels and str(meaning) not in declared.levels:
            hint = did_you_mean(str(meaning), declared.levels)
            repair = f"Name a declared level, or add it to the levels.{hint}"
            yield Problem(place, f'the code {code} means "{meaning}", which is no declared level', repair)
        if declared.kind == "yes/no" and str(meaning).casefold() not in YES_NO:
            yield Problem(place, f'the code {code} means "{meaning}", not yes or no', 'Write "yes" or "no".')
        if declared.kind in {"number", "time"} and not _is_number(meaning):
            yield Problem(place, f'the code {code} means "{meaning}", which is no number', "Write a number.")


def _is_number(meaning: object) -> bool:
    return isinstance(meaning, int | float) and not isinstance(meaning, bool)


def _range(declared: ColumnDeclaration, where: str) -> Iterator[Problem]:
    if declared.range is None or declared.kind not in {"number", "time", "date"}:
        return
    low, high = declared.range
    wanted = "dates" if declared.kind == "date" else "numbers"
    if isinstance(low, date) and isinstance(high, date):
        fits, empty = wanted == "dates", low > high
    elif isinstance(low, float) and isinstance(high, float):
        fits, empty = wanted == "numbers", low > high
    else:
        fits, empty = False, False
    if not fits:
        yield Problem(
            f"{where}.range", f"the range of a {declared.kind} has two {wanted}", f"Write two {wanted}."
        )
    elif empty:
        yield Problem(
            f"{where}.range", f"the range begins after its end ({low} to {high})", "Exchange the two."
        )


def _format(declared: ColumnDeclaration, where: str, dates: str | None) -> Iterator[Problem]:
    text = dates if declared.format is None else declared.format
    if text is None or text.casefold() == EXCEL:
        return
    place = "cohort.dates" if declared.format is None else f"{where}.format"
    found = layout(text)
    if found is None:
        repair = 'Write it with DD, MM (or MMM) and YYYY: "DD/MM/YYYY".'
        yield Problem(place, f'"{text}" does not say how dates are written', repair)
    elif found.has_short_year:
        span = declared.range
        known = span is not None and isinstance(span[0], date) and isinstance(span[1], date)
        if span is None or not known or span[1].year - span[0].year >= 100:  # type: ignore[union-attr]
            message = "years of two digits leave the century open"
            repair = 'Add a range of less than a hundred years: range = ["1930-01-01", "2024-12-31"].'
            yield Problem(f"{where}.range", message, repair)
