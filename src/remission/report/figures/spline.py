"""A ratio that bends: along the values of a number, against its median."""

from __future__ import annotations

import math
from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from remission.core.wording import in_sentence, sentence_case
from remission.report import document
from remission.report.figures.data import Facts, interval_name
from remission.report.figures.schoenfeld import FARTHEST, ratio_ticks
from remission.report.figures.style import COLOURS, GREY, MIDDLE, journal, place, sheet, size_of
from remission.report.ratios import MODELS, outcome_of, ratio_number, ratio_words
from remission.report.section import Section
from remission.study.results import Output

HEIGHT, LEFT, RIGHT, TOP, BELOW = 58.0, 14.0, 4.0, 3.0, 10.0
NO_FACTS: Facts = {}


def plot_spline(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Draw the ratio along the values of a number, on a logarithmic axis, with its limits.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        `statistic`, the value of the number; `estimate`, `low`, `high`, ratios against the reference.
    facts : mapping, optional
        `label`, `value_unit`, `reference`, `knots`, `hazard`.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"statistic": [20.0, 40.0], "estimate": [0.8, 1.0], "low": [0.5, 1.0],
    ...                     "high": [1.2, 1.0]})
    >>> plot_spline(Figure().add_subplot(), rows, {"label": "Age", "value_unit": "years"}).get_xlabel()
    'Age (years)'
    """
    at = rows["statistic"].to_numpy()
    low, middle, high = (rows[name].log().to_numpy() for name in ("low", "estimate", "high"))
    bottom, top = min(float(low.min()), -0.2), max(float(high.max()), 0.2)
    room = 0.05 * (top - bottom)
    ax.set_ylim(max(bottom - room, -FARTHEST), min(top + room, FARTHEST))
    ax.set_xlim(float(at[0]), float(at[-1]))
    ax.axhline(0.0, color=GREY, lw=0.6, zorder=1)
    ax.fill_between(at, low, high, color=COLOURS[0], alpha=0.15, lw=0, zorder=1.5)
    ax.plot(at, middle, color=COLOURS[0], lw=1.4, zorder=3)
    reference = facts.get("reference")
    if reference is not None:
        ax.plot([reference], [0.0], "o", color=COLOURS[0], markersize=3.5, zorder=4)
    inside = [knot for knot in facts.get("knots") or () if at[0] <= knot <= at[-1]]
    ax.plot(inside, [ax.get_ylim()[0]] * len(inside), "^", color=GREY, markersize=4, mew=0, clip_on=False)
    bottom, top = ax.get_ylim()
    ticks = ratio_ticks(bottom, top, size_of(ax)[1])
    ax.set_yticks([math.log(tick) for tick in ticks], [f"{tick:g}" for tick in ticks])
    ax.yaxis.set_minor_locator(NullLocator())
    unit = f" ({facts['value_unit']})" if facts.get("value_unit") else ""
    ax.set_xlabel(f"{sentence_case(str(facts.get('label') or ''))}{unit}", parse_math=False)
    ax.set_ylabel(sentence_case(ratio_words(facts)))
    return ax


def draw_spline(rows: pl.DataFrame, facts: Facts, mark: str = "") -> Figure:
    """Draw one curve on a sheet of its own."""
    with journal():
        figure = sheet(MIDDLE, TOP + HEIGHT + BELOW, mark)
        plot_spline(place(figure, LEFT, TOP, MIDDLE - LEFT - RIGHT, HEIGHT), rows, facts)
        return figure


def spline_figures(section: Section) -> tuple[document.Figure, ...]:
    """One figure per spline."""
    return tuple(
        document.Figure(
            name=f"{section.stem}-spline-{output.facts['term']}",
            caption=_caption(output),
            alt=describe_spline(output),
            draw=partial(draw_spline, output.rows, output.facts, section.mark),
            width=MIDDLE,
        )
        for output in section.named("spline")
    )


def _caption(output: Output) -> str:
    facts = output.facts
    words = MODELS.get(output.variant, "")
    model = f", {words}" if words else ""
    unit = f" {facts['value_unit']}" if facts.get("value_unit") else ""
    return (
        f"{sentence_case(ratio_words(facts))} of {in_sentence(outcome_of(output))} along "
        f"{in_sentence(str(facts['label']))}{model}. Line and shaded area: ratio against the median of "
        f"{facts['reference']:g}{unit} (dot) with {interval_name(output.rows)}; triangles: knots of the "
        "restricted cubic spline. Drawn for the middle 96 % of patients; the axis is logarithmic."
    )


def describe_spline(output: Output) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    rows, facts = output.rows, output.facts
    ends = (rows.row(0, named=True), rows.row(-1, named=True))
    said = [f"{ratio_number(row['estimate'])} at {row['statistic']:g}" for row in ends]
    return (
        f"{sentence_case(ratio_words(facts))} along {facts['label']}: {said[0]}, 1 at "
        f"{facts['reference']:g}, {said[1]}."
    )
