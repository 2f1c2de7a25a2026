"""What a score adds to known factors: likelihood ratio, concordance, net benefit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from remission.assess.benefit import benefit_difference_at
from remission.assess.cindex import c_difference, c_index
from remission.assess.given import Floats, numbers, outcome, same_length
from remission.assess.measured import Measured
from remission.assess.optimism import Optimism, optimism
from remission.core.problems import InputError
from remission.regress.covariates import Covariates, covariates
from remission.regress.cox import cox
from remission.regress.fit import Fit, Test
from remission.regress.termtests import likelihood_ratio_test


@dataclass(frozen=True, slots=True, eq=False)
class AddedValue:
    """Two Cox models of the same patients: known factors, and these with the score.

    Attributes
    ----------
    without, together : Fit
    likelihood_ratio : Test
        Of the score given the factors.
    c_without, c_together, c_gain : Measured
        Concordance of the linear predictors; coefficients taken as given.
    optimism_without, optimism_together : Optimism or None
        Of the same two, by bootstrap.
    benefit : Measured or None
        Gain in net benefit at the time and threshold named.
    """

    without: Fit
    together: Fit
    likelihood_ratio: Test
    c_without: Measured
    c_together: Measured
    c_gain: Measured
    optimism_without: Optimism | None
    optimism_together: Optimism | None
    benefit: Measured | None


def added_value(
    score: Any,
    factors: Any,
    time: Any,
    event: Any,
    *,
    cause: str | None = None,
    at: float | None = None,
    threshold: float | None = None,
    resamples: int = 200,
    seed: int = 1,
    level: float = 0.95,
) -> AddedValue:
    """Judge a score over known factors by Cox models of the cause-specific hazard.

    The likelihood-ratio test answers whether it adds anything, the gains how much. A difference of C or of
    net benefit of nested models on the patients they were fitted to is itself a little too good: read it with
    the optimism, and have the score from other patients or out of fold.

    Parameters
    ----------
    score : array (n,)
    factors : frame, mapping or array (n, p)
        Complete; the same patients.
    at, threshold : float, optional
        Both for the net benefit. Risks are those of the two models at `at`; not with competing events.
    resamples : int
        Of the bootstraps; 0 leaves them out.

    Raises
    ------
    InputError
        As `cox`; for net benefit with competing events (give their predicted risks to
        `benefit_difference_at`).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> score, age = rng.normal(size=80), rng.normal(size=80)
    >>> time = rng.exponential(size=80) / np.exp(score)
    >>> found = added_value(score, {"age": age}, time, np.ones(80, bool), resamples=0)
    >>> found.likelihood_ratio.p < 0.001, found.c_gain.estimate > 0
    (True, True)
    """
    known = covariates(factors)
    values = numbers(score, "score")
    when = numbers(time, "time")
    _, status, name = outcome(time, event, cause)
    same_length(score=values, factors=known.values, time=when)
    both = _with(known, values)
    if (at is None) != (threshold is None):
        raise InputError("net benefit needs both a time (at) and a threshold")
    if at is not None and (status == 2).any():
        raise InputError("with competing events give predicted risks to benefit_difference_at")
    codes = np.array([None, name, "another event"], dtype=object)[status]
    small, large = (cox(when, status == 1, X) for X in (known, both))
    test = likelihood_ratio_test(small, large)
    linear = [known.values @ small.coefficients, both.values @ large.coefficients]
    told: dict[str, Any] = {"cause": name, "level": level, "predictions": "same patients"}
    gain, _ = c_difference(linear[1], linear[0], when, codes, **told)
    again = [
        optimism(when, codes, X, cause=name, resamples=resamples, seed=seed) if resamples else None
        for X in (known.values, both.values)
    ]
    benefit = None
    if at is not None and threshold is not None:
        more, less = _risks(large, both, at), _risks(small, known, at)
        benefit = benefit_difference_at(
            more,
            less,
            when,
            codes,
            at,
            threshold,
            cause=name,
            resamples=max(resamples, 2),
            seed=seed,
            level=level,
        )
    return AddedValue(
        small,
        large,
        test,
        c_index(linear[0], when, codes, **told),
        c_index(linear[1], when, codes, **told),
        gain,
        again[0],
        again[1],
        benefit,
    )


def _with(known: Covariates, score: Floats) -> Covariates:
    """The factors and one column more."""
    columns: Mapping[str, Floats] = {
        **dict(zip(known.names, known.values.T, strict=True)),
        "score": score,
    }
    if "score" in known.names:
        raise InputError('a factor is already called "score"; give it another name')
    return covariates(columns)


def _risks(fit: Fit, X: Covariates, at: float) -> Floats:
    from remission.regress.baseline import predicted_hazards  # noqa: PLC0415 - only for net benefit

    return -np.expm1(-predicted_hazards(fit, X, np.array([at])).cumulative[:, 0])
