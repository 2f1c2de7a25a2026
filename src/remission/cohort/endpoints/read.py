"""From columns to days and to yes/no, with what cannot be read told as problems."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.cohort.endpoints.ask import Ask, Floats, Mask
from remission.cohort.endpoints.declare import Code
from remission.core.clock import parse_duration
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a status column says of each patient; `happened` is no where `unknown`."""

    column: str
    happened: Mask
    unknown: Mask


def find_column(ask: Ask, key: str, name: str) -> Problem | None:
    """Return a problem if the cohort has no such column."""
    columns = ask.cohort.columns
    if name in columns:
        return None
    repair = f"Name a column of the file, or declare it under [columns].{did_you_mean(name, columns)}"
    return ask.problem(key, f'there is no column "{name}"', repair)


def tells_time(ask: Ask, name: str) -> bool:
    """Whether a column holds dates or times."""
    column = ask.cohort.columns[name]
    return column.kind == "date" or column.is_time


def days(ask: Ask, key: str, name: str) -> Floats | Problem:
    """Days from the cohort's time zero of a date or time column; NaN where empty."""
    absent = find_column(ask, key, name)
    if absent is not None:
        return absent
    column = ask.cohort.columns[name]
    if not tells_time(ask, name):
        repair = (
            f'Say columns.{name} = {{ kind = "time", unit = "months" }} (its unit of time), or kind = "date".'
        )
        return ask.problem(key, f'"{name}" ({column.kind}) is neither a date nor a time', repair)
    if column.kind == "date" and ask.cohort.time_zero is None:
        message = f'"{name}" is a date, but the cohort has no date as its time zero'
        return ask.problem(key, message, "Say [cohort] time_zero, or name columns of ready-made times.")
    return ask.cohort.days(name).to_numpy().astype(float)


def moment(ask: Ask, key: str, text: str) -> Floats | Problem:
    """Days of a date or time column, or a duration for everybody."""
    if text in ask.cohort.columns:
        return days(ask, key, text)
    try:
        length = ask.cohort.clock.days(parse_duration(text))
    except InputError:
        hint = did_you_mean(text, ask.cohort.columns)
        repair = f'Write a length of time such as "100 days", or the name of a date or time column.{hint}'
        return ask.problem(key, f'"{text}" is neither a length of time nor a column', repair)
    return np.full(ask.cohort.frame.height, length)


def length(ask: Ask, key: str, text: str) -> float | Problem:
    """Days of a duration."""
    try:
        return ask.cohort.clock.days(parse_duration(text))
    except InputError as error:
        return ask.problem(key, str(error).split(". ")[0], 'Write a number and a unit: "100 days".')


def yes(
    ask: Ask, key: str, name: str, code: Code | None = None, others: tuple[Code, ...] = ()
) -> Told | Problem:
    """Where a status column says yes, and where it says nothing.

    A column that is not yes/no needs the code (or level) that means yes. Besides it and the codes of `others`
    only one further value may stand in it (no event), unless `censored` says which: so an undeclared code for
    "missing" cannot pass for "no event".
    """
    absent = find_column(ask, key, name)
    if absent is not None:
        return absent
    column, values = ask.cohort.columns[name], ask.cohort.frame[name]
    unknown = values.is_null().to_numpy()
    if column.kind == "yes/no":
        if code is None or canonical(code) in {"1", "yes", "true"}:
            return Told(name, values.fill_null(value=False).to_numpy().astype(bool), unknown)
        message = f'"{name}" is a yes/no column, so the value {canonical(code)} has no meaning in it'
        repair = (
            f"Leave out `event`: yes in {name} means it happened. Its codes belong under [columns.{name}]."
        )
        return ask.problem(key, message, repair)
    if tells_time(ask, name):
        message = f'"{name}" holds {"dates" if column.kind == "date" else "times"}, not what happened'
        return ask.problem(key, message, "Name a column that says whether it happened.")
    if code is None:
        message = f'"{name}" ({column.kind}) does not say by itself which value means that it happened'
        repair = f'Say event = ..., or declare columns.{name} = {{ kind = "yes/no", codes = {{ ... }} }}.'
        return ask.problem(key, message, repair)
    found = np.array(
        ["nan" if value is None else canonical(value) for value in values.to_list()], dtype=object
    )
    unknown = unknown | (found == "nan")
    happened = found == canonical(code)
    said = {canonical(item) for item in ask.declaration.censored}
    rest = set(found[~unknown & ~happened]) - {canonical(item) for item in others}
    unsaid = sorted(rest - said) if said or len(rest) > 1 else []
    if unsaid:
        message = f'"{name}" holds {", ".join(unsaid)} besides the events, and nobody said what that means'
        repair = "Say which values mean no event (censored = [...]) and which mean not known "
        repair += f"(columns.{name}.missing)."
        return ask.problem(key, message, repair)
    if not happened.any() and not said and not unknown.all():
        message = (
            f'nobody has {canonical(code)} in "{name}"; it holds {", ".join(sorted(rest)) or "other events"}'
        )
        repair = "Correct the value that means the event, or say censored = [...] if really nobody had it."
        return ask.problem(key, message, repair)
    return Told(name, happened & ~unknown, unknown)


def canonical(value: object) -> str:
    """One way of writing a code: 1, 1.0 and "1" are the same.

    Examples
    --------
    >>> canonical(1.0), canonical("1"), canonical(True)
    ('1', '1', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return str(value).strip()
