"""Counting inside whichever engine holds the data: a group-by, so that only counts come into memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.histories import read_rows
from remission.events.table import EventTable
from remission.events.tally import tally


def count_frame(
    data: Any,
    time: str,
    event: str,
    *,
    causes: Mapping[int, str] | Sequence[str] | None = None,
    group: str | None = None,
    levels: Sequence[str] = (),
    entry: str | None = None,
    weight: str | None = None,
    weights_are: Literal["frequency", "sampling"] = "sampling",
    stratum: str | None = None,
) -> EventTable:
    """Count an event table from named columns of a data frame, eager or lazy.

    The rows are grouped and counted by the engine that holds them (a Polars LazyFrame over Parquet files, a
    DuckDB relation, a Dask or pandas frame...); what comes back is one row per distinct time, event, group
    and stratum. With whole days that is small however many patients there are.

    Parameters
    ----------
    data : data frame
        Anything narwhals knows.
    time, event, group, entry, weight, stratum : str
        Names of its columns; what they hold is as in `event_table`.
    causes, levels, weights_are
        As in `event_table`.

    Returns
    -------
    EventTable

    Raises
    ------
    InputError
        As `event_table`; wrong rows are counted, not listed, since an engine does not number its rows.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.LazyFrame({"days": [5, 8, 8], "event": ["relapse", None, "NRM"], "arm": ["A", "A", "B"]})
    >>> table = count_frame(frame, "days", "event", group="arm")
    >>> [block.at_risk.ravel().tolist() for block in table.blocks()]
    [[2.0, 1.0], [1.0]]
    """
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    frame = nw.from_native(data).lazy()
    keys = {"time": time, "event": event, "group": group, "stratum": stratum, "entry": entry}
    columns = {key: name for key, name in keys.items() if name is not None}
    _check_names(frame, [*columns.values(), *([weight] if weight is not None else [])])
    wanted = [nw.col(name).alias(key) for key, name in columns.items()]
    sums = [nw.len().alias("rows")]
    if weight is not None:
        _check_weight(frame, weight, weights_are)
        wanted += [nw.col(weight).alias("weight"), (nw.col(weight) * nw.col(weight)).alias("square")]
        sums += [nw.col("weight").sum(), nw.col("square").sum()]
    cells = _collected(frame.select(wanted).group_by(*columns).agg(*sums))
    repeats = np.asarray(cells["rows"], dtype=float)
    rows = read_rows(
        cells["time"],
        cells["event"],
        BadRows(repeats=repeats),
        causes=causes,
        levels=levels,
        weight=cells["rows" if weight is None else "weight"],
        weights_are="sampling",
        **{name: cells.get(name) for name in ("group", "stratum", "entry")},
    )
    table = tally(replace(rows, weights_are="frequency"))
    if weight is None:
        return replace(table, weights_are="none")
    if weights_are == "frequency":
        return table
    squares = tally(replace(rows, weights_are="frequency", weight=np.asarray(cells["square"], dtype=float)))
    return replace(table, squares=squares.counts, weights_are="sampling")


def _collected(lazy: Any) -> dict[str, Any]:
    """Run the query, out of core where the engine can, and take its columns."""
    if lazy.implementation.is_duckdb():  # its way to arrow or Polars would need pyarrow
        return {name: column.tolist() for name, column in lazy.to_native().fetchnumpy().items()}
    frame = lazy.collect(engine="streaming") if lazy.implementation.is_polars() else lazy.collect()
    return {name: frame[name].to_native() for name in frame.columns}


def _check_names(frame: Any, names: Sequence[str]) -> None:
    there = frame.collect_schema().names()
    absent = [name for name in names if name not in there]
    if absent:
        listed = ", ".join(f'"{name}"' for name in absent)
        raise InputError(f"the data have no column {listed}; they have {', '.join(there)}.")


def _check_weight(frame: Any, name: str, weights_are: str) -> None:
    import narwhals.stable.v2 as nw  # noqa: PLC0415 - loaded when first needed

    if weights_are not in {"frequency", "sampling"}:
        raise InputError(
            f'weights_are must be "frequency" (repeated rows) or "sampling", not {weights_are!r}.'
        )
    if not frame.collect_schema()[name].is_numeric():
        raise InputError("weight must hold numbers.")
    weight = nw.col(name).cast(nw.Float64)
    wrong = {
        "is missing or not finite": ~weight.is_finite().fill_null(value=False),
        "is negative": weight < 0,
    }
    if weights_are == "frequency":
        wrong["is not a whole number"] = weight % 1 != 0
    counted = _collected(frame.select(*[flag.sum().alias(what) for what, flag in wrong.items()]))
    found = {what: int(counted[what][0] or 0) for what in wrong}
    told = [f"weight {what} in {number} rows." for what, number in found.items() if number]
    if told:
        raise InputError("\n".join(told))
