"""LC50 of all patients by drug: known values, what lies beyond the tested doses, and the cut-offs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

from remission.core.digits import significant
from remission.report.figures.lc50_panels import draw_cuts, panel_head
from remission.report.figures.style import (
    COLOURS,
    DOUBLE,
    journal,
    place,
    sheet,
)
from remission.report.format import count

COLUMNS = 2
LEFT, RIGHT, TOP, FOOT = 12.0, 6.0, 11.0, 11.0
WIDE, HIGH = (DOUBLE - COLUMNS * (LEFT + RIGHT)) / COLUMNS, 40.0
Cuts = Mapping[str, tuple[float, float]]


def plot_lc50_distribution(ax: Axes, rows: pl.DataFrame, cuts: tuple[float, float] | None = None) -> Axes:
    """Draw the LC50 of one drug in increasing order, one mark per patient.

    Dots are interpolated values; triangles at the side point to those known to lie beyond the tested doses.
    The lines are where sensitive ends and resistant begins.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Of one drug: lc50, low, high, censoring, unit, drug. Curves that failed are left out.
    cuts : (float, float), optional

    Returns
    -------
    matplotlib Axes
    """
    used = rows.filter(pl.col("censoring") != "failed")
    place_of = pl.coalesce(
        "lc50", pl.when(pl.col("censoring") == "left").then("high").otherwise("low")
    ).alias("x")
    side = pl.col("censoring").replace_strict({"left": 0, "bracketed": 1, "right": 2}).alias("side")
    used = used.with_columns(place_of, side).sort("side", "x")
    n = used.height
    y = [100 * (rank + 0.5) / n for rank in range(n)]
    for side_number, marker, colour in ((0, "<", COLOURS[2]), (1, "o", COLOURS[0]), (2, ">", COLOURS[1])):
        chosen = [place for place, each in enumerate(used["side"].to_list()) if each == side_number]
        ax.plot(
            [used["x"][place] for place in chosen],
            [y[place] for place in chosen],
            marker,
            ms=3.0,
            color=colour,
            mec="none",
            clip_on=False,
            zorder=4,
        )
    ax.set_xscale("log")
    _limits(ax, used, cuts)
    draw_cuts(ax, cuts or ())
    ax.xaxis.set_major_locator(LogLocator(numticks=7))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(lambda dose, _: significant(dose))
    ax.set_ylim(0, 100)
    ax.set_yticks([0, 25, 50, 75, 100])
    unit = rows["unit"][0] if rows.height else ""
    ax.set_xlabel(f"LC50 ({unit})" if unit else "LC50", parse_math=False, labelpad=1.5)
    ax.set_ylabel("Patients, cumulative\u00a0(%)", labelpad=2)
    return ax


def _limits(ax: Axes, used: pl.DataFrame, cuts: tuple[float, float] | None) -> None:
    seen = [each for each in used["x"].to_list() if each and each > 0]
    seen += list(cuts or ())
    if seen:
        reach = max((max(seen) / min(seen)) ** 0.06, 1.3)
        ax.set_xlim(min(seen) / reach, max(seen) * reach)


def draw_lc50_distributions(rows: pl.DataFrame, cuts: Cuts, mark: str = "") -> Figure:
    """Draw all drugs with a passing curve, two beside each other."""
    drugs = distributed(rows)
    lines = math.ceil(len(drugs) / COLUMNS)
    with journal():
        height = lines * (TOP + HIGH + FOOT)
        figure = sheet(DOUBLE, height, mark)
        for number, drug in enumerate(drugs):
            line, column = divmod(number, COLUMNS)
            ax = place(
                figure,
                column * (LEFT + WIDE + RIGHT) + LEFT,
                line * (TOP + HIGH + FOOT) + TOP,
                WIDE,
                HIGH,
            )
            part = rows.filter(pl.col("drug") == drug)
            plot_lc50_distribution(ax, part, cuts.get(drug))
            used = part.filter(pl.col("censoring") != "failed").height
            panel_head(ax, drug, used)
        return figure


def distributed(rows: pl.DataFrame) -> list[str]:
    """Drugs with at least one passing curve, in the order of the data."""
    used = rows.filter(pl.col("censoring") != "failed")
    return used["drug"].unique(maintain_order=True).to_list()


def describe_lc50_distributions(rows: pl.DataFrame) -> str:
    """Say what the figure shows to a reader who cannot see it."""
    told: list[str] = []
    for drug in distributed(rows):
        part = rows.filter(pl.col("drug") == drug)
        counted: dict[str, Any] = dict(part["censoring"].value_counts().rows())
        told.append(
            f"{drug}: {count(counted.get('bracketed', 0))} known, {count(counted.get('left', 0))} below and "
            f"{count(counted.get('right', 0))} above the tested doses"
        )
    return f"LC50 of all patients by drug. {'; '.join(told)}."
