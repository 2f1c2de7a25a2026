"""A cohort beside published results: one line each on one per-cent axis, by endpoint and time."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.report.figures.benchmark_lines import ALSO, Line, benchmark_lines, from_memory
from remission.report.figures.data import PER_CENT
from remission.report.figures.lines import bar, cell, line_axis, shortened
from remission.report.figures.style import COLOURS, DOUBLE, GREY, INK, journal, place, sheet, size_of
from remission.report.format import count, limits, percent
from remission.study.results import Output

LINE, HEAD, FOOT = 4.0, 6.5, 9.0
TRIAL, POPULATION, NUMBER = 27.0, 52.0, 9.0
LEFT, PLOT, VALUE = TRIAL + POPULATION + NUMBER, 52.0, 3.0


def draw_benchmark(outputs: Sequence[Output], ci: str, mark: str = "") -> Figure:
    """Draw the forest; squares are the cohort, open circles published results."""
    lines = benchmark_lines(outputs)
    with journal():
        tall = LINE * len(lines)
        figure = sheet(DOUBLE, HEAD + tall + FOOT, mark)
        _plot(place(figure, LEFT, HEAD, PLOT, tall), lines, ci)
        return figure


def _plot(ax: Axes, lines: Sequence[Line], ci: str) -> None:
    line_axis(ax, len(lines))
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 20))
    ax.set_xlabel("Estimate with its limits" + PER_CENT, parse_math=False)
    width = size_of(ax)[0]
    ax.grid(visible=True, axis="x", color="#e3e3e3", lw=0.4)
    ax.set_axisbelow(True)
    for at, text, align in (
        (1 - LEFT, "Trial", "left"),
        (TRIAL - LEFT, "Patients", "left"),
        (-3.5, "n", "right"),
        (width + VALUE, f"% ({ci})", "left"),
    ):
        cell(ax, at, -1.05, width, text, align=align, weight="bold")
    for y, line in enumerate(lines):
        _line(ax, y, width, line)


def _line(ax: Axes, y: float, width: float, line: Line) -> None:
    if line.row is None:
        bar(ax, -LEFT, width + DOUBLE - LEFT - PLOT, y, width)
        cell(ax, 1 - LEFT, y, width, line.trial, weight="bold")
        return
    row, weight = line.row, "bold" if line.ours else "normal"
    cell(ax, 3 - LEFT, y, width, shortened(line.trial, TRIAL - 4), weight=weight)
    cell(ax, TRIAL - LEFT, y, width, shortened(line.population, POPULATION - 1))
    cell(ax, -3.5, y, width, count(row["at_risk"]), align="right")
    ends = limits(row["low"], row["high"])
    text = percent(row["estimate"]) + (f" ({ends})" if ends else "")
    cell(ax, width + VALUE, y, width, text + (f" {ALSO}" if from_memory(line) else ""), weight=weight)
    if row["estimate"] is None:
        return
    shade = COLOURS[0] if line.ours else COLOURS[1]
    if ends:
        low, high = (
            100 * (row[name] if row[name] is not None else row["estimate"]) for name in ("low", "high")
        )
        ax.plot(
            [low, high], [y, y], color=shade if line.ours else INK, lw=1.1 if line.ours else 0.8, zorder=2
        )
    face = shade if line.ours else "white"
    ax.plot(
        [100 * row["estimate"]],
        [y],
        "s" if line.ours else "o",
        markersize=4.2 if line.ours else 3.8,
        markerfacecolor=face,
        markeredgecolor=shade if ends or line.ours else GREY,
        mew=1.0,
        zorder=3,
        clip_on=False,
    )


def describe_benchmark(outputs: Sequence[Output]) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    said: list[str] = []
    for line in benchmark_lines(outputs):
        if line.row is None:
            said.append(f"{line.trial}:")
        else:
            ends = limits(line.row["low"], line.row["high"])
            number = percent(line.row["estimate"]) + (f" ({ends})" if ends else "")
            said.append(f"{line.trial}, {line.population}, {number};")
    return "The cohort beside published results. " + " ".join(said).rstrip(";") + "."
