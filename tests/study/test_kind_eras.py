"""`kind = "eras"`: a common end of follow-up, what is said about it, and the work of compare and adjusted."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from remission.cohort.column import Column
from remission.core.clock import Clock
from remission.report.document import Figure
from remission.report.results_section import analysis_blocks
from remission.report.sentences import say
from remission.study.kind import Context
from remission.study.kinds import adjusted, compare
from remission.study.kinds.eras import KIND, ended_at
from tests.study.kinds_by_hand import (
    BASELINE,
    cohort_of,
    context_of,
    finding,
    outcome_of,
    output,
    outputs,
    problems,
    run,
)

YEAR = 365.25


def two_eras(unknown: int = 0, **changes: object) -> Context:
    """An old era followed for ten years and a new one for four; few deaths late in the old one."""
    rng = np.random.default_rng(8)
    old, new = 60, 50
    death = np.ceil(rng.exponential(6 * YEAR, old + new))
    limit = np.concatenate([np.full(old, 10 * YEAR), np.full(new, 4 * YEAR)])
    time = np.minimum(death, limit)
    event = [None if day >= end else "death" for day, end in zip(death, limit, strict=True)]
    start = [date(2000, 1, 1) + timedelta(days=30 * n) for n in range(old)]
    start += [date(2010, 1, 1) + timedelta(days=20 * n) for n in range(new)]
    columns = [
        Column("trial", "category", "Trial", levels=("old", "new"), known_at=BASELINE),
        Column("sex", "category", "Sex", levels=("f", "m"), known_at=BASELINE),
        Column("start", "date", known_at=BASELINE),
    ]
    sex = [None] * unknown + (["f", "m"] * 55)[unknown:]
    data = {"trial": ["old"] * old + ["new"] * new, "sex": sex, "start": start}
    cohort = cohort_of(data, columns, clock=Clock("years"), time_zero="start")
    return context_of(cohort, outcome_of(time.tolist(), event), **changes)


def test_the_work_is_that_of_compare_and_adjusted_on_the_common_follow_up() -> None:
    context = two_eras()
    done = run(KIND, context, endpoint="os", by="trial", adjust=["sex"], at="3 years")
    cut = context_of(context.cohort, ended_at(context.outcomes["os"], 4 * YEAR))
    plain = run(compare.KIND, cut, endpoint="os", by="trial", at="3 years")
    alike = run(adjusted.KIND, cut, endpoint="os", by="trial", adjust=["sex"], at="3 years")
    expected = [*plain.outputs, *(each for each in alike.outputs if each.variant != "crude")]
    assert len(done.outputs) == len(expected) == len(plain.outputs) + len(alike.outputs) - 4
    for ours, theirs in zip(done.outputs, expected, strict=True):
        assert ours.rows.equals(theirs.rows)
        assert (ours.name, ours.variant) == (theirs.name, theirs.variant)


def test_crude_curves_are_given_once_where_both_are_of_the_same_patients() -> None:
    everybody = run(KIND, two_eras(), endpoint="os", by="trial", adjust=["sex"], at="3 years")
    assert {each.variant for each in everybody.outputs if each.name == "curves"} == {"", "adjusted"}
    assert not [each for each in everybody.findings if each.facts.get("variant") == "crude"]
    blocks = analysis_blocks(everybody, "it", "", set())
    assert [each for each in blocks if isinstance(each, Figure) and "(A) crude; (B) adjusted" in each.caption]
    # whoever lacks a value is in no model: the crude curves beside the adjusted ones are then of fewer
    fewer = run(KIND, two_eras(unknown=1), endpoint="os", by="trial", adjust=["sex"], at="3 years")
    assert {each.variant for each in fewer.outputs if each.name == "curves"} == {"", "crude", "adjusted"}


def test_nobody_is_followed_beyond_the_shortest_era() -> None:
    context = two_eras()
    done = run(KIND, context, endpoint="os", by="trial")
    assert output(done, "curves").rows["time"].max() == pytest.approx(4.0)
    told = finding(done, "eras_follow_up")
    assert told.facts["shortest"] == "new"
    assert told.facts["until"] == pytest.approx(4.0)
    assert "ended at 4.0 years, where that of new ends" in say(told)
    whole = run(KIND, context, endpoint="os", by="trial", restrict=False)
    assert output(whole, "curves").rows["time"].max() == pytest.approx(10.0)
    assert finding(whole, "eras_follow_up").facts["until"] is None


def test_an_era_in_which_nobody_was_left_does_not_cut_the_others() -> None:
    time = [100.0, 200.0, 300.0, 400.0, 500.0, 900.0, 1500.0, 2000.0]
    event = ["death"] * 4 + ["death", None, "death", None]
    columns = [Column("trial", "category", levels=("old", "new"), known_at=BASELINE)]
    cohort = cohort_of({"trial": ["old"] * 4 + ["new"] * 4}, columns, clock=Clock("years"))
    done = run(KIND, context_of(cohort, outcome_of(time, event)), endpoint="os", by="trial")
    assert finding(done, "eras_follow_up").facts["until"] is None


def test_what_happens_after_the_end_is_censored_and_on_the_day_counts() -> None:
    outcome = outcome_of([10.0, 20.0, 30.0], ["death", "death", "death"], entry=[0.0, 5.0, 25.0])
    cut = ended_at(outcome, 20.0)
    assert cut.time.tolist() == [10.0, 20.0]
    assert cut.event.tolist() == ["death", "death"]
    assert outcome.event.tolist() == ["death"] * 3
    assert ended_at(outcome, 15.0).event.tolist() == ["death", None]


def test_years_of_the_eras_are_told_with_the_caveat() -> None:
    done = run(KIND, two_eras(), endpoint="os", by="trial", adjust=["sex"])
    said = say(finding(done, "eras_are_historical"))
    assert "old, begun 2000–2004" in said
    assert "nobody was randomised" in said
    assert "Adjustment can remove" in said
    crude = run(KIND, two_eras(), endpoint="os", by="trial")
    assert "No adjustment was made" in say(finding(crude, "eras_are_historical"))
    assert not outputs(crude, "curves", "adjusted")


def test_the_end_can_be_said() -> None:
    done = run(KIND, two_eras(), endpoint="os", by="trial", until="2 years")
    assert output(done, "curves").rows["time"].max() == pytest.approx(2.0)
    assert "ended at 2 years, as the study says" in say(finding(done, "eras_follow_up"))


def test_problems_are_told_once() -> None:
    told = problems(KIND, two_eras(), endpoint="oss", by="trial", adjust=["trial"])
    assert sum("oss" in text for text in told) == 1
    assert any("group or stratum already" in text for text in told)
