"""The page of one patient: the numbers of the file, plainly, and a refusal where genes are missing."""

from __future__ import annotations

from pathlib import Path

import docx
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from remission.cli import app
from remission.core.problems import InputError, StudyProblems
from remission.report.patient_page import BANNER, PatientPage, build_patient_page
from remission.signature.locked import Signature, read_signature
from remission.study.laboratory.patient import about, predictions_of
from remission.study.run import run
from tests.signature.matrices import matrix
from tests.signature.test_locked import QUANTILE
from tests.study.signature_study import write_study

NEW = matrix(120, 4, planted=10, shift=1.5, seed=20)
RUN = CliRunner()


def renamed(signature: Signature, drug: str) -> Signature:
    predicts = signature.file.predicts.model_copy(update={"drug": drug})
    return Signature(signature.file.model_copy(update={"predicts": predicts}))


def written(folder: Path, *, genes: int = 120) -> Path:
    kept = NEW.genes_only(NEW.genes[-genes:])
    frame = pl.DataFrame({"gene": kept.genes, **dict(zip(kept.samples, kept.values.T, strict=True))})
    frame.write_csv(folder / "expression.csv")
    return folder / "expression.csv"


def test_the_page_says_what_the_file_says(tmp_path: Path) -> None:
    path = QUANTILE.save(tmp_path / "signature.json")
    out = tmp_path / "page"
    answer = RUN.invoke(
        app, ["signature", "page", str(path), str(written(tmp_path)), "--patient", "s1", "--out", str(out)]
    )
    assert answer.exit_code == 0, answer.output
    score = QUANTILE.score(NEW).patients[1]
    text = (out / "report.html").read_text(encoding="utf-8")
    assert score.probability < 0.005, "what the page must not print as 0%"
    ends = f"{100 * score.low:.0f}–{100 * score.high:.0f}%"
    for wanted in (
        BANNER,
        "Patient s1",
        f"Predicted probability of resistant: &lt;1% (95% limits {ends})",
        QUANTILE.hash,
    ):
        assert wanted in text, wanted
    assert BANNER in text[text.index("<footer>") :], "printed pages get separated: at the foot, too"
    assert f'@bottom-center {{ content: "{BANNER}"' in text, "and below every printed page"
    assert BANNER in answer.output
    assert "https:" not in text
    assert "http:" not in text.replace("http://www.w3.org", "")
    word = docx.Document(str(out / "report.docx"))
    assert any(BANNER in each.text for each in word.sections[0].header.paragraphs)
    assert any(QUANTILE.hash in each.text for each in word.paragraphs)


def test_discrimination_is_told_and_not_another_measure() -> None:
    told = about(QUANTILE)
    assert told.measures[0].measure != "area under the ROC curve", "the order in the file must not matter"
    assert told.main is not None
    assert told.main.measure == "area under the ROC curve"
    measures = {each.measure: each.estimate for each in QUANTILE.file.performance.measures}
    assert told.main.estimate == measures["area under the ROC curve"]


@pytest.mark.parametrize(("low", "useless"), [(0.4, True), (0.6, False)])
def test_a_signature_no_better_than_chance_is_said_to_say_nothing(low: float, useless: bool) -> None:
    performance = QUANTILE.file.performance
    moved = [
        each.model_copy(update={"low": low}) if each.measure == "area under the ROC curve" else each
        for each in performance.measures
    ]
    changed = performance.model_copy(update={"measures": moved})
    signature = Signature(QUANTILE.file.model_copy(update={"performance": changed}))
    found = predictions_of([signature], NEW, "s0")
    text = str(build_patient_page(PatientPage("s0", found, "x.csv", "0", "log2", True, "1")).blocks)
    assert ("says nothing of this patient" in text) is useless


def test_where_the_patient_lies_among_those_learned_from() -> None:
    for each in predictions_of([QUANTILE], NEW, "s2"):
        assert each.found is not None
        low, high = each.place
        at = dict(zip(each.about.quantiles, each.about.scores, strict=True))
        assert low == 0.0 or at[low] <= each.found.score
        assert high == 1.0 or each.found.score < at[high]
        assert 0.0 <= low < high <= 1.0


