"""What panels of LC50 share: the name of the drug with its patients, and the classes between the cut-offs."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from remission.report.figures.style import GREY, INK, PANEL, SMALL, TINY, size_of, text_width
from remission.report.format import plural
from remission.report.tables.drug_response import CLASSES

ABOVE = 5.5
NARROWEST = 2.0


def panel_head(ax: Axes, drug: str, patients: float) -> None:
    """Write above the axes which drug it is, and of how many patients."""
    above = 1 + ABOVE / size_of(ax)[1]
    ax.text(0, above, drug, transform=ax.transAxes, fontsize=PANEL, weight="bold", parse_math=False)
    words = plural(patients, "patient")
    ax.text(1, above, words, transform=ax.transAxes, fontsize=SMALL, ha="right", color=INK)


def draw_cuts(ax: Axes, cuts: Sequence[float]) -> None:
    """Draw the cut-offs, and name the classes above; by their first letters where there is no room.

    `cuts` are the last cut of sensitive and the first of resistant; the axes have their final limits.
    """
    if not cuts:
        return
    for cut in dict.fromkeys(cuts):
        ax.axvline(cut, color=GREY, lw=0.8, dashes=(3, 2), zorder=3)
    width, height = size_of(ax)
    inside = (ax.transScale + ax.transLimits).transform([(cut, 1.0) for cut in (cuts[0], cuts[-1])])[:, 0]
    ends = (0.0, *inside.tolist(), 1.0)
    for name, start, end in zip(CLASSES, ends, ends[1:], strict=False):
        room = (end - start) * width
        if room < NARROWEST:
            continue
        shown = name if text_width(name, TINY) + 1 < room else name[0].upper()
        place = ((start + end) / 2, 1 + 1.0 / height)
        ax.text(*place, shown, transform=ax.transAxes, ha="center", fontsize=TINY, color=GREY)
