"""Kaplan-Meier and incidence curves: steps, limits, censor ticks, and a key that stays off the lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from remission.report.figures.data import (
    Facts,
    Step,
    axis_words,
    horizon,
    measure_of,
    steps,
    tick_times,
    value_words,
)
from remission.report.figures.style import (
    BASE,
    GREY,
    PALE,
    SMALL,
    TINY,
    colour,
    dash,
    size_of,
    text_width,
    wrapped,
)
from remission.report.format import fixed, p_phrase

BANDS_UP_TO = 2
TICKS_AT_MOST = 300
FINEST = 1200
LABEL_SHARE = 0.85
KEY = 6.5
NO_FACTS: Facts = {}


def plot_curves(ax: Axes, rows: pl.DataFrame, facts: Facts = NO_FACTS) -> Axes:
    """Draw step curves of one endpoint, in per cent.

    Limits are shaded for up to two groups. A vertical tick marks each time somebody was censored,
    unless there are hundreds. Beyond
    `facts["reliable_until"]` (fewer than five at risk) a curve is thin and pale.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : polars.DataFrame
        Result rows (`remission.core.vocabulary`) of one endpoint and cause: `time`, `estimate`, `low`,
        `high`, `group`, and `censored`, the cumulative number.
    facts : mapping, optional
        What the study knows beside the rows: `groups`, `unit`, `time_zero`, `endpoint_label`, `until`,
        `ticks`, `reliable_until`, `p_text_test` with `p`, `landmark`, `axis`.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    InputError
        If the rows hold several endpoints or causes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from remission.core.vocabulary import result_rows
    >>> rows = result_rows({"measure": "survival", "time": [0.0, 1.0, 2.0], "estimate": [1.0, 0.8, 0.6],
    ...                     "unit": "years", "censored": [0.0, 1.0, 1.0]})
    >>> plot_curves(Figure().add_subplot(), rows).get_xlabel()
    'Years after time zero'
    """
    curves = steps(rows, facts)
    until = horizon(rows, facts)
    _frame(ax, rows, facts, until)
    begin = min((float(curve.time[0]) for curve in curves if len(curve.time)), default=0.0)
    not_counted(ax, begin, facts)
    for curve in curves:
        if len(curves) <= BANDS_UP_TO:
            _band(ax, curve, until)
        _line(ax, curve, until)
    _key(ax, curves, facts, until, falling=measure_of(rows, facts) == "survival")
    return ax


def dot_behind(ax: Axes, rows: pl.DataFrame, facts: Facts) -> None:
    """Dot other curves of the same groups behind those drawn already."""
    until = horizon(rows, facts)
    for curve in steps(rows, facts):
        if len(curve.time):
            time, share = _held(curve.time, until, 100 * curve.estimate)
            (line,) = ax.plot(time, share, drawstyle="steps-post", lw=0.7, zorder=2)
            line.set(color=colour(curve.position), linestyle=(0, (1.0, 1.4)))


def _frame(ax: Axes, rows: pl.DataFrame, facts: Facts, until: float) -> None:
    ax.set_xlim(-0.015 * until, until * 1.015)
    ax.set_ylim(-1.5, 101.5)
    ticks = tick_times(rows, facts)
    ax.set_xticks(ticks, [tick_text(tick) for tick in ticks], parse_math=False)
    ax.set_yticks(range(0, 101, 20), [str(mark) for mark in range(0, 101, 20)])
    ax.set_xlabel(axis_words(rows, facts), parse_math=False)
    lines = wrapped(value_words(rows, facts), size_of(ax)[1] * LABEL_SHARE, BASE)
    ax.set_ylabel("\n".join(lines), parse_math=False)


def tick_text(tick: float) -> str:
    """Write an axis time without needless decimals."""
    return fixed(tick, 0) if float(tick).is_integer() else f"{tick:g}"


def not_counted(ax: Axes, begin: float, facts: Facts) -> None:
    """Shade the time before anybody counts: before the landmark, or before the first delayed entry."""
    if facts.get("axis") == "landmark" or begin <= 0:
        return
    left, right = ax.get_xlim()
    ax.axvspan(left, begin, color=PALE, lw=0, zorder=0)
    ax.axvline(begin, color=GREY, lw=0.6, zorder=1)
    if size_of(ax)[0] * (begin - left) / (right - left) > 3.0:
        late = "not shown" if facts.get("start") else "not observed"
        words = "before the landmark" if facts.get("landmark") else late
        label = ax.text((left + begin) / 2, 50, words, fontsize=TINY, color=GREY)
        label.set(rotation=90, ha="center", va="center")


def _band(ax: Axes, curve: Step, until: float) -> None:
    known = ~np.isnan(curve.low) & ~np.isnan(curve.high)
    if known.sum() < 1:
        return
    time, low, high = _held(curve.time, until, 100 * curve.low, 100 * curve.high)
    ax.fill_between(
        time,
        low,
        high,
        where=~np.isnan(low),
        step="post",
        color=colour(curve.position),
        alpha=0.13,
        lw=0,
        zorder=1,
    )


def _held(time: np.ndarray, until: float, *values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Cut at `until`, and hold every step curve to the end of what was observed."""
    shown = np.flatnonzero(time <= until)
    if len(shown) > FINEST:
        # Finer than any page prints: the last step of each of many narrow strips stands for the strip.
        strip = np.floor(time[shown] / until * FINEST)
        shown = shown[np.append(np.diff(strip) > 0, True)]
    end = min(until, float(time[-1]))
    return (np.append(time[shown], end), *[np.append(value[shown], value[shown][-1:]) for value in values])


