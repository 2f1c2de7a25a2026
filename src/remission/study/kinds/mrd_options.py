"""Options of `kind = "mrd"`: time points, unit, quantification limit and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr

from remission.cohort.cohort import Cohort
from remission.cohort.column import Column
from remission.cohort.declare import Declaration
from remission.core.problems import InputError
from remission.study.kinds.not_evaluated import due_day
from remission.study.kinds.options import Options
from remission.study.kinds.response_rates_options import point_label

Unit = Literal["fraction", "percent"]
Share = StrictFloat | StrictInt | StrictStr
"""A share of cells: 0.0001, or "0.01 %"."""
THRESHOLDS: tuple[Share, ...] = (0.0001, 0.0005)
_PER_CENT = ("%", "percent", "per cent", "% of cells", "percent of cells")
_SHARE = 'a fraction of cells (0.0001) or per cent with its sign ("0.01 %")'


class MrdPoint(Declaration):
    """One time point."""

    column: StrictStr = Field(description="Number: MRD at this point; empty where it was not measured.")
    label: StrictStr | None = Field(None, description="Words for the point; the column's label unless said.")
    due: StrictStr | None = Field(
        None, description='When it was due after time zero: "33 days"; as its known_at says unless said.'
    )
    method: StrictStr | None = Field(None, description="How it was measured here, when not as elsewhere.")
    limit: Share | None = Field(None, description="Quantification limit here, when not as elsewhere.")
    unit: Unit | None = Field(None, description="Unit here, when not as elsewhere.")


class MrdOptions(Options):
    """Options of minimal residual disease."""

    points: tuple[MrdPoint, ...] = Field(
        min_length=1,
        description='Time points in order: [{ column = "mrd_tp1", label = "TP1", due = "33 days" }, ...]. '
        "The day of each sample is read where the column's known_at names its date.",
    )
    endpoint: StrictStr = Field(
        description="Endpoint that tells who had relapsed, died or left before a point; events on the days "
        "on which they happened."
    )
    unit: Unit | None = Field(
        None,
        description='What the numbers in the file are: "fraction" of cells (0.0001) or "percent" (0.01); the '
        "unit of the columns unless said.",
    )
    unit_checked: StrictBool = Field(
        default=False,
        description="That you made sure of the unit, where the numbers look like the other one.",
    )
    method: StrictStr = Field("", description='How MRD was measured: "flow cytometry".')
    limit: Share | None = Field(
        None,
        description=f"Quantification limit: {_SHARE}. Below it a value is not known but for being below.",
    )
    negative: tuple[StrictFloat | StrictInt, ...] = Field(
        (0,), description="Numbers in the file that stand for negative, in its unit; 0 unless said."
    )
    thresholds: tuple[Share, ...] = Field(
        THRESHOLDS, min_length=1, description=f"What divides the classes, each {_SHARE}."
    )
    cleared_below: Share | None = Field(
        None, description="MRD below it counts as cleared; the quantification limit unless said."
    )
    by: StrictStr | None = Field(
        None, description="Column whose groups stand side by side; it must be known at time zero."
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A time point, understood: shares are fractions of cells, times days from time zero."""

    label: str
    column: str
    due: float
    method: str
    limit: float
    unit: Unit
    negative: tuple[float, ...]

    @property
    def scale(self) -> float:
        """What one of the unit is, as a fraction."""
        return 0.01 if self.unit == "percent" else 1.0


def read_share(value: Share) -> float:
    """Read a share of cells as a fraction.

    Raises
    ------
    InputError
        If it is no number between 0 and 1, or a number from 0.01 on, which may be meant in per cent.

    Examples
    --------
    >>> read_share(0.0001), read_share("0.01 %")
    (0.0001, 0.0001)
    """
    if isinstance(value, str):
        number, sign, rest = value.partition("%")
        try:
            found = float(number) / 100 if sign and not rest.strip() else None
        except ValueError:
            found = None
        if found is None or not 0 < found < 1:
            raise InputError(f'"{value}" is no share of cells')
        return float(f"{found:.12g}")
    if not 0 < value < 1:
        raise InputError(f"{value} is no fraction of cells")
    if value >= 0.01:
        raise InputError(f"{value} would be {100 * value:g} % of cells")
    return float(value)


def unit_of_column(column: Column) -> Unit | None:
    """Read the unit of a column, if it is one of MRD."""
    text = column.unit.strip().casefold()
    if text in _PER_CENT:
        return "percent"
    return "fraction" if text.startswith("fraction") else None


def unit_of_point(cohort: Cohort, options: MrdOptions, point: MrdPoint) -> Unit | None:
    """Find the unit of a point: its own, that of all, or that of the column."""
    return point.unit or options.unit or unit_of_column(cohort.column(point.column))


def limit_of(options: MrdOptions, point: MrdPoint) -> Share | None:
    """Find the quantification limit of a point: its own, or that of all."""
    return options.limit if point.limit is None else point.limit


def thresholds_of(options: MrdOptions) -> tuple[float, ...]:
    """Thresholds as fractions, in increasing order."""
    return tuple(sorted(read_share(value) for value in options.thresholds))


def cleared_below(options: MrdOptions, points: Sequence[Point]) -> float:
    """Below what MRD counts as cleared; with several quantification limits the highest of them."""
    if options.cleared_below is not None:
        return read_share(options.cleared_below)
    return max(point.limit for point in points)


def points_of(cohort: Cohort, options: MrdOptions) -> tuple[Point, ...]:
    """Understand points that were checked before."""
    found = []
    for point in options.points:
        limit, unit = limit_of(options, point), unit_of_point(cohort, options, point)
        due = due_day(cohort, point.column, point.due)
        if limit is None or unit is None or due is None:
            raise InputError(f"{point.column}: its limit, unit or day is not said")
        found.append(
            Point(
                point_label(cohort, point.column, point.label),
                point.column,
                due,
                point.method or options.method,
                read_share(limit),
                unit,
                tuple(float(value) for value in options.negative),
            )
        )
    return tuple(found)
