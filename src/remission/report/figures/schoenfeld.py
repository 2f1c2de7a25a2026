"""Whether effects stay the same over time: scaled Schoenfeld residuals of each coefficient with a line."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from remission.core.wording import sentence_case
from remission.report.figures.curves import tick_text
from remission.report.figures.data import Facts, axis_words
from remission.report.figures.style import (
    BASE,
    COLOURS,
    DOUBLE,
    GREY,
    MIDDLE,
    MM,
    SMALL,
    journal,
    place,
    sheet,
    size_of,
    text_width,
    wrapped,
)
from remission.report.format import p_phrase
from remission.report.ratios import ratio_words, term_words

AT_MOST = 12
FARTHEST = math.log(1000)
PLOT_HEIGHT = 38.0
LEFT, RIGHT, BELOW, GAP = 13.0, 2.0, 9.0, 3.0
TITLE = 3.4
LABEL = 3.4
LADDERS = (
    tuple(round(0.5 + 0.02 * number, 2) for number in range(51)),
    tuple(round(0.5 + 0.05 * number, 2) for number in range(31)),
    (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5),
    tuple(float(f"{digit}e{power}") for power in range(-3, 4) for digit in (1, 1.5, 2, 3, 5, 7)),
    tuple(digit * 10.0**power for power in range(-3, 4) for digit in (1, 2, 5)),
    tuple(10.0**power for power in range(-6, 7)),
    tuple(100.0**power for power in range(-6, 7)),
)
TIMES = tuple(digit * 10.0**power for power in range(-2, 5) for digit in (1, 2, 5))
NO_FACTS: Facts = {}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a model: its term, its level, and what it is called."""

    term: str
    level: str
    title: str


def coefficients(rows: pl.DataFrame, facts: Facts) -> list[Coefficient]:
    """List the coefficients in order, those of groups named with their reference."""
    terms = {str(term["name"]): term for term in facts.get("terms") or ()}
    found = []
    for name, level in rows.select("term", "level").unique(maintain_order=True).iter_rows():
        term = terms.get(name, {"name": name})
        reference = term.get("reference")
        against = f" against {reference}" if reference and term.get("kind") != "interaction" else ""
        found.append(Coefficient(name, level, f"{term_words(term)}: {level}{against}"))
    return found


def least_constant(rows: pl.DataFrame, every: Sequence[Coefficient], n: int) -> list[Coefficient]:
    """The `n` coefficients with the smallest P of their own test, in model order; ties: the first."""
    tested = rows.filter((pl.col("measure") == "coefficient") & pl.col("p").is_not_null())
    p = {(term, level): value for term, level, value in tested.select("term", "level", "p").iter_rows()}
    order = sorted(range(len(every)), key=lambda i: p.get((every[i].term, every[i].level), math.inf))
    return [every[i] for i in sorted(order[:n])]


