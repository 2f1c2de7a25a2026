"""Tests of whole terms: a category's levels, or a spline's bends, together."""

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
