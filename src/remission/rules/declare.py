"""What a protocol or score file may say. Only shapes are checked here; `make` checks the meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, field_validator, model_validator

from remission.cohort.declare import Declaration

Mark = Literal["checked", "derived", "memory", "unsure", "own"]
MARKS: dict[Mark, str] = {
    "checked": "checked against the source",
    "derived": "derived from checked numbers",
    "memory": "from memory of the primary paper: compare before use",
    "unsure": "unsure: an example, to be confirmed by the user",
    "own": "the study's own",
}
Given = StrictBool | StrictInt | StrictFloat | StrictStr
"""A value of an input as it is written in a worked case."""


class Source(Declaration):
    """Who says so."""

    citation: str = Field(min_length=1)
    mark: Mark = "own"


class LooksLike(Declaration):
    """Signs that a whole column is in another unit than it should be."""

    unit: str = Field(description='The unit it would be in: "months".')
    at_most: float = Field(description="Nobody is above this.")
    patients: int = Field(5, ge=2, description="Known values that are needed to suspect it.")


class InputDeclaration(Declaration):
    """[inputs]: one thing the rules ask for."""

    kind: Literal["number", "category", "yes/no"]
    label: str = Field(min_length=1, description="Words for people.")
    meaning: str = Field(min_length=1, description="What exactly is asked for.")
    unit: str = Field("", description="Unit of a number.")
    levels: tuple[str, ...] = Field((), description="Levels of a category, in order.")
    ordered: bool = Field(default=False, description="Whether the order of the levels means something.")
    synonyms: tuple[str, ...] = Field((), description="Names that a column of a file may have.")
    other_units: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Names of columns that hold the same in another unit, by that unit."
    )
    values: dict[str, str] = Field(
        default_factory=dict,
        description="Other ways of writing a level, or yes and no.",
    )
    unknown: tuple[str, ...] = Field((), description='What means that it is not known: "not done".')
    plausible: tuple[float, float] | None = Field(
        None, description="Lowest and highest possible number; what is outside is a problem."
    )
    whole: bool = Field(default=False, description="Whether only whole numbers are possible.")
    looks_like: LooksLike | None = None
    days_between: tuple[str, str] | None = Field(
        None, description="Two dates from which it is computed where a file has no column for it."
    )
    eligible: str = Field(
        "", description="Condition on this input alone, outside which the protocol does not apply."
    )
    only_checked: bool = Field(
        default=False, description="Whether no rule reads it: it serves to find contradictions."
    )


class SettingDeclaration(Declaration):
    """[settings]: a number or a yes/no that the source leaves open, with what is used unless said."""

    default: StrictBool | float
    label: str = Field(min_length=1)
    meaning: str = Field(min_length=1, description="Why it is open, and what the default is.")
    unit: str = ""
    mark: Mark = "own"

    def in_words(self, value: bool | float) -> str:  # noqa: FBT001 - a value, not a switch
        """Write a value of the setting: "yes" or "no", or the number with its unit."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:.15g} {self.unit}".rstrip()


class RuleDeclaration(Declaration):
    """[[rule]]: who belongs to a group, or is outside the protocol."""

    group: str = Field("", description="One of `groups`.")
    outside: str = Field("", description="Instead of a group: why the protocol does not apply.")
    when: str = Field("", description="Condition; only the last rule may have none: everybody else.")
    words: str = Field(min_length=1, description="The rule as a clinician says it.")
    mark: Mark = "own"

    @model_validator(mode="after")
    def _one_answer(self) -> RuleDeclaration:
        if bool(self.group) == bool(self.outside):
            raise ValueError("a rule has either `group` or `outside`")
        return self


class CheckDeclaration(Declaration):
    """[[check]]: what must hold in every patient; otherwise the data contradict themselves."""

    holds: str = Field(min_length=1)
    words: str = Field(min_length=1, description="What is wrong where it does not hold.")
    repair: str = Field(min_length=1)


class Case(Declaration):
    """[[case]]: worked cases, run by the tests and before a file of one's own is used.

    `gives` of a row is a group, a score, a list of the possible ones, or "outside".
    """

    says: str = Field(min_length=1)
    rows: tuple[dict[str, Any], ...] = Field(min_length=1)
    settings: dict[str, StrictBool | float] = Field(default_factory=dict)


class RulesDeclaration(Declaration):
    """What protocols and scores share."""

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    version: str = "1"
    year: int | None = None
    population: str = Field("", description="For whom it was made.")
    unknown: str = Field("", description="What an unknown input means, where there is more to say.")
    notes: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = Field((), description="To which side each limit belongs.")
    inputs: dict[str, InputDeclaration] = Field(default_factory=dict)
    settings: dict[str, SettingDeclaration] = Field(default_factory=dict)
    check: tuple[CheckDeclaration, ...] = ()
    source: tuple[Source, ...] = ()
    case: tuple[Case, ...] = ()

    def changed(self, values: Mapping[str, bool | float]) -> Iterator[tuple[str, str]]:
        """Settings whose value is not the default: name, and the value in words."""
        for name, setting in self.settings.items():
            value = values.get(name, setting.default)
            if value != setting.default:
                yield name, setting.in_words(value)

    @field_validator("version", mode="before")
    @classmethod
    def _text(cls, version: object) -> object:
        return str(version) if isinstance(version, int | float) else version


class ProtocolDeclaration(RulesDeclaration):
    """A protocol or grading: ordered rules that lead to one group."""

    groups: dict[str, str] = Field(
        min_length=1, description="Group = words for it; lowest risk or stage first."
    )
    ordered: bool = Field(
        default=False, description="Whether the first rule that holds decides; else no two may hold at once."
    )
    rule: tuple[RuleDeclaration, ...] = Field(min_length=1)


class Tier(Declaration):
    """[[item.tier]]: points for one degree of an item; the first that holds counts, so highest first."""

    points: int = Field(ge=0)
    when: str = Field(min_length=1)
    words: str = Field(min_length=1)


class ItemDeclaration(Declaration):
    """[[item]]: what may give points; no points where no tier holds."""

    name: str = Field(min_length=1)
    label: str = Field(min_length=1)
    tier: tuple[Tier, ...] = Field(min_length=1)
    mark: Mark = "own"


class UndefinedDeclaration(Declaration):
    """[[undefined]]: for whom the source gives no value."""

    when: str = Field(min_length=1)
    words: str = Field(min_length=1)
    mark: Mark = "own"


class BandDeclaration(Declaration):
    """[[group]]: totals that are one group; `lowest` and `highest` belong to it."""

    name: str = Field(min_length=1)
    lowest: int
    highest: int
    label: str = ""
    mark: Mark = "own"


class ScoreDeclaration(RulesDeclaration):
    """A score: points of items, added."""

    includes: str = Field("", description="A score whose items and inputs come first.")
    lowest: int = Field(0, description="Lowest total that is possible; checked.")
    highest: int = Field(description="Highest total that is possible; checked.")
    item: tuple[ItemDeclaration, ...] = Field(min_length=1)
    undefined: tuple[UndefinedDeclaration, ...] = ()
    group: tuple[BandDeclaration, ...] = ()
