"""Inputs of a protocol taken from the columns of a cohort, and the values they cannot have."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

import polars as pl

from remission.cohort.column import Column
from remission.cohort.derive.recipe import Wrong
from remission.core.clock import UNITS
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.rules.declare import InputDeclaration
from remission.rules.reading import levels_by_word, plain

TYPES: dict[str, pl.DataType] = {"number": pl.Float64(), "category": pl.String(), "yes/no": pl.Boolean()}


def take(asked: InputDeclaration, columns: Mapping[str, Column], name: str, where: str) -> pl.Expr | Problem:
    """Read the input from a column of the cohort."""
    column = columns.get(name)
    if column is None:
        repair = f"Declare it under [columns], or name it in [cohort] baseline.{did_you_mean(name, columns)}"
        return Problem(where, f'there is no declared column "{name}"', repair)
    if asked.kind == "number":
        return _number(asked, column, where)
    words = _words(asked)
    if asked.kind == column.kind == "yes/no":
        return pl.col(name)
    if column.kind == "number" and asked.kind == "category":
        numbers = {float(level): level for level in asked.levels if level.isdigit()}
        if numbers:
            return pl.col(name).replace_strict(numbers, default=None, return_dtype=pl.String)
    if column.kind not in {"category", "yes/no"}:
        what = "time" if column.is_time else column.kind
        message = f'"{name}" is a {what}, and {asked.label} is a {asked.kind}'
        return Problem(where, message, "Name another column, or correct its kind.")
    levels = column.levels if column.kind == "category" else ("no", "yes")
    foreign = [level for level in levels if plain(level) not in words]
    if foreign:
        message = f'{", ".join(foreign)} of "{name}" is no value of {asked.label}'
        meant = asked.levels or ("yes", "no")
        repair = f"Give the column codes for {', '.join(meant)} under [columns.{name}], or recode it."
        return Problem(where, message, repair)
    text = pl.col(name)
    if column.kind == "yes/no":
        text = pl.when(text).then(pl.lit("yes")).when(~text).then(pl.lit("no"))
    meant_by = {level: words[plain(level)] for level in levels}
    read = text.replace_strict(meant_by, default=None, return_dtype=pl.String)
    return read == "yes" if asked.kind == "yes/no" else read


def _words(asked: InputDeclaration) -> dict[str, str | None]:
    """Meaning of every way of writing a value; None: not known."""
    known: dict[str, str | None] = {plain(word): None for word in asked.unknown}
    if asked.kind == "category":
        return {**known, **levels_by_word(asked)}
    return {
        **known,
        **{plain(code): meaning for code, meaning in asked.values.items()},
        "yes": "yes",
        "no": "no",
    }


def _number(asked: InputDeclaration, column: Column, where: str) -> pl.Expr | Problem:
    if column.kind != "number":
        message = f'"{column.name}" is a {column.kind}, and {asked.label} is a number'
        return Problem(where, message, "Name another column, or correct its kind.")
    if not column.is_time and not column.unit and asked.unit in UNITS:
        repair = f'Say unit = "{asked.unit}" under [columns.{column.name}], if that is its unit.'
        return Problem(where, f'the unit of "{column.name}" is not declared', repair)
    return other_unit(asked, column, where) or pl.col(column.name).fill_nan(None)


def other_unit(asked: InputDeclaration, column: Column, where: str) -> Problem | None:
    """Tell that a column is declared to be in another unit than the input; no unit is no contradiction."""
    unit = "days" if column.is_time else column.unit
    if not unit or same_unit(unit) == same_unit(asked.unit):
        return None
    message = f'"{column.name}" is in {unit}, and {asked.label} is needed in {asked.unit or "no unit"}'
    repair = "Name a column in that unit, or correct the unit if it is wrong."
    order = [same_unit(each) for each in UNITS]
    if same_unit(unit) in order and same_unit(asked.unit) in order[order.index(same_unit(unit)) :]:
        after = UNITS[order.index(same_unit(asked.unit))]
        made = f'{{ from = "{column.name}", convert = "{after}" }}'
        repair += f" A column in {after} is made under [derived]: {made}."
    return Problem(where, message, repair)


def same_unit(unit: str) -> str:
    """One way of writing a unit.

    Examples
    --------
    >>> same_unit("×10⁹/L") == same_unit("10^9 per litre"), same_unit("day") == same_unit("days")
    (True, True)
    """
    text = unicodedata.normalize("NFKC", unit).casefold().replace("per ", "/").replace("liter", "litre")
    text = text.replace("microlitre", "ul").replace("litre", "l")
    letters = "".join(letter for letter in text.replace("\u03bc", "u") if letter not in " ×x^*()")
    return letters.removesuffix("ofpredicted").removesuffix("s")


def impossible_values(name: str, asked: InputDeclaration, column: Column, taken: pl.Expr) -> Iterator[Wrong]:
    """What a value cannot be."""
    if asked.kind == "category":
        if column.kind == "number":
            strange = pl.col(column.name).is_not_null() & taken.is_null()
            message = f"{asked.label} is none of {', '.join(asked.levels)}"
            yield Wrong(strange, message, "Correct the value.")
        return
    yield from impossible_numbers(asked, taken)
    suspect = asked.looks_like
    if suspect is not None:
        message = f"nobody is above {suspect.at_most:g}: {name} looks like {suspect.unit}, not {asked.unit}"
        low_all = (taken.max() <= suspect.at_most) & (taken.count() >= suspect.patients)
        yield Wrong(taken.is_not_null() & low_all, message, f"Give it in {asked.unit}.")


def impossible_numbers(asked: InputDeclaration, taken: pl.Expr) -> Iterator[Wrong]:
    """Numbers outside what is possible, and fractions of what is counted in wholes."""
    if asked.plausible is not None:
        low, high = asked.plausible
        message = f"{asked.label} cannot be outside {low:.15g} to {high:.15g} {asked.unit}".rstrip()
        repair = "Correct the values; where many are concerned, the column may be in another unit."
        yield Wrong((taken < low) | (taken > high), message, repair)
    if asked.whole:
        message = f"{asked.label} in {asked.unit} is a whole number, and here it is not"
        repair = f"Give whole {asked.unit}; the column may be in another unit."
        yield Wrong(taken != taken.round(0), message, repair)
