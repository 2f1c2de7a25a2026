"""Phases of treatment on one time axis: the planned window of each, and when patients really started."""

from __future__ import annotations

from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator

from remission.core.wording import sentence_case
from remission.report.document import Figure
from remission.report.figures.data import Facts, group_order, label_of
from remission.report.figures.lines import cell, line_axis, number, shortened
from remission.report.figures.style import (
    DOUBLE,
    GREY,
    INK,
    SMALL,
    TINY,
    colour,
    journal,
    place,
    sheet,
    size_of,
)
from remission.report.format import count, measured_range
from remission.report.section import Section

LINE, HEAD, FOOT = 5.2, 8.5, 10.0
NAMES, PLOT = 46.0, 78.0
PLANNED = "#C9D3DC"
NO_FACTS: Facts = {}


def timeline_figures(section: Section) -> tuple[Figure, ...]:
    """One timeline of all phases."""
    return tuple(
        Figure(
            name=f"{section.stem}-timeline",
            caption=_caption(output.facts),
            alt=describe_timeline(output.rows, output.facts),
            draw=partial(draw_timeline, output.rows, output.facts, section.mark),
            width=DOUBLE,
        )
        for output in section.named("phase_starts")
    )


def plot_timeline(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    r"""Draw the window planned for each phase as a bar, and the starts as median, quartiles and range.

    Leave 46 mm left of the axis and 48 mm right of it.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows of `phase_starts`: `term` = phase, `group`, `measure` = median, q1, q3, min, max.
    facts : mapping, optional
        `phases` (name, planned, around_median_of), `time_zero`, `groups`, `by_label`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> measure, days = ["median", "q1", "q3", "min", "max"], [3.0, 2.0, 5.0, 0.0, 9.0]
    >>> rows = result_rows({"term": "induction", "measure": measure, "estimate": days, "at_risk": 12})
    >>> facts = {"phases": ({"name": "induction", "planned": (0.0, 7.0)},), "time_zero": "diagnosis"}
    >>> plot_timeline(Figure().add_subplot(), rows, facts).get_xlabel()
    'Days from diagnosis'
    """
    phases = list(facts.get("phases") or ())
    groups = _groups(rows, facts)
    starts = rows.filter(pl.col("level").is_null())
    width = size_of(ax)[0]
    high = 1.0
    for position, phase in enumerate(phases):
        top = position * len(groups)
        planned = phase.get("planned")
        if planned is not None:
            left, right = (float(end) for end in planned)
            wide = max(right - left, 0.5)
            approximate = bool(phase.get("around_median_of"))
            bar = Rectangle(
                (left, top - 0.42),
                wide,
                len(groups) - 0.16,
                facecolor="none" if approximate else PLANNED,
                edgecolor=GREY if approximate else "none",
                hatch="////" if approximate else None,
                lw=0.5,
                zorder=1,
            )
            ax.add_patch(bar)
            high = max(high, left + wide)
        cell(ax, -NAMES, top, width, shortened(sentence_case(str(phase["name"])), NAMES - 4), weight="bold")
        for offset, group in enumerate(groups):
            here = starts.filter(
                (pl.col("term") == phase["name"]) & pl.col("group").eq_missing(pl.lit(group))
            )
            high = max(high, _starts(ax, here, top + offset, width, offset))
            if len(groups) > 1:
                label = shortened(label_of(group, facts), NAMES / 2 - 2)
                cell(ax, -2.5, top + offset, width, label, align="right")
    line_axis(ax, len(phases) * len(groups))
    ax.set_xlim(min(0.0, _lowest(starts)), high * 1.03)
    for position in range(1, len(phases)):
        ax.axhline(position * len(groups) - 0.5, color="#d7dbdf", lw=0.4, zorder=0)
    ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    ax.set_xlabel(f"Days from {facts.get('time_zero') or 'time zero'}", parse_math=False)
    _heads(ax, width)
    return ax


def draw_timeline(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Sheet:
    """Draw the timeline as a figure of its own."""
    with journal():
        lines = len(facts.get("phases") or ()) * len(_groups(rows, facts))
        height = HEAD + FOOT + LINE * max(lines, 2)
        figure = sheet(DOUBLE, height, mark)
        ax = place(figure, NAMES + 2, HEAD, PLOT, height - HEAD - FOOT)
        plot_timeline(ax, rows, facts)
        _legend(ax, facts)
        return figure


def describe_timeline(rows: pl.DataFrame, facts: Facts) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    parts = []
    for phase in facts.get("phases") or ():
        values = _values(
            rows.filter(
                (pl.col("term") == phase["name"]) & pl.col("group").is_null() & pl.col("level").is_null()
            )
        )
        if values:
            spread = measured_range(values["median"], values["min"], values["max"])
            parts.append(f"{phase['name']} {spread} days")
    listed = "; ".join(parts) or "nobody started"
    return f"Planned windows of the phases of treatment and actual starts, median (range): {listed}."


def _starts(ax: Axes, here: pl.DataFrame, y: float, width: float, position: int) -> float:
    """Draw the starts of one group; return the last of them."""
    values = _values(here)
    if not values:
        cell(ax, width + 18, y, width, "0", align="right")
        return 0.0
    shade = colour(position)
    ax.plot([values["min"], values["max"]], [y, y], color=shade, lw=0.8, zorder=3, clip_on=False)
    ax.plot([values["q1"], values["q3"]], [y, y], color=shade, lw=3.2, zorder=4, solid_capstyle="butt")
    ax.plot([values["median"]], [y], "o", ms=4.4, mfc="white", mec=shade, mew=1.1, zorder=5, clip_on=False)
    size = number(here["at_risk"][0])
    cell(ax, width + 18, y, width, count(size), align="right")
    spread = measured_range(values["median"], values["min"], values["max"])
    cell(ax, width + 46, y, width, spread, align="right")
    return values["max"]


def _values(here: pl.DataFrame) -> dict[str, float]:
    return {
        row["measure"]: row["estimate"] for row in here.iter_rows(named=True) if row["estimate"] is not None
    }


def _lowest(starts: pl.DataFrame) -> float:
    low = starts.filter(pl.col("measure") == "min")["estimate"].min()
    return number(low) or 0.0


def _groups(rows: pl.DataFrame, facts: Facts) -> list[str | None]:
    """Groups of the study where there are any, else everybody."""
    named = [group for group in group_order(rows, facts) if group is not None]
    return list(named) or [None]


def _heads(ax: Axes, width: float) -> None:
    y = -0.5
    for left, text in ((width + 18, "Started"), (width + 46, "Day, median (range)")):
        ax.annotate(
            text,
            (left / width, y),
            xycoords=ax.get_yaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            fontsize=SMALL,
            weight="bold",
            ha="right",
            va="bottom",
            annotation_clip=False,
        )


def _legend(ax: Axes, facts: Facts) -> None:
    approximate = any(phase.get("around_median_of") for phase in facts.get("phases") or ())
    handles: list[Patch | Line2D] = [Patch(facecolor=PLANNED, label="Planned window")]
    if approximate:
        label = "Planned from the median of a date"
        handles.append(Patch(facecolor="none", edgecolor=GREY, hatch="////", lw=0.5, label=label))
    dot = Line2D([], [], marker="o", ms=4.4, mfc="white", mec=INK, ls="none", label="Median start")
    handles += [dot, Line2D([], [], color=INK, lw=3.2, label="Quartiles")]
    handles.append(Line2D([], [], color=INK, lw=0.8, label="Range"))
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        bbox_transform=ax.transAxes,
        borderaxespad=0.7,
        ncols=len(handles),
        fontsize=TINY + 0.5,
        handlelength=1.5,
        columnspacing=1.2,
    )


def _caption(facts: Facts) -> str:
    text = (
        f"Phases of treatment from {facts['time_zero']}: planned windows and actual starts of the patients "
        "who started on treatment."
    )
    if any(phase.get("from") not in (None, "time zero") for phase in facts.get("phases") or ()):
        text += (
            " A window that counts from an earlier phase is drawn from where that phase was planned, so that "
            "a late start there may lie outside the bar and still be in the patient's own window."
        )
    return text
