"""Days inside, units at the edge: how long a month and a year are, and durations as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from remission.core.problems import InputError

Unit = Literal["days", "weeks", "months", "years"]
UNITS: tuple[Unit, ...] = get_args(Unit)
A_MOMENT = 1e-6
"""Days: smaller differences come from rounding, not from the calendar."""
_DURATION = re.compile(
    r"^\s*(?:day\s+(?P<day>\d+(?:\.\d+)?)|(?P<value>\d+(?:\.\d+)?)\s*(?P<unit>day|week|month|year)s?)\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as written: `12 months`.

    Examples
    --------
    >>> str(Duration(1.0, "years"))
    '1 year'
    """

    value: float
    unit: Unit

    def __str__(self) -> str:
        word = self.unit[:-1] if self.value == 1 else self.unit
        return f"{self.value:g} {word}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Conversion between days and the unit of display.

    Twelve months are one year, so one number fixes both: `days_per_year = 12 days_per_month`. The default
    month is 30.4375 days (year 365.25); CIBMTR files use 30.4 (year 364.8).

    Examples
    --------
    >>> Clock().days(Duration(12, "months"))
    365.25
    """

    unit: Unit = "years"
    days_per_month: float = 30.4375

    @property
    def days_per_year(self) -> float:
        """Days in a year: twelve months."""
        return 12 * self.days_per_month

    def days_in(self, unit: Unit) -> float:
        """Days in one `unit`."""
        return {"days": 1.0, "weeks": 7.0, "months": self.days_per_month, "years": self.days_per_year}[unit]

    def days(self, duration: Duration) -> float:
        """Length of a duration in days (not rounded)."""
        return duration.value * self.days_in(duration.unit)

    def shown(self, days: float, unit: Unit | None = None) -> float:
        """Days as a number of `unit` (default: the unit of display)."""
        return days / self.days_in(unit or self.unit)


def parse_duration(text: str) -> Duration:
    """Read `100 days`, `day 100`, `12 months`, `1 year`.

    Raises
    ------
    InputError
        If the text is no number with a unit.

    Examples
    --------
    >>> parse_duration("day 100")
    Duration(value=100.0, unit='days')
    """
    found = _DURATION.match(text)
    if not found:
        message = (
            f'"{text}" is not a length of time. Write a number and a unit, such as "100 days" or "5 years".'
        )
        raise InputError(message)
    if found["day"]:
        return Duration(float(found["day"]), "days")
    unit: Unit = next(unit for unit in UNITS if unit[:-1] == found["unit"].lower())
    return Duration(float(found["value"]), unit)
