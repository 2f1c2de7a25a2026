"""Figures of the effect of transplant: all ways of counting as one forest."""

from __future__ import annotations

from functools import partial

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import Figure
from remission.report.figures.data import interval_name
from remission.report.figures.forest import describe_forest, draw_forest
from remission.report.figures.style import DOUBLE
from remission.report.ratios import ratio_words
from remission.report.section import Section, by_of, endpoint_of
from remission.report.words.phrases import names


def way_figures(section: Section) -> tuple[Figure, ...]:
    """One forest per endpoint; the biased ratio is hollow and grey."""
    found = []
    for output in section.named("transplant_effect"):
        facts = output.facts
        adjusted = names(facts, "adjusted_for")
        tail = f" Adjusted for {listing(adjusted)}." if adjusted else ""
        ratio, interval = sentence_case(ratio_words(facts)), interval_name(output.rows)
        endpoint = in_sentence(endpoint_of(output))
        found.append(
            Figure(
                name=f"{section.stem}-ways",
                caption=f"{ratio}s of {by_of(output)} (with it against without) for {endpoint}, counted in "
                "different ways. Hollow grey square: the naive comparison, biased; filled squares: the "
                f"others; lines: {interval}; the axis is logarithmic.{tail}",
                alt=describe_forest(output.rows, facts),
                draw=partial(draw_forest, output.rows, facts, section.mark),
                width=DOUBLE,
            )
        )
    return tuple(found)
