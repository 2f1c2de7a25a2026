"""What comparing two groups gene by gene found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from remission.core.problems import InputError

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
Method = Literal["welch", "wilcoxon", "moderated"]
MadeBy = Literal["welch", "wilcoxon", "moderated", "deseq2"]
By = Literal["q", "p_bh"]


@dataclass(frozen=True, slots=True, eq=False)
class GeneTests:
    """Tests of all genes; arrays are in the order of `genes`, NaN where a gene could not be tested.

    Attributes
    ----------
    method : "welch", "wilcoxon", "moderated" or "deseq2"
    reference, other : str
        The groups: positive differences are higher in `other`.
    genes : tuple of str
    n_reference, n_other : array
        Samples with a value.
    difference : array
        Of the means (log2 fold change on the log2 scale), adjusted where there are covariates or batches.
    std_error : array
        Of the difference; NaN for Wilcoxon.
    statistic, df, p : array
        t (z of Wilcoxon and DESeq2), degrees of freedom (infinite: normal), two-sided p.
    p_bh : array
        p adjusted after Benjamini and Hochberg.
    p_permutation : array
        Share of relabellings whose statistic is at least the observed; NaN without permutations.
    q : array
        Permutation false discovery rate (SAM); NaN without permutations.
    pi0 : float
        Estimated share of genes without difference.
    prior_df, prior_variance : float
        Of the moderated t; NaN for others.
    relabellings : int
    every : bool
        Whether these were all possible ones.
    seed : int
    notes : tuple of str
    """

    method: MadeBy
    reference: str
    other: str
    genes: tuple[str, ...]
    n_reference: Floats
    n_other: Floats
    difference: Floats
    std_error: Floats
    statistic: Floats
    df: Floats
    p: Floats
    p_bh: Floats
    p_permutation: Floats
    q: Floats
    pi0: float
    prior_df: float
    prior_variance: float
    relabellings: int
    every: bool
    seed: int
    notes: tuple[str, ...] = ()

    def rows(self) -> pl.DataFrame:
        """One row per gene, in their order; undefined is null, infinite df (a normal statistic) too."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        columns = {"gene": pl.Series(self.genes, dtype=pl.String)}
        for name in _COLUMNS:
            values = np.asarray(getattr(self, name), dtype=float)
            columns[name] = pl.Series(np.where(np.isfinite(values), values, np.nan)).fill_nan(None)
        return pl.DataFrame(columns)

    def order(self) -> NDArray[np.intp]:
        """Genes from the most convincing: by p, then size of the statistic, then name; undefined last."""
        p = np.where(np.isnan(self.p), np.inf, self.p)
        size = np.where(np.isnan(self.statistic), np.inf, -np.abs(self.statistic))
        return np.lexsort((np.array(self.genes), size, p)).astype(np.intp)

    def top(self, number: int) -> tuple[str, ...]:
        """The most convincing genes, best first."""
        order = self.order()
        return tuple(self.genes[i] for i in order[:number] if np.isfinite(self.p[i]))

    def found(self, level: float = 0.05, by: By = "q") -> tuple[str, ...]:
        """Genes with a false discovery rate of at most `level`, best first.

        Parameters
        ----------
        level : float
        by : "q" or "p_bh"
            The permutation one, or Benjamini and Hochberg's.
        """
        if by not in ("q", "p_bh"):
            raise InputError(f'genes are found by "q" or "p_bh", not "{by}"')
        if by == "q" and not self.relabellings:
            raise InputError('there were no permutations, so there is no q: use by="p_bh"')
        rate = getattr(self, by)
        return tuple(self.genes[i] for i in self.order() if rate[i] <= level)


_COLUMNS = (
    "n_reference",
    "n_other",
    "difference",
    "std_error",
    "statistic",
    "df",
    "p",
    "p_bh",
    "p_permutation",
    "q",
)
