"""Area under the ROC curve with DeLong's variance, alone and of two scores of the same patients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from remission.assess.given import Flags, Floats, flags, numbers, same_length
from remission.assess.measured import Measured, Predictions, covered, logit_ends, p_of_difference, plain_ends
from remission.core.problems import InputError
from remission.core.ranks import midranks


def auc(
    score: Any, truth: Any, *, level: float = 0.95, predictions: Predictions = "new patients"
) -> Measured:
    """Chance that a patient of the class has a higher score than one who is not; a tie counts one half.

    Standard error by DeLong's placements; limits on the logit scale, so within 0 and 1. Where the score parts
    the classes without fault (or the wrong way round) DeLong's variance is 0: the limits are then those of
    m successes in m trials (Clopper-Pearson), m the smaller class.

    Parameters
    ----------
    score : array (n,)
        Higher = more likely of the class. Any scale.
    truth : array (n,)
        True for the class. Leave out the unknown.
    level : float
    predictions : str
        Where the scores come from: "new patients", "out of fold" (cross-validated) or "same patients".
        Changes no number; `covers` of the answer says what the limits mean.

    Raises
    ------
    InputError
        If one class is empty.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 1988; Sun and Xu, IEEE Signal Process Lett 2014 (by ranks).

    Examples
    --------
    >>> found = auc([1, 2, 3, 4], [False, True, False, True])
    >>> found.estimate, round(found.std_error, 4)
    (0.75, 0.3536)
    """
    values, positive = _checked(score, truth)
    area, first, second = placements(values, positive)
    variance = _variance(first, first) + _variance(second, second)
    error = float(np.sqrt(variance))
    few = int(min(positive.sum(), (~positive).sum()))
    if error > 0:
        limits = logit_ends(area, error, level)
    elif area in (0.0, 1.0):
        tail = ((1 - level) / 2) ** (1 / few)
        limits = (tail, 1.0) if area == 1 else (0.0, 1 - tail)
        error = float("nan")
    else:
        limits = float("nan"), float("nan")
        error = float("nan")
    return Measured(
        "area under the ROC curve",
        area,
        error,
        *limits,
        level,
        len(values),
        int(positive.sum()),
        "DeLong, logit",
        covered(predictions),
    )


def auc_difference(
    first: Any, second: Any, truth: Any, *, level: float = 0.95, predictions: Predictions = "new patients"
) -> tuple[Measured, float]:
    """Area of the first score less that of the second, on the same patients; and the two-sided P.

    Limits on the plain scale with DeLong's paired variance. Not for a model against one nested in it on the
    patients both were learned from: there the test is too timid (Demler 2012); use the likelihood ratio.

    Examples
    --------
    >>> found, p = auc_difference([1, 2, 3, 4, 5], [2, 1, 4, 3, 9], [False, True, False, True, True])
    >>> round(found.estimate, 4), round(p, 4)
    (0.3333, 0.0455)
    """
    one, positive = _checked(first, truth)
    two, _ = _checked(second, truth)
    a, a_first, a_second = placements(one, positive)
    b, b_first, b_second = placements(two, positive)
    d_first, d_second = a_first - b_first, a_second - b_second
    error = float(np.sqrt(_variance(d_first, d_first) + _variance(d_second, d_second)))
    found = Measured(
        "difference of areas under the ROC curve",
        a - b,
        error,
        *plain_ends(a - b, error, level),
        level,
        len(one),
        int(positive.sum()),
        "DeLong, paired",
        covered(predictions),
    )
    return found, p_of_difference(a - b, error)


@dataclass(frozen=True, slots=True, eq=False)
class RocCurve:
    """Sensitivity and specificity where "of the class" means score >= cut-off.

    Attributes
    ----------
    cutoff : array (k,)
        Falling; the first is infinite (nobody called).
    sensitivity, specificity : array (k,)
    """

    cutoff: Floats
    sensitivity: Floats
    specificity: Floats


def roc_curve(score: Any, truth: Any) -> RocCurve:
    """Every point of the curve, one per distinct score.

    Examples
    --------
    >>> roc_curve([1, 2, 3], [False, True, True]).sensitivity
    array([0. , 0.5, 1. , 1. ])
    """
    values, positive = _checked(score, truth)
    cutoffs, index = np.unique(-values, return_inverse=True)
    hit = np.bincount(index, weights=positive, minlength=len(cutoffs))
    wrong = np.bincount(index, weights=~positive, minlength=len(cutoffs))
    return RocCurve(
        np.concatenate([[np.inf], -cutoffs]),
        np.concatenate([[0.0], np.cumsum(hit) / hit.sum()]),
        np.concatenate([[1.0], 1 - np.cumsum(wrong) / wrong.sum()]),
    )


def placements(score: Floats, positive: Flags) -> tuple[float, Floats, Floats]:
    """Area, and for each patient of a class the share of the other class he is rightly apart from."""
    m, n = int(positive.sum()), int((~positive).sum())
    ranks = midranks(score)[0]
    first = (ranks[positive] - midranks(score[positive])[0]) / n
    second = 1 - (ranks[~positive] - midranks(score[~positive])[0]) / m
    return float(first.mean()), first, second


def _variance(one: Floats, two: Floats) -> float:
    """Variance of a mean; a class of one patient tells none (NaN)."""
    size = len(one)
    if size < 2:
        return float("nan")
    return float((one - one.mean()) @ (two - two.mean())) / (size - 1) / size


def _checked(score: Any, truth: Any) -> tuple[Floats, Flags]:
    values, positive = numbers(score, "score"), flags(truth)
    same_length(score=values, truth=positive)
    if positive.all() or not positive.any():
        raise InputError("all patients are of one class, so nothing can tell the classes apart")
    return values, positive
