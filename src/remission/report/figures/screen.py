"""The screen as a figure: one line per level, its estimate with limits, and the P value of each variable."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.wording import sentence_case
from remission.report.figures.data import PER_CENT, Facts, interval_name
from remission.report.figures.lines import bar, cell, line_axis, number, shortened
from remission.report.figures.style import (
    COLOURS,
    DOUBLE,
    INK,
    SMALL,
    journal,
    place,
    sheet,
    size_of,
    wrapped,
)
from remission.report.format import count, limits, p_value, percent

LINE = 4.0
HEAD, FOOT = 8.5, 9.0
NAMES, NUMBERS, PLOT = 50.0, 30.0, 46.0
NO_FACTS: Facts = {}


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: a variable (bold, with its P) or one of its levels (with its numbers)."""

    text: str
    row: dict[str, object] | None = None
    p: str = ""
    p_adjusted: str = ""


def lines_of(rows: pl.DataFrame, facts: Facts) -> list[Line]:
    """Lines from top to bottom, variables in the order of the study."""
    labels = {item["name"]: item.get("label") or item["name"] for item in facts.get("variables") or ()}
    present = rows["term"].unique(maintain_order=True).to_list()
    found: list[Line] = []
    for term in [name for name in labels if name in present] + [
        name for name in present if name not in labels
    ]:
        part = rows.filter(pl.col("term") == term)
        p = part["p"].drop_nulls().to_list()
        adjusted = part["p_adjusted"].drop_nulls().to_list()
        label = sentence_case(str(labels.get(term, term)))
        found.append(
            Line(label, None, p_value(p[0] if p else None), p_value(adjusted[0] if adjusted else None))
        )
        levels = part.filter(pl.col("level").is_not_null())
        found += [Line(str(row["level"]), row) for row in levels.iter_rows(named=True)]
    return found


def screen_height(rows: pl.DataFrame, facts: Facts = NO_FACTS) -> float:
    """Millimetres the figure needs."""
    return HEAD + FOOT + LINE * len(lines_of(rows, facts))


def plot_screen(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    r"""Draw estimates with limits, one line per level, with names and numbers beside the axis.

    Leave 80 mm left of the axis and 48 mm right of it.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows with `term`, `level`, `at_risk` (number of patients), `events`, `estimate`, `low`,
        `high`, `p` and `p_adjusted`.
    facts : mapping, optional
        `variables` (names and labels), `endpoint_label`, `at`, `adjust`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"term": "sex", "level": ["female", "male"], "estimate": [0.3, 0.2], "p": 0.46})
    >>> plot_screen(Figure().add_subplot(), rows, {"at": "5 years"}).get_xlabel()
    'At 5 years\xa0(%)'
    """
    lines = lines_of(rows, facts)
    line_axis(ax, len(lines))
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 25))
    at = f" at {facts['at']}" if facts.get("at") else ""
    ax.set_xlabel(
        sentence_case(f"{facts.get('endpoint_label') or ''}{at}".strip()) + PER_CENT, parse_math=False
    )
    width, adjusted = size_of(ax)[0], facts.get("adjust") not in (None, "", "none")
    for y, line in enumerate(lines):
        if line.row is None:
            left, right = -NAMES - NUMBERS, width + (47 if adjusted else 36)
            bar(ax, left, right, y, width)
            cell(ax, 1 - NAMES - NUMBERS, y, width, line.text, weight="bold")
            cell(ax, width + 35, y, width, line.p, align="right")
            if adjusted:
                cell(ax, width + 46, y, width, line.p_adjusted, align="right")
        else:
            _level(ax, y, width, line)
    _heads(ax, width, interval_name(rows), adjusted=adjusted)
    return ax


def _level(ax: Axes, y: float, width: float, line: Line) -> None:
    row = line.row or {}
    estimate, low, high = (number(row.get(name)) for name in ("estimate", "low", "high"))
    cell(ax, 4 - NAMES - NUMBERS, y, width, shortened(line.text, NAMES - 6))
    cell(ax, -18, y, width, count(number(row.get("at_risk"))), align="right")
    cell(ax, -5, y, width, count(number(row.get("events"))), align="right")
    ends = limits(low, high)
    cell(ax, width + 3, y, width, percent(estimate) + (f" ({ends})" if ends else ""))
    if estimate is None:
        return
    if low is not None and high is not None:
        ax.plot([100 * low, 100 * high], [y, y], color=INK, lw=0.8, zorder=2, clip_on=False)
    ax.plot([100 * estimate], [y], "s", markersize=3.6, color=COLOURS[0], zorder=3, clip_on=False)


def _heads(ax: Axes, width: float, ci: str, *, adjusted: bool) -> None:
    y = -1.1
    cell(ax, -18, y, width, "Patients", align="right", weight="bold")
    cell(ax, -5, y, width, "Events", align="right", weight="bold")
    cell(ax, width + 3, y, width, f"% ({ci})", weight="bold")
    cell(ax, width + 35, y, width, "P", align="right", weight="bold")
    if adjusted:
        cell(ax, width + 46, y, width, "P adj.", align="right", weight="bold")


def draw_screen(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Figure:
    """Draw the screen as a figure of its own."""
    with journal():
        height = screen_height(rows, facts)
        figure = sheet(DOUBLE, height, mark)
        ax = place(figure, NAMES + NUMBERS, HEAD, PLOT, height - HEAD - FOOT)
        plot_screen(ax, rows, facts)
        return figure


def describe_screen(rows: pl.DataFrame, facts: Facts) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    names = [line for line in lines_of(rows, facts) if line.row is None]
    listed = "; ".join(f"{line.text}: P {line.p}" for line in names)
    label = facts.get("endpoint_label") or "the endpoint"
    return " ".join(
        wrapped(f"Estimates of {label} by level of each variable, with limits. {listed}.", 1e9, SMALL)
    )
