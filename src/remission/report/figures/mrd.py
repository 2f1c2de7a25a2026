"""Classes of minimal residual disease at each time point: bars that fill 100 % of those measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.patches import Rectangle

from remission.core.wording import sentence_case
from remission.report.document import Figure
from remission.report.figures.data import PER_CENT, Facts, label_of, of_group
from remission.report.figures.style import (
    BASE,
    DOUBLE,
    INK,
    MIDDLE,
    PANEL,
    SMALL,
    TINY,
    journal,
    place,
    sheet,
    text_width,
    wrapped,
)
from remission.report.format import ABSENT, count, fixed
from remission.report.mrd_words import class_words
from remission.report.section import Section
from remission.report.words.phrases import items

# One hue from pale to dark, read without colour too; negative is white, dark bars carry white numbers.
FILLS = ("#ffffff", "#dbe9f4", "#9cc4e0", "#4f93c4", "#1f5f99", "#0b2f57")
DARK_FROM = 3
SHOWN_FROM = 5.0
PLOT, LEFT, TOP, KEY_LINE, GAP = 46.0, 11.5, 7.0, 4.4, 6.0
LABEL_LINE, LABEL = 3.1, 24.0
PANELS_IN_A_ROW = 3
NO_FACTS: Facts = {}


def plot_mrd(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS, group: str | None = None) -> Axes:
    """Draw the share of patients in each class of MRD at each time point, of those measured.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows: `term` is the point; `measure` "class" with `level`, `estimate` (a share), `events` and
        `at_risk`; `measure` "eligible" with the number in `estimate`.
    facts : mapping, optional
        `points` [{name}] and `classes` [{name, low, high}], in order.
    group : str, optional
        Which group; all patients together unless said.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"term": "TP1", "measure": "class", "level": ["negative", "from 0.0001"],
    ...                     "estimate": [0.75, 0.25], "events": [3, 1], "at_risk": 4})
    >>> facts = {"points": [{"name": "TP1"}], "classes": [{"name": "negative", "low": None, "high": None},
    ...          {"name": "from 0.0001", "low": 1e-4, "high": None}]}
    >>> [text.get_text() for text in plot_mrd(Figure().add_subplot(), rows, facts).texts]
    ['75', '25']
    """
    mine = of_group(rows, group)
    points, classes = items(facts, "points"), items(facts, "classes")
    for across, point in enumerate(points):
        bottom = 0.0
        for number, each in enumerate(classes):
            height = 100 * _share(mine, str(point["name"]), str(each["name"]))
            fill = _fill(number, len(classes))
            ax.bar(across, height, 0.66, bottom=bottom, color=FILLS[fill], edgecolor=INK, lw=0.5)
            if height >= SHOWN_FROM:
                ink = "white" if fill >= DARK_FROM else INK
                ax.text(
                    across,
                    bottom + height / 2,
                    fixed(height, 0),
                    ha="center",
                    va="center",
                    fontsize=TINY,
                    color=ink,
                )
            bottom += height
    ax.set_xlim(-0.6, len(points) - 0.4)
    ax.set_ylim(0, 100)
    ax.set_yticks(range(0, 101, 20))
    labels = [_under(mine, str(point["name"])) for point in points]
    ax.set_xticks(range(len(points)), labels, fontsize=SMALL, linespacing=1.2, parse_math=False)
    ax.tick_params(axis="x", length=0)
    ax.set_ylabel(f"Patients measured{PER_CENT}")
    return ax


def _share(rows: pl.DataFrame, point: str, name: str) -> float:
    chosen = (pl.col("term") == point) & (pl.col("measure") == "class") & (pl.col("level") == name)
    found = rows.filter(chosen)["estimate"].to_list()
    return float(found[0]) if found and found[0] is not None else 0.0


def _fill(number: int, classes: int) -> int:
    """Colour of a class: white for the first, the darkest for the last, the others spread between."""
    return 0 if classes < 2 else round(number * (len(FILLS) - 1) / (classes - 1))


def _under(rows: pl.DataFrame, point: str) -> str:
    """Words under a bar: the point, and how many were measured of how many."""
    mine = rows.filter(pl.col("term") == point)
    measured = mine.filter(pl.col("measure") == "class")["at_risk"].to_list()
    eligible = mine.filter(pl.col("measure") == "eligible")["estimate"].to_list()
    size = count(measured[0]) if measured else ABSENT
    size = f"{size} of {count(eligible[0])}" if eligible else size
    return "\n".join([*wrapped(point, LABEL, SMALL), size])


def draw_mrd(
    rows: pl.DataFrame, facts: Mapping[str, Any], groups: Sequence[str | None], mark: str = ""
) -> Sheet:
    """Draw one panel per group, with one key of the classes for all."""
    with journal():
        per_row = min(PANELS_IN_A_ROW, len(groups))
        width = MIDDLE if per_row == 1 else DOUBLE
        each = (width - 2.0 - per_row * LEFT - (per_row - 1) * GAP) / per_row
        lines = -(-len(groups) // per_row)
        words = [sentence_case(class_words(item)) for item in items(facts, "classes")]
        key = _key_lines(words, width - LEFT)
        labels = [len(wrapped(str(point["name"]), LABEL, SMALL)) for point in items(facts, "points")]
        row = TOP + PLOT + LABEL_LINE * (max(labels, default=1) + 1) + 3.0
        height = lines * row + len(key) * KEY_LINE + 1.0
        figure = sheet(width, height, mark)
        for position, group in enumerate(groups):
            down, across = divmod(position, per_row)
            left = LEFT + across * (LEFT + each + GAP)
            ax = place(figure, left, down * row + TOP, each, PLOT)
            plot_mrd(ax, rows, facts, group)
            if across:
                ax.set_ylabel("")
            if len(groups) > 1:
                ax.set_title(label_of(group, facts), fontsize=PANEL, loc="left", pad=4, parse_math=False)
        _key(figure, key, words, lines * row, width)
        return figure


def _key_lines(words: Sequence[str], width: float) -> list[list[int]]:
    """Break the key into lines that fit."""
    lines: list[list[int]] = [[]]
    used = 0.0
    for number, text in enumerate(words):
        need = text_width(text, BASE) + 10.0
        if used + need > width and lines[-1]:
            lines.append([])
            used = 0.0
        lines[-1].append(number)
        used += need
    return lines


def _key(figure: Sheet, lines: list[list[int]], words: Sequence[str], top: float, width: float) -> None:
    high = float(figure.get_size_inches()[1]) * 25.4
    for down, line in enumerate(lines):
        across = LEFT
        for number in line:
            y = 1 - (top + down * KEY_LINE + 2.2) / high
            box = (across / width, y - 1.2 / high)
            fill = FILLS[_fill(number, len(words))]
            figure.add_artist(Rectangle(box, 3.4 / width, 2.4 / high, facecolor=fill, edgecolor=INK, lw=0.5))
            figure.text(
                (across + 4.6) / width, y, words[number], fontsize=SMALL, va="center", parse_math=False
            )
            across += text_width(words[number], BASE) + 10.0


def mrd_figures(section: Section) -> tuple[Figure, ...]:
    """Bars of every group; all patients together where there are none."""
    found = []
    for output in section.named("mrd"):
        groups: list[str | None] = [str(each) for each in output.facts.get("groups") or ()]  # type: ignore[union-attr]
        groups = [None, *groups]
        by = output.facts.get("by_label")
        found.append(
            Figure(
                name=f"{section.stem}-classes",
                caption="Minimal residual disease by time "
                f"point{f', all patients and by {by}' if by else ''}. Bars: share of those measured in each "
                "class, in per cent; under each bar, how many were measured of how many. Patients not "
                "measured are not in the bars.",
                alt=describe_mrd(output.rows, output.facts),
                draw=partial(draw_mrd, output.rows, output.facts, groups, section.mark),
                width=MIDDLE if len(groups) == 1 else DOUBLE,
            )
        )
    return tuple(found)


def describe_mrd(rows: pl.DataFrame, facts: Mapping[str, Any]) -> str:
    """Say what the bars show to a reader who cannot see them."""
    mine = of_group(rows, None)
    parts = []
    for point in items(facts, "points"):
        name = str(point["name"])
        shares = [
            f"{class_words(each)} {fixed(100 * _share(mine, name, str(each['name'])), 1)}%"
            for each in items(facts, "classes")
        ]
        parts.append(f"{name}: {', '.join(shares)}")
    return f"Stacked bars of MRD classes in all patients. {'; '.join(parts)}."
