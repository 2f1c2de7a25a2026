"""What protocols and scores share when they are ready: inputs cut into cells, settings, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from remission.cohort.column import Column
from remission.cohort.conditions import Condition
from remission.cohort.conditions.evaluate import Cell
from remission.cohort.conditions.tree import Node
from remission.core.problems import InputError, Problem
from remission.core.suggest import did_you_mean
from remission.rules.declare import InputDeclaration, RulesDeclaration
from remission.rules.partition import UNKNOWN, Partition, cut
from remission.rules.reading import Settings, Terms, levels_by_word, plain, read_rule
from remission.rules.residual import residual

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The inputs of a protocol or score, ready to be asked for.

    Attributes
    ----------
    declared : mapping of str to InputDeclaration
    partitions : mapping of str to Partition
        Of every input that a rule may read, in the order of the file.
    eligible : mapping of str to Condition
        Conditions on single inputs outside which the protocol does not apply.
    checks : tuple of Condition
        What must hold in every patient, in the order of the declarations.
    terms : Terms
    """

    declared: Mapping[str, InputDeclaration]
    partitions: Mapping[str, Partition]
    eligible: Mapping[str, Condition]
    checks: tuple[Condition, ...]
    terms: Terms

    @property
    def columns(self) -> Mapping[str, Column]:
        """What the inputs are."""
        return self.terms.inputs

    def read(self, values: Mapping[str, object]) -> dict[str, Cell]:
        """Understand the values of one patient; inputs not given, None and NaN are unknown.

        Raises
        ------
        InputError
            With every value that cannot be: unknown inputs, undeclared levels, impossible numbers.
        """
        faults = [
            f'there is no input "{name}".{did_you_mean(name, self.declared)}'
            for name in values
            if name not in self.declared
        ]
        row: dict[str, Cell] = {}
        for name, declared in self.declared.items():
            try:
                row[name] = _value(name, declared, values.get(name))
            except InputError as error:
                faults.append(str(error))
        if faults:
            raise InputError(" ".join(faults))
        return row

    def row(self, values: Mapping[str, Cell]) -> dict[str, Cell]:
        """Values of one patient and the settings, as conditions read them."""
        return {**dict.fromkeys(self.declared), **values, **self.terms.settings}

    def outside(self, values: Mapping[str, Cell]) -> tuple[str, ...]:
        """Why the protocol is not for this patient; empty when it may be."""
        row = self.row(values)
        return tuple(
            condition.words(opposite=True)
            for condition in self.eligible.values()
            if condition.answer(row) is False
        )

    def known(self, values: Mapping[str, Cell]) -> dict[int, int]:
        """Cells of the known inputs, by position."""
        codes = [partition.code(values.get(name)) for name, partition in self.partitions.items()]
        return {position: code for position, code in enumerate(codes) if code != UNKNOWN}

    def names(self, variables: Sequence[int]) -> tuple[str, ...]:
        """Names of inputs by position."""
        order = tuple(self.partitions)
        return tuple(order[variable] for variable in variables)


def settled(node: Node, settings: Settings, columns: Mapping[str, Column]) -> Node | bool:
    """Put the yes/no settings into a resolved condition."""
    left: Node | bool = node
    for name, value in settings.items():
        if isinstance(value, bool):
            left = residual(left, name, value, columns)
    return left


def read_inputs(
    declared: RulesDeclaration, terms: Terms, conditions: Sequence[Condition], where: str
) -> tuple[Inputs, tuple[Problem, ...]]:
    """Cut every input where the conditions change, and read what concerns inputs alone."""
    problems: list[Problem] = []
    eligible: dict[str, Condition] = {}
    for name, each in declared.inputs.items():
        if not each.eligible:
            continue
        place = f"{where}: inputs.{name}.eligible"
        condition, found = read_rule(each.eligible, terms, place)
        problems += found
        if condition is not None and condition.columns != (name,):
            problems.append(Problem(place, "it names another input", f'Write it on "{name}" alone.'))
        elif condition is not None:
            eligible[name] = condition
    checks = []
    for number, check in enumerate(declared.check, 1):
        condition, found = read_rule(check.holds, terms, f"{where}: check {number}")
        problems += found
        checks += [condition] if condition is not None else []
    partitions = {
        name: cut(
            terms.inputs[name],
            [condition.resolved for condition in conditions],
            eligible=eligible[name].resolved if name in eligible else None,
            plausible=each.plausible,
            whole=each.whole,
        )
        for name, each in declared.inputs.items()
        if not each.only_checked
    }
    for name, partition in partitions.items():
        if not partition.samples:
            message = "no value of it is eligible and plausible"
            problems.append(Problem(f"{where}: inputs.{name}", message, "Correct `eligible` or `plausible`."))
    return Inputs(declared.inputs, partitions, eligible, tuple(checks), terms), tuple(problems)


def _value(name: str, declared: InputDeclaration, value: object) -> Cell:
    """One value of one patient as the rules read it."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
        return None
    if isinstance(value, str) and plain(value) in {plain(word) for word in declared.unknown}:
        return None
    match declared.kind:
        case "number":
            return _number(name, declared, value)
        case "yes/no":
            if isinstance(value, bool):
                return value
            meant = {**_YES_NO, **{plain(code): _YES_NO[to] for code, to in declared.values.items()}}
            if isinstance(value, str) and plain(value) in meant:
                return meant[plain(value)]
            raise InputError(f'"{name}" is {value!r}, neither yes nor no.')
        case _:
            text = f"{value:g}" if isinstance(value, int | float) else str(value)
            if plain(text) in levels_by_word(declared):
                return levels_by_word(declared)[plain(text)]
            raise InputError(f'"{name}" is "{text}", which is none of {", ".join(declared.levels)}.')


def _number(name: str, declared: InputDeclaration, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f'"{name}" is {value!r}, not a number.')
    number, unit = float(value), f" {declared.unit}" if declared.unit else ""
    low, high = declared.plausible or (-float("inf"), float("inf"))
    if not low <= number <= high:
        raise InputError(f'"{name}" is {number:g}{unit}, which is not between {low:g} and {high:g}.')
    if declared.whole and not number.is_integer():
        raise InputError(f'"{name}" is {number:g}{unit}, not a whole number.')
    return number
