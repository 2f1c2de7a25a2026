"""Figures of predicted risks: calibration at a time, and decision curves."""

from __future__ import annotations

import math
from functools import partial

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from remission.core.wording import in_sentence
from remission.report import document
from remission.report.figures.data import interval_name
from remission.report.figures.prediction import predicted_and_observed
from remission.report.figures.small_multiples import Small, small_figure
from remission.report.figures.style import COLOURS, GREY, SMALL
from remission.report.format import fixed
from remission.report.section import Section, endpoint_of
from remission.report.tables.added_value import BOTH, FACTORS, NAMES, basis_words
from remission.study.results import Output

LINES = {FACTORS: (COLOURS[0], (0, (5.0, 1.6)), "o"), BOTH: (COLOURS[1], "solid", "s")}
EDGE = 0.02
FEWEST = 5


def plot_risk_calibration(ax: Axes, rows: pl.DataFrame, *, label: str = "") -> Axes:
    """Draw the incidence against the mean predicted risk of groups, for two models; the diagonal is right.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        By model (`term`) and group: `statistic` (predicted), `estimate`, `low`, `high`.
    label : str
        Of the event.

    Returns
    -------
    matplotlib Axes
    """
    known = rows.filter(pl.col("estimate").is_not_null())
    tops = [known[name].max() or 0.0 for name in ("statistic", "estimate", "high")]
    top = min(math.ceil(10 * max(float(value) for value in tops) + 0.2) * 10, 100)  # type: ignore[arg-type]
    ax.plot([0, top], [0, top], color=GREY, lw=0.7, dashes=(4, 2), zorder=1)
    for place, (name, (colour, _, mark)) in enumerate(LINES.items()):
        part = known.filter(pl.col("term") == name).sort("statistic")
        shift = (place - 0.5) * 0.012 * top  # so that limits of the two models do not hide each other
        x, y = 100 * part["statistic"].to_numpy() + shift, 100 * part["estimate"].to_numpy()
        low = part["low"].fill_null(part["estimate"]).to_numpy()
        high = part["high"].fill_null(part["estimate"]).to_numpy()
        ends = [(y - 100 * low).clip(0), (100 * high - y).clip(0)]
        ax.errorbar(
            x, y, yerr=ends, fmt=mark, color=colour, ms=3.6, lw=0.9, capsize=1.6, label=NAMES[name], zorder=3
        )
    ax.set_xlim(-0.02 * top, 1.02 * top)
    ax.set_ylim(-0.02 * top, 1.02 * top)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.set_xlabel("Predicted risk (%)")
    ax.set_ylabel(f"Observed incidence{f' of {label}' if label else ''} (%)")
    ax.legend(loc="upper left", fontsize=SMALL, handletextpad=0.3, borderaxespad=0.2)
    return ax


def calibration_figures(section: Section) -> tuple[document.Figure, ...]:
    """One figure for each kind of models, a panel for each time."""
    return tuple(_calibration(section, output) for output in section.named("added_calibration"))


def _calibration(section: Section, output: Output) -> document.Figure:
    groups = output.rows.filter(pl.col("group").is_not_null())
    label = in_sentence(endpoint_of(output))
    panels, told = [], []
    for level in groups["level"].unique(maintain_order=True).to_list():
        rows = groups.filter(pl.col("level") == level)
        panels.append(Small(partial(plot_risk_calibration, rows=rows, label=label), f"By {level}"))
        for name in (FACTORS, BOTH):
            each = predicted_and_observed(rows.filter(pl.col("term") == name))
            told.append(f"{NAMES[name]}, by {level}: {each}.")
    return small_figure(
        section,
        name=f"{section.stem}-risk-calibration{'-' + output.variant if output.variant else ''}",
        caption=f"Predicted risk and observed incidence of {label}{basis_words(output)}: groups of equal "
        f"size with {interval_name(output.rows)}. On the broken line predictions are right.",
        alt=" ".join(told),
        panels=panels,
    )


