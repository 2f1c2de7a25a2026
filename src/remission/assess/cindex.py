"""Harrell's concordance of any score with a censored outcome, alone and of two scores."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from remission.assess.given import Floats, numbers, outcome, same_length
from remission.assess.measured import Measured, Predictions, covered, logit_ends, p_of_difference, plain_ends
from remission.core.problems import InputError
from remission.regress.concordance import compared

Competing = Literal["kept", "censored"]


def c_index(
    score: Any,
    time: Any,
    event: Any,
    *,
    cause: str | None = None,
    competing: Competing = "kept",
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> Measured:
    """Chance that of two patients the one with the higher score has the event first.

    A pair is comparable if one had the event while the other was still observed and free of it; who is
    censored at the time of the event counts as free. Two events at one time are not comparable; equal scores
    count one half. It depends on how long patients were followed. Standard error by infinitesimal
    jackknife, limits on the logit scale.

    Parameters
    ----------
    score : array (n,)
        Higher = the event is expected earlier.
    time, event, cause
        As in `cox`.
    competing : "kept" or "censored"
        A patient with another event counts as free of this one for good (Wolbers 2009: as in incidence), or
        until then only (as in the cause-specific hazard).

    Raises
    ------
    InputError
        If no pair is comparable.

    References
    ----------
    Harrell, Lee and Mark, Stat Med 1996; Wolbers et al., Epidemiology 2009.

    Examples
    --------
    >>> round(c_index([4.0, 2.0, 3.0, 1.0], [1, 2, 3, 4], [True, True, True, False]).estimate, 6)
    0.833333
    """
    estimate, influence, n, events = c_influence(score, time, event, cause, competing)
    error = float(np.sqrt(influence @ influence))
    return Measured(
        "concordance index",
        estimate,
        error,
        *logit_ends(estimate, error, level),
        level,
        n,
        events,
        "infinitesimal jackknife, logit",
        covered(predictions),
    )


def c_difference(
    first: Any,
    second: Any,
    time: Any,
    event: Any,
    *,
    cause: str | None = None,
    competing: Competing = "kept",
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> tuple[Measured, float]:
    """Concordance of the first score less that of the second on the same patients; and the two-sided P.

    Paired infinitesimal jackknife, plain limits. The scores are taken as given.
    """
    a, a_influence, n, events = c_influence(first, time, event, cause, competing)
    b, b_influence, _, _ = c_influence(second, time, event, cause, competing)
    error = float(np.linalg.norm(a_influence - b_influence))
    found = Measured(
        "difference of concordance indices",
        a - b,
        error,
        *plain_ends(a - b, error, level),
        level,
        n,
        events,
        "infinitesimal jackknife, paired",
        covered(predictions),
    )
    return found, p_of_difference(a - b, error)


def c_influence(
    score: Any, time: Any, event: Any, cause: str | None, competing: Competing = "kept"
) -> tuple[float, Floats, int, int]:
    """Concordance, influence by patient, patients and events.

    Raises
    ------
    InputError
        If no pair is comparable, or `competing` is neither of the two.
    """
    if competing not in ("kept", "censored"):
        raise InputError(f'competing must be "kept" or "censored"; it is {competing!r}')
    values = numbers(score, "score")
    rows, status, name = outcome(time, event, cause)
    same_length(score=values, time=status)
    leave = rows.grid.exit_at.astype(np.int64)
    if competing == "kept":
        leave = np.where(status == 2, len(rows.grid.values), leave)
    rank = np.unique(values, return_inverse=True)[1].astype(np.int64)
    died = status == 1
    found, influence = compared(np.zeros_like(leave), leave, rank, died, np.ones(len(values)))
    if np.isnan(found.estimate):
        raise InputError(f"nobody had {name} while another was observed, so no pair can be compared")
    return found.estimate, influence, len(values), int(died.sum())
