"""The tables of a study file, each read on its own, so that a fault in one hides none in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from remission.cohort.declare import (
    CohortDeclaration,
    ColumnDeclaration,
    DerivedDeclaration,
    ExcludeDeclaration,
)
from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.fault_words import shown
from remission.study.faults import read_table, without_faults
from remission.study.kind import Kind
from remission.study.kinds import KINDS
from remission.study.laboratory.declare import (
    ExpressionDeclaration,
    ResponseDeclaration,
    SignatureDeclaration,
)
from remission.study.places import Places
from remission.study.spec import SCHEMA, StudyDeclaration, StudyFile, ValidationDeclaration

Table = TypeVar("Table", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Planned:
    """One [[analysis]] that can be read. `name` is its name in results, `where` in problems."""

    name: str
    where: str
    kind: Kind
    options: BaseModel


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a study file can be read.

    Attributes
    ----------
    study, cohort : models, or None if they cannot be read
    columns, derived, endpoints : dict of models
        Entries with faults stand here as well as they can be read, so that the rest can be checked.
    exclude : tuple of models
    analyses : tuple of Planned
    validation, response, expression, signature : models, or None if there are none or they cannot be read
    faulty : frozenset of str
        Names of columns, derived columns and endpoints that could not be read as they were meant.
    """

    study: StudyDeclaration | None
    cohort: CohortDeclaration | None
    columns: dict[str, ColumnDeclaration]
    derived: dict[str, DerivedDeclaration]
    exclude: tuple[ExcludeDeclaration, ...]
    endpoints: dict[str, EndpointDeclaration]
    analyses: tuple[Planned, ...]
    validation: ValidationDeclaration | None
    response: ResponseDeclaration | None
    expression: ExpressionDeclaration | None
    signature: SignatureDeclaration | None
    faulty: frozenset[str]


def read_parts(raw: Mapping[str, Any], places: Places) -> tuple[Parts, tuple[Problem, ...]]:
    """Read all tables of a study file.

    Parameters
    ----------
    raw : mapping
        The file as TOML gives it.
    places : Places

    Returns
    -------
    Parts, problems
    """
    problems = list(_version(raw, places))
    single = isinstance(raw.get("analysis"), Mapping)
    if single:
        repair = "Write [[analysis]] with double brackets, once for each analysis."
        problems.append(
            Problem("analysis", "[analysis] is one table", repair, line=places.line(("analysis",)))
        )
    shape = {**raw, "schema": SCHEMA, **({"analysis": [{}]} if single else {})}
    problems += read_table(StudyFile, shape, (), places)[1]
    faulty: set[str] = set()
    parts = Parts(
        study=_one(StudyDeclaration, raw.get("study")),
        cohort=_one(CohortDeclaration, raw.get("cohort")),
        columns=_named(ColumnDeclaration, raw.get("columns"), faulty),
        derived=_named(DerivedDeclaration, raw.get("derived"), faulty),
        exclude=_exclusions(raw.get("exclude")),
        endpoints=_named(EndpointDeclaration, raw.get("endpoints"), faulty),
        analyses=tuple(_analyses(raw.get("analysis"), places, problems)),
        validation=_one(ValidationDeclaration, raw.get("validation")),
        response=_one(ResponseDeclaration, raw.get("response")),
        expression=_one(ExpressionDeclaration, raw.get("expression")),
        signature=_one(SignatureDeclaration, raw.get("signature")),
        faulty=frozenset(faulty),
    )
    return parts, tuple(problems)


def _version(raw: Mapping[str, Any], places: Places) -> tuple[Problem, ...]:
    """Check `schema`, which says how the rest is to be read."""
    version = raw.get("schema")
    if version == SCHEMA and not isinstance(version, bool):
        return ()
    line = places.line(("schema",))
    if version is None:
        return (
            Problem(
                "schema", '"schema" is missing', f"Write schema = {SCHEMA} at the top of the file.", line=1
            ),
        )
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA:
        message = f"this study file is of version {version}; this remission reads version {SCHEMA}"
        return (Problem("schema", message, "Install a newer remission.", line=line),)
    return (Problem("schema", f"{shown(version)} is no version", f"Write schema = {SCHEMA}.", line=line),)


def _one(model: type[Table], raw: Any) -> Table | None:
    """Read a table, leaving out what is wrong with it if it can be read then."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        return without_faults(model, raw, error)[0] if isinstance(raw, Mapping) else None


def _named(model: type[Table], raw: Any, faulty: set[str]) -> dict[str, Table]:
    """Read tables with names, noting the names of those with faults."""
    tables: dict[str, Table] = {}
    for name, entry in raw.items() if isinstance(raw, Mapping) else ():
        try:
            tables[name] = model.model_validate(entry)
        except ValidationError as error:
            rest, as_meant = (
                without_faults(model, entry, error) if isinstance(entry, Mapping) else (None, False)
            )
            if rest is not None:
                tables[name] = rest
            if not as_meant:
                faulty.add(name)
    return tables


def _exclusions(raw: Any) -> tuple[ExcludeDeclaration, ...]:
    """Read [[exclude]]; an entry with faults keeps its place, so that the others are told by their number."""
    nobody = ExcludeDeclaration(ids=(), reason="-")
    return tuple(
        _one(ExcludeDeclaration, entry) or nobody for entry in (raw if isinstance(raw, list) else ())
    )


def _analyses(raw: Any, places: Places, problems: list[Problem]) -> list[Planned]:
    """Read every analysis by the options of its kind."""
    planned = []
    for index, entry in enumerate(raw if isinstance(raw, list) else ()):
        if not isinstance(entry, Mapping):
            continue
        at = ("analysis", index)
        where, name = places.where(at), entry.get("kind")
        kind = KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            problems.append(_no_kind(name, where, places.line((*at, "kind"))))
            continue
        given = {key: value for key, value in entry.items() if key != "kind"}
        options, faults = read_table(kind.options, given, at, places)
        problems += faults
        options = options or _one(kind.options, given)
        if options is not None:
            planned.append(Planned(f"{index + 1:02d}-{kind.name}", where, kind, options))
    return planned


def _no_kind(name: Any, where: str, line: int | None) -> Problem:
    """Say that an analysis is of no known kind, and which there are."""
    known = f"Kinds: {', '.join(KINDS)}."
    if name is None:
        return Problem(where, "it does not say its kind", f'Write kind = "...". {known}', line=line)
    if not isinstance(name, str):
        return Problem(f"{where}.kind", "the kind is a word in quotes", known, line=line)
    repair = f"{did_you_mean(name, KINDS).lstrip()} {known}".strip()
    return Problem(f"{where}.kind", f'there is no kind of analysis "{name}"', repair, line=line)
