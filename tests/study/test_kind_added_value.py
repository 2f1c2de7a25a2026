"""What a score adds: the numbers of the engines, Firth where events are few, no refitting elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.assess.benefit import decision_curve_at
from remission.assess.cindex import c_difference, c_index
from remission.assess.optimism import optimism
from remission.cohort.column import Column
from remission.cohort.outcome import Outcome
from remission.regress.cox import cox
from remission.regress.finegray import fine_gray
from remission.regress.firth import firth
from remission.study.kind import Context
from remission.study.kinds.added_value import KIND
from remission.study.kinds.added_value_models import BOTH, FACTORS, SCORE, Models, three_models
from remission.study.kinds.added_value_options import AddedValueOptions
from remission.study.kinds.model_data import asked
from remission.study.kinds.model_fit import Recipe
from remission.study.kinds.model_terms import read_terms
from remission.study.laboratory.prepare import with_signatures
from remission.study.prepare import check, prepare
from remission.study.results import Analysis
from tests.study.kinds_by_hand import BASELINE, cohort_of, context_of, outcome_of
from tests.study.signature_study import write_study

ONE = '[[analysis]]\nkind = "added_value"\n'
RELAPSE = ("relapse", "death without relapse")


def simulated(size: int = 300, *, effect: float = 0.9, last: float = 900.0, seed: int = 5) -> Context:
    """One cohort with age, arm, a marker that goes with relapse or not, and two endpoints."""
    rng = np.random.default_rng(seed)
    marker, age = rng.normal(2, 3, size), rng.normal(50, 10, size)
    arm = rng.integers(0, 2, size)
    hazard = np.exp(effect * (marker - 2) / 3 + 0.03 * (age - 50))
    relapse, death = rng.exponential(900, size) / hazard, rng.exponential(3000, size)
    end = np.minimum(np.minimum(relapse, death), last * rng.uniform(0.3, 1, size))
    event = [
        "relapse" if r == e else "death without relapse" if d == e else None
        for r, d, e in zip(relapse, death, end, strict=True)
    ]
    cohort = cohort_of(
        {
            "age": age.tolist(),
            "arm": ["A" if one else "B" for one in arm],
            "marker": marker.tolist(),
        },
        [
            Column("age", "number", "Age", "years", known_at=BASELINE),
            Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
            Column("marker", "number", "Marker", known_at=BASELINE),
        ],
    )
    days = np.ceil(end).tolist()
    any_event = ["relapse or death" if each else None for each in event]
    return context_of(
        cohort,
        outcome_of(
            days, any_event, endpoint="pfs", label="Progression-free survival", causes=("relapse or death",)
        ),
        outcome_of(days, event, endpoint="relapse", label="Relapse", causes=RELAPSE),
    )


def options(**settings: Any) -> AddedValueOptions:
    given = {"endpoint": "pfs", "score": "marker", "beyond": ["age", "arm"], "bootstrap": 0, **settings}
    return AddedValueOptions.model_validate(given)


def rows(analysis: Analysis, output: str = "added_value", variant: str = "") -> pl.DataFrame:
    (found,) = [each for each in analysis.outputs if each.name == output and each.variant == variant]
    return found.rows


def row(found: pl.DataFrame, **wanted: Any) -> dict[str, Any]:
    picked = found
    for name, value in wanted.items():
        picked = picked.filter(pl.col(name).eq_missing(pl.lit(value)))
    assert picked.height == 1, picked
    return picked.row(0, named=True)


def by_hand(context: Context, endpoint: str) -> tuple[Outcome, dict[str, dict[str, np.ndarray]]]:
    """Columns of the three models, made without the kind."""
    frame = context.cohort.frame
    factors = {"age": frame["age"].to_numpy(), "arm=B": (frame["arm"] == "B").to_numpy().astype(float)}
    marker = frame["marker"].to_numpy()
    score = {"marker": marker / marker.std(ddof=1)}
    return context.outcomes[endpoint], {FACTORS: factors, SCORE: score, BOTH: {**factors, **score}}


def models_of(context: Context, endpoint: str) -> Models:
    outcome = context.outcomes[endpoint]
    terms = read_terms(context.cohort, ["age", "arm", "marker"])
    found = asked(context, "it", outcome, terms, moving=False)
    assert found.rows is not None
    return three_models(found.rows, terms[:-1], terms[-1], Recipe("cox", outcome.cause), unit=None)


def test_concordance_test_ratio_and_optimism_are_those_of_the_engines() -> None:
    context = simulated()
    outcome, X = by_hand(context, "pfs")
    fits = {name: cox(outcome.time, outcome.event, columns) for name, columns in X.items()}
    linear = {name: np.column_stack(list(X[name].values())) @ fit.coefficients for name, fit in fits.items()}
    analysis = KIND.run(context, options(bootstrap=25), "it")
    found = rows(analysis)
    for name in (FACTORS, SCORE, BOTH):
        here = row(found, term=name, measure="concordance index")
        one = c_index(linear[name], outcome.time, outcome.event)
        assert here["estimate"] == pytest.approx(one.estimate, abs=1e-12)
        assert here["low"] == pytest.approx(one.low, abs=1e-9)
    gain, p = c_difference(linear[BOTH], linear[FACTORS], outcome.time, outcome.event)
    here = row(found, term=BOTH, measure=gain.measure, versus=FACTORS)
    assert (here["estimate"], here["p"]) == (pytest.approx(gain.estimate, abs=1e-12), pytest.approx(p))
    statistic = 2 * (fits[BOTH].log_likelihood - fits[FACTORS].log_likelihood)
    assert row(found, measure="likelihood ratio")["statistic"] == pytest.approx(statistic, rel=1e-9)
    matrix = np.column_stack(list(X[BOTH].values()))
    fair = optimism(outcome.time, outcome.event, matrix, resamples=25, seed=context.seed)
    corrected = row(found, term=BOTH, measure="corrected concordance index")
    assert corrected["estimate"] == pytest.approx(fair.c_corrected, abs=1e-12)
    effects = rows(analysis, "added_effect")
    for level, name in (("crude", SCORE), ("adjusted", BOTH)):
        last = fits[name].rows().row(-1, named=True)
        here = row(effects, level=level, measure="hazard ratio")
        assert [here[key] for key in ("estimate", "low", "high", "p")] == pytest.approx(
            [last[key] for key in ("estimate", "low", "high", "p")], rel=1e-7
        )


def test_risks_without_competing_events_are_those_of_the_cox_model() -> None:
    context = simulated()
    models = models_of(context, "pfs")
    outcome, X = by_hand(context, "pfs")
    fit = cox(outcome.time, outcome.event, X[BOTH])
    predicted = fit.predict(X[BOTH], [365.0]).filter(pl.col("measure") == "survival")["estimate"].to_numpy()
    assert models.risk(BOTH, 365.0) == pytest.approx(1 - predicted, abs=1e-10)


def test_risks_with_competing_events_are_those_of_the_fine_gray_model() -> None:
    context = simulated()
    models = models_of(context, "relapse")
    assert models.competing
    outcome, X = by_hand(context, "relapse")
    fit = fine_gray(outcome.time, outcome.event, X[BOTH], "relapse", causes=list(RELAPSE))
    predicted = fit.predict(X[BOTH], [365.0])["estimate"].to_numpy()
    assert models.risk(BOTH, 365.0) == pytest.approx(predicted, abs=1e-10)
    analysis = KIND.run(context, options(endpoint="relapse"), "it")
    here = row(rows(analysis, "added_effect"), measure="subdistribution hazard ratio", level="adjusted")
    assert here["estimate"] == pytest.approx(float(np.exp(fit.coefficients[-1])), rel=1e-9)


def test_firth_where_events_are_few_and_its_baseline_is_breslows() -> None:
    context = simulated(60, last=250.0)
    models = models_of(context, "pfs")
    assert models.firth
    assert models.per_variable < 10
    outcome, X = by_hand(context, "pfs")
    best = firth(cox(outcome.time, outcome.event, X[BOTH]))
    assert models.coefficients[BOTH] == pytest.approx(best.coefficients, abs=1e-7)
    died = np.array([event is not None for event in outcome.event])
    assert len(np.unique(outcome.time[died])) == died.sum(), "without ties Efron is Breslow"
    relative = np.exp(np.column_stack(list(X[BOTH].values())) @ best.coefficients)
    hazard = sum(1 / relative[outcome.time >= t].sum() for t in outcome.time[died & (outcome.time <= 150)])
    assert models.risk(BOTH, 150.0) == pytest.approx(1 - np.exp(-hazard * relative), rel=1e-5)
    analysis = KIND.run(context, options(), "it")
    here = row(rows(analysis), measure="penalised likelihood ratio")
    assert here["p"] == pytest.approx(float(best.p[-1]), rel=1e-5)
    (told,) = [each for each in analysis.findings if each.name == "events_per_variable"]
    assert told.severity == "warning"
    assert "firth_method" in {each.name for each in analysis.methods}


def test_net_benefit_is_that_of_the_predicted_risks() -> None:
    context = simulated()
    models = models_of(context, "relapse")
    outcome = context.outcomes["relapse"]
    curve = decision_curve_at(
        models.risk(BOTH, 365.0), outcome.time, outcome.event, 365.0, cause="relapse", thresholds=[0.25]
    )
    found = rows(
        KIND.run(context, options(endpoint="relapse", at="365 days", bootstrap=30, thresholds=[0.25]), "it"),
        "added_benefit",
    )
    same = {"measure": "net benefit", "statistic": 0.25}
    assert row(found, group=BOTH, **same)["estimate"] == pytest.approx(float(curve.model[0]), abs=1e-9)
    assert row(found, group="treat all", **same)["estimate"] == pytest.approx(float(curve.all[0]), abs=1e-9)
    gain = row(found, measure="difference of net benefit")
    factors = row(found, group=FACTORS, **same)["estimate"]
    assert gain["estimate"] == pytest.approx(float(curve.model[0]) - factors, abs=1e-9)
    assert gain["low"] <= gain["estimate"] <= gain["high"]


def test_noise_adds_nothing_and_is_said_so_carefully() -> None:
    context = simulated(effect=0.0, seed=11)
    analysis = KIND.run(context, options(), "it")
    p = row(rows(analysis), measure="likelihood ratio")["p"]
    assert p > 0.05, "the seed was chosen so that the test can see noise as noise"
    assert "nothing_added_shown" in {each.name for each in analysis.findings}


def test_a_strong_score_is_seen() -> None:
    analysis = KIND.run(simulated(), options(), "it")
    assert row(rows(analysis), measure="likelihood ratio")["p"] < 1e-6
    assert "nothing_added_shown" not in {each.name for each in analysis.findings}


def test_elsewhere_the_coefficients_of_the_first_cohort_are_applied() -> None:
    first, there = simulated(seed=5), simulated(150, seed=6)
    context = replace(there, first=first)
    analysis = KIND.run(context, options(at="365 days"), "it")
    outcome, X = by_hand(first, "pfs")
    fits = {name: cox(outcome.time, outcome.event, columns) for name, columns in X.items()}
    unit = first.cohort.frame["marker"].to_numpy().std(ddof=1)
    frame = there.cohort.frame
    new = {
        FACTORS: [frame["age"], (frame["arm"] == "B").cast(pl.Float64)],
        SCORE: [frame["marker"] / unit],
    }
    new[BOTH] = [*new[FACTORS], *new[SCORE]]
    applied = rows(analysis, variant="applied")
    seen = there.outcomes["pfs"]
    for name, columns in new.items():
        linear = np.column_stack([each.to_numpy() for each in columns]) @ fits[name].coefficients
        one = c_index(linear, seen.time, seen.event)
        here = row(applied, term=name, measure="concordance index")
        assert here["estimate"] == pytest.approx(one.estimate, abs=1e-12)
    assert not applied.filter(pl.col("measure").str.contains("likelihood|corrected|optimism")).height
    refitted = row(rows(analysis, "added_effect", "refitted"), level="crude", measure="hazard ratio")
    own = cox(seen.time, seen.event, {"marker": frame["marker"].to_numpy() / unit})
    assert refitted["estimate"] == pytest.approx(float(np.exp(own.coefficients[0])), rel=1e-8)


def test_what_came_of_the_others_does_not_move_what_was_predicted_for_them() -> None:
    first, there = simulated(seed=5), simulated(150, seed=6)
    outcome = there.outcomes["pfs"]
    turned = replace(outcome, time=outcome.time[::-1].copy(), event=outcome.event[::-1].copy())
    other = replace(there, outcomes={**there.outcomes, "pfs": turned})
    found = [
        rows(
            KIND.run(replace(each, first=first), options(at="365 days"), "it"), "added_calibration", "applied"
        )
        for each in (there, other)
    ]
    predicted = [each.filter(pl.col("group").is_not_null())["statistic"].to_list() for each in found]
    observed = [each.filter(pl.col("group").is_not_null())["estimate"].to_list() for each in found]
    assert predicted[0] == predicted[1]
    assert observed[0] != observed[1]


def test_levels_the_first_cohort_never_had_are_left_out(tmp_path: Path) -> None:
    prepared = prepare(write_study(tmp_path, east=4))
    assert prepared.signature is not None
    context = with_signatures(prepared.context, prepared.signature, tmp_path)
    assert context.validation is not None
    there = replace(context.validation, first=context)
    wanted = options(endpoint="os", score="signature_score", beyond=["age", "site"])
    analysis = KIND.run(there, wanted, "it")
    (told,) = [each for each in analysis.findings if each.name == "levels_not_seen"]
    assert told.facts["levels"] == ({"label": "site", "level": "east", "n": 4},)
    (applied,) = [
        each for each in analysis.outputs if each.variant == "applied" and each.name == "added_value"
    ]
    assert applied.facts["n"] == 56
    assert "score_is_locked" in {each.name for each in analysis.findings}
    inside = KIND.run(context, wanted, "it")
    assert "score_out_of_fold" in {each.name for each in inside.findings}


def test_times_nobody_is_followed_to_are_told() -> None:
    analysis = KIND.run(simulated(), options(at=["365 days", "20 years"]), "it")
    assert "beyond_follow_up" in {each.name for each in analysis.findings}
    assert set(rows(analysis, "added_calibration")["level"]) == {"365 days"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('endpoint = "o"\nbeyond = ["age"]', 'no endpoint "o"'),
        ('endpoint = "os"\nbeyond = []', "no term is named"),
        ('endpoint = "os"\nbeyond = ["ages"]', 'no column "ages"'),
        ('endpoint = "os"\nbeyond = ["age"]\nscore = "site"', '"site" is no number'),
        ('endpoint = "os"\nbeyond = ["age"]\nscore = "age"', "among the known factors"),
        ('endpoint = "os"\nbeyond = ["age"]\nat = "five"', "not a length of time"),
        ('endpoint = "os"\nbeyond = ["age"]\nbootstrap = 5', "too few for limits"),
        ('endpoint = "os"\nbeyond = ["age"]\nthresholds = [0.3, 0.1]', "thresholds rise"),
        ('endpoint = "os"\nbeyond = ["age"]\nthresholds = [1.5]', "below 1"),
        ('endpoint = "os"\nbeyond = ["age", "signature_score"]', "among the known factors"),
    ],
)
def test_wrong_options_are_told(tmp_path: Path, wrong: str, message: str) -> None:
    problems = check(write_study(tmp_path, analyses=f"{ONE}{wrong}"))
    assert len(problems) == 1, problems
    assert message in str(problems[0])
