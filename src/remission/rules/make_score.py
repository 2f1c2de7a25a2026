"""From the text of a score file to a score, or to every problem of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from remission.cohort.conditions import Condition
from remission.core.problems import Problem
from remission.rules.book import Inputs, read_inputs, settled
from remission.rules.declare import ItemDeclaration, ScoreDeclaration
from remission.rules.diagram import Diagram
from remission.rules.grow import first_that_holds, together
from remission.rules.make import unread
from remission.rules.reading import (
    Settings,
    Terms,
    input_problems,
    read_declaration,
    read_rule,
    settle,
    terms_of,
)
from remission.rules.score import Score, Total, points

Made = tuple[Score | None, tuple[Problem, ...]]
Find = Callable[[str], str | None]


def make_score(
    text: str, file: str, settings: Settings | None = None, *, find: Find = lambda _: None
) -> Made:
    """Read a score.

    Parameters
    ----------
    text : str
        TOML.
    file : str
        Its name, for problems.
    settings : mapping, optional
        Values of its settings, instead of the defaults.
    find : callable
        Text of a score by its name, for `includes`.

    Returns
    -------
    score : Score or None
        None if there is any problem.
    problems : tuple of Problem
        All of them: keys, conditions, inputs nobody declared or asks for, tiers that can never count, totals
        that cannot be or have no group.
    """
    declared, problems = read_declaration(ScoreDeclaration, text, file)
    if declared is not None and declared.includes:
        declared, problems = _included(declared, file, find)
    if declared is None:
        return None, problems
    values, problems = settle(declared.settings, settings or {}, file)
    if problems:
        return None, problems
    terms = terms_of(declared, values)
    items, found = _items(declared, terms, file)
    problems = (*input_problems(declared.inputs, file), *found)
    without, found = _undefined(declared, terms, file)
    problems += found
    inputs, found = read_inputs(declared, terms, [each for item in items for each in (*item, *without)], file)
    problems += found
    if problems:
        return None, problems
    tiers = tuple(_diagram(item, inputs) for item in items)
    sums = [
        diagram.mapped(partial(points, item.tier)) for diagram, item in zip(tiers, declared.item, strict=True)
    ]
    words = [each.words for each in declared.undefined]
    undefined = _diagram(without, inputs)
    total: Diagram[Total] = undefined.combined(
        together(sums), lambda why, points_: words[why] if why < len(words) else points_
    )
    problems = tuple(_faults(declared, tiers, total, file))
    asked = {*total.variables, *(variable for tier in tiers for variable in tier.variables)}
    problems += tuple(unread(declared, inputs, tuple(asked), file))
    return (None, problems) if problems else (Score(declared, inputs, tiers, total), ())


def _diagram(conditions: list[Condition], inputs: Inputs) -> Diagram[int]:
    columns = inputs.terms.columns
    left = [settled(each.resolved, inputs.terms.settings, columns) for each in conditions]
    return first_that_holds(left, inputs.partitions, columns)


def _items(
    declared: ScoreDeclaration, terms: Terms, file: str
) -> tuple[list[list[Condition]], tuple[Problem, ...]]:
    items: list[list[Condition]] = []
    problems: list[Problem] = []
    for item in declared.item:
        conditions = []
        for number, tier in enumerate(item.tier, 1):
            condition, found = read_rule(tier.when, terms, f"{file}: item {item.name}, tier {number}")
            problems += found
            conditions += [condition] if condition is not None else []
        items.append(conditions)
    return items, tuple(problems)


def _undefined(
    declared: ScoreDeclaration, terms: Terms, file: str
) -> tuple[list[Condition], tuple[Problem, ...]]:
    conditions: list[Condition] = []
    problems: list[Problem] = []
    for number, each in enumerate(declared.undefined, 1):
        condition, found = read_rule(each.when, terms, f"{file}: undefined {number}")
        problems += found
        conditions += [condition] if condition is not None else []
    return conditions, tuple(problems)


def _included(
    declared: ScoreDeclaration, file: str, find: Find
) -> tuple[ScoreDeclaration | None, tuple[Problem, ...]]:
    """Put the inputs and items of another score before."""
    text = find(declared.includes)
    if text is None:
        repair = "Name a score of the program."
        return None, (Problem(f"{file}: includes", f'there is no score "{declared.includes}"', repair),)
    other, problems = read_declaration(ScoreDeclaration, text, declared.includes)
    if other is None:
        return None, problems
    if other.includes:
        return None, (Problem(f"{file}: includes", "the score included includes another", "Name that one."),)
    merged: dict[str, Any] = {
        "inputs": {**other.inputs, **declared.inputs},
        "settings": {**other.settings, **declared.settings},
        "item": (*other.item, *declared.item),
        "check": (*other.check, *declared.check),
        "undefined": (*other.undefined, *declared.undefined),
        "boundaries": (*other.boundaries, *declared.boundaries),
        "source": (*declared.source, *(each for each in other.source if each not in declared.source)),
    }
    return declared.model_copy(update=merged), ()


def _faults(
    declared: ScoreDeclaration, tiers: tuple[Diagram[int], ...], total: Diagram[Total], file: str
) -> Iterator[Problem]:
    """Tiers out of order or that can never count, and totals without a group."""
    for item, diagram in zip(declared.item, tiers, strict=True):
        yield from _item_faults(item, diagram, file)
    names = [item.name for item in declared.item]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(f"{file}: item {name}", "two items have this name", "Give every item its own.")
    totals = sorted(answer for answer in total.answers if isinstance(answer, int))
    if not totals or (totals[0], totals[-1]) != (declared.lowest, declared.highest):
        found = f"{totals[0]} to {totals[-1]}" if totals else "nothing"
        message = (
            f"the total can be {found}, but lowest and highest say {declared.lowest} to {declared.highest}"
        )
        yield Problem(f"{file}: highest", message, "Correct the points, or `lowest` and `highest`.")
    for number in totals if declared.group else ():
        bands = [band.name for band in declared.group if band.lowest <= number <= band.highest]
        if len(bands) != 1:
            where = " and ".join(bands) if bands else "no group"
            yield Problem(f"{file}: group", f"the total {number} is in {where}", "Correct the limits.")


def _item_faults(item: ItemDeclaration, diagram: Diagram[int], file: str) -> Iterator[Problem]:
    where = f"{file}: item {item.name}"
    given = [tier.points for tier in item.tier]
    if given != sorted(given, reverse=True):
        yield Problem(
            where, "its tiers do not begin with most points", "The first that holds counts: sort them."
        )
    for number, tier in enumerate(item.tier):
        if number not in diagram.answers:
            message = f'"{tier.words}" can never count: a tier before takes all its patients, or none fit'
            yield Problem(where, message, "Correct its condition.")
