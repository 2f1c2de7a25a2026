"""Equal panels side by side, lettered, on one sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.report import document
from remission.report.figures.style import DOUBLE, MM, PANEL, SINGLE, journal, place, sheet, wrapped
from remission.report.section import Section

LEFT, RIGHT, TOP, BELOW, GAP, TITLE = 12.5, 3.0, 2.0, 9.5, 4.0, 5.0


@dataclass(frozen=True, slots=True)
class Small:
    """One panel: what draws it into axes, and its title ("" for none)."""

    draw: Callable[[Axes], object]
    title: str = ""


def width_of(panels: Sequence[Small]) -> float:
    """Millimetres: one panel takes one column of a journal, more take two."""
    return SINGLE if len(panels) == 1 else DOUBLE


def small_figure(
    section: Section, name: str, caption: str, alt: str, panels: Sequence[Small], **sizes: float
) -> document.Figure:
    """Make the figure of the document that shows some panels; `sizes` are those of `draw_small`."""
    draw = partial(draw_small, tuple(panels), section.mark, **sizes)
    return document.Figure(name, caption, alt, draw, width_of(panels))


def draw_small(
    panels: Sequence[Small], mark: str = "", *, height: float = 52.0, head: float = TITLE
) -> Figure:
    """Draw panels in rows of two or three, lettered A, B, ... when there are several.

    `head` is the room in millimetres for titles, more where something else stands above the axes.
    """
    with journal():
        columns = len(panels) if len(panels) < 4 else 2 if len(panels) == 4 else 3
        width = width_of(panels)
        each = (width - GAP * (columns - 1)) / columns
        title = head if len(panels) > 1 or any(panel.title for panel in panels) else 0.0
        row = TOP + title + height + BELOW
        lines = math.ceil(len(panels) / columns)
        figure = sheet(width, row * lines + GAP * (lines - 1), mark)
        for number, panel in enumerate(panels):
            left = (number % columns) * (each + GAP)
            top = (number // columns) * (row + GAP)
            panel.draw(place(figure, left + LEFT, top + TOP + title, each - LEFT - RIGHT, height))
            letter = chr(ord("A") + number) if len(panels) > 1 else ""
            _head(figure, letter, panel.title, (left, top), each)
        return figure


def _head(figure: Figure, letter: str, title: str, corner: tuple[float, float], each: float) -> None:
    """Letter and title of a panel, on one line."""
    across, down = figure.get_size_inches() / MM
    y = 1 - (corner[1] + 0.8) / down
    if letter:
        figure.text((corner[0] + 0.3) / across, y, letter, fontsize=PANEL + 0.5, weight="bold", va="top")
    if title:
        start = corner[0] + (5.0 if letter else 0.3)
        line = wrapped(title, each - 6, PANEL)[0]
        figure.text(start / across, y, line, fontsize=PANEL, va="top", parse_math=False)
