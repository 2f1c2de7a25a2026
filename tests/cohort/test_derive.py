"""Derived columns: what they become, and that cut points leave nobody out and nobody twice."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.cohort import Cohort, Source
from remission.cohort.column import Baseline, Column, KnownAfter, KnownAt, KnownLater, KnownOn
from remission.cohort.declare import DerivedDeclaration
from remission.cohort.derive.cut import read_cut
from remission.cohort.derive.derive import derive, derive_again, making_order
from remission.cohort.known_at import latest
from remission.core.clock import Clock, Duration
from remission.core.problems import Problem

COLUMNS = {
    "age": Column("age", "number", unit="years"),
    "graft": Column("graft", "category", levels=("BM", "PB", "CB")),
    "cr": Column("cr", "yes/no"),
    "start": Column("start", "date"),
    "end": Column("end", "date"),
}
FRAME = pl.DataFrame(
    {
        "age": [17.0, 18.0, 65.0, None, math.nan],
        "graft": ["BM", "PB", "CB", None, "BM"],
        "cr": [True, False, None, True, False],
        "start": [date(2012, 1, 1)] * 5,
        "end": [date(2012, 1, 1), date(2012, 1, 31), None, date(2011, 12, 31), date(2013, 1, 1)],
    }
)


def made(**declared: Any) -> tuple[Column, list[Any]]:
    result = derive(FRAME, COLUMNS, {"x": DerivedDeclaration(**declared)}, Clock())
    assert not result.problems, result.problems
    return result.columns["x"], result.frame["x"].to_list()


def test_merge() -> None:
    column, values = made(source="graft", merge={"marrow": ("BM",), "other": ("PB", "CB")})
    assert (column.levels, values) == (("marrow", "other"), ["marrow", "other", "other", None, "marrow"])
    column, values = made(source="graft", merge={"cord": ("CB",)}, rest="others")
    assert (column.levels, values) == (("cord", "others"), ["others", "others", "cord", None, "others"])
    assert made(source="cr", merge={"CR": ("yes",), "no CR": ("no",)})[1] == [
        "CR",
        "no CR",
        None,
        "CR",
        "no CR",
    ]


def test_recode() -> None:
    column, values = made(source="graft", recode={"CB": "cord blood", "BM": "adult", "PB": "adult"})
    assert (column.levels, values) == (
        ("cord blood", "adult"),
        ["adult", "adult", "cord blood", None, "adult"],
    )


def test_cut() -> None:
    column, values = made(source="age", cut=("< 18", ">= 18 and < 65", ">= 65"))
    assert column.levels == ("< 18", ">= 18 and < 65", ">= 65")
    assert column.ordered
    assert values == ["< 18", ">= 18 and < 65", ">= 65", None, None]
    column, values = made(source="age", cut={"old": "> 60", "young": "<= 60"}, ordered=False)
    assert (column.levels, column.ordered) == (("old", "young"), False)
    assert values == ["young", "young", "old", None, None]


def test_groups() -> None:
    column, values = made(groups={"child": "age < 18", "adult in CR": "age >= 18 and cr"})
    assert column.levels == ("child", "adult in CR")
    assert values == ["child", None, None, None, None]
    column, values = made(
        groups={"child": "age < 18", "adult in CR": "age >= 18 and cr"}, rest="adult, no CR"
    )
    assert values == ["child", "adult, no CR", None, None, None]
    assert column.levels == ("child", "adult in CR", "adult, no CR")


def test_condition_and_days_between() -> None:
    assert made(condition="age >= 18 or cr")[1] == [True, True, True, True, None]
    column, values = made(days_between=("start", "end"))
    assert (column.kind, column.unit, values) == ("number", "days", [0.0, 30.0, None, -1.0, 366.0])
    assert made(days_between=("start", "end"), unit="years")[1][4] == pytest.approx(366 / 365.25)


def converted(column: Column, values: list[float | None], convert: str, clock: Clock | None = None) -> Any:
    declared = {"x": DerivedDeclaration(source="age", convert=convert)}
    frame = pl.DataFrame({"age": values}, schema={"age": pl.Float64})
    return derive(frame, {"age": column}, declared, clock or Clock())


def test_a_span_is_told_in_a_longer_unit() -> None:
    days = Column("age", "number", "Age at diagnosis", unit="days")
    result = converted(days, [365.25, 0.0, None, math.nan], "years")
    column = result.columns["x"]
    assert (column.kind, column.unit, column.label) == ("number", "years", "Age at diagnosis")
    assert result.frame["x"].to_list() == [1.0, 0.0, None, None]
    thirty = Clock(days_per_month=30.0)
    assert converted(days, [360.0], "years", thirty).frame["x"].to_list() == [1.0]
    assert converted(days, [60.0], "months", thirty).frame["x"].to_list() == [2.0]
    one = Column("age", "number", unit="Week")
    assert converted(one, [3.0], "weeks").frame["x"].to_list() == [3.0]
    waited = Column("age", "number", is_time=True)
    assert converted(waited, [730.5], "years").frame["x"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (Column("age", "date"), "made with days_between"),
        (Column("age", "yes/no"), "Name a column of numbers."),
        (Column("age", "number", unit="kg"), "correct the unit if it is wrong"),
        (Column("age", "number"), 'unit = "days", under [columns.age]'),
    ],
)
def test_the_repair_of_what_is_no_span_fits_its_kind(column: Column, told: str) -> None:
    declared = {"x": DerivedDeclaration(source="age", convert="years")}
    (problem,) = derive(pl.DataFrame({"age": []}), {"age": column}, declared, Clock()).problems
    assert told in problem.repair


@pytest.mark.parametrize(
    ("column", "convert", "told"),
    [
        (Column("age", "number", unit="months"), "days", '"age" is in months, which do not tell the days'),
        (Column("age", "number"), "years", '"age" has no declared unit'),
        (Column("age", "number", unit="kg"), "years", '"age" is in kg'),
        (Column("age", "yes/no"), "years", '"age" is a yes/no'),
        (Column("other", "number"), "years", "there is no declared column"),
    ],
)
def test_what_cannot_be_told_in_another_unit_is_refused(column: Column, convert: str, told: str) -> None:
    declared = {"x": DerivedDeclaration(source="age", convert=convert)}  # type: ignore[arg-type]
    (problem,) = derive(pl.DataFrame({column.name: []}), {column.name: column}, declared, Clock()).problems
    assert told in problem.message
    assert problem.repair


def test_columns_are_made_after_what_they_are_made_of() -> None:
    declared = {
        "old_cr": DerivedDeclaration(condition="old = '> 60' and cr"),
        "old": DerivedDeclaration(source="age", cut=("<= 60", "> 60")),
    }
    assert making_order(declared) == (("old", "old_cr"), ())
    result = derive(FRAME, COLUMNS, declared, Clock())
    assert result.order == ("old", "old_cr")
    assert result.frame["old_cr"].to_list() == [False, False, None, None, False]


def test_columns_made_of_broken_ones_are_passed_over_in_silence() -> None:
    declared = {
        "a": DerivedDeclaration(source="age", cut=("<= 60",)),
        "b": DerivedDeclaration(condition="a = '<= 60'"),
        "c": DerivedDeclaration(condition="absent > 1"),
    }
    result = derive(FRAME, COLUMNS, declared, Clock(), broken={"absent"})
    assert [problem.where for problem in result.problems] == ["derived.a.cut"]
    assert result.broken == {"a", "b", "c", "absent"}


def test_groups_are_made_again_from_what_was_known() -> None:
    declared = {
        "old": DerivedDeclaration(source="age", cut=("<= 60", "> 60")),
        "course": DerivedDeclaration(groups={"CR": "cr", "none": "not cr"}),
        "fixed": DerivedDeclaration(condition="cr", known_at="baseline"),
    }
    result = derive(FRAME, COLUMNS, declared, Clock())
    cohort = Cohort(result.frame, result.columns, "age", None, Clock(), Source("f", "", 5), derived=declared)
    earlier = result.frame.with_columns(pl.lit(value=False).alias("cr"))
    again = derive_again(cohort, earlier)
    assert again.columns == result.frame.columns
    assert again["course"].to_list() == ["none"] * 5
    assert again["old"].to_list() == result.frame["old"].to_list()
    assert again["fixed"].to_list() == result.frame["fixed"].to_list()


D29, D100 = KnownAfter(Duration(29, "days")), KnownAfter(Duration(1, "years"))


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([], Baseline()),
        ([Baseline(), Baseline()], Baseline()),
        ([Baseline(), None], None),
        ([KnownLater(), None], None),
        ([D100, Baseline(), D29], D100),
        ([Baseline(), KnownOn("d")], KnownOn("d")),
        ([KnownOn("d"), KnownLater()], KnownLater()),
        ([D29, KnownOn("d")], KnownOn("d")),
    ],
)
def test_the_latest_source_decides(parts: list[KnownAt | None], whole: KnownAt | None) -> None:
    assert latest(parts, Clock()) == whole


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=5, unique=True),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.randoms(use_true_random=False),
    st.lists(st.one_of(st.integers(-60, 60).map(float), st.floats(-60, 60)), min_size=1, max_size=20),
)
def test_a_cut_without_problems_puts_every_number_into_one_interval(
    points: list[int], sides: list[bool], random: Any, numbers: list[float]
) -> None:
    points = sorted(points)
    uppers = [f"{'<=' if side else '<'} {point}" for point, side in zip(points, sides, strict=False)]
    lowers = [f"{'>' if side else '>='} {point}" for point, side in zip(points, sides, strict=False)]
    inner = [f"{low} and {high}" for low, high in zip(lowers[:-1], uppers[1:], strict=True)]
    cut = [uppers[0], *inner, lowers[-1]]
    random.shuffle(cut)
    intervals, problems = read_cut(tuple(cut), "derived.x.cut")
    assert not problems
    frame = pl.DataFrame({"v": numbers})
    inside = frame.select(each.expression(pl.col("v")).alias(name) for name, each in intervals.items())
    assert inside.select(pl.sum_horizontal(pl.all().cast(pl.Int64)).alias("n"))["n"].to_list() == [1] * len(
        numbers
    )


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        ((), "there is no interval"),
        (("< 60", "> 60"), 'between "< 60" and "> 60" fall into no interval'),
        (("<= 60", ">= 60"), "can be in both"),
        (("< 60", ">= 50"), "can be in both"),
        (("<= 60",), 'above "<= 60"'),
        (("> 60",), 'below "> 60"'),
        (("0-60", "> 60"), '"0-60" is no interval'),
        (("> 60 and < 50", "<= 50"), "no number can be in"),
        (("<= 60 and <= 50", "> 60"), "no number can be in"),
        (("<= 60", "<=  60", "> 60"), "named twice"),
    ],
)
def test_cuts_that_leave_gaps_or_overlap_are_told(cut: tuple[str, ...], words: str) -> None:
    problems = read_cut(cut, "derived.x.cut")[1]
    assert any(isinstance(problem, Problem) and words in problem.message for problem in problems)
