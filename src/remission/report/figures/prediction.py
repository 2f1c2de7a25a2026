"""Figures of predictions: do probabilities come true, and what permutations reach."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl
from matplotlib.axes import Axes

from remission.core.wording import listing, sentence_case
from remission.report import document
from remission.report.figures.data import interval_name
from remission.report.figures.small_multiples import Small, small_figure
from remission.report.figures.style import COLOURS, GREY, SMALL, TINY, count_ticks
from remission.report.format import count, fixed, limits, p_phrase
from remission.report.section import Section
from remission.report.words.phrases import items
from remission.study.results import Output


def plot_calibration(ax: Axes, rows: pl.DataFrame, *, label: str = "", note: str = "") -> Axes:
    """Draw observed shares against mean predictions, by group, with limits; the diagonal is right.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        One row per group: `statistic` (prediction), `estimate`, `low`, `high`, shares from 0 to 1.
    label : str
        Name of the class.
    note : str
        Printed in the corner.

    Returns
    -------
    matplotlib Axes
    """
    ax.plot([0, 100], [0, 100], color=GREY, lw=0.7, dashes=(4, 2), zorder=1)
    known = rows.filter(pl.col("estimate").is_not_null()).sort("statistic")
    x, y = 100 * known["statistic"].to_numpy(), 100 * known["estimate"].to_numpy()
    ends = [(y - 100 * known["low"].to_numpy()).clip(0), (100 * known["high"].to_numpy() - y).clip(0)]
    ax.errorbar(x, y, yerr=ends, fmt="o", color=COLOURS[0], ms=3.6, lw=0.9, capsize=1.8, zorder=3)
    ax.set_xlim(-2, 102)
    ax.set_ylim(-2, 102)
    ax.set_xticks(range(0, 101, 20))
    ax.set_yticks(range(0, 101, 20))
    ax.set_xlabel(f"Predicted probability{f': {label}' if label else ''} (%)")
    ax.set_ylabel("Observed share (%)")
    if note:
        ax.text(0.03, 0.97, note, transform=ax.transAxes, fontsize=TINY + 0.5, va="top", color=GREY)
    return ax


def calibration_figures(section: Section) -> tuple[document.Figure, ...]:
    """One figure with a panel for each signature of a class."""
    return tuple(_calibration(section, output) for output in section.named("prediction_calibration"))


def _calibration(section: Section, output: Output) -> document.Figure:
    panels, told = [], []
    for item in items(output.facts, "targets"):
        rows = output.rows.filter(pl.col("term") == item["name"])
        if not rows.height:
            continue
        label = str(item["label"])
        draw = partial(plot_calibration, rows=rows, label=str(item["positive"]))
        panels.append(Small(draw, sentence_case(label)))
        told.append(f"{sentence_case(label)}: {predicted_and_observed(rows)}.")
    inside = output.facts["predictions"] == "out of fold"
    basis = "out of fold" if inside else "by the locked signatures"
    return small_figure(
        section,
        name=f"{section.stem}-calibration",
        caption=f"Calibration {basis}: groups of equal size by predicted probability, with exact "
        f"{interval_name(output.rows)}. On the broken line predictions are right.",
        alt=" ".join(told),
        panels=panels,
    )


def predicted_and_observed(rows: pl.DataFrame) -> str:
    """Say what groups of a calibration were predicted, and what was observed."""
    return "; ".join(
        f"{fixed(100 * row['statistic'], 0)}% predicted, {fixed(100 * row['estimate'], 0)}% observed"
        for row in rows.iter_rows(named=True)
        if row["estimate"] is not None
    )


def plot_null(ax: Axes, rows: pl.DataFrame) -> Axes:
    """Draw how good permutations were, and what was observed.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Of one signature: `measure` "permutations" (bars `low` to `high`, number in `estimate`) and
        "observed" (`estimate`, `p`, name of the measure in `level`).

    Returns
    -------
    matplotlib Axes
    """
    bars = rows.filter(pl.col("measure") == "permutations")
    seen = rows.filter(pl.col("measure") == "observed").row(0, named=True)
    low, high = bars["low"].to_numpy(), bars["high"].to_numpy()
    ax.bar(low, bars["estimate"].to_numpy(), high - low, align="edge", color="#b9c2cb", ec="white", lw=0.3)
    top = max(float(bars["estimate"].max() or 1.0), 1.0)  # type: ignore[arg-type]
    ax.set_ylim(0, 1.32 * top)
    ax.plot([seen["estimate"]] * 2, [0, 1.12 * top], color=COLOURS[1], lw=1.6, zorder=4)
    ax.axvline(0.5, color=GREY, lw=0.7, ls=(0, (1.1, 1.1)), zorder=1)
    room = 0.12 * max(float(high[-1]) - float(low[0]), 0.02)
    left, right = min(float(low[0]), 0.5) - room, max(float(high[-1]), 0.5) + room
    ax.set_xlim(left, right)
    side = "right" if seen["estimate"] > (left + right) / 2 else "left"
    words = f"observed {fixed(seen['estimate'], 2)}, {p_phrase(seen['p'])}"
    ax.text(seen["estimate"], 1.15 * top, words, color=COLOURS[1], fontsize=SMALL, ha=side, va="bottom")
    ax.set_xlabel(sentence_case(str(seen["level"])))
    ax.set_ylabel("Permutations")
    count_ticks(ax.yaxis)
    return ax


def null_figures(section: Section) -> tuple[document.Figure, ...]:
    """One figure with a panel for each signature that was permuted."""
    return tuple(_null(section, output) for output in section.named("prediction_null"))


def _null(section: Section, output: Output) -> document.Figure:
    panels, told = [], []
    sizes: list[float] = []
    for item in items(output.facts, "targets"):
        rows = output.rows.filter(pl.col("term") == item["name"])
        if not rows.height:
            continue
        panels.append(Small(partial(plot_null, rows=rows), sentence_case(str(item["label"]))))
        by: dict[str, Any] = {row["measure"]: row for row in rows.iter_rows(named=True)}
        seen, middle = by["observed"], by["middle of the permutations"]
        sizes.append(seen["at_risk"])
        told.append(
            f"{sentence_case(str(item['label']))}: observed {fixed(seen['estimate'], 2)}, permutations "
            f"{fixed(middle['estimate'], 2)} ({limits(middle['low'], middle['high'], scale=1, decimals=2)} "
            f"in the middle 95%), {p_phrase(seen['p'])}."
        )
    each = listing(list(dict.fromkeys(count(size) for size in sizes)))
    return small_figure(
        section,
        name=f"{section.stem}-null",
        caption=f"The whole pipeline with the answers dealt out anew, {each} times (bars), and with the real "
        "answers (line), of as many repeats of the folds: it may differ a little from the average of all "
        "repeats. Dotted: 0.5, chance.",
        alt=" ".join(told),
        panels=panels,
        height=40.0,
    )
