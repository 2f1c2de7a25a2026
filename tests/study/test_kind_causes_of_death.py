"""Causes of death: counts among the dead, the unknown shown, contradictions told."""

from __future__ import annotations

import polars as pl
import pytest

from remission.cohort.column import Column, KnownLater, KnownOn
from remission.study.kind import Context
from remission.study.kinds.causes_of_death import KIND
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

CAUSES = ("leukaemia", "infection", "GVHD")


def eight() -> Context:
    columns = [
        Column("cause", "category", "Cause of death", levels=CAUSES, known_at=KnownOn("day")),
        Column("day", "number", known_at=KnownLater(), is_time=True),
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("gvhd", "yes/no", "Acute GVHD", known_at=KnownOn("day")),
        Column("age", "number", known_at=BASELINE),
    ]
    data = {
        "cause": ["leukaemia", "leukaemia", "infection", None, "GVHD", None, None, None],
        "day": [10.0] * 8,
        "arm": ["A", "B", "A", "B", "A", "A", None, "B"],
        "gvhd": [True, False, True, False, True, True, False, False],
        "age": [1.0] * 8,
    }
    died = ["death", "death", "death", "death", None, None, "death", None]
    return context_of(cohort_of(data, columns), outcome_of([10.0] * 8, died))


def test_counts_are_of_the_dead() -> None:
    rows = output(run(KIND, eight(), column="cause"), "causes_of_death").rows
    counts = rows.filter(pl.col("measure") == "count")
    assert dict(zip(counts["level"], counts["estimate"], strict=True)) == {
        "leukaemia": 2,
        "infection": 1,
        "GVHD": 0,
        "unknown": 2,
    }
    assert value(rows, "estimate", level="leukaemia", measure="percent") == pytest.approx(40.0)
    shares = rows.filter(pl.col("measure") == "percent")["estimate"]
    assert shares.sum() == pytest.approx(100.0)


def test_by_group() -> None:
    analysis = run(KIND, eight(), column="cause", by="arm")
    table = output(analysis, "causes_of_death")
    assert table.facts["sizes"] == {"A": 2, "B": 2}
    assert (table.facts["total"], table.facts["patients"]) == (5, 8)
    assert value(table.rows, "estimate", level="infection", group="A", measure="percent") == 50.0
    assert value(table.rows, "estimate", level="unknown", group="B", measure="count") == 1
    assert value(table.rows, "estimate", level="unknown", group=None, measure="count") == 2
    assert finding(analysis, "group_unknown").facts["n"] == 1


def test_contradictions_are_told() -> None:
    analysis = run(KIND, eight(), column="cause")
    living = finding(analysis, "cause_of_death_in_the_living")
    assert (living.severity, living.facts["n"], living.facts["alive"]) == ("warning", 1, 3)
    without = finding(analysis, "death_without_cause").facts
    assert (without["n"], without["deaths"]) == (2, 5)


def test_groups_known_later_are_flagged_among_the_dead() -> None:
    analysis = run(KIND, eight(), column="cause", by="gvhd")
    assert finding(analysis, "known_after_time_zero").facts["variables"][0]["label"] == "Acute GVHD"
    assert output(analysis, "causes_of_death").facts["groups"] == ("no", "yes")


def test_conditions() -> None:
    analysis = run(KIND, eight(), column="cause", where="arm = 'A'")
    assert output(analysis, "causes_of_death").facts["total"] == 2
    assert finding(analysis, "only_some_patients").facts["unknown"] == 1
    refused = run(KIND, eight(), column="cause", where="gvhd")
    assert (refused.outputs, named(refused)) == ((), {"guard_withheld"})


def test_nobody_died() -> None:
    context = eight()
    alive = context_of(context.cohort, outcome_of([10.0] * 8, [None] * 8))
    table = output(run(KIND, alive, column="cause"), "causes_of_death")
    assert table.facts["total"] == 0
    assert set(table.rows.filter(pl.col("measure") == "percent")["estimate"]) == {None}


def test_every_problem_at_once() -> None:
    context = eight()
    efs = outcome_of([1.0], [None], endpoint="efs", causes=("relapse or death",))
    told = "\n".join(problems(KIND, context_of(context.cohort, efs), column="age", by="armm", where="x = 1"))
    for words in (
        '"age" is no category',
        "no endpoint tells who died",
        'there is no column "armm"',
        'there is no declared column "x"',
    ):
        assert words in told
    (told,) = problems(KIND, context, column="causes")
    assert 'Did you mean "cause"?' in told
    (told,) = problems(KIND, context, column="cause", endpoint="oss")
    assert 'there is no endpoint "oss"' in told
