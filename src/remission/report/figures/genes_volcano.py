"""Volcano: how much each gene differs between two groups, and how surely."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.report.figures.labels import label_points
from remission.report.figures.style import COLOURS, GREY, MIDDLE, SMALL, TINY, journal, place, sheet, size_of
from remission.report.format import count, percentage, plural

HIGH = 82.0
PIXELS_FROM = 2000  # so many points are drawn as pixels: a vector file of them all is slow to open
LABELS = 15
_UNFOUND = "#b4b9be"


def plot_volcano(
    ax: Axes,
    rows: pl.DataFrame,
    groups: tuple[str, str],
    *,
    level: float = 0.05,
    by: str = "p_bh",
    labels: int = LABELS,
    unit: str = "log2",
) -> Axes:
    """Draw difference against -log10 P of all genes; those found have a colour, the first of them a name.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        gene, difference, p, and the column of `by`; genes without p are not drawn. A p of 0 is drawn at the
        smallest number there is.
    groups : (str, str)
        Reference, and the group whose higher values are positive.
    level : float
        Largest `by` of a gene that counts as found.
    by : str
        Column of the false discovery rate: "p_bh" or "q".
    labels : int
        Genes named at most, by p; names that find no place are left out.
    unit : str
        Of the difference.

    Returns
    -------
    matplotlib Axes
    """
    used = rows.filter(pl.col("p").is_not_null() & pl.col("difference").is_not_null()).sort("p", "gene")
    x = used["difference"].to_numpy().astype(float)
    y = -np.log10(np.maximum(used["p"].to_numpy().astype(float), np.finfo(float).tiny))
    found = (used[by].fill_null(1.0).fill_nan(1.0) <= level).to_numpy()
    pixels = len(x) > PIXELS_FROM
    for chosen, shade, size, order in (
        (~found, _UNFOUND, 1.6, 1),
        (found & (x < 0), COLOURS[0], 2.4, 2),
        (found & (x >= 0), COLOURS[1], 2.4, 3),
    ):
        ax.plot(
            x[chosen],
            y[chosen],
            "o",
            ms=size,
            color=shade,
            mec="none",
            alpha=0.9,
            zorder=order,
            rasterized=pixels and order == 1,
        )
    reach = 1.12 * max(float(np.abs(x).max(initial=0.0)), 1e-9)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(0, 1.12 * max(float(y.max(initial=0.0)), 1.0))
    ax.axvline(0, color=GREY, lw=0.5, zorder=0)
    if found.any() and by == "p_bh":
        _border(ax, float(y[found].min()), level)
    _sides(ax, groups)
    ax.set_xlabel(f"Difference in {unit}, {groups[1]} minus {groups[0]}", parse_math=False)
    ax.set_ylabel("\u2212log10 P")
    first = np.flatnonzero(found)[:labels]
    points = np.column_stack([x[found], y[found]])
    label_points(ax, x[first], y[first], [used["gene"][int(i)] for i in first], points)
    return ax


def _border(ax: Axes, at: float, level: float) -> None:
    """Line above which genes are found."""
    ax.axhline(at, color=GREY, lw=0.6, dashes=(3, 2), zorder=0)
    text = f"FDR {percentage(level)}".replace("%", "\u00a0%")
    ax.annotate(
        text,
        (1, at),
        xycoords=ax.get_yaxis_transform(),
        xytext=(-1, -1.5),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=TINY,
        color=GREY,
    )


def _sides(ax: Axes, groups: tuple[str, str]) -> None:
    """Say above the axes what left and right mean."""
    lift = 1 + 1.5 / size_of(ax)[1]
    for where, name, shade, side in ((0, groups[0], COLOURS[0], "left"), (1, groups[1], COLOURS[1], "right")):
        ax.text(
            where,
            lift,
            f"higher in {name}",
            transform=ax.transAxes,
            ha=side,
            fontsize=SMALL,
            color=shade,
            parse_math=False,
        )


def draw_volcano(
    rows: pl.DataFrame,
    groups: tuple[str, str],
    mark: str = "",
    *,
    level: float = 0.05,
    by: str = "p_bh",
    unit: str = "log2",
) -> Figure:
    """Draw the volcano as a figure of its own."""
    with journal():
        figure = sheet(MIDDLE, HIGH, mark)
        ax = place(figure, 12, 6, MIDDLE - 16, HIGH - 16)
        plot_volcano(ax, rows, groups, level=level, by=by, unit=unit)
        return figure


def describe_volcano(
    rows: pl.DataFrame, groups: tuple[str, str], *, level: float = 0.05, by: str = "p_bh"
) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    found = rows.filter((pl.col(by) <= level) & pl.col("p").is_not_null()).sort("p", "gene")
    up, down = (found.filter(side).height for side in (pl.col("difference") >= 0, pl.col("difference") < 0))
    told = f" The first are {', '.join(found['gene'].head(5))}." if found.height else ""
    rate = percentage(level)
    genes = plural(rows["p"].drop_nulls().len(), "gene")
    return (
        f"Difference and P of {genes}: {count(up)} higher in {groups[1]} and {count(down)} in {groups[0]} "
        f"at a false discovery rate of {rate}.{told}"
    )
