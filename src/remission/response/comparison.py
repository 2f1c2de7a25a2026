"""Comparing concentrations known as intervals between groups: the generalised Wilcoxon test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.core.assignments import all_assignments, count_assignments
from remission.core.pieces import slices
from remission.core.problems import InputError
from remission.core.tails import chi_square_upper
from remission.response.intervals import Intervals, midranks

Floats = NDArray[np.float64]
CELLS_AT_ONCE = 1 << 21
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class IntervalTest:
    """What comparing groups found.

    Attributes
    ----------
    statistic, df, p : float
        Chi-squared on groups - 1 degrees of freedom.
    p_permutation : float
        Share of the assignments of patients to groups with a statistic at least as large.
    assignments : int
        How many were looked at.
    every : bool
        Whether these were all there are.
    n : int
        Patients of whom something is known.
    """

    statistic: float
    df: float
    p: float
    p_permutation: float
    assignments: int
    every: bool
    n: int


def compare_intervals(groups: Sequence[Intervals], *, seed: int, draws: int = 9999) -> IntervalTest | None:
    """Compare groups by the ranks that are certain (generalised Wilcoxon, Kruskal-Wallis for several groups).

    A patient's rank is (n + 1)/2 + (number surely below - number surely above)/2: pairs whose order the
    censoring hides count as ties. The statistic is (n - 1) times the share of the ranks' sum of squares that
    lies between groups. Without censoring this is Kruskal and Wallis's test with the correction for ties (for
    two groups the square of Wilcoxon's z, without continuity correction); with it, the test of Gehan and
    Mantel with its permutation variance.

    Parameters
    ----------
    groups : sequence of Intervals
        Patients of whom nothing is known are left out, and groups without anybody.
    seed : int
        Of the random assignments.
    draws : int
        Where there are no more different assignments than this, all of them are used; p then is exact.
        Otherwise p = (1 + as large) / (1 + draws).

    Returns
    -------
    IntervalTest or None
        None where fewer than two groups have anybody, or no two patients are certainly apart.

    Notes
    -----
    Both p suppose that under the null hypothesis the tested doses were the same in all groups.

    References
    ----------
    Gehan, Biometrika 1965;52:203-223. Mantel, Biometrics 1967;23:65-78. Breslow, Biometrika
    1970;57:579-594.

    Examples
    --------
    >>> from remission.response.intervals import intervals
    >>> one, other = intervals([0.1, 0.2, -1], lowest=0), intervals([0.4, 0.5, 2], highest=1)
    >>> test = compare_intervals([one, other], seed=1)
    >>> round(test.statistic, 3), test.p_permutation, test.assignments
    (3.857, 0.1, 20)
    """
    if draws < 1:
        raise InputError(f"draws must be 1 or more; it is {draws}.")
    known = [group.at(group.known) for group in groups]
    filled = [group for group in known if len(group)]
    if len(filled) < 2:
        return None
    together = Intervals(
        np.concatenate([group.low for group in filled]), np.concatenate([group.high for group in filled])
    )
    ranks = midranks(together) - (len(together) + 1) / 2
    spread = float(ranks @ ranks)
    if spread <= 0:
        return None
    sizes = [len(group) for group in filled]
    labels = np.repeat(np.arange(len(sizes)), sizes)
    scale = (len(together) - 1) / spread
    observed = float(_between(ranks, labels[None], sizes)[0] * scale)
    df = float(len(sizes) - 1)
    ranks = np.sort(ranks)  # so that the order of the patients does not move what is drawn
    every = count_assignments(sizes, draws) <= draws
    reached, number = 0, 0
    bound = observed * (1 - SAME)
    for block in _assignments(labels, sizes, draws, seed, every=every):
        reached += int(np.count_nonzero(_between(ranks, block, sizes) * scale >= bound))
        number += len(block)
    share = reached / number if every else (1 + reached) / (1 + number)
    return IntervalTest(
        observed, df, float(chi_square_upper(observed, df)), share, number, every, len(together)
    )


def _between(ranks: Floats, labels: NDArray[np.integer], sizes: Sequence[int]) -> Floats:
    """Sum of squares between groups, for each row of labels."""
    total = np.zeros(len(labels))
    for group, size in enumerate(sizes):
        total += ((labels == group) @ ranks) ** 2 / size
    return total


def _assignments(
    labels: NDArray[np.integer], sizes: Sequence[int], draws: int, seed: int, *, every: bool
) -> Iterator[NDArray[np.integer]]:
    """Assignments, one a row, in blocks of which one is held at a time."""
    step = max(1, CELLS_AT_ONCE // len(labels))
    if every:
        listed = all_assignments(sizes)
        yield from (listed[block] for block in slices(len(listed), step))
        return
    random = np.random.default_rng(seed)
    for block in slices(draws, step):
        yield random.permuted(np.tile(labels, (block.stop - block.start, 1)), axis=1)
