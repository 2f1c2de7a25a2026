"""What every test of groups returns, and the quadratic form they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from remission.core.tails import chi_square_upper
from remission.core.vocabulary import result_rows
from remission.events.table import Floats

if TYPE_CHECKING:
    import polars as pl

SINGULAR = 1e-10  # smallest eigenvalue of a correlation matrix that still tells the groups apart
NOTHING = 1e-14  # a variance this small beside the largest is rounding


@dataclass(frozen=True, slots=True, eq=False)
class TestResult:
    """A test that groups do not differ.

    Attributes
    ----------
    name : str
        "log-rank", "Gray", "log-rank trend", "permutation log-rank", or the name of the weight function.
    cause : str or None
        The event tested; None: any event.
    statistic, df, p : float, int, float
        Chi-square, its degrees of freedom, and its upper tail. A test that cannot be computed has p NaN.
    groups, strata : tuple of str
    n, events : array (G,)
        Patients and events by group; sums of weights in a weighted table.
    observed, expected : array (G,)
        Sums over strata, weighted by the weight function of the test.
    variance : array (G, G)
        Of observed minus expected.
    reason : str
        Why the test cannot be computed, with the repair; empty when it can.
    note : str
        How it was done where there is a choice: "robust variance", "scores 1, 2, 3", "all 252 assignments".
    """

    __test__: ClassVar[bool] = False  # pytest: a result, not a test case

    name: str
    cause: str | None
    statistic: float
    df: int
    p: float
    groups: tuple[str, ...]
    strata: tuple[str, ...]
    n: Floats
    events: Floats
    observed: Floats
    expected: Floats
    variance: Floats
    reason: str = ""
    note: str = ""

    @property
    def computable(self) -> bool:
        """Whether statistic and p mean anything."""
        return not self.reason

    @property
    def stratified(self) -> bool:
        """Whether groups were compared within strata."""
        return len(self.strata) > 1

    def rows(self) -> pl.DataFrame:
        """One row with the test (`group` null), then one per group.

        `at_risk` is the number of patients, `events` the number of events, `estimate` the expected number of
        events (null where the test weighs times, as it then compares weighted sums).
        """
        counts_events = bool(np.array_equal(self.observed, self.events))
        expected = self.expected if counts_events else np.full(len(self.groups), np.nan)
        none = [np.nan] * len(self.groups)
        return result_rows(
            {
                "measure": self.name,
                "cause": [self.cause] * (1 + len(self.groups)),
                "group": [None, *self.groups],
                "at_risk": [self.n.sum(), *self.n],
                "events": [self.events.sum(), *self.events],
                "estimate": [np.nan, *expected],
                "statistic": [self.statistic, *none],
                "df": [self.df, *none],
                "p": [self.p, *none],
            }
        )


def quadratic_form(score: Floats, variance: Floats) -> float:
    """Chi-square `z' V^-1 z` with one element dropped, as z sums to zero; NaN where V is singular.

    Parameters
    ----------
    score : array (G,)
    variance : array (G, G)
    """
    z, V = score[:-1], variance[:-1, :-1]
    spread = np.diag(V)
    if not np.isfinite(V).all() or spread.min() <= NOTHING * np.diag(variance).max():
        return float("nan")
    scale = np.sqrt(spread)
    correlation = V / np.outer(scale, scale)
    if np.linalg.eigvalsh(correlation)[0] <= SINGULAR:
        return float("nan")
    standardised = z / scale
    return float(standardised @ np.linalg.solve(correlation, standardised))


def upper_tail(statistic: float, df: int) -> float:
    """P-value of a chi-square statistic."""
    return float(chi_square_upper(statistic, df))
