"""From the text of a protocol file to a protocol, or to every problem of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from remission.cohort.conditions import Condition
from remission.cohort.conditions.tree import AllOf
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.rules.assignment import OUTSIDE
from remission.rules.book import Inputs, read_inputs, settled
from remission.rules.declare import ProtocolDeclaration, RulesDeclaration
from remission.rules.diagram import Diagram
from remission.rules.grow import first_that_holds
from remission.rules.protocol import Protocol
from remission.rules.reading import (
    Settings,
    Terms,
    input_problems,
    read_declaration,
    read_rule,
    settle,
    terms_of,
)

Made = tuple[Protocol | None, tuple[Problem, ...]]


def make_protocol(text: str, file: str, settings: Settings | None = None) -> Made:
    """Read a protocol.

    Parameters
    ----------
    text : str
        TOML.
    file : str
        Its name, for problems.
    settings : mapping, optional
        Values of its settings, instead of the defaults.

    Returns
    -------
    protocol : Protocol or None
        None if there is any problem.
    problems : tuple of Problem
        All of them: keys, conditions, inputs nobody declared or asks for, patients in no group or in two,
        rules that can never hold.
    """
    declared, problems = read_declaration(ProtocolDeclaration, text, file)
    if declared is None:
        return None, problems
    values, problems = settle(declared.settings, settings or {}, file)
    if problems:
        return None, problems
    terms = terms_of(declared, values)
    conditions, found = _conditions(declared, terms, file)
    problems = (*input_problems(declared.inputs, file), *_groups(declared, file), *found)
    inputs, found = read_inputs(declared, terms, [each for each in conditions if each is not None], file)
    problems += found
    if problems:
        return None, problems
    by_rule = first_that_holds(
        [None if each is None else settled(each.resolved, values, terms.columns) for each in conditions],
        inputs.partitions,
        terms.columns,
    )
    problems = (*_coverage(declared, inputs, by_rule, file), *_overlaps(declared, inputs, conditions, file))
    problems += tuple(unread(declared, inputs, by_rule.variables, file))
    if problems:
        return None, problems
    by_group = by_rule.mapped(lambda rule: declared.rule[rule].group or OUTSIDE)
    return Protocol(declared, inputs, conditions, by_rule, by_group), ()


def unread(
    declared: RulesDeclaration, inputs: Inputs, variables: Sequence[int], file: str
) -> Iterator[Problem]:
    """Inputs and settings that change nothing."""
    asked = {*inputs.names(variables), *inputs.eligible}
    for name in inputs.partitions:
        if name not in asked:
            message = f'no answer depends on "{name}"'
            repair = "Remove it, or say only_checked = true if it only serves to find contradictions."
            yield Problem(f"{file}: inputs.{name}", message, repair)
    for name in declared.inputs:
        if declared.inputs[name].only_checked and not any(name in each.columns for each in inputs.checks):
            yield Problem(f"{file}: inputs.{name}", f'no check reads "{name}"', "Remove it.")


def _conditions(
    declared: ProtocolDeclaration, terms: Terms, file: str
) -> tuple[tuple[Condition | None, ...], tuple[Problem, ...]]:
    conditions: list[Condition | None] = []
    problems: list[Problem] = []
    for number, rule in enumerate(declared.rule, 1):
        where = f"{file}: rule {number}"
        if not rule.when:
            conditions.append(None)
            if number < len(declared.rule):
                message = "a rule without `when` takes everybody, so no later rule can hold"
                problems.append(Problem(where, message, "Put it last, or write its condition."))
            continue
        condition, found = read_rule(rule.when, terms, where)
        problems += found
        conditions.append(condition)
    return tuple(conditions), tuple(problems)


def _groups(declared: ProtocolDeclaration, file: str) -> Iterator[Problem]:
    used = {rule.group for rule in declared.rule}
    for number, rule in enumerate(declared.rule, 1):
        if rule.group and rule.group not in declared.groups:
            repair = f"Add it to [groups], or correct it.{did_you_mean(rule.group, declared.groups)}"
            yield Problem(f"{file}: rule {number}", f'there is no group "{rule.group}"', repair)
    for group in declared.groups:
        if group not in used:
            yield Problem(f"{file}: groups", f'no rule leads to "{group}"', "Remove it, or write its rule.")
        if group == OUTSIDE:
            yield Problem(f"{file}: groups", f'"{OUTSIDE}" is no group', "Use `outside` in a rule.")


def _coverage(
    declared: ProtocolDeclaration, inputs: Inputs, by_rule: Diagram[int], file: str
) -> Iterator[Problem]:
    """Patients for whom no rule holds, and rules that hold for nobody."""
    reached = set(by_rule.answers)
    if len(declared.rule) in reached:
        example = _example(inputs, by_rule, len(declared.rule))
        repair = "Write a rule for such patients; a last rule without `when` takes everybody else."
        yield Problem(f"{file}: rules", f"no rule holds for some patients, such as {example}", repair)
    for number, rule in enumerate(declared.rule, 1):
        if number - 1 not in reached:
            message = (
                f'the rule "{rule.words}" can never decide: earlier rules take all its patients, or none fit'
            )
            yield Problem(f"{file}: rule {number}", message, "Correct its condition or its place.")


def _overlaps(
    declared: ProtocolDeclaration, inputs: Inputs, conditions: Sequence[Condition | None], file: str
) -> Iterator[Problem]:
    """Patients for whom two rules with different answers hold, in a protocol whose order does not decide."""
    if declared.ordered:
        return
    values, columns = inputs.terms.settings, inputs.terms.columns
    for (first, one), (second, two) in combinations(enumerate(conditions), 2):
        left, right = declared.rule[first], declared.rule[second]
        if one is None or two is None or (left.group, left.outside) == (right.group, right.outside):
            continue
        both = settled(AllOf((one.resolved, two.resolved)), values, columns)
        diagram = first_that_holds([both], inputs.partitions, columns)
        if 0 in diagram.answers:
            example = _example(inputs, diagram, 0)
            message = f"rules {first + 1} and {second + 1} both hold for some patients, such as {example}"
            repair = "Make them exclude each other, or say ordered = true: the first that holds decides."
            yield Problem(f"{file}: rules", message, repair)


def _example(inputs: Inputs, diagram: Diagram[int], answer: int) -> str:
    """A patient to whom an answer is given, in words."""
    partitions = tuple(inputs.partitions.values())
    return ", ".join(partitions[at].words(cell) for at, cell in sorted(diagram.example(answer).items()))
