"""Numbers with so many significant digits, written out."""

from __future__ import annotations

import math


def significant(value: float, digits: int = 4) -> str:
    """Round to significant digits, without an exponent between a millionth and ten million.

    Examples
    --------
    >>> significant(10000.0), significant(0.013684), significant(1321.4), significant(2.5)
    ('10000', '0.01368', '1321', '2.5')
    """
    text = f"{value:.{digits}g}"
    if not math.isfinite(value) or "e" not in text or not 1e-6 <= abs(value) < 1e7:
        return text
    rounded = float(text)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    plain = f"{rounded:.{decimals}f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
