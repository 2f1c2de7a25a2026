"""Which genes are worth testing: learned from some samples, and then a plain list of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.sums import sums_of


@dataclass(frozen=True, slots=True)
class GeneFilter:
    """Genes that a filter kept.

    Attributes
    ----------
    genes : tuple of str
        In the order of the matrix it was learned from.
    words : str
        How they were chosen.
    """

    genes: tuple[str, ...]
    words: str

    def apply(self, expression: Expression) -> Expression:
        """Keep these genes; those that the matrix lacks raise InputError."""
        return expression.genes_only(self.genes).noted(self.words)


def learn_filter(
    expression: Expression,
    *,
    above: float | None = None,
    in_share: float = 0.2,
    known_share: float = 0.0,
    most_variable: int | None = None,
    never: Sequence[str] = (),
) -> GeneFilter:
    """Choose genes without a look at the groups or the outcome.

    Learn it inside a fold, from the learning samples only; it is then the same for every later sample.

    Parameters
    ----------
    expression : Expression
    above : float or None
        A gene is detected in a sample where its value is above this (background, on the scale of the matrix).
    in_share : float
        Share of the samples, 0 to 1, a gene must be detected in; a missing value is not detected. Only with
        `above`.
    known_share : float
        Share of the samples that must have a value.
    most_variable : int or None
        So many genes with the largest variance, of those left; equal ones in the order of the matrix.
    never : sequence of str
        Genes to leave out (of sex chromosomes, haemoglobins).

    Returns
    -------
    GeneFilter

    Raises
    ------
    InputError
        For shares outside 0 to 1, a number below 1, or if no gene is left.

    Examples
    --------
    >>> values = np.array([[1.0, 1.2, 1.1], [9.0, 5.0, 7.0], [8.0, 8.1, 8.2]])
    >>> matrix = Expression(("OR4F5", "MCL1", "ACTB"), ("a", "b", "c"), values)
    >>> chosen = learn_filter(matrix, above=4.0, in_share=0.5, most_variable=1)
    >>> chosen.genes, chosen.words
    (('MCL1',), 'Genes kept: 1 of 3 (above 4 in at least 50% of samples: 2; most variable: 1).')
    """
    wrong = [
        f"{name} is a share, 0 to 1; got {share}"
        for name, share in (("in_share", in_share), ("known_share", known_share))
        if not 0 <= share <= 1
    ]
    if most_variable is not None and most_variable < 1:
        wrong.append(f"most_variable is at least 1; got {most_variable}")
    if wrong:
        raise InputError("; ".join(wrong))
    values = expression.values
    left_out = set(never)
    keep = np.array([gene not in left_out for gene in expression.genes], dtype=bool)
    steps = [f"without {len(left_out)} named: {int(keep.sum())}"] if left_out else []
    if known_share > 0:
        keep &= (~np.isnan(values)).mean(axis=1) >= known_share
        steps.append(f"known in at least {known_share:.0%} of samples: {int(keep.sum())}")
    if above is not None:
        keep &= (values > above).mean(axis=1) >= in_share
        steps.append(f"above {above:g} in at least {in_share:.0%} of samples: {int(keep.sum())}")
    if most_variable is not None:
        found = sums_of(values)
        variance = np.where(keep & (found.n > 1), found.squares / np.maximum(found.n - 1, 1), -1.0)
        best = np.argsort(-variance, kind="stable")[:most_variable]
        keep &= np.isin(np.arange(len(keep)), best) & (variance >= 0)
        steps.append(f"most variable: {int(keep.sum())}")
    if not keep.any():
        raise InputError(f"the filter leaves no gene ({'; '.join(steps)}): make it less strict")
    genes = tuple(np.array(expression.genes, dtype=object)[keep])
    detail = f" ({'; '.join(steps)})" if steps else ""
    return GeneFilter(genes, f"Genes kept: {len(genes)} of {len(expression.genes)}{detail}.")
