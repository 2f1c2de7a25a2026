"""Does another learning set choose the same genes: frequency of choice, Nogueira's index, Jaccard's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Stability:
    """Agreement of gene lists.

    Attributes
    ----------
    frequency : mapping of gene to share
        Of the lists that hold the gene, the most frequent first; genes in no list are left out.
    nogueira : float
        1 = always the same genes, about 0 = as if drawn at random. NaN where all lists are empty or full.
    jaccard : float
        Mean over pairs of lists of genes in common over genes in either; NaN with fewer than two lists.
    mean_size : float
        Genes of a list.
    lists : int
    """

    frequency: Mapping[str, float]
    nogueira: float
    jaccard: float
    mean_size: float
    lists: int


def stability(lists: Sequence[NDArray[np.intp]], genes: Sequence[str]) -> Stability:
    """Compare lists of places in `genes`.

    Nogueira: 1 - mean over genes of s² / (k/G (1 - k/G)), s² the unbiased variance of being chosen, k the
    mean size of a list, G the number of genes to choose from. Lists of overlapping learning sets agree more
    than those of new patients would.

    References
    ----------
    Nogueira, Sechidis and Brown, J Mach Learn Res 2018.

    Examples
    --------
    >>> found = stability([np.array([0, 1]), np.array([0, 2])], ["A", "B", "C", "D"])
    >>> dict(found.frequency), round(found.nogueira, 6), round(found.jaccard, 4)
    ({'A': 1.0, 'B': 0.5, 'C': 0.5}, 0.0, 0.3333)
    """
    chosen = np.zeros(len(genes))
    for one in lists:
        chosen[one] += 1
    share = chosen / max(len(lists), 1)
    size = float(share.sum())
    expected = size / len(genes) * (1 - size / len(genes))
    nogueira = float("nan")
    if len(lists) > 1 and expected > 0:
        spread = len(lists) / (len(lists) - 1) * share * (1 - share)
        nogueira = float(1 - spread.mean() / expected)
    held = [frozenset(one.tolist()) for one in lists]
    overlaps = [len(a & b) / len(a | b) for a, b in combinations(held, 2) if a | b]
    order = np.argsort(-share, kind="stable")
    return Stability(
        {genes[index]: float(share[index]) for index in order if share[index] > 0},
        nogueira,
        float(np.mean(overlaps)) if overlaps else float("nan"),
        size,
        len(lists),
    )
