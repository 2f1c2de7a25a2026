"""Which columns of a table hold the inputs of a protocol: by what the user says, else by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from remission.cohort.declare import ColumnDeclaration
from remission.cohort.names import role
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.rules.declare import InputDeclaration
from remission.rules.reading import key

ColumnsSaid = Mapping[str, Any]
"""Input = name of a column, or a table (`column`, `codes`...) as under [columns] of a study file."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where one input is found.

    Attributes
    ----------
    columns : tuple of str
        Columns that hold it; several must agree.
    dates : tuple of str
        Two date columns from which it is computed.
    said : ColumnDeclaration
        What the user says of the column.
    """

    columns: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    said: ColumnDeclaration = ColumnDeclaration()  # noqa: RUF009 - frozen


def match_inputs(
    inputs: Mapping[str, InputDeclaration], names: Sequence[str], said: ColumnsSaid, file: str
) -> tuple[dict[str, Match], tuple[Problem, ...]]:
    """Find the columns of all inputs.

    Parameters
    ----------
    inputs : mapping of str to InputDeclaration
    names : sequence of str
        Columns of the table.
    said : mapping
        What the user says; inputs of other protocols may be among them.
    file : str
        For problems.

    Returns
    -------
    matches : dict of str to Match
        Inputs that are found; the others are unknown in everybody.
    problems : tuple of Problem
    """
    matches: dict[str, Match] = {}
    problems: list[Problem] = []
    for name, declared in inputs.items():
        dates = _dates(declared, names)
        if name in said:
            match, found = _said(name, said[name], names, dates, file)
            problems += found
            if match is not None:
                matches[name] = match
            continue
        words = {key(word) for word in (name, *declared.synonyms)}
        columns = tuple(column for column in names if key(column) in words)
        if columns or dates:
            matches[name] = Match(columns, dates)
            continue
        problems += _other_unit(name, declared, names, file)
    return matches, tuple(problems)


def unused(said: ColumnsSaid, inputs: Sequence[Mapping[str, InputDeclaration]]) -> tuple[Problem, ...]:
    """What the user says of inputs that none of the protocols has."""
    known = {name for each in inputs for name in each}
    return tuple(
        Problem(
            f"columns.{name}",
            f'there is no input "{name}"',
            f"The inputs are {', '.join(sorted(known))}.{did_you_mean(name, known)}",
        )
        for name in said
        if name not in known
    )


def _said(
    name: str, said: Any, names: Sequence[str], dates: tuple[str, ...], file: str
) -> tuple[Match | None, list[Problem]]:
    where = f"columns.{name}"
    try:
        entry = (
            ColumnDeclaration(column=said)
            if isinstance(said, str)
            else ColumnDeclaration.model_validate(said)
        )
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        repair = 'Write the name of the column, or a table such as { column = "MLL", missing = [9] }.'
        return None, [Problem(where, faults, repair)]
    column = entry.column or name
    if column not in names:
        hint = did_you_mean(column, names)
        return None, [Problem(where, f'{file} has no column "{column}"', f"Correct the name.{hint}")]
    return Match((column,), dates, entry), []


def _dates(declared: InputDeclaration, names: Sequence[str]) -> tuple[str, ...]:
    """The two date columns an input can be computed from, when each is there once."""
    if declared.days_between is None:
        return ()
    found = [[name for name in names if role(name) == wanted] for wanted in declared.days_between]
    return tuple(each[0] for each in found) if all(len(each) == 1 for each in found) else ()


def _other_unit(name: str, declared: InputDeclaration, names: Sequence[str], file: str) -> list[Problem]:
    """Tell a column that holds the same in another unit: months where days are needed."""
    for unit, words in declared.other_units.items():
        for column in names:
            if key(column) in {key(word) for word in words}:
                message = f'"{column}" is in {unit}, and {name} is needed in {declared.unit}'
                repair = f"Add a column {name} in {declared.unit}"
                if declared.days_between is not None:
                    repair += f", or the dates of {' and '.join(declared.days_between)}"
                repair += f'; if it is in {declared.unit}, say so: {name} = "{column}" under [columns].'
                return [Problem(f"{file}: {column}", message, repair)]
    return []
