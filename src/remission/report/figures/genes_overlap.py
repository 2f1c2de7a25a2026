"""Which lists of genes overlap, as bars over combinations of lists (UpSet)."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.report.figures.style import (
    BASE,
    COLOURS,
    DOUBLE,
    INK,
    PALE,
    SMALL,
    count_ticks,
    journal,
    place,
    sheet,
    size_of,
    text_width,
)
from remission.report.format import count

ROW, COLUMN, BARS = 5.0, 8.0, 36.0  # millimetres
MOST = 16  # combinations drawn
_EMPTY = "#cfd4d9"


def plot_gene_overlap(ax: Axes, rows: pl.DataFrame, most: int = MOST) -> Axes:
    """Draw the number of genes in every combination of lists, and in no other list, the largest first.

    Below each bar dots tell the lists; their sizes stand beside their names. Dots go into axes of their own
    under those given, which need 5 mm of room per list there, and room for the names at the left.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Of `GeneOverlap.rows()`: measure, lists, n.
    most : int
        Combinations drawn.

    Returns
    -------
    matplotlib Axes
        Those given, with the bars.
    """
    names, sizes = _lists(rows)
    drawn = rows.filter(pl.col("measure") == "exactly").head(most)
    counts = drawn["n"].to_list()
    ax.bar(range(len(counts)), counts, 0.62, color=[_shade(len(lists)) for lists in drawn["lists"]])
    for at, number in enumerate(counts):
        ax.annotate(
            count(number),
            (at, number),
            xytext=(0, 1.5),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
        )
    ax.set_xlim(-0.6, max(len(counts), 1) - 0.4)
    ax.set_ylim(0, 1.12 * max(counts, default=1))
    count_ticks(ax.yaxis)
    ax.set_xticks([])
    ax.set_ylabel("Genes in these lists only")
    height = size_of(ax)[1]
    below = ax.inset_axes((0, -(len(names) * ROW + 2) / height, 1, len(names) * ROW / height))
    for line in range(len(names)):
        if line % 2 == 0:
            below.axhspan(line - 0.5, line + 0.5, color=PALE, zorder=0, lw=0)
    for at, lists in enumerate(drawn["lists"].to_list()):
        inside = [names.index(name) for name in lists]
        shade = _shade(len(lists))
        below.plot([at] * len(names), range(len(names)), "o", ms=4.2, color=_EMPTY, mec="none", zorder=1)
        below.plot([at, at], [min(inside), max(inside)], color=shade, lw=1.2, zorder=2)
        below.plot([at] * len(inside), inside, "o", ms=4.6, color=shade, mec="none", zorder=3)
    below.set_xlim(ax.get_xlim())
    below.set_ylim(len(names) - 0.5, -0.5)
    below.set_xticks([])
    below.set_yticks(range(len(names)), _names(names, sizes), fontsize=BASE, parse_math=False)
    below.tick_params(length=0)
    for spine in below.spines.values():
        spine.set_visible(False)
    return ax


def _lists(rows: pl.DataFrame) -> tuple[list[str], list[int]]:
    sizes = rows.filter(pl.col("measure") == "size")
    return [lists[0] for lists in sizes["lists"].to_list()], sizes["n"].to_list()


def _names(names: list[str], sizes: list[int]) -> list[str]:
    return [f"{name} ({count(size)})" for name, size in zip(names, sizes, strict=True)]


def _shade(lists: int) -> str:
    """Genes of one list are dark, shared ones have a colour."""
    return INK if lists == 1 else COLOURS[1]


def draw_gene_overlap(rows: pl.DataFrame, mark: str = "") -> Figure:
    """Draw the overlap as a figure of its own."""
    names, sizes = _lists(rows)
    combinations = min(rows.filter(pl.col("measure") == "exactly").height, MOST)
    with journal():
        left = max(max(text_width(name, BASE) for name in _names(names, sizes)) + 3, 13.0)
        wide = min(max(combinations, 3) * COLUMN, DOUBLE - left - 4)
        below = len(names) * ROW + 2
        figure = sheet(left + wide + 4, BARS + below + 6, mark)
        plot_gene_overlap(place(figure, left, 4, wide, BARS), rows)
        return figure


def describe_gene_overlap(rows: pl.DataFrame) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    names, sizes = _lists(rows)
    pairs = rows.filter((pl.col("measure") == "shared") & (pl.col("n") > 0))
    shared = [
        f"{' and '.join(lists)} share {count(n)}" for lists, n in pairs.select("lists", "n").iter_rows()
    ]
    unique = count(rows.filter(pl.col("measure") == "unique")["n"][0])
    told = f"; {'; '.join(shared)}" if shared else "; no two share a gene"
    return f"Genes per list: {', '.join(_names(names, sizes))}{told}. Different genes in all: {unique}."
