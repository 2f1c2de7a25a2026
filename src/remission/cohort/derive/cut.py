"""Cut points that name their side, and the check that every number falls into exactly one interval."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from remission.core.problems import Problem

_SIDE = re.compile(r"(<=|>=|<|>|≤|≥)\s*([+-]?\d+(?:\.\d+)?)")
_SAME = {"≤": "<=", "≥": ">="}
_REPAIR = 'Write sides: "<= 60", "> 60", or ">= 18 and < 65".'


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two limits, each of which belongs to it or not."""

    low: float = -math.inf
    high: float = math.inf
    with_low: bool = False
    with_high: bool = False

    def expression(self, value: pl.Expr) -> pl.Expr:
        """Whether a value lies within; null where it is unknown."""
        above = value >= self.low if self.with_low else value > self.low
        below = value <= self.high if self.with_high else value < self.high
        if self.low == -math.inf:
            return below
        return above if self.high == math.inf else above & below


def read_interval(text: str, where: str) -> Interval | Problem:
    """Read `<= 60` or `>= 18 and < 65`.

    Examples
    --------
    >>> read_interval(">= 18 and < 65", "derived.ages.cut")
    Interval(low=18.0, high=65.0, with_low=True, with_high=False)
    """
    low, high = (-math.inf, False), (math.inf, False)
    sides = [side.strip() for side in re.split(r"\band\b|,", text)]
    for side in sides:
        found = _SIDE.fullmatch(side)
        if found is None:
            return Problem(where, f'"{text}" is no interval', _REPAIR)
        sign, limit = _SAME.get(found[1], found[1]), float(found[2])
        if sign.startswith("<"):
            high = (limit, sign == "<=")
        else:
            low = (limit, sign == ">=")
    interval = Interval(low[0], high[0], low[1], high[1])
    upside_down = interval.low > interval.high
    point = interval.low == interval.high and not (interval.with_low and interval.with_high)
    if upside_down or point or len(sides) > 2 or (len(sides) == 2 and math.inf in {-low[0], high[0]}):
        return Problem(where, f'no number can be in "{text}"', _REPAIR)
    return interval


def read_cut(
    cut: tuple[str, ...] | Mapping[str, str], where: str
) -> tuple[dict[str, Interval], tuple[Problem, ...]]:
    """Read all intervals of a cut, by level in the order written, and check that they tile the line."""
    named = dict(cut) if isinstance(cut, Mapping) else {" ".join(text.split()): text for text in cut}
    if isinstance(cut, tuple) and len(named) < len(cut):
        return {}, (Problem(where, "an interval is named twice", "Name every interval once."),)
    read = {level: read_interval(text, where) for level, text in named.items()}
    problems = [each for each in read.values() if isinstance(each, Problem)]
    intervals = {level: each for level, each in read.items() if isinstance(each, Interval)}
    if not problems:
        problems = _untiled(
            sorted(intervals.items(), key=lambda item: (item[1].low, not item[1].with_low)), where
        )
    return intervals, tuple(problems)


def _untiled(intervals: list[tuple[str, Interval]], where: str) -> list[Problem]:
    """Gaps and overlaps of intervals in increasing order."""
    if not intervals:
        return [Problem(where, "there is no interval", _REPAIR)]
    problems = []
    (first, lowest), (last, highest) = intervals[0], max(intervals, key=lambda item: item[1].high)
    if lowest.low != -math.inf:
        problems.append(_gap(f'below "{first}"', where))
    for (before, left), (after, right) in pairwise(intervals):
        if left.high > right.low or (left.high == right.low and left.with_high and right.with_low):
            message = f'a number can be in both "{before}" and "{after}"'
            problems.append(Problem(where, message, "Let every number fall into one interval only."))
        elif left.high < right.low or not (left.with_high or right.with_low):
            problems.append(_gap(f'between "{before}" and "{after}"', where))
    if highest.high != math.inf:
        problems.append(_gap(f'above "{last}"', where))
    return problems


def _gap(place: str, where: str) -> Problem:
    return Problem(
        where, f"numbers {place} fall into no interval", "Let every number fall into one interval."
    )
