"""P-values adjusted for their number: Holm, Benjamini-Hochberg, Bonferroni."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

Floats = NDArray[np.float64]
Adjustment = Literal["holm", "bh", "bonferroni", "none"]
ADJUSTMENTS: tuple[Adjustment, ...] = get_args(Adjustment)


def adjusted(p: Sequence[float | None] | Floats, method: Adjustment = "holm") -> Floats:
    """Adjust p-values for multiplicity.

    A p-value that could not be computed (None or NaN) stays NaN and is not counted among the tests, as in R's
    `p.adjust`. Equal p-values get equal answers; no answer exceeds 1.

    Parameters
    ----------
    p : sequence of float or None
    method : "holm", "bh", "bonferroni" or "none"
        Holm and Bonferroni bound the chance of any false finding; Benjamini-Hochberg (bh) the expected share
        of false ones among the findings.

    Returns
    -------
    array
        In the order given.

    Raises
    ------
    InputError
        For an unknown method, or a p outside 0 to 1.

    References
    ----------
    Holm, Scand J Stat 1979; Benjamini and Hochberg, J R Stat Soc B 1995.

    Examples
    --------
    >>> adjusted([0.01, None, 0.04, 0.03], "holm")
    array([0.03,  nan, 0.06, 0.06])
    """
    if method not in ADJUSTMENTS:
        message = f'there is no adjustment "{method}"; choose one of {", ".join(ADJUSTMENTS)}'
        raise InputError(message)
    values = np.array([np.nan if item is None else item for item in p], dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    if not np.all((values[known] >= 0) & (values[known] <= 1)):
        message = "p-values lie between 0 and 1"
        raise InputError(message)
    answer = np.full(len(values), np.nan)
    answer[known] = _adjust(values[known], method)
    return answer


def _adjust(p: Floats, method: Adjustment) -> Floats:
    tests = len(p)
    if method == "none":
        return p
    if method == "bonferroni":
        return np.minimum(1.0, tests * p)
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, tests + 1)
    answer = np.empty(tests)
    if method == "holm":
        answer[order] = np.minimum(1.0, np.maximum.accumulate((tests - rank + 1) * p[order]))
    else:
        steps = p[order] * (tests / rank)
        answer[order] = np.minimum(1.0, np.minimum.accumulate(steps[::-1])[::-1])
    return answer
