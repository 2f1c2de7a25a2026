"""Survival by dose: replicates, means, the fitted curve, and where the LC50 lies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from remission.core.digits import significant
from remission.report.figures.style import (
    COLOURS,
    DOUBLE,
    GREY,
    INK,
    PALE,
    PANEL,
    TINY,
    journal,
    place,
    sheet,
    size_of,
    wrapped,
)

FIT, BRACKET, FAILED = COLOURS[0], COLOURS[1], COLOURS[3]
LEFT, RIGHT, TOP, FOOT = 12.0, 3.0, 15.0, 10.0
HIGH = 34.0
TITLE = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class CurvePanel:
    """What one panel shows.

    Attributes
    ----------
    row : mapping
        The row of the patient and drug: drug, unit, lc50, low, high, censoring, shown, at, quality, reasons,
        rmse.
    points : polars.DataFrame
        dose, survival, sd.
    replicates, fitted : polars.DataFrame
        dose, survival.
    """

    row: Mapping[str, Any]
    points: pl.DataFrame
    replicates: pl.DataFrame
    fitted: pl.DataFrame


def plot_dose_response(ax: Axes, panel: CurvePanel) -> Axes:
    """Draw one curve on a log axis of the dose; leave 16 mm above the axis for its title.

    Open circles are wells, filled ones means with standard deviations, the line is the four-parameter fit.
    The shaded band holds the LC50; an arrow tells that it lies beyond the tested doses. A curve that did not
    pass the quality rules is drawn in another colour, without LC50, and says why.

    Parameters
    ----------
    ax : matplotlib Axes
    panel : CurvePanel

    Returns
    -------
    matplotlib Axes
    """
    row = panel.row
    failed = row["quality"] != "pass"
    colour = FAILED if failed else FIT
    ax.set_xscale("log")
    lowest, highest = _heights(panel)
    ax.set_ylim(lowest, highest)
    level = float(row.get("at") or 50.0)
    ax.axhline(level, color=GREY, lw=0.5, dashes=(3, 2), zorder=1)
    if panel.points.height:
        low, high = float(panel.points["dose"].min()), float(panel.points["dose"].max())  # type: ignore[arg-type]
        reach = (high / low) ** 0.06 if high > low else 3.0
        ax.set_xlim(low / reach, high * reach)
    if not failed:
        _bracket(ax, row, level)
    if panel.fitted.height:
        ax.plot(panel.fitted["dose"], panel.fitted["survival"], color=colour, lw=1.2, zorder=3)
    else:
        ax.plot(panel.points["dose"], panel.points["survival"], color=colour, lw=0.8, dashes=(4, 2), zorder=3)
    ax.plot(
        panel.replicates["dose"],
        panel.replicates["survival"],
        "o",
        ms=2.2,
        mfc="none",
        mec=GREY,
        mew=0.5,
        zorder=2,
        clip_on=False,
    )
    _means(ax, panel.points, colour)
    ax.xaxis.set_major_locator(LogLocator(numticks=6))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(lambda dose, _: significant(dose))
    ax.set_yticks([tick for tick in range(0, 301, 50) if lowest <= tick <= highest])
    unit = f" ({row['unit']})" if row["unit"] else ""
    ax.set_xlabel(f"Dose{unit}", parse_math=False, labelpad=1.5)
    ax.set_ylabel("Survival\u00a0(%)", labelpad=2)
    _title(ax, row, failed=failed)
    return ax


def _heights(panel: CurvePanel) -> tuple[float, float]:
    """Ends of the axis: 0 and a little above 100, or what the wells need."""
    seen = [0.0, 100.0, *panel.replicates["survival"].to_list(), *panel.points["survival"].to_list()]
    lowest = float(min(seen))
    return (0.0 if lowest >= -2 else 1.1 * lowest), max(110.0, min(1.05 * float(max(seen)), 300.0))


def _means(ax: Axes, points: pl.DataFrame, colour: str) -> None:
    sd = [0.0 if each is None else each for each in points["sd"].to_list()]
    ax.errorbar(
        points["dose"].to_list(),
        points["survival"].to_list(),
        yerr=sd,
        fmt="o",
        ms=3.4,
        color=colour,
        elinewidth=0.7,
        capsize=1.5,
        capthick=0.7,
        zorder=4,
    )


def _bracket(ax: Axes, row: Mapping[str, Any], level: float) -> None:
    """The band between the two doses, or an arrow to what lies beyond."""
    left, right = ax.get_xlim()
    if row["censoring"] == "bracketed":
        ax.axvspan(row["low"], row["high"], color=PALE, lw=0, zorder=0)
        ax.plot([row["lc50"]] * 2, [0, level], color=BRACKET, lw=0.9, zorder=3)
        ax.plot([row["lc50"]], [level], "D", ms=3.6, color=BRACKET, zorder=5)
        return
    to_left = row["censoring"] == "left"
    bottom, top = ax.get_ylim()
    height = (level - bottom) / (top - bottom)
    edge, end = (row["high"], left) if to_left else (row["low"], right)
    ax.axvspan(min(edge, end), max(edge, end), color=PALE, lw=0, zorder=0)
    ax.annotate(
        "",
        xy=(0.0 if to_left else 1.0, height),
        xytext=(0.09 if to_left else 0.91, height),
        xycoords="axes fraction",
        arrowprops={"arrowstyle": "-|>", "color": BRACKET, "lw": 1.0, "shrinkA": 0, "shrinkB": 0},
        zorder=5,
    )


def _title(ax: Axes, row: Mapping[str, Any], *, failed: bool) -> None:
    width, height = size_of(ax)
    name = str(row["drug"])
    ax.text(
        0, 1 + 11.0 / height, name, transform=ax.transAxes, fontsize=PANEL, weight="bold", parse_math=False
    )
    if failed:
        said = f"Not used: {row['reasons']}"
    elif row["censoring"] == "bracketed":
        said = f"LC{_dead(row)} {row['shown']} ({significant(row['low'])} to {significant(row['high'])})"
    else:
        said = f"LC{_dead(row)} {row['shown']}"
    lines = wrapped(said, width + RIGHT - 1, TINY + 0.5)
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]} …"]
    ax.text(
        0,
        1 + 10.0 / height,
        "\n".join(lines),
        transform=ax.transAxes,
        fontsize=TINY + 0.5,
        va="top",
        color=INK,
        linespacing=1.15,
        parse_math=False,
    )


def _dead(row: Mapping[str, Any]) -> str:
    return f"{100 - float(row.get('at') or 50):g}"


def dose_response_height(panels: int) -> float:
    """Millimetres a figure of a patient needs."""
    return TITLE + math.ceil(panels / _columns(panels)) * (TOP + HIGH + FOOT)


def _columns(panels: int) -> int:
    """Panels beside each other: two where that fills the lines, else three."""
    return 2 if panels in {2, 4} else 3


def draw_dose_responses(title: str, panels: Sequence[CurvePanel], mark: str = "") -> Figure:
    """Draw all drugs of a patient as one figure, two or three panels beside each other."""
    with journal():
        figure = sheet(DOUBLE, dose_response_height(len(panels)), mark)
        across, down = DOUBLE, dose_response_height(len(panels))
        columns = _columns(len(panels))
        wide = DOUBLE / columns - LEFT - RIGHT
        figure.text(
            2 / across, 1 - 2.5 / down, title, fontsize=PANEL + 1, weight="bold", va="top", parse_math=False
        )
        for number, panel in enumerate(panels):
            line, column = divmod(number, columns)
            ax = place(
                figure,
                column * (LEFT + wide + RIGHT) + LEFT,
                TITLE + line * (TOP + HIGH + FOOT) + TOP,
                wide,
                HIGH,
            )
            plot_dose_response(ax, panel)
        return figure


def describe_dose_responses(title: str, panels: Sequence[CurvePanel]) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    told = [
        f"{panel.row['drug']}: "
        + (f"LC{_dead(panel.row)} {panel.row['shown']}" if panel.row["quality"] == "pass" else "not used")
        for panel in panels
    ]
    return f"Survival by dose, {title}. {'; '.join(told)}."
