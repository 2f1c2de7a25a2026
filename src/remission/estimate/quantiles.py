"""When a curve reaches a given height: the quantile rule of R's `quantile.survfit`."""

from __future__ import annotations

import numpy as np

from remission.events.table import Floats

CLOSE = float(np.sqrt(np.finfo(float).eps))


def crossing_times(time: Floats, rise: Floats, heights: Floats, start: float) -> Floats:
    """Times at which a curve that rises from 0 at `start` reaches each height.

    Where the curve lies exactly at the height for a while, the middle of that stretch; where it ends there,
    the middle between its beginning and the last time, censored times included. NaN where the height is not
    reached.

    A confidence limit need not be monotone: as in R, the smallest VALUE that reaches the height is looked
    up and the first time of that value is returned. Undefined values are skipped, but where the curve ends
    undefined, the rule for an end at the height does not apply.

    Parameters
    ----------
    time : array (K,)
        Times of the curve, censored ones included.
    rise : array (K,)
        1 minus survival (or minus one of its limits); incidence (or one of its limits). May hold NaN.
    heights : array (P,)
        Between 0 and 1.
    start : float
        Where the curve begins.

    Examples
    --------
    >>> crossing_times(np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5, 0.75]), np.array([0.5, 0.6, 0.9]), 0.0)
    array([2.5, 3. , nan])
    """
    times, values = np.concatenate([[start], time]), np.concatenate([[0.0], rise])
    known, first = np.unique(values, return_index=True)
    ends_known = not np.isnan(values[first.max()])
    keep = ~np.isnan(known)
    known, when = known[keep], np.append(times[first[keep]], np.nan)
    early = when[np.searchsorted(known + CLOSE, heights)]
    late = when[np.searchsorted(known - CLOSE, heights)]
    crossing: Floats = (early + late) / 2
    if ends_known:
        at_end = np.abs(heights - values[first.max()]) < CLOSE
        crossing = np.where(at_end, (early + times[-1]) / 2, crossing)
    crossing[heights == 0] = start
    return crossing
