"""Table 1: counts, percentages, quartiles, what is missing, tests, and the guard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownAfter, KnownLater
from remission.core.clock import Clock, Duration
from remission.study.kind import Context
from remission.study.kinds.characteristics import KIND
from tests.study.kinds_by_hand import (
    BASELINE,
    bmt,
    cohort_of,
    context_of,
    finding,
    named,
    output,
    problems,
    run,
    value,
)

GRAFTS = ("cord blood", "bone marrow", "peripheral blood")


def patients() -> Context:
    columns = [
        Column("age", "number", "Age", unit="years", known_at=BASELINE),
        Column("graft", "category", "Graft source", levels=GRAFTS, known_at=BASELINE),
        Column("male", "yes/no", "Male", known_at=BASELINE),
        Column("wait", "number", "Waiting", known_at=BASELINE, is_time=True),
        Column("gvhd", "yes/no", "Acute GVHD", known_at=KnownAfter(Duration(100, "days"))),
        Column("seen", "date", "Seen", known_at=BASELINE),
        Column("note", "text", "Note", known_at=BASELINE),
        Column("grade", "category", "Grade", levels=("1", "2")),
        Column("late", "yes/no", "Late effect", known_at=KnownLater()),
    ]
    data = {
        "age": [30, 40, 50, 60, None, 20, 25, 35],
        "graft": [*["cord blood"] * 4, *["bone marrow"] * 3, None],
        "male": [True, False, True, True, None, False, False, True],
        "wait": [365.25, 730.5, 365.25, 365.25, 0, 0, 0, 0],
        "gvhd": [True] * 4 + [False] * 4,
        "seen": [date(2020, 1, 1)] * 8,
        "note": ["well"] * 8,
        "grade": ["1"] * 8,
        "late": [None] * 8,
    }
    return context_of(cohort_of(data, columns, clock=Clock("years")))


def test_counts_percentages_and_missing() -> None:
    analysis = run(KIND, patients(), by="graft")
    rows = output(analysis, "characteristics").rows
    one = {"term": "male", "group": "cord blood", "level": "yes"}
    assert value(rows, "estimate", **one, measure="count") == 3
    assert value(rows, "estimate", **one, measure="percent") == pytest.approx(75.0)
    assert value(rows, "estimate", term="male", group="bone marrow", measure="missing") == 1
    known = {"term": "male", "group": "bone marrow", "level": "no"}
    assert value(rows, "estimate", **known, measure="percent") == pytest.approx(100.0)
    everybody = {"term": "male", "group": None, "level": "yes"}
    assert value(rows, "estimate", **everybody, measure="count") == 4
    assert value(rows, "estimate", **everybody, measure="percent") == pytest.approx(100 * 4 / 7)
    empty = {"term": "male", "group": "peripheral blood", "level": "yes"}
    assert value(rows, "estimate", **empty, measure="percent") is None
    assert set(rows["analysis"]) == {"it"}


def test_quartiles_and_range() -> None:
    rows = output(run(KIND, patients(), by="graft"), "characteristics").rows
    cord = {
        measure: value(rows, "estimate", term="age", group="cord blood", measure=measure)
        for measure in ("median", "q1", "q3", "min", "max")
    }
    assert cord == {"median": 45.0, "q1": 37.5, "q3": 52.5, "min": 30.0, "max": 60.0}
    assert value(rows, "estimate", term="age", group="peripheral blood", measure="median") is None
    assert value(rows, "estimate", term="wait", group="cord blood", measure="max") == 2.0


def test_facts() -> None:
    facts = output(run(KIND, patients(), by="graft"), "characteristics").facts
    assert (facts["by"], facts["by_label"], facts["groups"]) == ("graft", "Graft source", GRAFTS)
    assert facts["sizes"] == {"cord blood": 4, "bone marrow": 3, "peripheral blood": 0}
    assert facts["total"] == 8
    variables = facts["variables"]
    assert [variable["name"] for variable in variables] == ["age", "male", "wait"]
    assert variables[0] == {
        "name": "age",
        "label": "Age",
        "kind": "number",
        "unit": "years",
        "levels": (),
        "missing": 1,
        "known_at": "",
    }
    assert variables[1]["levels"] == ("no", "yes")
    assert variables[2]["unit"] == "years"


def test_tests_and_differences() -> None:
    analysis = run(KIND, patients(), by="graft")
    rows = output(analysis, "characteristics").rows
    age = rows.filter((pl.col("term") == "age") & (pl.col("measure") == "test"))
    assert age["scale"].to_list() == ["Wilcoxon rank-sum, exact"]
    assert age["p"].to_list() == pytest.approx([2 / 15])
    smd = value(rows, "estimate", term="age", measure="smd")
    first, second = np.array([30, 40, 50, 60]), np.array([20, 25])
    assert smd == pytest.approx((45 - 22.5) / np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / 2))
    assert value(rows, "scale", term="male", measure="test") == "Fisher exact"
    methods = {statement.name: statement.facts for statement in analysis.methods}
    assert methods["characteristics_tested"]["tests"] == (
        "Wilcoxon rank-sum, exact",
        "Fisher exact",
        "Wilcoxon rank-sum",
    )
    assert methods["characteristics_tested"]["references"] == ("mann1947", "freeman1951")
    assert methods["standardised_differences"]["groups"] == 2


def test_without_tests_and_groups() -> None:
    rows = output(run(KIND, patients(), by="graft", tests=False, smd=False), "characteristics").rows
    assert not {"test", "smd"} & set(rows["measure"])
    alone = run(KIND, patients())
    rows = output(alone, "characteristics").rows
    assert set(rows["group"]) == {None}
    assert not {"test", "smd"} & set(rows["measure"])
    assert [statement.name for statement in alone.methods] == ["characteristics_described"]


def test_unknown_and_empty_groups_are_told() -> None:
    analysis = run(KIND, patients(), by="graft")
    assert finding(analysis, "group_unknown").facts == {
        "column": "graft",
        "label": "Graft source",
        "n": 1,
        "total": 8,
        "by_conditions": False,
    }
    assert finding(analysis, "groups_empty").facts["groups"] == ("peripheral blood",)
    assert finding(analysis, "much_missing").facts["variables"] == (
        {"label": "Age", "missing": 1, "percent": 12.5},
        {"label": "Male", "missing": 1, "percent": 12.5},
    )


def test_groups_known_later_are_withheld() -> None:
    analysis = run(KIND, patients(), by="gvhd")
    refusal = finding(analysis, "guard_withheld")
    assert refusal.severity == "guard"
    assert (refusal.facts["column_label"], refusal.facts["role"]) == ("Acute GVHD", "group")
    assert refusal.facts["known_at"] == "100 days after time zero"
    table = output(analysis, "characteristics")
    assert table.facts["by"] is None
    assert set(table.rows["group"]) == {None}


def test_columns_known_later_may_be_described_and_are_flagged() -> None:
    analysis = run(KIND, patients(), columns=["age", "gvhd", "grade"])
    flagged = finding(analysis, "known_after_time_zero")
    assert flagged.severity == "warning"
    assert flagged.facts["variables"] == (
        {"label": "Acute GVHD", "known_at": "100 days after time zero", "known_on": None},
        {"label": "Grade", "known_at": "not declared", "known_on": None},
    )
    known_at = [variable["known_at"] for variable in output(analysis, "characteristics").facts["variables"]]
    assert known_at == ["", "100 days after time zero", "not declared"]


def test_some_patients_only() -> None:
    analysis = run(KIND, patients(), where="age >= 40", columns="male")
    assert output(analysis, "characteristics").facts["total"] == 3
    assert finding(analysis, "only_some_patients").facts == {
        "conditions": ("age >= 40",),
        "n": 3,
        "excluded": 5,
        "unknown": 1,
    }


def test_conditions_that_leave_nobody_are_told() -> None:
    analysis = run(KIND, patients(), where="age >= 400", columns="male", by="graft")
    assert "nobody_to_analyse" in named(analysis)
    assert output(analysis, "characteristics").facts["total"] == 0


def test_choosing_patients_by_the_future_is_withheld() -> None:
    analysis = run(KIND, patients(), where="gvhd")
    assert analysis.outputs == ()
    assert finding(analysis, "guard_withheld").facts["role"] == "filter"


def test_every_problem_at_once() -> None:
    told = problems(
        KIND,
        patients(),
        by="grade",
        columns=["agee", "seen", "note", "age", "age"],
        where=["sexe = 'male'", "age >"],
    )
    text = "\n".join(told)
    assert 'Did you mean "age"?' in text
    assert '"seen" is a column of dates, which this table cannot summarise' in text
    assert '"note" is a column of texts' in text
    assert '"age" is named twice' in text
    assert 'nobody said when "grade" was known' in text
    assert 'there is no declared column "sexe"' in text
    assert 'in "age >"' in text
    assert len(told) == 7


def test_the_grouping_column_is_not_described_by_itself() -> None:
    (told,) = problems(KIND, patients(), columns=["graft", "age"], by="graft")
    assert told.startswith('analysis[1].columns: "graft" makes the groups')


def test_a_number_makes_no_groups() -> None:
    (told,) = problems(KIND, patients(), by="age")
    assert told.startswith(
        'analysis[1].by: "age" is a column of numbers: it makes no groups. Cut it under [derived]'
    )


def test_nothing_to_describe() -> None:
    context = context_of(cohort_of({"x": [1.0]}, [Column("x", "number")]))
    (told,) = problems(KIND, context)
    assert "nothing to describe" in told
    assert named(run(KIND, context, columns="x")) == {"known_after_time_zero"}


cells = st.sampled_from([None, "a", "b", "c"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, st.sampled_from([None, "x", "y"])), min_size=1, max_size=40))
def test_percentages_are_of_the_known_and_nobody_is_lost(rows: list[tuple[str | None, str | None]]) -> None:
    columns = [
        Column("level", "category", levels=("a", "b", "c"), known_at=BASELINE),
        Column("arm", "category", levels=("x", "y"), known_at=BASELINE),
    ]
    data = {"level": [row[0] for row in rows], "arm": [row[1] for row in rows]}
    table = output(run(KIND, context_of(cohort_of(data, columns)), by="arm"), "characteristics")
    sizes = {None: len(rows), **table.facts["sizes"]}
    for group, size in sizes.items():
        part = table.rows.filter(
            pl.col("group").eq_missing(pl.lit(group))
            & pl.col("measure").is_in(["count", "percent", "missing"])
        )
        total = part.filter(pl.col("measure") != "percent")["estimate"].sum()
        assert total == size
        shares = part.filter(pl.col("measure") == "percent")["estimate"]
        known = part.filter(pl.col("measure") == "count")["estimate"].sum()
        assert shares.sum() == pytest.approx(100.0) if known else shares.null_count() == 3


def test_bmt_by_disease_group(shared_data: Path) -> None:

    table = output(run(KIND, bmt(shared_data), by="group"), "characteristics")
    assert table.facts["sizes"] == {"ALL": 38, "AML low risk": 54, "AML high risk": 45}
    assert value(table.rows, "estimate", term="age", group=None, measure="median") == 28.0
    fab = table.rows.filter(
        (pl.col("term") == "fab") & (pl.col("level") == "yes") & (pl.col("measure") == "count")
    )
    assert dict(zip(fab["group"], fab["estimate"], strict=True)) == {
        None: 45.0,
        "ALL": 0.0,
        "AML low risk": 18.0,
        "AML high risk": 27.0,
    }
