"""Numbers in columns: any array, list or series to floats, with missing and infinite rows noted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.labels import as_array, as_series, is_missing


def read_numbers(column: Any, what: str, bad: BadRows, *, allow_start: bool = False) -> NDArray[np.float64]:
    """Read a column of finite numbers; `allow_start` admits minus infinity (at risk from the start).

    Raises
    ------
    InputError
        If it holds anything but numbers.
    """
    series = as_series(column)
    if series is None:
        array = as_array(column, what)
    elif series.dtype.is_numeric() and not series.null_count():
        array = np.asarray(series.to_numpy())
    else:
        array = as_array(series.to_list(), what)
    numbers = _floats(array, what)
    wrong = ~np.isfinite(numbers)
    if allow_start:
        wrong &= numbers != -np.inf
    bad.note(wrong, f"{what} is missing or not finite", "Complete it, or leave these rows out")
    return numbers


def _floats(array: NDArray[Any], what: str) -> NDArray[np.float64]:
    if array.dtype.kind in "iuf":
        return np.array(array, dtype=np.float64)
    message = f"{what} must hold numbers, not text, dates or flags; turn dates into days first."
    if array.dtype.kind != "O":
        raise InputError(message)
    items = [np.nan if is_missing(item) else item for item in array.tolist()]
    if any(isinstance(item, (str, bytes, bool, np.bool_)) for item in items):
        raise InputError(message)
    try:
        return np.array(items, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(message) from None
