"""Counting: from one row per patient to the event table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from remission.events.histories import histories
from remission.events.table import EventTable


def event_table(
    time: Any,
    event: Any,
    *,
    causes: Mapping[int, str] | Sequence[str] | None = None,
    group: Any = None,
    levels: Sequence[str] = (),
    entry: Any = None,
    weight: Any = None,
    weights_are: Literal["frequency", "sampling"] = "sampling",
    stratum: Any = None,
) -> EventTable:
    """Count who entered, who had which event and who was censored, per distinct time, group and stratum.

    Parameters
    ----------
    time : column (n,)
        End of follow-up, in any unit; finite. A column is a numpy array, a list, or a series of any
        data-frame library.
    event : column (n,)
        True/False; or the name of what happened, None or "" or NaN for censored; or codes named by `causes`
        (0 = censored).
    causes : mapping of code to name, or sequence of names, optional
        Names of the causes in display order. Default: the names in the data in natural order, or "event".
    group, stratum : column (n,), optional
        Labels. Curves are estimated per stratum and group, tests compare groups within strata.
    levels : sequence of str, optional
        Groups in display order, empty ones included. Default: an Enum or pandas Categorical has its own,
        else natural order.
    entry : column (n,), optional
        Delayed entry: at risk means entry < t <= time. Without it everyone is at risk from minus infinity, so
        events at time 0 count; likewise for a row whose entry is minus infinity.
    weight : column (n,), optional
        Zero or more.
    weights_are : "sampling" or "frequency"
        Sampling weights make variances robust; frequency weights (whole numbers) are repeated rows.

    Returns
    -------
    EventTable

    Raises
    ------
    InputError
        With every wrong row: missing or infinite times, negative weights, entry not before time, unknown
        codes, missing groups; or for arguments that do not fit together.

    Notes
    -----
    Times within 1.5e-8 relative of each other are tied, exits and entries alike; the smallest stands for
    them. Nothing is shifted or jittered.

    Examples
    --------
    >>> table = event_table([5, 8, 8, 12], ["relapse", None, "NRM", None])
    >>> table.topology.causes, table.time
    (('NRM', 'relapse'), array([ 5.,  8., 12.]))
    """
    return histories(
        time,
        event,
        causes=causes,
        group=group,
        levels=levels,
        entry=entry,
        weight=weight,
        weights_are=weights_are,
        stratum=stratum,
    ).table()
