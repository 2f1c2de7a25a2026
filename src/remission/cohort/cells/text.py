"""Cells as text, and codes: "99", 99 and 99.0 are one code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import polars as pl

from remission.cohort.declare import Code

Meaning = TypeVar("Meaning")
MARKS_FOR_UNKNOWN = frozenset({"na", "n/a", "n.a.", "#n/a", "nan", "null", ".", "-", "--", "?", "??"})
"""Can be nothing but "not known"."""
WORDS_FOR_UNKNOWN = frozenset(
    {"unknown", "unk", "missing", "nd", "ne", "nr", "none", "not known", "not available", "not done"}
    | {"not reported", "not recorded", "不明", "未検"}
)
"""Mean it among numbers, but may be levels of a category."""
_INVISIBLE = r"[\x00-\x1f\x7f\u{FFFE}\u{FFFF}]+"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


def as_text(series: pl.Series) -> pl.Series:
    """Write a column as text: stripped; control characters blank; empty and NaN null; dates year first."""
    dtype = series.dtype
    if dtype.is_float():
        return series.fill_nan(None).cast(pl.String).str.strip_suffix(".0")
    if dtype == pl.Boolean:
        return series.replace_strict([True, False], ["yes", "no"], return_dtype=pl.String)
    if dtype == pl.Date:
        return series.dt.to_string("%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return series.dt.to_string("%Y-%m-%d %H:%M:%S")
    # What no printed page, XML or spreadsheet can hold (and line breaks) would make two levels look alike.
    text = series.cast(pl.String, strict=False).str.replace_all(_INVISIBLE, " ").str.strip_chars()
    return text.set(text == "", None)


def code_key(code: Code) -> str:
    """The one way of writing a code.

    Examples
    --------
    >>> code_key(99), code_key(99.0), code_key(" 99.0"), code_key("NA")
    ('99', '99', '99', 'NA')
    """
    text = str(code).strip()
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def translate(codes: Mapping[str, Meaning], values: Iterable[str]) -> dict[str, Meaning]:
    """What values in the file mean by a table of codes; values without a code are absent."""
    by_key = {code_key(code): meaning for code, meaning in codes.items()}
    found: dict[str, Meaning] = {}
    for value in values:
        if value in codes:
            found[value] = codes[value]
        elif (key := code_key(value)) in by_key:
            found[value] = by_key[key]
    return found


def without_missing(text: pl.Series, codes: Sequence[Code]) -> tuple[pl.Series, int]:
    """Make cells that hold a code for "not known" null, and count them."""
    if not codes:
        return text, 0
    keys = [code_key(code) for code in codes]
    unknown = text.is_in(keys)
    numbers = [float(key) for key in keys if _NUMBER.fullmatch(key)]
    if numbers:
        values = text.cast(pl.Float64, strict=False)
        unknown = unknown | values.is_in(numbers)
    unknown = unknown.fill_null(value=False)
    return text.set(unknown, None), int(unknown.sum())


def distinct(text: pl.Series) -> list[str]:
    """Known values, each once, in order of appearance."""
    return [str(value) for value in text.drop_nulls().unique(maintain_order=True)]


def natural_order(values: Iterable[str]) -> list[str]:
    """Sort as a person would: numbers by size, also inside text.

    Examples
    --------
    >>> natural_order(["10", "9", "stage 10", "stage 2"])
    ['9', '10', 'stage 2', 'stage 10']
    """
    return sorted(values, key=_natural)


def _natural(value: str) -> tuple[tuple[int, float, str], ...]:
    if _NUMBER.fullmatch(value) and math.isfinite(float(value)):
        return ((0, float(value), ""),)
    parts = re.split(r"(\d+)", value.casefold())
    return tuple((1, float(part), "") if part.isdecimal() else (2, 0.0, part) for part in parts if part)
