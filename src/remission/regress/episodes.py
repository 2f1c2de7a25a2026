"""Rows (start, stop] from switch times: a status that begins after time zero, without immortal time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.core.ties import TOLERANCE
from remission.events.badrows import BadRows
from remission.events.numbers import read_numbers

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """Counting-process rows.

    Attributes
    ----------
    row : array (m,) of int
        The patient (row of the input, from 0) each episode belongs to.
    start, stop : arrays (m,)
        At risk means start < t <= stop; start is minus infinity where at risk from the beginning.
    last : array (m,) of bool
        Whether it is the patient's last episode, the one that carries the event.
    status : mapping of str to array (m,)
        0 before the switch, 1 from then on.
    """

    row: Ints
    start: Floats
    stop: Floats
    last: NDArray[np.bool_]
    status: Mapping[str, Floats]

    def frame(self) -> pl.DataFrame:
        """The episodes as a table: row, start, stop, last, and a column per status."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        columns = {"row": self.row, "start": self.start, "stop": self.stop, "last": self.last}
        return pl.DataFrame({**columns, **self.status})


def split_episodes(time: Any, switches: Mapping[str, Any], *, entry: Any = None) -> Episodes:
    """Split each patient's follow-up where a status begins.

    A switch at s makes (entry, s] without and (s, time] with the status: an event on the day of the switch
    belongs to the status before it. A switch at or before entry (or at or before 0 without entry) holds from
    the start; one at or after the end of follow-up never comes to bear; NaN or null means never.

    Parameters
    ----------
    time : column (n,)
        End of follow-up.
    switches : mapping of name to column (n,)
        When each status begins, on the axis of `time`.
    entry : column (n,), optional
        Delayed entry.

    Returns
    -------
    Episodes

    Raises
    ------
    InputError
        For missing times, or entry not before time.

    Examples
    --------
    >>> split_episodes([10.0, 8.0], {"gvhd": [4.0, float("nan")]}).frame().rows()
    [(0, -inf, 4.0, False, 0.0), (0, 4.0, 10.0, True, 1.0), (1, -inf, 8.0, True, 0.0)]
    """
    bad = BadRows()
    stop = read_numbers(time, "time", bad)
    begin = (
        np.full(len(stop), -np.inf) if entry is None else read_numbers(entry, "entry", bad, allow_start=True)
    )
    bad.note(begin >= stop, "entry is not before time", "Correct or drop these rows")
    bad.tell()
    at = {name: _switch(values, name, len(stop)) for name, values in switches.items()}
    floor = np.where(np.isinf(begin), np.minimum(0.0, stop), begin)
    cuts = [np.where((s > floor) & (s < stop * (1 - TOLERANCE)), s, np.nan) for s in at.values()]
    row = np.arange(len(stop))
    inner = np.concatenate([row[np.isfinite(cut)] for cut in cuts]) if cuts else row[:0]
    when = np.concatenate([cut[np.isfinite(cut)] for cut in cuts]) if cuts else stop[:0]
    pairs = np.unique(np.stack([inner.astype(float), when]), axis=1)
    owner = np.concatenate([row, pairs[0].astype(np.int64)])
    start = np.concatenate([begin, pairs[1]])
    order = np.lexsort((start, owner))
    owner, start = owner[order], start[order]
    last = np.append(owner[1:] != owner[:-1], True)[: len(owner)]
    end = np.where(last, stop[owner], np.append(start[1:], np.nan)[: len(owner)])
    status = {
        name: (np.where(np.isnan(s[owner]), np.inf, s[owner]) <= np.maximum(start, floor[owner])).astype(
            float
        )
        for name, s in at.items()
    }
    return Episodes(owner, start, end, last, status)


def _switch(values: Any, name: str, size: int) -> Floats:
    """Switch times with NaN for never."""
    array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values, dtype=object)
    try:
        numbers = np.array([np.nan if item is None else item for item in array], dtype=float)
    except (TypeError, ValueError):
        raise InputError(
            f"{name} must hold times on the axis of time, missing where it never happened"
        ) from None
    if len(numbers) != size:
        raise InputError(f"{name} has {len(numbers)} values for {size} times. Give one per row.")
    return numbers
