"""Landmark analyses: who is still there, both time axes, those event-free against the rest."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownAfter, KnownOn
from remission.core.clock import Clock, Duration
from remission.core.problems import InputError
from remission.study.kind import Context
from remission.study.kinds.landmark import KIND
from remission.study.kinds.landmark_times import read_time
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

YEAR = 365.25


def nine() -> Context:
    """Nine patients; years of death or last contact, and of relapse."""
    columns = [
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("gvhd_day", "number", known_at=BASELINE, is_time=True),
        Column("gvhd", "yes/no", "GVHD", known_at=KnownOn("gvhd_day")),
        Column("mrd", "yes/no", "MRD", known_at=KnownAfter(Duration(2, "years"))),
    ]
    data = {
        "arm": ["A", "B"] * 4 + ["A"],
        "gvhd_day": [30.0, 30, 30, 30, 500, 30, 30, None, None],
        "gvhd": [True, True, False, False, True, True, False, False, None],
        "mrd": [True] * 9,
    }
    years = [0.5, 0.8, 1.0, 2.0, 3.0, 6.0, 7.0, 4.0, 5.5]
    died = ["death", None, "death", "death", "death", "death", None, None, None]
    pfs_years = [0.4, 0.8, 0.9, 0.7, 2.5, 6.0, 7.0, 0.6, 5.5]
    failed = ["relapse or death", None, *["relapse or death"] * 4, None, None, None]
    return context_of(
        cohort_of(data, columns, clock=Clock("years")),
        outcome_of([YEAR * year for year in years], died),
        outcome_of(
            [YEAR * year for year in pfs_years],
            failed,
            endpoint="pfs",
            label="Progression-free survival",
            causes=("relapse or death",),
        ),
    )


def test_who_is_still_there() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months")
    told = finding(analysis, "landmark_patients").facts
    # Dying on the day of the landmark is dying before it.
    assert (told["before"], told["n"]) == (9, 6)
    assert told["excluded"] == (
        {"reason": "death by 12 months", "n": 2},
        {"reason": "follow-up ended by 12 months", "n": 1},
    )
    assert output(analysis, "medians", axis="time zero").rows["at_risk"].to_list() == [6.0]


def test_among_those_event_free() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", among="event-free by pfs")
    told = finding(analysis, "landmark_patients").facts
    assert (told["n"], told["among_label"]) == (4, "Progression-free survival")
    assert {step["reason"]: step["n"] for step in told["excluded"]} == {
        "death by 12 months": 2,
        "follow-up ended by 12 months": 1,
        "Progression-free survival: relapse or death by 12 months": 1,
        "Progression-free survival: follow-up ended by 12 months": 1,
    }
    assert "among those event-free (Progression-free survival)" in analysis.title


def test_both_axes() -> None:
    at = ["5 years from transplant", "5 years from landmark"]
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", at=at)
    zero, late = (output(analysis, "estimates", axis=axis).rows for axis in ("time zero", "landmark"))
    assert zero.select("level", "time").row(0) == ("5 years from transplantation", 5.0)
    assert late.select("level", "time").row(0) == ("5 years from the landmark", 5.0)
    # 5 years after time zero: 2 of 6 dead (2 and 3 years); 5 years after the landmark that at year 6 as well.
    assert zero["estimate"][0] == pytest.approx(4 / 6)
    assert late["estimate"][0] == pytest.approx(4 / 6 * 1 / 2)
    drawn = {axis: output(analysis, "curves", axis=axis) for axis in ("time zero", "landmark")}
    assert drawn["time zero"].rows["time"][0] == 1.0
    assert drawn["landmark"].rows["time"][0] == 0.0
    shifted = [time + 1.0 for time in drawn["landmark"].rows["time"]]
    assert drawn["time zero"].rows["time"].to_list() == pytest.approx(shifted)
    assert drawn["time zero"].rows["estimate"].to_list() == drawn["landmark"].rows["estimate"].to_list()
    at_risk = output(analysis, "at_risk", axis="landmark").rows
    assert value(at_risk, "at_risk", time=0.0) == 6
    assert output(analysis, "at_risk", axis="time zero").rows["time"].min() >= 1.0
    medians = [
        output(analysis, "medians", axis=axis).rows["estimate"][0] for axis in ("time zero", "landmark")
    ]
    assert medians[0] - medians[1] == pytest.approx(1.0)


def test_times_without_an_origin_are_given_on_both_axes() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", at="3 years")
    levels = [
        output(analysis, "estimates", axis=axis).rows["level"].to_list() for axis in ("time zero", "landmark")
    ]
    assert levels == [["3 years from transplantation"], ["3 years from the landmark"]]
    usual = run(KIND, nine(), endpoint="os", landmark="12 months")
    assert output(usual, "estimates", axis="time zero").rows["level"].to_list() == [
        "2 years from transplantation",
        "3 years from transplantation",
        "5 years from transplantation",
    ]
    assert output(usual, "estimates", axis="landmark").rows["level"][0] == "100 days from the landmark"


def test_event_free_against_the_rest() -> None:
    analysis = run(
        KIND, nine(), endpoint="os", landmark="12 months", among="event-free by pfs", versus="rest"
    )
    free, had = "event-free (progression-free survival)", "had the event (progression-free survival)"
    sizes = output(analysis, "medians", axis="time zero").rows
    assert dict(zip(sizes["group"], sizes["at_risk"], strict=True)) == {free: 4.0, had: 1.0}
    unknown = finding(analysis, "group_unknown").facts
    assert (unknown["n"], unknown["total"]) == (1, 6)
    assert output(analysis, "test").rows["measure"][0] == "log-rank"
    assert "small_groups" in named(analysis)
    assert output(analysis, "difference").facts["by_label"] == "State at 12 months"


def test_groups_are_those_known_at_the_landmark() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", by="gvhd")
    sizes = output(analysis, "medians", axis="time zero").rows
    # GVHD came on day 500 in one: at one year the answer was no. It is unknown in one.
    assert dict(zip(sizes["group"], sizes["at_risk"], strict=True)) == {"no": 4.0, "yes": 1.0}
    assert "guard_withheld" not in named(analysis)
    assert {each.variant for each in analysis.outputs} == {""}


def test_groups_known_only_after_the_landmark_are_withheld() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", by="mrd")
    assert analysis.outputs == ()
    assert finding(analysis, "guard_withheld").facts["reason"] == "known after the landmark"


def test_landmark_of_bmt_agrees_with_r(shared_data: Path, shared_oracles: Path) -> None:
    oracle = json.loads((shared_oracles / "bmt.json").read_text())["landmark_100_dfs_by_agvhd"]
    at = [f"{day} days from landmark" for day in oracle["km"]["0"]["times"]]
    analysis = run(KIND, bmt(shared_data), endpoint="dfs", landmark="day 100", by="agvhd", at=at)
    rows = output(analysis, "estimates", axis="landmark").rows
    for group, code in (("no", "0"), ("yes", "1")):
        part = rows.filter(pl.col("group") == group)
        assert part["estimate"].to_list() == pytest.approx(oracle["km"][code]["survival"], rel=1e-8)
        assert part["std_error"].to_list() == pytest.approx(oracle["km"][code]["std_err"], rel=1e-8)
        median = value(output(analysis, "medians", axis="landmark").rows, "estimate", group=group)
        assert median == oracle["km"][code]["quantile"][1]
    p = value(output(analysis, "test").rows, "p", measure="log-rank", group=None)
    assert p == pytest.approx(oracle["logrank"]["p"], rel=1e-8)


def test_event_free_and_relapse_of_bmt(shared_data: Path) -> None:
    analysis = run(
        KIND, bmt(shared_data), endpoint="os", landmark="12 months", among="event-free by dfs", versus="rest"
    )
    sizes = output(analysis, "medians", axis="time zero").rows["at_risk"].to_list()
    rows = pl.read_csv(shared_data / "transplant" / "bmt.csv")
    alive = rows.filter(pl.col("os_days") > 365)
    free = alive.filter(pl.col("rfs_days") > 365).height
    had = alive.filter((pl.col("rfs_days") <= 365) & (pl.col("relapse_or_death") == 1)).height
    assert sizes == [free, had]


def test_nobody_is_left() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="20 years")
    assert analysis.outputs == ()
    assert "nobody_to_analyse" in named(analysis)


days = st.integers(1, 40).map(float)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=25), st.integers(1, 30))
def test_survival_from_a_landmark_is_conditional_survival(
    rows: list[tuple[float, bool]], landmark: int
) -> None:
    time = [row[0] for row in rows]
    context = context_of(
        cohort_of({"x": [1.0] * len(rows)}, [Column("x", "number")], clock=Clock("days")),
        outcome_of(time, ["death" if row[1] else None for row in rows]),
    )
    analysis = run(KIND, context, endpoint="os", landmark=f"{landmark} days", at="35 days from time zero")
    there = [row for row in rows if row[0] > landmark]
    if not there:
        assert analysis.outputs == ()
        return
    survival = 1.0
    for day in sorted({row[0] for row in there}):
        if day <= 35:
            at_risk = sum(row[0] >= day for row in there)
            survival *= 1 - sum(row[0] == day and row[1] for row in there) / at_risk
    found = output(analysis, "estimates", axis="time zero").rows["estimate"][0]
    last = max(row[0] for row in there)
    if found is None:
        assert last < 35
    else:
        assert found == pytest.approx(survival)


def test_words_of_the_origin() -> None:
    assert read_time("5 years from the landmark", "transplantation").axis == "landmark"
    assert read_time("5 years from transplantation", "transplantation").axis == "time zero"
    assert read_time("5 years from time zero", "transplantation").axis == "time zero"
    assert read_time("5 years", "transplantation").axis is None
    with pytest.raises(InputError, match="not from"):
        read_time("5 years from diagnosis", "transplantation")
    with pytest.raises(InputError, match="not a length of time"):
        read_time("5 yrs from landmark", "transplantation")


def test_every_problem_at_once() -> None:
    told = "\n".join(
        problems(
            KIND,
            nine(),
            endpoint="oss",
            landmark="soon",
            among="event free by pfs",
            versus="rest",
            by="arm",
            at=["5 years from birth"],
            until="never",
        )
    )
    for words in (
        'there is no endpoint "oss"',
        '"soon" is not a length of time',
        '"event free by pfs" is not understood',
        "patients cannot be grouped by a column and by `versus` at once",
        'not from "birth"',
        '"never" is not a length of time',
    ):
        assert words in told
    assert len(told.splitlines()) == 6


def test_among_and_versus_need_each_other() -> None:
    (told,) = problems(KIND, nine(), endpoint="os", landmark="1 year", versus="rest")
    assert "there is nothing to hold the rest against" in told
    (told,) = problems(KIND, nine(), endpoint="os", landmark="1 year", among="event-free by pfss")
    assert 'Did you mean "pfs"?' in told


def test_one_endpoint_gives_each_output_once_per_axis() -> None:
    analysis = run(KIND, nine(), endpoint="os", landmark="12 months", by="arm")
    names = ("curves", "at_risk", "estimates", "medians", "test", "difference")
    assert [len(outputs(analysis, name)) for name in names] == [2, 2, 2, 2, 1, 1]
