"""The inputs of a protocol in every patient: typed, and with everything told that cannot be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from remission.cohort.cells.column import FileRules, TypedColumn, type_column
from remission.cohort.cells.levels import YES_NO
from remission.cohort.cells.text import MARKS_FOR_UNKNOWN, as_text, distinct
from remission.cohort.conditions.evaluate import Cell
from remission.cohort.declare import ColumnDeclaration
from remission.cohort.tell import Patients
from remission.core.problems import InputError, Problem
from remission.rules.book import Inputs
from remission.rules.declare import CheckDeclaration, InputDeclaration
from remission.rules.match import ColumnsSaid, Match, match_inputs
from remission.rules.patients import Rows
from remission.rules.reading import levels_by_word, plain
from remission.rules.taken import TYPES, impossible_numbers, other_unit

_MINUS = frozenset({"-", "--"})
_MOST_DAYS_APART = 1


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Inputs of all patients.

    Attributes
    ----------
    frame : polars.DataFrame
        One column for each input (Float64, String or Boolean); all null where there is no column for it.
    found : mapping of str to str
        For each input the columns it was read from, in words.
    absent : tuple of str
        Inputs for which there is no column: unknown in everybody.
    """

    frame: pl.DataFrame
    found: Mapping[str, str]
    absent: tuple[str, ...]

    def row(self, position: int) -> dict[str, Cell]:
        """Inputs of one patient."""
        return dict(self.frame.row(position, named=True))

    def of_patient(self, ids: pl.Series, wanted: object) -> dict[str, Cell]:
        """Inputs of the patient of a name.

        Raises
        ------
        InputError
            If there is none.
        """
        positions = (ids == str(wanted)).arg_true()
        if positions.is_empty():
            raise InputError(f'there is no patient "{wanted}"')
        return self.row(int(positions[0]))


def read_values(
    rows: Rows, inputs: Inputs, checks: tuple[CheckDeclaration, ...], said: ColumnsSaid
) -> tuple[Values, tuple[Problem, ...]]:
    """Type the inputs and look for what cannot be.

    Returns
    -------
    values : Values
        Null also where something is wrong.
    problems : tuple of Problem
        Columns in the wrong unit, unreadable cells, undeclared levels, impossible numbers, columns or dates
        that contradict each other, failed checks; all of them, with the patients concerned.
    """
    patients = Patients(rows.table, rows.ids)
    matches, problems = match_inputs(inputs.declared, rows.table.frame.columns, said, rows.table.file)
    told = [*rows.problems, *problems]
    made: dict[str, pl.Series] = {}
    found: dict[str, str] = {}
    for name, declared in inputs.declared.items():
        match = matches.get(name, Match())
        series, more = _input(name, declared, match, rows, patients)
        told += more
        made[name] = series
        if match.columns or match.dates:
            found[name] = ", ".join(match.columns) or " to ".join(match.dates)
    frame = pl.DataFrame([series.alias(name) for name, series in made.items()])
    told += _failed(frame, inputs, checks, found, patients)
    absent = tuple(
        name for name, each in inputs.declared.items() if name not in found and not each.only_checked
    )
    return Values(frame, found, absent), tuple(dict.fromkeys(told))


def _input(
    name: str, declared: InputDeclaration, match: Match, rows: Rows, patients: Patients
) -> tuple[pl.Series, list[Problem]]:
    """One input from all columns that hold it, and from dates."""
    values = pl.Series(name, [None] * rows.table.frame.height, dtype=TYPES[declared.kind])
    problems: list[Problem] = []
    for column in match.columns:
        typed, found = _typed(name, declared, column, match.said, rows, patients)
        problems += found
        apart = (values.is_not_null() & typed.is_not_null() & (values != typed)).fill_null(value=False)
        if apart.any():
            message = f"the columns {' and '.join(match.columns)} say different things of {declared.label}"
            repair = f'Correct them, or say which one counts: {name} = "{column}" under [columns].'
            problems.append(Problem(f"{patients.file}: {column}", message, repair, patients.where(apart)))
        values = values.zip_with(values.is_not_null(), typed)
    if match.dates:
        computed, found = _between(name, declared, match, rows, patients)
        problems += found
        far = ((values - computed).abs() > _MOST_DAYS_APART).fill_null(value=False)
        if far.any():
            message = f"{declared.label} does not agree with {' and '.join(match.dates)}"
            where = f"{patients.file}: {', '.join(match.columns)}"
            problems.append(Problem(where, message, "Correct the dates or the number.", patients.where(far)))
        values = values.zip_with(values.is_not_null(), computed)
    return values.alias(name), problems


def _typed(
    name: str,
    declared: InputDeclaration,
    column: str,
    said: ColumnDeclaration,
    rows: Rows,
    patients: Patients,
) -> tuple[pl.Series, list[Problem]]:
    raw = rows.table.frame[column]
    typed = type_column(name, _declaration(declared, said, raw), raw, FileRules())
    problems = [*typed.problems, *_cells(column, typed, patients)]
    if declared.kind == "number":
        known = rows.known.get(column)
        other = None if known is None else other_unit(declared, known, f"{patients.file}: {column}")
        problems += [] if other is None else [other]
        problems += _numbers(name, declared, column, typed.values, patients, said=said)
        return typed.values.set(impossible(declared, typed.values), None), problems
    return typed.values, problems


