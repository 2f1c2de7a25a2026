"""Curve figures of a report: panels with their numbers at risk, laid out in millimetres in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from matplotlib.figure import Figure

from remission.report.figures.curves import LABEL_SHARE, dot_behind, plot_curves
from remission.report.figures.data import Facts, value_words
from remission.report.figures.risk_table import label_width, plot_risk_table, risk_table_height
from remission.report.figures.style import BASE, DOUBLE, MIDDLE, MM, PANEL, journal, place, sheet, wrapped

AXIS = 8.5
VALUE = 11.5
RIGHT = 3.5
GAP = 4.0
TOP = 2.5
TITLE = 4.6


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One curve plot: its rows, numbers at risk and facts, a title ("" for none), curves to dot behind."""

    rows: pl.DataFrame
    at_risk: pl.DataFrame
    facts: Facts
    title: str = ""
    behind: pl.DataFrame | None = None


def panels_width(panels: Sequence[Panel]) -> float:
    """Millimetres: two panels fill both columns of a page."""
    return DOUBLE if len(panels) > 1 else MIDDLE


def draw_panels(panels: Sequence[Panel], mark: str = "") -> Figure:
    """Draw panels in rows of two, lettered A, B, ...; plots of a row stand on one line."""
    with journal():
        width = panels_width(panels)
        columns = 2 if len(panels) > 1 else 1
        each = (width - GAP * (columns - 1)) / columns
        plot_height = 46.0 if columns > 1 else 62.0
        lines = [panels[start : start + columns] for start in range(0, len(panels), columns)]
        heights = [_row_height(line, plot_height, each) for line in lines]
        figure = sheet(width, sum(heights) + GAP * (len(lines) - 1), mark)
        top = 0.0
        for number, (line, height) in enumerate(zip(lines, heights, strict=True)):
            for column, panel in enumerate(line):
                letter = chr(ord("A") + number * columns + column) if len(panels) > 1 else ""
                corner = (column * (each + GAP), top)
                _draw(figure, panel, corner, each, plot_height, letter, _titles(line, each))
            top += height + GAP
        return figure


def _titles(line: Sequence[Panel], each: float) -> int:
    """Lines the longest title of a row of panels takes."""
    return max(len(wrapped(panel.title, each - 6, PANEL)) if panel.title else 0 for panel in line)


def _row_height(line: Sequence[Panel], plot_height: float, each: float) -> float:
    risk = max(risk_table_height(panel.at_risk, panel.facts) for panel in line)
    return TOP + TITLE * _titles(line, each) + plot_height + AXIS + risk + 0.8


def _draw(
    figure: Figure,
    panel: Panel,
    corner: tuple[float, float],
    each: float,
    plot_height: float,
    letter: str,
    titles: int,
) -> None:
    (left, top), facts = corner, panel.facts
    two_lines = len(wrapped(value_words(panel.rows, facts), plot_height * LABEL_SHARE, BASE)) > 1
    margin = max(VALUE + (3.0 if two_lines else 0.0), label_width(panel.at_risk, facts))
    plot_width = each - margin - RIGHT
    plot_top = top + TOP + TITLE * titles
    ax = place(figure, left + margin, plot_top, plot_width, plot_height)
    plot_curves(ax, panel.rows, facts)
    if panel.behind is not None:
        dot_behind(ax, panel.behind, facts)
    _title(figure, panel.title, letter, left, top, each)
    height = risk_table_height(panel.at_risk, facts)
    if height == 0:
        return
    below = place(figure, left + margin, plot_top + plot_height + AXIS, plot_width, height)
    plot_risk_table(below, panel.at_risk, facts)


def _title(figure: Figure, title: str, letter: str, left: float, top: float, each: float) -> None:
    """Write the letter of a panel and, beside it, its title."""
    width, height = figure.get_size_inches() / MM
    y = 1 - (top + 1.2) / height
    if letter:
        figure.text((left + 0.3) / width, y, letter, fontsize=PANEL + 0.5, weight="bold", va="top")
    for line in wrapped(title, each - 6, PANEL) if title else []:
        figure.text((left + 5) / width, y, line, fontsize=PANEL, va="top", parse_math=False)
        y -= (TITLE - 0.8) / height
