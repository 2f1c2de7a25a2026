"""From outputs to figures of the document: which panels go together, the caption, and the alt text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import Figure
from remission.report.figures.curves import BANDS_UP_TO, censor_ticks, tick_text
from remission.report.figures.data import group_order, horizon, interval_name, measure_of, steps, unit_of
from remission.report.figures.panels import Panel, draw_panels, panels_width
from remission.report.figures.screen import describe_screen, draw_screen
from remission.report.figures.stack import describe_stack, draw_stack
from remission.report.figures.style import DOUBLE, MIDDLE
from remission.report.format import count, percent
from remission.report.section import (
    ADJUSTED,
    ALL_PATIENTS,
    CRUDE,
    LANDMARK,
    NAIVE,
    Section,
    basis_of,
    by_of,
    captioned,
    endpoint_of,
    entry_words,
    landmark_of,
    question_of,
    same_question,
)
from remission.report.words.phrases import group_told, names
from remission.study.results import Output

PANELS = 4
PANEL_TITLES = {
    NAIVE: "Naive comparison (biased)",
    "time-dependent": "By current status (Simon–Makuch)",
    "delayed entry": "Counted from when it was known",
    CRUDE: "Crude",
    ADJUSTED: "Adjusted",
}


def curve_figures(section: Section) -> tuple[Figure, ...]:
    """Curves of the section: endpoints side by side, or for one endpoint the ways it was looked at."""
    outputs = section.named("curves")
    by_endpoint: dict[str, list[Output]] = {}
    for output in outputs:
        by_endpoint.setdefault(endpoint_of(output), []).append(output)
    plates = list(by_endpoint.values())
    if all(len(plate) == 1 for plate in plates):
        flat = [plate[0] for plate in plates]
        plates = [flat[start : start + PANELS] for start in range(0, len(flat), PANELS)]
    return tuple(_curve_figure(section, plate) for plate in plates)


def _curve_figure(section: Section, plate: Sequence[Output]) -> Figure:
    titles = _titles(plate)
    panels = tuple(_panel(section, output, title) for output, title in zip(plate, titles, strict=True))
    return Figure(
        name=section.stem,
        caption=_caption(plate),
        alt=" ".join(_alt(output) for output in plate),
        draw=partial(draw_panels, panels, section.mark),
        width=panels_width(panels),
    )


def _panel(section: Section, output: Output, title: str) -> Panel:
    """One panel with the numbers at risk that belong to it."""
    if output.variant == ADJUSTED:
        crude = _crude_of(output, section.named("curves"))
        if crude is not None:
            risk = _at_risk(section, crude)
            return Panel(held(output.rows, crude.rows), risk, output.facts, title, behind=crude.rows)
    risk, facts = _at_risk(section, output), dict(output.facts)
    if entry_words(output) and risk.height:
        facts["at_landmark"] = float(risk["time"].to_numpy().min())
    if landmark_of(output) is not None and output.facts.get("axis") != LANDMARK and risk.height:
        # Who was there at the landmark stands under it, as the first number of each group.
        start = pl.col("time") == pl.col("time").min().over("group")
        first = output.rows.filter(start).unique("group", keep="first", maintain_order=True)
        risk = pl.concat([first, risk.filter(pl.col("time") > first["time"][0] * (1 + 1e-9))])
        facts["at_landmark"] = float(first["time"].item(0))
    return Panel(output.rows, risk, facts, title)


def _at_risk(section: Section, output: Output) -> pl.DataFrame:
    """Numbers at risk that belong to a curve; no rows where it has none."""
    found = [item.rows for item in section.named("at_risk") if same_question(item, output)]
    return found[0] if found else output.rows.clear()


def _crude_of(adjusted: Output, curves: Sequence[Output]) -> Output | None:
    """The crude curve of an adjusted one; the plain one where both are of the same patients."""
    asked = [each for each in curves if question_of(each)[1:] == question_of(adjusted)[1:]]
    return next((each for variant in (CRUDE, "") for each in asked if each.variant == variant), None)


def held(adjusted: pl.DataFrame, crude: pl.DataFrame) -> pl.DataFrame:
    """Hold adjusted curves, which end with the last event, as long as their groups were followed."""
    last = adjusted.sort("time").group_by("group", maintain_order=True).last()
    ends = crude.group_by("group", maintain_order=True).agg(pl.col("time").max().alias("end"))
    more = last.join(ends, on="group", how="inner", nulls_equal=True).filter(pl.col("end") > pl.col("time"))
    return pl.concat([adjusted, more.with_columns(pl.col("end").alias("time")).select(adjusted.columns)])


def _titles(plate: Sequence[Output]) -> list[str]:
    """Tell the panels apart by how the outcome was looked at; empty where that is the same in all."""
    if len({basis_of(output) for output in plate}) == 1:
        return [""] * len(plate)
    variants = {output.variant for output in plate}
    # Beside adjusted curves of the same patients, the plain ones are the crude ones.
    plain = PANEL_TITLES[CRUDE] if ADJUSTED in variants and CRUDE not in variants else ALL_PATIENTS
    return [_title(output, plain) for output in plate]


def _title(output: Output, plain: str) -> str:
    if output.variant in PANEL_TITLES:
        return PANEL_TITLES[output.variant]
    landmark = landmark_of(output)
    if landmark is None:
        return plain
    if output.facts.get("axis") == "landmark":
        return f"Time from the landmark ({landmark})"
    if output.variant == LANDMARK:
        return f"From {landmark} on{_at_landmark(output)}"
    return f"Time from {output.facts.get('time_zero')}{_at_landmark(output)}"


def _at_landmark(output: Output) -> str:
    """Tell how many were there at the landmark."""
    first = [
        output.rows.filter(output.rows["group"].eq_missing(group))["at_risk"] for group in _groups(output)
    ]
    numbers = [part[0] for part in first if part.len() and part[0] is not None]
    return f" (n = {count(sum(numbers))} at the landmark)" if numbers else ""


def _groups(output: Output) -> list[str | None]:
    return group_order(output.rows, output.facts)


def _caption(plate: Sequence[Output]) -> str:
    first = plate[0]
    labels = list(dict.fromkeys(in_sentence(endpoint_of(output)) for output in plate))
    by = by_of(first)
    grouped = f" by {by}" if by else ""
    if len(plate) == 1:
        text = f"{sentence_case(labels[0])}{grouped}{_landmark_words(first)}."
    else:
        letters = [chr(ord("A") + number) for number in range(len(plate))]
        titles = _titles(plate)
        same = not any(titles)
        parts = [
            f"({letter}) {in_sentence(title or endpoint_of(output))}"
            for letter, output, title in zip(letters, plate, titles, strict=True)
        ]
        head = f"Outcome{grouped}" if same else f"{sentence_case(labels[0])}{grouped}"
        text = f"{head}: {'; '.join(parts)}."
    return " ".join([text, *_reading(plate)])


def _landmark_words(output: Output) -> str:
    landmark = landmark_of(output)
    return f", from {landmark} on{_at_landmark(output)}" if landmark else ""


def _reading(plate: Sequence[Output]) -> list[str]:
    """How to read the lines; only what is in the figure."""
    late = next((words for output in plate if (words := entry_words(output))), "")
    said = [f"{sentence_case(late)}."] if late else []
    if any(len(_groups(output)) <= BANDS_UP_TO for output in plate):
        said.append(f"Shaded areas: {interval_name(plate[0].rows)} at each time.")
    curves = [
        (curve, horizon(output.rows, output.facts))
        for output in plate
        for curve in steps(output.rows, output.facts)
    ]
    if any(len(censor_ticks(curve, until)) for curve, until in curves):
        said.append("Vertical ticks: censored patients.")
    if any(curve.reliable_until is not None and curve.reliable_until < until for curve, until in curves):
        said.append("Pale lines: fewer than five patients at risk.")
    adjusted = next((output for output in plate if output.variant == ADJUSTED), None)
    if adjusted is not None:
        labels = listing(names(adjusted.facts, "adjusted_for"))
        said.append(
            f"Adjusted for {labels}: what the curves would be, by the model, if all patients had been in "
            "each group. Dotted lines in the adjusted panel: the crude curves."
        )
    return said


def _alt(output: Output) -> str:
    """Say the end of every curve."""
    until, unit = horizon(output.rows, output.facts), unit_of(output.rows, output.facts)
    kind = "Kaplan–Meier" if measure_of(output.rows, output.facts) == "survival" else "Cumulative incidence"
    basis = basis_of(output)
    by = by_of(output)
    what = f"{kind} curve of {in_sentence(endpoint_of(output))}"
    what += f" by {by}" if by else ""
    what += f" ({basis})" if basis else ""
    ends = []
    for curve in steps(output.rows, output.facts):
        if len(curve.time):
            last = min(until, float(curve.time[-1]))
            at = f"at {tick_text(round(last, 1))} {unit}".strip()
            told = f"{percent(float(curve.at(last)))} {at}"
            ends.append(group_told(curve.group or curve.label, output.facts, told))
    return f"{what}: {'; '.join(ends)}."


def stack_figures(section: Section) -> tuple[Figure, ...]:
    """Stacked incidence."""
    return tuple(
        Figure(
            name=f"{section.stem}-stacked",
            caption=f"Stacked cumulative incidence of the first event{_late(output)}. "
            "The areas and those event-free add up to 100% at every time.",
            alt=describe_stack(output.rows, output.facts),
            draw=partial(draw_stack, output.rows, output.facts, section.mark),
            width=MIDDLE,
        )
        for output in section.named("stack")
    )


def _late(output: Output) -> str:
    words = entry_words(output)
    return f", {words}" if words else ""


def screen_figures(section: Section) -> tuple[Figure, ...]:
    """The screen of variables as a figure."""
    return tuple(
        Figure(
            name=f"{section.stem}-forest",
            caption=f"{captioned('Each variable on its own', [output])}. "
            f"Squares: estimates; lines: {interval_name(output.rows)}.",
            alt=describe_screen(output.rows, output.facts),
            draw=partial(draw_screen, output.rows, output.facts, section.mark),
            width=DOUBLE,
        )
        for output in section.named("screen")
    )
