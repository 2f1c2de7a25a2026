"""Whatever comes first: events in their order, what ends follow-up, and delayed entry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from remission.cohort.endpoints.ask import Floats
from remission.core.clock import A_MOMENT
from remission.core.ties import TOLERANCE


def first_event(
    day: Mapping[str, Floats], end: Floats, limit: float = np.inf
) -> tuple[Floats, NDArray[np.object_]]:
    """Time and key of the first event, None where censored.

    Parameters
    ----------
    day : mapping of str to array (n,)
        Days of each event, NaN where it did not happen. On one day they come in the order of the mapping.
    end : array (n,)
        End of follow-up.
    limit : float
        Last day anybody looks at (day 100); an event on that day counts.

    Examples
    --------
    >>> days = {"relapse": np.array([70.0, np.nan]), "death": np.array([70.0, 90.0])}
    >>> first_event(days, np.array([70.0, 90.0]), 80.0)
    (array([70., 80.]), array(['relapse', None], dtype=object))
    """
    keys = list(day)
    days = np.stack([np.where(np.isnan(values), np.inf, values) for values in day.values()])
    earliest = days.min(axis=0)
    which = np.argmax(days <= earliest * (1 + TOLERANCE), axis=0)
    happened = np.isfinite(earliest) & (earliest <= limit + A_MOMENT)
    time = np.where(happened, earliest, np.fmin(end, limit))
    event = np.array([*keys, None], dtype=object)[np.where(happened, which, len(keys))]
    return time, event
