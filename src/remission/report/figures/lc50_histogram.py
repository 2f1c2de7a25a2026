"""LC50 of all patients by drug as bars: known values, and at the ends those beyond the tested doses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.ticker import MaxNLocator, NullLocator

from remission.core.digits import significant
from remission.core.wording import sentence_case
from remission.report.document import Figure
from remission.report.figures.lc50_panels import draw_cuts, panel_head
from remission.report.figures.style import (
    COLOURS,
    DOUBLE,
    INK,
    TINY,
    count_ticks,
    journal,
    place,
    sheet,
)
from remission.report.format import count
from remission.report.section import Section
from remission.report.words.phrases import items

PANELS_SHOWN, PANELS_IN_A_ROW = 8, 2
LEFT, RIGHT, TOP, FOOT = 13.0, 5.0, 12.0, 13.0
WIDE, HIGH = (DOUBLE - PANELS_IN_A_ROW * (LEFT + RIGHT)) / PANELS_IN_A_ROW, 34.0
GAP, PILE = 0.05, 0.06  # of the width: between bars and a pile, and the pile itself


def plot_lc50_histogram(ax: Axes, rows: pl.DataFrame, drug: Mapping[str, Any]) -> Axes:
    """Draw the LC50 of one drug as bars of counts on the log dose.

    Hatched bars at the ends hold the patients beyond the tested doses: all that is known of them. Broken
    lines are where sensitive ends and resistant begins.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows of one drug: measure `bar` (low, high, estimate), `below` (high), `above` (low).
    drug : mapping
        `unit`, `cuts` (two numbers or None).

    Returns
    -------
    matplotlib Axes
    """
    bars = rows.filter(pl.col("measure") == "bar")
    logs = _logs(rows)
    ends = _range(rows, drug, logs=logs)
    scaled = _Scale(ends, logs=logs)
    for row in bars.iter_rows(named=True):
        low, high = scaled(row["low"]), scaled(row["high"])
        ax.bar(low, row["estimate"], high - low, align="edge", color=COLOURS[5], edgecolor="white", lw=0.5)
    top = max([float(each) for each in rows["estimate"].to_list()], default=1.0) * 1.12
    for measure, column, at in (("below", "high", -GAP - PILE), ("above", "low", 1 + GAP)):
        for row in rows.filter(pl.col("measure") == measure).iter_rows(named=True):
            ax.bar(
                at, row["estimate"], PILE, align="edge", color="white", edgecolor=INK, lw=0.6, hatch="//////"
            )
            ax.text(
                at + PILE / 2,
                row["estimate"] + top * 0.015,
                count(row["estimate"]),
                ha="center",
                fontsize=TINY,
            )
            sign = "<" if measure == "below" else ">"
            ax.text(
                at + PILE / 2,
                -0.05 * top,
                f"{sign} {significant(row[column], 3)}",
                ha="center",
                va="top",
                fontsize=TINY,
            )
    ax.set_xlim(-GAP - PILE - 0.04, 1 + GAP + PILE + 0.04)
    ax.set_ylim(0, top)
    ticks = scaled.ticks()
    shown = [each for each in ticks if not _crowded(scaled(each), rows)]
    ax.set_xticks([scaled(each) for each in shown], [significant(each, 3) for each in shown])
    ax.xaxis.set_minor_locator(NullLocator())
    count_ticks(ax.yaxis)
    ax.set_xlabel(f"LC50 ({drug['unit']})" if drug["unit"] else "LC50", parse_math=False, labelpad=5.5)
    ax.set_ylabel("Patients", labelpad=2)
    draw_cuts(ax, [scaled(float(cut)) for cut in drug["cuts"] or ()])
    return ax


class _Scale:
    """From concentrations to 0 (the lowest) to 1 (the highest), by logarithms where all are above 0."""

    def __init__(self, ends: tuple[float, float], *, logs: bool) -> None:
        self.ends, self.logs = ends, logs
        self.low, self.high = (math.log10(end) for end in ends) if logs else ends

    def __call__(self, value: float) -> float:
        return ((math.log10(value) if self.logs else value) - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Powers of ten, or round numbers."""
        if not self.logs:
            found = MaxNLocator(5).tick_values(self.low, self.high)
            return [float(each) for each in found if self.low <= each <= self.high]
        powers = range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)
        if len(powers) >= 3:
            return [10.0**power for power in powers]
        fine = [
            part * 10.0**power
            for power in range(math.floor(self.low), math.ceil(self.high) + 1)
            for part in (1, 2, 5)
        ]
        return [each for each in fine if self.ends[0] <= each <= self.ends[1]]


