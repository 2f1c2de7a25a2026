"""Honest prediction: noise gives one half, leaks are caught, planted genes are found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.assess.calibration import calibration
from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.reference import learn_reference
from remission.signature import workers
from remission.signature.centroids import centroid_path
from remission.signature.elasticnet import linear_path, logistic_path
from remission.signature.folds import fold_of
from remission.signature.learn import learn_signature
from remission.signature.models import MODELS, model_of
from remission.signature.nested import out_of_fold, statistic
from remission.signature.pipeline import Plan, fit, platt
from remission.signature.scale import scaler
from remission.signature.stability import stability
from remission.signature.strength import moments, spreads, strengths
from remission.signature.target import made_target, read_target
from tests.signature.matrices import classes, matrix

QUICK: dict[str, Any] = {"folds": 5, "repeats": 2, "inner_folds": 3, "sizes": (5, 20), "permutations": 0}


@pytest.mark.parametrize("model", ["shrunken centroids", "elastic net", "linear svm", "mean z"])
def test_noise_predicts_nothing(model: Any) -> None:
    areas = []
    for seed in range(6 if model != "elastic net" else 4):
        noise = matrix(400, 60, seed=seed)
        found = learn_signature(noise, classes(noise), drug="noise", model=model, seed=seed, **QUICK)
        areas.append(found.main.estimate)
    assert abs(np.mean(areas) - 0.5) < 0.1


def test_a_leak_shows_as_prediction_from_noise() -> None:
    """Genes chosen on all patients before the folds: the test above would fail on such a pipeline."""
    areas = []
    for seed in range(4):
        noise = matrix(2000, 60, seed=seed)
        target = read_target(classes(noise), noise.samples, "class")
        everybody = np.ones((1, 60), bool)
        strength = strengths(moments(noise.values.T, np.arange(60)), target, everybody)[0]
        best = [noise.genes[index] for index in np.argsort(-np.abs(strength))[:20]]
        leaked = noise.genes_only(best)
        found = learn_signature(
            leaked,
            classes(noise),
            drug="leak",
            model="shrunken centroids",
            seed=seed,
            reference="none",
            **QUICK,
        )
        areas.append(found.main.estimate)
    assert np.mean(areas) > 0.85


def test_labels_of_unequal_size_do_not_leak_through_the_share_of_the_class() -> None:
    """With intercepts from the share in each fold, noise would rank below one half, repeat after repeat."""
    areas = []
    for seed in range(8):
        noise = matrix(50, 33, seed=seed)
        found = learn_signature(
            noise,
            classes(noise),
            drug="noise",
            model="shrunken centroids",
            seed=seed,
            **{**QUICK, "repeats": 4},
        )
        areas.append(found.main.estimate)
    assert np.mean(areas) > 0.38


@pytest.mark.parametrize("model", ["shrunken centroids", "elastic net", "linear svm", "mean z"])
def test_planted_genes_are_found_and_predict(model: Any) -> None:
    true = matrix(300, 90, planted=10, shift=1.5)
    found = learn_signature(true, classes(true), drug="true", model=model, **{**QUICK, "sizes": (5, 10)})
    assert found.main.estimate > 0.9
    share = np.mean([name in {f"g{i}" for i in range(10)} for name in found.signature.genes])
    assert share > 0.7
    assert found.stability.nogueira > 0.5
    assert found.classes is not None
    assert found.classes.accuracy.estimate > 0.8
    assert "permutation" not in found.summary()
    assert found.rows().height >= 8


def test_the_value_and_the_time_are_predicted() -> None:
    true = matrix(200, 80, seed=3)
    rng = np.random.default_rng(4)
    driver = true.values[:5].mean(axis=0)
    value = {name: float(x) for name, x in zip(true.samples, driver + rng.normal(0, 0.15, 80), strict=True)}
    for model in ("elastic net", "linear svm", "mean z"):
        found = learn_signature(true, value, drug="log LC50", task="value", model=model, **QUICK)
        assert found.main.estimate > 0.6
        assert found.error is not None
        assert found.error.low < found.error.estimate < found.error.high
    time = rng.exponential(size=80) / np.exp(3 * (driver - 8))
    outcome = {
        name: (float(t), bool(i % 4)) for i, (name, t) in enumerate(zip(true.samples, time, strict=True))
    }
    found = learn_signature(true, outcome, drug="relapse", task="survival", model="mean z", **QUICK)
    assert found.main.estimate > 0.6
    assert found.signature.file.cutoffs.names == ["low", "intermediate", "high"]


def test_the_same_seed_gives_the_same_answer_on_one_or_two_workers() -> None:
    true = matrix(60, 40, planted=5, shift=1.0)
    how: dict[str, Any] = {**QUICK, "permutations": 3, "model": "shrunken centroids", "drug": "x", "seed": 7}
    seen: list[tuple[str, int, int]] = []
    one = learn_signature(true, classes(true), progress=lambda *step: seen.append(step), **how)
    two = learn_signature(true, classes(true), jobs=2, **how)
    np.testing.assert_array_equal(one.scores, two.scores)
    assert one.signature == two.signature
    assert one.null is not None
    assert two.null is not None
    np.testing.assert_array_equal(one.null.values, two.null.values)
    assert seen[:2] == [("cross-validation", 1, 10), ("cross-validation", 2, 10)]
    assert seen[-1] == ("permutations", 3, 3)


def test_the_intermediate_are_predicted_but_never_learned_from() -> None:
    true = matrix(80, 60, planted=8, shift=1.5)
    known = classes(true)
    for name in true.samples[15:25]:
        known[name] = "intermediate"
    base = learn_signature(true, known, drug="x", model="shrunken centroids", **QUICK)
    values = true.values.copy()
    values[:, 15:25] += 100.0  # nobody may notice
    moved = Expression(true.genes, true.samples, values)
    again = learn_signature(moved, known, drug="x", model="shrunken centroids", **QUICK)
    rest = [index for index in range(60) if not 15 <= index < 25]
    np.testing.assert_array_equal(base.scores[rest], again.scores[rest])
    assert np.isfinite(base.scores[15:25]).all()
    assert any('10 of class "intermediate"' in note for note in base.notes)
    assert base.main.n == 50


@pytest.mark.parametrize("kind", ["none", "rank", "quantile"])
def test_a_held_out_patient_changes_no_model_that_predicts_him(kind: Any) -> None:
    """Whatever his values, the model of the fold that he is out of stays the same."""
    true = matrix(80, 45, planted=8, shift=1.2)
    target = read_target(classes(true), true.samples, "class")
    plan = Plan(model_of("shrunken centroids", "class"), (5, 20), 3, 0.8, "sam")
    learning = np.arange(1, 45)
    values = true.values.copy()
    values[:, 0] = values[::-1, 0] * 3
    fits = []
    for data in (true, Expression(true.genes, true.samples, values)):
        scaled = scaler(data, kind).matrix(learning)
        fits.append(fit(scaled, learning, target, plan, np.random.default_rng(1)))
    np.testing.assert_array_equal(fits[0].weights, fits[1].weights)
    np.testing.assert_array_equal(fits[0].genes, fits[1].genes)
    np.testing.assert_array_equal(fits[0].mapping, fits[1].mapping)


@pytest.mark.parametrize("kind", ["none", "rank", "quantile", "ratio"])
def test_the_fast_scale_is_that_of_the_reference(kind: Any) -> None:
    rng = np.random.default_rng(2)
    counts = rng.poisson(50, size=(30, 12)).astype(float) + 1
    values = counts if kind == "ratio" else rng.normal(8, 1, size=(30, 12)).round(1)
    if kind != "ratio":
        values[rng.uniform(size=values.shape) < 0.1] = np.nan
    data = Expression(
        tuple(f"g{i}" for i in range(30)),
        tuple(f"s{i}" for i in range(12)),
        values,
        "counts" if kind == "ratio" else "log2",
    )
    learning = np.arange(8)
    slow = learn_reference(data.samples_only(data.samples[:8]), kind).apply(data.values, data.genes).T
    np.testing.assert_allclose(scaler(data, kind).matrix(learning), slow, rtol=1e-12)


def test_the_elastic_net_satisfies_its_conditions() -> None:
    """The subgradient conditions of the optimum, at every penalty, for both losses."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(60, 12))
    y = (x[:, 0] + rng.normal(size=60) > 0.7).astype(float)
    n, mixing, shares = 60, 0.5, (0.8, 0.3, 0.1)
    weight = np.where(y == 1, n / (2 * y.sum()), n / (2 * (n - y.sum())))
    largest = np.abs(x.T @ (weight * (y - 0.5))).max() / n / mixing
    for column, share in zip(logistic_path(x, y, shares, mixing).T, shares, strict=True):
        b, b0 = column[:-1], column[-1]
        chance = 1 / (1 + np.exp(-(b0 + x @ b)))
        slope = x.T @ (weight * (chance - y)) / n + share * largest * (1 - mixing) * b
        assert weight @ (chance - y) == pytest.approx(0, abs=1e-3)
        np.testing.assert_allclose(slope[b != 0], -share * largest * mixing * np.sign(b[b != 0]), atol=1e-3)
        assert (np.abs(slope[b == 0]) <= share * largest * mixing + 1e-3).all()
    value = x @ rng.normal(size=12)
    top = np.abs(x.T @ (value - value.mean())).max() / n / mixing
    for column, share in zip(linear_path(x, value, shares, mixing).T, shares, strict=True):
        b, b0 = column[:-1], column[-1]
        slope = x.T @ (b0 + x @ b - value) / n + share * top * (1 - mixing) * b
        np.testing.assert_allclose(slope[b != 0], -share * top * mixing * np.sign(b[b != 0]), atol=1e-3)


