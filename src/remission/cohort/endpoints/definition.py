"""The definition of an endpoint: what counts, what competes, which rules must be chosen, and who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from remission.cohort.declare import Declaration
from remission.cohort.endpoints.declare import Rule
from remission.core.problems import InputError
from remission.core.texts import bundled_texts, own_text

BUILT_IN = (
    "death",
    "relapse",
    "failure",
    "acute_gvhd",
    "chronic_gvhd",
    "recovery",
    "second_malignancy",
    "graft_failure",
    "second_transplant",
    "transplant",
)
_NAMES = {"failure": "treatment failure", "acute_gvhd": "acute GVHD", "chronic_gvhd": "chronic GVHD"}
_WORDS = {"death": "death from any cause", "relapse": "relapse or progression"}


class Source(Declaration):
    """Who defines it so. C: checked against the source; M: from memory of the paper; D: derived."""

    citation: str
    mark: Literal["C", "M", "D", "own"] = "own"


class Needs(Declaration):
    """Keys of an [endpoints] entry that tell this endpoint."""

    dates: tuple[str, ...] = Field(description="With the dates (or times) of single events.")
    ready_made: tuple[str, ...] = Field(
        (), description="With a registry's ready-made time and status columns."
    )


class Vector(Declaration):
    """A worked case: `rows` are patients (times in days), `gives` is what each must become."""

    says: str
    declare: dict[str, Any]
    rows: tuple[dict[str, Any], ...]


class Definition(Declaration):
    """An endpoint definition, as its TOML file says it.

    On one day events come in the order of `events`, `optional`, `competing` (first of all with
    `competing_first`), and death last of all.
    """

    name: str = Field(description="As written after `definition =`.")
    version: str = "1"
    label: str = Field(description="Words for people.")
    summary: str = Field(description="What is measured, in one sentence.")
    measure: Literal["survival", "incidence"]
    cause: str = Field(description="What the event is called in results.")
    events: tuple[str, ...] = Field(
        min_length=1, description="What counts; the first of them ends follow-up."
    )
    optional: tuple[str, ...] = Field((), description="What counts too, where the study has it.")
    competing: tuple[str, ...] = Field(
        (), description="What makes the event impossible, or another question."
    )
    may_compete: tuple[str, ...] = Field((), description="Competing events that a study may add.")
    compete_where_told: tuple[str, ...] = Field((), description="What competes too, where the study has it.")
    competing_first: bool = Field(
        default=False, description="On one day competing events (but death) come before the event."
    )
    names: dict[str, str] = Field(
        default_factory=dict, description="What competing events are called in results."
    )
    words: dict[str, str] = Field(
        default_factory=dict, description="Events in words, where they need others."
    )
    population: Literal["everyone", "in remission"] = "everyone"
    after_remission: bool = Field(
        default=False, description="Where remission is told, the event can only come after it."
    )
    never_cr: bool = Field(
        default=False, description="Whether the rule for patients never in remission must be chosen."
    )
    rules: tuple[Rule, ...] = Field(
        (), description="Rules for treatment failure, one of which must be chosen."
    )
    always_followed: bool = Field(
        default=False, description="Whether nothing but last contact may end follow-up (overall survival)."
    )
    needs: Needs
    source: tuple[Source, ...] = ()
    test: tuple[Vector, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Definition:
        others = (*self.competing, *self.compete_where_told, *self.may_compete)
        keys = (*self.events, *self.optional, *others)
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is named more than once among the events")
        if others and self.measure == "survival":
            raise ValueError('an endpoint with competing events has measure = "incidence"')
        if "failure" in (*self.events, *self.optional) and not self.rules:
            raise ValueError("treatment failure counts, so `rules` must say which rules may be chosen")
        named = [self.called(key) for key in others]
        if len({self.cause, *named}) <= len(named):
            raise ValueError("the event and what competes must have names of their own")
        return self

    def called(self, key: str) -> str:
        """Name of one event in results ("death without relapse")."""
        return self.names.get(key) or _NAMES.get(key) or key.replace("_", " ")

    def in_words(self, key: str) -> str:
        """An event in words ("death from any cause")."""
        return self.words.get(key) or _WORDS.get(key) or self.called(key)

    @property
    def keys(self) -> frozenset[str]:
        """Every event that counts or competes without being asked for."""
        return frozenset((*self.events, *self.optional, *self.competing))


@cache
def definitions() -> Mapping[str, Definition]:
    """Read the endpoint definitions that come with the program, by name.

    Examples
    --------
    >>> definitions()["relapse-incidence"].competing
    ('death',)
    """
    texts = bundled_texts("remission.cohort.endpoints", "definitions")
    read = [parse_definition(text, f"{name}.toml") for name, text in texts.items()]
    return MappingProxyType({definition.name: definition for definition in read})


def parse_definition(text: str, name: str) -> Definition:
    """Read a definition from TOML.

    Raises
    ------
    InputError
        If it is no TOML, or not a definition; the message names every fault.
    """
    try:
        return Definition.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name} cannot be read as TOML: {error}") from error
    except ValidationError as error:
        faults = [
            ".".join(map(str, fault["loc"])) + ": " + fault["msg"].removeprefix("Value error, ")
            for fault in error.errors()
        ]
        raise InputError(f"{name} is no endpoint definition: {'; '.join(faults)}") from error


def find_definition(name: str, folder: Path | None) -> Definition:
    """Look up a definition by name, or read the study's own TOML file.

    Raises
    ------
    InputError
        If there is none, or it cannot be read.
    """
    known = definitions()
    if name in known:
        return known[name]
    if name.endswith(".toml") and folder is not None:
        return parse_definition(own_text(folder / name, name), name)
    raise InputError(f'there is no endpoint definition "{name}"; there are {", ".join(known)}')
