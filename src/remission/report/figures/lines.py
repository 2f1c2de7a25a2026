"""What figures with a line per row share: cells beside the axis, bars behind headings, names cut to fit."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from remission.report.figures.style import PALE, SMALL, text_width


def number(value: object) -> float | None:
    """Read a cell of a result row as a number, or nothing."""
    return float(value) if isinstance(value, int | float) else None


def shortened(text: str, room: float) -> str:
    """Cut a name that does not fit so many millimetres."""
    if text_width(text, SMALL) <= room:
        return text
    while text and text_width(f"{text}…", SMALL) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def line_axis(ax: Axes, lines: int) -> None:
    """Make room for so many lines, the first on top, with nothing at the left but what is written there."""
    ax.set_ylim(lines - 0.5, -0.5)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def bar(ax: Axes, left: float, right: float, y: float, width: float) -> None:
    """Shade a line from one place to another, in millimetres from the left end of the axis."""
    shade = Rectangle((left / width, y - 0.5), (right - left) / width, 1, facecolor=PALE, lw=0, zorder=0)
    shade.set(transform=ax.get_yaxis_transform(), clip_on=False)
    ax.add_artist(shade)


def cell(
    ax: Axes, left: float, y: float, width: float, text: str, *, align: str = "left", weight: str = "normal"
) -> None:
    """Write at millimetres from the left end of the axis."""
    ax.text(
        left / width,
        y,
        text,
        transform=ax.get_yaxis_transform(),
        fontsize=SMALL,
        ha=align,
        va="center_baseline",
        weight=weight,
        parse_math=False,
        clip_on=False,
    )
