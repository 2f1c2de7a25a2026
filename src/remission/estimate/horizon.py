"""How far the follow-up of groups that are compared reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.core.problems import InputError
from remission.estimate.risk import Risk


def last_time(risk: Risk) -> tuple[float, bool]:
    """Last time at which anybody left, and whether all who left then had an event (survival ends at 0).

    NaN for a group without patients.
    """
    leavers = np.flatnonzero(risk.events + risk.censored > 0)
    if not len(leavers):
        return float("nan"), False
    end = leavers[-1]
    return float(risk.time[end]), bool(risk.censored[end] == 0)


def largest_horizon(risks: Sequence[Risk]) -> float:
    """Return the last time up to which the areas under all these curves are known.

    The earliest last time among the groups that end in a censoring; if all end in events, the latest. For
    two groups this is the rule of R's `survRM2`. Groups without patients do not count.

    Raises
    ------
    InputError
        If no group has patients.
    """
    ends = [end for end in map(last_time, risks) if not np.isnan(end[0])]
    if not ends:
        raise InputError("there are no patients.")
    open_ends = [time for time, complete in ends if not complete]
    return min(open_ends) if open_ends else max(time for time, _ in ends)
