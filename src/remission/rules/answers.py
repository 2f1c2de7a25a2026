"""All patients at once: every pattern of inputs is decided once, however many patients have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remission.cohort.conditions.evaluate import Cell
from remission.rules.book import Inputs
from remission.rules.partition import OUTSIDE
from remission.rules.values import Values

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class Answers(Generic[Answer]):
    """Answers by pattern.

    Attributes
    ----------
    of_pattern : tuple
        One answer for each pattern of inputs that occurs.
    pattern : array (n,) of int
        Which pattern each patient has.
    """

    of_pattern: tuple[Answer, ...]
    pattern: NDArray[np.int64]

    def column(self, name: str, read: Callable[[Answer], object], dtype: pl.DataType) -> pl.Series:
        """One column of a table of patients."""
        cells = pl.Series(name, [read(answer) for answer in self.of_pattern], dtype=dtype)
        return cells.gather(self.pattern)


def codes_of(inputs: Inputs, frame: pl.DataFrame) -> NDArray[np.int64]:
    """Cells of every input of every patient, in the order of the diagram's variables (n, inputs)."""
    columns = [partition.codes(frame[name]) for name, partition in inputs.partitions.items()]
    return np.stack(columns, axis=1) if columns else np.empty((frame.height, 0), dtype=np.int64)


def answer_all(
    inputs: Inputs, values: Values, answer: Callable[[Mapping[str, Cell]], Answer]
) -> Answers[Answer]:
    """Answer every pattern of inputs that occurs, through one patient who has it."""
    codes = codes_of(inputs, values.frame)
    _, first, pattern = np.unique(_keys(codes), return_index=True, return_inverse=True)
    answers = tuple(answer(values.row(int(position))) for position in first)
    return Answers(answers, pattern.reshape(-1).astype(np.int64))


def _keys(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number for each pattern: its cells as digits, numbered anew when they grow too large."""
    keys = np.zeros(len(codes), dtype=np.int64)
    size = 1
    for column in (codes - OUTSIDE).T:
        digits = int(column.max(initial=0)) + 1
        if size * digits > 2**62:
            _, keys = np.unique(keys, return_inverse=True)
            size = int(keys.max(initial=0)) + 1
        keys = keys * digits + column
        size *= digits
    return keys
