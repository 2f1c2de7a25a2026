"""Options of `kind = "genes"`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from remission.expression.genetests import Method
from remission.study.kinds.options import Options


class GenesOptions(Options):
    """Options of discriminating genes."""

    drugs: tuple[StrictStr, ...] = Field(
        (),
        description="Drugs of [response]: resistant against sensitive patients (intermediates are left out "
        "and counted); all drugs unless said.",
    )
    column: StrictStr | None = Field(
        None,
        description="In place of drugs: a yes/no, or a category of two levels, known at time zero; the first "
        "level is the reference.",
    )
    method: Method = Field(
        "moderated",
        description='"moderated": t statistic with variances moderated over the genes; "welch"; "wilcoxon" '
        "(ranks).",
    )
    permutations: StrictInt = Field(
        1000,
        ge=0,
        le=1_000_000,
        description="Times the patients are relabelled, for permutation P and false discovery rate; 0 for "
        "none: then that of Benjamini and Hochberg decides.",
    )
    adjust_for: tuple[StrictStr, ...] = Field(
        (), description='Covariates known at time zero (method "moderated"): ["subtype", "age"].'
    )
    batch: StrictStr | None = Field(
        None,
        description="Category that says in which batch a sample was measured: patients are compared and "
        'relabelled within batches (not with "welch").',
    )
    fdr: StrictFloat = Field(
        0.05, gt=0, le=0.5, description="False discovery rate up to which a gene counts as found."
    )
    top: StrictInt = Field(
        20, ge=1, le=200, description="Genes shown; the table of all goes with the results."
    )
    sets: StrictStr | None = Field(
        None, description="Local sets of genes to test (.gmt), beside the study file. Nothing is fetched."
    )
    set_test: Literal["rank", "overrepresentation"] = Field(
        "rank",
        description='"rank": do genes of a set rank high or low together; "overrepresentation": are more of '
        "them among those found than chance gives.",
    )
    truth: StrictStr | None = Field(
        None,
        description="For simulated data only: CSV with the columns drug (or the name of `column`) and gene, "
        "the genes that were planted. The report says how many were found and missed.",
    )
