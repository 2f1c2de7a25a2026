"""How many comparisons were made, and how many of them chance alone would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remission.study.results import Analysis, Fact, Statement

SIGNIFICANT = 0.05
NAME = "multiplicity"


def multiplicity(p: Sequence[float | None], analyses: int = 1) -> list[Statement]:
    """Say how many tests were made, when there are several; those that could not be computed do not count.

    Parameters
    ----------
    p : sequence of float or None
        Of the main tests; naive ones are not among them.
    analyses : int
        In how many analyses of the study they were made.

    Examples
    --------
    >>> (found,) = multiplicity([0.04, 0.3, None])
    >>> found.facts["comparisons"], found.facts["significant"]
    (2, 1)
    """
    known = [value for value in p if value is not None]
    if len(known) < 2:
        return []
    facts: dict[str, Fact] = {
        "comparisons": len(known),
        "analyses": analyses,
        "significant": sum(value < SIGNIFICANT for value in known),
        "level": SIGNIFICANT,
        "chance": chance_of_any(len(known)),
    }
    return [Statement(NAME, facts, "warning")]


def chance_of_any(tests: int) -> float:
    """Probability that at least one of some independent tests is below 0.05 where nothing differs."""
    return float(1.0 - (1.0 - SIGNIFICANT) ** tests)


def across_study(analyses: Sequence[Analysis]) -> tuple[Analysis, ...]:
    """Count the comparisons of all analyses together, and say so once, with the last of them.

    Screens are not counted here: they show their own multiplicity.
    """
    tested = [number for number, analysis in enumerate(analyses) if _tests(analysis)]
    if len(tested) < 2:
        return tuple(analyses)
    p = [value for number in tested for value in _tests(analyses[number])]
    found = list(analyses)
    for number in tested:
        kept = tuple(each for each in analyses[number].findings if each.name != NAME)
        told = multiplicity(p, len(tested)) if number == tested[-1] else []
        found[number] = replace(analyses[number], findings=(*kept, *told))
    return tuple(found)


def _tests(analysis: Analysis) -> list[float | None]:
    """P of the main tests of an analysis: the first row of each of its test tables."""
    outputs = [each for each in analysis.outputs if each.name == "test" and each.variant != "naive"]
    return [output.rows["p"][0] for output in outputs]
