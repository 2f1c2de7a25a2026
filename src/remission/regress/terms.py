"""Terms of a model as declared: numbers, categories with a named reference, splines, interactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.labels import levels_of, read_labels
from remission.events.numbers import read_numbers

Floats = NDArray[np.float64]
KNOT_QUANTILES: Mapping[int, tuple[float, ...]] = {
    3: (0.10, 0.50, 0.90),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.50, 0.725, 0.95),
}


@dataclass(frozen=True, slots=True)
class Numeric:
    """A number (yes/no counts as 1 and 0), per `per` units: age per 10 years."""

    column: str
    per: float = 1.0

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.column if self.per == 1 else f"{self.column} per {self.per:g}"

    def columns(self, frame: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...]]:
        """Values (n, 1) and the column's name."""
        return _numbers(frame, self.column)[:, None] / self.per, (self.name,)


@dataclass(frozen=True, slots=True)
class Category:
    """Levels compared with the first one, the reference; a level that is not declared is an error."""

    column: str
    levels: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.column

    def columns(self, frame: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...]]:
        """One indicator per level but the reference (n, levels - 1)."""
        labels = read_labels(_column(frame, self.column), self.column)
        bad = BadRows()
        bad.note(labels.codes < 0, f"{self.column} is missing", "Leave these rows out, or name the level")
        bad.tell()
        codes, levels = levels_of(labels, self.levels, self.column)
        block = (codes[:, None] == np.arange(1, len(levels))).astype(float)
        return block, tuple(f"{self.column}={level}" for level in levels[1:])


@dataclass(frozen=True, slots=True)
class Spline:
    """Restricted cubic spline (natural: linear beyond the outer knots) of a number.

    The first column is the number itself, the k - 2 others bend it; all bends zero means linear (Harrell,
    Regression Modeling Strategies, 2.4.5; bends divided by the squared range of the knots).
    """

    column: str
    knots: tuple[float, ...]

    @property
    def name(self) -> str:
        """Name of the term."""
        return self.column

    def columns(self, frame: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...]]:
        """The spline basis (n, k - 1)."""
        x = _numbers(frame, self.column)
        knots = np.asarray(self.knots)
        last, before = knots[-1], knots[-2]
        scale = (last - knots[0]) ** 2

        def cube(knot: float) -> Floats:
            return np.maximum(x - knot, 0.0) ** 3

        bends = [
            (
                cube(k)
                - cube(before) * (last - k) / (last - before)
                + cube(last) * (before - k) / (last - before)
            )
            / scale
            for k in knots[:-2]
        ]
        names = (self.column, *(f"{self.column} bend {index + 1}" for index in range(len(bends))))
        return np.column_stack([x, *bends]), names


@dataclass(frozen=True, slots=True)
class Interaction:
    """Products of the columns of two terms (the terms themselves must be in the model too)."""

    first: Numeric | Category | Spline
    second: Numeric | Category | Spline

    @property
    def name(self) -> str:
        """Name of the term."""
        return f"{self.first.name} × {self.second.name}"

    def columns(self, frame: Mapping[str, Any]) -> tuple[Floats, tuple[str, ...]]:
        """All products (n, p q)."""
        left, left_names = self.first.columns(frame)
        right, right_names = self.second.columns(frame)
        block = (left[:, :, None] * right[:, None, :]).reshape(len(left), -1)
        return block, tuple(f"{a} × {b}" for a in left_names for b in right_names)


Term = Numeric | Category | Spline | Interaction


def spline(column: str, values: Sequence[float] | Floats, knots: int = 4) -> Spline:
    """Spline with knots at the customary quantiles of the known values (3, 4 or 5 knots).

    Raises
    ------
    InputError
        For another number of knots, or knots that coincide (too few distinct values).

    Examples
    --------
    >>> spline("age", [20, 30, 40, 50, 60], knots=3).knots
    (24.0, 40.0, 56.0)
    """
    if knots not in KNOT_QUANTILES:
        raise InputError(f"a spline has 3, 4 or 5 knots, not {knots}")
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    at = tuple(float(knot) for knot in np.quantile(known, KNOT_QUANTILES[knots]))
    if len(set(at)) < knots:
        raise InputError(
            f"{column} has too few distinct values for {knots} knots; use fewer, or a straight line"
        )
    return Spline(column, at)


def _column(frame: Mapping[str, Any], name: str) -> Any:
    columns = getattr(frame, "columns", frame)
    if name not in columns:
        raise InputError(f'there is no column "{name}"')
    return frame[name]


def _numbers(frame: Mapping[str, Any], name: str) -> Floats:
    bad = BadRows()
    column = _column(frame, name)
    array = np.asarray(column)
    values = array.astype(float) if array.dtype.kind == "b" else read_numbers(column, name, bad)
    bad.tell()
    return values
