"""Comparisons: R's tests on real cohorts, the guard and its landmark, and what is said of P."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownLater, KnownOn
from remission.core.clock import Clock
from remission.estimate.mean import restricted_mean
from remission.study.kind import Context
from remission.study.kinds.compare import KIND
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

RELAPSE = ("relapse", "death without relapse")


def close(ours: float, theirs: float) -> bool:
    """Within 1e-8 of R."""
    return abs(ours - theirs) <= 1e-8 * max(abs(theirs), 1e-6)


def made(size: int = 60, *, ordered: bool = True, entry: list[float] | None = None) -> Context:
    """A simulated cohort in three ordered groups, with a date-stamped yes/no."""
    rng = np.random.default_rng(7)
    group = rng.choice(["low", "middle", "high"], size)
    risk = np.select([group == "low", group == "middle"], [1.0, 2.0], 5.0)
    time = np.ceil(rng.exponential(900 / risk)) + 30
    follow = rng.integers(200, 2500, size)
    died = time <= follow
    days = np.minimum(time, follow)
    cause = rng.choice(RELAPSE, size)
    columns = [
        Column(
            "risk",
            "category",
            "Risk",
            levels=("low", "middle", "high", "none"),
            ordered=ordered,
            known_at=BASELINE,
        ),
        Column("sex", "yes/no", "Male", known_at=BASELINE),
        Column("site", "category", "Centre", levels=("1", "2"), known_at=BASELINE),
        Column("cr_day", "number", "Day of remission", known_at=BASELINE, is_time=True),
        Column("cr", "yes/no", "Remission", known_at=KnownOn("cr_day")),
        Column("ever", "yes/no", "Ever in remission", known_at=KnownLater()),
    ]
    cr_day = np.floor(days * rng.uniform(0.1, 0.9, size))
    data = {
        "risk": group.tolist(),
        "sex": (rng.random(size) < 0.5).tolist(),
        "site": [None, *rng.choice(["1", "2"], size - 1).tolist()],
        "cr_day": cr_day.tolist(),
        "cr": (rng.random(size) < 0.5).tolist(),
        "ever": [True] * size,
    }
    return context_of(
        cohort_of(data, columns, clock=Clock("years")),
        outcome_of(days.tolist(), ["death" if event else None for event in died], entry=entry),
        outcome_of(
            days.tolist(),
            [each if event else None for each, event in zip(cause, died, strict=True)],
            endpoint="relapse",
            label="Relapse",
            causes=RELAPSE,
            entry=entry,
        ),
    )


def test_bmt_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())
    analysis = run(KIND, bmt(shared_data), endpoint=["os", "dfs"], by="group")
    for endpoint in ("os", "dfs"):
        rows = output(analysis, "test", endpoint=endpoint).rows
        wanted = oracle[f"logrank_{endpoint}"]
        assert close(value(rows, "statistic", measure="log-rank", group=None), wanted["chisq"])
        assert close(value(rows, "p", measure="log-rank", group=None), wanted["p"])
        facts = output(analysis, "curves", endpoint=endpoint).facts
        assert facts["p_text_test"] == "log-rank"
        assert close(facts["p"], wanted["p"])
    pairs = output(analysis, "pairwise", endpoint="dfs").rows
    p = []
    for wanted in oracle["logrank_dfs_pairwise"]:
        first, second = wanted["pair"]
        assert close(value(pairs, "statistic", group=first, versus=second), wanted["chisq"])
        p.append(wanted["p"])
    assert pairs["p_adjusted"].to_list() == pytest.approx([2 * p[0], max(2 * p[0], p[1]), 3 * p[2]], rel=1e-8)


def test_stratified_by_hospital_agrees_with_r(shared_data: Path) -> None:
    analysis = run(KIND, bmt(shared_data), endpoint="dfs", by="group", stratum="hospital")
    test = output(analysis, "test")
    # survdiff(Surv(rfs_days, relapse_or_death) ~ disease_group + strata(hospital)); the entry of that name in
    # the reference file has hospital as one more factor.
    assert close(value(test.rows, "statistic", measure="log-rank", group=None), 10.7832473286028)
    assert test.facts["stratum_label"] == "Hospital"
    # Curves and differences are of the groups as they are, not of each hospital.
    assert set(output(analysis, "curves").rows["stratum"]) == {None}
    methods = {statement.name: statement.facts for statement in analysis.methods}
    assert methods["stratified_tests"]["label"] == "Hospital"
    assert methods["differences_at_times"]["crude"] is True


def test_gray_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    gray = json.loads((shared_oracles / "bmt.json").read_text())["cif"]["gray"]
    analysis = run(KIND, bmt(shared_data), endpoint=["relapse", "nrm"], by="group")
    for place, endpoint in enumerate(("relapse", "nrm")):
        rows = output(analysis, "test", endpoint=endpoint).rows
        assert close(value(rows, "statistic", measure="Gray", group=None), gray["stat"][place])
        assert close(value(rows, "p", measure="Gray", group=None), gray["p"][place])
        beside = rows.filter(pl.col("measure") == "cause-specific log-rank")
        assert beside["group"].to_list() == [None]
        assert beside["p"][0] != value(rows, "p", measure="Gray", group=None)
    methods = {statement.name: statement.facts for statement in analysis.methods}
    assert methods["cause_specific_logrank"]["beside_gray"] is True


def test_landmark_by_acute_gvhd_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())["landmark_100_dfs_by_agvhd"]
    at = ["365 days", "730 days", "1095 days"]  # R counts from the landmark: 265, 630, 995 days
    analysis = run(KIND, bmt(shared_data), endpoint="dfs", by="agvhd", landmark="100 days", at=at)
    assert finding(analysis, "landmark_patients").facts["n"] == oracle["n"]
    rows = output(analysis, "estimates", "landmark").rows
    for group, code in (("no", "0"), ("yes", "1")):
        wanted, part = oracle["km"][code], rows.filter(pl.col("group") == group)
        for name, theirs in (
            ("estimate", "survival"),
            ("std_error", "std_err"),
            ("low", "loglog_lower"),
            ("high", "loglog_upper"),
        ):
            assert all(close(a, b) for a, b in zip(part[name], wanted[theirs], strict=True))
        assert part["at_risk"].to_list() == wanted["n_risk"]
    median = output(analysis, "medians", "landmark").rows
    assert value(median, "estimate", group="no") == oracle["km"]["0"]["quantile"][1] + 100
    assert value(median, "estimate", group="yes") == oracle["km"]["1"]["quantile"][1] + 100
    test = output(analysis, "test", "landmark").rows
    assert close(value(test, "statistic", measure="log-rank", group=None), oracle["logrank"]["chisq"])
    assert close(value(test, "p", measure="log-rank", group=None), oracle["logrank"]["p"])
    assert not outputs(analysis, "test")


def test_the_guard_withholds_explains_and_runs_the_landmark() -> None:
    analysis = run(KIND, made(), endpoint="os", by="cr", landmark="6 months")
    refusal = finding(analysis, "guard_withheld")
    assert refusal.severity == "guard"
    assert refusal.facts == {
        "role": "group",
        "column": "cr",
        "column_label": "Remission",
        "known_at": "on cr_day",
        "known_on": "Day of remission",
        "endpoint": "os",
        "endpoint_label": "Overall survival",
        "time_zero": "transplantation",
        "reason": "known after the start",
        "remedy": "landmark",
        "remedies": ("landmark", "time-dependent"),
        "landmark": "6 months",
        "ran": ({"remedy": "landmark", "landmark": "6 months"},),
    }
    assert {each.variant for each in analysis.outputs} == {"landmark"}
    told = finding(analysis, "landmark_patients").facts
    assert told["n"] + sum(step["n"] for step in told["excluded"]) == told["before"] == 60
    assert {"landmark_method", "guard_method"} <= {statement.name for statement in analysis.methods}


def test_without_a_remedy_nothing_is_computed_and_the_study_goes_on() -> None:
    analysis = run(KIND, made(), endpoint="os", by=["cr", "sex"])
    assert {each.facts["by"] for each in analysis.outputs} == {"sex"}
    assert finding(analysis, "guard_withheld").facts["remedy"] is None


def test_a_landmark_does_not_help_where_nobody_recorded_when() -> None:
    analysis = run(KIND, made(), endpoint="os", by="ever", landmark="6 months")
    assert analysis.outputs == ()
    refusal = finding(analysis, "guard_withheld").facts
    assert (refusal["reason"], refusal["remedy"], refusal["remedies"]) == ("date not recorded", None, ())


def test_a_landmark_is_only_for_what_is_known_later() -> None:
    analysis = run(KIND, made(), endpoint="os", by=["sex", "cr"], landmark="6 months")
    assert {(each.facts["by"], each.variant) for each in analysis.outputs} == {
        ("sex", ""),
        ("cr", "landmark"),
    }


def test_the_naive_comparison_on_request() -> None:
    analysis = run(KIND, made(), endpoint="os", by="cr", landmark="6 months", naive="show", at="1 year")
    naive, right = output(analysis, "test", "naive"), output(analysis, "test", "landmark")
    shown = finding(analysis, "naive_shown")
    assert shown.severity == "guard"
    assert shown.facts["naive_p"] == value(naive.rows, "p", measure="log-rank", group=None)
    assert shown.facts["right_p"] == value(right.rows, "p", measure="log-rank", group=None)
    estimates = {
        variant: output(analysis, "estimates", variant).rows["estimate"].to_list()
        for variant in ("naive", "landmark")
    }
    assert [group["estimate"] for group in shown.facts["naive"]] == estimates["naive"]
    assert [group["estimate"] for group in shown.facts["right"]] == estimates["landmark"]
    said = [statement.facts.get("variant") for statement in analysis.findings]
    assert "naive" not in said
    alone = run(KIND, made(), endpoint="os", by="cr", naive="show", at="1 year")
    assert {each.variant for each in alone.outputs} == {"naive"}
    assert finding(alone, "naive_shown").facts["right"] == ()


def test_conditions_on_the_future_are_refused_as_groups_are() -> None:
    analysis = run(KIND, made(), endpoint="os", by="sex", where="cr")
    assert analysis.outputs == ()
    assert finding(analysis, "guard_withheld").facts["role"] == "filter"
    helped = run(KIND, made(), endpoint="os", by="sex", where="cr", landmark="6 months")
    assert {each.variant for each in helped.outputs} == {"landmark"}
    context = made()
    there = context.outcomes["os"].time > 182.625
    known = context.cohort.frame["cr"].to_numpy() & (context.cohort.frame["cr_day"].to_numpy() <= 182.625)
    assert sum(output(helped, "medians", "landmark").rows["at_risk"]) == int((there & known).sum())


def test_ordered_groups_get_a_trend() -> None:
    rows = output(run(KIND, made(), endpoint=["os"], by="risk"), "test").rows
    assert rows["measure"].unique(maintain_order=True).to_list() == ["log-rank", "log-rank trend"]
    trend = output(run(KIND, made(), endpoint=["relapse"], by="risk"), "test").rows
    assert "cause-specific log-rank trend" in trend["measure"].to_list()
    unordered = output(run(KIND, made(ordered=False), endpoint="os", by="risk"), "test").rows
    assert set(unordered["measure"]) == {"log-rank"}
    analysis = run(KIND, made(), endpoint="os", by="risk")
    assert finding(analysis, "groups_empty").facts["groups"] == ("none",)
    assert output(analysis, "test").facts["groups"] == ("low", "middle", "high")


def test_small_groups_are_permuted_with_the_seed_of_the_study() -> None:
    analysis = run(KIND, made(14), endpoint="os", by="sex")
    rows = output(analysis, "test").rows
    assert "permutation log-rank" in rows["measure"].to_list()
    told = finding(analysis, "small_groups").facts
    assert told["permutation"] is True
    assert "assignments" in next(s for s in analysis.methods if s.name == "permutation_test").facts["how"]
    many = run(KIND, made(60), endpoint="os", by="sex")
    assert "permutation log-rank" not in output(many, "test").rows["measure"].to_list()
    incidence = run(KIND, made(14), endpoint="relapse", by="sex")
    assert finding(incidence, "small_groups").facts["permutation"] is False


def test_not_significant_is_not_equivalent() -> None:
    context = made()
    for by in ("sex", "site", "risk"):
        analysis = run(KIND, context, endpoint="os", by=by, at=["1 year", "2 years"])
        p = output(analysis, "curves").facts["p"]
        if p < 0.05:
            assert "not_significant" not in named(analysis)
            continue
        told = finding(analysis, "not_significant").facts
        assert told["p"] == p
        rows = output(analysis, "difference").rows.filter(pl.col("level") == "2 years")
        assert [each["estimate"] for each in told["differences"]] == rows["estimate"].to_list()
        assert all(each["low"] < each["estimate"] < each["high"] for each in told["differences"])


def test_both_answers_occur_above() -> None:
    p = [output(run(KIND, made(), endpoint="os", by=by), "curves").facts["p"] for by in ("sex", "risk")]
    assert p[0] > 0.05 > p[1]


def test_one_group_only() -> None:
    analysis = run(KIND, made(), endpoint="os", by="sex", where="sex")
    told = finding(analysis, "fewer_than_two_groups").facts
    assert told["groups"] == ("yes",)
    assert not outputs(analysis, "test")
    assert outputs(analysis, "curves")


def test_nobody_had_the_event() -> None:
    columns = [Column("arm", "category", levels=("A", "B"), known_at=BASELINE)]
    cohort = cohort_of({"arm": ["A"] * 12 + ["B"] * 12}, columns)
    analysis = run(
        KIND,
        context_of(cohort, outcome_of([float(day) for day in range(1, 25)], [None] * 24)),
        endpoint="os",
        by="arm",
    )
    assert finding(analysis, "test_not_computable").facts["reason"] == "nobody had the event"
    assert output(analysis, "curves").facts["p"] is None
    assert "not_significant" not in named(analysis)


def test_delayed_entry_compares_hazards() -> None:
    analysis = run(KIND, made(entry=[10.0] * 60), endpoint="relapse", by="sex")
    rows = output(analysis, "test").rows
    assert set(rows["measure"]) == {"cause-specific log-rank"}
    assert "gray_needs_common_start" in named(analysis)
    methods = {statement.name: statement.facts for statement in analysis.methods}
    assert methods["cause_specific_logrank"]["beside_gray"] is False
    assert "gray_test" not in methods


def test_restricted_means(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())["overall_survival"]
    analysis = run(KIND, bmt(shared_data), endpoint="os", by="group", restricted_mean="1825 days")
    means = output(analysis, "restricted_means")
    for group in ("ALL", "AML low risk", "AML high risk"):
        mean = {"measure": "restricted mean", "group": group}
        assert close(value(means.rows, "estimate", **mean), oracle[group]["rmst"])
        assert close(value(means.rows, "std_error", **mean), oracle[group]["rmst_se"])
    pair = {"measure": "difference of restricted means", "group": "AML low risk", "versus": "ALL"}
    gap = oracle["AML low risk"]["rmst"] - oracle["ALL"]["rmst"]
    assert close(value(means.rows, "estimate", **pair), gap)
    assert set(means.rows["level"]) == {"1825 days"}


def test_restricted_means_are_shown_in_the_unit_and_from_the_landmark() -> None:
    context = made()
    analysis = run(KIND, context, endpoint="os", by="cr", landmark="6 months", restricted_mean="18 months")
    rows = output(analysis, "restricted_means", "landmark").rows
    lived = value(rows, "estimate", measure="restricted mean", group="no")
    assert 0.0 < lived < 1.0
    assert value(rows, "time", measure="restricted mean", group="no") == pytest.approx(1.5)
    plain = run(KIND, context, endpoint="os", by="sex", restricted_mean="2 years")
    ours = (
        output(plain, "restricted_means")
        .rows.filter(pl.col("measure") == "restricted mean")["estimate"]
        .to_list()
    )
    sex = ["yes" if male else "no" for male in context.cohort.frame["sex"]]
    table = context.outcomes["os"].table(group=sex, levels=("no", "yes"))
    theirs = restricted_mean(table, until=730.5).rows()["estimate"].to_numpy() / 365.25
    assert ours == pytest.approx(theirs.tolist())


def test_restricted_means_beyond_follow_up() -> None:
    analysis = run(KIND, made(), endpoint="os", by="sex", restricted_mean="30 years")
    assert finding(analysis, "restricted_mean_beyond_follow_up").facts["until"] == "30 years"
    assert not outputs(analysis, "restricted_means")


def test_weights_of_early_differences() -> None:
    rows = output(run(KIND, made(), endpoint="os", by="sex", rho=1), "test").rows
    assert "Fleming-Harrington (1, 0)" in rows["measure"].to_list()
    gray = output(run(KIND, made(), endpoint="relapse", by="sex", rho=1), "test").rows
    assert "Gray (rho 1)" in gray["measure"].to_list()


def test_several_comparisons_are_counted() -> None:
    analysis = run(KIND, made(), endpoint=["os", "relapse"], by=["sex", "site"])
    told = finding(analysis, "multiplicity").facts
    assert (told["comparisons"], told["analyses"]) == (4, 1)
    assert told["chance"] == pytest.approx(1 - 0.95**4)
    assert "multiplicity" not in named(run(KIND, made(), endpoint="os", by="sex"))


def test_patients_of_unknown_stratum_are_left_out_and_told() -> None:
    analysis = run(KIND, made(), endpoint="os", by="sex", stratum="site")
    assert sum(output(analysis, "medians").rows["at_risk"]) == 59
    assert finding(analysis, "group_unknown").facts["label"] == "Centre"


def test_pairs_may_be_left_out() -> None:
    assert outputs(run(KIND, made(), endpoint="os", by="risk"), "pairwise")
    assert not outputs(run(KIND, made(), endpoint="os", by="risk", pairwise=False), "pairwise")
    bh = output(run(KIND, made(), endpoint="os", by="risk", adjust="bh"), "pairwise")
    assert bh.facts["adjust"] == "bh"


def test_every_problem_at_once() -> None:
    told = "\n".join(
        problems(
            KIND,
            made(),
            endpoint="osx",
            by=["cr_day", "risk"],
            stratum="risk",
            at="x",
            restricted_mean="y",
            until="z",
            remedy="landmark",
        )
    )
    for words in (
        'there is no endpoint "osx"',
        '"cr_day" is a column of numbers: it makes no groups',
        '"risk" is both group and stratum',
        '"x" is not a length of time',
        '"y" is not a length of time',
        '"z" is not a length of time',
        "the program never picks one",
    ):
        assert words in told
    assert len(told.splitlines()) == 7


def test_something_must_be_compared() -> None:
    (told,) = problems(KIND, made(), endpoint="os", by=[])
    assert "no column is named to compare by" in told


@pytest.mark.parametrize("options", [{"rho": -1}, {"adjust": "sidak"}, {"naive": "yes"}, {"colour": "red"}])
def test_options_that_are_not_there(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        KIND.options(endpoint="os", by="sex", **options)
