"""Numbers in columns: any array, list or series to floats, with missing and infinite rows noted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.labels import as_array, as_series


def read_numbers(column: Any, what: str, bad: BadRows, *, allow_start: bool = False) -> NDArray[np.float64]:
    """Read a column of finite numbers; `allow_start` admits minus infinity (at risk from the start).

    Raises
    ------
    InputError
        If it holds no numbers.
    """
    series = as_series(column)
    if series is not None:
        if not (series.dtype.is_numeric() or set(series.to_list()) <= {None}):
            raise InputError(
                f"{what} must hold numbers; it holds {series.dtype}. Dates must be turned into days first."
            )
        array = series.to_numpy() if not series.null_count() else as_array(series.to_list(), what)
    else:
        array = as_array(column, what)
    if array.dtype.kind not in "iufO":
        raise InputError(
            f"{what} must hold numbers; it holds {array.dtype}. Dates must be turned into days first."
        )
    try:
        numbers = np.asarray(
            [np.nan if str(item) == "<NA>" else item for item in array] if array.dtype.kind == "O" else array,
            dtype=np.float64,
        )
    except (TypeError, ValueError):
        raise InputError(f"{what} must hold numbers; some of its values are text or dates.") from None
    wrong = ~np.isfinite(numbers)
    if allow_start:
        wrong &= numbers != -np.inf
    bad.note(wrong, f"{what} is missing or not finite", "Complete it, or leave these rows out")
    return numbers
