"""MRD: unknown is never negative, no logarithm of zero, reasons, kinetics, competing events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownAfter, KnownLater, KnownOn
from remission.core.clock import parse_duration
from remission.core.problems import InputError
from remission.estimate.logrank import logrank
from remission.events.count import event_table
from remission.report.figures.mrd import draw_mrd
from remission.report.looks import look
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.study.kind import Context
from remission.study.kinds.compare import KIND as COMPARE
from remission.study.kinds.mrd import KIND
from remission.study.kinds.mrd_options import read_share
from remission.study.results import Analysis
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

DAY_33 = KnownAfter(parse_duration("33 days"))
POINTS = (
    {"column": "tp1", "label": "TP1"},
    {"column": "tp2", "label": "TP2", "due": "80 days"},
)
USUAL: dict[str, Any] = {"points": POINTS, "endpoint": "efs", "unit": "fraction", "limit": 0.0001}
# patient:      1     2     3      4       5     6     7     8       9     10
TP1 = [0.0, 0.02, 0.002, 0.00005, 0.0003, None, None, None, 0.01, 0.0]
TP2 = [0.0, 0.0, 0.0002, 0.0, 0.003, 0.0, None, None, None, 0.0006]
DAY2 = [78.0, 81.0, 79.0, 80.0, 150.0, 82.0, None, None, None, 80.0]
TIME = [900.0, 900.0, 900.0, 900.0, 140.0, 900.0, 20.0, 25.0, 60.0, 900.0]
FIRST = [None, None, None, None, "relapse", None, "death", None, "relapse", None]


def ten(**changes: Any) -> Context:
    """Ten patients: the fifth was sampled after relapse, then one died, one left, one relapsed."""
    columns = [
        Column("tp1", "number", "MRD day 33", known_at=DAY_33),
        Column("tp2", "number", "MRD week 12", known_at=KnownOn("tp2_day")),
        Column("tp2_day", "number", known_at=KnownLater(), is_time=True),
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("percent", "number", unit="%", known_at=DAY_33),
    ]
    data: dict[str, list[Any]] = {
        "tp1": TP1,
        "tp2": TP2,
        "tp2_day": DAY2,
        "arm": ["A"] * 5 + ["B"] * 5,
        "percent": [None if each is None else 100 * each for each in TP1],
        **changes,
    }
    happened = ["event" if name else None for name in FIRST]
    efs = outcome_of(TIME, happened, endpoint="efs", label="EFS", causes=("event",))
    efs = replace(efs, component=np.array(FIRST, dtype=object), components=("relapse", "death"))
    return context_of(cohort_of(data, columns), efs)


def number(
    analysis: Analysis, measure: str, column: str = "estimate", *, name: str = "mrd", **where: Any
) -> Any:
    rows = output(analysis, name).rows
    return value(rows, column, measure=measure, **{"group": None, **where})


def test_not_measured_is_told_apart_and_is_not_negative() -> None:
    analysis = run(KIND, ten(), **USUAL)
    assert (number(analysis, "eligible", term="TP1"), number(analysis, "measured", term="TP1")) == (10, 7)
    why = {
        each: number(analysis, "not measured", term="TP1", level=each) for each in ("death", "left follow-up")
    }
    assert why == {"death": 1, "left follow-up": 1}
    assert number(analysis, "not measured", term="TP1", level="not recorded") == 1
    assert number(analysis, "class", "events", term="TP1", level="negative") == 2
    assert number(analysis, "class", "events", term="TP1", level="below limit") == 1
    assert number(analysis, "class", "events", term="TP1", level="0.0001 to 0.0005") == 1
    assert number(analysis, "class", "events", term="TP1", level="from 0.0005") == 3
    assert number(analysis, "class", "at_risk", term="TP1", level="negative") == 7


def test_samples_after_an_event_are_not_counted() -> None:
    analysis = run(KIND, ten(), **USUAL)
    late = finding(analysis, "mrd_after_event")
    assert (late.severity, late.facts["points"]) == ("warning", ({"point": "TP2", "n": 1},))
    assert number(analysis, "measured", term="TP2") == 6
    assert number(analysis, "not measured", term="TP2", level="relapse") == 2
    assert number(analysis, "day of sample", term="TP2") == 80.0


def test_medians_below_the_limit_are_bounds() -> None:
    analysis = run(KIND, ten(), **USUAL)
    median = (number(analysis, "median", term="TP2"), number(analysis, "median", "censored", term="TP2"))
    assert median == (0.0001, 1)
    assert number(analysis, "median", term="TP1") == 0.0003
    assert number(analysis, "median", "censored", term="TP1") == 0
    assert number(analysis, "at or above", "low", term="TP1", level="0.0001") == pytest.approx(0.184051567640)
    assert number(analysis, "at or above", "high", term="TP1", level="0.0001") == pytest.approx(
        0.901011721557
    )


def test_between_points() -> None:
    analysis = run(KIND, ten(), **USUAL)
    moves = {
        move: number(analysis, move, "events", name="mrd_change")
        for move in ("stayed below", "cleared", "came back", "stayed at or above")
    }
    assert moves == {"stayed below": 2, "cleared": 1, "came back": 1, "stayed at or above": 1}
    assert number(analysis, "cleared", "at_risk", name="mrd_change") == 5
    # 0.02 to below 0.0001 (at least 2.3), 0.002 to 0.0002 (1.0): the smaller is the median of two
    fall = {
        key: number(analysis, "log10 fall", key, name="mrd_change")
        for key in ("estimate", "at_risk", "censored")
    }
    assert fall == pytest.approx({"estimate": 1.0, "at_risk": 2, "censored": 1})
    assert number(analysis, "log10 fall", "scale", name="mrd_change") == "exact"


def test_a_fall_beyond_the_limit_is_a_bound() -> None:
    context = ten(tp2=[0.0] * 4 + [None] * 6, tp2_day=[80.0] * 4 + [None] * 6)
    analysis = run(KIND, context, **USUAL)
    assert number(analysis, "log10 fall", "scale", name="mrd_change") == "at least"
    assert number(analysis, "log10 fall", name="mrd_change") == pytest.approx(np.log10(0.002 / 0.0001))


def test_clearance_with_events_competing() -> None:
    """By TP1: 3 of 10 below; one died before. By TP2: patients 2 and 6 too; 5 and 9 relapsed before."""
    analysis = run(KIND, ten(), **USUAL)

    def share(point: str, cause: str) -> float:
        return float(number(analysis, "incidence", name="mrd_clearance", term=point, cause=cause))

    # the eighth left before TP1 and is censored then: nine at risk
    assert share("TP1", "first below") == pytest.approx(3 / 9)
    assert share("TP1", "death") == pytest.approx(1 / 9)
    assert share("TP1", "relapse") == 0
    assert share("TP2", "first below") == pytest.approx(5 / 9)
    assert share("TP2", "relapse") == pytest.approx(2 / 9)


def test_another_level_of_clearance_and_units() -> None:
    analysis = run(KIND, ten(), **{**USUAL, "cleared_below": "0.1 %", "thresholds": ["0.01%", "0.1 %"]})
    assert number(analysis, "stayed below", "events", name="mrd_change") == 3
    points = [{"column": "percent", "label": "TP1"}]
    percent = run(KIND, ten(), points=points, endpoint="efs", limit="0.01 %")
    fraction = run(KIND, ten(), **{**USUAL, "points": POINTS[:1]})
    rows = [output(each, "mrd").rows.drop("analysis") for each in (percent, fraction)]
    assert rows[0]["events"].to_list() == rows[1]["events"].to_list()
    assert rows[0]["estimate"].to_list() == pytest.approx(rows[1]["estimate"].to_list())


def test_a_declared_number_for_negative() -> None:
    context = ten(tp1=[-1.0, 0.02, 0.002, 0.00005, 0.0003, None, None, None, 0.01, -1.0])
    usual = {**USUAL, "points": POINTS[:1]}
    analysis = run(KIND, context, **usual, negative=[-1])
    assert number(analysis, "class", "events", term="TP1", level="negative") == 2
    (told,) = problems(KIND, context, **usual)
    assert "MRD below 0" in told
    assert "1, 10" in told


def test_groups() -> None:
    analysis = run(KIND, ten(), **USUAL, by="arm")
    assert number(analysis, "measured", term="TP1", group="A") == 5
    assert number(analysis, "class", "events", term="TP1", level="negative", group="B") == 1
    withheld = run(KIND, ten(), **USUAL, where="tp1 < 0.1")
    assert (withheld.outputs, named(withheld)) == ((), {"guard_withheld"})


def test_patients_outside_the_endpoint_are_counted() -> None:
    context = ten()
    efs = context.outcomes["efs"].only(np.arange(10) > 0)
    analysis = run(KIND, context_of(context.cohort, efs), **USUAL)
    assert finding(analysis, "mrd_without_endpoint").facts["n"] == 1
    assert number(analysis, "measured", term="TP1") == 7


def test_every_problem_at_once() -> None:
    told = problems(
        KIND,
        ten(),
        points=[
            {"column": "tp2", "label": "x"},
            {"column": "tp1", "label": "x", "due": "soon", "limit": 0.5},
            {"column": "percent", "unit": "fraction"},
            {"column": "arm"},
            {"column": "nothing"},
        ],
        endpoint="os",
        thresholds=[0.05, "5", 2],
        by="tp1",
        where="y = 1",
    )
    for words in (
        "it is not said when the sample was due",
        "the quantification limit is not said",
        "0.05 could be 5 % or 0.05 % of cells",
        '"soon" is not a length of time',
        "0.5 would be 50 % of cells",
        'the unit here is "fraction", and "percent" is declared in %',
        '"arm" is a category, and MRD is a number',
        'there is no column "nothing"',
        "0.05 would be 5 % of cells",
        '"5" is no share of cells',
        "2 is no fraction of cells",
        'two points are called "x"',
        'there is no endpoint "os"',
        "it makes no groups",
        'there is no declared column "y"',
    ):
        assert any(words in each for each in told), (words, told)


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        ([0.05, 1.2, 0.3, 0.0], "fraction", "MRD above 1 (all cells)"),
        ([0.05, 0.9, 0.3, 0.0], "fraction", "they look like per cent"),
        ([0.00002, 0.0009, 0.003, 0.0], "percent", "they look like fractions"),
        ([0.05, 101.0, 3.0, 0.0], "percent", "MRD above 100 %"),
    ],
)
def test_look_alikes_of_units_are_told(values: list[float], unit: str, words: str) -> None:
    context = ten(tp1=[*values, *[None] * 6])
    usual = {**USUAL, "points": POINTS[:1], "unit": unit}
    told = problems(KIND, context, **usual)
    assert any(words in each for each in told)
    if "look like" in words:
        assert problems(KIND, context, **usual, unit_checked=True) == []


def test_samples_and_points_out_of_order_and_nominal_events_are_problems() -> None:
    (told,) = problems(KIND, ten(), **{**USUAL, "points": POINTS[::-1]})
    assert "was due no later than the point before it" in told
    (told,) = problems(KIND, ten(), **{**USUAL, "thresholds": [0.00005]})
    assert "lies below the quantification limit" in told
    context = ten()
    efs = context.outcomes["efs"]
    time = efs.time.copy()
    time[4] = 0.0
    (told,) = problems(KIND, context_of(context.cohort, replace(efs, time=time)), **USUAL)
    assert 'rule = "at_evaluation"' in told
    dated = [
        Column("a", "number", known_at=KnownOn("a_day")),
        Column("b", "number", known_at=KnownOn("b_day")),
        Column("a_day", "number", is_time=True),
        Column("b_day", "number", is_time=True),
    ]
    data = {"a": [0.0, 0.0], "b": [0.0, 0.0], "a_day": [30.0, 90.0], "b_day": [80.0, 80.0]}
    points = [{"column": "a", "due": "30 days"}, {"column": "b", "due": "80 days"}]
    two = context_of(cohort_of(data, dated), outcome_of([99.0, 99.0], [None, None], endpoint="efs"))
    (told,) = problems(KIND, two, **{**USUAL, "points": points})
    assert "taken no later than those of" in told
    assert "2" in told


def test_shares_are_read() -> None:
    assert [read_share(each) for each in ("0.01 %", "1%", 1e-4)] == [0.0001, 0.01, 0.0001]
    for wrong in ("0.01", "x %", "100 %", 0, 0.01, 1.5, "0 %"):
        with pytest.raises(InputError):
            read_share(wrong)


def test_the_page_and_its_figure() -> None:
    analysis = run(KIND, ten(), **USUAL, by="arm", method="flow cytometry")
    section = Section(analysis, analysis.outputs, "mrd")
    figure, *tables = look(section)
    by_point, change, clearance = ({row.cells[0]: row.cells[1:] for row in each.rows} for each in tables)  # type: ignore[union-attr]
    assert by_point["TP1 (due day 33), flow cytometry"] == ("", "", "")
    assert [row.cells[1] for row in tables[0].rows if row.cells[0] == "Measured, n"] == ["7", "6"]  # type: ignore[union-attr]
    assert by_point["Median (quartiles)"][0] == "<10⁻⁴ (<10⁻⁴ to 2×10⁻⁴)"
    assert change["Cleared (at or above, then below), n (%)"][0] == "1 (20.0)"
    assert change["Fall in log10, median (n)"][0] == "1.0 (2, 1 beyond the limit)"
    assert clearance["First documented <10⁻⁴, % (95% CI)"][0].startswith("55.6 (")
    assert "negative 28.6%" in figure.alt  # type: ignore[union-attr]
    said = paragraphs(section)[0]
    assert said[0] == (
        "TP1: MRD was measured in 7 patients; in 4 it was at least 10⁻⁴ (57.1%, 95% CI 18.4–90.1)."
    )
    drawn = draw_mrd(
        output(analysis, "mrd").rows, output(analysis, "mrd").facts, [None, "A", "B"], "Simulated data"
    )
    bars: Any = drawn.axes[0].patches
    heights = [bar.get_height() for bar in bars]
    assert sum(heights) == pytest.approx(200.0)


VALUES = st.one_of(st.none(), st.sampled_from([0.0, 0.00002, 0.0001, 0.0003, 0.0005, 0.004]))


@given(st.lists(st.tuples(VALUES, VALUES, st.sampled_from("AB")), min_size=1, max_size=25))
def test_everybody_is_somewhere(patients: list[tuple[float | None, float | None, str]]) -> None:
    one, two, arm = (list(each) for each in zip(*patients, strict=True))
    columns = [
        Column("tp1", "number", known_at=DAY_33),
        Column("tp2", "number", known_at=KnownLater()),
        Column("arm", "category", levels=("A", "B"), known_at=BASELINE),
    ]
    size = len(patients)
    efs = outcome_of([500.0] * size, [None] * size, endpoint="efs")
    context = context_of(cohort_of({"tp1": one, "tp2": two, "arm": arm}, columns), efs)
    analysis = run(KIND, context, **USUAL, by="arm")
    rows = output(analysis, "mrd").rows
    for (_, _), part in rows.group_by("term", "group"):
        of = {
            name: part.filter(pl.col("measure") == name)
            for name in ("eligible", "measured", "not measured", "class")
        }
        measured = of["measured"]["estimate"].item()
        assert of["eligible"]["estimate"].item() == measured + of["not measured"]["estimate"].sum()
        assert of["class"]["events"].sum() == measured
    moved = output(analysis, "mrd_change").rows.filter(pl.col("measure") != "log10 fall")
    both = sum(first is not None and second is not None for first, second, _ in patients)
    assert moved.filter(pl.col("group").is_null())["events"].sum() == both


def test_outcome_by_mrd_starts_where_it_was_known() -> None:
    """By the day of each sample: patients enter on it; from a landmark: by what was known of them then."""
    rng = np.random.default_rng(3)
    size = 80
    day = rng.integers(20, 60, size).astype(float)
    high = rng.random(size) < 0.4
    time = np.ceil(rng.exponential(np.where(high, 300.0, 900.0))) + 5.0
    event = np.array(["event" if each < 0.7 else None for each in rng.random(size)], dtype=object)
    known = time > day
    columns = [
        Column("mrd", "category", "MRD", levels=("low", "high"), known_at=KnownOn("day")),
        Column("day", "number", "Day of the sample", is_time=True, known_at=KnownLater()),
    ]
    group = [("high" if each else "low") if there else None for each, there in zip(high, known, strict=True)]
    data = {"mrd": group, "day": [each if there else None for each, there in zip(day, known, strict=True)]}
    efs = outcome_of(time.tolist(), event.tolist(), endpoint="efs", label="EFS", causes=("event",))
    context = context_of(cohort_of(data, columns), efs)
    analysis = run(COMPARE, context, endpoint="efs", by="mrd", remedy="time-dependent", landmark="45 days")
    assert finding(analysis, "guard_withheld").facts["column"] == "mrd"
    labels = np.array(group, dtype=object)
    dated = event_table(
        time[known], event[known], group=labels[known], levels=("low", "high"), entry=day[known]
    )
    ours = output(analysis, "test", "time-dependent").rows
    assert ours["statistic"][0] == pytest.approx(logrank(dated).statistic, rel=1e-12)
    assert ours["at_risk"][0] == known.sum()
    there = (time > 45) & known & (day <= 45)
    fixed = event_table(time[there], event[there], group=labels[there], levels=("low", "high"))
    landmark = output(analysis, "test", "landmark").rows
    assert landmark["statistic"][0] == pytest.approx(logrank(fixed).statistic, rel=1e-12)
    entered = replace(efs.only(known), entry=day[known])
    own = run(COMPARE, context_of(context.cohort, entered), endpoint="efs", by="mrd")
    assert output(own, "test").rows["statistic"][0] == pytest.approx(logrank(dated).statistic, rel=1e-12)
