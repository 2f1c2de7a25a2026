"""How well signatures predict: the same numbers as the judging functions, said plainly, without refitting."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.assess.calibration import brier, calibration
from remission.assess.roc import auc
from remission.core.vocabulary import COLUMNS
from remission.report import build, say
from remission.signature.locked import Signature
from remission.signature.schema import File
from remission.study.kind import Context
from remission.study.kinds.prediction import KIND
from remission.study.kinds.prediction_options import PredictionOptions
from remission.study.laboratory.prepare import with_signatures
from remission.study.prepare import check, context_of, prepare
from remission.study.results import Analysis, Results
from remission.study.run import run
from remission.study.store import to_json
from tests.study.signature_study import PLANTED, write_study

ONE = '[[analysis]]\nkind = "prediction"\n'


def learned(folder: Path, **settings: object) -> Context:
    """The context of a study whose signature is learned."""
    path = write_study(folder, **settings)  # type: ignore[arg-type]
    prepared = prepare(path)
    assert prepared.signature is not None
    return with_signatures(prepared.context, prepared.signature, folder)


def second(context: Context) -> Context:
    assert context.validation is not None
    return replace(context.validation, first=context)


def value(analysis: Analysis, measure: str, *, output: str = "prediction", column: str = "estimate") -> float:
    (found,) = [each for each in analysis.outputs if each.name == output]
    rows = found.rows.filter((pl.col("measure") == measure) & pl.col("level").is_null())
    return float(rows[column][0])


def named(analysis: Analysis) -> set[str]:
    return {finding.name for finding in analysis.findings}


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return learned(tmp_path_factory.mktemp("signal"), permutations=19)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(write_study(tmp_path_factory.mktemp("whole")))


def test_numbers_out_of_fold_are_those_of_the_judging_functions(context: Context) -> None:
    assert context.laboratory is not None
    assert context.laboratory.taught is not None
    one = context.laboratory.taught.learned["responder"]
    analysis = KIND.run(replace(context, confidence=0.9), PredictionOptions(), "it")
    truth = one.target.y == 1
    area = auc(one.scores, truth, level=0.9)
    assert value(analysis, "area under the ROC curve") == area.estimate
    assert value(analysis, "area under the ROC curve", column="low") == area.low
    assert one.null is not None
    assert value(analysis, "area under the ROC curve", column="p") == one.null.p
    assert value(analysis, "Brier score") == brier(one.probabilities, truth).estimate
    slope = calibration(one.probabilities, truth).slope.estimate
    assert value(analysis, "calibration slope") == slope
    assert value(analysis, "genes") == len(one.signature.genes)
    assert value(analysis, "stability (Nogueira)") == one.stability.nogueira
    cut = one.signature.file.cutoffs.probability
    assert cut is not None
    called = one.probabilities >= cut
    assert value(analysis, "accuracy") == np.mean(called == truth)
    assert value(analysis, "accuracy of calling everybody the larger class") == max(
        truth.mean(), 1 - truth.mean()
    )
    assert value(analysis, "range over repeats", column="low") == one.by_repeat.min()


def test_permutations_are_all_in_the_bars(context: Context) -> None:
    analysis = KIND.run(context, PredictionOptions(), "it")
    (null,) = [each.rows for each in analysis.outputs if each.name == "prediction_null"]
    bars = null.filter(pl.col("measure") == "permutations")
    assert bars["estimate"].sum() == 19
    assert (bars["low"].to_numpy()[1:] == bars["high"].to_numpy()[:-1]).all()
    assert "few_permutations" in named(analysis)


def test_a_signature_that_predicts_is_not_called_useless(context: Context) -> None:
    found = named(KIND.run(context, PredictionOptions(), "it"))
    assert not found & {"no_better_than_chance", "no_better_than_larger_class"}
    assert {"research_only", "limits_of_predictions"} <= found


def test_noise_is_said_to_do_no_better_than_chance(tmp_path: Path) -> None:
    context = learned(tmp_path, effect=0.0)
    analysis = KIND.run(context, PredictionOptions(), "it")
    assert {"no_better_than_chance", "not_permuted"} <= named(analysis)
    assert value(analysis, "area under the ROC curve", column="low") <= 0.5


def test_in_other_patients_the_locked_file_is_applied_and_nothing_else(context: Context) -> None:
    there = second(context)
    assert there.laboratory is not None
    assert there.laboratory.expression is not None
    assert there.laboratory.taught is not None
    signature = there.laboratory.taught.signatures["responder"]
    scores = signature.score(there.laboratory.expression)
    known = dict(zip(there.cohort.ids(), there.cohort.frame["responder"], strict=True))
    truth = np.array([known[sample] for sample in scores.samples])
    analysis = KIND.run(there, PredictionOptions(), "it")
    assert value(analysis, "area under the ROC curve") == auc(scores.scores, truth).estimate
    assert value(analysis, "calibration slope") == calibration(scores.probabilities, truth).slope.estimate
    moved = signature.transport(there.laboratory.expression)
    transported = value(analysis, "shift of the genes", output="prediction_transport")
    assert transported == moved.overall_shift
    names = {each.name for each in analysis.outputs}
    assert not names & {"prediction_null", "prediction_genes", "prediction_truth"}
    assert value(analysis, "share of the genes", output="prediction_transport") == 1.0


def test_some_of_the_other_patients(context: Context) -> None:
    there = second(context)
    analysis = KIND.run(there, PredictionOptions(where=("site = 'east'",)), "it")
    assert value(analysis, "patients", output="prediction_transport") == 3
    assert "only_some_patients" in named(analysis)


def test_without_the_answer_other_patients_are_not_judged(context: Context) -> None:
    there = second(context)
    unknown = there.cohort.frame.with_columns(pl.lit(None, pl.Boolean).alias("responder"))
    analysis = KIND.run(
        replace(there, cohort=replace(there.cohort, frame=unknown)), PredictionOptions(), "it"
    )
    (told,) = [each for each in analysis.findings if each.name == "nothing_to_judge_by"]
    assert "is not known of any of these patients" in say(told)
    assert "prediction_calibration" not in {each.name for each in analysis.outputs}
    assert "prediction_judged" not in {each.name for each in analysis.methods}


def unanswered(context: Context) -> Context:
    """The second cohort of a signature of a drug, where no drug was tested."""
    there = second(context)
    assert there.laboratory is not None
    assert there.laboratory.taught is not None
    taught = there.laboratory.taught
    (target,) = taught.targets
    drug = replace(target, of="drug", label="Prednisolone")
    laboratory = replace(there.laboratory, taught=replace(taught, targets=(drug,)), classes=None)
    return replace(there, laboratory=laboratory)


def test_without_any_test_there_is_no_table_of_nothing(context: Context) -> None:
    analysis = KIND.run(unanswered(context), PredictionOptions(), "it")
    assert {each.name for each in analysis.outputs} == {"prediction_transport"}
    assert "not_judged_there" not in named(analysis)
    (told,) = [each for each in analysis.findings if each.name == "nothing_to_judge_by"]
    assert "No drug tests of these patients are at hand (prednisolone)" in say(told)


def test_answers_that_are_neither_class_are_counted(context: Context) -> None:
    there = second(context)
    assert there.laboratory is not None
    assert there.laboratory.taught is not None
    taught = there.laboratory.taught
    other = replace(taught.targets[0], negative="never", positive="ever")
    laboratory = replace(there.laboratory, taught=replace(taught, targets=(other,)))
    analysis = KIND.run(replace(there, laboratory=laboratory), PredictionOptions(), "it")
    rows = analysis.outputs[0].rows.filter(pl.col("measure") == "not judged")
    assert analysis.outputs[0].name == "prediction"
    assert rows["estimate"].sum() == 60
    assert "not_judged_there" in named(analysis)


def test_nobody_chosen_is_told_and_nothing_computed(context: Context) -> None:
    analysis = KIND.run(second(context), PredictionOptions(where=("age > 1000",)), "it")
    assert analysis.outputs == ()
    assert [each.name for each in analysis.findings] == ["only_some_patients", "nobody_to_analyse"]
    assert "there is nothing to show" in say(analysis.findings[1])


def test_another_platform_is_told(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    matrix = pl.read_csv(tmp_path / "validation-expression.csv")
    first = pl.col("gene").is_in([f"G{i:03d}" for i in range(PLANTED)])
    samples = [name for name in matrix.columns if name != "gene"]
    moved = matrix.with_columns(pl.when(first).then(pl.col(samples) + 4).otherwise(pl.col(samples)))
    moved.write_csv(tmp_path / "validation-expression.csv")
    prepared = prepare(path)
    assert prepared.signature is not None
    context = with_signatures(prepared.context, prepared.signature, tmp_path)
    assert "signature_moved" in named(KIND.run(second(context), PredictionOptions(), "it"))


def test_planted_genes_are_counted(context: Context) -> None:
    assert context.laboratory is not None
    assert context.laboratory.taught is not None
    locked = set(context.laboratory.taught.signatures["responder"].genes)
    planted = {f"G{i:03d}" for i in range(PLANTED)}
    analysis = KIND.run(context, PredictionOptions(truth="planted.csv"), "it")
    (truth,) = [each.rows for each in analysis.outputs if each.name == "prediction_truth"]
    counts = dict(truth.select("measure", "estimate").rows())
    assert counts["found"] == len(locked & planted)
    assert counts["missed"] + counts["found"] == counts["planted"] == PLANTED
    assert counts["locked, not planted"] == len(locked - planted)
    (genes,) = [each.rows for each in analysis.outputs if each.name == "prediction_genes"]
    rows = genes.filter(pl.col("measure") == "gene")
    assert set(rows["level"]) == locked
    assert set(rows.filter(pl.col("state") == "planted")["level"]) == locked & planted
    assert rows["estimate"].abs().to_list() == sorted(rows["estimate"].abs(), reverse=True)
    assert genes["statistic"].is_between(0, 1).all()


def test_the_whole_study_reads_as_a_report_and_holds_no_patient(results: Results) -> None:
    text = to_json(results)
    assert not [one for one in (f"V{i:03d}" for i in range(90)) if f'"{one}"' in text]
    assert not [one for one in (f"W{i:03d}" for i in range(60)) if f'"{one}"' in text]
    document = build(results)
    captions = [each.caption for each in document.tables]
    assert any(caption.startswith("Performance out of fold") for caption in captions)
    assert any(caption.startswith("Performance by the locked") for caption in captions)
    for figure in document.figures:
        assert not {"None", "nan"} & set(figure.alt.replace("%", " ").split()), figure.alt
        figure.draw()
    for output in (each for analysis in results.analyses for each in analysis.outputs):
        assert output.rows.columns == list(COLUMNS)
        for column in ("estimate", "low", "high", "p"):
            assert not output.rows[column].is_nan().any()


def test_what_is_attached_is_what_scored_the_others(results: Results) -> None:
    content = json.loads(results.attachments["signatures/responder.json"])
    hashed = content.pop("hash")
    assert Signature(File.model_validate(content)).hash == hashed
    (first,) = [each for each in results.analyses if each.kind == "prediction" and not each.cohort]
    targets: Any = first.outputs[0].facts["targets"]
    assert [each["hash"] for each in targets] == [hashed]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ('signature = "responders"', 'no signature of "responders"'),
        ('signature = ["responder", "responder"]', "named twice"),
        ("where = \"site = 'north'\"", "all patients they were learned from"),
        ('truth = "none.csv"', "none.csv cannot be read"),
        ('truth = "patients.csv"', "no column drug and no column gene"),
    ],
)
def test_wrong_options_are_told(tmp_path: Path, options: str, message: str) -> None:
    problems = check(write_study(tmp_path, analyses=f"{ONE}{options}"))
    assert len(problems) == 1, problems
    assert message in str(problems[0])


def test_a_wrong_condition_is_told_at_its_place(tmp_path: Path) -> None:
    path = write_study(tmp_path, analyses=f'{ONE}cohort = "validation"\nwhere = "nothing = 1"')
    (problem,) = check(path)
    assert problem.where == "analysis 1 (prediction).where"


def test_a_study_without_a_signature_is_told(tmp_path: Path) -> None:
    path = write_study(tmp_path, analyses=ONE)
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[signature]"), text.index("[validation]")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    (problem,) = check(path)
    assert "the study has no signature" in problem.message


def test_the_second_cohort_knows_the_first(tmp_path: Path) -> None:
    prepared = prepare(write_study(tmp_path))
    (planned,) = [
        each
        for each in prepared.analyses
        if each.kind.name == "prediction" and each.options.cohort == "validation"  # type: ignore[attr-defined]
    ]
    there = context_of(planned, prepared.context)
    assert there is not None
    assert there.first is prepared.context
    assert len(there.cohort.frame) == 60


def test_a_locked_file_in_place_of_learning_is_judged_as_in_other_patients(tmp_path: Path) -> None:
    added = '[[analysis]]\nkind = "added_value"\nendpoint = "os"\nbeyond = ["age"]\nbootstrap = 0'
    path = write_study(tmp_path, analyses=f'{ONE}truth = "planted.csv"\n{added}')
    first = run(path)
    (tmp_path / "locked.json").write_bytes(first.attachments["signatures/responder.json"])
    text = path.read_text(encoding="utf-8")
    locked = text.replace(
        'column = "responder"', 'column = "responder"\nlocked = { responder = "locked.json" }'
    )
    path.write_text(locked, encoding="utf-8")
    results = run(path)
    analysis, value_of_score = results.analyses
    (told,) = [each for each in value_of_score.findings if each.name == "score_is_locked"]
    assert "learned from these very patients" in say(told)
    assert analysis.outputs[0].facts["predictions"] == "same patients"
    (limits,) = [each for each in analysis.findings if each.name == "limits_of_predictions"]
    assert limits.severity == "warning"
    assert "too good" in say(limits)
    assert not results.attachments
    names = {each.name for each in analysis.outputs}
    assert {"prediction_genes", "prediction_truth", "prediction_transport"} <= names
    assert {"signature_applied"} <= {each.name for each in analysis.methods}
    assert not {each.name for each in analysis.methods} & {"signature_learned", "stability_method"}
    document = build(results)
    assert any("by the locked signatures" in each.caption for each in document.tables)