def test_shrunken_centroids_by_hand() -> None:
    """At threshold 0 the posterior log odds are the difference of standardised squared distances."""
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(20, 4)), np.repeat([0.0, 1.0], 10)
    x[y == 1, 0] += 2
    plain, shrunk = centroid_path(x, y, (0.0, 0.6)).T
    low, high = x[y == 0].mean(axis=0), x[y == 1].mean(axis=0)
    pooled = np.sqrt((((x[y == 0] - low) ** 2).sum(axis=0) + ((x[y == 1] - high) ** 2).sum(axis=0)) / 18)
    scale = pooled + np.median(pooled)
    new = rng.normal(size=4)
    odds = (((new - low) ** 2 - (new - high) ** 2) / scale**2).sum() / 2
    assert new @ plain[:-1] + plain[-1] == pytest.approx(odds)
    mean = x.mean(axis=0)
    d = (high - mean) / (np.sqrt(1 / 10 - 1 / 20) * scale)
    kept = np.abs(d) > 0.6 * np.abs(d).max()
    assert ((shrunk[:-1] != 0) == kept).all()
    left = np.sign(d) * np.maximum(np.abs(d) - 0.6 * np.abs(d).max(), 0) * np.sqrt(1 / 20) * scale
    np.testing.assert_allclose(shrunk[:-1], 2 * left / scale**2)


