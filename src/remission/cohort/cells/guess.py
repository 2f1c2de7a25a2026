"""What kind a column looks like, when nobody says."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from remission.cohort.cells.layout import PLAIN
from remission.cohort.cells.levels import YES_NO
from remission.cohort.cells.text import (
    MARKS_FOR_UNKNOWN,
    WORDS_FOR_UNKNOWN,
    code_key,
    distinct,
    natural_order,
)
from remission.cohort.declare import DeclaredKind

MOST_CODES = 8
LARGEST_CODE = 20
MOST_LEVELS = 20
_NUMERIC_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(\d{2}|\d{4})")
_LONGEST_LEVEL = 60


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, with the levels if it is a category."""

    kind: DeclaredKind
    levels: tuple[str, ...] = ()


def guess(text: pl.Series) -> Guess:
    """Guess the kind of a column from its known values.

    Yes/no: both of 0 and 1, or words for yes and no. Category: a few small whole numbers (codes), or a few
    texts that repeat. Date: every value is written as one. Number: every value is one. Else text. Marks that
    can only mean "not known" ("NA") are passed over here, and told when the column is read.

    Parameters
    ----------
    text : polars.Series
        Stripped text, missing codes already null.

    Examples
    --------
    >>> import polars as pl
    >>> guess(pl.Series(["61.5", "48", None])).kind
    'number'
    >>> guess(pl.Series(["1", "2", "1"]))
    Guess(kind='category', levels=('1', '2'))
    """
    values = [value for value in distinct(text) if value.casefold() not in MARKS_FOR_UNKNOWN]
    if not values:
        return Guess("text")
    keys = {code_key(value).casefold() for value in values}
    if keys == {"0", "1"} or (keys <= set(YES_NO) and not keys & {"0", "1"}):
        return Guess("yes/no")
    sayings = [value for value in values if value.casefold() not in WORDS_FOR_UNKNOWN]
    if sayings and pl.Series(sayings).cast(pl.Float64, strict=False).is_finite().fill_null(value=False).all():
        return _numeric(sayings)
    if sayings and all(_looks_like_date(value) for value in sayings):
        return Guess("date")
    repeated = len(values) <= MOST_LEVELS and 2 * len(values) <= max(text.len() - text.null_count(), 4)
    if repeated and max(map(len, values)) <= _LONGEST_LEVEL:
        return Guess("category", tuple(natural_order(values)))
    return Guess("text")


def _numeric(values: list[str]) -> Guess:
    if all(re.fullmatch(r"(19|20)\d{6}", value) and _looks_like_date(value) for value in values):
        return Guess("date")
    keys = {code_key(value) for value in values}
    codes = [int(key) for key in keys if key.isdecimal()]
    if len(codes) == len(keys) and 2 <= len(codes) <= MOST_CODES and max(codes) <= LARGEST_CODE:
        return Guess("category", tuple(natural_order(keys)))
    return Guess("number")


def _looks_like_date(value: str) -> bool:
    if _NUMERIC_DATE.fullmatch(value):
        return True
    parts = (layout.read(value) for layout in PLAIN)
    found = next((part for part in parts if part is not None), None)
    return found is not None and found.month is not None and found.month <= 12 and (found.day or 1) <= 31