def test_too_few_genes_are_refused_in_words(tmp_path: Path) -> None:
    path = QUANTILE.save(tmp_path / "signature.json")
    answer = RUN.invoke(
        app,
        [
            *("signature", "page", str(path), str(written(tmp_path, genes=60))),
            *("--patient", "s1", "--out", str(tmp_path / "page")),
        ],
    )
    assert answer.exit_code == 1
    assert "too many of its" in " ".join(answer.output.split())
    assert not (tmp_path / "page").exists()


def test_one_signature_may_refuse_while_another_predicts() -> None:
    least = NEW.genes_only(
        [gene for gene in NEW.genes if gene not in QUANTILE.genes[: len(QUANTILE.genes) // 2]]
    )
    lenient = QUANTILE.file.missing.model_copy(update={"least_weight": 0.0, "least_count": 0.0})
    other = renamed(Signature(QUANTILE.file.model_copy(update={"missing": lenient})), "vincristine")
    found = predictions_of([QUANTILE, other], least, "s0")
    assert [each.found is None for each in found] == [True, False]
    document = build_patient_page(PatientPage("s0", found, "x.csv", "0", "log2", True, "1"))
    text = str(document.blocks)
    assert "Not predicted" in text
    assert "Missing genes" in text
    assert len(document.figures) == 1
    document.figures[0].draw()
    with pytest.raises(StudyProblems, match="too many"):
        predictions_of([QUANTILE], least, "s0")


def test_a_stranger_and_a_drug_twice_are_told() -> None:
    with pytest.raises(InputError, match='no patient "s9"'):
        predictions_of([QUANTILE], NEW, "s9")
    with pytest.raises(InputError, match="two of the signatures"):
        predictions_of([QUANTILE, QUANTILE], NEW, "s0")


def test_others_in_the_matrix_change_nothing() -> None:
    (whole,), (alone,) = (predictions_of([QUANTILE], each, "s3") for each in (NEW, NEW.samples_only(["s3"])))
    assert whole == alone
    assert whole.found is not None
    assert np.isfinite(whole.found.probability)


def test_a_page_needs_a_signature(tmp_path: Path) -> None:
    answer = RUN.invoke(app, ["signature", "page", str(written(tmp_path)), "--patient", "s1"])
    assert answer.exit_code == 1
    assert "a signature and a matrix are needed" in answer.output


def test_learning_writes_what_a_run_attaches_and_replaces_nothing_unasked(tmp_path: Path) -> None:
    study, out = write_study(tmp_path), tmp_path / "signatures"
    words = ["signature", "learn", str(study), "--out", str(out)]
    answer = RUN.invoke(app, words)
    assert answer.exit_code == 0, answer.output
    locked = read_signature(out / "responder.json")
    assert locked.hash in answer.output
    attached = run(study).attachments["signatures/responder.json"].decode()
    assert attached == (out / "responder.json").read_text(encoding="utf-8")
    table = pl.read_csv(out / "performance.csv")
    area = table.filter(pl.col("measure") == "area under the ROC curve")["estimate"][0]
    assert (
        area
        == {each.measure: each.estimate for each in locked.file.performance.measures}[
            "area under the ROC curve"
        ]
    )
    assert set(locked.genes) <= set(pl.read_csv(out / "genes.csv")["level"])
    again = RUN.invoke(app, words)
    assert again.exit_code == 1
    assert "holds signatures already" in again.output
    assert RUN.invoke(app, [*words, "--force"]).exit_code == 0


def test_nothing_is_learned_from_a_study_without_signature(tmp_path: Path) -> None:
    study = write_study(tmp_path, analyses='[[analysis]]\nkind = "follow_up"\n')
    text = study.read_text(encoding="utf-8")
    start, end = text.index("[signature]"), text.index("[validation]")
    study.write_text(text[:start] + text[end:], encoding="utf-8")
    answer = RUN.invoke(app, ["signature", "learn", str(study), "--out", str(tmp_path / "s")])
    assert answer.exit_code == 1
    assert "the study has no signature" in " ".join(answer.output.split())