def test_posteriors_of_shrunken_centroids_come_true_where_their_model_holds() -> None:
    rng = np.random.default_rng(8)
    y = (rng.uniform(size=40_000) < 0.5).astype(float)
    x = rng.normal(size=(40_000, 3)) + 0.6 * y[:, None]
    # the scale is s + s0 = 2 s here, so the log odds are a quarter of the right ones
    b = centroid_path(x[:20_000], y[:20_000], (0.0,))[:, 0]
    odds = 4 * (x[20_000:] @ b[:-1] + b[-1])
    found = calibration(1 / (1 + np.exp(-odds)), y[20_000:] == 1)
    assert found.slope.estimate == pytest.approx(1, abs=0.06)


def test_strengths_are_the_textbook_statistics() -> None:
    rng = np.random.default_rng(9)
    x = rng.normal(size=(30, 6))
    x[rng.uniform(size=x.shape) < 0.1] = np.nan
    y = np.repeat([0.0, 1.0], [18, 12])
    sets = np.ones((1, 30), bool)
    event = rng.uniform(size=30) < 0.8
    welch = strengths(moments(x, np.arange(30)), made_target("class", y, event, "r", "s", ()), sets, "welch")[
        0
    ]
    value = rng.normal(size=30)
    full = np.where(np.isnan(x), np.nanmean(x, axis=0), x)
    r = strengths(moments(full, np.arange(30)), made_target("value", value, event, "", "", ()), sets)[0]
    for g in range(6):
        a, b = x[y == 1, g], x[y == 0, g]
        a, b = a[~np.isnan(a)], b[~np.isnan(b)]
        t = (a.mean() - b.mean()) / np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b))
        assert welch[g] == pytest.approx(t)
        assert r[g] == pytest.approx(np.corrcoef(full[:, g], value)[0, 1])
    mean, spread, known = spreads(moments(x, np.arange(10)), np.arange(30) < 20)
    np.testing.assert_allclose(mean, np.nanmean(x[:20], axis=0))
    np.testing.assert_allclose(spread, np.nanstd(x[:20], axis=0, ddof=1))
    np.testing.assert_allclose(known, (~np.isnan(x[:20])).mean(axis=0))


