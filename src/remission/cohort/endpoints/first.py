"""Whatever comes first: events in their order, what ends follow-up, and delayed entry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from remission.cohort.endpoints.ask import Floats
from remission.core.clock import A_MOMENT
from remission.core.ties import TOLERANCE


def first_event(day: Mapping[str, Floats], end: Floats, cut: Floats) -> tuple[Floats, NDArray[np.object_]]:
    """Time and key of the first event, None where censored.

    Parameters
    ----------
    day : mapping of str to array (n,)
        Days of each event, NaN where it did not happen. On one day they come in the order of the mapping.
    end : array (n,)
        End of follow-up.
    cut : array (n,)
        Day from which nobody looks any more (second transplant, day 100), infinite where there is none. An
        event on that day still counts: the switch came after it.

    Examples
    --------
    >>> days = {"relapse": np.array([70.0, np.nan]), "death": np.array([70.0, 90.0])}
    >>> first_event(days, np.array([70.0, 90.0]), np.array([np.inf, 80.0]))
    (array([70., 80.]), array(['relapse', None], dtype=object))
    """
    keys = list(day)
    days = np.stack([np.where(np.isnan(values), np.inf, values) for values in day.values()])
    earliest = days.min(axis=0)
    tied = days <= earliest * (1 + TOLERANCE)
    which = np.argmax(tied, axis=0)
    happened = np.isfinite(earliest) & (earliest <= cut + A_MOMENT)
    time = np.where(happened, earliest, np.fmin(end, cut))
    event = np.array(
        [keys[index] if yes else None for index, yes in zip(which, happened, strict=True)], dtype=object
    )
    return time, event