def _declaration(declared: InputDeclaration, said: ColumnDeclaration, raw: pl.Series) -> ColumnDeclaration:
    """How a column is to be read: the words of the protocol, with what the user says before them."""
    text = as_text(raw)
    values = distinct(text)
    marks = MARKS_FOR_UNKNOWN - (_MINUS if declared.kind == "yes/no" else frozenset())
    words = {plain(word) for word in declared.unknown}
    missing = tuple(value for value in values if value.casefold() in marks or plain(value) in words)
    codes: dict[str, str | bool | int | float] = {}
    if declared.kind == "category" and not said.codes:
        known = levels_by_word(declared)
        codes = {value: known[plain(value)] for value in values if plain(value) in known}
    elif declared.kind == "yes/no" and declared.values and not said.codes:
        known = {word: "yes" if meaning else "no" for word, meaning in YES_NO.items()}
        known |= {plain(code): meaning for code, meaning in declared.values.items()}
        codes = {value: known[plain(value)] for value in values if plain(value) in known}
    return ColumnDeclaration(
        kind=declared.kind,
        levels=declared.levels,
        ordered=declared.ordered,
        codes=said.codes or codes,
        missing=(*missing, *(said.missing or ())),
        range=said.range,
        decimal=said.decimal,
    )


def _cells(column: str, typed: TypedColumn, patients: Patients) -> Iterator[Problem]:
    for cells in typed.bad:
        where = f"{patients.file}: {column}"
        repair = cells.repair.replace(" or [cohort]", "")  # which only a study file has
        yield Problem(where, cells.message, repair, patients.at(cells.rows))


def _numbers(
    name: str,
    declared: InputDeclaration,
    column: str,
    values: pl.Series,
    patients: Patients,
    *,
    said: ColumnDeclaration,
) -> Iterator[Problem]:
    where = f"{patients.file}: {column}"
    frame = pl.DataFrame([values.alias("value")])
    for wrong in impossible_numbers(declared, pl.col("value")):
        who = frame.select(wrong.expression.fill_null(value=False).alias("value"))["value"]
        if who.any():
            yield Problem(where, wrong.message, wrong.repair, patients.where(who))
    suspect, known = declared.looks_like, values.drop_nulls()
    if suspect is not None and said.unit != declared.unit and len(known) >= suspect.patients:
        highest = float(known.to_numpy().max())
        if highest <= suspect.at_most:
            message = (
                f"nobody is above {highest:g}: this looks like {suspect.unit}, and {declared.unit} are needed"
            )
            sure = f'{name} = {{ column = "{column}", unit = "{declared.unit}" }}'
            yield Problem(
                where, message, f"Give it in {declared.unit}; if it is, say so under [columns]: {sure}"
            )


def impossible(declared: InputDeclaration, values: pl.Series) -> pl.Series:
    """Which numbers are outside what is possible."""
    low, high = declared.plausible or (-float("inf"), float("inf"))
    return ((values < low) | (values > high)).fill_null(value=False)


def _between(
    name: str, declared: InputDeclaration, match: Match, rows: Rows, patients: Patients
) -> tuple[pl.Series, list[Problem]]:
    """Days from the first date to the second."""
    problems: list[Problem] = []
    dates: list[pl.Series] = []
    for column in match.dates:
        raw = rows.table.frame[column]
        text = as_text(raw)
        missing = tuple(value for value in distinct(text) if value.casefold() in MARKS_FOR_UNKNOWN)
        typed = type_column(column, ColumnDeclaration(kind="date", missing=missing), raw, FileRules())
        problems += [*typed.problems, *_cells(column, typed, patients)]
        dates.append(typed.values)
    days = (dates[1] - dates[0]).dt.total_days().cast(pl.Float64)
    low, high = declared.plausible or (-np.inf, np.inf)
    first, second = match.dates
    for wrong, message in (
        (days < 0, f"{second} is before {first}"),
        ((days >= 0) & ((days < low) | (days > high)), f"{first} and {second} are too far apart"),
    ):
        if wrong.any():
            where = f"{patients.file}: {second}"
            ids = patients.where(wrong.fill_null(value=False))
            problems.append(Problem(where, message, "Correct the dates.", ids))
    return days.set(~days.is_between(max(low, 0), high), None).alias(name), problems


def _failed(
    frame: pl.DataFrame,
    inputs: Inputs,
    checks: tuple[CheckDeclaration, ...],
    found: Mapping[str, str],
    patients: Patients,
) -> Iterator[Problem]:
    """Patients whose inputs contradict each other."""
    answers = {name: value for name, value in inputs.terms.settings.items() if isinstance(value, bool)}
    frame = frame.with_columns(pl.lit(value).alias(name) for name, value in answers.items())
    for condition, check in zip(inputs.checks, checks, strict=True):
        fails = frame.select((~condition.expression()).fill_null(value=False).alias("fails"))["fails"]
        if fails.any():
            columns = ", ".join(dict.fromkeys(found.get(name, name) for name in condition.columns))
            yield Problem(f"{patients.file}: {columns}", check.words, check.repair, patients.where(fails))
