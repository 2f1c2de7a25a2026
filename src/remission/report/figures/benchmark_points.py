"""Published results as points with limits over the cohort's curve, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.report.figures.benchmark_lines import ALSO
from remission.report.figures.curves import plot_curves
from remission.report.figures.data import Facts, horizon
from remission.report.figures.risk_table import label_width, plot_risk_table, risk_table_height
from remission.report.figures.style import (
    COLOURS,
    DOUBLE,
    INK,
    SMALL,
    TINY,
    journal,
    place,
    sheet,
    size_of,
    wrapped,
)
from remission.report.format import size

PLOT, TALL, TOP, AXIS, KEY_AT, RIGHT = 92.0, 66.0, 2.5, 8.5, 4.0, 2.0
APART = 2.4
LINE, DISC = 3.0, 6.6
Point = tuple[dict[str, Any], Facts]


def draw_points(
    curve: pl.DataFrame, at_risk: pl.DataFrame, facts: Facts, points: Sequence[Point], mark: str = ""
) -> Figure:
    """Draw the curve of all patients with its limits, and published results as numbered points."""
    with journal():
        risk = risk_table_height(at_risk, facts)
        left = max(11.5, label_width(at_risk, facts))
        room = DOUBLE - left - PLOT - KEY_AT - RIGHT
        keys = [wrapped(key_of(*point), room - DISC, SMALL) for point in points]
        needed = LINE * (sum(len(key) for key in keys) + 0.35 * len(keys) + 3)
        height = max(TOP + TALL + AXIS + risk + 0.8, TOP + needed)
        figure = sheet(DOUBLE, height, mark)
        ax = place(figure, left, TOP, PLOT, TALL)
        last = max([horizon(curve, facts), *(row["time"] for row, _ in points)])
        shown = dict(facts) if last <= horizon(curve, facts) else {**facts, "until": last * 1.03, "ticks": ()}
        plot_curves(ax, curve, shown)
        shades = _shades([row for row, _ in points])
        _points(ax, [row for row, _ in points], shades)
        _key(ax, keys, shades)
        if risk:
            below = place(figure, left, TOP + TALL + AXIS, PLOT, risk)
            plot_risk_table(below, at_risk, shown)
        return figure


def key_of(row: dict[str, Any], fact: Facts) -> str:
    """Name a point: trial, population and number of patients, with a mark where it is from memory."""
    n = f", {size(row['at_risk'])}" if row["at_risk"] is not None else ""
    remembered = f" {ALSO}" if "memory" in (fact["mark"], fact["error_mark"]) else ""
    return f"{row['term']}: {row['group']}{n}{remembered}"


def _shades(rows: Sequence[dict[str, Any]]) -> list[str]:
    """A colour for each trial, none of them that of the cohort."""
    trials = list(dict.fromkeys(row["term"] for row in rows))
    return [COLOURS[1 + trials.index(row["term"]) % (len(COLOURS) - 1)] for row in rows]


def _points(ax: Axes, rows: Sequence[dict[str, Any]], shades: Sequence[str]) -> None:
    """Numbered discs; those of one time stand beside each other."""
    across, _ = size_of(ax)
    first, last = ax.get_xlim()
    step = APART * (last - first) / across
    same: dict[float, list[int]] = {}
    for number, row in enumerate(rows):
        same.setdefault(round(row["time"], 6), []).append(number)
    for time, numbers in same.items():
        for place_of, number in enumerate(numbers):
            x = time + step * (place_of - (len(numbers) - 1) / 2)
            _point(ax, x, rows[number], number, shades[number])


def _point(ax: Axes, x: float, row: dict[str, Any], number: int, shade: str) -> None:
    y = 100 * row["estimate"]
    if row["low"] is not None and row["high"] is not None:
        ax.plot([x, x], [100 * row["low"], 100 * row["high"]], color=shade, lw=0.9, zorder=6)
    _disc(ax, (x, y), number, shade, ax.transData)


def _disc(ax: Axes, at: tuple[float, float], number: int, shade: str, transform: Any) -> None:
    x, y = at
    ax.plot(
        [x],
        [y],
        "o",
        markersize=6.4,
        mfc="white",
        mec=shade,
        mew=0.9,
        zorder=7,
        transform=transform,
        clip_on=False,
    )
    ax.text(
        x,
        y,
        str(number + 1),
        fontsize=TINY - 1,
        ha="center",
        va="center_baseline",
        zorder=8,
        transform=transform,
        color=INK,
        parse_math=False,
    )


def _key(ax: Axes, keys: Sequence[Sequence[str]], shades: Sequence[str]) -> None:
    """Which number is which, right of the plot."""
    across, up = size_of(ax)
    y = 1.0
    ax.text(
        1 + KEY_AT / across,
        y,
        "Published results",
        transform=ax.transAxes,
        fontsize=SMALL,
        weight="bold",
        va="top",
        parse_math=False,
    )
    y -= 1.6 * LINE / up
    for number, lines in enumerate(keys):
        at = 1 + (KEY_AT + 1.6) / across, y - 0.5 * LINE / up
        _disc(ax, at, number, shades[number], ax.transAxes)
        for line in lines:
            ax.text(
                1 + (KEY_AT + 4.2) / across,
                y - 0.5 * LINE / up,
                line,
                transform=ax.transAxes,
                fontsize=SMALL,
                va="center_baseline",
                parse_math=False,
            )
            y -= LINE / up
        y -= 0.35 * LINE / up
