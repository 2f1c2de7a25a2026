"""Shares of patients: exact limits, and the test for trend over ordered groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.core.problems import InputError
from remission.core.tails import chi_square_upper
from remission.study.kinds.category_tests import CategoryTest


def exact_limits(number: int, total: int, level: float) -> tuple[float, float] | tuple[None, None]:
    """Exact limits of a binomial share (Clopper and Pearson 1934), as R's `binom.test`.

    Each tail holds at most half of what `level` leaves; the lower limit is 0 when nobody had it, the upper 1
    when everybody had.

    Parameters
    ----------
    number, total : int
        How many of how many.
    level : float
        Confidence level.

    Returns
    -------
    low, high : float
        Or None, None where there is nobody.

    Raises
    ------
    InputError
        If `number` does not lie between 0 and `total`.

    Examples
    --------
    >>> [round(limit, 4) for limit in exact_limits(82, 90, 0.95)]
    [0.8323, 0.9608]
    >>> exact_limits(0, 0, 0.95)
    (None, None)
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - scipy loads when first needed

    if not 0 <= number <= total:
        raise InputError(f"{number} of {total} is no share")
    if total == 0:
        return None, None
    tail = (1 - level) / 2
    low = float(betaincinv(number, total - number + 1, tail)) if number else 0.0
    high = float(betaincinv(number + 1, total - number, 1 - tail)) if number < total else 1.0
    return low, high


def trend_of_shares(numbers: Sequence[int], totals: Sequence[int]) -> CategoryTest | None:
    """Test whether a share rises (or falls) over ordered groups, equally spaced (Cochran-Armitage).

    chi2 = (sum s_i (x_i - n_i p))^2 / (p (1 - p) (sum n_i s_i^2 - (sum n_i s_i)^2 / N)) on 1 df, with scores
    s_i = 1, 2, ... and p the share of all together; as R's `prop.trend.test`. The scores of groups without
    anybody are left out, not closed up.

    Parameters
    ----------
    numbers, totals : sequence of int
        How many of how many, group by group, in order.

    Returns
    -------
    CategoryTest or None
        None where fewer than two groups have anybody, or all or none of the patients had it.

    Examples
    --------
    >>> test = trend_of_shares([83, 90, 129, 70], [86, 93, 136, 82])
    >>> round(test.statistic, 4), round(test.p, 6)
    (8.2249, 0.004132)
    """
    x, n = np.asarray(numbers, dtype=float), np.asarray(totals, dtype=float)
    score = np.arange(1.0, len(n) + 1)
    everybody = n.sum()
    if np.count_nonzero(n) < 2 or not 0 < x.sum() < everybody:
        return None
    share = x.sum() / everybody
    spread = (n * score**2).sum() - (n * score).sum() ** 2 / everybody
    statistic = float((score * (x - n * share)).sum() ** 2 / (share * (1 - share) * spread))
    return CategoryTest("Cochran-Armitage trend", statistic, 1.0, float(chi_square_upper(statistic, 1.0)))
