"""Responses: nobody unevaluated is a non-responder among the evaluated; limits and tests are R's."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.cohort.column import Column, KnownAfter, KnownLater
from remission.core.clock import parse_duration
from remission.core.problems import InputError
from remission.report.looks import look
from remission.report.narrative import paragraphs
from remission.report.section import Section
from remission.study.kind import Context
from remission.study.kinds.proportions import exact_limits, trend_of_shares
from remission.study.kinds.response_rates import KIND
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
LEVELS = ("CR", "PR", "NR", "not done")
POINT = {"column": "cr1", "label": "After course 1", "good": "CR", "not_evaluated": "not done"}


def twelve() -> Context:
    columns = [
        Column("cr1", "category", "Remission", levels=LEVELS, known_at=DAY_33),
        Column("cr2", "yes/no", "Remission after course 2", known_at=KnownLater()),
        Column("arm", "category", "Arm", levels=("A", "B"), known_at=BASELINE),
        Column("stage", "category", "Stage", levels=("I", "II", "III"), ordered=True, known_at=BASELINE),
        Column("age", "number", known_at=BASELINE),
    ]
    data: dict[str, list[Any]] = {
        "cr1": ["CR", "CR", "PR", "NR", None, None, None, "not done", "CR", "CR", "CR", "NR"],
        "cr2": [True, True, True, None, None, None, None, True, True, False, True, False],
        "arm": ["A", "A", "A", "A", "A", "A", "B", "B", "B", "B", "B", "B"],
        "stage": ["I", "I", "I", "I", "II", "II", "II", "II", "III", "III", "III", None],
        "age": [1.0] * 12,
    }
    # the fifth died on day 10, the sixth left on day 20, the seventh was there and simply not evaluated
    time = [900.0, 900.0, 300.0, 60.0, 10.0, 20.0, 500.0, 500.0, 500.0, 500.0, 500.0, 500.0]
    event = [None, None, "event", "event", "event", None, None, None, None, None, None, None]
    efs = outcome_of(time, event, endpoint="efs", label="EFS", causes=("event",))
    return context_of(cohort_of(data, columns), efs)


def number(analysis: Analysis, measure: str, column: str = "estimate", **where: object) -> Any:
    rows = output(analysis, "response").rows
    return value(rows, column, measure=measure, **{"group": None, "term": "After course 1", **where})


def test_who_was_not_evaluated_is_told_apart() -> None:
    analysis = run(KIND, twelve(), points=[POINT], endpoint="efs")
    assert (number(analysis, "eligible"), number(analysis, "evaluated")) == (12, 8)
    reasons = [
        number(analysis, "not evaluated", level=each) for each in ("event", "left follow-up", "not done")
    ]
    assert reasons == [1, 1, 1]
    assert number(analysis, "not evaluated", level="not recorded") == 1
    assert "reasons_not_told" not in named(analysis)


def test_responders_of_the_evaluated_and_of_all() -> None:
    analysis = run(KIND, twelve(), points=[POINT], endpoint="efs")
    assert number(analysis, "response", "events", scale="of evaluated") == 5
    assert number(analysis, "response", scale="of evaluated") == pytest.approx(5 / 8)
    assert number(analysis, "response", "low", scale="of evaluated") == pytest.approx(
        0.244863216366552
    )  # binom.test
    assert number(analysis, "response", "high", scale="of evaluated") == pytest.approx(0.914766585862746)
    assert number(analysis, "response", scale="of all") == pytest.approx(5 / 12)


def test_groups_are_compared_as_in_r() -> None:
    point = {"column": "cr2", "label": "After course 2"}
    analysis = run(KIND, twelve(), points=[POINT, point], by="arm")
    rows = output(analysis, "response").rows.filter(pl.col("measure") == "test")
    assert rows["scale"].to_list() == ["Fisher exact", "Fisher exact"]
    assert rows["p"].to_list() == pytest.approx(
        [1.0, 0.4642857142857]
    )  # fisher.test of (2, 2; 3, 1), (3, 0; 3, 2)
    assert finding(analysis, "multiplicity").facts["comparisons"] == 2
    assert number(analysis, "response", "at_risk", scale="of all", group="B") == 6
    assert not {"test"} & set(
        output(run(KIND, twelve(), points=[POINT], by="arm", tests=False), "response").rows["measure"]
    )


def test_ordered_groups_are_tested_for_trend() -> None:
    analysis = run(KIND, twelve(), points=[POINT], by="stage")
    tests = output(analysis, "response").rows.filter(pl.col("measure") == "test")
    assert tests["scale"].to_list() == ["Fisher exact"]  # nobody of stage II was evaluated
    assert finding(analysis, "group_unknown").facts["n"] == 1
    trend = trend_of_shares([83, 90, 129, 70], [86, 93, 136, 82])
    assert trend is not None
    assert (trend.statistic, trend.p) == pytest.approx(
        (8.2249222852, 0.00413189747764), rel=1e-7
    )  # prop.trend.test
    assert trend_of_shares([0, 0], [4, 5]) is None
    assert trend_of_shares([1, 0], [4, 0]) is None


def test_without_an_endpoint_or_a_day_reasons_cannot_be_told() -> None:
    analysis = run(KIND, twelve(), points=[POINT])
    assert finding(analysis, "reasons_not_told").facts == {"points": ("After course 1",), "endpoint": False}
    undated = {"column": "cr2", "label": "After course 2"}
    analysis = run(KIND, twelve(), points=[undated], endpoint="efs")
    assert finding(analysis, "reasons_not_told").facts["endpoint"] is True
    assert "reasons_not_told" not in named(
        run(KIND, twelve(), points=[{**undated, "due": "80 days"}], endpoint="efs")
    )


def test_groups_and_conditions_known_later_are_withheld() -> None:
    analysis = run(KIND, twelve(), points=[POINT], by="cr2")
    assert finding(analysis, "guard_withheld").facts["role"] == "group"
    assert output(analysis, "response").facts["groups"] == ()
    assert run(KIND, twelve(), points=[POINT], where="cr2").outputs == ()
    assert "nobody_to_analyse" in named(run(KIND, twelve(), points=[POINT], where="age > 2"))


def test_every_problem_at_once() -> None:
    told = problems(
        KIND,
        twelve(),
        points=[
            {"column": "cr1", "label": "x", "good": ["cr", "CR"], "not_evaluated": "CR", "due": "soon"},
            {"column": "cr1", "label": "x"},
            {"column": "age"},
            {"column": "nothing"},
        ],
        endpoint="os",
        by="age",
        where="y = 1",
    )
    for words in (
        '"cr1" has no level "cr"',
        '"CR" is both a response and not evaluated',
        '"soon" is not a length of time',
        "it does not say which levels are a response",
        'two points are called "x"',
        '"age" is a column of numbers, which holds no levels of response',
        'there is no column "nothing"',
        'there is no endpoint "os"',
        "it makes no groups",
        'there is no declared column "y"',
    ):
        assert any(words in each for each in told), words
    assert any("points[2].good" in each for each in told)


def test_the_page() -> None:
    analysis = run(KIND, twelve(), points=[POINT], endpoint="efs", by="arm")
    section = Section(analysis, analysis.outputs, "response")
    (table,) = look(section)
    cells = {row.cells[0]: row.cells[1:] for row in table.rows}  # type: ignore[union-attr]
    assert cells["Evaluated, n"] == ("8", "4", "4", "")
    assert cells["Not evaluated: event before, n"] == ("1", "1", "0", "")
    assert cells["Not evaluated: not done, n"] == ("1", "0", "1", "")
    assert cells["Responders of those evaluated, % (95% CI)"][0] == "5/8, 62.5 (24.5–91.5)"
    assert cells["Responders of all, % (95% CI)"][1] == "2/6, 33.3 (4.3–77.7)"
    assert cells["After course 1"][-1] == ">0.99\N{NO-BREAK SPACE}(a)"
    ((said,),) = paragraphs(section)
    assert said == (
        "After course 1: 5 of 8 evaluated responded (62.5%, 95% CI 24.5–91.5), 41.7% of all 12 patients."
    )


def test_a_share_of_nobody_or_more_than_all() -> None:
    assert exact_limits(0, 0, 0.95) == (None, None)
    with pytest.raises(InputError):
        exact_limits(3, 2, 0.95)


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_exact_limits_hold_the_share_and_mirror(number: int, more: int, level: float) -> None:
    total = number + more
    if not total:
        return
    low, high = exact_limits(number, total, level)
    assert low is not None
    assert high is not None
    assert 0 <= low <= number / total <= high <= 1
    back = exact_limits(more, total, level)
    assert back == pytest.approx((1 - high, 1 - low), abs=1e-9)
