"""What is wrong with a table of the study file, told as problems with path, line and suggestion."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from remission.core.problems import Problem
from remission.core.suggest import nearest
from remission.study.fault_words import KINDS_OF_VALUE, missing_key, unknown_key, wrong_value
from remission.study.lines import Path
from remission.study.places import Places

Model = TypeVar("Model", bound=BaseModel)


def read_table(
    model: type[Model], raw: Mapping[str, Any], at: Path, places: Places
) -> tuple[Model | None, tuple[Problem, ...]]:
    """Read one table of the study file, or say everything that is wrong with it.

    Parameters
    ----------
    model : type of pydantic model
    raw : mapping
        The table as TOML gives it.
    at : path
        Where it stands in the study file.
    places : Places

    Returns
    -------
    model or None, problems
    """
    try:
        return model.model_validate(raw), ()
    except ValidationError as error:
        return None, _told(model, raw, error.errors(include_url=False), at, places)


def without_faults(
    model: type[Model], raw: Mapping[str, Any], error: ValidationError
) -> tuple[Model | None, bool]:
    """Read a table that has faults as well as it can be, so that the rest of the study can be checked.

    Parameters
    ----------
    model : type of pydantic model
    raw : mapping
        The table as TOML gives it.
    error : ValidationError
        What is wrong with it.

    Returns
    -------
    model or None
        Misspelt keys as they were probably meant, without what else is wrong; None if that is too little.
    as_meant : bool
        Whether nothing had to be left out.
    """
    rest = copy.deepcopy(dict(raw))
    as_meant = True
    for path, found in _by_place(model, raw, error.errors(include_url=False)).items():
        kind = found[0]["type"]
        table, key = _holder(rest, path[:-1] if kind == "missing" else path)
        if table is None:
            continue
        value = table.pop(key, None)
        meant = nearest(key, known_keys(model, path[:-1])) if kind == "extra_forbidden" else None
        if meant is None or meant in table:
            as_meant = False
        else:
            table[meant] = value
    try:
        return model.model_validate(rest), as_meant
    except ValidationError:
        return None, False


def known_keys(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Keys that may stand in the table at `path` below a model, as they are written.

    Examples
    --------
    >>> from remission.cohort.declare import ExcludeDeclaration
    >>> known_keys(ExcludeDeclaration, ())
    ('ids', 'reason')
    """
    models: list[type[BaseModel]] = [model]
    for part in path:
        fields = [
            info.annotation
            for each in models
            for name, info in each.model_fields.items()
            if (info.alias or name) == part
        ]
        if fields:  # otherwise a name chosen by the user, or the number of a list item
            models = [found for annotation in fields for found in _models_in(annotation)]
    return tuple(info.alias or name for each in models for name, info in each.model_fields.items())


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the models a field may hold, also inside lists, tables and alternatives."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models_in(inner)]


def _told(
    model: type[BaseModel], raw: Mapping[str, Any], errors: Sequence[ErrorDetails], at: Path, places: Places
) -> tuple[Problem, ...]:
    """One problem per place."""
    problems = []
    for path, found in _by_place(model, raw, errors).items():
        message, repair = _words(model, path, found, places.where((*at, *path[:-1])))
        problems.append(Problem(places.where((*at, *path)), message, repair, line=places.line((*at, *path))))
    return tuple(problems)


def _by_place(
    model: type[BaseModel], raw: Mapping[str, Any], errors: Sequence[ErrorDetails]
) -> dict[Path, list[ErrorDetails]]:
    """Errors by the key they are about.

    Where a value may be of several kinds, pydantic tells what is wrong with each of them: what it says of the
    inside of a value goes before "this is no text". A key that is missing is not told beside its misspelling.
    """
    by_place: dict[Path, list[ErrorDetails]] = {}
    for error in errors:
        by_place.setdefault(_plain(error["loc"], raw, missing=error["type"] == "missing"), []).append(error)
    around = {path[:depth] for path in by_place for depth in range(len(path))}
    misspelt = {
        (*path[:-1], nearest(str(path[-1]), known_keys(model, path[:-1])))
        for path, found in by_place.items()
        if found[0]["type"] == "extra_forbidden"
    }
    return {
        path: found
        for path, found in by_place.items()
        if not (path in around and all(error["type"] in KINDS_OF_VALUE for error in found))
        and not (found[0]["type"] == "missing" and path in misspelt)
    }


def _words(model: type[BaseModel], path: Path, errors: Sequence[ErrorDetails], table: str) -> tuple[str, str]:
    """Message and repair of the errors of one place."""
    key = str(path[-1]) if path else ""
    match errors[0]["type"]:
        case "extra_forbidden":
            return unknown_key(key, known_keys(model, path[:-1]))
        case "missing" if errors[0]["loc"][-1] == key:
            return missing_key(key, table)
    return wrong_value(key, errors)


def _plain(loc: tuple[str | int, ...], raw: Any, *, missing: bool) -> Path:
    """Take out of a pydantic location what is no key of the file: names of alternatives, and "[key]"."""
    path: Path = ()
    here = raw
    for number, part in enumerate(loc):
        in_table = isinstance(here, Mapping) and part in here
        in_list = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if in_table or in_list:
            here = here[part]
        elif not (missing and number == len(loc) - 1 and isinstance(here, Mapping)):
            continue
        path = (*path, part)
    return path


def _holder(table: Any, path: Path) -> tuple[dict[str, Any] | None, str]:
    """Return the table and key of a path; inside a list, those of the list as a whole."""
    for depth, part in enumerate(path):
        if part not in table:
            return None, ""
        if depth == len(path) - 1 or isinstance(path[depth + 1], int):
            return table, str(part)
        table = table[part]
    return None, ""
