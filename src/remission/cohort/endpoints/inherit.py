"""Endpoints that share their columns: `same_as`, chains followed, cycles told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from remission.cohort.endpoints.declare import EndpointDeclaration, Happening
from remission.cohort.endpoints.definition import Definition
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean

_OWN = frozenset({"definition", "label", "same_as", "grade", "competing"})
_READY_MADE = frozenset(
    {"time", "status", "event", "censored", "death_without_relapse", "death_without_event"}
)
_DEATH = frozenset({"death", "death_without_relapse", "death_without_event"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A declaration with what `same_as` brought; `own` are the keys that it says itself."""

    declaration: EndpointDeclaration
    own: frozenset[str]


def resolve(
    declarations: Mapping[str, EndpointDeclaration], definitions: Mapping[str, Definition]
) -> tuple[dict[str, Resolved], list[Problem]]:
    """Follow every `same_as`. Endpoints that cannot be resolved are left out, and told."""
    resolved: dict[str, Resolved] = {}
    problems: list[Problem] = []
    for name in declarations:
        _follow(name, declarations, definitions, (resolved, problems))
    return resolved, problems


def _follow(
    name: str,
    declarations: Mapping[str, EndpointDeclaration],
    definitions: Mapping[str, Definition],
    into: tuple[dict[str, Resolved], list[Problem]],
) -> None:
    """Resolve one chain, from its far end."""
    resolved, problems = into
    chain = _chain(name, declarations)
    if isinstance(chain, Problem):
        problems.append(chain)
        return
    for item in reversed(chain or ()):
        if item in resolved:
            continue
        own, parent = declarations[item], declarations[item].same_as
        if parent is None:
            resolved[item] = Resolved(own, frozenset(own.model_fields_set))
            continue
        if parent not in resolved or item not in definitions or parent not in definitions:
            return
        found = _joined(item, own, resolved[parent].declaration, definitions[item], definitions[parent])
        if isinstance(found, Problem):
            if item == name:
                problems.append(found)
            return
        resolved[item] = found


def _chain(name: str, declarations: Mapping[str, EndpointDeclaration]) -> list[str] | Problem | None:
    """Names from an endpoint to the one that says its own columns; None where another's problem is told."""
    chain, where = [name], f"endpoints.{name}.same_as"
    while (other := declarations[chain[-1]].same_as) is not None:
        if other in chain:
            circle = chain[chain.index(other) :]
            if name != min(circle):
                return None
            message = f"same_as goes round in a circle: {' -> '.join([*circle, other])}"
            return Problem(where, message, "Say the columns in one of them.")
        if other not in declarations:
            if len(chain) > 1:
                return None
            repair = f"Name another entry of [endpoints].{did_you_mean(other, declarations)}"
            return Problem(where, f'there is no endpoint "{other}"', repair)
        chain.append(other)
    return chain


def _joined(
    name: str,
    own: EndpointDeclaration,
    parent: EndpointDeclaration,
    definition: Definition,
    parents: Definition,
) -> Resolved | Problem:
    """One endpoint with the columns of another.

    A ready-made time and status of another kind of endpoint are that endpoint's event: survival's `time` and
    `status` tell death to GVHD, but never "any event" to an endpoint with other events.
    """
    said = own.model_fields_set
    if own.time is not None and parent.time is not None:
        message = f"both {name} and {own.same_as} have a ready-made time"
        return Problem(f"endpoints.{name}.same_as", message, "Say all columns here, and leave out same_as.")
    inherited: dict[str, Any] = {key: getattr(parent, key) for key in parent.model_fields_set - said - _OWN}
    same = definition.keys == parents.keys
    if (
        parent.status is not None
        and parent.time is not None
        and not same
        and not isinstance(parent.event, dict)
    ):
        if len(parents.keys) != 1:
            message = f'"{parent.status}" tells {parents.label.lower()}, not {definition.label.lower()}'
            return Problem(f"endpoints.{name}.same_as", message, "Say the columns of this endpoint itself.")
        for key in _READY_MADE:
            inherited.pop(key, None)
        event = next(iter(parents.events))
        pair = Happening(time=parent.time, status=parent.status, event=_scalar(parent))
        inherited = {event: pair, **inherited}
    if said & _DEATH:
        inherited = {key: value for key, value in inherited.items() if key not in _DEATH}
    merged = {**inherited, **{key: getattr(own, key) for key in said}}
    if "other" in said:
        merged["other"] = {**parent.other, **own.other}
    return Resolved(EndpointDeclaration(**merged), frozenset(said))


def _scalar(parent: EndpointDeclaration) -> Any:
    return None if isinstance(parent.event, dict) else parent.event
