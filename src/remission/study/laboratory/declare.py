"""The tables of a study file that a laboratory fills: [response], [expression], [signature]."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from remission.cohort.declare import Declaration

Combined = Literal["sum of calls", "sum of posteriors", "mean z"]
Learner = Literal["elastic net", "shrunken centroids", "linear svm", "mean z"]


class ResponseDeclaration(Declaration):
    """[response]: how the cells of each patient took each drug; from plates, or from `remission response`.

    Adds for each drug the columns `<drug>_lc50` (where it is bracketed by tested doses) and `<drug>_class`
    (sensitive, intermediate, resistant), known at time zero.
    """

    plates: StrictStr | None = Field(
        None,
        description="Table of wells (plate, patient, role, drug, dose, unit, signal) or plates as grids.",
    )
    lc50: StrictStr | None = Field(None, description="Or lc50.csv, as `remission response` writes it.")
    quality: StrictStr = Field("mtt", description='Quality rules: "mtt", "counts", or a TOML file of yours.')
    cutoffs: StrictStr = Field(
        description="Which LC50 is sensitive, and which resistant: a TOML file of yours, the name of cut-offs"
        ' that come with the program, or "median" or "tertiles" of this cohort.'
    )
    confirm: StrictBool = Field(
        default=False, description="You have compared cut-offs that are marked unsure with their source."
    )
    drugs: tuple[StrictStr, ...] = Field((), description="Only these drugs, in this order.")


class ExpressionDeclaration(Declaration):
    """[expression]: a matrix of genes (or proteins) by patients, under the ids of the cohort."""

    file: StrictStr = Field(description="CSV or TSV (may end in .gz), GEO series matrix, or .h5ad.")
    rows: Literal["genes", "samples"] | None = Field(
        None, description="What stands in the rows; recognised unless said."
    )
    scale: Literal["log2", "intensity", "counts"] | None = Field(
        None, description="Scale of the values; recognised unless said."
    )
    annotation: StrictStr | None = Field(
        None, description="Table that says the gene of each probe, when the rows are probes."
    )
    duplicates: Literal["refuse", "mean", "highest mean", "widest"] = Field(
        "refuse",
        description="Which row of a gene that stands in several is taken; with an annotation, the one with "
        "the highest mean unless said.",
    )
    label: StrictStr = Field("Gene expression", min_length=1, description="What is measured, for headings.")


class SignatureDeclaration(Declaration):
    """[signature]: learned from this cohort, or read from locked files; gives every patient a score.

    Adds the columns `signature_score` and `signature_group`, known at time zero, and for several drugs
    `<drug>_call`. In the cohort that taught it, each patient is scored by models that never saw that patient;
    everybody else by the locked file.
    """

    drugs: tuple[StrictStr, ...] = Field(
        (), description="Predicts resistance to these drugs of [response]; all of them unless said."
    )
    column: StrictStr | None = Field(
        None, description="Or predicts a column of the cohort: a yes/no, or a category with `positive`."
    )
    positive: StrictStr | None = Field(None, description="The level of `column` that is predicted.")
    endpoint: StrictStr | None = Field(None, description="Or predicts the time to an endpoint.")
    locked: dict[str, StrictStr] = Field(
        default_factory=dict,
        description="Locked files in place of learning, by drug (or column, or endpoint): "
        '{ prednisolone = "prednisolone.json" }.',
    )
    model: Learner = Field("elastic net", description="How it is learned; all tuning is inside the folds.")
    sizes: tuple[StrictInt, ...] = Field(
        (10, 30, 100), min_length=1, description="Numbers of genes among which tuning chooses."
    )
    genes: Literal["shared", "all"] = Field(
        "shared",
        description='Genes it is learned from: "shared", those that the matrix of [validation] has too, '
        'where there is one; or "all".',
    )
    reference: Literal["quantile", "rank", "none", "ratio"] = Field(
        "quantile",
        description="The frozen scale on which each patient is put alone; for counts: ratio or rank.",
    )
    folds: StrictInt = Field(10, ge=3, le=20, description="Outer folds.")
    repeats: StrictInt = Field(3, ge=1, le=100, description="Times the outer folds are drawn anew.")
    inner_folds: StrictInt = Field(5, ge=2, le=20, description="Inner folds, for tuning.")
    permutations: StrictInt = Field(
        20, ge=0, le=10_000, description="Times the whole is learned with shuffled answers, for a P value."
    )
    permutation_repeats: StrictInt = Field(
        1,
        ge=1,
        le=100,
        description="Times the folds are drawn anew for each shuffle; P compares as many repeats of the real "
        "answers, so more make P rest less on how the first folds fell. At most `repeats`.",
    )
    combine: Combined = Field(
        "sum of calls",
        description='How several drugs make one score. "sum of calls": 1 for each drug the cells are called '
        "sensitive to, 2 for each they are called resistant to.",
    )
    groups_at: tuple[float, ...] = Field(
        (),
        description="Where the groups of the combined score begin, fixed before any outcome was seen: "
        "[6, 7]. Unless said, thirds of the possible sums of calls, else thirds of those learned from.",
    )
    jobs: StrictInt = Field(-1, description="Processes; -1: all cores. The answer does not depend on it.")
