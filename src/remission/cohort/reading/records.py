"""Where the records of a text file begin and end, and how many values each has: seen without parsing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_QUOTE, _NEWLINE = 0x22, 0x0A
_BLANKS = (0x20, 0x09)


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """Records of a UTF-8 text whose lines end in a newline.

    Attributes
    ----------
    start, end : array (N,)
        First byte of each record, and the byte after its last.
    values : array (N,)
        How many values it has; 0 when it is blank.
    stray_quote : int or None
        First record (from 0) with a quotation mark where none can be; what follows it cannot be trusted.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    values: NDArray[np.int64]
    stray_quote: int | None


def find_records(text: bytes, separator: str) -> Records:
    r"""Find the records of a text; separators and newlines between quotation marks belong to values.

    Examples
    --------
    >>> find_records(b'id,note\n1,"a,\nb"\n2\n', ",").values
    array([2, 2, 1])
    """
    letters = np.frombuffer(text, np.uint8)
    newlines, marks = letters == _NEWLINE, letters == ord(separator)
    quotes = np.flatnonzero(letters == _QUOTE)
    stray: int | None = None
    if len(quotes):
        outside = np.cumsum(letters == _QUOTE, dtype=np.uint8) & 1 == 0
        stray = _stray(letters, quotes, ord(separator))
        newlines &= outside
        marks &= outside
    breaks = np.flatnonzero(newlines)
    end = breaks if len(letters) == 0 or newlines[-1] else np.append(breaks, len(letters))
    start = np.concatenate([[0], end[:-1] + 1]) if len(end) else end
    at = np.flatnonzero(marks)
    values = np.searchsorted(at, end) - np.searchsorted(at, start) + 1
    values[_blank(letters, start, end, values)] = 0
    record = None if stray is None else int(np.searchsorted(end, stray))
    return Records(start, end, values, record)


def _blank(
    letters: NDArray[np.uint8], start: NDArray[np.int64], end: NDArray[np.int64], values: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Records with nothing, or only blanks, in them."""
    blank: NDArray[np.bool_] = start == end
    suspects = np.flatnonzero(~blank & (values == 1))
    for index in suspects[np.isin(letters[start[suspects]], _BLANKS)]:
        blank[index] = bool(np.isin(letters[start[index] : end[index]], _BLANKS).all())
    return blank


def _stray(letters: NDArray[np.uint8], quotes: NDArray[np.int64], separator: int) -> int | None:
    """First quotation mark that opens inside a value, closes before its end, or is never closed."""
    edges = (separator, _NEWLINE, _QUOTE)
    opening, closing = quotes[0::2], quotes[1::2]
    before = letters[opening - 1]
    bad_opening = opening[(opening > 0) & ~np.isin(before, edges)]
    after = letters[np.minimum(closing + 1, len(letters) - 1)]
    bad_closing = closing[(closing + 1 < len(letters)) & ~np.isin(after, edges)]
    unclosed = opening[-1:] if len(quotes) % 2 else opening[:0]
    found = np.concatenate([bad_opening, bad_closing, unclosed])
    return int(found.min()) if len(found) else None
