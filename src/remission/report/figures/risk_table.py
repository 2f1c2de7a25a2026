"""Numbers at risk under a curve, in line with its ticks."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from remission.report.figures.data import Facts, group_order, horizon, label_of, of_group, tick_times
from remission.report.figures.style import SMALL, colour, dash, size_of, text_width
from remission.report.format import count

LINE = 3.3
TITLE = 4.2
LABEL_ROOM = 24.0
KEY = 5.0
MARGIN = 4.5
ALONE, TOGETHER = "At risk", "Number at risk"
NO_FACTS: Facts = {}


def labels_beside(rows: pl.DataFrame, facts: Facts) -> bool:
    """Whether the names of the groups fit left of their numbers; else each stands above them."""
    return max(text_width(label, SMALL) for label in _labels(group_order(rows, facts), facts)) <= LABEL_ROOM


def label_width(rows: pl.DataFrame, facts: Facts) -> float:
    """Millimetres the names need left of the axis (0 when they stand above their numbers)."""
    groups = group_order(rows, facts)
    if len(groups) == 0:
        return 0.0
    if groups == [None]:
        return text_width(ALONE, SMALL) + MARGIN
    if not labels_beside(rows, facts):
        return 0.0
    names = max(text_width(label, SMALL) for label in _labels(groups, facts)) + KEY
    return max(names, text_width(TOGETHER, SMALL)) + MARGIN


def risk_table_height(rows: pl.DataFrame, facts: Facts) -> float:
    """Millimetres the table needs under the axis."""
    groups = group_order(rows, facts)
    if len(groups) == 0:
        return 0.0
    if groups == [None]:
        return LINE + 0.6
    return TITLE + LINE * len(groups) * (1 if labels_beside(rows, facts) else 2)


def _labels(groups: Sequence[str | None], facts: Facts) -> list[str]:
    return [ALONE] if groups == [None] else [label_of(group, facts) for group in groups]


def plot_risk_table(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Write numbers at risk at the ticks of a time axis.

    `ax` is an empty Axes that stands under the curve's, as wide as it; it gets the same time limits.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows with `time`, `group` and `at_risk` (just before the time).
    facts : mapping, optional
        As for `plot_curves`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"time": [0.0, 1.0], "at_risk": [59.0, 20.0], "unit": "years"})
    >>> [text.get_text() for text in plot_risk_table(Figure().add_subplot(), rows).texts]
    ['At risk', '59', '20']
    """
    until = horizon(rows, facts)
    groups = group_order(rows, facts)
    beside = labels_beside(rows, facts)
    ticks = _times(rows, facts, size_of(ax)[0] / (1.03 * until))
    height = risk_table_height(rows, facts)
    width = size_of(ax)[0]
    ax.set_axis_off()
    ax.set_xlim(-0.015 * until, until * 1.015)
    ax.set_ylim(-height, 0)
    left = (0.5 - label_width(rows, facts)) / width if beside else 0.0
    y = -LINE / 2
    if groups != [None]:
        _write(ax, left, -TITLE / 2 - 0.3, TOGETHER, weight="bold")
        y -= TITLE
    for position, (group, label) in enumerate(zip(groups, _labels(groups, facts), strict=True)):
        if group is not None:
            _line(ax, left, left + (KEY - 1) / width, y, position)
        _write(ax, left + (0.0 if group is None else KEY / width), y, label)
        y -= 0.0 if beside else LINE
        for row in of_group(rows, group).iter_rows(named=True):
            if row["at_risk"] is not None and _is_tick(row["time"], ticks):
                number = count(row["at_risk"])
                ax.text(row["time"], y, number, fontsize=SMALL, ha="center", va="center_baseline")
        y -= LINE
    return ax


def _times(rows: pl.DataFrame, facts: Facts, scale: float) -> set[float]:
    """Ticks, and the landmark with its own numbers, which take the place of a tick that is too near."""
    landmark = facts.get("at_landmark")
    ticks = set(tick_times(rows, facts))
    if landmark is None:
        return ticks
    widest = max((text_width(count(number), SMALL) for number in rows["at_risk"].drop_nulls()), default=0.0)
    return {tick for tick in ticks if abs(tick - landmark) * scale >= widest + 1.0} | {float(landmark)}


def _is_tick(time: float, ticks: set[float]) -> bool:
    return any(abs(time - tick) <= 1e-9 * max(1.0, abs(tick)) for tick in ticks)


def _line(ax: Axes, left: float, right: float, y: float, position: int) -> None:
    """Draw a stretch of the group's line beside its name."""
    style = {"color": colour(position), "linestyle": dash(position), "clip_on": False}
    ax.add_line(Line2D([left, right], [y, y], transform=ax.get_yaxis_transform(), **style))


def _write(ax: Axes, left: float, y: float, text: str, *, weight: str = "normal") -> None:
    """Text at a share of the axis width, left-aligned; it may stand outside the axis."""
    ax.text(
        left,
        y,
        text,
        transform=ax.get_yaxis_transform(),
        fontsize=SMALL,
        va="center_baseline",
        weight=weight,
        parse_math=False,
        clip_on=False,
    )