def _line(ax: Axes, curve: Step, until: float) -> None:
    if not len(curve.time):
        return
    shade, style = colour(curve.position), dash(curve.position)
    time, share = _held(curve.time, until, 100 * curve.estimate)
    turn = curve.reliable_until
    if turn is None or turn >= time[-1]:
        solid, pale = (time, share), None
    else:
        here = 100 * float(curve.at(turn))
        before, after = time <= turn, time > turn
        solid = (np.append(time[before], turn), np.append(share[before], here))
        pale = (np.insert(time[after], 0, turn), np.insert(share[after], 0, here))
    ax.plot(*solid, drawstyle="steps-post", color=shade, linestyle=style, zorder=3)
    if pale is not None:
        ax.plot(*pale, drawstyle="steps-post", color=shade, linestyle=style, lw=0.8, alpha=0.45, zorder=3)
    marks = censor_ticks(curve, until)
    ax.plot(
        marks,
        100 * curve.at(marks),
        linestyle="none",
        marker="|",
        markersize=4.2,
        markeredgewidth=0.7,
        color=shade,
        zorder=4,
    )


def censor_ticks(curve: Step, until: float) -> np.ndarray:
    """List the times to mark with a tick; none where there are so many that they would be a bar."""
    marks = curve.ticks[curve.ticks <= until]
    return marks if len(marks) <= TICKS_AT_MOST else marks[:0]


def _key(ax: Axes, curves: Sequence[Step], facts: Facts, until: float, *, falling: bool) -> None:
    """Group names with their lines, and the P value, in the emptiest corner."""
    entries = (
        [(curve.label, curve.position) for curve in curves]
        if curves[1:] or curves[0].group is not None
        else []
    )
    test = facts.get("p_text_test")
    lines = [p_words(str(test), facts.get("p"), facts.get("stratum_label"))] if test else []
    if not entries and not lines:
        return
    across, up = size_of(ax)
    text_room = across * 0.62 - KEY
    texts = [(wrapped(label, text_room, SMALL), position) for label, position in entries]
    texts += [(wrapped(_held_together(line), text_room, SMALL), -1) for line in lines]
    # The key's own lines wrap, so each entry is as tall as its text.
    height = sum(3.0 * len(text) + 0.5 for text, _ in texts) / up
    width = (max(text_width(line, SMALL) for text, _ in texts for line in text) + KEY + 1) / across
    left, top = _corner(curves, until, width, height, falling=falling)
    y = top
    for text, position in texts:
        if position >= 0:
            ax.add_line(
                Line2D(
                    [left, left + (KEY - 1.2) / across],
                    [y - 1.5 / up] * 2,
                    transform=ax.transAxes,
                    color=colour(position),
                    linestyle=dash(position),
                    zorder=5,
                )
            )
        for line in text:
            ax.text(
                left + (KEY if position >= 0 else 0.0) / across,
                y - 1.5 / up,
                line,
                transform=ax.transAxes,
                fontsize=SMALL,
                va="center_baseline",
                parse_math=False,
                zorder=5,
            )
            y -= 3.0 / up
        y -= 0.5 / up


def _held_together(line: str) -> str:
    """Keep the P value on one line."""
    test, p, value = line.rpartition("P ")
    return test + (p + value).replace(" ", "\N{NO-BREAK SPACE}")


def p_words(test: str, p: float | None, stratum: str | None = None) -> str:
    """Write the test, the strata it is done within, and its P value for a figure.

    Examples
    --------
    >>> p_words("log-rank", 0.0461, "Hospital")
    'Log-rank test stratified by Hospital, P = 0.046'
    >>> p_words("log-rank", 0.0461)
    'Log-rank P = 0.046'
    """
    name = {"gray": "Gray’s test"}.get(test.lower(), test[:1].upper() + test[1:]).replace(
        "Mantel-Byar", "Mantel–Byar"
    )
    if stratum:
        return f"{name if 'test' in name else f'{name} test'} stratified by {stratum}, {p_phrase(p)}"
    return f"{name} {p_phrase(p)}"


def _corner(
    curves: Sequence[Step], until: float, width: float, height: float, *, falling: bool
) -> tuple[float, float]:
    """Left and top, in shares of the plot, where the key covers the least of any curve."""
    best: tuple[float, tuple[float, float]] | None = None
    # Off the shaded time before anybody counts.
    begin = min((float(curve.time[0]) for curve in curves if len(curve.time)), default=0.0)
    near = 0.03 + (max(begin, 0.0) / until / 1.03 if begin < until else 0.0)
    tops = (1.0, 0.5 + height / 2, height + 0.03) if falling else (1.0, height + 0.03, 0.5 + height / 2)
    for top in tops:
        for left in (max(0.0, 1.0 - width), near, max(near, 0.5 - width / 2)):
            covered = sum(_covered(curve, until, left, left + width, top - height, top) for curve in curves)
            if covered == 0:
                return left, top
            if best is None or covered < best[0]:
                best = (covered, (left, top))
    return best[1] if best else (near, 1.0)


def _covered(curve: Step, until: float, left: float, right: float, bottom: float, top: float) -> float:
    """How much of a curve, in steps of a hundredth of the axis, lies in a box."""
    spots = np.linspace(left, right, max(2, int(100 * (right - left))))
    # The axis runs a little beyond 0 and 1 on both sides.
    times = (spots * 1.03 - 0.015) * until
    begin, end = float(curve.time[0]), float(curve.time[-1])
    values = curve.at(times)
    before = np.append(values[:1], values[:-1])
    lower = (np.minimum(values, before) * 100 + 1.5) / 103 - 0.02
    upper = (np.maximum(values, before) * 100 + 1.5) / 103 + 0.02
    seen = (times >= begin) & (times <= end)
    return float(np.sum(seen & (upper >= bottom) & (lower <= top)))
