"""Comparing two groups by their RNA counts, as DESeq2 does (through PyDESeq2, an extra)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remission.core.adjust import adjusted
from remission.core.problems import InputError
from remission.expression.genetests import GeneTests
from remission.expression.groups import BySample, TwoGroups, two_groups
from remission.expression.linear import RANK
from remission.expression.matrix import Expression

Floats = NDArray[np.float64]
EXTRA = 'Comparing counts needs PyDESeq2: pip install "remission[expression]"'


def compare_counts(
    expression: Expression,
    groups: BySample,
    *,
    reference: str | None = None,
    covariates: Mapping[str, BySample] | None = None,
    batch: BySample | None = None,
    fewest_reads: int = 10,
) -> GeneTests:
    """Test every gene for a difference between two groups by a negative binomial model of its counts.

    Size factors by the median of ratios, dispersions shrunk towards their trend, log-linear model of group,
    batch and covariates, Wald test (DESeq2, as PyDESeq2 computes it). `difference` is the log2 fold change
    without shrinkage. p of genes with outlying counts is undefined, as in DESeq2; genes are not filtered
    further (`independent filtering` is off), so `p_bh` counts every tested gene. No relabelling: for
    permutations use `compare_groups` on values of a reference of kind "ratio".

    Parameters
    ----------
    expression : Expression
        Counts without missing values.
    groups, reference, covariates, batch
        As in `compare_groups`.
    fewest_reads : int
        Genes with fewer reads in all samples together are not tested.

    Returns
    -------
    GeneTests
        With method "deseq2"; q and p by permutation are undefined.

    Raises
    ------
    InputError
        Without PyDESeq2, for values that are no counts or missing, groups that cannot be told from batches
        or covariates, or as `compare_groups`.

    References
    ----------
    Love, Huber and Anders, Genome Biol 2014;15:550. Muzellec et al., Bioinformatics 2023;39:btad547.
    """
    if expression.scale != "counts":
        raise InputError(f"the values are {expression.scale}, not counts: use `compare_groups`")
    if np.isnan(expression.values).any():
        raise InputError(
            "some counts are missing; leave out those genes or samples (a gene without reads has 0)"
        )
    chosen = two_groups(expression.samples, groups, reference, covariates, batch)
    counts = expression.values[:, chosen.used]
    kept = np.flatnonzero(counts.sum(axis=1) >= max(fewest_reads, 1))
    if not len(kept):
        raise InputError(f"no gene has {fewest_reads} reads")
    found, told = _deseq2(counts[kept], _design(chosen))

    def whole(part: Floats | None) -> Floats:
        answer = np.full(len(counts), np.nan)
        if part is not None:
            answer[kept] = part
        return answer

    p = np.asarray(found["pvalue"], dtype=float)
    untested = [
        f"{len(counts) - len(kept)} genes not tested: fewer than {fewest_reads} reads in all samples."
    ]
    return GeneTests(
        method="deseq2",
        reference=chosen.names[0],
        other=chosen.names[1],
        genes=expression.genes,
        n_reference=np.full(len(counts), float((chosen.labels == 0).sum())),
        n_other=np.full(len(counts), float((chosen.labels == 1).sum())),
        difference=whole(np.asarray(found["log2FoldChange"], dtype=float)),
        std_error=whole(np.asarray(found["lfcSE"], dtype=float)),
        statistic=whole(np.asarray(found["stat"], dtype=float)),
        df=whole(np.where(np.isnan(p), np.nan, np.inf)),
        p=whole(p),
        p_bh=whole(adjusted(p, "bh")),
        p_permutation=whole(None),
        q=whole(None),
        pi0=np.nan,
        prior_df=np.nan,
        prior_variance=np.nan,
        relabellings=0,
        every=False,
        seed=0,
        notes=(*chosen.notes, *(untested if len(kept) < len(counts) else []), *told),
    )


def _design(chosen: TwoGroups) -> Floats:
    """Intercept, batches but the first, covariates, and the group last."""
    batches = (chosen.strata[:, None] == np.unique(chosen.strata)[1:]).astype(float)
    columns = [np.ones((len(chosen.labels), 1)), batches, chosen.covariates, chosen.labels[:, None]]
    design = np.hstack(columns)
    if np.linalg.matrix_rank(design, tol=RANK * np.abs(design).max() * len(design)) < design.shape[1]:
        raise InputError("group, batches and covariates cannot be told apart: use fewer of them")
    return design


def _deseq2(counts: Floats, design: Floats) -> tuple[Any, list[str]]:
    """PyDESeq2's table of results, and what it warned of."""
    try:
        import pandas as pd  # noqa: PLC0415 - comes with PyDESeq2
        from pydeseq2.dds import DeseqDataSet  # noqa: PLC0415 - an extra
        from pydeseq2.default_inference import DefaultInference  # noqa: PLC0415
        from pydeseq2.ds import DeseqStats  # noqa: PLC0415
    except ImportError as error:
        raise InputError(EXTRA) from error
    names = [f"s{sample}" for sample in range(len(design))]
    columns = [f"x{column}" for column in range(design.shape[1])]
    last = np.zeros(design.shape[1])
    last[-1] = 1.0
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        data = DeseqDataSet(
            counts=pd.DataFrame(
                counts.T.astype(int), index=names, columns=[f"g{g}" for g in range(len(counts))]
            ),
            metadata=pd.DataFrame({"sample": names}, index=names),
            design=pd.DataFrame(design, index=names, columns=columns),
            inference=DefaultInference(n_cpus=1),
            quiet=True,
        )
        data.deseq2()
        stats = DeseqStats(
            data, contrast=last, inference=DefaultInference(n_cpus=1), independent_filter=False, quiet=True
        )
        stats.summary()
    said = {str(one.message).strip() for one in told if issubclass(one.category, UserWarning)}
    return stats.results_df, [f"PyDESeq2: {words}" for words in sorted(said)]
