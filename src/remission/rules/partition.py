"""The finitely many values that rules can tell apart: levels, yes and no, limits of numbers and between."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.column import Column
from remission.cohort.conditions.evaluate import Cell, evaluate
from remission.cohort.conditions.tree import Among, Between, Comparison, Node, Number, leaves

UNKNOWN = -1
OUTSIDE = -2


@dataclass(frozen=True, slots=True)
class Partition:
    """One input cut into cells within each of which every rule says the same.

    Attributes
    ----------
    column : Column
    limits : tuple of float
        Of a number: where some rule changes, ascending. Cells are below the first limit, the first limit
        itself, between the first two, and so on.
    samples : tuple of cells
        A value of each cell that patients of the protocol can have.
    positions : tuple of int
        For every cell its position among `samples`, or -2 where no patient of the protocol can be.
    """

    column: Column
    limits: tuple[float, ...]
    samples: tuple[Cell, ...]
    positions: tuple[int, ...]

    def code(self, value: Cell) -> int:
        """Position of the cell a value lies in; -1 unknown, -2 outside the protocol."""
        if value is None or value != value:  # noqa: PLR0124 - NaN is not itself
            return UNKNOWN
        if isinstance(value, bool):
            return self.positions[int(value)]
        if isinstance(value, str):
            return self.positions[self.column.levels.index(value)]
        number = float(value)  # type: ignore[arg-type]
        below = bisect_left(self.limits, number)
        on_limit = below < len(self.limits) and self.limits[below] == number
        return self.positions[2 * below + on_limit]

    def codes(self, values: pl.Series) -> NDArray[np.int64]:
        """Positions of many values (Float64, String or Boolean)."""
        if self.column.kind == "yes/no":
            cells = values.cast(pl.Int64).fill_null(UNKNOWN).to_numpy()
        elif self.column.kind == "category":
            levels = list(self.column.levels)
            ranks = values.replace_strict(levels, range(len(levels)), return_dtype=pl.Int64)
            cells = ranks.fill_null(UNKNOWN).to_numpy()
        else:
            numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
            limits = np.array(self.limits, dtype=float)
            below = np.searchsorted(limits, numbers, side="left")
            padded = np.append(limits, np.nan)
            cells = np.where(np.isnan(numbers), UNKNOWN, 2 * below + (padded[below] == numbers))
        found = np.array(self.positions, dtype=np.int64)[np.maximum(cells, 0)]
        return np.where(cells < 0, UNKNOWN, found)

    def words(self, position: int) -> str:
        """A value of a cell, for people: "Age 180 days"."""
        value = self.samples[position]
        if isinstance(value, bool):
            return f"{self.column.title}: {'yes' if value else 'no'}"
        if isinstance(value, str):
            return f"{self.column.title} {value}"
        unit = f" {self.column.unit}" if self.column.unit else ""
        return f"{self.column.title} {value:g}{unit}"


def cut(
    column: Column,
    conditions: Iterable[Node],
    *,
    eligible: Node | None = None,
    plausible: tuple[float, float] | None = None,
    whole: bool = False,
) -> Partition:
    """Cut an input where resolved conditions change.

    Parameters
    ----------
    column : Column
    conditions : iterable of Node
        Resolved, on any inputs.
    eligible : Node or None
        Resolved, on this input alone: cells where it does not hold are outside the protocol.
    plausible : tuple of float, optional
        Lowest and highest possible number: nobody can be beyond them.
    whole : bool
        Whether only whole numbers are possible.
    """
    asked = [*conditions, *([eligible] if eligible is not None else [])]
    limits: tuple[float, ...] = ()
    cells: Sequence[Cell]
    if column.kind == "yes/no":
        cells = (False, True)
    elif column.kind == "category":
        cells = column.levels
    else:
        limits = tuple(sorted({limit for node in asked for limit in _limits(node, column.name)}))
        cells = _numbers(limits, plausible or (-np.inf, np.inf), whole=whole)
    samples: list[Cell] = []
    positions = []
    for cell in cells:
        possible = cell is not None and (
            eligible is None or evaluate(eligible, {column.name: cell}, {column.name: column}) is True
        )
        positions.append(len(samples) if possible else OUTSIDE)
        samples += [cell] if possible else []
    return Partition(column, limits, tuple(samples), tuple(positions))


def _limits(node: Node, name: str) -> Iterable[float]:
    """Numbers with which an input is compared."""
    for leaf in leaves(node):
        if leaf.column.name != name:
            continue
        values: tuple[object, ...] = ()
        if isinstance(leaf, Comparison):
            values = (leaf.value,)
        elif isinstance(leaf, Among):
            values = leaf.values
        elif isinstance(leaf, Between):
            values = (leaf.low, leaf.high)
        yield from (value.value for value in values if isinstance(value, Number))


def _numbers(limits: tuple[float, ...], range_: tuple[float, float], *, whole: bool) -> list[float | None]:
    """A number below the limits, each limit, one between each two, one above; None where none is possible."""
    cells: list[float | None] = []
    for below, above in zip((-np.inf, *limits), (*limits, np.inf), strict=True):
        cells.append(_inside(below, above, range_, whole=whole))
        if np.isfinite(above):
            possible = range_[0] <= above <= range_[1] and (not whole or above.is_integer())
            cells.append(above if possible else None)
    return cells


def _inside(below: float, above: float, range_: tuple[float, float], *, whole: bool) -> float | None:
    """A number strictly between two limits and within the possible range, a whole one if there is one."""
    low, high = max(below, range_[0]), min(above, range_[1])
    if np.isfinite(low) and np.isfinite(high):
        middle = (low + high) / 2
    elif np.isfinite(low):
        middle = low + 1
    else:
        middle = high - 1 if np.isfinite(high) else 0.0
    near = [np.floor(middle), np.ceil(middle), np.floor(low) + 1, np.ceil(high) - 1, low, high]
    for number in [*near, *([] if whole else [middle])]:
        fits_kind = not whole or float(number).is_integer()
        if np.isfinite(number) and below < number < above and range_[0] <= number <= range_[1] and fits_kind:
            return float(number)
    return None


def positions_of(partitions: Mapping[str, Partition], values: Mapping[str, Cell]) -> dict[str, int]:
    """Cells of the known values; those outside the protocol with -2."""
    found = {name: partition.code(values.get(name)) for name, partition in partitions.items()}
    return {name: code for name, code in found.items() if code != UNKNOWN}
