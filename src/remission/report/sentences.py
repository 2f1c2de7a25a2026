"""Findings in words: one function per name; what has no words here cannot be said in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.words import (
    added_value,
    benchmark,
    cohort,
    comparison,
    curves,
    drug_response,
    eras,
    first_events,
    genes,
    guard,
    landmarks,
    models,
    mrd,
    prediction,
    remedies,
    response_rates,
    restratify,
    transplant,
    treatment,
)
from remission.report.words.phrases import about, in_words
from remission.study.results import Statement

Facts = Mapping[str, Any]
WORDS: dict[str, Callable[[Facts], str]] = {
    **cohort.WORDS,
    **curves.WORDS,
    **first_events.WORDS,
    **response_rates.WORDS,
    **mrd.WORDS,
    **prediction.WORDS,
    **added_value.WORDS,
    **comparison.WORDS,
    **landmarks.WORDS,
    **models.WORDS,
    **remedies.WORDS,
    **transplant.WORDS,
    **treatment.WORDS,
    **benchmark.WORDS,
    **eras.WORDS,
    **restratify.WORDS,
    **drug_response.WORDS,
    **genes.WORDS,
    "guard_withheld": guard.guard_withheld,
}
TOGETHER: dict[str, Callable[[Sequence[Facts]], str]] = {
    **cohort.TOGETHER,
    **curves.TOGETHER,
    **benchmark.TOGETHER,
    **restratify.TOGETHER,
}
_TITLES: dict[str, Callable[[Facts], str]] = {
    **transplant.TITLES,
    "guard_withheld": guard.guard_title,
    "naive_shown": landmarks.naive_title,
    "remedies_compared": remedies.remedies_title,
}
_BY_SEVERITY = {"note": "Note", "warning": "Read with care", "guard": "The guard"}


def say(statement: Statement) -> str:
    """Say a finding in plain words, naming its numbers; paragraphs are parted by an empty line.

    Raises
    ------
    KeyError
        If the report has no words for it.

    Examples
    --------
    >>> say(Statement("group_unknown", {"label": "Response", "n": 2, "total": 59}))
    'Response was unknown in 2 of 59 patients; they are in no group and are left out of the comparison.'
    """
    return in_words(statement.name, statement.facts, WORDS, TOGETHER, "finding")


def say_all(statements: Sequence[Statement]) -> tuple[str, ...]:
    """Say several findings that stand together, each kind once.

    What all of them are about is left out, as the place where they stand tells it.
    """
    if len({about(statement.facts) for statement in statements}) == 1 and len(statements) > 1:
        statements = [_named(each, None) for each in statements]
    said: list[str] = []
    for name in dict.fromkeys(statement.name for statement in statements):
        same = [statement for statement in statements if statement.name == name]
        if name in TOGETHER:
            said.append(TOGETHER[name]([statement.facts for statement in same]))
        else:
            said += [say(statement) for statement in same]
    return tuple(dict.fromkeys(sentence_case(text) for text in said))


def in_brief(statement: Statement) -> str:
    """Say the first paragraph of a finding."""
    return say(statement).split("\n\n")[0]


def joined(statements: Sequence[Statement], told: Callable[[Statement], str] = say) -> tuple[Statement, ...]:
    """Make one of findings told in the same words but for the endpoint: it is of all their endpoints.

    Their number is the fact `endpoints`, for words that must say that they hold for each.

    Parameters
    ----------
    statements : sequence of Statement
    told : callable
        What is told of each: two that differ in nothing that is told are the same.

    Examples
    --------
    >>> found = [Statement("no_interaction_shown", {"endpoint_label": name}) for name in ("OS", "Relapse")]
    >>> [statement.facts["endpoint_label"] for statement in joined(found)]
    ['OS and relapse']
    """
    same: dict[tuple[str, ...], list[Statement]] = {}
    for statement in statements:
        # Titles and words name the endpoint, but here all have one name.
        unnamed = _named(statement, "endpoint") if statement.facts.get("endpoint_label") else statement
        key = (statement.name, statement.severity, title_of(unnamed), told(unnamed))
        same.setdefault(key, []).append(statement)
    return tuple(_of_all(alike) for alike in same.values())


def _of_all(alike: Sequence[Statement]) -> Statement:
    """The first of findings told alike, of the endpoints of all."""
    labels = dict.fromkeys(in_sentence(str(each.facts.get("endpoint_label") or "")) for each in alike)
    if len(labels) == 1:
        return alike[0]
    whole = _named(alike[0], listing(list(labels)))
    return replace(whole, facts={**whole.facts, "endpoints": len(labels)})


def _named(statement: Statement, endpoint: str | None) -> Statement:
    """The same finding of an endpoint of that name."""
    return replace(statement, facts={**statement.facts, "endpoint_label": endpoint})


def title_of(statement: Statement) -> str:
    """Heading of the box a finding stands in."""
    made = _TITLES.get(statement.name)
    return made(statement.facts) if made else _BY_SEVERITY[statement.severity]
