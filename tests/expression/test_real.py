"""Real matrices: what was recognised, and limma's answers on them (R 4.2.2, limma 3.54.1)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from remission.expression.compare import compare_groups
from remission.expression.matching import match_samples
from remission.expression.read import read_expression

# limma's prior df and variance; t and p of its best gene; genes with an adjusted p of at most 0.05
PRIOR = {"t_all": (2.6975628007478, 0.210076396547203), "cll": (2.99347466946529, 0.11517855149376)}
BEST = {"t_all": (7.59341734355059, 5.41206795282709e-13), "cll": (-7.07446182745673, 5.65805440841421e-09)}
FOUND = {"t_all": 93, "cll": 215}


def column(file: Path, by: str, name: str) -> dict[str, float | None]:
    """One column of numbers of a clinical table, by patient."""
    with file.open() as lines:
        return {
            row[by]: float(row[name]) if row[name] not in ("", "NA") else None
            for row in csv.DictReader(lines)
        }


@pytest.mark.parametrize(
    ("file", "genes", "samples", "missing"),
    [
        ("cll_mofa/protein_count.csv.gz", 4316, 47, 0.028),
        ("cll_mofa/testcohort_expression.csv.gz", 5000, 50, 0.0),
        ("tall_aall0434/expression.csv.gz", 417, 264, 0.0),
        ("archer_cn_aml/amltrain_expression.csv.gz", 320, 306, 0.0),
    ],
)
def test_matrices_are_recognised(
    shared_data: Path, file: str, genes: int, samples: int, missing: float
) -> None:
    matrix = read_expression(shared_data / "signature" / file)
    assert (len(matrix.genes), len(matrix.samples), matrix.scale) == (genes, samples, "log2")
    assert matrix.missing_share == pytest.approx(missing, abs=5e-4)
    assert "Genes stand in the rows" in matrix.notes[0]


def test_t_all_with_and_without_residual_disease(shared_data: Path) -> None:
    folder = shared_data / "signature" / "tall_aall0434"
    matrix = read_expression(folder / "expression.csv.gz")
    mrd = column(folder / "clinical.csv", "ID", "MRD29")
    groups = {one: None if value is None else value >= 0.01 for one, value in mrd.items()}
    tests = compare_groups(
        matrix,
        groups,
        covariates={"age": column(folder / "clinical.csv", "ID", "Age_Days")},
        permutations=500,
    )
    assert (tests.reference, tests.other) == ("no", "yes")
    assert tests.prior_df == pytest.approx(PRIOR["t_all"][0], rel=1e-8)
    assert tests.prior_variance == pytest.approx(PRIOR["t_all"][1], rel=1e-8)
    best = tests.genes.index("ENSG00000130402")
    assert tests.top(1) == ("ENSG00000130402",)
    assert tests.statistic[best] == pytest.approx(BEST["t_all"][0], rel=1e-8)
    assert tests.p[best] == pytest.approx(BEST["t_all"][1], rel=1e-8)
    assert len(tests.found(0.05, by="p_bh")) == FOUND["t_all"]
    assert tests.p_permutation[best] == pytest.approx(1 / 501)
    assert np.abs(tests.p_permutation - tests.p).mean() < 0.02


def test_proteins_of_cll_with_missing_values(shared_data: Path) -> None:
    folder = shared_data / "signature" / "cll_mofa"
    mutated = column(folder / "genetics.csv", "patientID", "IGHV")
    matrix, problems = match_samples(read_expression(folder / "protein_count.csv.gz"), list(mutated))
    assert len(matrix.samples) == 47
    assert not problems
    groups = {one: mutated[one] for one in matrix.samples}
    tests = compare_groups(matrix, groups, permutations=0)
    assert tests.prior_df == pytest.approx(PRIOR["cll"][0], rel=1e-8)
    assert tests.prior_variance == pytest.approx(PRIOR["cll"][1], rel=1e-8)
    best = tests.genes.index(tests.top(1)[0])
    assert tests.genes[best] == "P23368"
    assert tests.statistic[best] == pytest.approx(BEST["cll"][0], rel=1e-8)
    assert tests.p[best] == pytest.approx(BEST["cll"][1], rel=1e-8)
    assert len(tests.found(0.05, by="p_bh")) == FOUND["cll"]
