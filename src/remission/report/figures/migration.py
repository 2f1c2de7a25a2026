"""Who moves where between two protocols: an alluvial figure, groups as bars and patients as bands between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from remission.report.figures.data import Facts
from remission.report.figures.style import (
    BASE,
    COLOURS,
    GREY,
    INK,
    MIDDLE,
    SMALL,
    journal,
    place,
    sheet,
    wrapped,
)
from remission.report.format import count

TALL, TOP, FOOT = 62.0, 7.0, 2.0
NAMES, BAR, EDGE = 30.0, 4.0, 1.0
GAP = 0.03
SMALLEST_NUMBER = 0.035
Spans = Mapping[str, tuple[float, float]]


def draw_migration(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Figure:
    """Draw the figure: bands have the colour of the group they come from, grey where it is not decided."""
    with journal():
        figure = sheet(MIDDLE, TOP + TALL + FOOT, mark)
        ax = place(figure, NAMES, TOP, MIDDLE - 2 * NAMES, TALL)
        _plot(ax, rows, facts)
        return figure


def _plot(ax: Axes, rows: pl.DataFrame, facts: Facts) -> None:
    width = MIDDLE - 2 * NAMES
    bar = BAR / width
    ax.set_xlim(0, 1)
    ax.set_ylim(1, 0)
    ax.axis("off")
    left = _spans(rows, "group", facts["from_groups"])
    right = _spans(rows, "versus", facts["to_groups"])
    shades = _shades(facts["from_groups"], facts["from_open"])
    _bands(ax, rows, (left, right), shades, bar)
    _bars(ax, rows, "group", left, (0.0, bar), shades)
    _bars(ax, rows, "versus", right, (1 - bar, 1.0), _shades(facts["to_groups"], facts["to_open"]))
    edge = (NAMES - EDGE) / width
    for x, align, label in ((-edge, "left", facts["from_label"]), (1 + edge, "right", facts["to_label"])):
        words = "\n".join(wrapped(str(label), MIDDLE / 2 - 2 * EDGE, BASE))
        ax.text(x, -0.03, words, fontsize=BASE, weight="bold", ha=align, va="bottom", parse_math=False)


def _shades(groups: Sequence[str], undecided: Sequence[str]) -> dict[str, str]:
    decided = [group for group in groups if group not in undecided]
    return {
        **{group: COLOURS[number % len(COLOURS)] for number, group in enumerate(decided)},
        **dict.fromkeys(undecided, GREY),
    }


def _spans(rows: pl.DataFrame, side: str, groups: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Top and bottom of each group's bar, as shares of the height; those without patients have none."""
    sizes = {group: float(rows.filter(pl.col(side) == group)["at_risk"].sum()) for group in groups}
    filled = [group for group in groups if sizes[group] > 0]
    room = 1 - GAP * max(len(filled) - 1, 0)
    total = sum(sizes.values()) or 1.0
    found: dict[str, tuple[float, float]] = {}
    top = 0.0
    for group in filled:
        bottom = top + room * sizes[group] / total
        found[group] = (top, bottom)
        top = bottom + GAP
    return found


def _bands(
    ax: Axes, rows: pl.DataFrame, sides: tuple[Spans, Spans], shades: Mapping[str, str], bar: float
) -> None:
    """Patients between the bars; the number stands in a band that is wide enough."""
    left, right = sides
    total = float(rows["at_risk"].sum()) or 1.0
    used_left = {group: top for group, (top, _) in left.items()}
    used_right = {group: top for group, (top, _) in right.items()}
    for row in rows.filter(pl.col("at_risk") > 0).iter_rows(named=True):
        one, other = row["group"], row["versus"]
        scale_left = 1 - GAP * (len(left) - 1)
        scale_right = 1 - GAP * (len(right) - 1)
        tall_left, tall_right = scale_left * row["at_risk"] / total, scale_right * row["at_risk"] / total
        a, b = used_left[one], used_right[other]
        used_left[one], used_right[other] = a + tall_left, b + tall_right
        ends = (a, a + tall_left, b, b + tall_right)
        ax.add_patch(_band(bar, 1 - bar, ends, shades[one]))
        if min(tall_left, tall_right) >= SMALLEST_NUMBER:
            ax.text(
                bar + 0.035,
                a + tall_left / 2,
                count(row["at_risk"]),
                fontsize=SMALL,
                ha="left",
                va="center_baseline",
                color=INK,
                parse_math=False,
            )


def _band(x0: float, x1: float, ends: tuple[float, float, float, float], shade: str) -> PathPatch:
    a, a2, b, b2 = ends
    middle = (x0 + x1) / 2
    points = [
        (x0, a),
        (middle, a),
        (middle, b),
        (x1, b),
        (x1, b2),
        (middle, b2),
        (middle, a2),
        (x0, a2),
        (x0, a),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=shade, alpha=0.32, lw=0, zorder=1)


def _bars(
    ax: Axes,
    rows: pl.DataFrame,
    side: str,
    spans: Spans,
    across: tuple[float, float],
    shades: Mapping[str, str],
) -> None:
    """Groups with their names and numbers outside."""
    first, last = across
    outside, align = (first - 0.02, "right") if side == "group" else (last + 0.02, "left")
    for group, (top, bottom) in spans.items():
        shape = Rectangle((first, top), last - first, bottom - top, facecolor=shades[group], lw=0, zorder=2)
        ax.add_patch(shape)
        n = float(rows.filter(pl.col(side) == group)["at_risk"].sum())
        words = "\n".join(wrapped(f"{group} ({count(n)})", NAMES - 2, SMALL))
        ax.text(
            outside,
            (top + bottom) / 2,
            words,
            fontsize=SMALL,
            ha=align,
            va="center",
            linespacing=1.05,
            parse_math=False,
        )


def describe_migration(rows: pl.DataFrame, facts: Facts) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    moves = [
        f"{row['group']} to {row['versus']} {count(row['at_risk'])}"
        for row in rows.filter(pl.col("at_risk") > 0).iter_rows(named=True)
    ]
    return f"From {facts['from_label']} to {facts['to_label']}: {'; '.join(moves)}."
