"""The bundled drug-resistance cohorts: what is planted, what the files hold, and that their study runs."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from remission.demo import write
from remission.demo.draws import Draws
from remission.demo.drug.model import Model
from remission.demo.drug.patients import draw_children, log_hazard
from remission.demo.drug.simulate import simulate
from remission.expression.read import read_expression
from remission.response.doseresponse import dose_response
from remission.study.prepare import prepare
from remission.study.run import run
from remission.study.syntax import read_study_text

SMALL = Model(discovery=60, validation=40, genes=900, subtype_genes=20)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return simulate(Model())


def table(content: bytes) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(content))


def test_the_planted_genes_are_as_many_as_published(files: dict[str, bytes]) -> None:
    planted = table(files["planted.csv"])
    assert dict(Counter(planted["drug"])) == {
        "prednisolone": 33,
        "vincristine": 40,
        "asparaginase": 35,
        "daunorubicin": 20,
    }
    assert planted["gene"].n_unique() == 124
    assert planted["slope"].abs().is_between(*Model().strength).all()


def test_the_cohorts_have_their_sizes_and_the_same_columns(files: dict[str, bytes]) -> None:
    first, second = table(files["patients.csv"]), table(files["validation.csv"])
    assert (first.height, second.height) == (173, 98)
    assert first.columns == second.columns
    assert not set(first["patient"]) & set(second["patient"])
    assert first["patient"].str.starts_with("SIM-").all()
    relapsed = first["relapse_date"].is_not_null().mean()
    assert relapsed == pytest.approx(0.24, abs=0.08)


def test_the_same_model_gives_the_same_files(files: dict[str, bytes]) -> None:
    again = simulate(Model())
    assert again.keys() == files.keys()
    assert all(again[name] == files[name] for name in files)
    other = simulate(Model(seed=2005))
    assert other["patients.csv"] != files["patients.csv"]


def test_expression_follows_the_planted_slopes(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "expression.csv.gz"
    path.write_bytes(files["expression.csv.gz"])
    matrix = read_expression(path)
    assert matrix.values.shape == (12_000, 173)
    assert matrix.scale == "log2"
    model = Model()
    children = draw_children(model, model.discovery, "SIM-D", Draws(model.seed + 1))
    planted = table(files["planted.csv"])
    place = {gene: row for row, gene in enumerate(matrix.genes)}
    for number, drug in enumerate(model.drugs):
        mine = planted.filter(pl.col("drug") == drug.name)
        values = matrix.values[[place[gene] for gene in mine["gene"]]]
        r = np.array([np.corrcoef(row, children.resistance[:, number])[0, 1] for row in values])
        assert (np.sign(r) == np.sign(mine["slope"].to_numpy())).mean() > 0.95
        assert 0.35 < np.abs(r).mean() < 0.75


def test_the_plates_give_back_the_true_lc50(files: dict[str, bytes]) -> None:
    model = Model()
    children = draw_children(model, model.discovery, "SIM-D", Draws(model.seed + 1))
    wells = table(files["plates.csv"]).filter(pl.col("plate").is_in([f"PL{i:03d}" for i in range(1, 41)]))
    made = dose_response(wells).rows()
    place = {one: row for row, one in enumerate(children.ids)}
    exact = made.filter(pl.col("censoring") == "bracketed")
    number = {drug.name: n for n, drug in enumerate(model.drugs)}
    truth = np.array(
        [
            model.drugs[number[drug]].centre
            + model.drugs[number[drug]].spread * children.resistance[place[one], number[drug]]
            for one, drug in exact.select("patient", "drug").rows()
        ]
    )
    off = np.log10(exact["lc50"].to_numpy()) - truth
    assert abs(np.median(off)) < 0.03
    assert np.quantile(np.abs(off), 0.9) < 0.25


def test_relapse_follows_resistance() -> None:
    model = Model(discovery=4000)
    children = draw_children(model, 4000, "SIM-D", Draws(7))
    hazard = log_hazard(model, children.subtype, children.age, children.white_cells, children.resistance)
    relapsed = np.isfinite(children.relapse)
    high = hazard > np.quantile(hazard, 2 / 3)
    low = hazard < np.quantile(hazard, 1 / 3)
    assert relapsed[high].mean() > 2.5 * relapsed[low].mean()
    by_five_years = (children.relapse <= 5 * 365.25).mean()
    assert by_five_years == pytest.approx(model.relapse_at_5_years, abs=0.03)


def test_the_validation_matrix_lacks_genes_and_reads_otherwise(files: dict[str, bytes]) -> None:
    first = table(gzip.decompress(files["expression.csv.gz"]))
    second = table(gzip.decompress(files["validation-expression.csv.gz"]))
    assert 0.94 < second.height / first.height < 0.98
    both = first.join(second, on="gene")
    one = both.select(pl.mean_horizontal(first.columns[1:]))
    other = both.select(pl.mean_horizontal(second.columns[1:]))
    shift = (other.to_series() - one.to_series()).to_numpy()
    assert shift.std() == pytest.approx(Model().platform_shift, abs=0.08)


def test_the_study_is_without_problems(tmp_path: Path) -> None:
    prepared = prepare(write("drug", tmp_path))
    laboratory = prepared.context.laboratory
    assert laboratory is not None
    assert laboratory.drugs == ("prednisolone", "vincristine", "asparaginase", "daunorubicin")
    assert laboratory.expression is not None
    assert len(laboratory.expression.samples) == 173
    second = prepared.context.validation
    assert second is not None
    assert second.laboratory is not None
    assert second.laboratory.expression is not None
    assert len(second.laboratory.expression.samples) == 98
    assert "signature_group" in second.cohort.columns


def test_a_small_one_runs_from_plates_to_relapse(tmp_path: Path) -> None:
    study = write("drug", tmp_path)
    for name, content in simulate(SMALL).items():
        (tmp_path / name).write_bytes(content)
    text = study.read_text(encoding="utf-8")
    for old, new in (
        ("folds        = 10", "folds        = 3"),
        ("repeats      = 3", "repeats      = 1"),
        ("permutations = 19", "permutations = 2\ninner_folds  = 3\njobs         = 1"),
        ("permutations = 1000", "permutations = 100"),
    ):
        assert old in text
        text = text.replace(old, new)
    study.write_text(text, encoding="utf-8")
    results = run(study)
    assert len(results.analyses) == len(read_study_text(study)[0].raw["analysis"])  # type: ignore[union-attr]
    assert set(results.attachments) >= {f"signatures/{drug.name}.json" for drug in SMALL.drugs}
    assert results.validation is not None
    assert [each.cohort for each in results.analyses].count("confirmation cohort") == 5
    assert {"plates.csv", "expression.csv.gz", "validation-expression.csv.gz"} <= set(
        results.provenance.files
    )
