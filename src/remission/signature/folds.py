"""Folds that hold the same share of every stratum, as far as numbers allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

Ints = NDArray[np.int64]


def fold_of(stratum: Ints, folds: int, rng: np.random.Generator) -> Ints:
    """Number of the fold of each sample; -1 for those of stratum -1.

    Members of each stratum are dealt out at random, and the next stratum goes on where the last ended, so
    that folds differ by one sample at most, in all and in each stratum.

    Raises
    ------
    InputError
        If there are fewer samples than folds, or fewer than two folds.

    Examples
    --------
    >>> fold = fold_of(np.array([0, 0, 1, 1, -1]), 2, np.random.default_rng(1))
    >>> sorted(fold[:2].tolist()), sorted(fold[2:4].tolist()), int(fold[4])
    ([0, 1], [0, 1], -1)
    """
    size = int((stratum >= 0).sum())
    if not 2 <= folds <= size:
        raise InputError(f"{folds} folds of {size} samples are not possible: between 2 and {size}")
    answer = np.full(len(stratum), -1, dtype=np.int64)
    dealt = 0
    names = rng.permutation(folds)
    for value in np.unique(stratum[stratum >= 0]):
        members = rng.permutation(np.flatnonzero(stratum == value))
        answer[members] = names[(dealt + np.arange(len(members))) % folds]
        dealt += len(members)
    return answer