def _crowded(at: float, rows: pl.DataFrame) -> bool:
    """Whether a tick would stand under the words of a pile."""
    measures = set(rows["measure"])
    return (at < 0.08 and "below" in measures) or (at > 0.92 and "above" in measures)


def _logs(rows: pl.DataFrame) -> bool:
    ends = [each for each in [*rows["low"].to_list(), *rows["high"].to_list()] if each is not None]
    return all(each > 0 for each in ends)


def _range(rows: pl.DataFrame, drug: Mapping[str, Any], *, logs: bool) -> tuple[float, float]:
    ends = [each for each in [*rows["low"].to_list(), *rows["high"].to_list()] if each is not None]
    ends += [float(cut) for cut in drug["cuts"] or () if cut > 0 or not logs]
    low, high = min(ends), max(ends)
    if low == high:
        return (low / 2, high * 2) if logs else (low - 0.5, high + 0.5)
    return low, high


def draw_lc50_histograms(rows: pl.DataFrame, drugs: Sequence[Mapping[str, Any]], mark: str = "") -> Sheet:
    """Draw all drugs, two beside each other."""
    lines = math.ceil(len(drugs) / PANELS_IN_A_ROW)
    with journal():
        figure = sheet(DOUBLE, lines * (TOP + HIGH + FOOT), mark)
        for number, drug in enumerate(drugs):
            line, column = divmod(number, PANELS_IN_A_ROW)
            left = column * (LEFT + WIDE + RIGHT) + LEFT
            ax = place(figure, left, line * (TOP + HIGH + FOOT) + TOP, WIDE, HIGH)
            mine = rows.filter(pl.col("term") == drug["name"])
            plot_lc50_histogram(ax, mine, drug)
            panel_head(ax, sentence_case(str(drug["name"])), float(mine["estimate"].sum()))
        return figure


def lc50_figures(section: Section) -> tuple[Figure, ...]:
    """Bars of all drugs that have a passing curve, eight to a figure."""
    found = []
    for output in section.named("lc50_distribution"):
        there = set(output.rows["term"])
        drugs = [item for item in items(output.facts, "drugs") if item["name"] in there]
        for start in range(0, len(drugs), PANELS_SHOWN):
            part = drugs[start : start + PANELS_SHOWN]
            cuts = (
                " Broken lines: where sensitive ends and resistant begins."
                if any(item["cuts"] for item in part)
                else ""
            )
            found.append(
                Figure(
                    name="lc50",
                    caption="LC50 of the patients by drug, in bars of equal width on the logarithm of the "
                    "dose. Hatched bars at the ends: patients whose LC50 lies below or above the tested "
                    f"doses, of whom no more is known.{cuts}",
                    alt=describe_lc50_histograms(output.rows, part),
                    draw=partial(draw_lc50_histograms, output.rows, part, section.mark),
                    width=DOUBLE,
                )
            )
    return tuple(found)


def describe_lc50_histograms(rows: pl.DataFrame, drugs: Sequence[Mapping[str, Any]]) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    told = []
    for drug in drugs:
        mine = rows.filter(pl.col("term") == drug["name"])
        number = {
            measure: count(float(mine.filter(pl.col("measure") == measure)["estimate"].sum()))
            for measure in ("bar", "below", "above")
        }
        told.append(
            f"{drug['name']}: {number['bar']} known, {number['below']} below and {number['above']} above the "
            "tested doses"
        )
    return f"Histograms of the LC50 by drug. {'; '.join(told)}."
