"""Forest plots: ratios with limits on a logarithmic axis, with counts, numbers and P values in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from remission.core.wording import sentence_case
from remission.report.figures.data import Facts, interval_name
from remission.report.figures.forest_axis import axis_of, shown_ticks
from remission.report.figures.forest_lines import (
    INDENT,
    NAMES,
    Line,
    arm_names,
    model_lines,
    subgroup_lines,
    way_lines,
)
from remission.report.figures.lines import bar, cell, line_axis
from remission.report.figures.style import (
    BASE,
    COLOURS,
    DOUBLE,
    GREY,
    INK,
    SMALL,
    TINY,
    journal,
    place,
    sheet,
    size_of,
    text_width,
    wrapped,
)
from remission.report.ratios import ratio_short, ratio_words
from remission.report.tables.pairs import adjustment_name

LINE = 4.0
FOOT = 11.5
HEAD_LINE = 3.3
COUNT = 12.0
PLOT_AT, PLOT = 84.0, 44.0
RATIO_AT, P_BEFORE, P_AT = 3.5, 36.0, 44.5
SQUARE, SMALLEST, LARGEST = 4.0, 2.4, 6.4
NO_FACTS: Facts = {}


def lines_of(rows: pl.DataFrame, facts: Facts) -> list[Line]:
    """Lines of the plot: subgroups where the facts name an effect, else the terms of a model."""
    if facts.get("ways"):
        return way_lines(rows, facts)
    return subgroup_lines(rows, facts) if is_subgroups(facts) else model_lines(rows, facts)


def is_subgroups(facts: Facts) -> bool:
    """Whether the plot shows one effect in subgroups."""
    return facts.get("effect") is not None


def is_adjusted(facts: Facts) -> bool:
    """Whether P values for interaction are also adjusted for the number of columns."""
    return is_subgroups(facts) and facts.get("adjust") not in (None, "", "none")


def plot_forest(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Draw ratios with limits, one line per level, with names, counts and numbers beside the axis.

    Leave 84 mm left of the axis and 46 mm right of it. Limits beyond the axis end in an arrow. In subgroups
    the area of a square goes with the information behind its estimate.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows with `term`, `level`, `at_risk` (number of patients), `events`, `estimate`, `low`,
        `high` (ratios), `std_error` (of the log) and `p`.
    facts : mapping, optional
        `terms` (names and labels), `hazard`, `axis_low`, `axis_high`; of subgroups `effect`, `group`,
        `versus`, `columns`, `arms`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"term": "sex", "level": ["female", "male"], "estimate": [1.0, 1.4],
    ...                     "low": [None, 0.9], "high": [None, 2.2]})
    >>> ax = plot_forest(Figure().add_subplot(), rows)
    >>> ax.get_xscale(), ax.get_xlabel()
    ('log', 'Hazard ratio (log scale)')
    """
    lines = lines_of(rows, facts)
    low, high = axis_of(lines, facts)
    width = size_of(ax)[0]
    ax.set_xscale("log")
    ax.set_xlim(low, high)
    line_axis(ax, len(lines))
    ticks = shown_ticks(low, high, width)
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xlabel(_axis_words(facts), labelpad=9.5, parse_math=False)
    ax.axvline(1.0, color=INK, lw=0.6, zorder=1)
    sizes = _sizes(lines) if is_subgroups(facts) else [SQUARE] * len(lines)
    for y, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        _write(ax, y, width, line, adjusted=is_adjusted(facts))
        _draw(ax, y, line, size, (low, high))
    _heads(ax, width, rows, facts)
    _directions(ax, facts)
    return ax


def _axis_words(facts: Facts) -> str:
    """Name the axis, with what is compared where there is room."""
    ratio = sentence_case(ratio_words(facts))
    groups = arm_names(facts) if is_subgroups(facts) else ()
    words = f"{ratio}, {groups[0]} against {groups[1]}" if groups else f"{ratio} (log scale)"
    return words if text_width(words, BASE) <= 2 * PLOT else f"{ratio} (log scale)"


def _sizes(lines: Sequence[Line]) -> list[float]:
    """Sides of the squares: their area goes with 1 / variance."""
    weights = np.array([1 / line.error if line.error else 0.0 for line in lines])
    most = weights.max() if len(weights) and weights.max() > 0 else 1.0
    return [float(max(SMALLEST, LARGEST * weight / most)) for weight in weights]


def _write(ax: Axes, y: float, width: float, line: Line, *, adjusted: bool) -> None:
    """Names and numbers of a line."""
    if line.kind == "head":
        bar(ax, -PLOT_AT, width + P_AT + 1, y, width)
    indent = 1 + (INDENT if line.kind in ("level", "more") else 0.0)
    bold = line.kind == "head" or (line.kind == "plain" and line.text == "All patients")
    cell(ax, indent - PLOT_AT, y, width, line.text, weight="bold" if bold else "normal")
    for number, text in enumerate(line.counts):
        cell(ax, _count_at(number), y, width, text, align="right")
    cell(ax, width + RATIO_AT, y, width, line.ratio)
    cell(ax, width + (P_BEFORE if adjusted else P_AT), y, width, line.p, align="right")
    if adjusted:
        cell(ax, width + P_AT, y, width, line.p_adjusted, align="right")