def test_the_survival_statistic_is_the_robust_score_test() -> None:
    rng = np.random.default_rng(10)
    x, time, event = (
        rng.normal(size=(50, 3)),
        rng.exponential(size=50).round(1) + 0.1,
        rng.uniform(size=50) < 0.7,
    )
    z = strengths(
        moments(x, np.arange(50)), made_target("survival", time, event, "", "", ()), np.ones((1, 50), bool)
    )[0]
    hazard = np.array(
        [
            sum(((time == t) & event).sum() / (time >= t).sum() for t in np.unique(time) if t <= s)
            for s in time
        ]
    )
    residual = event - hazard
    centred = x - x.mean(axis=0)
    np.testing.assert_allclose(z, residual @ centred / np.sqrt((residual**2) @ centred**2), rtol=1e-9)


@given(st.integers(2, 7), st.lists(st.integers(-1, 3), min_size=12, max_size=60), st.integers(0, 99))
def test_folds_differ_by_one_at_most_in_every_stratum(folds: int, strata: list[int], seed: int) -> None:
    stratum = np.array(strata)
    if (stratum >= 0).sum() < folds:
        return
    fold = fold_of(stratum, folds, np.random.default_rng(seed))
    assert ((fold == -1) == (stratum == -1)).all()
    for members in [stratum >= 0, *(stratum == value for value in range(4))]:
        sizes = np.bincount(fold[members], minlength=folds)
        assert sizes.max() - sizes.min() <= 1


def test_stability_of_equal_and_of_random_lists() -> None:
    genes = [f"g{i}" for i in range(200)]
    same = stability([np.arange(10)] * 5, genes)
    assert (same.nogueira, same.jaccard) == (1.0, 1.0)
    rng = np.random.default_rng(3)
    apart = stability([rng.choice(200, 10, replace=False) for _ in range(50)], genes)
    assert abs(apart.nogueira) < 0.03


def test_platt_finds_the_odds_and_never_turns_a_score_round() -> None:
    rng = np.random.default_rng(4)
    score = rng.normal(size=20_000)
    y = (rng.uniform(size=20_000) < 1 / (1 + np.exp(-(0.5 + 2 * score)))).astype(float)
    np.testing.assert_allclose(platt(score, y), [0.5, 2.0], atol=0.1)
    turned = platt(-score, y)
    assert turned[1] == 0.0
    assert 1 / (1 + np.exp(-turned[0])) == pytest.approx(y.mean())
    assert np.isfinite(platt(np.arange(10.0), np.repeat([0.0, 1.0], 5))).all()


def test_censored_values_are_left_out_or_taken_at_their_bound() -> None:
    samples = [f"s{i}" for i in range(14)]
    answers: dict[str, Any] = {name: float(i) for i, name in enumerate(samples)}
    answers |= {"s0": (None, 1.0), "s1": (2.0, 4.0), "s2": (9.0, None), "s3": None, "ghost": 1.0}
    out = read_target(answers, samples, "value")
    assert np.isnan(out.y[[0, 2, 3]]).all()
    assert out.y[1] == 3.0
    assert any("ghost" in note for note in out.notes)
    bound = read_target(answers, samples, "value", censored="bound")
    assert (bound.y[0], bound.y[2]) == (1.0, 9.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "random forest"}, "the model must be one of"),
        ({"task": "ranks"}, "task must be one of"),
        ({"folds": 99}, "99 folds"),
        ({"reference": "z"}, "reference must be one of"),
        ({"select": "best"}, "select is one of"),
        ({"permutation_repeats": 9}, "permutation_repeats"),
        ({"cutoff": 1.5}, "cutoff is a share, 0 to 1; it is 1.5"),
        ({"least_weight": -1.0, "least_count": 2.0}, "least_weight is a share.*least_count is a share"),
        ({"groups": (2.0, 1.0)}, "cut-offs that rise; they are 2, 1"),
        ({"response": ["resistant"] * 20}, "mapping of sample to response"),
        ({"response": {"nobody": "resistant"}}, "no sample has a response"),
        ({"response": {"s0": "resistant", "s1": "sensitive"}}, "each class needs"),
    ],
)
def test_wrong_arguments_are_told(change: dict[str, Any], message: str) -> None:
    data = matrix(20, 30)
    given_: dict[str, Any] = {"response": classes(data), "drug": "x", **QUICK, **change}
    with pytest.raises(InputError, match=message):
        learn_signature(data, given_.pop("response"), **given_)


