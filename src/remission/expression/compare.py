"""Comparing two groups of samples, gene by gene."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.adjust import adjusted
from remission.core.problems import InputError
from remission.expression.genetests import GeneTests, Method
from remission.expression.groups import BySample, TwoGroups, two_groups
from remission.expression.linear import basis
from remission.expression.matrix import Expression
from remission.expression.moderated import Moderated
from remission.expression.nullcounts import NullCounts, count_null, false_discovery, permutation_p
from remission.expression.rank_sum import RankSum
from remission.expression.shuffle import all_draws, identity, number_of_assignments, random_draws
from remission.expression.statistic import GeneStatistic
from remission.expression.welch import Welch

Floats = NDArray[np.float64]
METHODS: tuple[Method, ...] = get_args(Method)
CELLS_AT_ONCE = 3_000_000
BLOCK_AT_MOST = 512


def compare_groups(
    expression: Expression,
    groups: BySample,
    method: Method = "moderated",
    *,
    reference: str | None = None,
    covariates: Mapping[str, BySample] | None = None,
    batch: BySample | None = None,
    permutations: int = 1000,
    seed: int = 0,
) -> GeneTests:
    """Test every gene for a difference between two groups.

    * `welch`: means with a variance of each group. No covariates or batch.
    * `wilcoxon`: ranks; with a batch, ranks within each (van Elteren). No covariates.
    * `moderated`: least squares on group, batch and covariates, with variances moderated by empirical Bayes
      (as limma).

    Each is also done for relabelled samples (within batches): p by permutation counts a gene's own
    statistics, q the false discovery rate of SAM those of all genes. Where there are no more different
    relabellings than `permutations`, all are done. Genes with missing values are tested on the samples they
    have; a gene needs two values in each group.

    Parameters
    ----------
    expression : Expression
        On the log2 scale for `welch` and `moderated`.
    groups : sequence (samples,) or mapping of sample to group
        Exactly two different values; None leaves a sample out. True and False are "yes" and "no".
    method : "welch", "wilcoxon" or "moderated"
    reference : str or None
        Group that the other is compared with; the first in alphabetical order if None.
    covariates : mapping of name to sequence or mapping, or None
        Numbers as they are, texts as categories; samples without a value are left out.
    batch : sequence or mapping, or None
        Samples are compared and relabelled within batches.
    permutations : int
        0 for none.
    seed : int
        Of the relabellings.

    Returns
    -------
    GeneTests

    Raises
    ------
    InputError
        For other than two groups, fewer than two samples in one, a scale or covariates that the method does
        not take, groups that cannot be told from batches or covariates, or no gene to test.

    References
    ----------
    Welch, Biometrika 1947;34:28-35. Wilcoxon, Biometrics Bulletin 1945;1:80-83. van Elteren, Bull Inst Int
    Stat 1960;37:351-361. Smyth, Stat Appl Genet Mol Biol 2004;3:3. Freedman and Lane, J Bus Econ Stat
    1983;1:292-298. Tusher, Tibshirani and Chu, PNAS 2001;98:5116-5121.

    Examples
    --------
    >>> values = np.array([[5.0, 5.2, 5.1, 7.9, 8.0, 8.3], [6.0, 7.0, 6.5, 6.4, 6.9, 6.1]])
    >>> matrix = Expression(("MCL1", "ACTB"), tuple("abcdef"), values)
    >>> tests = compare_groups(matrix, ["S", "S", "S", "R", "R", "R"], "welch", reference="S")
    >>> tests.top(1), tests.difference.round(3).tolist(), tests.p_permutation.tolist()
    (('MCL1',), [2.967, -0.033], [0.1, 1.0])
    """
    _refuse(expression, method, covariates, batch, permutations)
    chosen = two_groups(expression.samples, groups, reference, covariates, batch)
    values = np.array(expression.values[:, chosen.used])
    sizes = [(~np.isnan(values[:, chosen.labels == group])).sum(axis=1) for group in (0, 1)]
    few = np.minimum(*sizes) < 2
    flat = ~few & (
        np.nanmax(np.where(few[:, None], 0.0, values), axis=1, initial=-np.inf)
        == np.nanmin(np.where(few[:, None], 0.0, values), axis=1, initial=np.inf)
    )
    kept = np.flatnonzero(~(few | flat))
    if not len(kept):
        raise InputError("no gene has two values in each group and differs between any samples")
    statistic, others = _statistic(values[kept], chosen, method)
    observed = statistic.observed()
    undefined = np.isnan(observed.statistic)
    counts, square, every = _permuted(statistic, chosen, others, undefined, permutations, seed)
    q, pi0 = false_discovery(counts, square)
    p = observed.p
    prior = statistic.prior if isinstance(statistic, Moderated) else None

    def whole(part: Floats) -> Floats:
        answer = np.full(len(values), np.nan)
        answer[kept] = part
        return answer

    return GeneTests(
        method=method,
        reference=chosen.names[0],
        other=chosen.names[1],
        genes=expression.genes,
        n_reference=sizes[0].astype(float),
        n_other=sizes[1].astype(float),
        difference=whole(observed.difference),
        std_error=whole(observed.std_error),
        statistic=whole(observed.statistic),
        df=whole(observed.df),
        p=whole(p),
        p_bh=whole(adjusted(p, "bh")),
        p_permutation=whole(
            permutation_p(counts, every=every) if counts.relabellings else np.full(len(p), np.nan)
        ),
        q=whole(q),
        pi0=pi0,
        prior_df=np.nan if prior is None else prior.df,
        prior_variance=np.nan if prior is None else prior.variance,
        relabellings=counts.relabellings,
        every=every,
        seed=seed,
        notes=(*chosen.notes, *_notes(few, flat, values[kept], undefined)),
    )


def _refuse(
    expression: Expression,
    method: Method,
    covariates: Mapping[str, BySample] | None,
    batch: BySample | None,
    permutations: int,
) -> None:
    wrong = []
    if method not in METHODS:
        wrong.append(f'there is no method "{method}"; choose one of {", ".join(METHODS)}')
    if method != "wilcoxon" and expression.scale != "log2":
        wrong.append(
            f"{method} compares means of logarithms, but the values are {expression.scale}: use `log2_of` "
            '(counts: a reference of kind "ratio") first, or the method "wilcoxon"'
        )
    if method != "moderated" and covariates:
        wrong.append(f'{method} takes no covariates; use the method "moderated"')
    if method == "welch" and batch is not None:
        wrong.append('welch takes no batch; use "moderated" (adjusted) or "wilcoxon" (within batches)')
    if permutations < 0:
        wrong.append(f"permutations must be 0 or more; got {permutations}")
    if wrong:
        raise InputError("; ".join(wrong))


def _statistic(values: Floats, chosen: TwoGroups, method: Method) -> tuple[GeneStatistic, Floats]:
    """The test, and the columns beside the group."""
    strata = (chosen.strata[:, None] == np.unique(chosen.strata)).astype(float)
    others = basis(np.hstack([strata, chosen.covariates]))
    if others.shape[1] == 1:
        others = strata
    if method == "welch":
        return Welch(values, chosen.labels), others
    if method == "wilcoxon":
        return RankSum(values, chosen.labels, chosen.strata), others
    test = Moderated(values, chosen.labels, others, strata)
    if not test.usable.any():
        raise InputError(
            "the difference between the groups cannot be told from the covariates or batches, or no samples "
            "are left to tell it: use fewer covariates"
        )
    return test, others


def _permuted(
    statistic: GeneStatistic,
    chosen: TwoGroups,
    others: Floats,
    undefined: NDArray[np.bool_],
    permutations: int,
    seed: int,
) -> tuple[NullCounts, Floats, bool]:
    """Counts over relabellings, the squared statistics they are held against, and whether these were all."""
    labels, strata = chosen.labels, chosen.strata
    square = np.concatenate(list(statistic.squares(identity(labels, strata))))[0]
    square[undefined] = np.nan
    block = int(np.clip(CELLS_AT_ONCE // len(square), 8, BLOCK_AT_MOST))
    listed = not isinstance(statistic, Moderated) or others.shape[1] == 1
    every = listed and number_of_assignments(labels, strata, permutations) <= permutations
    draws = (
        all_draws(labels, strata, block) if every else random_draws(labels, strata, permutations, seed, block)
    )
    return count_null(statistic, square, draws), square, every


def _notes(
    few: NDArray[np.bool_], flat: NDArray[np.bool_], values: Floats, undefined: NDArray[np.bool_]
) -> list[str]:
    notes = []
    if few.any():
        notes.append(f"{int(few.sum())} of {len(few)} genes not tested: fewer than two values in a group.")
    if flat.any():
        notes.append(f"{int(flat.sum())} of {len(flat)} genes not tested: all values equal.")
    if undefined.any():
        notes.append(
            f"{int(undefined.sum())} of {len(few)} genes not tested: no spread within the groups, or too few "
            "values, to set the difference against."
        )
    partly = int(np.isnan(values).any(axis=1).sum())
    if partly:
        notes.append(
            f"{partly} of the tested genes lack values of some samples; each is tested on those it has."
        )
    return notes
