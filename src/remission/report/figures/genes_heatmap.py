"""Heat map of genes: z-scores of every sample, or the mean of every group where no patient may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import polars as pl
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from remission.report.figures.style import (
    DOUBLE,
    GREY,
    INK,
    PALE,
    SMALL,
    TINY,
    colour,
    journal,
    place,
    sheet,
    size_of,
    text_width,
)
from remission.report.format import count, fixed, plural, size

Floats = NDArray[np.float64]
UNIT = "z-score"
MAP = "PuOr_r"  # purple low, orange high: told apart by colour-blind readers
REACH = 2.5  # z-scores beyond are drawn in the last colour
LEAST_ROW = 2.3  # millimetres below which names of genes would meet
BAR, GAP = 2.4, 0.8
ROW, COLUMN = 3.2, 16.0


def plot_gene_heatmap(
    ax: Axes,
    values: ArrayLike,
    genes: Sequence[str],
    groups: Sequence[str],
    *,
    reach: float = REACH,
    scale: Axes | None = None,
) -> Axes:
    """Draw z-scores of genes (rows) in samples (columns), with a bar of the groups above.

    Shows single patients: for laboratory use, not for a report of results. The order is that given;
    `rm.z_scores` puts samples in order of group, then score. Missing cells are grey.

    Parameters
    ----------
    ax : matplotlib Axes
        The bar of groups goes above it, and needs 7 mm there.
    values : array (genes, samples)
    genes : sequence of str
        Written at the left where there is room for all.
    groups : sequence of str
        Of each sample; samples of one group stand together.
    reach : float
        Values beyond are drawn in the last colour; the scale says so.
    scale : matplotlib Axes, optional
        Where the colour scale goes.

    Returns
    -------
    matplotlib Axes
        Those of the map.
    """
    _cells(ax, np.asarray(values, dtype=float), genes, reach, scale)
    ax.set_xticks([])
    height = size_of(ax)[1]
    above = ax.inset_axes((0, 1 + GAP / height, 1, BAR / height))
    start = 0
    for number, (name, members) in enumerate(groupby(groups)):
        n = len(list(members))
        above.add_patch(Rectangle((start - 0.5, 0), n, 1, facecolor=colour(number), lw=0))
        if start:
            ax.axvline(start - 0.5, color="white", lw=1.2)
        above.annotate(
            f"{name} ({size(n)})",
            (start - 0.5 + n / 2, 1),
            xytext=(0, 1.5),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            color=INK,
            parse_math=False,
            annotation_clip=False,
        )
        start += n
    above.set_xlim(ax.get_xlim())
    above.set_ylim(0, 1)
    above.set_axis_off()
    return ax


def plot_group_heatmap(
    ax: Axes, rows: pl.DataFrame, *, reach: float | None = None, scale: Axes | None = None
) -> Axes:
    """Draw the mean z-score of genes (rows) in groups (columns): no patient is shown.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        gene, group, mean (as of `ZScores.group_means()`), in the order drawn.
    reach : float, optional
        Values beyond are drawn in the last colour; the largest mean, rounded up to halves, if None.
    scale : matplotlib Axes, optional
        Where the colour scale goes.

    Returns
    -------
    matplotlib Axes
    """
    genes, groups, values = _grid(rows)
    most = float(np.nanmax(np.abs(values), initial=0.0))
    _cells(ax, values, genes, reach or max(0.5, np.ceil(2 * most) / 2), scale, f"Mean {UNIT}")
    ax.set_xticks(range(len(groups)), groups, fontsize=SMALL, parse_math=False)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for edge in range(1, len(groups)):
        ax.axvline(edge - 0.5, color="white", lw=1.2)
    return ax


def _cells(
    ax: Axes,
    values: Floats,
    genes: Sequence[str],
    reach: float,
    scale: Axes | None,
    label: str = UNIT,
) -> None:
    colours = colormaps[MAP].with_extremes(bad=PALE)
    ax.imshow(
        np.ma.masked_invalid(values),
        cmap=colours,
        norm=Normalize(-reach, reach),
        aspect="auto",
        interpolation="nearest",
    )
    room = size_of(ax)[1] / max(len(genes), 1) >= LEAST_ROW
    if room:
        ax.set_yticks(range(len(genes)), genes, fontsize=TINY, parse_math=False)
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"{plural(len(genes), 'gene')}", labelpad=2)
    ax.tick_params(length=0, pad=1.5)
    for spine in ax.spines.values():
        spine.set_visible(False)
    if scale is not None:
        beyond = bool(np.nanmax(np.abs(values), initial=0.0) > reach)
        mappable = ScalarMappable(Normalize(-reach, reach), colours)
        bar = ax.figure.colorbar(mappable, cax=scale, extend="both" if beyond else "neither")
        bar.outline.set_visible(False)
        scale.tick_params(length=1.8, labelsize=TINY)
        scale.set_ylabel(f"{label} of the gene (SD from its mean)", fontsize=TINY, color=GREY)


def _grid(rows: pl.DataFrame) -> tuple[list[str], list[str], Floats]:
    """Genes, groups, and the matrix of means."""
    genes, groups = (rows[name].unique(maintain_order=True).to_list() for name in ("gene", "group"))
    at = {(row["gene"], row["group"]): row["mean"] for row in rows.iter_rows(named=True)}
    values = [[at.get((gene, group)) for group in groups] for gene in genes]
    return genes, groups, np.array(values, dtype=float).reshape(len(genes), len(groups))


def draw_gene_heatmap(
    values: ArrayLike, genes: Sequence[str], groups: Sequence[str], mark: str = ""
) -> Figure:
    """Draw the map of all samples as a figure of its own."""
    with journal():
        left = 3.0 + max(text_width(gene, TINY) for gene in genes)
        high = float(np.clip(len(genes) * 2.6, 40.0, 190.0))
        if high / len(genes) < LEAST_ROW:
            left = 8.0
        figure = sheet(DOUBLE, high + 11, mark)
        ax = place(figure, left, 9, DOUBLE - left - 18, high)
        scale = place(figure, DOUBLE - 14, 9, 2.6, min(high, 40.0))
        plot_gene_heatmap(ax, values, genes, groups, scale=scale)
        return figure


def draw_group_heatmap(rows: pl.DataFrame, mark: str = "") -> Figure:
    """Draw the map of group means as a figure of its own."""
    genes, groups, _ = _grid(rows)
    with journal():
        left = 3.0 + max(text_width(gene, TINY) for gene in genes)
        names = max(text_width(group, SMALL) for group in groups) + 3
        high, wide = len(genes) * ROW, len(groups) * max(COLUMN, names)
        figure = sheet(left + wide + 20, max(high, 24.0) + 8, mark)
        ax = place(figure, left, 6, wide, high)
        scale = place(figure, left + wide + 4, 6, 2.6, min(max(high, 24.0), 40.0))
        plot_group_heatmap(ax, rows, scale=scale)
        return figure


def describe_group_heatmap(rows: pl.DataFrame) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    genes, groups, values = _grid(rows)
    first = np.argmax(np.nan_to_num(values, nan=-np.inf), axis=1)
    highest = [f"{count(int((first == column).sum()))} in {group}" for column, group in enumerate(groups)]
    most = fixed(float(np.nanmax(np.abs(values), initial=0.0)), 1)
    return (
        f"Mean z-scores of {plural(len(genes), 'gene')} by group; highest: {', '.join(highest)}. "
        f"The largest mean is {most} standard deviations from that of all."
    )
