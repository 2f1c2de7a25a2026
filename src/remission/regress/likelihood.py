"""The log partial (or pseudo) likelihood as what a search for its maximum calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remission.regress.moments import (
    Floats,
    Moments,
    OutOfRange,
    Rows,
    information,
    log_likelihood,
    moments,
    score,
)


def refused(point: Floats) -> tuple[float, Floats, Floats]:
    """What an objective answers where it cannot be computed: a search turns back from there."""
    return -np.inf, np.zeros_like(point), np.eye(len(point))


@dataclass(slots=True, eq=False)
class PartialLikelihood:
    """Value, gradient and information at given coefficients; the sums of the last call are kept.

    Examples
    --------
    >>> from remission.regress.cox import cox
    >>> fit = cox([1, 2, 3, 4], [True, True, True, False], {"age": [50.0, 60.0, 40.0, 45.0]})
    >>> value, gradient, information = PartialLikelihood(fit.data)(fit.coefficients)
    >>> bool(value == fit.log_likelihood)
    True
    """

    rows: Rows
    _last: tuple[Floats, Moments] | None = None

    def __call__(self, point: Floats) -> tuple[float, Floats, Floats]:
        """Value, gradient (p,), information (p, p)."""
        try:
            at = self.moments(point)
        except OutOfRange:
            return refused(point)
        return log_likelihood(self.rows, at), score(self.rows, at), information(self.rows, at)

    def moments(self, point: Floats) -> Moments:
        """Sums over risk sets; those of the last point are at hand."""
        if self._last is None or not np.array_equal(point, self._last[0]):
            self._last = None  # two sets of sums never stand in memory together
            self._last = point.copy(), moments(self.rows, point)
        return self._last[1]
