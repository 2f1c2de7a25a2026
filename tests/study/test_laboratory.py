"""Studies with a laboratory: what is read, matched and refused, and what the score columns hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from remission.core.problems import StudyProblems
from remission.demo.drug.model import Model
from remission.demo.drug.simulate import simulate
from remission.signature.learned import Null
from remission.study.laboratory.prepare import with_signatures
from remission.study.prepare import Prepared, check, prepare
from remission.study.run import run

SMALL = Model(discovery=50, validation=30, genes=300, subtype_genes=10)
CUTOFFS = """name = "t"
title = "T"
version = "1"
[drug.vincristine]
unit = "µg/mL"
sensitive = "<= 0.6"
resistant = "> 0.6"
[drug.prednisolone]
unit = "µg/mL"
sensitive = "<= 1"
resistant = "> 5"
"""
HEAD = """schema = 1
[study]
title = "Laboratory"
seed = 1
[cohort]
file = "patients.csv"
id = "patient"
time_zero = "diagnosis_date"
baseline = ["sex", "age", "white_cells", "subtype"]
[columns]
sex = { kind = "category", levels = ["female", "male"] }
white_cells = { kind = "number" }
[derived]
boy = { condition = "sex = 'male'" }
[endpoints]
os = { definition = "overall-survival", death = "death_date", last = "last_contact" }
[endpoints.relapse]
definition = "relapse-incidence"
relapse = "relapse_date"
death = "death_date"
last = "last_contact"
never_cr = "first-recorded-progression"
"""
RESPONSE = (
    '[response]\nplates = "plates.csv"\ncutoffs = "cutoffs.toml"\ndrugs = ["vincristine", "prednisolone"]\n'
)
EXPRESSION = '[expression]\nfile = "expression.csv.gz"\n'
FAST = """model = "shrunken centroids"
sizes = [5, 15]
folds = 3
repeats = 1
inner_folds = 2
permutations = 0
jobs = 1
"""
VALIDATION = '[validation]\nfile = "validation.csv"\nexpression = "validation-expression.csv.gz"\n'
ENDS = '[[analysis]]\nkind = "curves"\nendpoint = "os"\n'


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {**simulate(SMALL), "cutoffs.toml": CUTOFFS.encode()}


@pytest.fixture
def folder(files: dict[str, bytes], tmp_path: Path) -> Path:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def written(folder: Path, *parts: str) -> Path:
    path = folder / "study.toml"
    path.write_text("".join((HEAD, *parts, ENDS)), encoding="utf-8")
    return path


def taught(prepared: Prepared) -> Prepared:
    from dataclasses import replace  # noqa: PLC0415

    assert prepared.signature is not None
    folder = prepared.text.path.parent
    return replace(prepared, context=with_signatures(prepared.context, prepared.signature, folder))


def test_response_becomes_columns_known_at_time_zero(folder: Path) -> None:
    cohort = prepare(written(folder, RESPONSE)).context.cohort
    for drug in ("vincristine", "prednisolone"):
        assert cohort.columns[f"{drug}_class"].levels == ("sensitive", "intermediate", "resistant")
        assert cohort.columns[f"{drug}_class"].known_at is not None
        assert cohort.columns[f"{drug}_lc50"].unit == "µg/mL"
    known = cohort.frame["vincristine_lc50"].drop_nulls()
    assert 0 < len(known) <= cohort.frame.height
    bracketed = cohort.frame.filter(pl.col("vincristine_lc50").is_not_null())
    expected = np.where(bracketed["vincristine_lc50"] <= 0.6, "sensitive", "resistant")
    assert bracketed["vincristine_class"].to_list() == expected.tolist()
    assert "asparaginase_class" not in cohort.columns


def test_the_table_of_the_command_is_read_as_the_plates_are(folder: Path) -> None:
    from remission.response.doseresponse import dose_response  # noqa: PLC0415
    from remission.study.tables import to_csv  # noqa: PLC0415

    (folder / "lc50.csv").write_bytes(to_csv(dose_response(folder / "plates.csv").rows()))
    plates = prepare(written(folder, RESPONSE)).context.cohort.frame
    table = prepare(written(folder, RESPONSE.replace('plates = "plates.csv"', 'lc50 = "lc50.csv"')))
    assert table.context.cohort.frame.equals(plates)


def test_several_drugs_make_one_score_and_groups(folder: Path) -> None:
    made = taught(prepare(written(folder, RESPONSE, EXPRESSION, f"[signature]\n{FAST}", VALIDATION)))
    for context in (made.context, made.context.validation):
        assert context is not None
        frame = context.cohort.frame
        assert set(frame["signature_score"].drop_nulls().to_list()) <= {2.0, 3.0, 4.0}
        group = {2.0: "sensitive", 3.0: "intermediate", 4.0: "resistant"}
        assert frame["signature_group"].to_list() == [group[x] for x in frame["signature_score"]]
        calls = frame.select("vincristine_call", "prednisolone_call").to_numpy()
        score = (calls == "resistant").sum(axis=1) + 2.0
        assert frame["signature_score"].to_list() == score.tolist()


def test_scores_of_the_taught_are_out_of_fold_and_of_others_by_the_locked_file(folder: Path) -> None:
    made = taught(prepare(written(folder, RESPONSE, EXPRESSION, f"[signature]\n{FAST}", VALIDATION)))
    laboratory = made.context.laboratory
    assert laboratory is not None
    assert laboratory.taught is not None
    assert laboratory.expression is not None
    own = laboratory.taught
    assert own.out_of_fold
    again = own.signatures["vincristine"].score(laboratory.expression)
    assert not np.allclose(again.scores, own.scores["vincristine"].scores)
    second = made.context.validation
    assert second is not None
    assert second.laboratory is not None
    assert second.laboratory.taught is not None
    assert second.laboratory.expression is not None
    other = second.laboratory.taught
    assert not other.out_of_fold
    locked = own.signatures["vincristine"].score(second.laboratory.expression)
    np.testing.assert_array_equal(locked.scores, other.scores["vincristine"].scores)


def test_shared_genes_only_unless_all_are_wanted(folder: Path) -> None:
    parts = (RESPONSE, EXPRESSION, f"[signature]\n{FAST}", VALIDATION)
    made = taught(prepare(written(folder, *parts)))
    assert made.context.laboratory is not None
    assert made.context.validation is not None
    assert made.context.validation.laboratory is not None
    second = made.context.validation.laboratory.expression
    assert second is not None
    assert made.context.laboratory.taught is not None
    for signature in made.context.laboratory.taught.signatures.values():
        assert set(signature.file.reference["genes"]) == set(second.genes)
    everything = f'[signature]\ngenes = "all"\n{FAST}'
    made = taught(prepare(written(folder, RESPONSE, EXPRESSION, everything)))
    assert made.context.laboratory is not None
    assert made.context.laboratory.taught is not None
    assert len(made.context.laboratory.taught.signatures["vincristine"].file.reference["genes"]) == 300


def test_a_column_is_predicted_even_where_drugs_were_tested(folder: Path) -> None:
    said = f'[signature]\ncolumn = "boy"\n{FAST}'
    made = taught(prepare(written(folder, RESPONSE, EXPRESSION, said)))
    cohort = made.context.cohort
    assert cohort.columns["signature_group"].levels == ("no", "yes")
    assert made.context.laboratory is not None
    assert made.context.laboratory.taught is not None
    learned = made.context.laboratory.taught.learned["boy"]
    truth = cohort.frame["boy"].cast(pl.Float64).to_list()
    assert learned.target.y.tolist() == truth


def test_the_time_to_an_endpoint_is_predicted(folder: Path) -> None:
    said = f'[signature]\nendpoint = "relapse"\n{FAST.replace("shrunken centroids", "mean z")}'
    made = taught(prepare(written(folder, EXPRESSION, said)))
    assert made.context.cohort.columns["signature_group"].levels == ("low", "intermediate", "high")
    assert made.context.laboratory is not None
    assert made.context.laboratory.taught is not None
    target = made.context.laboratory.taught.learned["relapse"].target
    outcome = made.context.outcomes["relapse"]
    assert target.event.sum() == (outcome.event == "relapse").sum()


def test_locked_files_need_no_learning(folder: Path) -> None:
    first = run(written(folder, RESPONSE, EXPRESSION, f"[signature]\n{FAST}"))
    (folder / "v.json").write_bytes(first.attachments["signatures/vincristine.json"])
    said = '[signature]\nlocked = { vincristine = "v.json" }\n'
    other = HEAD.replace("patients.csv", "validation.csv") + EXPRESSION.replace(
        "expression.csv.gz", "validation-expression.csv.gz"
    )
    path = folder / "other.toml"
    path.write_text(other + said + ENDS, encoding="utf-8")
    with_all = prepare(path)
    made = taught(with_all)
    assert made.context.cohort.frame["signature_score"].null_count() == 0
    assert run(path).attachments == {}
    tampered = (folder / "v.json").read_text(encoding="utf-8").replace('"n": ', '"n": 1', 1)
    (folder / "v.json").write_text(tampered, encoding="utf-8")
    with pytest.raises(StudyProblems, match="changed after it was locked"):
        run(path)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((RESPONSE.replace("plates.csv", "absent.csv"),), "absent.csv cannot be read"),
        ((RESPONSE.replace('plates = "plates.csv"\n', ""),), "say one of plates and lc50"),
        ((RESPONSE.replace("prednisolone", "prednisone"),), "plates.csv has no prednisone"),
        ((RESPONSE.replace("cutoffs.toml", "dcog"),), "confirm"),
        ((EXPRESSION.replace("expression.csv", "absent.csv"),), "absent.csv"),
        ((f"[signature]\n{FAST}",), "what is predicted"),
        ((RESPONSE, f"[signature]\n{FAST}"), "no expression to learn from"),
        ((EXPRESSION, f'[signature]\ncolumn = "nothing"\n{FAST}'), 'no column "nothing"'),
        ((EXPRESSION, f'[signature]\ncolumn = "age"\n{FAST}'), "age is a number"),
        ((EXPRESSION, f'[signature]\ncolumn = "subtype"\n{FAST}'), "say the level of subtype"),
        ((EXPRESSION, f'[signature]\nendpoint = "efs"\n{FAST}'), 'no endpoint "efs"'),
        ((RESPONSE, EXPRESSION, f'[signature]\ndrugs = ["l-dopa"]\n{FAST}'), "l-dopa was not tested"),
        (
            (RESPONSE, EXPRESSION, f'[signature]\nendpoint = "os"\ncolumn = "boy"\n{FAST}'),
            "one of drugs, column and endpoint",
        ),
        ((EXPRESSION, f'[signature]\nfolds = 2\ncolumn = "boy"\n{FAST.replace("folds = 3", "")}'), "folds"),
    ],
)
def test_what_cannot_be_is_told_before_anything_runs(
    folder: Path, parts: tuple[str, ...], words: str
) -> None:
    told = check(written(folder, *parts))
    assert any(words in f"{problem.message} {problem.repair} {problem.where}" for problem in told), told


ONE_BOY = HEAD.replace("sex = 'male'", "sex = 'male' and age > 1000")
FEW = HEAD.replace("sex = 'male'", "sex = 'male' and white_cells > 70")
BOY = f'[signature]\ncolumn = "boy"\n{FAST}'


@pytest.mark.parametrize(
    ("head", "parts", "words"),
    [
        (ONE_BOY, (EXPRESSION, BOY), "each class needs at least 5 patients to learn from; there are 0 yes"),
        (
            HEAD,
            (RESPONSE.replace("cutoffs.toml", "harsh.toml"), EXPRESSION, f"[signature]\n{FAST}"),
            "prednisolone: each class needs at least 5 patients to learn from; there are 0 resistant",
        ),
        (FEW, (EXPRESSION, BOY), "the smaller class has 5 patients, of whom 1 would be left to tune on"),
        (HEAD, (EXPRESSION, BOY.replace("sizes = [5, 15]", "sizes = [0]")), "sizes are numbers of genes"),
        (HEAD, (EXPRESSION, f"{BOY}permutation_repeats = 2\n"), "at most as many as repeats"),
        (HEAD, (EXPRESSION, f'{BOY}reference = "ratio"\n'), 'counts take "ratio" or "rank"'),
        (
            HEAD,
            (EXPRESSION, f'[signature]\nendpoint = "relapse"\n{FAST}'),
            'for the task "survival" the model must be one of',
        ),
        (HEAD, (EXPRESSION, '[signature]\nlocked = { vincristine = "absent.json" }\n'), "no such file"),
        (
            HEAD,
            (EXPRESSION, '[signature]\ncolumn = "boy"\nlocked = { vincristine = "v.json" }\n'),
            "locked names no file for boy",
        ),
    ],
)
def test_what_cannot_be_learned_is_told_by_checking(
    folder: Path, head: str, parts: tuple[str, ...], words: str
) -> None:
    harsh = CUTOFFS.replace('resistant = "> 5"', 'resistant = "> 1e9"')
    (folder / "harsh.toml").write_text(harsh, encoding="utf-8")
    path = folder / "study.toml"
    path.write_text("".join((head, *parts, ENDS)), encoding="utf-8")
    (problem,) = check(path)
    assert words in f"{problem.where} {problem.message}"
    assert problem.repair


def test_a_locked_file_that_cannot_be_read_hides_no_other_problem(folder: Path) -> None:
    (folder / "folder.json").mkdir()
    said = '[signature]\nlocked = { vincristine = "folder.json", prednisolone = "absent.json" }\n'
    told = [str(each) for each in check(written(folder, RESPONSE, EXPRESSION, said))]
    assert len(told) == 2
    assert any("folder.json cannot be read" in each for each in told)
    assert any("absent.json: there is no such file" in each for each in told)


def test_a_signature_that_is_refused_is_not_said_to_be_absent(folder: Path) -> None:
    judged = '[[analysis]]\nkind = "prediction"\n'
    judged += '[[analysis]]\nkind = "added_value"\nendpoint = "relapse"\nbeyond = ["age"]\n'
    for parts in ((EXPRESSION, '[signature]\nendpoint = "relaps"\n'), (BOY,)):
        path = folder / "study.toml"
        path.write_text("".join((HEAD, *parts, ENDS, judged)), encoding="utf-8")
        told = {each.where: str(each) for each in check(path)}
        assert "signature" in told
        for kind in ("prediction", "added_value"):
            assert any(
                kind in where and "could not be made out. Correct first what is told of [signature]" in text
                for where, text in told.items()
            ), told


def test_locked_files_decide_which_drugs_are_predicted(folder: Path) -> None:
    """Drugs that were tested too, but have no file, are not predicted."""
    first = run(written(folder, RESPONSE, EXPRESSION, f"[signature]\n{FAST}"))
    (folder / "v.json").write_bytes(first.attachments["signatures/vincristine.json"])
    said = '[signature]\nlocked = { vincristine = "v.json" }\n'
    made = taught(prepare(written(folder, RESPONSE, EXPRESSION, said)))
    assert made.context.cohort.frame["signature_score"].null_count() == 0
    assert made.context.laboratory is not None
    assert made.context.laboratory.targets == ("vincristine",)


def test_what_can_be_learned_is_not_asked_while_patients_are_wrong(folder: Path) -> None:
    patients = pl.read_csv(folder / "patients.csv").with_columns(pl.lit("?").alias("sex"))
    patients.write_csv(folder / "patients.csv")
    told = check(written(folder, EXPRESSION, BOY))
    assert told
    assert not [each for each in told if each.where == "signature"]


def test_ids_that_differ_are_told_with_both_spellings(folder: Path) -> None:
    import gzip  # noqa: PLC0415

    text = gzip.decompress((folder / "expression.csv.gz").read_bytes()).decode()
    (folder / "m.csv").write_text(text.replace("SIM-D001", "sim_d1", 1))
    told = check(written(folder, EXPRESSION.replace("expression.csv.gz", "m.csv")))
    (problem,) = told
    assert problem.ids == ("SIM-D001",)
    assert "sim_d1" in problem.message


def test_files_and_decisions_stand_in_the_provenance(folder: Path) -> None:
    results = run(written(folder, RESPONSE, EXPRESSION))
    assert set(results.provenance.files) == {"plates.csv", "expression.csv.gz"}
    assert all(len(digest) == 64 for digest in results.provenance.files.values())
    assert any("expression.csv.gz: Scale: log2" in note for note in results.provenance.notes)


def test_learning_alone_gives_the_signature_that_running_gives(folder: Path) -> None:
    """Both learn from the genes that the second cohort has too."""
    from remission.study.laboratory.learning import learn  # noqa: PLC0415

    drugs = RESPONSE.replace(', "prednisolone"', "")
    path = written(folder, drugs, EXPRESSION, f"[signature]\n{FAST}", VALIDATION)
    alone = learn(path).taught.signatures["vincristine"]
    laboratory = taught(prepare(path)).context.laboratory
    assert laboratory is not None
    assert laboratory.taught is not None
    assert alone.file.score == laboratory.taught.signatures["vincristine"].file.score
    assert alone.file.reference == laboratory.taught.signatures["vincristine"].file.reference
    second = pl.read_csv(folder / "validation-expression.csv.gz")
    assert set(alone.file.reference["genes"]) <= set(second[second.columns[0]])


def test_a_sample_without_values_is_told_before_anything_is_learned(folder: Path) -> None:
    matrix = pl.read_csv(folder / "expression.csv.gz")
    name = matrix.columns[5]
    matrix.with_columns(pl.lit(None).alias(name)).write_csv(folder / "expression.csv")
    declared = EXPRESSION.replace(".gz", "")
    problems = check(written(folder, RESPONSE, declared, f"[signature]\n{FAST}"))
    assert [each.ids for each in problems] == [(name,)]


def test_genes_in_several_rows_take_the_rule_of_the_study(folder: Path) -> None:
    matrix = pl.read_csv(folder / "expression.csv.gz")
    pl.concat([matrix, matrix.head(2)]).write_csv(folder / "expression.csv")
    declared = EXPRESSION.replace(".gz", "")
    (problem,) = check(written(folder, RESPONSE, declared))
    assert "2 genes stand in several rows" in problem.message
    assert check(written(folder, RESPONSE, f'{declared}duplicates = "mean"\n')) == ()


def test_what_could_not_be_read_is_not_said_to_be_absent(folder: Path) -> None:
    (folder / "expression.csv").write_text("gene,a\n", encoding="utf-8")
    asked = '[[analysis]]\nkind = "genes"\n'
    problems = check(written(folder, RESPONSE, '[expression]\nfile = "expression.csv"\n', asked))
    assert [each.message for each in problems][1:] == ["the gene expression could not be read"]


def test_each_shuffle_is_learned_as_often_as_the_study_says(folder: Path) -> None:
    fast = FAST.replace("repeats = 1", "repeats = 3").replace("permutations = 0", "permutations = 2")
    drugs = RESPONSE.replace(', "prednisolone"', "")

    def null_of(more: str) -> Null:
        made = taught(prepare(written(folder, drugs, EXPRESSION, f"[signature]\n{fast}{more}")))
        assert made.context.laboratory is not None
        assert made.context.laboratory.taught is not None
        found = made.context.laboratory.taught.learned["vincristine"]
        assert found.null is not None
        assert found.null.observed == pytest.approx(found.by_repeat[: found.null.repeats].mean())
        return found.null

    assert null_of("").repeats == 1
    assert null_of("permutation_repeats = 3\n").repeats == 3
