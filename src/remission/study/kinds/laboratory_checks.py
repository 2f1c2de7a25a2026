"""What kinds that read a laboratory's measurements check alike: that they are there, and drugs that exist."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.problems import Problem
from remission.core.suggest import did_you_mean
from remission.study.kind import Context

NO_RESPONSE = (
    "Add a [response] table with plates = ... or lc50 = ..., and cutoffs = ... (for the second cohort: "
    "plates or lc50 under [validation])."
)
UNREAD = "Correct first what is told of the file of {}."
NO_EXPRESSION = (
    "Add an [expression] table with file = ... (for the second cohort: expression = ... under [validation])."
)


def refused_signature(context: Context, where: str) -> tuple[Problem, ...]:
    """Say what to do first, where the study has a [signature] that was refused."""
    if context.laboratory is None or "signature" not in context.laboratory.unread:
        return ()
    repair = "Correct first what is told of [signature] and of what it learns from."
    return (Problem(where, "the signatures of the study could not be made out", repair),)


def response_problems(context: Context, drugs: Sequence[str], where: str) -> tuple[Problem, ...]:
    """Find that no drug was tested, and drugs that were not, or are named twice."""
    laboratory = context.laboratory
    if laboratory is not None and "response" in laboratory.unread:
        return (Problem(where, "the drug response could not be read", UNREAD.format("[response]")),)
    if laboratory is None or laboratory.lc50 is None or laboratory.classes is None:
        return (Problem(where, "there is no drug response of these patients", NO_RESPONSE),)
    known = laboratory.drugs
    place = f"{where}.drugs"
    problems = [
        Problem(
            place,
            f'"{drug}" was not tested',
            f"Use one of {', '.join(known)}.{did_you_mean(drug, known)}",
        )
        for drug in dict.fromkeys(drugs)
        if drug not in known
    ]
    twice = dict.fromkeys(drug for drug in drugs if drugs.count(drug) > 1)
    return (*problems, *[Problem(place, f'"{drug}" is named twice', "Name it once.") for drug in twice])


def expression_problems(context: Context, where: str) -> tuple[Problem, ...]:
    """Find that no expression was measured."""
    if context.laboratory is not None and "expression" in context.laboratory.unread:
        return (Problem(where, "the gene expression could not be read", UNREAD.format("[expression]")),)
    if context.laboratory is None or context.laboratory.expression is None:
        return (Problem(where, "there is no gene expression of these patients", NO_EXPRESSION),)
    return ()
