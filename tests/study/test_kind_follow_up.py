"""Follow-up: reverse Kaplan-Meier against R's rule, range among survivors, Clark's completeness by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column
from remission.core.clock import Clock
from remission.study.kind import Context
from remission.study.kinds.follow_up import KIND
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    named,
    outcome_of,
    output,
    problems,
    run,
    value,
)

DAYS = [100.0, 200, 300, 400, 500, 600]
DIED = ["death", None, None, "death", None, None]
STARTED = [date(2010, 1, 1) + timedelta(days=50 * number) for number in range(6)]


def six(
    *, dates: bool = True, died: list[str | None] | None = None, entry: list[float] | None = None
) -> Context:
    columns = [
        Column("start", "date", known_at=BASELINE),
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
    ]
    cohort = cohort_of(
        {"start": STARTED, "arm": ["A", "A", "A", "B", "B", "B"]},
        columns,
        clock=Clock("days"),
        time_zero="start" if dates else None,
    )
    return context_of(cohort, outcome_of(DAYS, DIED if died is None else died, entry=entry))


def test_median_quartiles_and_range() -> None:
    rows = output(run(KIND, six()), "follow_up").rows
    numbers = {row["measure"]: row["estimate"] for row in rows.iter_rows(named=True)}
    # Censored at 200 (5 at risk), 300 (4), 500 (2), 600 (1): G = 0.8, 0.6, 0.3, 0.
    assert numbers["median follow-up"] == 500.0
    assert (numbers["q1"], numbers["q3"]) == (300.0, 600.0)
    assert (numbers["min"], numbers["max"]) == (200.0, 600.0)
    assert value(rows, "at_risk", measure="median follow-up") == 6
    assert value(rows, "censored", measure="median follow-up") == 4
    assert value(rows, "low", measure="median follow-up") == 200.0


def test_completeness_by_hand() -> None:
    rows = output(run(KIND, six()), "follow_up").rows
    start = np.array([50.0 * number for number in range(6)])
    closed = (start + DAYS).max()
    died = np.array([event is not None for event in DIED])
    possible = np.where(died, DAYS, closed - start)
    assert value(rows, "estimate", measure="completeness") == pytest.approx(sum(DAYS) / possible.sum())


def test_a_closing_date_cuts_what_came_after_it() -> None:
    closed = date(2010, 12, 31)
    analysis = run(KIND, six(), closed=closed)
    start = np.array([50.0 * number for number in range(6)])
    end = (closed - STARTED[0]).days
    possible = end - start
    observed = np.minimum(DAYS, possible)
    possible = np.where([event is not None for event in DIED], observed, possible)
    rows = output(analysis, "follow_up").rows
    assert value(rows, "estimate", measure="completeness") == pytest.approx(observed.sum() / possible.sum())
    facts = output(analysis, "follow_up").facts
    assert (facts["accrual_from"], facts["accrual_to"]) == ("2010-01-01", "2010-09-08")
    assert facts["closed"] == "2010-12-31"


def test_late_entrants_count_from_entry() -> None:
    rows = output(run(KIND, six(entry=[50.0] * 6)), "follow_up").rows
    start = np.array([50.0 * number for number in range(6)])
    closed = (start + DAYS).max()
    possible = np.where([event is not None for event in DIED], DAYS, closed - start)
    expected = (sum(DAYS) - 300) / (possible.sum() - 300)
    assert value(rows, "estimate", measure="completeness") == pytest.approx(expected)


def test_incomplete_follow_up_is_told() -> None:
    told = finding(run(KIND, six()), "follow_up_incomplete")
    assert told.severity == "warning"
    assert told.facts["groups"][0]["completeness"] < told.facts["below"] == 0.8


def test_ready_made_times_have_no_completeness() -> None:
    analysis = run(KIND, six(dates=False))
    rows = output(analysis, "follow_up").rows
    assert "completeness" not in rows["measure"].to_list()
    assert [statement.name for statement in analysis.methods] == ["follow_up_method"]
    assert output(analysis, "follow_up").facts["closed"] is None
    (told,) = problems(KIND, six(dates=False), closed=date(2020, 1, 1))
    assert "completeness needs dates" in told


def test_by_group() -> None:
    rows = output(run(KIND, six(), by="arm"), "follow_up").rows
    assert value(rows, "estimate", measure="max", group="A") == 300.0
    assert value(rows, "estimate", measure="min", group="B") == 500.0
    assert set(rows["group"]) == {"A", "B"}


def test_nobody_alive() -> None:
    analysis = run(KIND, six(died=["death"] * 6))
    rows = output(analysis, "follow_up").rows
    assert value(rows, "estimate", measure="median follow-up") is None
    assert value(rows, "estimate", measure="max") is None
    assert "nobody_alive" in named(analysis)


def test_overall_survival_is_found() -> None:
    context = six()
    failed = [event and "relapse or death" for event in DIED]
    relapse = outcome_of(DAYS, failed, endpoint="efs", label="EFS", causes=("relapse or death",))
    both = context_of(context.cohort, relapse, context.outcomes["os"])
    assert output(run(KIND, both), "follow_up").facts["endpoint"] == "os"
    assert output(run(KIND, both, endpoint="efs"), "follow_up").facts["endpoint"] == "efs"
    (told,) = problems(KIND, context_of(context.cohort, relapse))
    assert "no endpoint is named" in told


def test_times_are_shown_in_the_unit() -> None:
    context = six()
    cohort = cohort_of({"x": [1.0] * 6}, [Column("x", "number")], clock=Clock("months"))
    rows = output(run(KIND, context_of(cohort, context.outcomes["os"])), "follow_up").rows
    assert value(rows, "estimate", measure="max") == pytest.approx(600 / 30.4375)
    assert value(rows, "low", measure="median follow-up") == pytest.approx(200 / 30.4375)
    assert set(rows["unit"]) == {"months"}


def test_reverse_kaplan_meier_exchanges_events_and_censoring() -> None:
    rng = np.random.default_rng(2)
    time = rng.integers(1, 60, 80).astype(float)
    died = rng.random(80) < 0.4
    cohort = cohort_of({"x": [1.0] * 80}, [Column("x", "number")], clock=Clock("days"))
    rows = output(
        run(KIND, context_of(cohort, outcome_of(time, ["death" if d else None for d in died]))), "follow_up"
    ).rows
    survival, median = 1.0, None
    for day in np.unique(time):
        survival *= 1 - ((time == day) & ~died).sum() / (time >= day).sum()
        if survival < 0.5 and median is None:
            median = day
    assert value(rows, "estimate", measure="median follow-up") == median
    assert rows.filter(pl.col("measure") == "median follow-up").select(pl.col("low") <= pl.col("high"))[
        "low"
    ][0]
