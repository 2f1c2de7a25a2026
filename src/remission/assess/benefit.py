"""Net benefit and decision curves, of classes and of censored outcomes with competing events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from remission.assess.given import Floats, flags, numbers, outcome, probabilities, same_length
from remission.assess.measured import Measured
from remission.assess.observed import incidence_at
from remission.core.limits import critical
from remission.core.problems import InputError
from remission.core.vocabulary import result_rows

if TYPE_CHECKING:
    import polars as pl

THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(1, 100))


@dataclass(frozen=True, slots=True, eq=False)
class DecisionCurve:
    """Net benefit per patient at each threshold.

    Attributes
    ----------
    threshold : array (k,)
        Risk from which one would treat: a patient who would rather treat 1/threshold - 1 in vain than miss
        one.
    model, all : array (k,)
        Of treating those at or above the threshold, and everybody. Treating nobody has 0.
    treated : array (k,)
        Share of patients at or above the threshold.
    n, events : int
    """

    threshold: Floats
    model: Floats
    all: Floats
    treated: Floats
    n: int
    events: int

    def rows(self) -> pl.DataFrame:
        """Rows by threshold (`statistic`): `group` "model", "treat all" and "treat none"."""
        size = len(self.threshold)
        return result_rows(
            {
                "measure": "net benefit",
                "group": ["model"] * size + ["treat all"] * size + ["treat none"] * size,
                "statistic": np.tile(self.threshold, 3),
                "estimate": np.concatenate([self.model, self.all, np.zeros(size)]),
                "at_risk": float(self.n),
                "events": float(self.events),
            }
        )


def decision_curve(risk: Any, truth: Any, thresholds: Sequence[float] = THRESHOLDS) -> DecisionCurve:
    """Net benefit = (true positives - false positives × t / (1 - t)) / n, treating where risk >= t.

    References
    ----------
    Vickers and Elkin, Med Decis Making 2006.

    Examples
    --------
    >>> found = decision_curve([0.9, 0.6, 0.4, 0.1], [True, False, True, False], [0.5])
    >>> found.model, found.all
    (array([0.]), array([0.]))
    """
    p, positive = probabilities(risk, "the predicted risk"), flags(truth)
    same_length(risk=p, truth=positive)
    t = _thresholds(thresholds)
    odds = t / (1 - t)
    treated = p[None, :] >= t[:, None]
    hit, wrong = (treated & positive).mean(axis=1), (treated & ~positive).mean(axis=1)
    share = positive.mean()
    return DecisionCurve(
        t, hit - wrong * odds, share - (1 - share) * odds, treated.mean(axis=1), len(p), int(positive.sum())
    )


def decision_curve_at(
    risk: Any,
    time: Any,
    event: Any,
    at: float,
    *,
    cause: str | None = None,
    thresholds: Sequence[float] = THRESHOLDS,
) -> DecisionCurve:
    """Net benefit for an event by a time, F P - (1 - F) P t / (1 - t).

    P is the share of those treated, F their incidence: one minus Kaplan-Meier, with competing events
    Aalen-Johansen. Censored patients are neither dropped nor counted as free. Where nobody is treated it is
    0; where none of the treated is followed until `at` it is NaN.

    Parameters
    ----------
    risk : array (n,)
        Predicted probability of the event of interest by `at`.
    time, event, at, cause
        As in `auc_at`.

    References
    ----------
    Vickers et al., BMC Med Inform Decis Mak 2008.

    Examples
    --------
    >>> found = decision_curve_at([0.9, 0.6, 0.4, 0.1], [1, 4, 2, 4], [True, False, True, False], 3,
    ...                           thresholds=[0.5])
    >>> found.model, found.all
    (array([0.]), array([0.]))
    """
    p = probabilities(risk, "the predicted risk")
    _, status, _ = outcome(time, event, cause)
    when = numbers(time, "time")
    same_length(risk=p, time=status)
    t = _thresholds(thresholds)
    treated = p[None, :] >= t[:, None]
    sizes = treated.sum(axis=1)
    incidence = {
        size: incidence_at(when[treated[k]], status[treated[k]], at)
        for k, size in enumerate(sizes.tolist())
        if size
    }
    share = sizes / len(p)
    odds = t / (1 - t)
    f = np.array([incidence.get(size, 0.0) for size in sizes.tolist()])
    everybody = incidence_at(when, status, at)
    return DecisionCurve(
        t,
        np.where(sizes > 0, share * (f - (1 - f) * odds), 0.0),
        everybody - (1 - everybody) * odds,
        share,
        len(p),
        int(((status == 1) & (when <= at)).sum()),
    )


def benefit_difference_at(
    first: Any,
    second: Any,
    time: Any,
    event: Any,
    at: float,
    threshold: float,
    *,
    cause: str | None = None,
    resamples: int = 500,
    seed: int = 1,
    level: float = 0.95,
) -> Measured:
    """Net benefit of the first risk less that of the second at one threshold.

    Percentile limits over resampled patients, the predictions taken as given (NaN where fewer than nine of
    ten resamples could be computed).

    Examples
    --------
    >>> found = benefit_difference_at([0.9, 0.1, 0.8, 0.1], [0.5] * 4, [1, 4, 2, 4],
    ...                               [True, False, True, False], 3, 0.4, resamples=50)
    >>> round(found.estimate, 4)
    0.3333
    """
    one, two = probabilities(first), probabilities(second)
    _, status, _ = outcome(time, event, cause)
    when = numbers(time, "time")
    same_length(first=one, second=two, time=status)
    (t,) = _thresholds([threshold])

    def gained(rows: Any) -> float:
        both = [_benefit(p[rows], when[rows], status[rows], at, t) for p in (one, two)]
        return both[0] - both[1]

    draw = np.random.default_rng(seed)
    again = np.array([gained(draw.integers(0, len(one), len(one))) for _ in range(resamples)])
    fine = again[np.isfinite(again)]
    critical(level)
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = np.quantile(fine, tails) if len(fine) >= max(0.9 * resamples, 1) else (np.nan, np.nan)
    return Measured(
        "difference of net benefit",
        gained(slice(None)),
        float(fine.std(ddof=1)) if len(fine) > 1 else float("nan"),
        float(low),
        float(high),
        level,
        len(one),
        int(((status == 1) & (when <= at)).sum()),
        f"bootstrap, {resamples} resamples, seed {seed}",
        "the chance by which these patients were observed, the predictions taken as given",
    )


def _benefit(p: Floats, time: Floats, status: Any, at: float, t: float) -> float:
    treated = p >= t
    if not treated.any():
        return 0.0
    f = incidence_at(time[treated], status[treated], at)
    return float(treated.mean() * (f - (1 - f) * t / (1 - t)))


def _thresholds(given: Sequence[float]) -> Floats:
    t = np.asarray(given, dtype=float)
    if not len(t) or not ((t > 0) & (t < 1)).all():
        raise InputError("thresholds are risks above 0 and below 1")
    return t
