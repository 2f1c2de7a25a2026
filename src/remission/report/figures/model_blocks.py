"""From outputs of models to figures of the document: forest plots and residuals over time."""

from __future__ import annotations

from functools import partial

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import Figure
from remission.report.figures.data import Facts, interval_name
from remission.report.figures.forest import describe_forest, draw_forest, is_subgroups, lines_of
from remission.report.figures.schoenfeld import (
    AT_MOST,
    FARTHEST,
    coefficients,
    describe_schoenfeld,
    draw_schoenfeld,
    least_constant,
)
from remission.report.figures.style import DOUBLE, MIDDLE
from remission.report.format import count
from remission.report.ratios import MODELS, outcome_of, ratio_words
from remission.report.section import ADJUSTED, Section, same_question
from remission.report.words.phrases import names
from remission.study.results import Output

ELIMINATED = "eliminated"


def forest_figures(section: Section) -> tuple[Figure, ...]:
    """One forest plot per model, or per effect in subgroups; not of models chosen by elimination."""
    return tuple(
        Figure(
            name=f"{section.stem}-forest",
            caption=_forest_caption(output),
            alt=describe_forest(output.rows, output.facts),
            draw=partial(draw_forest, output.rows, output.facts, section.mark),
            width=DOUBLE,
        )
        for output in section.named("forest")
        if output.variant != ELIMINATED
    )


def _forest_caption(output: Output) -> str:
    facts = output.facts
    ratio = sentence_case(ratio_words(facts))
    endpoint = in_sentence(outcome_of(output))
    squares = "Squares: estimates"
    if is_subgroups(facts):
        effect = facts.get("effect_label") or facts["effect"]
        between = f" ({facts['group']} against {facts['versus']})" if facts.get("versus") else ""
        text = f"{ratio}s of {endpoint} for {effect}{between} in subgroups."
        squares += ", the larger the more they rest on"
    else:
        words = MODELS.get(output.variant, "")
        text = f"{ratio}s of {endpoint}{f', {words}' if words else ''}."
    said = [text, f"{squares}; lines: {interval_name(output.rows)}; the axis is logarithmic."]
    if any(line.reference for line in lines_of(output.rows, facts)):
        said.append("Open squares: reference levels.")
    adjusted = names(facts, "adjusted_for")
    if adjusted:
        said.append(f"Adjusted for {listing(adjusted)}.")
    if is_subgroups(facts):
        said.append("Only the P for interaction says whether the effect differs between subgroups.")
    return " ".join(said)


def schoenfeld_figures(section: Section) -> tuple[Figure, ...]:
    """Residuals over time, one figure per model; of many coefficients the least constant.

    A model that only serves adjusted curves has a figure where one of its tests is below the limit.
    """
    serving = any(curves.variant == ADJUSTED for curves in section.named("curves"))
    return tuple(
        _schoenfeld(section, output)
        for output in section.named("schoenfeld")
        if not serving or _changing(section, output)
    )


def _changing(section: Section, residuals: Output) -> bool:
    """Whether a test of proportional hazards of the model is below the limit of the findings."""
    tests = [each for each in section.named("proportionality") if same_question(each, residuals)]
    return any((each.rows["p"] < residuals.facts["below"]).any() for each in tests)


def _schoenfeld(section: Section, output: Output) -> Figure:
    facts: Facts = output.facts
    every = coefficients(output.rows, facts)
    shown = least_constant(output.rows, every, AT_MOST)
    of_all = ""
    if len(shown) < len(every):
        chosen = f"{count(len(shown))} of {count(len(every))}"
        of_all = f" The {chosen} coefficients with the smallest P for a change over time."
    words = MODELS.get(output.variant, "")
    events, points = facts.get("events"), facts.get("shown")
    thinned = ""
    if events is not None and points is not None and points < events:
        thinned = f" ({count(points)} of {count(events)} are drawn)"
    beyond = output.rows.filter(
        (pl.col("measure") == "scaled residual") & (pl.col("estimate").abs() > FARTHEST)
    )
    far = " (triangles: beyond a ratio of 1000 or below 0.001)" if beyond.height else ""
    return Figure(
        name=f"{section.stem}-residuals",
        caption=f"Effects over time: {in_sentence(outcome_of(output))}{f', {words}' if words else ''}."
        f"{of_all} Circles: scaled Schoenfeld residuals, one per event{thinned}{far}; line and shaded area: "
        f"their smooth course with {interval_name(output.rows)}; dashed line: the one ratio of the model; "
        "grey line: no effect. Where the dashed line leaves the shaded area, one ratio does not describe "
        "that time. Time is stretched as the test sees it (Kaplan–Meier transform).",
        alt=describe_schoenfeld(output.rows, facts, shown),
        draw=partial(draw_schoenfeld, output.rows, facts, shown, section.mark),
        width=DOUBLE if len(shown) > 1 else MIDDLE,
    )
