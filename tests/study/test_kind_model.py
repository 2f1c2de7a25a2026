"""`kind = "model"`: held against R through the study path, its terms, and what it must say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownAfter, KnownLater, KnownOn
from remission.core.clock import parse_duration
from remission.study.kind import Context
from remission.study.kinds.characteristics import KIND as CHARACTERISTICS
from remission.study.kinds.model import KIND
from remission.study.kinds.model_proportionality import natural_spline
from tests.study.kinds_by_hand import (
    BASELINE,
    bmt,
    cohort_of,
    context_of,
    finding,
    named,
    outcome_of,
    output,
    outputs,
    problems,
    run,
    value,
)


def near(ours: Any, reference: Any) -> None:
    """As near as R's printed digits: relative 1e-8."""
    ours, reference = np.asarray(ours, dtype=float), np.asarray(reference, dtype=float)
    assert ours.shape == reference.shape
    assert np.all(np.abs(ours - reference) <= 1e-8 * np.maximum(np.abs(reference), 1e-6))


def coefficients(rows: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Log ratios and their errors, references left out."""
    shown = rows.filter(pl.col("std_error").is_not_null())
    return np.log(shown["estimate"].to_numpy()), shown["std_error"].to_numpy()


def big_bmt(data: Path) -> Context:
    """The 137 transplants with all that the oracles read."""
    context = bmt(data)
    rows = pl.read_csv(data / "transplant" / "bmt.csv")
    frame = context.cohort.frame
    more = [
        Column("donor", "number", "Age of the donor", unit="years", known_at=BASELINE),
        Column("cgvhd_day", "number", "Day of chronic GVHD", known_at=KnownLater(), is_time=True),
        Column("cgvhd", "yes/no", "Chronic GVHD", known_at=KnownOn("cgvhd_day")),
        Column("platelet_day", "number", "Day of platelets", known_at=KnownLater(), is_time=True),
        Column("platelets", "yes/no", "Platelet recovery", known_at=KnownOn("platelet_day")),
    ]
    values = {name: frame[name].to_list() for name in frame.columns if name != "id"} | {
        "donor": rows["donor_age"].to_list(),
        "cgvhd_day": rows["chronic_gvhd_days"].to_list(),
        "cgvhd": rows["chronic_gvhd"].cast(pl.Boolean).to_list(),
        "platelet_day": rows["platelet_recovery_days"].to_list(),
        "platelets": rows["platelet_recovery"].cast(pl.Boolean).to_list(),
    }
    columns = [column for name, column in context.cohort.columns.items() if name != "id"]
    return context_of(cohort_of(values, [*columns, *more]), *context.outcomes.values())


@pytest.mark.parametrize(
    ("oracle", "terms", "options"),
    [
        ("cox_dfs", ["group", "fab", "age", "donor"], {}),
        ("cox_dfs_breslow", ["group", "fab", "age", "donor"], {"ties": "breslow"}),
        ("cox_dfs_strata_hospital", ["group", "fab", "age", "donor"], {"stratum": "hospital"}),
        ("cox_dfs_time_dependent", ["group", "fab", "agvhd", "cgvhd", "platelets"], {}),
    ],
)
def test_cox_models_are_as_in_r(
    oracle: str, terms: list[str], options: dict[str, Any], shared_data: Path, shared_oracles: Path
) -> None:
    reference = json.loads((shared_oracles / "bmt.json").read_text())[oracle]
    analysis = run(KIND, big_bmt(shared_data), endpoint="dfs", terms=terms, **options)
    table = output(analysis, "model", "multivariable")
    log, error = coefficients(table.rows)
    near(log, reference["coef"])
    near(error, reference["se"])
    facts: Any = table.facts
    assert (facts["n"], facts["events"]) == (137, reference["nevent"])
    tests = {test["name"]: test["statistic"] for test in facts["tests"]}
    near(tests["Wald"], reference["wald"])
    near(tests["score"], reference["score"])
    near([facts["concordance"][name] for name in ("estimate", "std_error")], reference["concordance"])
    held = output(analysis, "proportionality", "multivariable").rows
    near(held["statistic"], reference["zph_chisq"])
    near(held["df"], reference["zph_df"])


def test_clusters_are_as_in_r(shared_data: Path, shared_oracles: Path) -> None:
    reference = json.loads((shared_oracles / "bmt.json").read_text())["cox_dfs_cluster_hospital"]
    terms = ["group", "fab", "age", "donor"]
    analysis = run(KIND, big_bmt(shared_data), endpoint="dfs", terms=terms, cluster="hospital")
    table = output(analysis, "model", "multivariable")
    near(coefficients(table.rows)[1], reference["robust_se"])
    assert table.facts["variance"] == "clustered"


def bmtcrr(data: Path) -> Context:
    rows = pl.read_csv(data / "transplant" / "bmtcrr.csv")
    rows = rows.rename({name: name.lower() for name in rows.columns})
    columns = [
        Column("age", "number", "Age", known_at=BASELINE),
        Column("sex", "category", "Sex", levels=("F", "M"), known_at=BASELINE),
        Column("disease", "category", "Disease", levels=("ALL", "AML"), known_at=BASELINE),
        Column("phase", "category", "Phase", levels=("CR1", "CR2", "CR3", "Relapse"), known_at=BASELINE),
        Column("source", "category", "Source", levels=("BM+PB", "PB"), known_at=BASELINE),
    ]
    values = {column.name: rows[column.name].to_list() for column in columns}
    causes = ("relapse", "death without relapse")
    event = [None if status == 0 else causes[int(status) - 1] for status in rows["status"]]
    time = rows["months"].to_list()
    return context_of(
        cohort_of(values, columns),
        outcome_of(time, event, endpoint="relapse", label="Relapse", causes=causes),
        outcome_of(time, event, endpoint="trm", label="TRM", causes=causes[::-1]),
    )


TERMS = ["age", "sex", "disease", {"column": "phase", "reference": "Relapse"}, "source"]


def test_fine_gray_models_are_as_in_r(shared_data: Path, shared_oracles: Path) -> None:
    reference = json.loads((shared_oracles / "bmtcrr.json").read_text())
    analysis = run(KIND, bmtcrr(shared_data), endpoint=["relapse", "trm"], terms=TERMS, method="fine-gray")
    for endpoint, name in (("relapse", "fine_gray_relapse"), ("trm", "fine_gray_trm")):
        table = output(analysis, "model", "multivariable", endpoint=endpoint)
        log, error = coefficients(table.rows)
        # `crr` stops its search early: its coefficients have about seven digits
        assert np.allclose(log, reference[name]["coef"], rtol=1e-6, atol=1e-9)
        assert np.allclose(error, reference[name]["se"], rtol=1e-6)
        assert table.facts["fine_gray_variant"] == "crr"
        assert table.facts["hazard"] == "subdistribution hazard"
        assert table.facts["concordance"] is None


def test_cause_specific_models_stand_side_by_side(shared_data: Path, shared_oracles: Path) -> None:
    reference = json.loads((shared_oracles / "bmtcrr.json").read_text())
    analysis = run(KIND, bmtcrr(shared_data), endpoint="relapse", terms=TERMS, method="cause-specific")
    tables = outputs(analysis, "model", "multivariable")
    assert [table.facts["cause"] for table in tables] == ["relapse", "death without relapse"]
    for table, name in zip(tables, ("cox_cause_specific_relapse", "cox_cause_specific_trm"), strict=True):
        log, error = coefficients(table.rows)
        near(log, reference[name]["coef"])
        near(error, reference[name]["se"])


def made(size: int = 120, **changes: Any) -> Context:
    """A cohort with numbers, groups, gaps and things known later; death depends on the arm."""
    draw = np.random.default_rng(5)
    arm = draw.choice(["A", "B"], size)
    age = draw.normal(50, 12, size).round()
    later = draw.random(size) < 0.4
    day = np.where(later, draw.integers(5, 200, size), np.nan)
    time = np.ceil(draw.exponential(np.where(arm == "A", 500, 250)))
    died = draw.random(size) < 0.7
    values = {
        "arm": list(arm),
        "stage": list(draw.choice(["I", "II", "III"], size)),
        "age": list(age),
        "gap": [None if number < 15 else float(x) for number, x in enumerate(draw.normal(size=size))],
        "twice": list(2 * age),
        "gvhd_day": [None if np.isnan(x) else float(x) for x in day],
        "gvhd": [bool(x) for x in later],
        "grade": [("low" if x % 2 else "high") if flag else None for x, flag in enumerate(later)],
        "mrd": list(draw.normal(size=size)),
        "ever": [bool(x) for x in later],
        "perfect": [bool(x) for x in died],
        **changes,
    }
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B", "C"), known_at=BASELINE),
        Column("stage", "category", "Stage", levels=("I", "II", "III"), known_at=BASELINE),
        Column("age", "number", "Age", unit="years", known_at=BASELINE),
        Column("gap", "number", "Marker", known_at=BASELINE),
        Column("twice", "number", "Twice the age", known_at=BASELINE),
        Column("gvhd_day", "number", "Day of GVHD", known_at=KnownLater(), is_time=True),
        Column("gvhd", "yes/no", "GVHD", known_at=KnownOn("gvhd_day")),
        Column("grade", "category", "Grade", levels=("low", "high"), known_at=KnownOn("gvhd_day")),
        Column("mrd", "number", "MRD", known_at=KnownAfter(parse_duration("100 days"))),
        Column("ever", "yes/no", "Ever", known_at=KnownLater()),
        Column("perfect", "yes/no", "Perfect", known_at=BASELINE),
    ]
    names = [("death" if flag else None) for flag in died]
    kinds = [(draw.choice(["relapse", "death without relapse"]) if flag else None) for flag in died]
    return context_of(
        cohort_of(values, columns),
        outcome_of(list(time), names),
        outcome_of(
            list(time),
            kinds,
            endpoint="relapse",
            label="Relapse",
            causes=("relapse", "death without relapse"),
        ),
    )


def test_terms_have_references_steps_and_products() -> None:
    terms = [
        {"column": "age", "per": 10},
        {"column": "stage", "reference": "II"},
        "arm",
        {"interaction": ["age", "stage"]},
    ]
    table = output(run(KIND, made(), endpoint="os", terms=terms), "model", "multivariable")
    rows = table.rows.filter(pl.col("measure") == "hazard ratio")
    assert rows.filter(pl.col("term") == "age")["level"].to_list() == ["per 10 years"]
    assert rows.filter(pl.col("term") == "stage")["level"].to_list() == ["II", "I", "III"]
    assert rows.filter(pl.col("term") == "arm")["level"].to_list() == ["A", "B"]  # nobody is in C
    products = rows.filter(pl.col("term") == "age × stage")["level"].to_list()
    assert products == ["per 10 years × I", "per 10 years × III"]
    reference = rows.filter(pl.col("level") == "II")
    assert reference["estimate"].to_list() == [1.0]
    assert reference["p"].to_list() == [None]
    whole = table.rows.filter((pl.col("term") == "stage") & (pl.col("measure") == "term"))
    assert whole["df"].to_list() == [2.0]
    counts = rows.filter(pl.col("term") == "stage")
    assert counts["at_risk"].sum() == table.facts["n"] == 120
    assert counts["events"].sum() == table.facts["events"]


def test_per_ten_is_the_tenth_power_of_per_one() -> None:
    one, ten = (
        output(
            run(KIND, made(), endpoint="os", terms=[{"column": "age", "per": per}]), "model", "multivariable"
        )
        for per in (1, 10)
    )
    ratios = [value(each.rows, "estimate", measure="hazard ratio") for each in (one, ten)]
    assert ratios[0] ** 10 == pytest.approx(ratios[1], rel=1e-9)


def test_a_spline_is_read_at_its_knots() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=[{"column": "age", "spline": 4}, "arm"])
    table = output(analysis, "model", "multivariable")
    rows = table.rows.filter(pl.col("term") == "age")
    facts: Any = table.facts
    knots = facts["terms"][0]["knots"]
    assert len(knots) == 4
    assert rows["measure"].to_list() == ["term", *["hazard ratio"] * 5, "nonlinearity"]
    assert rows["df"].to_list()[0] == 3
    assert rows["df"].to_list()[-1] == 2
    median = f"{np.median(np.asarray(made().cohort.frame['age'])):g}"
    assert rows["level"][1] == f"{median} years"
    assert all(level.endswith(f"against {median}") for level in rows["level"][2:6])


def test_each_term_alone_keeps_the_patients_who_have_it() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["gap", "age", "arm"], univariable=True)
    alone = output(analysis, "model", "univariable").rows.filter(pl.col("measure") == "term")
    assert alone["at_risk"].to_list() == [105.0, 120.0, 120.0]
    assert (alone["p_adjusted"] >= alone["p"]).all()
    together = output(analysis, "model", "multivariable")
    assert (together.facts["n"], together.facts["eligible"]) == (105, 120)
    said = finding(analysis, "patients_left_out").facts
    assert said["terms"] == ({"label": "Marker", "missing": 15},)
    assert finding(analysis, "screen_multiplicity").facts["variables"] == 3


def test_a_dated_term_moves_and_is_said_to() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["arm", "gvhd"])
    table = output(analysis, "model", "multivariable")
    facts: Any = table.facts
    assert [term["time_dependent"] for term in facts["terms"]] == [False, True]
    assert facts["terms"][1]["known_on"] == "Day of GVHD"
    no, yes = (value(table.rows, "at_risk", term="gvhd", level=level) for level in ("no", "yes"))
    assert no == 120  # everybody begins without it
    assert finding(analysis, "terms_time_dependent").facts["terms"] == (
        {"label": "GVHD", "known_on": "Day of GVHD", "switched": int(yes)},
    )
    assert "time_dependent_terms" in {each.name for each in analysis.methods}


def test_an_event_on_the_day_of_the_switch_belongs_to_before() -> None:
    columns = [
        Column("day", "number", "Day", known_at=KnownLater(), is_time=True),
        Column("gvhd", "yes/no", "GVHD", known_at=KnownOn("day")),
    ]
    days = [10.0, 5.0, None, 4.0, None, 12.0]
    flags = [day is not None for day in days]
    cohort = cohort_of({"day": days, "gvhd": flags}, columns)
    context = context_of(cohort, outcome_of([10, 20, 30, 40, 50, 60], ["death"] * 6))
    table = output(run(KIND, context, endpoint="os", terms=["gvhd"]), "model", "multivariable").rows
    assert value(table, "events", level="no") == 3  # the patient who died on day 10, the day of his GVHD
    assert value(table, "at_risk", level="yes") == 3


def test_groups_unknown_before_their_day_count_from_it() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["grade"])
    said: Any = finding(analysis, "counted_from_known").facts
    table = output(analysis, "model", "multivariable")
    assert table.facts["n"] == 120 - said["terms"][0]["never"]
    facts: Any = table.facts
    assert 0 < facts["n"] < 60  # only those with GVHD, from its day


def test_what_is_known_at_a_fixed_time_or_no_time_is_left_out() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["arm", "mrd", "ever"])
    withheld = [each.facts for each in analysis.findings if each.name == "guard_withheld"]
    assert [(each["column"], each["role"], each["remedies"]) for each in withheld] == [
        ("mrd", "term", ("landmark", "delayed entry")),
        ("ever", "term", ()),
    ]
    assert set(output(analysis, "model", "multivariable").rows["term"]) == {"arm"}


def test_a_landmark_fixes_every_term() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["arm", "mrd", "gvhd"], landmark="100 days")
    table = output(analysis, "model", "multivariable")
    facts: Any = table.facts
    assert [term["time_dependent"] for term in facts["terms"]] == [False, False, False]
    assert facts["landmark"] == "100 days"
    outcome = made().outcomes["os"]
    assert facts["n"] == int((outcome.time > 100).sum())
    frame = made().cohort.frame
    by_then = (frame["gvhd"] & (frame["gvhd_day"].fill_null(999) <= 100)).to_numpy() & (outcome.time > 100)
    assert value(table.rows, "at_risk", term="gvhd", level="yes") == by_then.sum()
    assert {"landmark_patients"} <= named(analysis)


def test_elimination_prints_its_path_and_warns() -> None:
    options = {"eliminate": {"backward": 0.05, "keep": "stage"}}
    analysis = run(KIND, made(), endpoint="os", terms=["arm", "age", "gap", "stage"], **options)
    path = output(analysis, "elimination").rows
    removed = path.filter(pl.col("measure") == "removed")
    said = finding(analysis, "eliminated")
    assert said.severity == "warning"
    assert len(said.facts["removed"]) == removed.height  # type: ignore[arg-type]
    assert "stage" not in removed["term"].to_list()
    for step, p in zip(removed["level"], removed["p"], strict=True):
        free = path.filter((pl.col("level") == step) & (pl.col("term") != "stage"))
        assert p == free["p"].to_numpy().max()
        assert p > 0.05
    last = output(analysis, "model", "eliminated")
    assert last.facts["n"] == 105  # the patients of the full model throughout
    assert "stage" in set(last.rows["term"])


def test_an_effect_by_period() -> None:
    options = {"time_varying": {"column": "arm", "cuts": ["100 days", "1 year"]}}
    analysis = run(KIND, made(), endpoint="os", terms=["age", "arm"], **options)
    rows = output(analysis, "model", "time-varying").rows.filter(pl.col("term") == "arm")
    assert rows["level"].to_list() == [
        None,
        "A",
        "B, up to 100 days",
        "B, 100 days to 1 year",
        "B, after 1 year",
        None,
    ]
    assert rows["measure"].to_list()[-1] == "change"
    assert rows["df"].to_list()[-1] == 2
    assert finding(analysis, "effect_changes").facts["p"] == rows["p"].to_list()[-1]


def test_an_effect_that_moves_with_log_time() -> None:
    options = {"time_varying": {"column": "arm", "log_time_at": ["100 days", "1 year", "2 years"]}}
    analysis = run(KIND, made(), endpoint="os", terms=["age", "arm"], **options)
    rows = output(analysis, "model", "time-varying").rows.filter(pl.col("term") == "arm")
    levels = [None, "A", "B, at 100 days", "B, at 1 year", "B, at 2 years", None]
    assert rows["level"].to_list() == levels
    # the log ratio is a line in log time, and its variance a parabola: they hold the slope that is tested
    log, error = (each[-3:] for each in coefficients(rows))
    at = np.log([100, 365.25, 730.5])
    slope, _ = np.polyfit(at, log, 1)
    near(np.polyval(np.polyfit(at, log, 1), at), log)
    spread = np.polyfit(at, error**2, 2)[0]
    assert rows["df"].to_list()[-1] == 1
    assert rows["statistic"].to_list()[-1] == pytest.approx(slope**2 / spread, rel=1e-6)
    said = finding(analysis, "effect_changes").facts
    assert said["log_time"] is True
    assert said["p"] == rows["p"].to_list()[-1]


@pytest.mark.parametrize("how", [{"cuts": ["100 days"]}, {"log_time_at": ["100 days", "1 year"]}])
def test_a_changing_effect_beside_a_ratio_that_runs_to_infinity(how: dict[str, Any]) -> None:
    steady = {"column": "arm", **how}
    beside = run(KIND, made(), endpoint="os", terms=["arm", "perfect"], time_varying=steady)
    rows = output(beside, "model", "time-varying").rows
    ratios = rows.filter((pl.col("term") == "arm") & pl.col("level").str.starts_with("B"))
    assert ratios["estimate"].is_not_null().all()
    assert (ratios["high"] < 100).all()
    assert value(rows, "estimate", term="perfect", level="yes") is None
    assert "effect_changes" in named(beside)


@pytest.mark.parametrize("how", [{"cuts": ["100 days"]}, {"log_time_at": ["100 days", "1 year"]}])
def test_an_effect_without_an_estimate_is_not_said_to_change_or_not(how: dict[str, Any]) -> None:
    itself = run(
        KIND, made(), endpoint="os", terms=["arm", "perfect"], time_varying={"column": "perfect", **how}
    )
    rows = output(itself, "model", "time-varying").rows.filter(pl.col("term") == "perfect")
    assert rows.filter(pl.col("level") != "no")["estimate"].null_count() == 2
    assert "change" not in rows["measure"].to_list()
    assert "effect_changes" not in named(itself)
    assert "monotone_likelihood" in named(itself)


def test_cuts_and_log_time_exclude_each_other() -> None:
    both = {"column": "arm", "cuts": ["100 days"], "log_time_at": ["1 year"]}
    found = problems(KIND, made(), endpoint="os", terms=["arm"], time_varying=both)
    assert any("either between periods or with log time" in problem for problem in found)


def test_a_ratio_that_runs_to_infinity_is_said_and_firth_helps() -> None:
    plain = run(KIND, made(), endpoint="os", terms=["arm", "perfect"])
    said = finding(plain, "monotone_likelihood").facts
    assert said["terms"] == ("Perfect",)
    assert said["firth"] is False
    rows = output(plain, "model", "multivariable").rows
    assert value(rows, "estimate", term="perfect", level="yes") is None
    assert value(rows, "estimate", term="arm", level="B") is not None
    helped = run(KIND, made(), endpoint="os", terms=["arm", "perfect"], firth=True)
    table = output(helped, "model", "multivariable")
    assert table.facts["estimator"] == "Firth"
    assert value(table.rows, "estimate", term="perfect", level="yes") > 1
    assert value(table.rows, "low", term="perfect", level="yes") > 1


def test_collinear_terms_are_named_by_their_labels() -> None:
    analysis = run(KIND, made(), endpoint="os", terms=["age", "twice"])
    said = finding(analysis, "model_not_fitted").facts
    assert "Age" in str(said["reason"])
    assert "Twice the age" in str(said["reason"])
    assert "collinear" in str(said["reason"])
    assert not outputs(analysis, "model", "multivariable")


def test_few_events_for_the_terms() -> None:
    context = made(40)
    analysis = run(KIND, context, endpoint="os", terms=["arm", "stage", "age"])
    said = finding(analysis, "few_events_per_variable").facts
    assert said["coefficients"] == 4
    assert said["per"] == said["events"] / 4  # type: ignore[operator]


def test_hazards_that_are_not_proportional_are_said() -> None:
    draw = np.random.default_rng(2)
    arm = np.repeat(["A", "B"], 150)
    early = draw.exponential(np.where(arm == "A", 60, 300))
    late = 100 + draw.exponential(np.where(arm == "A", 900, 120))
    time = np.where(early < 100, early, late)
    columns = [Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE)]
    cohort = cohort_of({"arm": list(arm)}, columns)
    analysis = run(
        KIND, context_of(cohort, outcome_of(list(time), ["death"] * 300)), endpoint="os", terms=["arm"]
    )
    said: Any = finding(analysis, "nonproportional").facts
    assert said["terms"][0]["label"] == "Arm"
    assert said["global_p"] < 0.001
    points = output(analysis, "schoenfeld", "multivariable").rows
    line = points.filter(pl.col("measure") == "smooth")
    assert line.height == 40
    assert line["estimate"][0] < 0 < line["estimate"][-1]  # B is better first, worse later
    assert (line["low"] < line["high"]).all()
    assert points.filter(pl.col("measure") == "scaled residual").height == 300


def test_one_event_says_nothing_of_proportional_hazards() -> None:
    age = [40.0, 55.0, 61.0, 47.0, 52.0, 66.0]
    cohort = cohort_of({"age": age}, [Column("age", "number", "Age", known_at=BASELINE)])
    ended = [None, "death", None, None, None, None]
    outcome = outcome_of([90.0, 100.0, 210.0, 300.0, 320.0, 340.0], ended)
    analysis = run(KIND, context_of(cohort, outcome), endpoint="os", terms=["age"])
    assert "nonproportional" not in {each.name for each in analysis.findings}
    assert "proportionality_not_tested" in {each.name for each in analysis.findings}
    assert not outputs(analysis, "schoenfeld", "multivariable")


def test_many_residuals_are_thinned() -> None:
    context = made(1200)
    table = output(run(KIND, context, endpoint="os", terms=["arm"]), "schoenfeld", "multivariable")
    assert table.facts["shown"] == 500
    assert table.rows.filter(pl.col("measure") == "scaled residual").height == 500
    assert int(table.facts["events"]) > 500  # type: ignore[arg-type]


def test_the_smooth_line_follows_a_straight_one() -> None:
    x = np.linspace(0, 1, 60)
    at, on = natural_spline(x, np.array([0.25, 0.75]))
    best = np.linalg.lstsq(at, 3 * x + 1, rcond=None)[0]
    assert on @ best == pytest.approx([1.75, 3.25])
    few, grid = natural_spline(np.array([0.0, 1.0, 1.0]), np.array([0.5]))
    assert few.shape[1] == grid.shape[1] == 2


def test_every_problem_at_once() -> None:
    told = "\n".join(
        problems(
            KIND,
            made(),
            endpoint="oss",
            terms=[
                "agee",
                {"column": "arm", "per": 2},
                {"column": "stage", "reference": "IV"},
                {"column": "age", "reference": "x"},
                {"interaction": ["age", "gap"]},
                "age",
                {"per": 3},
            ],
            stratum="stage",
            cluster="centre",
            landmark="soon",
            eliminate={"backward": 0.1, "keep": ["sex"]},
            time_varying={"column": "day", "cuts": ["1 year", "100 days"]},
            firth=True,
            variant="crr",
        )
    )
    for words in (
        'there is no endpoint "oss"',
        'there is no column "agee"',
        '"arm" has levels: `per` and `spline` are for numbers',
        '"stage" has no level "IV"',
        '"age" is a number: it has no reference level',
        '"gap" is in an interaction but is no term of its own',
        '"age" is a term twice',
        "a term has a column or an interaction, one of them",
        '"stage" is both stratum and term',
        'there is no column "centre"',
        '"soon" is not a length of time',
        '"sex" cannot be kept: it is not among the terms',
        '"day" is not among the terms',
        "cuts increase, and lie after time zero",
        "effects by period have no Firth penalty here",
        "`variant` is for Fine-Gray models",
    ):
        assert words in told
    assert len(told.splitlines()) == 16


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"endpoint": "os"}, 'nothing competes with the event of "os"'),
        ({"firth": True}, "no likelihood to penalise"),
        ({"terms": ["gvhd"]}, '"gvhd" changes while patients are followed'),
        ({"stratum": "stage", "variant": "crr"}, 'the "crr" variant has no strata'),
        ({"time_varying": {"column": "arm", "cuts": "100 days"}}, "effects by period need rows"),
    ],
)
def test_what_fine_gray_models_do_not_have(options: dict[str, Any], words: str) -> None:
    asked = {"endpoint": "relapse", "terms": ["arm"], "method": "fine-gray", **options}
    (told,) = problems(KIND, made(), **asked)
    assert words in told


def test_fine_gray_chooses_its_convention() -> None:
    plain = run(KIND, made(), endpoint="relapse", terms=["arm"], method="fine-gray")
    split = run(KIND, made(), endpoint="relapse", terms=["arm"], method="fine-gray", stratum="stage")
    variants = [output(each, "model", "multivariable").facts["fine_gray_variant"] for each in (plain, split)]
    assert variants == ["crr", "finegray"]


@pytest.mark.parametrize("terms", [[{"column": "age", "spline": 7}], [{"colour": "red"}], [{"per": 0}]])
def test_terms_that_make_no_sense(terms: list[Any]) -> None:
    with pytest.raises(ValueError, match="terms"):
        KIND.options(endpoint="os", terms=terms)


def test_something_must_be_modelled() -> None:
    (told,) = problems(KIND, made(), endpoint="os", terms=[])
    assert told == 'analysis[1].terms: no term is named. Name one or more columns: terms = ["age", "sex"].'


def test_findings_about_a_competing_event_carry_its_name(shared_data: Path) -> None:
    terms = ["group", "age", "fab", "hospital"]
    analysis = run(KIND, bmt(shared_data), endpoint="relapse", terms=terms, method="cause-specific")
    few = [each.facts for each in analysis.findings if each.name == "few_events_per_variable"]
    assert [(facts["endpoint_label"], facts["events"]) for facts in few] == [
        ("Relapse", 42),
        ("death without relapse", 41),
    ]


def test_an_empty_column_is_called_empty_not_texts() -> None:
    columns = [
        Column("empty", "text", known_at=BASELINE),
        Column("arm", "category", levels=("A", "B"), known_at=BASELINE),
    ]
    data = {"empty": [None] * 4, "arm": ["A", "B"] * 2}
    context = context_of(cohort_of(data, columns), outcome_of([1.0, 2.0, 3.0, 4.0], ["death"] * 4))
    (told,) = problems(KIND, context, endpoint="os", terms=["empty", "arm"])
    assert "holds nothing" in told
    (described,) = problems(CHARACTERISTICS, context, columns=["empty"])
    assert "holds nothing" in described
