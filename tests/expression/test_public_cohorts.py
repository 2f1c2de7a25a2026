"""Real matrices, where they are: what limma 3.54.1 and R 4.2.2 answer, to 1e-8."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from remission.expression.compare import compare_groups
from remission.expression.genetests import GeneTests
from remission.expression.groups import BySample
from remission.expression.read import read_expression


def table(file: Path, key: str) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return {row[key]: row for row in csv.DictReader(lines)}


def number(text: str) -> float | None:
    return None if text in ("", "NA") else float(text)


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


def test_t_all_residual_disease_on_day_29(shared_data: Path) -> None:
    """At least 0.01 % against less: crude, and adjusted for age, white cells and sex."""
    folder = shared_data / "signature" / "tall_aall0434"
    matrix = read_expression(folder / "expression.csv.gz")
    people = table(folder / "clinical.csv", "ID")
    mrd = {name: number(people[name]["MRD29"]) for name in matrix.samples}
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
    covariates: dict[str, BySample] = {
        "age": {name: number(people[name]["Age_Days"]) for name in matrix.samples},
        "white cells": {name: number(people[name]["WBC"]) for name in matrix.samples},
        "sex": {name: people[name]["Sex"] for name in matrix.samples},
    }
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


def test_cll_proteins_by_ighv_with_missing_values(shared_data: Path) -> None:
    folder = shared_data / "signature" / "cll_mofa"
    matrix = read_expression(folder / "protein_count.csv.gz")
    genetics = table(folder / "genetics.csv", "patientID")
    groups = [number(genetics[name]["IGHV"]) if name in genetics else None for name in matrix.samples]
    tests = compare_groups(matrix, groups, permutations=0)
    assert (tests.reference, tests.other) == ("0", "1")
    agrees(
        tests,
        (2.99347466946529, 0.11517855149376),
        215,
        {
            "P23368": (-7.0744618274567266, 5.6580544084142087e-09),
            "Q9Y6C9": (-6.4721829166861697, 4.7474352215909815e-08),
            "O95563": (-6.2818114658533970, 9.2964624902309707e-08),
        },
    )


def test_aml_expression_by_event(shared_data: Path) -> None:
    """Groups by whether an event was seen, which ignores follow-up: for the numbers only."""
    folder = shared_data / "signature" / "archer_cn_aml"
    matrix = read_expression(folder / "amltrain_expression.csv.gz", scale="log2")
    people = table(folder / "amltrain_clinical.csv", "patient")
    tests = compare_groups(matrix, [people[name]["relapse.death"] for name in matrix.samples], permutations=0)
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
