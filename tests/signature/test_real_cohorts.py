"""Public cohorts: proteins to ex-vivo response to time to treatment; expression to outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.assess.cindex import c_index
from remission.expression.matrix import Expression
from remission.signature.learn import learn_signature
from remission.signature.locked import read_signature
from remission.signature.validate import validate_signature


@pytest.fixture(scope="module")
def signatures(shared_data: Path) -> Path:
    return shared_data / "signature"


def read(path: Path) -> Expression:
    frame = pl.read_csv(path)
    values = frame.drop(frame.columns[0]).to_numpy().astype(float)
    return Expression(tuple(frame[frame.columns[0]]), tuple(frame.columns[1:]), values, "log2", path.name)


def test_proteins_to_response_to_time_to_treatment(signatures: Path, tmp_path: Path) -> None:
    """As found: trametinib and venetoclax can be ranked, fludarabine cannot (43 patients)."""
    proteins = read(signatures / "cll_mofa" / "protein_count.csv.gz")
    drugs = pl.read_csv(signatures / "cll_mofa" / "drug.csv.gz")
    areas = drugs.group_by("patientID", "Drug").agg(pl.col("auc").first()).sort("patientID")
    reached = {}
    for drug in ("Trametinib", "Venetoclax", "Fludarabine"):
        known = areas.filter((pl.col("Drug") == drug) & pl.col("patientID").is_in(proteins.samples))
        found = learn_signature(
            proteins,
            dict(zip(known["patientID"], known["auc"], strict=True)),
            drug=drug,
            task="value",
            model="elastic net",
            sizes=(10, 30),
            reference="none",
            least_known=1.0,
            folds=5,
            repeats=2,
            permutations=0,
        )
        assert found.main.n == 43
        reached[drug] = found.main.estimate
        assert read_signature(found.signature.save(tmp_path / f"{drug}.json")) == found.signature
    assert reached["Trametinib"] > 0.45
    assert reached["Fludarabine"] < 0.45
    outcome = pl.read_csv(
        signatures / "cll_mofa" / "survival.csv", infer_schema_length=None, null_values=[""]
    )
    outcome = outcome.filter(pl.col("patientID").is_in(proteins.samples) & pl.col("TTT").is_not_null())
    score = dict(zip(found.samples, found.scores, strict=True))
    treated = np.array([str(x).casefold() in ("true", "1") for x in outcome["treatedAfter"]])
    c = c_index([score[p] for p in outcome["patientID"]], outcome["TTT"], treated, predictions="out of fold")
    assert (c.n, c.events) == (46, 26)
    assert 0 < c.low < c.estimate < c.high < 1
    checked = validate_signature(
        found.signature, proteins.samples_only(outcome["patientID"]), time=outcome["TTT"], event=treated
    )
    assert checked.hazard is not None
    assert checked.hazard.events == 26


@pytest.mark.parametrize(
    ("folder", "genes", "id_", "time", "event", "n", "events"),
    [
        (
            "tall_aall0434/expression.csv.gz",
            "tall_aall0434/clinical.csv",
            "ID",
            "efs.time",
            "efs.censor",
            261,
            27,
        ),
        (
            "archer_cn_aml/amltrain_expression.csv.gz",
            "archer_cn_aml/amltrain_clinical.csv",
            "patient",
            "cryr",
            "relapse.death",
            306,
            206,
        ),
    ],
)
def test_expression_to_outcome(
    signatures: Path, folder: str, genes: str, id_: str, time: str, event: str, n: int, events: int
) -> None:
    expression = read(signatures / folder)
    clinical = pl.read_csv(signatures / genes, null_values=["NA", ""])
    outcome: dict[str, Any] = dict(
        zip(clinical[id_], zip(clinical[time], clinical[event], strict=True), strict=True)
    )
    found = learn_signature(
        expression,
        outcome,
        drug="outcome",
        task="survival",
        model="mean z",
        sizes=(10, 30),
        folds=5,
        repeats=2,
        permutations=0,
    )
    assert (found.main.n, found.main.events) == (n, events)
    assert found.main.low < found.main.estimate < found.main.high
    assert found.main.estimate > 0.5
