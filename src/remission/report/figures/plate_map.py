"""A plate as it stood in the reader: one square per well, coloured by its reading."""

from __future__ import annotations

import polars as pl
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from remission.report.figures.style import INK, PANEL, SMALL, TINY, journal, place, sheet, size_of

ROWS = "ABCDEFGHIJKLMNOP"
LETTERS = {"blank": "B", "control": "C"}
_MAP = "cividis"


def plate_size(wells: pl.DataFrame) -> tuple[int, int]:
    """Rows and columns of the plate that holds these wells: 8 x 12, else 16 x 24."""
    rows, columns = _places(wells)
    return (8, 12) if max(rows, default=0) < 8 and max(columns, default=0) < 12 else (16, 24)


def plot_plate(ax: Axes, wells: pl.DataFrame) -> Axes:
    """Draw the readings of one plate; B marks blanks, C controls, and wells of no use stay empty.

    Parameters
    ----------
    ax : matplotlib Axes
    wells : polars.DataFrame
        Of one plate: well ("B3"), role, reading.

    Returns
    -------
    matplotlib Axes
    """
    high, wide = plate_size(wells)
    rows, columns = _places(wells)
    readings = wells["reading"].to_list()
    scale = Normalize(min(readings, default=0.0), max(readings, default=1.0))
    colours = colormaps[_MAP]
    small = size_of(ax)[1] / high < 4.5
    for row, column, reading, role in zip(rows, columns, readings, wells["role"].to_list(), strict=True):
        colour = colours(scale(reading))
        ax.add_patch(_square(column, row, colour))
        letter = LETTERS.get(role, "")
        if letter:
            bright = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2] > 0.5
            ink = INK if bright else "white"
            size = TINY - 1.5 if small else SMALL
            ax.text(column, row, letter, ha="center", va="center_baseline", fontsize=size, color=ink)
    ax.set_xlim(-0.5, wide - 0.5)
    ax.set_ylim(high - 0.5, -0.5)
    ax.set_aspect("equal", anchor="NW")
    ax.set_xticks(range(wide), [str(each + 1) for each in range(wide)])
    ax.set_yticks(range(high), list(ROWS[:high]))
    ax.tick_params(length=0, labelsize=TINY if small else SMALL)
    ax.xaxis.tick_top()
    for spine in ax.spines.values():
        spine.set_visible(True)
    return ax


def _square(column: int, row: int, colour: tuple[float, float, float, float]) -> Rectangle:
    return Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, facecolor=colour, lw=0)


def _places(wells: pl.DataFrame) -> tuple[list[int], list[int]]:
    names = wells["well"].to_list()
    return [ROWS.index(name[0]) for name in names], [int(name[1:]) - 1 for name in names]


def can_draw(wells: pl.DataFrame) -> bool:
    """Whether every well has a place on a plate of 96 or 384."""
    names = wells["well"]
    return bool(wells.height) and bool(names.str.contains(r"^[A-P]([1-9]|1\d|2[0-4])$").all())


def draw_plate(plate: str, wells: pl.DataFrame, label: str, mark: str = "") -> Figure:
    """Draw one plate as a figure of its own, with the scale beside it."""
    high, wide = plate_size(wells)
    with journal():
        square = 110.0 / wide if wide == 12 else 132.0 / wide
        height = high * square + 20
        across = wide * square + 36
        figure = sheet(across, height, mark)
        ax = place(figure, 10, 15, wide * square, high * square)
        plot_plate(ax, wells)
        figure.text(
            2 / across, 1 - 2 / height, plate, fontsize=PANEL, weight="bold", va="top", parse_math=False
        )
        bar = place(figure, 10 + wide * square + 6, 15, 4, high * square)
        readings = wells["reading"].to_list()
        scale = Normalize(min(readings), max(readings))
        figure.colorbar(ScalarMappable(scale, _MAP), cax=bar)
        bar.set_ylabel(label, parse_math=False)
        bar.tick_params(labelsize=SMALL)
        return figure
