"""Cut-offs of drugs as data, and the classes that an interval leaves possible."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from remission.cohort.declare import Declaration
from remission.core.problems import InputError
from remission.response.quality import Mark, Source
from remission.response.tomlfiles import declared
from remission.response.units import unit

Class = Literal["sensitive", "intermediate", "resistant"]
CLASSES: tuple[Class, ...] = ("sensitive", "intermediate", "resistant")


class DrugCutoff(Declaration):
    """Where sensitive ends and resistant begins."""

    unit: str
    sensitive: str = Field(pattern=r"^<=? ?[0-9.eE+-]+$")
    resistant: str = Field(pattern=r"^>=? ?[0-9.eE+-]+$")
    synonyms: tuple[str, ...] = ()

    @field_validator("unit")
    @classmethod
    def _unit(cls, given: str) -> str:
        return unit(given).name

    @model_validator(mode="after")
    def _ordered(self) -> DrugCutoff:
        if not 0 < self.low <= self.high < math.inf:
            message = "sensitive must end above 0 and not above where resistant begins"
            raise ValueError(message)
        if self.low == self.high and (self.sensitive[1] == "=") == (self.resistant[1] == "="):
            message = 'with one cut-off, one side must hold it ("<=" or ">=") and the other not'
            raise ValueError(message)
        return self

    @property
    def low(self) -> float:
        """Where sensitive ends."""
        return _number(self.sensitive)

    @property
    def high(self) -> float:
        """Where resistant begins."""
        return _number(self.resistant)

    def of(self, value: float) -> Class:
        """Class of a known concentration.

        Examples
        --------
        >>> DrugCutoff(unit="µg/mL", sensitive="<= 0.1", resistant=">= 150").of(0.1)
        'sensitive'
        """
        if value < self.low or (value == self.low and self.sensitive[1] == "="):
            return "sensitive"
        if value > self.high or (value == self.high and self.resistant[1] == "="):
            return "resistant"
        return "intermediate"

    def possible(self, low: float, high: float, *, beyond: bool = False) -> tuple[Class, ...]:
        """Classes a concentration may have that lies between two others.

        Parameters
        ----------
        low, high : float
        beyond : bool
            The value is truly beyond its one known bound (left- or right-censored), so never at it.

        Examples
        --------
        >>> cut = DrugCutoff(unit="µg/mL", sensitive="<= 0.1", resistant=">= 150")
        >>> cut.possible(250, float("inf"), beyond=True), cut.possible(50, float("inf"), beyond=True)
        (('resistant',), ('intermediate', 'resistant'))
        """
        inner_low = math.nextafter(low, math.inf) if beyond else low
        inner_high = math.nextafter(high, 0.0) if beyond and math.isfinite(high) else high
        first, last = CLASSES.index(self.of(inner_low)), CLASSES.index(self.of(inner_high))
        between = CLASSES[first : last + 1]
        if self.low == self.high:
            return tuple(each for each in between if each != "intermediate")
        return between


class Cutoffs(Declaration):
    """Cut-offs of several drugs, with their source."""

    name: str
    title: str
    version: str
    mark: Mark = "own"
    notes: tuple[str, ...] = ()
    drug: Mapping[str, DrugCutoff]
    source: tuple[Source, ...] = ()

    def find(self, drug: str) -> DrugCutoff | None:
        """Return the cut-off of a drug, by its name or a synonym; upper and lower case are alike."""
        wanted = _key(drug)
        for name, cut in self.drug.items():
            if wanted in {_key(name), *(_key(word) for word in cut.synonyms)}:
                return cut
        return None

    def name_of(self, drug: str) -> str | None:
        """Return the name under which the file has a drug."""
        cut = self.find(drug)
        return None if cut is None else next(name for name, each in self.drug.items() if each is cut)


def cutoffs(name: str | Path | Cutoffs, *, confirm: bool = False) -> Cutoffs:
    """Look up cut-offs: "dcog", or the path of a TOML file of your own.

    Parameters
    ----------
    name : str, Path or Cutoffs
    confirm : bool
        Needed for cut-offs marked unsure: you have compared them with their source.

    Raises
    ------
    StudyProblems
        If the file is not understood.
    InputError
        If there is no such file, or it must be confirmed.

    Examples
    --------
    >>> cutoffs("dcog", confirm=True).find("Prednisolone").of(200)
    'resistant'
    """
    found = name if isinstance(name, Cutoffs) else declared(Cutoffs, name, "cutoff_tables", "set of cut-offs")
    if found.mark == "unsure" and not confirm:
        raise InputError(
            f'the cut-offs "{found.name}" are an example that nobody could check ({found.title}). '
            "Compare them with their source, then say so: confirm=True, or --confirm."
        )
    return found


def _number(words: str) -> float:
    found = re.sub(r"^[<>]=? ?", "", words)
    try:
        return float(found)
    except ValueError as error:
        message = f'"{found}" is no number'
        raise ValueError(message) from error


def _key(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
