"""Long arrays in pieces that fit the cache: what is made of a piece is read again before it leaves."""

from __future__ import annotations

from collections.abc import Iterator

CELLS = 1 << 16
FEWEST = 16


def pieces(size: int, width: int = 1) -> Iterator[slice]:
    """Slices of `size` columns, `width` numbers deep.

    Examples
    --------
    >>> [piece.stop for piece in pieces(150_000)]
    [65536, 131072, 150000]
    """
    return slices(size, max(CELLS // max(width, 1), FEWEST))


def slices(size: int, length: int) -> Iterator[slice]:
    """Slices of `size` elements, `length` at a time.

    Examples
    --------
    >>> list(slices(5, 3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, size, length):
        yield slice(start, min(start + length, size))
