"""Names beside points of a figure that cover neither each other nor the points that matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from remission.report.figures.style import GREY, INK, MM, POINT, TINY, size_of, text_width

Floats = NDArray[np.float64]
AWAY = (1.2, 2.4, 4.0, 6.0, 8.5, 11.5)  # millimetres from the point
TURNS = tuple(np.deg2rad([0, 25, -25, 50, -50, 75, -75, 90, -90, 110, -110, 135, -135, 160, -160, 180]))
LEADER = 2.0  # a line leads from the point to a name further away than this


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    low: float
    high: float

    def meets(self, other: _Box, gap: float = 0.25) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.low < other.high + gap
            and other.low < self.high + gap
        )

    def holds(self, points: Floats, gap: float = 0.5) -> int:
        """How many points lie in it."""
        x, y = points[:, 0], points[:, 1]
        inside = (x > self.left - gap) & (x < self.right + gap) & (y > self.low - gap) & (y < self.high + gap)
        return int(inside.sum())


def label_points(
    ax: Axes, x: Floats, y: Floats, names: Sequence[str], among: Floats, size: float = TINY
) -> tuple[str, ...]:
    """Write names beside points, the first with the best places; a name without a place is left out.

    Parameters
    ----------
    ax : matplotlib Axes
        With its limits set.
    x, y : array
        Of the points named, in data coordinates.
    names : sequence of str
    among : array (points, 2)
        All points that names should not cover, in data coordinates.
    size : float
        In points.

    Returns
    -------
    tuple of str
        Names written.
    """
    width, height = size_of(ax)
    frame = _Box(0.0, width, 0.0, height)
    named, obstacles = _millimetres(ax, np.column_stack([x, y])), _millimetres(ax, among)
    placed: list[_Box] = []
    lines: list[Floats] = []
    written = []
    for at, name in zip(named, names, strict=True):
        found = _best(at, (text_width(name, size), 0.95 * size * POINT), frame, placed, lines, obstacles)
        if found is None:
            continue
        box, distance = found
        placed.append(box)
        written.append(name)
        where = ((box.left + box.right) / 2 / width, (box.low + box.high) / 2 / height)
        ax.text(
            *where,
            name,
            transform=ax.transAxes,
            fontsize=size,
            color=INK,
            ha="center",
            va="center_baseline",
            parse_math=False,
            zorder=5,
        )
        if distance > LEADER:
            line = np.array([at, _nearest(box, at)])
            lines.append(line)
            ends = line / [width, height]
            ax.plot(*ends.T, transform=ax.transAxes, color=GREY, lw=0.4, zorder=4)
    return tuple(written)


def _millimetres(ax: Axes, points: Floats) -> Floats:
    """Data coordinates as millimetres from the lower left corner of the axes."""
    pixels = ax.transData.transform(points) - [ax.bbox.x0, ax.bbox.y0]
    return np.asarray(pixels / (MM * float(ax.figure.dpi)))


def _best(
    at: Floats,
    size: tuple[float, float],
    frame: _Box,
    placed: Sequence[_Box],
    lines: Sequence[Floats],
    obstacles: Floats,
) -> tuple[_Box, float] | None:
    """The free place that covers the fewest points, the nearest of these."""
    outward = 1.0 if at[0] >= (frame.left + frame.right) / 2 else -1.0
    best: tuple[float, _Box, float] | None = None
    for away in AWAY:
        for number, turn in enumerate(TURNS):
            box = _beside(at, size, away, (outward * np.cos(turn), np.sin(turn)))
            outside = (
                box.left < frame.left
                or box.right > frame.right
                or box.low < frame.low
                or box.high > frame.high
            )
            if outside or any(box.meets(other) for other in placed) or _crossed(box, at, away, placed, lines):
                continue
            cost = 3.0 * box.holds(obstacles) + away + 0.05 * number
            if best is None or cost < best[0]:
                best = (cost, box, away)
    return None if best is None else best[1:]


def _beside(at: Floats, size: tuple[float, float], away: float, direction: tuple[float, float]) -> _Box:
    """Box whose nearest edge lies so far from the point in a direction."""
    wide, high = size
    x = at[0] + direction[0] * (away + wide / 2)
    y = at[1] + direction[1] * (away + high / 2)
    return _Box(x - wide / 2, x + wide / 2, y - high / 2, y + high / 2)


def _crossed(box: _Box, at: Floats, away: float, placed: Sequence[_Box], lines: Sequence[Floats]) -> bool:
    """Whether a leader runs through a name."""
    if any(box.holds(_along(line), 0.1) for line in lines):
        return True
    if away <= LEADER:
        return False
    own = _along(np.array([at, _nearest(box, at)]))
    return any(other.holds(own, 0.1) for other in placed)


def _along(line: Floats) -> Floats:
    return np.asarray(line[0] + np.linspace(0, 1, 24)[:, None] * (line[1] - line[0]))


def _nearest(box: _Box, at: Floats) -> Floats:
    return np.array([np.clip(at[0], box.left, box.right), np.clip(at[1], box.low, box.high)])
