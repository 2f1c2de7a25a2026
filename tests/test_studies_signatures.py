"""Studies that learn signatures, on real patients: everything runs, judged out of fold, as found."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from remission.response.doseresponse import dose_response
from remission.response.read import read_wells
from remission.study.prepare import check
from remission.study.results import Results
from remission.study.run import run
from remission.study.tables import to_csv

STUDIES = Path(__file__).resolve().parents[1] / "studies"
NAMES = ("cll_mofa", "tall_aall0434_signature", "archer")
QUICK = {"repeats": 1, "permutations": 3, "permutation_repeats": 1, "bootstrap": 20}
WELLS = {"patient": "patientID", "drug": "Drug", "dose": "Concentration", "unit": {"value": "µM"}}
Made = Callable[[str], Path]
Run = Callable[[str], Results]


def made_ready(name: str, source: Path, folder: Path) -> Path:
    """The study file beside its tables, as its first lines say."""
    folder.mkdir()
    if name == "cll_mofa":
        of = source / "cll_mofa"
        shutil.copy(of / "protein_count.csv.gz", folder)
        shutil.copy(STUDIES / "time-to-treatment.toml", folder)
        ids = pl.read_csv(of / "protein_count.csv.gz", n_rows=1).columns[1:]
        here = pl.col("patientID").is_in(ids)
        wells = pl.read_csv(of / "drug.csv.gz").filter(
            here, pl.col("Drug").is_in(["Fludarabine", "Venetoclax"])
        )
        wells = wells.select("patientID", "Drug", "Concentration", survival=100 * pl.col("normVal"))
        (folder / "lc50").mkdir()
        rows = dose_response(read_wells(wells, columns=WELLS)).rows()
        (folder / "lc50" / "lc50.csv").write_bytes(to_csv(rows))
        tables = [
            pl.read_csv(of / "genetics.csv", infer_schema=False).select("patientID", "IGHV", "trisomy12"),
            pl.read_csv(of / "demographic.csv"),
            pl.read_csv(of / "survival.csv"),
        ]
        joined = tables[0]
        for table in tables[1:]:
            joined = joined.join(table, on="patientID", how="full", coalesce=True)
        joined.filter(here).write_csv(folder / "patients.csv")
    else:
        of = source / {"archer": "archer_cn_aml", "tall_aall0434_signature": "tall_aall0434"}[name]
        for file in of.glob("*clinical.csv"):
            shutil.copy(file, folder)
        for file in of.glob("*expression.csv.gz"):
            shutil.copy(file, folder)
    text = (STUDIES / f"{name}.toml").read_text(encoding="utf-8")
    for key, value in QUICK.items():
        text = re.sub(rf"^({key}\s*=\s*)\d+", rf"\g<1>{value}", text, flags=re.MULTILINE)
    path = folder / f"{name}.toml"
    path.write_text(text.replace("[signature]", "[signature]\njobs = 1"), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def ready(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("signatures")
    return cache(lambda name: made_ready(name, shared_data / "signature", folder / name))


@pytest.fixture(scope="session")
def study(ready: Made) -> Run:
    return cache(lambda name: run(ready(name)))


def measured(results: Results, kind: str, output: str, measure: str) -> dict[str | None, float]:
    """Estimates of a measure by what is predicted."""
    (analysis,) = [each for each in results.analyses if each.kind == kind]
    rows = pl.concat([each.rows for each in analysis.outputs if each.name == output])
    rows = rows.filter(pl.col("measure") == measure, pl.col("estimate").is_not_null())
    return dict(rows.select("term", "estimate").iter_rows())


@pytest.mark.parametrize("name", NAMES)
def test_a_study_file_has_no_problems(name: str, ready: Made) -> None:
    assert check(ready(name)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_study_runs_and_locks_what_it_learned_without_patients(name: str, study: Run, ready: Made) -> None:
    results = study(name)
    assert all(each.outputs for each in results.analyses)
    locked = {file: text for file, text in results.attachments.items() if file.endswith(".json")}
    assert len(locked) == (2 if name == "cll_mofa" else 1)
    patients = "patients.csv" if name == "cll_mofa" else next(ready(name).parent.glob("*clinical.csv")).name
    ids = pl.read_csv(ready(name).parent / patients, infer_schema=False).to_series(0).to_list()
    assert len(ids) >= 47
    for file in locked.values():
        assert json.loads(file)["format"] == "remission signature"
        assert not [one for one in ids if f'"{one}"'.encode() in file]


def test_the_proteome_of_47_patients_tells_little_of_two_drugs(study: Run) -> None:
    """Nested areas as found: no claim is made of them but that they are honest."""
    results = study("cll_mofa")
    patients = measured(results, "prediction", "prediction", "not judged")
    assert patients == {"Fludarabine": 4, "Venetoclax": 4}  # 43 of 47 were tested
    areas = measured(results, "prediction", "prediction", "area under the ROC curve")
    assert 0.3 < areas["Fludarabine"] < 0.65
    assert 0.55 < areas["Venetoclax"] < 0.85
    gain = measured(results, "added_value", "added_value", "difference of concordance indices")
    assert abs(gain["both"]) < 0.1


def test_expression_tells_mrd_but_not_who_has_an_event(study: Run) -> None:
    results = study("tall_aall0434_signature")
    (area,) = measured(results, "prediction", "prediction", "area under the ROC curve").values()
    assert 0.7 < area < 0.85
    gain = measured(results, "added_value", "added_value", "difference of concordance indices")
    assert abs(gain["both"]) < 0.1


def test_expression_tells_the_duration_of_remission_with_genes_that_were_chosen_for_it(study: Run) -> None:
    results = study("archer")
    (found,) = measured(results, "prediction", "prediction", "concordance index").values()
    assert 0.65 < found < 0.78


@pytest.mark.parametrize("name", NAMES)
def test_shuffled_answers_are_told_no_better_than_by_chance(name: str, study: Run) -> None:
    middle = measured(study(name), "prediction", "prediction_null", "middle of the permutations")
    assert all(abs(value - 0.5) < 0.2 for value in middle.values())
    assert middle
