"""Real matrices: what was recognised, and limma's answers on them (R 4.2.2, limma 3.54.1)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from remission.expression.compare import compare_groups
from remission.expression.genetests import GeneTests
from remission.expression.groups import BySample
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


def agrees(
    tests: GeneTests, prior: tuple[float, float], found: int, best: dict[str, tuple[float, float]]
) -> None:
    """Prior df and variance, genes with an adjusted p of 0.05, and t and p of the first three."""
    assert (tests.prior_df, tests.prior_variance) == pytest.approx(prior, rel=1e-8)
    assert len(tests.found(0.05, "p_bh")) == found
    assert tests.top(len(best)) == tuple(best)
    for gene, (t, p) in best.items():
        place = tests.genes.index(gene)
        assert tests.statistic[place] == pytest.approx(t, rel=1e-8)
        assert tests.p[place] == pytest.approx(p, rel=1e-8)


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


def test_t_all_crude_and_adjusted_for_three_covariates(shared_data: Path) -> None:
    """At least 0.01 % against less: crude, and adjusted for age, white cells and sex."""
    folder = shared_data / "signature" / "tall_aall0434"
    matrix = read_expression(folder / "expression.csv.gz")
    mrd, age, cells = (column(folder / "clinical.csv", "ID", name) for name in ("MRD29", "Age_Days", "WBC"))
    groups = {name: None if value is None else value >= 0.01 for name, value in mrd.items()}
    tests = compare_groups(matrix, groups, reference="no", permutations=0)
    assert (tests.n_reference[0], tests.n_other[0], len(tests.genes)) == (172, 92, 417)
    agrees(
        tests,
        (2.6971589148149753, 0.21045629918258721),
        99,
        {
            "ENSG00000130402": (7.6763355701975637, 3.1638621931293005e-13),
            "ENSG00000138795": (-6.7367668045875559, 1.0060147848793683e-10),
            "ENSG00000119900": (6.4814578525263364, 4.4188045908424371e-10),
        },
    )
    with (folder / "clinical.csv").open() as lines:
        sex = {row["ID"]: row["Sex"] for row in csv.DictReader(lines)}
    covariates: dict[str, BySample] = {"age": age, "white cells": cells, "sex": sex}
    agrees(
        compare_groups(matrix, groups, reference="no", covariates=covariates, permutations=0),
        (2.6973584410895488, 0.20735781322905139),
        95,
        {
            "ENSG00000130402": (7.6880918698919123, 3.0239983715394756e-13),
            "ENSG00000138795": (-6.6925752726113306, 1.3275181326631870e-10),
            "ENSG00000119900": (6.4874769289071681, 4.3401997945199432e-10),
        },
    )


def test_aml_expression_by_event(shared_data: Path) -> None:
    """Groups by whether an event was seen, which ignores follow-up: for the numbers only."""
    folder = shared_data / "signature" / "archer_cn_aml"
    matrix = read_expression(folder / "amltrain_expression.csv.gz", scale="log2")
    event = column(folder / "amltrain_clinical.csv", "patient", "relapse.death")
    tests = compare_groups(matrix, event, permutations=0)
    agrees(
        tests,
        (5.1414841126438988, 1.0749204979846763),
        69,
        {
            "ENSG00000234883": (5.8727514278189128, 1.1062105998523915e-08),
            "ENSG00000022267": (5.2843269883669359, 2.3870597000746082e-07),
            "ENSG00000111275": (5.1956675638695380, 3.7107333051519695e-07),
        },
    )
