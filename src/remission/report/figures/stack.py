"""Stacked incidence: at every time, what share had which first event, and who is left."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from remission.core.problems import InputError
from remission.core.wording import in_sentence, sentence_case
from remission.report.figures.curves import not_counted, tick_text
from remission.report.figures.data import PER_CENT, Facts, Floats, axis_words, horizon, tick_times
from remission.report.figures.style import INK, MIDDLE, SMALL, journal, place, sheet, size_of, wrapped
from remission.report.format import percent

# Tints of the colours of the lines; a dark edge divides them in greyscale, and what is left over is white.
FILLS = ("#DD7F45", "#A8D3EE", "#F5EBA0", "#8CCDB8", "#E4BFD3")
EVENT_FREE = "event-free"
LABELS = 30.0
LINE = 3.0
NO_FACTS: Facts = {}


def plot_stack(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Stack the incidences of competing events, in per cent; with those event-free they fill 100 %.

    Labels stand at the right of the axis: leave about 30 mm there.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows of all patients, on common times: `cause` names the event and `measure` is "incidence";
        the rest has `measure` "event-free".
    facts : mapping, optional
        `endpoint_labels` (words for each cause), `rest_label` (for those without an event), `unit`,
        `time_zero`, `until`, `ticks`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the causes are not on common times.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> measure, cause = ["incidence"] * 2 + ["event-free"] * 2, ["relapse"] * 2 + [None] * 2
    >>> rows = result_rows({"measure": measure, "cause": cause, "time": [0.0, 1.0] * 2,
    ...                     "estimate": [0.0, 0.4, 1.0, 0.6], "unit": "years"})
    >>> [text.get_text() for text in plot_stack(Figure().add_subplot(), rows).texts]
    ['Event-free 60.0%', 'Relapse 40.0%']
    """
    until = horizon(rows, facts)
    time, layers = _layers(rows, facts)
    keep = time <= until
    end = min(until, float(time[-1]))
    time = np.append(time[keep], end)
    bottom = np.zeros(len(time))
    edges = [bottom]
    for number, (_, share) in enumerate(layers):
        top = edges[-1] + 100 * np.append(share[keep], share[keep][-1])
        ax.fill_between(time, edges[-1], top, step="post", color=FILLS[number % len(FILLS)], lw=0, zorder=1)
        ax.plot(time, top, drawstyle="steps-post", color=INK, lw=0.7, zorder=3)
        edges.append(top)
    ax.set_xlim(0, until)
    ax.set_ylim(0, 100)
    ticks = tick_times(rows, facts)
    ax.set_xticks(ticks, [tick_text(tick) for tick in ticks])
    ax.set_yticks(range(0, 101, 20))
    ax.set_xlabel(axis_words(rows, facts), parse_math=False)
    ax.set_ylabel(f"Patients{PER_CENT}")
    not_counted(ax, float(time[0]), facts)
    edges.append(np.full(len(time), 100.0))
    rest = str(facts.get("rest_label") or EVENT_FREE)
    _labels(ax, [*(name for name, _ in layers), rest], edges, end / until)
    return ax


def _layers(rows: pl.DataFrame, facts: Facts) -> tuple[Floats, list[tuple[str, Floats]]]:
    """Find the common times, and each cause with its words and shares, in the order of the study."""
    named = facts.get("endpoint_labels") or {}
    events = rows.filter(pl.col("cause").is_not_null())
    causes = events["cause"].unique(maintain_order=True).to_list()
    found: list[tuple[str, Floats]] = []
    common: Floats | None = None
    for cause in [name for name in named if name in causes] + [name for name in causes if name not in named]:
        part = events.filter(pl.col("cause") == cause)
        time = part["time"].to_numpy()
        if common is not None and not np.array_equal(time, common):
            message = (
                f"the incidence of {cause} is on other times than the one before: stack curves of one table"
            )
            raise InputError(message)
        common = time
        found.append((str(named.get(cause) or cause), part["estimate"].to_numpy()))
    if common is None or not len(common):
        message = "there is no incidence to stack: the rows name no cause"
        raise InputError(message)
    return common, found


def _labels(ax: Axes, names: list[str], edges: list[Floats], end: float) -> None:
    """Name each layer at the right, with its share at the end, without overlap; the last is the rest."""
    size = size_of(ax)[1]
    shares = [float(top[-1] - bottom[-1]) for bottom, top in pairwise(edges)]
    texts = [
        f"{sentence_case(name)} {percent(share / 100)}" for name, share in zip(names, shares, strict=True)
    ]
    blocks = [wrapped(text, LABELS - 4, SMALL) for text in texts]
    middles = [float(bottom[-1] + top[-1]) / 2 * size / 100 for bottom, top in pairwise(edges)]
    floor = 0.0
    places: list[float] = []
    for middle, block in zip(middles, blocks, strict=True):
        half = LINE * len(block) / 2
        places.append(max(middle, floor + half))
        floor = places[-1] + half + 0.6
    over = max(0.0, floor - size - 2)
    for position in reversed(range(len(places))):
        half = LINE * len(blocks[position]) / 2
        ceiling = size
        if position + 1 < len(places):
            ceiling = places[position + 1] - LINE * len(blocks[position + 1]) / 2 - 0.6
        places[position] = min(places[position], ceiling - half) if over else places[position]
    for middle, block in reversed(list(zip(places, blocks, strict=True))):
        ax.text(
            end + 0.02,
            middle / size,
            "\n".join(block),
            transform=ax.transAxes,
            fontsize=SMALL,
            va="center",
            ha="left",
            linespacing=1.15,
            parse_math=False,
        )


def draw_stack(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Figure:
    """Draw the stacked incidence as a figure of its own."""
    with journal():
        figure = sheet(MIDDLE, 72.0, mark)
        ax = place(figure, 11.5, 2.5, MIDDLE - 11.5 - LABELS, 60.0)
        plot_stack(ax, rows, facts)
        return figure


def describe_stack(rows: pl.DataFrame, facts: Facts) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    until = horizon(rows, facts)
    time, layers = _layers(rows, facts)
    index = int(np.searchsorted(time, until, side="right")) - 1
    shares = [f"{in_sentence(name)} {percent(float(share[index]))}" for name, share in layers]
    at = f"At {tick_text(round(until, 1))} {facts.get('unit', '')}"
    return f"Stacked areas of first events over time. {at}: {', '.join(shares)}."
