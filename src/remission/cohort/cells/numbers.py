"""Numbers, and times as numbers of days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import polars as pl

from remission.cohort.cells.bad import Cells, Reason, gather
from remission.cohort.cells.text import MARKS_FOR_UNKNOWN, WORDS_FOR_UNKNOWN, distinct, translate

_COMMA_NUMBER = r"^[+-]?[0-9]+(,[0-9]+)?([eE][+-]?[0-9]+)?$"
_DAY_TOLERANCE = 1e-6


def read_numbers(
    text: pl.Series, where: str, *, decimal: Literal[".", ","], codes: Mapping[str, float]
) -> Cells:
    """Read numbers; what is none is bad.

    Parameters
    ----------
    text : polars.Series
        Stripped text, missing codes already null.
    where : str
        Key path of the column's declaration, for repairs.
    decimal : "." or ","
    codes : mapping of str to float
        What values that are no numbers stand for: {"<0.01": 0.005}.
    """
    plain = text
    if decimal == ",":
        fits = text.str.contains(_COMMA_NUMBER)
        plain = text.set(~fits, None).str.replace(",", ".", literal=True)
    values = plain.cast(pl.Float64, strict=False)
    if codes:
        meant = translate(codes, distinct(text))
        if meant:
            stands = text.replace_strict(meant, default=None, return_dtype=pl.Float64)
            values = stands.zip_with(stands.is_not_null(), values)
    known = values.is_finite().fill_null(value=False)
    bad = text.is_not_null() & ~known
    values = values.set(~known, None)
    return Cells(values, gather(text, bad, lambda value: _why(value, where, decimal)))


def outside(
    values: pl.Series, text: pl.Series, limits: tuple[float | date, float | date], where: str
) -> Cells:
    """Take out numbers or dates outside their range, whose limits belong to it."""
    low, high = limits
    bad = ((values < low) | (values > high)).fill_null(value=False)
    if not bad.any():
        return Cells(values)
    shown = " to ".join(f"{limit:g}" if isinstance(limit, float) else str(limit) for limit in limits)
    reason = Reason(
        f"is outside {shown}", f"are outside {shown}", f"Correct the value, or the range under [{where}]."
    )
    return Cells(values.set(bad, None), gather(text, bad, lambda _: reason))


def in_days(values: pl.Series, days_in_unit: float) -> pl.Series:
    """Turn times into days; where all are whole days but for rounding (CIBMTR months), into whole days."""
    days = values * days_in_unit
    whole = days.round(0)
    exact = ((days - whole).abs() <= _DAY_TOLERANCE).all()
    return whole if exact else days


def _why(value: str, where: str, decimal: str) -> Reason:
    quoted = f'"{value}"'
    if decimal == "." and re.fullmatch(r"[+-]?[0-9]+,[0-9]+", value):
        repair = f'Say decimal = "," under [{where}], or correct the value.'
        return Reason("has a decimal comma", "have a decimal comma", repair)
    if decimal == "," and re.fullmatch(r"[+-]?\d+\.\d+", value):
        repair = "Correct the value, or `decimal`."
        return Reason("has a point, where the decimal mark is a comma", "have a point, not a comma", repair)
    if value.casefold() in MARKS_FOR_UNKNOWN | WORDS_FOR_UNKNOWN:
        repair = f'If it means "not known", say missing = [{quoted}] under [{where}] or [cohort].'
        return Reason("is no number", "are no numbers", repair)
    if re.match(r"[<>≤≥＜＞]", value):
        stands = f"{quoted} = {_within(value, decimal)}"
        repair = f"Say under [{where}] which number it stands for: codes = {{ {stands} }}."
        return Reason("is a limit, not a number", "are limits, not numbers", repair)
    if _is_number(unicodedata.normalize("NFKC", value)):
        return Reason(
            "is written in full-width digits", "are written in full-width digits", "Write plain digits."
        )
    if re.match(r"[+-]?\d", value) and re.search(r"[A-Za-z%/μµ]", value) and not re.search(r"\d$", value):
        return Reason("has words after the number", "have words after the number", "Write the number only.")
    repair = f'Correct it; if it means "not known", say so by `missing` under [{where}].'
    return Reason("is no number", "are no numbers", repair)


def _within(limit: str, decimal: str) -> str:
    """Half of an upper limit, a lower limit itself: what a value beyond it may stand for; "..." if unread."""
    found = re.fullmatch(r"([<≤＜]?)[^\d.,\u2212-]*?(\d*[.,]?\d+(?:[eE][+-]?\d+)?)\D*", limit)
    if found is None:
        return "..."
    thousands = decimal == "." and re.fullmatch(r"[1-9]\d{0,2},\d{3}", found[2])
    number = Decimal(found[2].replace(",", "" if thousands else "."))
    return f"{number / 2 if found[1] else number:f}"


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", value) is not None
