"""How likely chance alone gives so large an overlap."""

from __future__ import annotations

import numpy as np


def hypergeometric_tail(shared: int, first: int, second: int, total: int) -> float:
    """Probability that `second` draws without replacement hit at least `shared` of `first` among `total`.

    Weights are built from the mode outwards by the ratio of neighbours, so no factorial overflows and small
    tails keep their digits.

    Examples
    --------
    >>> round(hypergeometric_tail(2, 3, 4, 10), 12)  # (3 * 21 + 7) / 210 = 1/3
    0.333333333333
    >>> hypergeometric_tail(0, 3, 4, 10)
    1.0
    """
    low, high = max(0, first + second - total), min(first, second)
    if shared <= low:
        return 1.0
    if shared > high:
        return 0.0
    x = np.arange(low, high, dtype=float)
    ratio = np.log((first - x) * (second - x)) - np.log((x + 1) * (total - first - second + x + 1))
    weight = np.concatenate([[0.0], np.cumsum(ratio)])
    weight = np.exp(weight - weight.max())
    return float(min(1.0, weight[shared - low :].sum() / weight.sum()))
