"""A test of groups, repeated for every two of them and adjusted for their number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from remission.core.adjust import Adjustment, adjusted
from remission.core.vocabulary import result_rows
from remission.estimate.source import Source
from remission.estimate.testresult import TestResult
from remission.events.histories import Histories
from remission.events.select import groups, histories_of_groups
from remission.events.table import Floats

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseTests:
    """Tests of every two groups.

    Attributes
    ----------
    adjust : str
        How p was adjusted.
    pairs : tuple of (str, str)
        In the order of the groups.
    tests : tuple of TestResult
    p_adjusted : array
        NaN where a test could not be computed; such tests are not counted.
    """

    adjust: Adjustment
    pairs: tuple[tuple[str, str], ...]
    tests: tuple[TestResult, ...]
    p_adjusted: Floats

    def rows(self) -> pl.DataFrame:
        """One row per pair: `group`, `versus`, `statistic`, `df`, `p`, `p_adjusted`."""
        return result_rows(
            {
                "measure": [test.name for test in self.tests],
                "cause": [test.cause for test in self.tests],
                "group": [pair[0] for pair in self.pairs],
                "versus": [pair[1] for pair in self.pairs],
                "statistic": [test.statistic for test in self.tests],
                "df": [test.df for test in self.tests],
                "p": [test.p for test in self.tests],
                "p_adjusted": self.p_adjusted,
            }
        )


def pairwise(
    test: Callable[..., TestResult],
    table: Source,
    adjust: Adjustment = "holm",
    **options: Any,
) -> PairwiseTests:
    """Compare every two groups, with p-values adjusted for their number.

    Each comparison sees only its two groups: risk sets, pooled curves and variance are theirs alone.

    Parameters
    ----------
    test : callable
        `logrank`, `gray`, `permutation_logrank` or any other function of a table that returns a TestResult.
    table : EventTable or Histories
    adjust : "holm", "bh", "bonferroni" or "none"
    **options
        Passed on to `test`: `cause="relapse"`, `rho=1`.

    Raises
    ------
    InputError
        As `test`, or for an unknown adjustment.

    Examples
    --------
    >>> from remission.estimate.logrank import logrank
    >>> from remission.events.count import event_table
    >>> table = event_table([9, 8, 6, 5, 3, 1], [True] * 6, group=list("AABBCC"))
    >>> tests = pairwise(logrank, table, adjust="holm")
    >>> tests.pairs[0], round(tests.tests[0].statistic, 4)
    (('A', 'B'), 2.8824)
    """
    pairs = tuple(combinations(table.groups, 2))
    if isinstance(table, Histories):
        tests = tuple(test(histories_of_groups(table, pair), **options) for pair in pairs)
    else:
        tests = tuple(test(groups(table, pair), **options) for pair in pairs)
    return PairwiseTests(adjust, pairs, tests, adjusted([one.p for one in tests], adjust))
