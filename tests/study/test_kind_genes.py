"""Discriminating genes: who is compared, what is found, what is planted, and what goes with the results."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission import demo
from remission.cohort.column import Column, KnownLater
from remission.demo.drug.model import Model
from remission.demo.drug.simulate import simulate
from remission.expression.compare import compare_groups
from remission.report.looks import look
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.report.tables.genes import tiny_p
from remission.study.kind import Context
from remission.study.kinds.genes import KIND
from remission.study.results import Analysis
from remission.study.run import attached
from remission.study.run import run as run_study
from remission.study.store import write_results
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    output,
    outputs,
    problems,
    run,
    value,
)
from tests.study.laboratory_by_hand import Said, with_laboratory

SIZE = 36
CLASSES: list[Said] = [0.5, 20.0, 5.0] * 11 + [None, "failed", 0.4]
OTHER: list[Said] = [20.0, 0.5, 0.5] * 12


def cohort(**more: Any) -> Context:
    """36 patients: every third sensitive, resistant and intermediate; G0 to G4 follow resistance."""
    columns = [
        Column("sex", "category", "Sex", levels=("female", "male"), known_at=BASELINE),
        Column("subtype", "category", "Subtype", levels=("B", "T", "other"), known_at=BASELINE),
        Column("batch", "category", "Batch", levels=("1", "2", "3"), known_at=BASELINE),
        Column("age", "number", "Age", known_at=BASELINE),
        Column("relapsed", "yes/no", "Relapse", known_at=KnownLater()),
    ]
    data = {
        "sex": ["female", "male"] * 18,
        "subtype": ["B", "T", "other"] * 12,
        "batch": (["1"] * 12 + ["2"] * 12 + ["1"] * 12),
        "age": [float(age % 7) for age in range(SIZE)],
        "relapsed": [True, False] * 18,
    }
    random = np.random.default_rng(8)
    values = random.normal(8, 1, (60, SIZE))
    values[:5] += 3 * (np.arange(SIZE) % 3 == 1)
    genes = {f"G{number}": row.tolist() for number, row in enumerate(values)}
    context = context_of(cohort_of(data, columns))
    return with_laboratory(context, {"prednisolone": CLASSES, "vincristine": OTHER}, genes, **more)


def cell(analysis: Analysis, name: str, measure: str, **where: object) -> float:
    wanted = {"term": "prednisolone", "group": None, "level": None, "scale": None, **where}
    return float(value(output(analysis, name).rows, "estimate", measure=measure, **wanted))


def of(analysis: Analysis, name: str, **where: object) -> pl.DataFrame:
    rows = output(analysis, name).rows
    for column, wanted in where.items():
        rows = rows.filter(pl.col(column) == wanted)
    return rows


def test_resistant_are_compared_with_sensitive_and_the_rest_is_counted() -> None:
    analysis = run(KIND, cohort(samples=None), drugs=["prednisolone"], permutations=200)
    assert cell(analysis, "gene_counts", "samples", group="resistant") == 11
    assert cell(analysis, "gene_counts", "samples", group="sensitive") == 12
    left = {level: cell(analysis, "gene_counts", "left out", level=level) for level in LEFT_OUT}
    assert left == {"intermediate": 11, "class not known": 1, "not tested": 1, "no expression": 0}
    found = of(analysis, "volcano", state="found")["level"].to_list()
    assert sorted(found) == ["G0", "G1", "G2", "G3", "G4"]
    assert cell(analysis, "gene_counts", "found", scale="permutation") == 5
    assert cell(analysis, "gene_counts", "found", scale="permutation", group="resistant") == 5
    assert cell(analysis, "gene_counts", "expected false", scale="permutation") == 0.25


LEFT_OUT = ("intermediate", "class not known", "not tested", "no expression")


def test_numbers_are_those_of_the_comparison() -> None:
    context = cohort()
    analysis = run(KIND, context, drugs=["prednisolone"], permutations=200, top=60)
    laboratory = context.laboratory
    assert laboratory is not None
    assert laboratory.expression is not None
    groups = [{0: "sensitive", 1: "resistant", 2: None}[place % 3] for place in range(33)]
    known = compare_groups(
        laboratory.expression,
        [*groups, None, None, "sensitive"],
        reference="sensitive",
        permutations=200,
        seed=context.seed,
    )
    rows = of(analysis, "genes", measure="difference")
    order = known.order()
    assert rows["level"].to_list() == [known.genes[i] for i in order]
    assert rows["statistic"].to_list() == known.statistic[order].tolist()
    assert rows["p_adjusted"].to_list() == known.p_bh[order].tolist()
    permuted = of(analysis, "genes", measure="permutation")
    assert permuted["p_adjusted"].to_list() == known.q[order].tolist()


def test_points_and_bars_hold_every_gene_once() -> None:
    analysis = run(KIND, cohort(), permutations=0)
    for drug in ("prednisolone", "vincristine"):
        assert of(analysis, "volcano", term=drug)["at_risk"].sum() == 60
        assert of(analysis, "p_histogram", term=drug)["estimate"].sum() == 60
    assert output(analysis, "genes").facts["found_by"] == "p_bh"


def test_the_heat_map_shows_classes_and_never_a_patient() -> None:
    analysis = run(KIND, cohort(), drugs=["prednisolone"], permutations=0)
    rows = of(analysis, "heat_map", level="G0")
    assert rows["group"].to_list() == ["sensitive", "intermediate", "resistant"]
    assert rows["at_risk"].to_list() == [12, 11, 11]
    assert rows["estimate"][2] > 1
    few = [20.0] * 18 + [0.5] * 16 + [5.0, 5.0]
    genes = {f"G{number}": np.random.default_rng(number).normal(size=SIZE).tolist() for number in range(9)}
    tiny = run(KIND, with_laboratory(cohort(), {"prednisolone": few}, genes), permutations=0)
    assert of(tiny, "heat_map", group="intermediate")["estimate"].null_count() == 9
    ids = set(cohort().cohort.ids())
    for each in analysis.outputs:
        for column in ("term", "versus", "group", "measure", "scale"):
            assert not set(each.rows[column].drop_nulls()) & ids


def test_lists_overlap_and_truth_is_held_against_them(tmp_path: Path) -> None:
    (tmp_path / "planted.csv").write_text(
        "drug,gene\n" + "".join(f"prednisolone,G{n}\n" for n in (0, 1, 2, 50, 99))
    )
    (tmp_path / "sets.gmt").write_text(
        "FIVE\tx\tG0\tG1\tG2\tG3\tG4\nNONE\tx\t" + "\t".join(f"G{n}" for n in range(20, 30)) + "\n"
    )
    both = with_laboratory(cohort(), {"prednisolone": CLASSES, "vincristine": CLASSES}, genes_of(cohort()))
    context = replace(both, folder=tmp_path)
    analysis = run(KIND, context, permutations=0, truth="planted.csv", sets="sets.gmt")
    measures = ("planted", "found", "missed", "not tested", "extra", "first")
    assert [cell(analysis, "gene_truth", measure) for measure in measures] == [5, 3, 1, 1, 2, 3]
    shared = output(analysis, "gene_overlap")
    assert cell(analysis, "gene_overlap", "shared", versus="vincristine") == 5
    assert cell(analysis, "gene_overlap", "unique", term=None) == 5
    assert shared.facts["in_several"] == 5
    sets = of(analysis, "enrichment", term="prednisolone")
    assert sets["level"].to_list() == ["FIVE", "NONE"]
    assert sets["p"][0] < 0.001
    assert sets["group"][0] == "resistant"
    listed = run(KIND, context, permutations=0, sets="sets.gmt", set_test="overrepresentation")
    assert of(listed, "enrichment", term="prednisolone", level="FIVE")["estimate"].to_list() == [5]


def genes_of(context: Context) -> dict[str, list[float]]:
    assert context.laboratory is not None
    assert context.laboratory.expression is not None
    matrix = context.laboratory.expression
    return {gene: row.tolist() for gene, row in zip(matrix.genes, matrix.values, strict=True)}


def test_a_column_covariates_and_batch() -> None:
    analysis = run(KIND, cohort(), column="sex", adjust_for=["age"], batch="batch", permutations=50)
    (question,) = output(analysis, "genes").facts["questions"]  # type: ignore[misc]
    assert question["reference"] == "female"
    assert output(analysis, "genes").facts["adjusted_for"] == ("Age",)
    assert finding(analysis, "genes_are_associations").facts["adjusted_for"] == ("Age",)
    assert analysis.title == "Discriminating genes: Sex"
    assert set(analysis.attachments) == {"genes/sex.csv"}


def test_categories_that_differ_and_batches_of_one_group_are_told() -> None:
    analysis = run(KIND, cohort(), drugs=["prednisolone"], permutations=0)
    (one,) = finding(analysis, "genes_groups_differ").facts["differences"]  # type: ignore[misc]
    assert one["label"] == "Subtype"
    adjusted = run(KIND, cohort(), drugs=["prednisolone"], permutations=0, adjust_for=["sex"])
    assert "genes_groups_differ" in named(adjusted)
    by_batch = run(KIND, cohort(), column="sex", permutations=0, batch="batch")
    assert "batch_confounded" not in named(by_batch)
    data = cohort()
    turned = data.cohort.frame.with_columns(
        pl.Series("batch", ["3" if place < 6 and place % 2 else "1" for place in range(SIZE)])
    )
    odd = replace(data, cohort=replace(data.cohort, frame=turned))
    told = finding(run(KIND, odd, column="sex", permutations=0, batch="batch"), "batch_confounded")
    (where,) = told.facts["questions"]  # type: ignore[misc]
    assert (where["batches"], where["n"]) == (1, 3)


def test_what_was_known_only_later_makes_no_groups() -> None:
    analysis = run(KIND, cohort(), column="relapsed")
    assert analysis.outputs == ()
    assert "guard_withheld" in named(analysis)
    refused = run(KIND, cohort(), where="relapsed")
    assert (refused.outputs, named(refused)) == ((), {"guard_withheld"})


def test_patients_without_expression_are_counted() -> None:
    context = cohort()
    assert context.laboratory is not None
    assert context.laboratory.expression is not None
    fewer = context.laboratory.expression.samples_only([str(number) for number in range(4, 37)])
    context = replace(context, laboratory=replace(context.laboratory, expression=fewer))
    analysis = run(KIND, context, drugs=["prednisolone"], permutations=0)
    assert cell(analysis, "gene_counts", "left out", level="no expression") == 2
    assert cell(analysis, "gene_counts", "samples", group="resistant") == 10


def test_intensities_and_counts_are_put_on_the_log_scale() -> None:
    context = cohort()
    genes = {gene: [round(2**each) for each in row] for gene, row in genes_of(context).items()}
    drugs: dict[str, list[Said]] = {"prednisolone": CLASSES}
    for scale in ("intensity", "counts"):
        made = run(KIND, with_laboratory(context, drugs, genes, scale=scale), permutations=0)
        assert cell(made, "gene_counts", "found", scale="Benjamini-Hochberg") == 5
        (method,) = [each for each in made.methods if each.name == "genes_method"]
        assert "log2 scale" in str(method.facts["scale"])


def test_small_classes_are_problems_or_left_out() -> None:
    few: list[Said] = [0.5] * 34 + [20.0, 20.0]
    context = with_laboratory(cohort(), {"prednisolone": CLASSES, "vincristine": few}, genes_of(cohort()))
    (told,) = problems(KIND, context, drugs=["vincristine"])
    assert "has only 2 resistant with expression" in told
    analysis = run(KIND, context, permutations=0)
    assert finding(analysis, "genes_not_compared").facts["questions"] == (
        {"question": "vincristine", "groups": "2 resistant"},
    )
    assert list(analysis.attachments) == ["genes/prednisolone.csv"]
    assert not outputs(analysis, "gene_overlap")


def test_sets_that_cannot_be_tested_are_told_by_the_label(tmp_path: Path) -> None:
    (tmp_path / "sets.gmt").write_text("PATHWAY\tnone\tX1\tX2\tX3\n")
    made = cohort()
    sex = replace(made.cohort.columns["sex"], label="Sex of the child")
    columns = {**made.cohort.columns, "sex": sex}
    context = replace(made, cohort=replace(made.cohort, columns=columns), folder=tmp_path)
    analysis = run(KIND, context, column="sex", permutations=0, sets="sets.gmt")
    assert finding(analysis, "gene_sets_not_tested").facts["question"] == "Sex of the child"


@pytest.mark.parametrize("text", ["", None])
def test_planted_genes_that_cannot_be_read_are_told(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "planted.csv").write_text(text)
    said = problems(KIND, replace(cohort(), folder=tmp_path), truth="planted.csv")
    assert len(said) == 1
    assert "planted.csv cannot be read" in said[0]


def test_problems_are_told_together(tmp_path: Path) -> None:
    bare = context_of(cohort().cohort)
    told = problems(KIND, bare)
    assert "there is no gene expression" in told[0]
    assert "there is no drug response" in told[1]
    (tmp_path / "planted.csv").write_text("drug,genes\n")
    context = replace(cohort(), folder=tmp_path)
    said = problems(
        KIND,
        context,
        column="subtype",
        drugs=["prednisolone"],
        method="welch",
        batch="batch",
        adjust_for=["relapsed", "agee"],
        truth="planted.csv",
        sets="absent.gmt",
    )
    for wanted in (
        "has 3 levels",
        'there is no column "agee"',
        "was not known at time zero",
        "takes no covariates",
        "takes no batch",
        "drugs and a column are both named",
        "has no column gene",
        "there is no file absent.gmt",
    ):
        assert any(wanted in each for each in said), (wanted, said)
    assert 'Did you mean "prednisolone"' in problems(KIND, cohort(), drugs=["prednison"])[0]


def test_whole_tables_go_with_the_results_and_are_no_formulas() -> None:
    genes = {("=CMD()" if gene == "G0" else gene): row for gene, row in genes_of(cohort()).items()}
    context = with_laboratory(cohort(), {"prednisolone": CLASSES}, genes)
    analysis = run(KIND, context, permutations=10)
    content = analysis.attachments["genes/prednisolone.csv"].decode("utf-8-sig").splitlines()
    assert content[0].startswith("gene,n_reference,n_other,difference")
    assert len(content) == 61
    assert any(line.startswith("'=CMD()") for line in content)
    first, second = attached(analysis, []), attached(replace(analysis, name="02-genes"), [analysis])
    assert list(first.attachments) == ["genes/prednisolone.csv"]
    assert list(second.attachments) == ["genes/02-genes/prednisolone.csv"]
    assert second.outputs[0].facts["files"] == {"prednisolone": "genes/02-genes/prednisolone.csv"}


def test_it_is_shown() -> None:
    analysis = run(KIND, cohort(), permutations=50, top=5)
    section = Section(analysis, analysis.outputs, "genes")
    blocks = look(section)
    tables = {block.name: block for block in blocks if hasattr(block, "rows")}
    cells = tables["genes-found"].rows[0].cells
    assert cells[:2] == ("Prednisolone", "11 / 12")
    assert cells[2] == "1 not tested, 1 class not known, 11 intermediate"
    assert len(tables["genes-prednisolone"].rows) == 5
    for block in blocks:
        if hasattr(block, "draw"):
            assert block.draw() is not None
            assert block.alt.endswith(".")
    assert paragraphs(section)[0][0].startswith("Prednisolone: 5 of 60 genes had a false discovery rate")
    assert tiny_p(None) == "–"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drug")
    model = Model(discovery=90, validation=40, genes=600, subtype_genes=10)
    for name, content in simulate(model).items():
        (folder / name).write_bytes(content)
    bundled = Path(demo.__file__).parent / "drug" / "cutoffs.toml"
    (folder / "cutoffs.toml").write_bytes(bundled.read_bytes())
    (folder / "study.toml").write_text(STUDY, "utf-8")
    return folder


STUDY = """
schema = 1
[study]
title = "Drug resistance"
simulated = true
[cohort]
file = "patients.csv"
id = "patient"
time_zero = "diagnosis_date"
baseline = ["sex", "subtype"]
[columns]
sex = { kind = "category", levels = ["female", "male"] }
[endpoints.relapse]
definition = "relapse-incidence"
relapse = "relapse_date"
death = "death_date"
last = "last_contact"
never_cr = "first-recorded-progression"
[response]
plates = "plates.csv"
cutoffs = "cutoffs.toml"
[expression]
file = "expression.csv.gz"
[[analysis]]
kind = "drug_response"
[[analysis]]
kind = "genes"
permutations = 100
truth = "planted.csv"
"""


def test_a_simulated_study_finds_what_was_planted(study: Path, tmp_path: Path) -> None:
    results = run_study(study / "study.toml")
    genes = results.analyses[1]
    rows = output(genes, "gene_truth").rows
    planted = rows.filter(pl.col("measure") == "planted")["estimate"].sum()
    found = rows.filter(pl.col("measure") == "found")["estimate"].sum()
    assert found / planted > 0.7
    assert len(results.attachments) == 4
    write_results(results, tmp_path)
    table = pl.read_csv(tmp_path / "genes" / "prednisolone.csv")
    assert table.height == 600
    assert table["p"].is_sorted()