def _count_at(number: int) -> float:
    return NAMES + COUNT * (number + 1) - PLOT_AT - 0.5


def _draw(ax: Axes, y: float, line: Line, size: float, axis: tuple[float, float]) -> None:
    """Square and limits of a line, with arrows where limits leave the axis."""
    estimate, (first, last) = line.estimate, axis
    if estimate is None:
        return
    if line.reference:
        ax.plot(
            [1.0],
            [y],
            "s",
            markersize=size * 0.8,
            markerfacecolor="white",
            markeredgecolor=GREY,
            mew=0.7,
            zorder=3,
        )
        return
    low = line.low if line.low is not None else estimate
    high = line.high if line.high is not None else estimate
    left, right = max(low, first), min(high, last)
    if left < right:
        colour = GREY if line.biased else INK
        ax.plot([left, right], [y, y], color=colour, lw=0.9, zorder=2, clip_on=False, solid_capstyle="butt")
    for end, marker, out in ((first, "<", low < first), (last, ">", high > last)):
        if out:
            ax.plot([end], [y], marker, markersize=3.2, color=INK, mew=0, zorder=4, clip_on=False)
    if first <= estimate <= last:
        look: dict[str, Any] = {"color": COLOURS[0], "mew": 0}
        if line.biased:
            look = {"markerfacecolor": "white", "markeredgecolor": GREY, "mew": 0.9}
        ax.plot([estimate], [y], "s", markersize=size, zorder=3, clip_on=False, **look)


def _heads(ax: Axes, width: float, rows: pl.DataFrame, facts: Facts) -> None:
    """Headings of the columns, their last lines on one level."""
    interval = interval_name(rows)
    y = -1.05
    if is_subgroups(facts):
        cell(ax, 1 - PLOT_AT, y, width, "Subgroup", weight="bold")
        cell(ax, width + P_AT, y - 0.82, width, "P for interaction", align="right", weight="bold")
        if is_adjusted(facts):
            cell(ax, width + P_BEFORE, y, width, "plain", align="right", weight="bold")
        cell(
            ax,
            width + P_AT,
            y,
            width,
            adjustment_name(str(facts.get("adjust") or "")) if is_adjusted(facts) else "",
            align="right",
            weight="bold",
        )
    else:
        cell(ax, width + P_AT, y, width, "P", align="right", weight="bold")
    cell(ax, width + RATIO_AT, y, width, f"{ratio_short(facts)} ({interval})", weight="bold")
    for number, text in enumerate(_count_heads(facts)):
        lines = text.split("\n")
        for back, words in enumerate(reversed(lines)):
            cell(ax, _count_at(number), y - 0.82 * back, width, words, align="right", weight="bold")


def _count_heads(facts: Facts) -> list[str]:
    if facts.get("ways"):
        return ["With it\nevents/n", "Without\nevents/n"]
    groups = arm_names(facts) if is_subgroups(facts) else ()
    if not groups:
        return ["Patients", "Events"]
    return ["\n".join([*wrapped(group, COUNT - 1, SMALL), "events/n"]) for group in groups]


def head_height(facts: Facts) -> float:
    """Millimetres above the first line."""
    lines = [text.count("\n") + 1 for text in _count_heads(facts)]
    return 2.2 + HEAD_LINE * max([2 if is_subgroups(facts) else 1, *lines])


def _directions(ax: Axes, facts: Facts) -> None:
    """Say under the axis which side is which."""
    who = arm_names(facts)[:1] if is_subgroups(facts) else ()
    tail = f" with {who[0]}" if who else ""
    if text_width(f"higher{tail} →", TINY) > PLOT / 2 - 1:
        tail = ""
    for at, align, words in ((0.0, "left", f"← lower{tail}"), (1.0, "right", f"higher{tail} →")):
        ax.annotate(
            words,
            (at, 0),
            (0, -17),
            xycoords="axes fraction",
            textcoords="offset points",
            fontsize=TINY,
            color=GREY,
            ha=align,
            va="center",
            annotation_clip=False,
        )


def draw_forest(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Figure:
    """Draw a forest plot as a figure of its own."""
    with journal():
        head = head_height(facts)
        tall = LINE * len(lines_of(rows, facts))
        figure = sheet(DOUBLE, head + tall + FOOT, mark)
        plot_forest(place(figure, PLOT_AT, head, PLOT, tall), rows, facts)
        return figure


def describe_forest(rows: pl.DataFrame, facts: Facts) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    said, head = [], ""
    for line in lines_of(rows, facts):
        if line.kind == "head":
            head = f"{line.text}: "
            if line.p:
                said.append(f"{line.text}, P for interaction {line.p}")
        elif line.kind != "more":
            said.append(f"{head if line.kind == 'level' else ''}{line.text} {line.ratio}")
    endpoint = facts.get("endpoint_label") or "the endpoint"
    return f"{sentence_case(ratio_words(facts))}s of {endpoint}. {'; '.join(said)}."