def plot_schoenfeld(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Draw the scaled residuals of one coefficient against time, as ratios on a logarithmic axis.

    Points are events (triangles: beyond ratios of a thousand); the line with its limits is smooth through
    them; the dashed line is the one ratio of the model. The time axis is stretched as the test sees time.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows of one `term` and `level`: `measure` `scaled residual` and `smooth` with `statistic`, the
        place on the time axis, `estimate` (log ratio), `low`, `high`; `measure` `coefficient`.
    facts : mapping, optional
        `ticks` (each with `time` and `place`), `unit`, `time_zero`, `hazard`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"measure": "scaled residual", "statistic": [0.1, 0.5], "estimate": [0.2, -0.4],
    ...                     "unit": "years"})
    >>> plot_schoenfeld(Figure().add_subplot(), rows).get_xlabel()
    'Years after time zero'
    """
    points, smooth, constant = (
        rows.filter(pl.col("measure") == measure) for measure in ("scaled residual", "smooth", "coefficient")
    )
    values = _finite([*points["estimate"], *smooth["low"], *smooth["high"], *constant["estimate"]])
    low, high = (min(values), max(values)) if values else (-1.0, 1.0)
    room = 0.05 * max(high - low, 0.5)
    ax.set_ylim(max(min(low, -0.2) - room, -FARTHEST), min(max(high, 0.2) + room, FARTHEST))
    ax.axhline(0.0, color=GREY, lw=0.6, zorder=1)
    ax.plot(
        points["statistic"],
        points["estimate"],
        "o",
        markersize=2.2,
        markerfacecolor="none",
        markeredgecolor=GREY,
        mew=0.5,
        alpha=0.8,
        zorder=2,
    )
    for sign, marker in ((-1, "v"), (1, "^")):
        far = points.filter(sign * pl.col("estimate") > FARTHEST)["statistic"]
        ax.plot(far, [sign * FARTHEST] * len(far), marker, markersize=2.6, color=GREY, mew=0, clip_on=False)
    if smooth.height:
        at = smooth["statistic"].to_numpy()
        bands = (smooth["low"].to_numpy(), smooth["high"].to_numpy())
        ax.fill_between(at, *bands, color=COLOURS[0], alpha=0.15, lw=0, zorder=1.5)
        ax.plot(at, smooth["estimate"].to_numpy(), color=COLOURS[0], lw=1.3, zorder=4)
    for value in constant["estimate"].drop_nulls():
        ax.axhline(value, color=COLOURS[1], lw=1.0, linestyle=(0, (4, 2)), zorder=3)
    _axes(ax, rows, facts)
    return ax


def _finite(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _axes(ax: Axes, rows: pl.DataFrame, facts: Facts) -> None:
    """Label both axes in what a reader knows: times, and ratios."""
    across, up = size_of(ax)
    bottom, top = ax.get_ylim()
    ticks = ratio_ticks(bottom, top, up)
    ax.set_yticks([math.log(tick) for tick in ticks], [f"{tick:g}" for tick in ticks])
    ax.yaxis.set_minor_locator(NullLocator())
    spots = time_ticks(rows, ax.get_xlim(), across)
    if spots:
        ax.set_xticks([spot for spot, _ in spots], [text for _, text in spots])
    ax.set_xlabel(axis_words(rows, facts), parse_math=False)
    ax.set_ylabel(_axis_name(facts))


def ratio_ticks(bottom: float, top: float, height: float) -> list[float]:
    """Choose the finest round ratios whose labels stay apart, from log ratios to so many millimetres.

    Examples
    --------
    >>> ratio_ticks(-1.0, 1.0, 38.0), ratio_ticks(-9.0, 9.0, 38.0)
    ([0.5, 0.7, 1.0, 1.5, 2.0], [0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0])
    """
    best = [1.0]
    for ratios in LADDERS:
        ticks = [ratio for ratio in ratios if bottom <= math.log(ratio) <= top]
        steps = [math.log(two / one) for one, two in itertools.pairwise(ticks)]
        if steps and min(steps) / (top - bottom) * height >= LABEL and len(ticks) > len(best):
            best = ticks
    return best


def time_ticks(rows: pl.DataFrame, axis: tuple[float, float], width: float) -> list[tuple[float, str]]:
    """Places of round times on an axis of so many millimetres that is stretched as the test sees time."""
    known = rows.filter(pl.col("time").is_not_null() & pl.col("statistic").is_not_null()).sort("time")
    if known.height < 2:
        return []
    time, spot = known["time"].to_numpy(), known["statistic"].to_numpy()
    first, last = float(time[0]), float(time[-1])
    scale = width / (axis[1] - axis[0])
    shown: list[tuple[float, str]] = []
    for tick in (each for each in TIMES if first <= each <= last):
        at, text = float(np.interp(tick, time, spot)), tick_text(tick)
        room = 0.0 if not shown else (text_width(shown[-1][1], SMALL) + text_width(text, SMALL)) / 2 + 1.5
        if not shown or (at - shown[-1][0]) * scale >= room:
            shown.append((at, text))
    return shown


def _axis_name(facts: Facts) -> str:
    """Name the ratio on a low axis, in two lines where it is long."""
    return "\n".join(wrapped(sentence_case(ratio_words(facts)), PLOT_HEIGHT * 0.95, BASE))


def draw_schoenfeld(rows: pl.DataFrame, facts: Facts, shown: Sequence[Coefficient], mark: str = "") -> Figure:
    """Draw a panel for each coefficient, three in a row (two when there are few)."""
    with journal():
        columns = 2 if len(shown) == 4 else min(len(shown), 3)
        width = DOUBLE if columns > 1 else MIDDLE
        each = (width - GAP * (columns - 1)) / columns
        lines = [shown[start : start + columns] for start in range(0, len(shown), columns)]
        titles = [[_title(rows, item, each) for item in line] for line in lines]
        heads = [2.0 + TITLE * max(len(title) for title in line) for line in titles]
        figure = sheet(width, sum(heads) + len(lines) * (PLOT_HEIGHT + BELOW) + GAP * (len(lines) - 1), mark)
        extra = 3.0 if "\n" in _axis_name(facts) else 0.0
        top = 0.0
        for line, told, head in zip(lines, titles, heads, strict=True):
            for column, (item, title) in enumerate(zip(line, told, strict=True)):
                left = column * (each + GAP)
                _write(figure, title, left + 1, top + 0.8)
                ax = place(figure, left + LEFT + extra, top + head, each - LEFT - extra - RIGHT, PLOT_HEIGHT)
                plot_schoenfeld(ax, _of(rows, item), facts)
            top += head + PLOT_HEIGHT + BELOW + GAP
        return figure


def _of(rows: pl.DataFrame, item: Coefficient) -> pl.DataFrame:
    return rows.filter((pl.col("term") == item.term) & pl.col("level").eq_missing(pl.lit(item.level)))


def _title(rows: pl.DataFrame, item: Coefficient, width: float) -> list[str]:
    """Name of a coefficient and the P value of its own test."""
    own = _of(rows, item).filter(pl.col("measure") == "coefficient")
    p = f" ({p_phrase(own['p'][0])})" if own.height and own["p"][0] is not None else ""
    return wrapped(
        f"{item.title}{p}".replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"), width - 3, BASE
    )


def _write(figure: Figure, lines: Sequence[str], left: float, top: float) -> None:
    width, height = figure.get_size_inches() / MM
    for number, line in enumerate(lines):
        figure.text(
            left / width,
            1 - (top + number * TITLE) / height,
            line,
            fontsize=BASE,
            va="top",
            parse_math=False,
        )


def describe_schoenfeld(rows: pl.DataFrame, facts: Facts, shown: Sequence[Coefficient]) -> str:
    """Say what the figure shows to a reader who cannot see it: the ratio early and late."""
    said = []
    for item in shown:
        smooth = _of(rows, item).filter(pl.col("measure") == "smooth")
        if smooth.height:
            first, last = (float(np.exp(smooth["estimate"][place])) for place in (0, -1))
            said.append(f"{item.title}: about {first:.2g} early and {last:.2g} late")
    return f"Scaled Schoenfeld residuals over time, as {ratio_words(facts)}s. {'; '.join(said)}."
