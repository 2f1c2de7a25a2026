"""Discrimination and accuracy at a time: AUC and Brier score of censored outcomes."""

from __future__ import annotations

from typing import Any

import numpy as np

from remission.assess.given import Floats, numbers, probabilities, same_length
from remission.assess.measured import Measured, Predictions, covered, logit_ends, p_of_difference, plain_ends
from remission.assess.weights import Weighted, weights_at
from remission.core.problems import InputError


def auc_at(
    score: Any,
    time: Any,
    event: Any,
    at: float,
    *,
    cause: str | None = None,
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> Measured:
    """Chance that who has the event by a time scored higher than who has not (cumulative, dynamic AUC).

    Those who are not cases are free of everything at `at`, or had another event by then: that is a
    patient, too, in whom the event of interest did not happen. Weights: see `weights_at` (at ties events
    come before censorings). Standard error by the infinitesimal jackknife, the estimate of the weights
    included; limits on the logit scale.

    Parameters
    ----------
    score : array (n,)
        Higher = the event is expected sooner or more likely.
    time, event
        As in `cox`; no delayed entry.
    at : float
    cause : str, optional
        Needed when there are several events.

    Raises
    ------
    InputError
        If nobody is followed until `at`, or there are no cases or nobody else.

    References
    ----------
    Uno et al., JASA 2007; Blanche, Dartigues and Jacqmin-Gadda, Stat Med 2013 (competing events, definition
    ii).

    Examples
    --------
    >>> found = auc_at([4, 3, 2, 1], [1, 2, 3, 4], [True, True, False, True], 2.5)
    >>> found.estimate
    1.0
    """
    values, known = _checked(score, time, event, at, cause)
    area, influence = weighted_auc(values, known)
    error = float(np.sqrt(influence @ influence))
    return Measured(
        "time-dependent area under the ROC curve",
        area,
        error,
        *logit_ends(area, error, level),
        level,
        known.n,
        known.events,
        "inverse probability of censoring, logit",
        covered(predictions),
    )


def auc_difference_at(
    first: Any,
    second: Any,
    time: Any,
    event: Any,
    at: float,
    *,
    cause: str | None = None,
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> tuple[Measured, float]:
    """AUC at a time of the first score less that of the second, paired; and the two-sided P."""
    one, known = _checked(first, time, event, at, cause)
    two, _ = _checked(second, time, event, at, cause)
    a, a_influence = weighted_auc(one, known)
    b, b_influence = weighted_auc(two, known)
    error = float(np.linalg.norm(a_influence - b_influence))
    found = Measured(
        "difference of time-dependent areas under the ROC curve",
        a - b,
        error,
        *plain_ends(a - b, error, level),
        level,
        known.n,
        known.events,
        "inverse probability of censoring, paired",
        covered(predictions),
    )
    return found, p_of_difference(a - b, error)


def brier_at(
    risk: Any,
    time: Any,
    event: Any,
    at: float,
    *,
    cause: str | None = None,
    level: float = 0.95,
    predictions: Predictions = "new patients",
) -> Measured:
    """Weighted mean squared distance of the predicted risk of the event by a time from what happened.

    Parameters
    ----------
    risk : array (n,)
        Predicted probability of the event of interest by `at` (not of survival).
    time, event, at, cause
        As in `auc_at`, also for the standard error; plain limits.

    References
    ----------
    Graf et al., Stat Med 1999; Schoop et al., Biom J 2011 (competing events).

    Examples
    --------
    >>> brier_at([0.9, 0.5, 0.2, 0.1], [1, 2, 3, 4], [True, True, False, True], 2.5).estimate
    0.07750000000000001
    """
    p = probabilities(risk, "the predicted risk")
    same_length(risk=p, time=numbers(time, "time"))
    known = weights_at(time, event, at, cause)
    each = known.weight * (known.case - p) ** 2 / known.n
    score = float(each.sum())
    influence = known.influence(each) - score / known.n
    error = float(np.sqrt(influence @ influence))
    return Measured(
        "Brier score at a time",
        score,
        error,
        *plain_ends(score, error, level, lowest=0.0),
        level,
        known.n,
        known.events,
        "inverse probability of censoring, plain",
        covered(predictions),
    )


def scaled_brier_at(risk: Any, time: Any, event: Any, at: float, *, cause: str | None = None) -> float:
    """Index of prediction accuracy: the share taken away of the Brier score of one risk for everybody.

    The common risk is the weighted share of cases: with these weights the Kaplan-Meier or Aalen-Johansen
    estimate of all patients.

    References
    ----------
    Kattan and Gerds, Diagn Progn Res 2018.

    Examples
    --------
    >>> round(scaled_brier_at([0.9, 0.5, 0.2, 0.1], [1, 2, 3, 4], [True, True, False, True], 2.5), 4)
    0.69
    """
    known = weights_at(time, event, at, cause)
    common = float(known.weight @ known.case) / known.n
    own = brier_at(risk, time, event, at, cause=cause).estimate
    useless = float(known.weight @ (known.case - common) ** 2) / known.n
    return 1 - own / useless if useless else float("nan")


def weighted_auc(score: Floats, known: Weighted) -> tuple[float, Floats]:
    """Area at a time, and its influence by patient.

    Raises
    ------
    InputError
        If there are no cases, or nobody else is known.
    """
    w = known.weight
    cases, others = np.where(known.case, w, 0.0), np.where(known.case, 0.0, w)
    pairs = float(cases.sum() * others.sum())
    if pairs == 0:
        raise InputError(f"at {known.at:g} there are no patients with the event, or none known to be without")
    index = np.unique(score, return_inverse=True)[1]
    case_at, other_at = np.bincount(index, weights=cases), np.bincount(index, weights=others)
    below = (np.cumsum(other_at) - other_at / 2)[index]
    above = (case_at.sum() - np.cumsum(case_at) + case_at / 2)[index]
    area = float(cases @ below) / pairs
    own = cases * (below / pairs - area / cases.sum()) + others * (above / pairs - area / others.sum())
    return area, known.influence(own)


def _checked(score: Any, time: Any, event: Any, at: float, cause: str | None) -> tuple[Floats, Weighted]:
    values = numbers(score, "score")
    same_length(score=values, time=numbers(time, "time"))
    return values, weights_at(time, event, at, cause)
