"""The worked cases inside a definition: whether it gives what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from remission.cohort.cohort import Cohort, Source
from remission.cohort.column import Column
from remission.cohort.endpoints.ask import Ask
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.definition import Definition, Vector
from remission.cohort.endpoints.implied import named_columns
from remission.cohort.endpoints.one import build_one
from remission.cohort.outcome import Outcome
from remission.core.clock import Clock


def failures(definition: Definition) -> tuple[str, ...]:
    """Run every worked case of a definition; one sentence for each that gives something else.

    Examples
    --------
    >>> from remission.cohort.endpoints.definition import definitions
    >>> failures(definitions()["overall-survival"])
    ()
    """
    return tuple(sentence for vector in definition.test for sentence in _wrong(definition, vector))


def _wrong(definition: Definition, vector: Vector) -> list[str]:
    declaration = EndpointDeclaration.model_validate({"definition": definition.name, **vector.declare})
    ask = Ask(
        _cohort(vector, declaration), "test", declaration, definition, frozenset(declaration.model_fields_set)
    )
    outcome, problems = build_one(ask, "refuse")
    if outcome is None:
        return [f'"{vector.says}": {problem}' for problem in problems]
    gave = _given(outcome, len(vector.rows))
    return [
        f'"{vector.says}", case {number}: {answer} instead of {row.get("gives")}'
        for number, (row, answer) in enumerate(zip(vector.rows, gave, strict=True), 1)
        if row.get("gives") != answer
    ]


def _given(outcome: Outcome, size: int) -> list[str]:
    """What became of every row, in words: "relapse at 50", "censored at 300", "excluded"."""
    answers = ["excluded"] * size
    component = outcome.component if outcome.component is not None else [None] * len(outcome.rows)
    for row, time, event, part in zip(outcome.rows, outcome.time, outcome.event, component, strict=True):
        answers[row] = f"{part or event or 'censored'} at {time:g}"
    return answers


def _cohort(vector: Vector, declaration: EndpointDeclaration) -> Cohort:
    """The rows of a case as a cohort: numbers are times in days, a column that no row has is empty."""
    names = dict.fromkeys(key for row in vector.rows for key in row if key != "gives")
    wanted = {name for name, _ in named_columns(declaration)} - set(names)
    frame: dict[str, Sequence[Any]] = {"id": [str(number) for number in range(1, len(vector.rows) + 1)]}
    columns = {"id": Column("id", "text")}
    for name in (*names, *sorted(wanted)):
        values = [row.get(name) for row in vector.rows]
        known = [value for value in values if value is not None]
        if any(isinstance(value, bool) for value in known):
            frame[name], columns[name] = values, Column(name, "yes/no")
        elif any(isinstance(value, str) for value in known):
            frame[name] = values
            columns[name] = Column(name, "category", levels=tuple(sorted(set(known))))
        else:
            frame[name] = [None if value is None else float(value) for value in values]
            columns[name] = Column(name, "number", unit="days", is_time=True)
    schema = {"number": pl.Float64(), "yes/no": pl.Boolean()}
    series = [
        pl.Series(key, frame[key], schema.get(column.kind, pl.String())) for key, column in columns.items()
    ]
    return Cohort(
        pl.DataFrame(series), columns, "id", None, Clock("days"), Source("test", "", len(vector.rows))
    )
