"""How shares of cells are printed: powers of ten, and the classes between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from remission.report.format import ABSENT, fixed, power_of_ten

PER_CENT_FROM = 0.1


def power(value: float | None) -> str:
    """Print a share of cells as a power of ten; from 10 % on as per cent.

    Examples
    --------
    >>> power(0.0001), power(0.0005), power(0.00234), power(0.25), power(None)
    ('10⁻⁴', '5×10⁻⁴', '2.3×10⁻³', '25%', '–')
    """
    if value is None:
        return ABSENT
    if value >= PER_CENT_FROM * (1 - 1e-9):
        share = 100 * value
        return f"{fixed(share, 0 if share >= 10 or abs(share - round(share)) < 1e-9 else 1)}%"
    exponent = math.floor(math.log10(value) + 1e-9)
    front = f"{value / 10.0**exponent:.2g}"
    if front == "10":
        exponent, front = exponent + 1, "1"
    raised = power_of_ten(exponent)
    return raised if front == "1" else f"{front}×{raised}"


def class_words(each: Mapping[str, Any]) -> str:
    """Name a class of the table: `negative`, `10⁻⁴ to <5×10⁻⁴`, `≥5×10⁻⁴`.

    Examples
    --------
    >>> class_words({"name": "0.0001 to 0.0005", "low": 0.0001, "high": 0.0005})
    '10⁻⁴ to <5×10⁻⁴'
    >>> class_words({"name": "from 0.0005", "low": 0.0005, "high": None})
    '≥5×10⁻⁴'
    """
    if each["name"] == "negative":
        return "negative"
    if each["name"] == "below limit":
        return "positive, below the quantification limit"
    if each["high"] is None:
        return f"≥{power(each['low'])}"
    if each["low"] is None:
        return f"quantified, <{power(each['high'])}"
    return f"{power(each['low'])} to <{power(each['high'])}"


def point_words(point: Mapping[str, Any]) -> str:
    """Name a point with the day it was due: `TP1 (day 33)`.

    Examples
    --------
    >>> point_words({"name": "TP1", "due": 33.0})
    'TP1 (due day 33)'
    """
    return f"{point['name']} (due day {fixed(float(point['due']), 0)})"
