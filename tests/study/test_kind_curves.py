"""Curves: R's numbers on real cohorts, times and numbers at risk by hand, stacks, and warnings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownOn
from remission.core.clock import Clock
from remission.study.kind import Context
from remission.study.kinds.curves import KIND
from remission.study.kinds.times import ticks_to
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


def close(ours: list[float], theirs: list[float]) -> bool:
    """Within 1e-8 of R."""
    return all(abs(a - b) <= 1e-8 * max(abs(b), 1e-6) for a, b in zip(ours, theirs, strict=True))


def seven(**changes: Any) -> Context:
    """Seven patients, years; one group of four and one of three."""
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B", "C"), known_at=BASELINE),
        Column("gvhd_day", "number", known_at=BASELINE, is_time=True),
        Column("gvhd", "yes/no", "Acute GVHD", known_at=KnownOn("gvhd_day")),
    ]
    data = {"arm": ["A"] * 4 + ["B"] * 3, "gvhd_day": [50.0] * 7, "gvhd": [True, False] * 3 + [True]}
    time = [100.0, 200, 365, 400, 50, 800, 900]
    died = ["death", None, "death", "death", "death", "death", None]
    outcome = outcome_of(time, died, **changes)
    first = ["relapse", None, "death without relapse", "relapse", "relapse", "relapse", None]
    return context_of(
        cohort_of(data, columns, clock=Clock("days")),
        outcome,
        outcome_of(time, first, endpoint="relapse", label="Relapse", causes=RELAPSE),
        outcome_of(time, first, endpoint="nrm", label="Non-relapse mortality", causes=RELAPSE[::-1]),
    )


def test_survival_of_bmt_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())["overall_survival"]
    times = [f"{day} days" for day in oracle["all"]["times"]]
    alone = run(KIND, bmt(shared_data), endpoint="os", at=times)
    grouped = run(KIND, bmt(shared_data), endpoint="os", by="group", at=times)
    for name, wanted in oracle.items():
        analysis = alone if name == "all" else grouped
        group = None if name == "all" else name
        rows = output(analysis, "estimates").rows.filter(pl.col("group").eq_missing(pl.lit(group)))
        assert close(rows["estimate"].to_list(), wanted["survival"])
        assert close(rows["std_error"].to_list(), wanted["std_err"])
        assert close(rows["low"].to_list(), wanted["loglog_lower"])
        assert close(rows["high"].to_list(), wanted["loglog_upper"])
        assert rows["at_risk"].to_list() == wanted["n_risk"]
        assert rows["level"].to_list() == times
        median = output(analysis, "medians").rows.filter(pl.col("group").eq_missing(pl.lit(group)))
        assert median.select("estimate", "low", "high").row(0) == (
            wanted["quantile"][1],
            wanted["quantile_lower"][1],
            wanted["quantile_upper"][1],
        )
        assert median.select("at_risk", "events").row(0) == (wanted["n"], wanted["events"])


def test_incidence_of_bmt_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())["cif"]
    times = [f"{day} days" for day in oracle["times"]]
    analysis = run(KIND, bmt(shared_data), endpoint=["relapse", "nrm"], by="group", at=times)
    for endpoint, cause in (("relapse", "1"), ("nrm", "2")):
        rows = output(analysis, "estimates", endpoint=endpoint).rows
        for group in ("ALL", "AML low risk", "AML high risk"):
            place = oracle["curves"].index(f"{group} {cause}")
            part = rows.filter(pl.col("group") == group)
            assert close(part["estimate"].to_list(), oracle["est"][place])
            assert close((part["std_error"] ** 2).to_list(), oracle["var"][place])


def test_the_usual_times_as_far_as_patients_were_followed() -> None:
    rows = output(run(KIND, seven(), endpoint="os"), "estimates").rows
    assert rows["level"].to_list() == ["100 days", "1 year", "2 years"]
    assert rows["time"].to_list() == [100.0, 365.25, 730.5]


def test_steps_start_at_time_zero_and_times_are_shown_in_years() -> None:
    context = seven()
    years = context_of(cohort_of({"x": [1.0] * 7}, [Column("x", "number")]), context.outcomes["os"])
    rows = output(run(KIND, years, endpoint="os"), "curves").rows
    assert rows["time"][0] == 0.0
    assert rows.row(0, named=True)["estimate"] == 1.0
    assert rows["time"][1:].to_list() == [day / 365.25 for day in (50, 100, 200, 365, 400, 800, 900)]
    assert set(rows["unit"]) == {"years"}
    assert rows["censored"].to_list() == [0, 0, 0, 1, 1, 1, 1, 2]


def test_an_analysis_may_show_its_times_in_another_unit() -> None:
    analysis = run(KIND, seven(), endpoint="os", unit="weeks", at="100 days")
    assert output(analysis, "curves").facts["unit"] == "weeks"
    assert output(analysis, "curves").rows["time"].max() == pytest.approx(900 / 7)
    assert output(analysis, "estimates").rows["time"].to_list() == pytest.approx([100 / 7])
    assert output(analysis, "medians").rows["estimate"][0] == pytest.approx(400 / 7)


def test_numbers_at_risk_are_those_just_before_the_tick() -> None:
    analysis = run(KIND, seven(), endpoint="os", by="arm", until="800 days")
    rows = output(analysis, "at_risk").rows
    assert output(analysis, "at_risk").facts["ticks"] == (0.0, 200.0, 400.0, 600.0, 800.0)
    assert rows.filter(pl.col("group") == "A")["at_risk"].to_list() == [4, 3, 1, 0, 0]
    assert rows.filter(pl.col("group") == "B")["at_risk"].to_list() == [3, 2, 2, 2, 2]


@pytest.mark.parametrize(
    ("until", "unit", "ticks"),
    [
        (4.2, "years", (0, 1, 2, 3, 4)),
        (5.0, "years", (0, 1, 2, 3, 4, 5)),
        (60.0, "months", (0, 12, 24, 36, 48, 60)),
        (100.0, "days", (0, 20, 40, 60, 80, 100)),
        (0.4, "years", (0, 0.1, 0.2, 0.3, 0.4)),
        (0.115, "years", (0, 0.02, 0.04, 0.06, 0.08, 0.1)),
        (0.0, "days", (0,)),
        (400.0, "years", (0, 80, 160, 240, 320, 400)),
    ],
)
def test_ticks_are_round(until: float, unit: Any, ticks: tuple[float, ...]) -> None:
    assert ticks_to(until, unit) == ticks


def test_reliable_as_long_as_five_are_at_risk_or_nobody_was_censored() -> None:
    facts = output(run(KIND, seven(), endpoint="os"), "curves").facts
    assert facts["reliable_until"] == {"": 200.0}
    grouped = output(run(KIND, seven(), endpoint="os", by="arm"), "curves").facts
    assert grouped["reliable_until"] == {"A": 200.0, "B": 900.0}
    assert (grouped["groups"], grouped["by_label"], grouped["p_text_test"]) == (("A", "B"), "Arm", None)


def test_beyond_follow_up_there_is_no_estimate() -> None:
    analysis = run(KIND, seven(), endpoint="os", by="arm", at=["1 year", "5 years"])
    rows = output(analysis, "estimates").rows
    late = {"level": "5 years"}
    assert value(rows, "estimate", **late, group="B") is None
    assert value(rows, "at_risk", **late, group="B") == 0
    # Everybody in A had died or left by day 400, the last one by dying: 0 % is an answer, for good.
    assert value(rows, "estimate", **late, group="A") == 0.0
    told = finding(analysis, "beyond_follow_up")
    assert told.facts["times"] == ({"group": "B", "at": "5 years", "last": 900.0, "unit": "days"},)
    few = finding(analysis, "few_at_risk").facts["times"]
    # Nobody in B was censored before one year: its value there is a plain proportion of three.
    assert few == ({"group": "A", "at": "1 year", "at_risk": 1},)


def test_few_events_and_medians() -> None:
    analysis = run(KIND, seven(), endpoint="os", by="arm")
    assert finding(analysis, "few_events").facts["groups"] == (
        {"group": "A", "n": 4, "events": 3},
        {"group": "B", "n": 3, "events": 2},
    )
    assert finding(analysis, "groups_empty").facts["groups"] == ("C",)
    assert "median_not_reached" not in named(analysis)


def test_all_censored() -> None:
    context = context_of(
        cohort_of({"x": [1.0, 2, 3]}, [Column("x", "number")]), outcome_of([10.0, 20, 30], [None] * 3)
    )
    analysis = run(KIND, context, endpoint="os")
    assert finding(analysis, "no_events").facts["everywhere"] is True
    assert finding(analysis, "median_not_reached").facts["groups"] == (None,)
    assert set(output(analysis, "curves").rows["estimate"]) == {1.0}


def test_one_event_only() -> None:
    context = context_of(
        cohort_of({"x": [1.0, 2, 3]}, [Column("x", "number")]),
        outcome_of([10.0, 20, 30], [None, "death", None]),
    )
    analysis = run(KIND, context, endpoint="os", at="25 days")
    assert finding(analysis, "few_events").facts["groups"] == ({"group": None, "n": 3, "events": 1},)
    assert output(analysis, "estimates").rows["estimate"].to_list() == [0.5]


def test_nobody() -> None:
    context = context_of(cohort_of({"x": [1.0]}, [Column("x", "number")]), outcome_of([], []))
    analysis = run(KIND, context, endpoint="os")
    assert analysis.outputs == ()
    assert named(analysis) == {"nobody_to_analyse"}


def test_events_on_day_zero_lower_the_start() -> None:
    context = context_of(
        cohort_of({"x": [1.0] * 4}, [Column("x", "number")]),
        outcome_of([0.0, 10, 20, 30], ["death", "death", None, None]),
    )
    analysis = run(KIND, context, endpoint="os")
    rows = output(analysis, "curves").rows
    assert rows.select("time", "estimate").row(0) == (0.0, 0.75)
    assert finding(analysis, "events_at_time_zero").facts["n"] == 1


def test_delayed_entry() -> None:
    context = context_of(
        cohort_of({"x": [1.0] * 6}, [Column("x", "number")], clock=Clock("days")),
        outcome_of([40.0, 50, 60, 70, 80, 90], ["death", None] * 3, entry=[30.0, 30, 30, 55, 55, 75]),
    )
    analysis = run(KIND, context, endpoint="os", at=["20 days", "65 days"])
    curve = output(analysis, "curves")
    assert curve.rows["time"][0] == 30.0
    assert curve.rows.filter(pl.col("time") == 60.0)["at_risk"].to_list() == [3.0]
    assert finding(analysis, "before_start").facts["times"] == ("20 days",)
    assert output(analysis, "estimates").rows["level"].to_list() == ["65 days"]
    at_risk = output(analysis, "at_risk").rows
    assert at_risk["time"].to_list()[0] >= 30.0
    assert "delayed_entry" in {statement.name for statement in analysis.methods}


def test_thin_start_under_delayed_entry() -> None:
    entry = [0.0, *[20.0] * 9]
    context = context_of(
        cohort_of({"x": [1.0] * 10}, [Column("x", "number")]),
        outcome_of([10.0, *[50.0 + day for day in range(9)]], ["death"] * 5 + [None] * 5, entry=entry),
    )
    assert finding(run(KIND, context, endpoint="os"), "early_risk_set_small").facts["groups"] == (None,)


def test_jackknife_with_delayed_entry() -> None:
    cohort = cohort_of(
        {"arm": ["A", "B", "A", "B", None, "A"]},
        [Column("arm", "category", levels=("A", "B"), known_at=BASELINE)],
    )
    relapse = outcome_of(
        [40.0, 50, 60, 70, 80, 90],
        ["relapse", None, "death without relapse", "relapse", None, "relapse"],
        endpoint="relapse",
        causes=RELAPSE,
        entry=[10.0] * 6,
    )
    context = context_of(cohort, relapse, variance="jackknife")
    rows = output(run(KIND, context, endpoint="relapse", by="arm", at="75 days"), "estimates").rows
    # Everybody enters before the first event, so the jackknife is the delta method without entry.
    plain = context_of(
        cohort, outcome_of(relapse.time, relapse.event, endpoint="relapse", causes=RELAPSE), variance="delta"
    )
    reference = output(run(KIND, plain, endpoint="relapse", by="arm", at="75 days"), "estimates").rows
    assert rows["estimate"].to_list() == pytest.approx(reference["estimate"].to_list())
    assert rows["std_error"].to_list() == pytest.approx(reference["std_error"].to_list())


def test_relapse_and_its_competitor_are_stacked() -> None:
    analysis = run(KIND, seven(), endpoint=["os", "relapse", "nrm"])
    stack = output(analysis, "stack")
    assert stack.facts["endpoint_labels"] == {
        "relapse": "Relapse",
        "death without relapse": "Non-relapse mortality",
    }
    assert stack.facts["endpoints"] == ("relapse", "nrm")
    assert set(stack.rows["measure"]) == {"incidence", "event-free"}
    assert set(stack.rows.filter(pl.col("measure") == "event-free")["cause"]) == {None}
    pfs = [1.0, 6 / 7, 5 / 7, 5 / 7, 5 / 7 * 3 / 4, 5 / 7 / 2, 5 / 7 / 4, 5 / 7 / 4]
    free = stack.rows.filter(pl.col("measure") == "event-free")["estimate"].to_list()
    assert free == pytest.approx(pfs)
    assert not outputs(run(KIND, seven(), endpoint=["os", "relapse"]), "stack")


def test_stack_of_bmt_adds_up(shared_data: Path) -> None:
    analysis = run(KIND, bmt(shared_data), endpoint=["relapse", "nrm"], by="group")
    rows = output(analysis, "stack").rows
    totals = rows.group_by("time").agg(pl.col("estimate").sum())
    assert np.allclose(totals["estimate"].to_numpy(), 1.0, atol=1e-12)


days = st.integers(0, 12).map(float)
happened = st.sampled_from([None, *RELAPSE])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(days, happened), min_size=1, max_size=30))
def test_stacks_add_up_to_one(rows: list[tuple[float, str | None]]) -> None:
    time, event = [row[0] for row in rows], [row[1] for row in rows]
    context = context_of(
        cohort_of({"x": [1.0] * len(rows)}, [Column("x", "number")], clock=Clock("days")),
        outcome_of(time, event, endpoint="relapse", causes=RELAPSE),
        outcome_of(time, event, endpoint="nrm", causes=RELAPSE[::-1]),
    )
    stack = output(run(KIND, context, endpoint=["nrm", "relapse"]), "stack").rows
    totals = stack.group_by("time").agg(pl.col("estimate").sum(), pl.len())
    assert np.allclose(totals["estimate"].to_numpy(), 1.0, atol=1e-12)
    assert set(totals["len"]) == {3}


def test_groups_known_later_are_withheld_and_nothing_is_drawn() -> None:
    analysis = run(KIND, seven(), endpoint="os", by="gvhd")
    assert analysis.outputs == ()
    refusal = finding(analysis, "guard_withheld").facts
    assert (refusal["remedy"], refusal["landmark"]) == (None, None)
    assert refusal["remedies"] == ("landmark", "time-dependent")
    assert (refusal["known_at"], refusal["known_on"]) == ("on gvhd_day", "gvhd_day")


def test_the_landmark_is_drawn_instead() -> None:
    analysis = run(KIND, seven(), endpoint="os", by="gvhd", landmark="60 days", naive="show", at="1 year")
    curve = output(analysis, "curves", "landmark")
    assert curve.facts["landmark"] == "60 days"
    assert curve.rows["time"].min() == 60.0
    assert outputs(analysis, "curves", "naive")
    shown = finding(analysis, "naive_shown").facts
    assert (shown["naive_p"], shown["right_p"]) == (None, None)
    assert [group["n"] for group in shown["naive"]] == [3, 4]
    assert [group["n"] for group in shown["right"]] == [3, 3]
    assert shown["at"] == "1 year"


def test_conditions_choose_patients() -> None:
    analysis = run(KIND, seven(), endpoint="os", where="arm = 'A'")
    assert output(analysis, "medians").rows["at_risk"].to_list() == [4.0]
    assert finding(analysis, "only_some_patients").facts["n"] == 4


def test_every_problem_at_once() -> None:
    told = problems(
        KIND,
        seven(),
        endpoint=["oss", "os", "os"],
        by="armm",
        at=["1 yeer", "1 year"],
        until="soon",
        remedy="time-dependent",
        landmark="0 days",
        where="arms = 'A'",
    )
    text = "\n".join(told)
    assert 'there is no endpoint "oss"' in text
    assert 'Did you mean "os"?' in text
    assert '"os" is named twice' in text
    assert 'there is no column "armm"' in text
    assert '"1 yeer" is not a length of time' in text
    assert '"soon" is not a length of time' in text
    assert '"time-dependent" is a remedy of comparisons' in text
    assert "a landmark lies after time zero" in text
    assert 'there is no declared column "arms"' in text
    assert len(told) == 8


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"remedy": "landmark"}, "the program never picks one"),
        ({"remedy": "censoring"}, 'there is no remedy "censoring"'),
        ({"remedy": "delayed entry"}, "is a remedy of comparisons"),
        ({"landmark": "later"}, '"later" is not a length of time'),
    ],
)
def test_remedies_that_cannot_run(options: dict[str, str], words: str) -> None:
    (told,) = problems(KIND, seven(), endpoint="os", by="gvhd", **options)
    assert words in told


def test_patients_who_entered_after_the_landmark() -> None:
    context = seven(entry=[0.0, 0, 100, 0, 0, 0, 0])
    (told,) = problems(KIND, context, endpoint="os", by="gvhd", landmark="60 days")
    assert "only after the landmark of 60 days (id 3). Choose a later landmark." in told


def test_before_the_first_event_there_are_no_limits() -> None:
    """100 % of four patients is not certain, though R prints limits of 100 % there."""
    rows = output(run(KIND, seven(), endpoint="os", by="arm", at=["40 days", "150 days"]), "estimates").rows
    early = rows.filter(pl.col("level") == "40 days")
    assert early["estimate"].to_list() == [1.0, 1.0]
    assert early["low"].null_count() == early["high"].null_count() == 2
    assert rows.filter(pl.col("level") == "150 days")["low"].null_count() == 0
    none = output(run(KIND, seven(), endpoint="nrm", at="40 days"), "estimates").rows
    assert none["estimate"].to_list() == [0.0]
    assert none["high"].to_list() == [None]
