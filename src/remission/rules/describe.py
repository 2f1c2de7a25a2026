"""Protocols and scores in words: the list of all, and one in full."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from remission.rules.declare import MARKS, InputDeclaration, Mark, RulesDeclaration
from remission.rules.library import marks_of, protocol, protocol_texts, score, score_texts
from remission.rules.protocol import Protocol
from remission.rules.score import Score

_SHORT: dict[Mark, str] = {
    "own": "own",
    "checked": "checked",
    "derived": "derived",
    "memory": "FROM MEMORY",
    "unsure": "UNSURE",
}


_UNKNOWN = "A result is given only where every value of what is not known leads to it."


def list_library(*, width: int = 100) -> str:
    """List every protocol, grading and score that comes with the program, with its marks."""
    lines = ["Protocols and gradings (remission stratify FILE --protocol NAME)"]
    for name in protocol_texts():
        lines += _entry(protocol(name, confirm=True), width)
    lines += ["", "Scores (remission score FILE --score NAME)"]
    for name in score_texts():
        lines += _entry(score(name, confirm=True), width)
    return "\n".join(
        [
            *lines,
            "",
            "Marks: "
            + "; ".join(f"{_SHORT[mark]}: {MARKS[mark]}" for mark in ("checked", "memory", "unsure"))
            + ".",
            "One in full: remission protocols NAME. Your own: the path of a TOML file.",
        ]
    )


def describe(ready: Protocol | Score, *, width: int = 100) -> str:
    """Write a protocol or score in full: sources, inputs, rules in words, limits, settings."""
    declared = ready.declared
    lines = [declared.title, f"{declared.name}, version {declared.version}", "", declared.summary]
    lines += [f"For: {declared.population}"] if declared.population else []
    lines += ["", *(_rules(ready) if isinstance(ready, Protocol) else _items(ready))]
    lines += ["", *_about(declared, ready)]
    return "\n".join(
        fill(line, width, subsequent_indent=_indent(line), break_long_words=False, break_on_hyphens=False)
        for line in lines
    )


def describe_short(ready: Protocol | Score) -> str:
    """Name a protocol or score with its version and marks, for the head of its results."""
    marks = ", ".join(_SHORT[mark] for mark in marks_of(ready.declared))
    return f"{ready.declared.title} [{ready.name} {ready.declared.version}; {marks}]"


def _entry(ready: Protocol | Score, width: int) -> list[str]:
    marks = ", ".join(_SHORT[mark] for mark in marks_of(ready.declared))
    said = f"{ready.declared.title}. {ready.declared.summary} [{marks}]"
    return [fill(f"  {ready.name:<20} {said}", width, subsequent_indent=" " * 23, break_on_hyphens=False)]


def _rules(ready: Protocol) -> Iterator[str]:
    how = "the first that holds decides" if ready.declared.ordered else "no two can hold at once"
    yield f"Rules ({how}):"
    for number, (rule, condition) in enumerate(zip(ready.declared.rule, ready.conditions, strict=True), 1):
        yield f"  {number}. {rule.group or f'outside: {rule.outside}'}: {rule.words} [{_SHORT[rule.mark]}]"
        yield f"     {condition if condition is not None else 'everybody else'}"
    yield ""
    yield "Groups:"
    yield from (f"  {name}: {words}" for name, words in ready.declared.groups.items())


def _items(ready: Score) -> Iterator[str]:
    yield "Items (of one item only the first degree that holds counts):"
    for item in ready.declared.item:
        degrees = "; ".join(f"{tier.points} if {tier.words}" for tier in item.tier)
        yield f"  {item.label}: {degrees} [{_SHORT[item.mark]}]"
    for each in ready.declared.undefined:
        yield f"  Not defined: {each.words} [{_SHORT[each.mark]}]"
    yield f"Total: {ready.declared.lowest} to {ready.declared.highest}"
    for band in ready.declared.group:
        span = f"{band.lowest}" if band.lowest == band.highest else f"{band.lowest} to {band.highest}"
        yield f"  {span}: {band.name} [{_SHORT[band.mark]}]"


def _about(declared: RulesDeclaration, ready: Protocol | Score) -> Iterator[str]:
    yield "Inputs:"
    yield from (f"  {name}: {_input(each)}" for name, each in declared.inputs.items())
    if declared.settings:
        yield "Settings:"
    for name, setting in declared.settings.items():
        yield f"  {name} = {setting.in_words(ready.inputs.terms.settings[name])}: {setting.meaning}"
    if declared.boundaries:
        yield "Limits:"
        yield from (f"  {said}" for said in declared.boundaries)
    yield "What is not known:"
    yield f"  {declared.unknown or _UNKNOWN}"
    if declared.notes:
        yield "To be known:"
        yield from (f"  {said}" for said in declared.notes)
    if declared.source:
        yield "Sources:"
        yield from (f"  {each.citation} [{_SHORT[each.mark]}]" for each in declared.source)


def _input(declared: InputDeclaration) -> str:
    kind = ", ".join(declared.levels) if declared.levels else declared.unit or declared.kind
    names = f" Also named {', '.join(declared.synonyms)}." if declared.synonyms else ""
    return f"{declared.meaning} ({kind}){names}"


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()) + 2)
