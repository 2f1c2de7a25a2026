"""Checked arguments: scores, probabilities, truth and outcomes of the same patients."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError
from remission.events.badrows import BadRows
from remission.events.histories import Histories, histories
from remission.events.numbers import read_numbers
from remission.regress.prepare import which_cause

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def numbers(values: Any, what: str) -> Floats:
    """Finite numbers, one per patient.

    Raises
    ------
    InputError
        If any is missing or no number; every row is named.
    """
    bad = BadRows()
    found = read_numbers(values, what, bad)
    bad.tell()
    return found


def probabilities(values: Any, what: str = "the predicted probability") -> Floats:
    """Finite numbers from 0 to 1.

    Raises
    ------
    InputError
        If any lies outside.
    """
    found = numbers(values, what)
    if len(found) and not (found.min() >= 0 and found.max() <= 1):
        raise InputError(
            f"{what} must lie between 0 and 1; it reaches from {found.min():g} to {found.max():g}"
        )
    return found


def flags(values: Any, what: str = "truth") -> Flags:
    """True or False (1 or 0), one per patient.

    Raises
    ------
    InputError
        If anything else stands there.
    """
    items = values.to_list() if hasattr(values, "to_list") else np.asarray(values).tolist()
    if any(item not in (0, 1) for item in items):
        raise InputError(f"{what} must be True or False (1 or 0) for every patient; leave out who is unknown")
    return np.array(items, dtype=bool)


def same_length(**columns: NDArray[Any]) -> None:
    """Refuse columns of different lengths, and none at all.

    Raises
    ------
    InputError
        With the lengths.
    """
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) > 1:
        raise InputError(f"one value per patient is needed; there are {sizes}")
    if not next(iter(sizes.values()), 0):
        raise InputError("there are no patients")


def outcome(time: Any, event: Any, cause: str | None) -> tuple[Histories, NDArray[np.int64], str]:
    """Rows of an outcome; per row 1 = event of interest, 2 = another event, 0 = censored; and its name.

    Raises
    ------
    InputError
        As `histories`; if there are several events and `cause` names none.
    """
    rows = histories(time, event)
    name = which_cause(rows, cause)
    mine = rows.moved == rows.topology.column(name)
    return rows, np.where(mine, 1, np.where(rows.moved >= 0, 2, 0)), name
