"""Cross-resistance as a matrix: the correlation of every two drugs, with its limits."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from remission.report.figures.lines import number
from remission.report.figures.style import (
    DOUBLE,
    GREY,
    INK,
    PALE,
    SMALL,
    TINY,
    journal,
    place,
    sheet,
    size_of,
    text_width,
)
from remission.report.format import fixed, size

_MAP = "PuOr_r"
_SCALE = Normalize(-1.0, 1.0)


def plot_cross_resistance(ax: Axes, rows: pl.DataFrame, drugs: Sequence[str]) -> Axes:
    """Draw the lower triangle of the matrix; each cell has the correlation, its limits and the patients.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows with term, versus, estimate, low, high, at_risk (patients).
    drugs : sequence of str
        In the order of the axes.

    Returns
    -------
    matplotlib Axes
    """
    colours = colormaps[_MAP]
    count = len(drugs)
    room = size_of(ax)[0] / max(count - 1, 1)
    for row in rows.iter_rows(named=True):
        i, j = sorted((drugs.index(row["term"]), drugs.index(row["versus"])))
        value = number(row["estimate"])
        face = PALE if value is None else colours(_SCALE(value))
        ax.add_patch(Rectangle((i - 0.5, j - 1.5), 1, 1, facecolor=face, edgecolor="white", lw=1.2))
        ink = "white" if value is not None and abs(value) > 0.7 else INK
        _cell(ax, i, j - 1, row, ink, room)
    ax.set_xlim(-0.5, count - 1.5)
    ax.set_ylim(count - 1.5, -0.5)
    ax.set_aspect("equal")
    ax.set_xticks(range(count - 1), list(drugs[:-1]), rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(count - 1), list(drugs[1:]))
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return ax


def _cell(ax: Axes, x: int, y: int, row: dict[str, object], ink: str, room: float) -> None:
    value, low, high = (number(row[name]) for name in ("estimate", "low", "high"))
    if value is None:
        ax.text(x, y, "–", ha="center", va="center", fontsize=SMALL, color=GREY)
        return
    full = room >= 15
    lift = 0.16 if full else 0.0
    ax.text(
        x,
        y - lift,
        fixed(value, 2),
        ha="center",
        va="center",
        fontsize=SMALL + (1 if full else -1.5),
        color=ink,
    )
    if full:
        limits = (
            f"{fixed(low, 2)} to {fixed(high, 2)}" if low is not None and high is not None else "no limits"
        )
        patients = size(number(row["at_risk"]))
        ax.text(x, y + 0.12, limits, ha="center", va="center", fontsize=TINY - 0.8, color=ink)
        ax.text(x, y + 0.3, patients, ha="center", va="center", fontsize=TINY - 0.8, color=ink)


def draw_cross_resistance(rows: pl.DataFrame, drugs: Sequence[str], label: str, mark: str = "") -> Figure:
    """Draw the matrix as a figure of its own, with the scale beside it."""
    with journal():
        names = max(text_width(drug, SMALL) for drug in drugs) + 4
        side = min(22.0 * max(len(drugs) - 1, 1), DOUBLE - names - 30)
        height = side + 0.75 * names + 8
        figure = sheet(names + side + 32, height, mark)
        ax = place(figure, names + 2, 4, side, side)
        plot_cross_resistance(ax, rows, drugs)
        bar = place(figure, names + side + 8, 4, 3.5, min(side, 60.0))
        figure.colorbar(ScalarMappable(_SCALE, _MAP), cax=bar)
        bar.set_ylabel(label, parse_math=False)
        return figure


def describe_cross_resistance(rows: pl.DataFrame) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    told = [
        f"{row['term']} and {row['versus']} {row['estimate']:.2f}"
        for row in rows.iter_rows(named=True)
        if row["estimate"] is not None
    ]
    return f"Rank correlations of the LC50 between drugs: {'; '.join(told)}."
