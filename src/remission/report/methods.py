"""The methods paragraph, made from what ran: each sentence once, with its references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from remission.report.document import Block, Heading, Paragraph, Run
from remission.report.references import Citations
from remission.report.words import (
    added_value,
    benchmark,
    drug_response,
    eras,
    first_events,
    genes,
    method_words,
    model_methods,
    mrd,
    prediction,
    response_rates,
    restratify,
    transplant_methods,
    treatment,
)
from remission.report.words.phrases import in_words
from remission.study.results import Results, RuleUse, Statement

LONG = 6  # sentences
WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **method_words.WORDS,
    **model_methods.WORDS,
    **transplant_methods.WORDS,
    **first_events.METHODS,
    **response_rates.METHODS,
    **mrd.METHODS,
    **prediction.METHODS,
    **added_value.METHODS,
    **treatment.METHOD_WORDS,
    **benchmark.METHODS,
    **eras.METHODS,
    **restratify.METHODS,
    **drug_response.METHODS,
    **genes.METHODS,
}

TOGETHER: dict[str, Callable[[Sequence[Mapping[str, Any]]], str]] = {**method_words.TOGETHER}


def say_method(statement: Statement) -> str:
    """Say a sentence of the methods, without its references.

    Raises
    ------
    KeyError
        If the report has no words for it.

    Examples
    --------
    >>> say_method(Statement("median_limits", {"references": ("brookmeyer1982",)}))
    'Limits of medians were read from the limits of the curve.'
    """
    return in_words(statement.name, statement.facts, WORDS, TOGETHER, "method")


def methods(results: Results, citations: Citations) -> list[Block]:
    """Write the methods: what was estimated, compared and adjusted, and with which software.

    A long paragraph ends where another analysis begins to be told.
    """
    runs: list[list[Run]] = [[]]
    for rule in results.rules:
        runs[-1] += [Run(_rule(rule)), Run(citations.texts(rule.citations), "citation"), Run(" ")]
    told = 0
    for sentences in _by_analysis(results):
        if told >= LONG:
            runs.append([])
            told = 0
        told += len(sentences)
        for text, keys in sentences.items():
            numbers = citations.numbers(keys)
            runs[-1] += [Run(text), *([Run(numbers, "citation")] if numbers else []), Run(" ")]
    runs[-1].append(Run(_software(results)))
    return [Heading(1, "Statistical methods", "methods"), *[Paragraph(tuple(part)) for part in runs]]


def _rule(rule: RuleUse) -> str:
    """Say by which published rules a column was made.

    Examples
    --------
    >>> _rule(RuleUse("Risk group", "protocol", "Trial X: risk groups", "2", ("X. 2001.",)))
    'Risk group was assigned by the rules “Trial X: risk groups” (version 2).'
    """
    made = "assigned by the rules" if rule.kind == "protocol" else "computed as"
    caution = ", which are from memory of their source and must be compared with it" if rule.unchecked else ""
    return f"{rule.label} was {made} “{rule.title}” (version {rule.version}){caution}."


def _by_analysis(results: Results) -> list[dict[str, tuple[str, ...]]]:
    """Sentences that each analysis is the first to use; one said twice keeps all its references."""
    keys: dict[str, tuple[str, ...]] = {}
    first: list[list[str]] = []
    every = [statement for analysis in results.analyses for statement in analysis.methods]
    for analysis in results.analyses:
        first.append([])
        for statement in analysis.methods:
            same = [each.facts for each in every if each.name == statement.name]
            together = TOGETHER.get(statement.name)
            text = say_method(statement) if together is None else together(same)
            first[-1] += [] if text in keys else [text]
            named = statement.facts.get("references") or ()
            listed = tuple(str(key) for key in named) if isinstance(named, tuple | list) else ()
            keys[text] = tuple(dict.fromkeys((*keys.get(text, ()), *listed)))
    return [{text: keys[text] for text in texts} for texts in first if texts]


def _software(results: Results) -> str:
    version = results.provenance.versions.get("remission", "")
    return f"All computations were done with remission{f' {version}' if version else ''}."