def test_a_class_that_pandas_left_empty_is_no_class() -> None:
    answers = {**classes(matrix(5, 30)), "s29": float("nan")}
    found = read_target(answers, matrix(5, 30).samples, "class")
    assert np.isnan(found.y[29])
    assert found.notes == ()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "find_spec", lambda name: None if name == "sklearn" else object())
    with pytest.raises(InputError, match=r"remission\[signature\]"):
        learn_signature(matrix(5, 30), {}, drug="x")


@pytest.mark.slow
def test_the_permutation_p_is_uniform_under_the_null() -> None:
    ps = []
    for seed in range(120):
        noise = matrix(60, 36, seed=1000 + seed)
        how: dict[str, Any] = {**QUICK, "permutations": 19, "repeats": 1}
        found = learn_signature(
            noise, classes(noise), drug="noise", model="shrunken centroids", seed=seed, **how
        )
        assert found.null is not None
        ps.append(found.null.p)
    values = np.sort(ps)
    assert np.max(np.abs(values - np.arange(1, 121) / 120)) < 1.36 / np.sqrt(120) + 0.05
    assert 0.0 <= np.mean(values <= 0.05) < 0.12


@pytest.mark.slow
def test_every_model_gives_one_half_on_noise() -> None:
    for task, models in MODELS.items():
        for name in models:
            reached = []
            for seed in range(30):
                noise = matrix(200, 45, seed=seed)
                rng = np.random.default_rng(10**6 + seed)  # not the numbers of the matrix
                answers: dict[str, Any] = {
                    "class": classes(noise),
                    "value": {s: float(rng.normal()) for s in noise.samples},
                    "survival": {s: (float(rng.exponential()), True) for s in noise.samples},
                }
                target = read_target(answers[task], noise.samples, task)  # type: ignore[arg-type]
                plan = Plan(model_of(name, task), (5, 20), 3, 0.8, "sam")  # type: ignore[arg-type]
                found = out_of_fold(
                    scaler(noise, "none"), target, plan, folds=5, repeats=1, seed=seed, jobs=1, progress=None
                )
                reached.append(statistic(found.scores, target))
            middle = 0.0 if task == "value" else 0.5
            error = np.std(reached, ddof=1) / np.sqrt(30)
            assert abs(np.mean(reached) - middle) < 3.5 * error + 0.02, (task, name)


def test_the_rows_hold_the_p_and_no_patient() -> None:
    true = matrix(60, 40, planted=5, shift=1.5)
    found = learn_signature(
        true, classes(true), drug="x", model="shrunken centroids", **{**QUICK, "permutations": 9}
    )
    rows = found.rows()
    assert found.null is not None
    assert rows["p"].to_list() == [found.null.p, *[None] * (rows.height - 1)]
    assert found.null.p == (1 + (found.null.values >= found.null.observed).sum()) / 10
    assert "permutation P" in found.summary()
    assert "s3" not in str(rows.rows())
    frame = found.frame()
    assert frame.height == 40
    assert frame["learned_from"].all()


def test_classes_too_small_for_the_folds_are_refused() -> None:
    rng = np.random.default_rng(4)
    names = tuple(f"s{i}" for i in range(30))
    matrix = Expression(tuple(f"g{i}" for i in range(20)), names, rng.normal(8, 1, (20, 30)))
    classes = {name: "resistant" if i < 5 else "sensitive" for i, name in enumerate(names)}
    with pytest.raises(InputError, match="smaller class has 5 patients"):
        learn_signature(matrix, classes, drug="d", folds=3, inner_folds=2, repeats=1, permutations=0)
    learn_signature(
        matrix,
        classes,
        drug="d",
        model="shrunken centroids",
        folds=5,
        inner_folds=4,
        repeats=1,
        permutations=0,
    )
