"""From the text of a protocol or score file to inputs, settings and conditions, with every problem told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import ValidationError

from remission.cohort.column import Column
from remission.cohort.conditions import Condition, ConditionError, parse
from remission.cohort.conditions.resolve import resolve
from remission.cohort.conditions.tree import (
    AllOf,
    Among,
    AnyOf,
    Between,
    Comparison,
    Name,
    Node,
    Not,
    Number,
    Value,
    leaves,
)
from remission.cohort.conditions.tree import columns as columns_of
from remission.cohort.declare import Declaration
from remission.core.clock import UNITS, Clock
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.rules.declare import InputDeclaration, RulesDeclaration, SettingDeclaration
from remission.rules.residual import asks_whether_missing

Declared = TypeVar("Declared", bound=Declaration)
Settings = Mapping[str, bool | float]


@dataclass(frozen=True, slots=True)
class Terms:
    """What conditions of a file may name: inputs, and settings with their values."""

    inputs: Mapping[str, Column]
    settings: Settings
    units: Mapping[str, str]

    @property
    def columns(self) -> dict[str, Column]:
        """Inputs and the settings that are yes or no."""
        answers = {
            name: Column(name, "yes/no") for name, value in self.settings.items() if isinstance(value, bool)
        }
        return {**self.inputs, **answers}


def read_declaration(
    model: type[Declared], text: str, file: str
) -> tuple[Declared | None, tuple[Problem, ...]]:
    """Read a file's shape.

    Returns
    -------
    declared : model or None
        None if there are problems.
    problems : tuple of Problem
    """
    try:
        return model.model_validate(tomllib.loads(text)), ()
    except tomllib.TOMLDecodeError as error:
        return None, (Problem(file, f"it cannot be read as TOML: {error}", "Correct the line named."),)
    except ValidationError as error:
        return None, tuple(
            _fault(file, fault["loc"], fault["type"], fault["msg"]) for fault in error.errors()
        )


def settle(
    declared: Mapping[str, SettingDeclaration], given: Settings, where: str
) -> tuple[dict[str, bool | float], tuple[Problem, ...]]:
    """Values of all settings: those given, else the defaults."""
    problems = []
    for name, value in given.items():
        if name not in declared:
            repair = f"There are {', '.join(declared) or 'none'}.{did_you_mean(name, declared)}"
            problems.append(Problem(where, f'there is no setting "{name}"', repair))
        elif isinstance(value, bool) != isinstance(declared[name].default, bool):
            kind = "yes or no" if isinstance(declared[name].default, bool) else "a number"
            problems.append(
                Problem(where, f'the setting "{name}" is {kind}, not {value}', "Correct the value.")
            )
    if problems:
        return {}, tuple(problems)
    return {name: given.get(name, setting.default) for name, setting in declared.items()}, ()


def terms_of(declared: RulesDeclaration, settings: Settings) -> Terms:
    """What the conditions of a file may name."""
    inputs = {
        name: Column(name, each.kind, each.label, each.unit, each.levels, each.ordered)
        for name, each in declared.inputs.items()
    }
    return Terms(inputs, settings, {name: each.unit for name, each in declared.settings.items()})


def read_rule(text: str, terms: Terms, where: str) -> tuple[Condition | None, tuple[Problem, ...]]:
    """Parse and resolve a condition on inputs; settings are replaced by their values.

    A rule compares inputs with values: never with one another, and never asks whether one is missing, since
    what an unknown input means is settled for the whole protocol: every value of it is possible.
    """
    shown = text if len(text) <= 120 else f"{text[:120]}..."
    try:
        tree = parse(text)
    except ConditionError as error:
        return None, (Problem(where, f'in "{shown}", {error.message}', error.repair),)
    tree = _with_settings(tree, terms)
    problems = [Problem(where, f'in "{shown}", {what}', repair) for what, repair in _faults(tree, terms)]
    if problems:
        return None, tuple(problems)
    resolved, faults = resolve(tree, terms.columns, Clock())
    if faults:
        return None, tuple(Problem(where, f'in "{shown}", {each.message}', each.repair) for each in faults)
    return Condition(tree, resolved, terms.columns), ()


def input_problems(inputs: Mapping[str, InputDeclaration], where: str) -> Iterator[Problem]:
    """What contradicts itself in the declarations of inputs."""
    names: dict[str, str] = {}
    for name, each in inputs.items():
        place = f"{where}: inputs.{name}"
        if (each.kind == "category") != bool(each.levels):
            message = "a category has levels" if each.kind == "category" else f"a {each.kind} has no levels"
            yield Problem(place, message, "Correct `kind` or `levels`.")
        if len({plain(level) for level in each.levels}) < len(each.levels):
            yield Problem(f"{place}.levels", "two levels are written alike", "Name every level once.")
        if each.kind != "number" and (each.unit or each.plausible or each.whole or each.looks_like):
            message = f"a {each.kind} has no unit, range or whole numbers"
            yield Problem(place, message, "Remove these keys, or correct `kind`.")
        if each.plausible is not None and not each.plausible[0] < each.plausible[1]:
            yield Problem(f"{place}.plausible", "the range is empty", "Write the lower number first.")
        known = each.levels if each.kind == "category" else ("yes", "no") if each.kind == "yes/no" else ()
        for code, meaning in each.values.items():
            if meaning not in known:
                message = f'"{code}" means "{meaning}", which is no value of this input'
                yield Problem(f"{place}.values", message, f"Write one of {', '.join(known) or 'none'}.")
        for word in (name, *each.synonyms):
            other = names.setdefault(key(word), name)
            if other != name:
                message = f'a column "{word}" would be both {other} and {name}'
                yield Problem(f"{place}.synonyms", message, "Let each name mean one input.")


def key(name: str) -> str:
    """A name with case and punctuation taken away: "Age (days)" and "age_days" are alike."""
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name.casefold()


def plain(text: str) -> str:
    """A value with case, spaces, hyphens and underscores made alike: "Cord-blood" is "cord blood"."""
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").split()) or text


def levels_by_word(declared: InputDeclaration) -> dict[str, str]:
    """Level by every way of writing it; the levels themselves go before other words."""
    words = {plain(code): level for code, level in declared.values.items()}
    return {**words, **{plain(level): level for level in declared.levels}}


def _with_settings(node: Node, terms: Terms) -> Node:
    """Put the values of number settings in their place."""

    def put(value: Value) -> Value:
        if not isinstance(value, Name) or isinstance(terms.settings.get(value.name, True), bool):
            return value
        unit = next((unit for unit in UNITS if unit == terms.units[value.name]), None)
        return Number(float(terms.settings[value.name]), unit)

    walk: Callable[[Node], Node] = lambda part: _with_settings(part, terms)  # noqa: E731
    match node:
        case Not():
            return Not(walk(node.term))
        case AllOf() | AnyOf():
            return type(node)(tuple(walk(term) for term in node.terms))
        case Comparison():
            return replace(node, value=put(node.value))
        case Among():
            return replace(node, values=tuple(put(value) for value in node.values))
        case Between():
            return replace(node, low=put(node.low), high=put(node.high))
    return node


def _faults(tree: Node, terms: Terms) -> Iterator[tuple[str, str]]:
    """What a condition of a rule must not contain."""
    known = terms.columns
    for name in columns_of(tree):
        if name not in known:
            yield f'there is no input "{name}"', f"Declare it under [inputs].{did_you_mean(name, known)}"
    if asks_whether_missing(tree):
        repair = "Leave it out: while an input is unknown, all its values are possible."
        yield "a rule asks whether an input is missing", repair
    for leaf in leaves(tree):
        if len(columns_of(leaf)) > 1 and set(columns_of(leaf)) <= set(known):
            message = f"two inputs are compared with one another ({leaf})"
            yield message, "Make the comparison an input of its own, yes or no."


def _fault(file: str, place: tuple[int | str, ...], kind: str, message: str) -> Problem:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    said = {
        "extra_forbidden": ("this key is not known", "Correct its name, or remove it."),
        "missing": ("this key is missing", "Add it."),
    }
    what, repair = said.get(kind, (message.removeprefix("Value error, "), "Correct it."))
    return Problem(f"{file}: {where}" if where else file, what, repair)
