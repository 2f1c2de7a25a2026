"""The remedies of comparisons in which patients move between groups, and the answers side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownAfter, KnownLater, KnownOn
from remission.core.clock import parse_duration
from remission.regress.cox import cox
from remission.regress.episodes import split_episodes
from remission.regress.status import mantel_byar, simon_makuch
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

ALL: dict[str, Any] = {
    "landmark": ["100 days", "50 days"],
    "remedy": ["landmark", "time-dependent"],
    "naive": "show",
}


def days_of_gvhd(context: Context) -> np.ndarray:
    frame = context.cohort.frame
    day = frame["agvhd_day"].to_numpy().astype(float)
    return np.where(frame["agvhd"].to_numpy(), day, np.nan)


def test_the_test_and_the_curves_are_those_of_mantel_byar_and_simon_makuch(shared_data: Path) -> None:
    context = bmt(shared_data)
    outcome = context.outcomes["dfs"]
    died = outcome.event == "relapse or death"
    analysis = run(KIND, context, endpoint="dfs", by="agvhd", remedy="time-dependent")
    reference = mantel_byar(outcome.time, died, days_of_gvhd(context), labels=("no", "yes"))
    rows = output(analysis, "test", "time-dependent").rows
    assert rows["measure"][0] == "Mantel-Byar"
    assert rows["statistic"][0] == pytest.approx(reference.statistic, rel=1e-12)
    assert rows["estimate"].to_list()[1:] == pytest.approx(reference.expected.tolist())
    assert rows["at_risk"].to_list() == [137.0, 137.0, 26.0]
    drawn = output(analysis, "curves", "time-dependent")
    assert drawn.facts["method"] == "Simon-Makuch"
    curve = simon_makuch(outcome.time, died, days_of_gvhd(context), labels=("no", "yes")).curve(group="yes")
    ours = drawn.rows.filter(pl.col("group") == "yes")
    last = ours["estimate"].to_list()[-1]
    assert last == pytest.approx(float(curve.estimate[-1]), rel=1e-12)


def test_the_ratio_is_that_of_a_time_dependent_cox_model(shared_data: Path) -> None:
    context = bmt(shared_data)
    outcome = context.outcomes["dfs"]
    split = split_episodes(outcome.time, {"agvhd": days_of_gvhd(context)})
    event = (outcome.event == "relapse or death")[split.row] & split.last
    fit = cox(split.stop, event, {"agvhd": split.status["agvhd"]}, entry=split.start)
    analysis = run(KIND, context, endpoint="dfs", by="agvhd", remedy="time-dependent")
    rows = output(analysis, "model", "time-dependent").rows
    ratio = value(rows, "estimate", term="agvhd", level="yes")
    assert np.log(ratio) == pytest.approx(float(fit.coefficients[0]), rel=1e-10)


def test_all_answers_stand_side_by_side(shared_data: Path) -> None:
    analysis = run(KIND, bmt(shared_data), endpoint="dfs", by="agvhd", at="1 year", **ALL)
    table = output(analysis, "side_by_side")
    facts: Any = table.facts
    assert [
        (each["analysis"], each["landmark"], each["n"], each["differs"]) for each in facts["analyses"]
    ] == [
        ("naive", None, 137, "future"),
        ("landmark", "100 days", 113, "from_landmark"),
        ("landmark", "50 days", 127, "from_landmark"),
        ("time-dependent", None, 137, "moves"),
    ]
    assert table.rows["level"].to_list() == [
        "naive",
        "landmark at 100 days",
        "landmark at 50 days",
        "time-dependent",
    ]
    assert (table.rows["low"] < table.rows["estimate"]).all()
    tests = {
        output.facts["landmark"] or output.variant: output.rows["p"][0]
        for output in analysis.outputs
        if output.name == "test"
    }
    assert table.rows["p"].to_list() == [
        tests["naive"],
        tests["100 days"],
        tests["50 days"],
        tests["time-dependent"],
    ]
    refusal: Any = finding(analysis, "guard_withheld").facts
    assert [each["remedy"] for each in refusal["ran"]] == ["landmark", "landmark", "time-dependent"]
    told: Any = finding(analysis, "remedies_compared").facts
    assert told["analyses"][3]["estimate"] == table.rows["estimate"][3]


def test_where_events_compete_only_hazards_are_compared(shared_data: Path) -> None:
    analysis = run(KIND, bmt(shared_data), endpoint="relapse", by="agvhd", **ALL)
    assert not outputs(analysis, "curves", "time-dependent")
    test = output(analysis, "test", "time-dependent").rows
    assert test["measure"][0] == "cause-specific Mantel-Byar"
    assert "no_incidence_by_status" in named(analysis)
    facts: Any = output(analysis, "side_by_side").facts
    assert {each["test"] for each in facts["analyses"]} == {
        "cause-specific log-rank",
        "cause-specific Mantel-Byar",
    }


def test_within_strata(shared_data: Path) -> None:
    context = bmt(shared_data)
    outcome = context.outcomes["dfs"]
    hospital = context.cohort.frame["hospital"].to_list()
    reference = mantel_byar(
        outcome.time, outcome.event == "relapse or death", days_of_gvhd(context), stratum=hospital
    )
    analysis = run(KIND, context, endpoint="dfs", by="agvhd", remedy="time-dependent", stratum="hospital")
    assert output(analysis, "test", "time-dependent").rows["statistic"][0] == pytest.approx(
        reference.statistic
    )
    assert output(analysis, "model", "time-dependent").facts["stratum_label"] == "Hospital"


def six() -> Context:
    """Time and day of the answer by hand; `answer` comes on a day, `fixed` on day 10."""
    columns = [
        Column("day", "number", "Day", known_at=KnownLater(), is_time=True),
        Column("answer", "category", "Answer", levels=("no", "yes"), known_at=KnownOn("day")),
        Column("cr", "yes/no", "Remission", known_at=KnownOn("day")),
        Column(
            "fixed", "category", "MRD", levels=("low", "high"), known_at=KnownAfter(parse_duration("10 days"))
        ),
        Column("sex", "category", "Sex", levels=("f", "m"), known_at=BASELINE),
    ]
    data: dict[str, list[Any]] = {
        "day": [5.0, 20.0, None, 30.0, 8.0, 15.0],
        "answer": ["yes", "no", None, "yes", "no", "yes"],
        "cr": [True, True, False, True, False, True],
        "fixed": ["low", "high", "low", "high", "low", "high"],
        "sex": ["f", "m", "f", "m", "f", "m"],
    }
    time = [40.0, 50.0, 8.0, 30.0, 70.0, 60.0]
    died = ["death", "death", "death", "death", None, "death"]
    return context_of(cohort_of(data, columns), outcome_of(time, died))


def test_an_answer_counts_from_its_day() -> None:
    analysis = run(KIND, six(), endpoint="os", by="answer", remedy="time-dependent", at="45 days")
    said: Any = finding(analysis, "counted_from_known").facts
    assert said["terms"] == ({"label": "Answer", "known_on": "Day", "never": 2},)  # on day 30 he died
    rows = output(analysis, "test", "time-dependent").rows
    assert rows["at_risk"].to_list() == [4.0, 2.0, 2.0]


def test_a_patient_moves_on_the_day() -> None:
    analysis = run(KIND, six(), endpoint="os", by="cr", remedy="time-dependent", at="45 days")
    rows = output(analysis, "test", "time-dependent").rows
    assert rows.filter(pl.col("group") == "no")["at_risk"].to_list() == [6.0]
    assert rows.filter(pl.col("group") == "no")["events"].to_list() == [2.0]  # day 8, and the one of day 30
    assert rows.filter(pl.col("group") == "yes")["events"].to_list() == [3.0]


def test_delayed_entry_from_the_day_it_was_known() -> None:
    analysis = run(KIND, six(), endpoint="os", by="fixed", remedy="delayed entry", naive="show")
    rows = output(analysis, "test", "delayed entry").rows
    assert rows["measure"][0] == "log-rank"
    assert rows["at_risk"].to_list() == [5.0, 2.0, 3.0]  # who died on day 8 was never at risk with it known
    landmark = run(KIND, six(), endpoint="os", by="fixed", landmark="10 days")
    assert output(landmark, "test", "landmark").rows["statistic"][0] == pytest.approx(rows["statistic"][0])
    facts: Any = output(analysis, "side_by_side").facts
    assert [each["differs"] for each in facts["analyses"]] == ["future", "from_known"]
    assert "delayed_entry_remedy" in {each.name for each in analysis.methods}


def test_a_remedy_that_does_not_help_runs_nothing() -> None:
    analysis = run(KIND, six(), endpoint="os", by="fixed", remedy="time-dependent")
    assert not analysis.outputs
    refusal = finding(analysis, "guard_withheld").facts
    assert (refusal["remedy"], refusal["ran"]) == (None, ())
    assert refusal["remedies"] == ("landmark", "delayed entry")


def test_what_is_known_at_the_start_needs_no_remedy() -> None:
    analysis = run(KIND, six(), endpoint="os", by="sex", remedy="time-dependent", at="45 days")
    assert {each.variant for each in analysis.outputs} == {""}
    assert not outputs(analysis, "side_by_side")


def test_curves_may_begin_later(shared_data: Path) -> None:
    context = bmt(shared_data)
    outcome = context.outcomes["dfs"]
    options: dict[str, Any] = {"endpoint": "dfs", "by": "agvhd", "remedy": "time-dependent"}
    analysis = run(KIND, context, **options, start="60 days", at="1 year")
    drawn = output(analysis, "curves", "time-dependent")
    assert drawn.facts["start"] == "60 days"
    assert drawn.rows["time"].to_numpy().min() == 60
    curves = simon_makuch(
        outcome.time,
        outcome.event == "relapse or death",
        days_of_gvhd(context),
        start=60.0,
        labels=("no", "yes"),
    )
    rows = output(analysis, "estimates", "time-dependent").rows
    for group in ("no", "yes"):
        curve = curves.curve(group=group)
        place = np.searchsorted(curve.time, 365.0, side="right") - 1
        assert value(rows, "estimate", group=group) == pytest.approx(float(curve.estimate[place]))
    whole = run(KIND, context, **options)
    assert (
        output(analysis, "test", "time-dependent").rows["p"][0]
        == output(whole, "test", "time-dependent").rows["p"][0]
    )


def test_problems_of_remedies() -> None:
    told = problems(
        KIND,
        six(),
        endpoint="os",
        by="cr",
        remedy=["landmark", "magic"],
        start="soon",
        landmark=["9 days", "9 days"],
    )
    text = "\n".join(told)
    assert 'there is no remedy "magic"' in text
    assert '"soon" is not a length of time' in text
    assert '"9 days" is named twice' in text
    assert len(told) == 3


def test_a_declared_remedy_that_does_not_fit_is_told() -> None:
    analysis = run(KIND, six(), endpoint="os", by="cr", remedy=["delayed entry", "time-dependent"])
    said = finding(analysis, "remedy_not_possible")
    assert said.severity == "warning"
    assert (said.facts["remedy"], said.facts["known_on"]) == ("delayed entry", "Day")
    assert said.facts["remedies"] == ("landmark", "time-dependent")
    assert finding(analysis, "guard_withheld").facts["ran"] == (
        {"remedy": "time-dependent", "landmark": None},
    )
    alone = run(KIND, six(), endpoint="os", by="cr", remedy="time-dependent")
    assert "remedy_not_possible" not in {each.name for each in alone.findings}
