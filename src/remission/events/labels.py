"""Names in columns: any array, list or series of labels to integer codes and words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

Codes = NDArray[np.intp]
Kind = Literal["flag", "number", "text"]


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """The distinct values of a column and, per row, which of them (-1: missing).

    `declared` tells that the values came with an order (an Enum's); then values nobody has are kept.
    """

    codes: Codes
    values: tuple[Any, ...]
    kind: Kind
    declared: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The values as words."""
        return tuple(str(value) for value in self.values)

    def recoded(self, place: Sequence[int], missing: int = -1) -> Codes:
        """Per row, `place` of its value."""
        return np.array([*place, missing], dtype=np.intp)[self.codes]


def read_labels(column: Any, what: str) -> Labels:
    """Read a column of labels; None, NaN and nulls are missing.

    Parameters
    ----------
    column : array, sequence or series
        Numpy, list, or any series narwhals knows (Polars, pandas, PyArrow...). A Polars Enum or a pandas
        Categorical brings its own order.
    what : str
        Name of the argument, for messages.

    Raises
    ------
    InputError
        If it is no one-dimensional column.
    """
    series = as_series(column)
    if series is not None:
        return _of_series(series)
    array = as_array(column, what)
    if array.dtype.kind in "iub":
        return _of_numbers(array)
    return _of_objects(array.tolist())


def levels_of(labels: Labels, levels: Sequence[str], what: str) -> tuple[Codes, tuple[str, ...]]:
    """Codes and words in the order of `levels`, else of the column's own order, else in natural order.

    Raises
    ------
    InputError
        If the data hold a word that is not among the levels, or a level stands twice.
    """
    if levels:
        order = tuple(str(level) for level in levels)
    elif labels.declared:
        order = labels.words
    else:
        order = tuple(sorted(set(labels.words), key=natural_key))
    if len(set(order)) != len(order):
        raise InputError(f"{what}: a level stands twice in {list(order)}.")
    place = {word: index for index, word in enumerate(order)}
    codes = labels.recoded([place.get(word, -2) for word in labels.words])
    strange = [f'"{labels.words[index]}"' for index in np.unique(labels.codes[codes == -2])]
    if strange:
        raise InputError(
            f"{what} has {', '.join(strange)}, not among the levels {list(order)}. Add or recode it."
        )
    return codes, order


def natural_key(word: str) -> tuple[Any, ...]:
    """Sort key that puts numbers by value, and "stage 2" before "stage 10".

    Examples
    --------
    >>> sorted(["10", "9", "CR10", "CR2"], key=natural_key)
    ['9', '10', 'CR2', 'CR10']
    """
    try:
        return (0, float(word), word)
    except ValueError:
        parts = re.split(r"(\d+)", word)
        return (
            1,
            tuple((0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in parts),
            word,
        )


def as_series(column: Any) -> Any:
    """Return the narwhals view of a series of a data-frame library, or None for anything else."""
    if isinstance(column, (np.ndarray, list, tuple)):
        return None
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    series = nw.from_native(column, series_only=True, pass_through=True)
    return series if isinstance(series, nw.Series) else None


def as_array(column: Any, what: str) -> NDArray[Any]:
    """Return a one-dimensional array; what is neither all integers nor all flags stays Python objects."""
    if isinstance(column, (str, bytes)) or not isinstance(column, (np.ndarray, Iterable)):
        raise InputError(
            f"{what} must be a column of values (array, list or series), not {type(column).__name__}."
        )
    if isinstance(column, np.ndarray):
        if column.ndim != 1:
            raise InputError(f"{what} must have one dimension; it has {column.ndim}.")
        return column
    items = list(column)
    kinds = {type(item) for item in items}
    if kinds in ({bool}, {int}):
        return np.array(items)
    array = np.empty(len(items), dtype=object)
    for index, item in enumerate(items):
        array[index] = item
    return array


def _of_series(series: Any) -> Labels:
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    dtype = series.dtype
    if dtype == nw.Enum or (dtype == nw.Categorical and series.implementation.is_pandas_like()):
        words = tuple(str(word) for word in series.cat.get_categories().to_list())
        native = series.to_native()
        if series.implementation.is_polars():
            codes = native.to_physical().cast(int).fill_null(-1).to_numpy()
        else:
            codes = native.cat.codes.to_numpy()
        return Labels(np.asarray(codes, dtype=np.intp), words, "text", declared=True)
    if (dtype.is_integer() or dtype == nw.Boolean) and not series.null_count():
        return _of_numbers(np.asarray(series.to_numpy()))
    if dtype == nw.String and series.implementation.is_polars():
        return _of_polars_text(series.to_native())
    return _of_objects(series.to_list())


def _of_polars_text(native: Any) -> Labels:
    import polars as pl  # noqa: PLC0415 - loaded when first needed

    physical = native.cast(pl.Categorical).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
    found = _of_numbers(physical)
    example = np.zeros(len(found.values), dtype=np.intp)
    example[found.codes] = np.arange(len(physical))
    missing = bool(found.values) and found.values[0] == -1
    words = tuple(native[int(row)] for row in example[int(missing) :])
    return Labels(found.codes - int(missing), words, "text")


def _of_numbers(array: NDArray[Any]) -> Labels:
    if array.dtype.kind == "b":
        codes = _of_numbers(array.astype(np.intp))
        return Labels(codes.codes, tuple(bool(value) for value in codes.values), "flag")
    low, high = (int(array.min()), int(array.max())) if len(array) else (0, 0)
    if high - low <= 4 * len(array):
        offset = array.astype(np.intp) - low
        seen = np.zeros(high - low + 1, dtype=bool)
        seen[offset] = True
        values = tuple((np.flatnonzero(seen) + low).tolist()) if len(array) else ()
        return Labels(offset if seen.all() else (np.cumsum(seen) - 1)[offset], values, "number")
    distinct, index = np.unique(array, return_inverse=True)
    return Labels(index.astype(np.intp), tuple(distinct.tolist()), "number")


def _of_objects(items: list[Any]) -> Labels:
    try:
        seen: dict[Any, int] = dict.fromkeys(items, -1)
    except TypeError as error:
        raise InputError(f"labels must be words or numbers: {error}") from None
    values = [value for value in seen if not is_missing(value)]
    seen.update({value: index for index, value in enumerate(values)})
    codes = np.fromiter(map(seen.__getitem__, items), np.intp, len(items))
    return Labels(codes, tuple(values), _kind(values))


def _kind(values: Sequence[Any]) -> Kind:
    if values and all(isinstance(value, (bool, np.bool_)) for value in values):
        return "flag"
    if any(isinstance(value, (bool, int, float, np.number, np.bool_)) for value in values):
        return "number"
    return "text"


def is_missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA."""
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or bool(value != value)  # noqa: PLR0124
