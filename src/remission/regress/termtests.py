"""Tests of several coefficients together: a category's levels, a spline's bends, or what one model adds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.tails import chi_square_upper
from remission.regress.fit import Fit, Test


def wald_test(fit: Fit, columns: NDArray[np.intp] | list[int], name: str) -> Test:
    """Wald test that the coefficients of some columns are all zero, with the fit's own variance."""
    chosen = np.asarray(columns, dtype=np.intp)
    coefficients = fit.coefficients[chosen]
    variance = fit.variance[np.ix_(chosen, chosen)]
    statistic = float(coefficients @ np.linalg.solve(variance, coefficients))
    return Test(name, statistic, len(chosen), float(chi_square_upper(statistic, len(chosen))))


def likelihood_ratio_test(small: Fit, large: Fit, name: str = "likelihood ratio") -> Test:
    """Likelihood-ratio test of what a model has beyond one that it holds, fitted to the same rows.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> time, died = [1, 2, 3, 4, 5, 6], [True] * 6
    >>> age, stage = [61, 42, 58, 37, 40, 55], [1, 0, 0, 1, 0, 1]
    >>> small, large = cox(time, died, {"age": age}), cox(time, died, {"age": age, "stage": stage})
    >>> likelihood_ratio_test(small, large).df
    1
    """
    statistic = max(2 * (large.log_likelihood - small.log_likelihood), 0.0)
    df = len(large.coefficients) - len(small.coefficients)
    return Test(name, statistic, df, float(chi_square_upper(statistic, df)))


def term_tests(fit: Fit) -> tuple[Test, ...]:
    """One Wald test per term, all its columns together, in the model's order.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4, 5, 6], [True] * 6, {"stage": ["I", "II", "III", "I", "II", "III"]})
    >>> [(test.name, test.df) for test in term_tests(fit)]
    [('stage', 2)]
    """
    return tuple(wald_test(fit, list(columns), name) for name, columns in fit.covariates.terms)
