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

    Yes/no: both of 0 and 1, or words for yes and no. Category: a few small whole numbers (codes) or texts
    that repeat. Number, date: nine in ten different values are written as one, so that a slip of the
    pen is told and not taken for the nature of the column. Else text. Marks that can only mean "not known"
    ("NA") are passed over here, and told when the column is read.

    Parameters
    ----------
    text : polars.Series
        Stripped text, missing codes already null.

    Examples
    --------
    >>> import polars as pl
    >>> guess(pl.Series(["61.5", "48", None])).kind
    'number'
    >>> guess(pl.Series(["1", "2", "1", "1"]))
    Guess(kind='category', levels=('1', '2'))
    """
    values = text.drop_nulls().unique(maintain_order=True)
    values = values.filter(~values.str.to_lowercase().is_in(list(MARKS_FOR_UNKNOWN)))
    if values.is_empty():
        return Guess("text")
    few = values.to_list() if len(values) <= MOST_LEVELS else []
    if _are_answers(few):
        return Guess("yes/no")
    plain = values.filter(~values.str.to_lowercase().is_in(list(WORDS_FOR_UNKNOWN)))
    known = len(text) - text.null_count()
    codes = _codes(few)
    if codes and 2 * len(codes) <= known:
        return Guess("category", codes)
    if _are_compact_dates(plain):
        return Guess("date")
    # 45,5 and 1,450 are numbers too: reading them tells what must be declared
    if _most(plain.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).is_finite()):
        return Guess("number")
    if _most(_like_dates(plain)):
        return Guess("date")
    repeated = 2 * len(few) <= max(known, 4)
    if few and repeated and max(map(len, few)) <= _LONGEST_LEVEL:
        return Guess("category", tuple(natural_order(few)))
    return Guess("text")


def _are_answers(values: list[str]) -> bool:
    keys = {code_key(value).casefold() for value in values}
    return keys == {"0", "1"} or (bool(keys) and keys <= set(YES_NO) and not keys & {"0", "1"})


def _codes(values: list[str]) -> tuple[str, ...]:
    """A few small whole numbers, in order; none if they are not codes."""
    keys = {code_key(value) for value in values}
    if not 2 <= len(keys) <= MOST_CODES or not all(
        key.isdecimal() and int(key) <= LARGEST_CODE for key in keys
    ):
        return ()
    return tuple(natural_order(keys))


def _are_compact_dates(values: pl.Series) -> bool:
    if not _most(values.str.contains(r"^(19|20)\d{6}$")):
        return False
    return _most(_like_dates(values))


def _like_dates(values: pl.Series) -> pl.Series:
    """Whether values look like dates; a thousand of them tell."""
    return pl.Series([_looks_like_date(value) for value in values.head(1000)], dtype=pl.Boolean)


def _most(fits: pl.Series) -> bool:
    return len(fits) > 0 and 10 * int(fits.fill_null(value=False).sum()) >= 9 * len(fits)


def _looks_like_date(value: str) -> bool:
    if _NUMERIC_DATE.fullmatch(value):
        return True
    parts = (layout.read(value) for layout in PLAIN)
    found = next((part for part in parts if part is not None), None)
    return found is not None and found.month is not None and found.month <= 12 and (found.day or 1) <= 31