def plot_decision_curve(ax: Axes, rows: pl.DataFrame) -> Axes:
    """Draw net benefit along the risk from which one would treat.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Of `measure` "net benefit": `group` ("factors", "both", "treat all"), `statistic` (threshold),
        `estimate`, `at_risk` (patients at or above it). Drawn as far as a model has five of them.

    Returns
    -------
    matplotlib Axes
    """
    known = rows.filter((pl.col("measure") == "net benefit") & pl.col("estimate").is_not_null())
    models = known.filter(pl.col("group").is_in([FACTORS, BOTH]))
    used = models.filter(pl.col("at_risk") >= FEWEST)["statistic"].max()
    right = min(100.0 * (float(used) + 0.01), 99.0) if used is not None else 50.0  # type: ignore[arg-type]
    everybody = known.filter(pl.col("group") == "treat all").sort("statistic")
    ax.plot(
        100 * everybody["statistic"].to_numpy(),
        100 * everybody["estimate"].to_numpy(),
        color=GREY,
        lw=0.9,
        ls=(0, (1.1, 1.1)),
        label="Treat all",
    )
    ax.axhline(0.0, color=GREY, lw=0.7, label="Treat none")
    for name, (colour, dash, _) in LINES.items():
        part = models.filter(pl.col("group") == name).sort("statistic")
        x, y = 100 * part["statistic"].to_numpy(), 100 * part["estimate"].to_numpy()
        ax.plot(x, y, color=colour, ls=dash, lw=1.3, label=NAMES[name], zorder=3)
    inside = known.filter(pl.col("statistic") <= right / 100)["estimate"]
    top = 100 * max(float(inside.max() or 0.0), EDGE)  # type: ignore[arg-type]
    lowest = models.filter(pl.col("statistic") <= right / 100)["estimate"].min()
    bottom = 100 * max(min(float(lowest or 0.0), -EDGE / 2), -0.3 * top / 100)  # type: ignore[arg-type]
    ax.set_ylim(1.15 * bottom, 1.05 * top)
    ax.set_xlim(0, right)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.set_xlabel("Risk from which one would treat (%)")
    ax.set_ylabel("Net benefit (per 100 patients)")
    ax.legend(loc="upper right", fontsize=SMALL, handlelength=2.6, borderaxespad=0.2)
    return ax


def benefit_figures(section: Section) -> tuple[document.Figure, ...]:
    """One figure for each kind of models, a panel for each time."""
    return tuple(_benefit(section, output) for output in section.named("added_benefit"))


def _benefit(section: Section, output: Output) -> document.Figure:
    label = in_sentence(endpoint_of(output))
    panels, told = [], []
    for level in output.rows["level"].unique(maintain_order=True).to_list():
        rows = output.rows.filter(pl.col("level") == level)
        panels.append(Small(partial(plot_decision_curve, rows=rows), f"By {level}"))
        values = {(row["group"], row["statistic"]): row["estimate"] for row in rows.iter_rows(named=True)}
        for threshold in (0.1, 0.2, 0.3):
            parts = [
                f"{NAMES.get(name, 'Treat all')} {fixed(100 * value, 1)}"
                for name in ("treat all", FACTORS, BOTH)
                if (value := values.get((name, threshold))) is not None
            ]
            told.append(f"By {level}, treating from {fixed(100 * threshold, 0)}%: {', '.join(parts)}.")
    same = (
        ""
        if output.variant == "applied"
        else " The models were fitted to the same patients, which flatters both curves."
    )
    return small_figure(
        section,
        name=f"{section.stem}-decision{'-' + output.variant if output.variant else ''}",
        caption=f"Decision curves: net benefit of treating those whose predicted risk of {label} is at or "
        f"above a threshold{basis_words(output)}.{same}",
        alt=" ".join(told),
        panels=panels,
    )
