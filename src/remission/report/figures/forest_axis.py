"""The axis of a forest plot: how far it reaches, and which ratios are written under it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from remission.report.figures.data import Facts
from remission.report.figures.forest_lines import Line
from remission.report.figures.style import SMALL, text_width

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
# Limits reach beyond the axis where they are so much farther out than every estimate.
BEYOND = 4.0


def axis_of(lines: Sequence[Line], facts: Facts) -> tuple[float, float]:
    """Ends of the axis: all estimates with room around them, and as much of the limits as that shows.

    Examples
    --------
    >>> axis_of([Line("a", estimate=2.0, low=0.001, high=30.0)], {})
    (0.2, 10.0)
    """
    estimates = [line.estimate for line in lines if line.estimate is not None and line.estimate > 0]
    ends = [end for line in lines for end in (line.low, line.high) if end and math.isfinite(end)]
    near = [end for end in ends if end > 0]
    low = max(min([0.5, *estimates, *near]), min([1.0, *estimates]) / BEYOND)
    high = min(max([2.0, *estimates, *near]), max([1.0, *estimates]) * BEYOND)
    below = [tick for tick in TICKS if tick <= low * (1 + 1e-9)]
    above = [tick for tick in TICKS if tick >= high * (1 - 1e-9)]
    first, last = below[-1] if below else TICKS[0], above[0] if above else TICKS[-1]
    given_low, given_high = facts.get("axis_low"), facts.get("axis_high")
    return max(first, float(given_low or 0)), min(last, float(given_high or math.inf))


def shown_ticks(low: float, high: float, width: float) -> list[float]:
    """Choose the finest round ticks whose labels stay apart, 1 always among them.

    Examples
    --------
    >>> shown_ticks(0.2, 5.0, 44.0), shown_ticks(0.01, 100.0, 44.0)
    ([0.2, 0.5, 1.0, 2.0, 5.0], [0.01, 0.1, 1.0, 10.0, 100.0])
    """
    inside = [tick for tick in TICKS if low * (1 - 1e-9) <= tick <= high * (1 + 1e-9)]
    scale = width / math.log(high / low)
    decades = [tick for tick in inside if abs(math.log10(tick) - round(math.log10(tick))) < 1e-9]
    for ticks in (inside, decades):
        if all(_apart(one, two, scale) for one, two in itertools.pairwise(ticks)):
            return ticks
    return [1.0]


def _apart(one: float, two: float, scale: float) -> bool:
    """Whether the labels of two ticks do not touch."""
    need = (text_width(f"{one:g}", SMALL) + text_width(f"{two:g}", SMALL)) / 2 + 1.0
    return math.log(two / one) * scale >= need
