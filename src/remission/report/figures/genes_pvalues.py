"""Histogram of the P values of all genes, against the flat line of chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from remission.report.figures.style import INK, SINGLE, TINY, count_ticks, journal, place, sheet
from remission.report.format import count, fixed, plural

Many = ArrayLike | Sequence[float | None]
BINS = 20
HIGH = 52.0
_DARK_RED = "#9c3f00"
_PALE_BLUE = "#c3def0"  # light enough for words on it


def plot_p_values(ax: Axes, p: Many, pi0: float | None = None) -> Axes:
    """Draw how many genes have which P, in steps of 0.05.

    Where no gene differs the bars are about level, at the dashed line. A peak at the left says that genes
    differ; a rise to the right, or a hill, says that P is wrong (related samples, a hidden batch).

    Parameters
    ----------
    ax : matplotlib Axes
    p : array
        NaN and None are left out.
    pi0 : float, optional
        Estimated share of genes without difference: the level of their part is drawn as well.

    Returns
    -------
    matplotlib Axes
    """
    values = np.array([np.nan if one is None else one for one in np.asarray(p, dtype=object)], dtype=float)
    values = values[np.isfinite(values)]
    counts, edges = np.histogram(values, BINS, (0.0, 1.0))
    ax.bar(edges[:-1], counts, 1 / BINS, align="edge", color=_PALE_BLUE, edgecolor="white", lw=0.4, zorder=1)
    level = len(values) / BINS
    _line(ax, level, INK, "no gene differs")
    if pi0 is not None and np.isfinite(pi0) and pi0 < 0.995:
        _line(ax, pi0 * level, _DARK_RED, f"{fixed(100 * pi0, 0)}\u00a0% of genes do not")
    ax.set_xlim(0, 1)
    ax.set_ylim(0, max(1.12 * float(counts.max(initial=0)), 1.6 * level, 1.0))
    count_ticks(ax.yaxis)
    ax.set_xlabel("P")
    ax.set_ylabel("Genes")
    return ax


def _line(ax: Axes, at: float, shade: str, text: str) -> None:
    ax.axhline(at, color=shade, lw=0.8, dashes=(3, 2), zorder=2)
    above = text.startswith("no")
    ax.annotate(
        text,
        (1, at),
        xytext=(-1, 1.5 if above else -2),
        textcoords="offset points",
        ha="right",
        va="bottom" if above else "top",
        fontsize=TINY,
        color=shade,
    )


def draw_p_values(p: Many, pi0: float | None = None, mark: str = "") -> Figure:
    """Draw the histogram as a figure of its own."""
    with journal():
        figure = sheet(SINGLE, HIGH, mark)
        plot_p_values(place(figure, 13, 3, SINGLE - 17, HIGH - 14), p, pi0)
        return figure


def describe_p_values(p: Many) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    values = np.array([np.nan if one is None else one for one in np.asarray(p, dtype=object)], dtype=float)
    values = values[np.isfinite(values)]
    small = int((values < 1 / BINS).sum())
    level = count(len(values) / BINS, 0)
    genes = plural(len(values), "gene")
    return f"P of {genes}: {count(small)} are below 0.05; {level} would be if no gene differed."
