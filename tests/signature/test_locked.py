"""The locked file: the same numbers back, no change unnoticed, one patient like a thousand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError, StudyProblems
from remission.expression.matrix import Expression
from remission.signature.combine import combine_scores
from remission.signature.learn import learn_signature
from remission.signature.locked import Signature, read_signature
from remission.signature.schema import hash_of
from remission.signature.transport import recalibrate
from remission.signature.validate import validate_signature
from tests.signature.matrices import classes, matrix

TRUE = matrix(120, 90, planted=10, shift=1.5)


def learned(kind: Any = "quantile", **more: Any) -> Signature:
    how: dict[str, Any] = {"folds": 5, "repeats": 2, "inner_folds": 3, "sizes": (10,), "permutations": 0}
    how |= {"model": "shrunken centroids", "drug": "prednisolone", "reference": kind, **more}
    return learn_signature(TRUE, classes(TRUE), **how).signature


QUANTILE = learned()
BY_KIND = {"quantile": QUANTILE, "rank": learned("rank"), "none": learned("none", model="mean z")}


@pytest.mark.parametrize("kind", list(BY_KIND))
@settings(max_examples=30)
@given(data=st.data())
def test_one_patient_gets_the_same_alone_and_in_any_batch(kind: str, data: st.DataObject) -> None:
    signature = BY_KIND[kind]
    size = data.draw(st.integers(1, 12))
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    values = rng.normal(8, 2, size=(120, size)).round(data.draw(st.integers(0, 6)))
    order = rng.permutation(120)
    batch = Expression(tuple(np.array(TRUE.genes)[order]), tuple(f"p{i}" for i in range(size)), values[order])
    together = signature.score(batch)
    who = data.draw(st.integers(0, size - 1))
    alone = signature.score(batch.samples_only([f"p{who}"]))
    assert alone.patients[0] == together.patients[who]
    turned = Expression(TRUE.genes, batch.samples, values)
    assert signature.score(turned).patients[who] == together.patients[who]


def test_a_score_is_the_sum_it_says(tmp_path: Path) -> None:
    signature = BY_KIND["none"]
    s = signature.file.score
    patient = TRUE.samples_only(["s7"])
    x = patient.genes_only(s.genes).values[:, 0]
    by_hand = s.intercept + sum(
        w * (v - c) / d for w, v, c, d in zip(s.weights, x, s.centre, s.spread, strict=True)
    )
    found = signature.score(patient).patients[0]
    assert found.score == pytest.approx(by_hand, rel=1e-12)
    c = signature.file.calibration
    assert c is not None
    assert found.probability == pytest.approx(1 / (1 + np.exp(-(c.intercept + c.slope * by_hand))))
    assert found.low < found.probability < found.high
    assert found.call == "resistant"


def test_written_and_read_it_is_the_same(tmp_path: Path) -> None:
    for kind, signature in BY_KIND.items():
        path = signature.save(tmp_path / f"{kind}.json")
        again = read_signature(path)
        assert again == signature
        assert again.hash == signature.hash == json.loads(path.read_text())["hash"]
        assert again.score(TRUE).patients == signature.score(TRUE).patients
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(f"{kind}.json" for kind in BY_KIND)


def test_no_patient_is_in_the_file() -> None:
    content = json.dumps(QUANTILE.file.model_dump(mode="json"))
    assert '"s7"' not in content


@pytest.mark.parametrize(
    "where", [("score", "intercept"), ("missing", "least_weight"), ("cutoffs", "probability")]
)
def test_a_change_is_noticed(tmp_path: Path, where: tuple[str, str]) -> None:
    path = QUANTILE.save(tmp_path / "s.json")
    content = json.loads(path.read_text())
    content[where[0]][where[1]] = 0.123
    path.write_text(json.dumps(content))
    with pytest.raises(StudyProblems, match="changed after it was locked"):
        read_signature(path)


def wrong(tmp_path: Path, change: Any, *, rehash: bool = True) -> Path:
    content = json.loads(QUANTILE.save(tmp_path / "s.json").read_text())
    change(content)
    if rehash:
        content["hash"] = hash_of(content)
    (tmp_path / "s.json").write_text(json.dumps(content))
    return tmp_path / "s.json"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(version=2), "version 2 of the format"),
        (lambda c: c.update(format="other"), "no signature of remission"),
        (lambda c: c.update(extra=1), "extra"),
        (lambda c: c["score"]["weights"].pop(), "one weight"),
        (lambda c: c["score"]["spread"].__setitem__(0, 0.0), "greater than 0"),
        (lambda c: c["score"]["weights"].__setitem__(0, "1"), "valid number"),
        (lambda c: c["missing"].update(least_weight=2.0), "less than or equal to 1"),
        (lambda c: c["reference"].pop("kind"), "reference"),
        (lambda c: c["score"]["genes"].__setitem__(0, "ZZZ"), "do not fit together"),
        (lambda c: c.pop("missing"), "Field required"),
        (lambda c: c["seen"]["score_quantiles"].pop(), "one score and one distance per quantile"),
        (lambda c: c["seen"]["quantiles"].__setitem__(-1, 0.9), "one score and one distance per quantile"),
    ],
)
def test_files_that_are_none_are_refused_in_words(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(StudyProblems, match=message):
        read_signature(wrong(tmp_path, change))


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '{"format": NaN}', "\x00"])
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(StudyProblems):
        read_signature(tmp_path / "x.json")


def test_missing_genes_are_told_imputed_and_in_the_end_refused() -> None:
    s = BY_KIND["none"].file.score
    one = [name for name in TRUE.genes if name != s.genes[0]]
    found = BY_KIND["none"].score(TRUE.genes_only(one)).patients[0]
    assert found.missing == (s.genes[0],)
    assert found.coverage_count == pytest.approx(1 - 1 / len(s.genes))
    assert "missing" in found.warnings[0]
    x = TRUE.genes_only(s.genes).values[:, 0].copy()
    x[0] = s.centre[0]
    assert found.score == pytest.approx(
        s.intercept
        + sum(w * (v - c) / d for w, v, c, d in zip(s.weights, x, s.centre, s.spread, strict=True))
    )
    half = [name for name in TRUE.genes if name not in set(s.genes[: len(s.genes) // 2])]
    with pytest.raises(StudyProblems, match=r"lack too many of its \d+ genes") as told:
        BY_KIND["none"].score(TRUE.genes_only(half))
    assert told.value.problems[0].ids == TRUE.samples
    with pytest.raises(StudyProblems, match="genes its scale is made of"):
        QUANTILE.score(TRUE.genes_only(QUANTILE.genes))


def test_a_strange_patient_is_told() -> None:
    values = TRUE.values[:, :1].copy()
    place = [TRUE.genes.index(name) for name in BY_KIND["none"].genes]
    values[place] += 9
    found = BY_KIND["none"].score(Expression(TRUE.genes, ("odd",), values)).patients[0]
    assert set(found.outside) == set(BY_KIND["none"].genes)
    assert any("further" in each for each in found.warnings)
    assert any("outside the range" in each for each in found.warnings)
    counts = Expression(TRUE.genes, ("c",), np.ones((120, 1)), "counts")
    with pytest.raises(InputError, match='learned on the scale "log2"'):
        QUANTILE.score(counts)


def test_transport_finds_the_shift_that_was_made() -> None:
    signature = BY_KIND["none"]
    fresh = matrix(120, 90, planted=10, shift=1.5, seed=5)
    still = signature.transport(fresh)
    assert still.scored
    assert still.overall_shift < 0.3
    spread = dict(zip(signature.genes, signature.file.score.spread, strict=True))
    moved = fresh.values.copy()
    gene = signature.genes[0]
    moved[fresh.genes.index(gene)] += 2 * spread[gene]
    found = signature.transport(Expression(fresh.genes, fresh.samples, moved))
    assert found.shift[0] - still.shift[0] == pytest.approx(2.0)
    assert found.score_shift - still.score_shift == pytest.approx(2 * signature.file.score.weights[0])
    assert any("shifted by more than 1" in each for each in found.warnings)
    assert found.frame().height == len(signature.genes)
    with pytest.raises(InputError, match="none of the"):
        signature.transport(fresh.genes_only([g for g in fresh.genes if g not in signature.genes]))


def test_patients_without_a_gene_of_the_signature_are_neither_near_nor_far() -> None:
    signature = BY_KIND["none"]
    values = TRUE.values[:, 50:54].copy()
    values[:, 0] += 9
    values[:, 2:] = np.nan
    found = signature.transport(Expression(TRUE.genes, TRUE.samples[:4], values))
    assert found.far == 0.5
    nobody = signature.transport(Expression(TRUE.genes, TRUE.samples[2:4], values[:, 2:]))
    assert np.isnan(nobody.far)
    with pytest.raises(InputError, match="no samples"):
        signature.transport(Expression(TRUE.genes, (), values[:, :0]))


def test_recalibration_moves_probabilities_only_and_names_its_parent(tmp_path: Path) -> None:
    fresh = matrix(120, 300, planted=10, shift=0.8, seed=6)
    signature = BY_KIND["none"]
    new = recalibrate(signature, fresh, classes(fresh), source="another hospital")
    assert new.file.parent is not None
    assert new.file.parent.hash == signature.hash != new.hash
    assert new.file.score == signature.file.score
    np.testing.assert_array_equal(new.score(fresh).scores, signature.score(fresh).scores)
    after = validate_signature(new, fresh, truth=classes(fresh))
    assert after.calibration is not None
    assert after.calibration.slope.estimate == pytest.approx(1, abs=1e-6)
    assert after.calibration.intercept.estimate == pytest.approx(0, abs=1e-6)
    assert read_signature(new.save(tmp_path / "n.json")) == new
    moved = recalibrate(signature, fresh, classes(fresh), slope=False)
    assert moved.file.calibration is not None
    assert signature.file.calibration is not None
    assert moved.file.calibration.slope == signature.file.calibration.slope


def test_validation_counts_and_fits_nothing() -> None:
    fresh = matrix(120, 120, planted=10, shift=1.5, seed=8)
    rng = np.random.default_rng(1)
    resistant = np.arange(120) < 40
    time, event = rng.exponential(size=120) / np.exp(1.2 * resistant), rng.uniform(size=120) < 0.7
    found = validate_signature(QUANTILE, fresh, truth=classes(fresh), time=time, event=event)
    assert found.main is not None
    assert found.main.estimate > 0.9
    assert found.hazard is not None
    assert found.hazard.coefficients[0] > 0
    assert found.concordance is not None
    assert found.concordance.estimate > 0.5
    assert found.rows().height > 8
    assert found.classes is not None
    called = [each.call == "resistant" for each in QUANTILE.score(fresh)]
    assert found.classes.true_positive == (np.array(called) & resistant).sum()
    with pytest.raises(InputError, match="truth by sample"):
        validate_signature(QUANTILE, fresh)


def test_scores_of_drugs_are_combined() -> None:
    fresh = matrix(120, 20, planted=10, shift=1.5, seed=9)
    scores = {"P": QUANTILE.score(fresh), "V": BY_KIND["rank"].score(fresh.samples_only(fresh.samples[:15]))}
    both = {"P": QUANTILE, "V": BY_KIND["rank"]}
    calls = combine_scores(scores, "sum of calls", signatures=both, cutoffs=(3, 4))
    first = [(2 if s.patients[0].call == "resistant" else 1) for s in scores.values()]
    assert calls.value[0] == sum(first)
    assert np.isnan(calls.value[15:]).all()
    assert calls.group[19] is None
    assert calls.group[0] == {2: "low", 3: "intermediate", 4: "high"}[sum(first)]
    posteriors = combine_scores(scores, "sum of posteriors", absent="mean of known")
    assert posteriors.value[0] == pytest.approx(sum(s.probabilities[0] for s in scores.values()))
    assert posteriors.value[19] == pytest.approx(2 * scores["P"].probabilities[19])
    z = combine_scores(scores, "mean z", signatures=both)
    assert np.isfinite(z.value[:15]).all()
    assert z.frame().height == 20
    with pytest.raises(InputError, match="cut-offs rise"):
        combine_scores(scores, "sum of posteriors", cutoffs=(2, 1))
    with pytest.raises(InputError, match="signature of every drug"):
        combine_scores(scores, "mean z")


def test_the_wide_table_holds_what_was_found() -> None:
    frame = QUANTILE.score(TRUE.samples_only(TRUE.samples[:3])).frame()
    assert frame["use"].to_list() == ["research only"] * 3
    assert frame["coverage_weight"].to_list() == [1.0] * 3
    nobody = QUANTILE.score(Expression(TRUE.genes, (), np.empty((120, 0)))).frame()
    assert nobody.schema == frame.schema
    assert not nobody.height
