"""The effect of transplant: every way of counting by hand, and on real cohorts against R."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from remission.cohort.column import Column, KnownLater, KnownOn
from remission.core.clock import Clock
from remission.study.kind import Context
from remission.study.kinds.risk_rows import risk_rows
from remission.study.kinds.transplant_effect import KIND
from remission.study.kinds.transplant_patients import Patients, patients_of, statuses_of
from remission.study.kinds.transplant_risk import RiskGroup, is_treatment
from remission.study.kinds.transplant_ways import (
    SINCE,
    landmark_rows,
    moving_rows,
    naive_rows,
    since_rows,
    waiting_rows,
)
from remission.study.results import Analysis
from tests.study.kinds_by_hand import (
    BASELINE,
    bmt,
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

DAYS = Clock("days", 365 / 12)


def five(**changes: Any) -> Context:
    """A transplanted on day 2, E on day 5; B, C, D never. D has the event on day 3, before both waits."""
    data: dict[str, Any] = {
        "day": [2.0, None, None, None, 5.0],
        "hct": [True, False, False, False, True],
        "risk": ["HR", "HR", "IR", "IR", "HR"],
        "donor": [True, False, True, False, True],
    }
    columns = [
        Column("day", "number", "Day of transplant", known_at=KnownLater(), is_time=True),
        Column("hct", "yes/no", "Transplant", known_at=KnownOn("day")),
        Column("risk", "category", "Risk group", levels=("IR", "HR"), known_at=BASELINE),
        Column("donor", "yes/no", "Donor", known_at=BASELINE),
    ]
    died = ["death", "death", None, "death", None]
    times = [10.0, 6.0, 12.0, 3.0, 20.0]
    return context_of(cohort_of(data | changes, columns, clock=DAYS), outcome_of(times, died))


def patients(context: Context, *columns: str) -> Patients:
    outcome = context.outcomes["os"]
    return patients_of(context.cohort, risk_rows(context.cohort, outcome, list(columns)), "hct")


def counted(rows: Any) -> list[tuple[int, float, float, str, Any]]:
    """Patient, start, stop, status and event of every row."""
    entry = np.zeros(len(rows.time)) if rows.entry is None else np.maximum(rows.entry, 0.0)
    return [
        (int(patient), float(start), float(stop), str(status), event)
        for patient, start, stop, status, event in zip(
            rows.patient, entry, rows.time, rows.columns["hct"], rows.event, strict=True
        )
    ]


def ratio(analysis: Analysis, level: str, column: str = "estimate") -> Any:
    return value(output(analysis, "transplant_effect").rows, column, level=level)


def brute(likelihood: Any) -> float:
    """The ratio at which a likelihood is largest, on a fine grid."""
    grid = np.exp(np.linspace(-4, 4, 800_001))
    return float(grid[np.argmax(likelihood(grid))])


def test_every_way_has_its_rows() -> None:
    found = patients(five())
    assert counted(naive_rows(found)) == [
        (0, 0, 10, "yes", "death"),
        (1, 0, 6, "no", "death"),
        (2, 0, 12, "no", None),
        (3, 0, 3, "no", "death"),
        (4, 0, 20, "yes", None),
    ]
    assert counted(moving_rows(found)) == [
        (0, 0, 2, "no", None),
        (0, 2, 10, "yes", "death"),
        (1, 0, 6, "no", "death"),
        (2, 0, 12, "no", None),
        (3, 0, 3, "no", "death"),
        (4, 0, 5, "no", None),
        (4, 5, 20, "yes", None),
    ]
    # D is gone by day 4; E is transplanted after it and stays without.
    assert counted(landmark_rows(found, 4.0)) == [
        (0, 0, 10, "yes", "death"),
        (1, 0, 6, "no", "death"),
        (2, 0, 12, "no", None),
        (4, 0, 20, "no", None),
    ]
    # A and E from their transplants; B and C, never transplanted, from day 4; D is left out.
    assert counted(waiting_rows(found, 4.0)) == [
        (0, 2, 10, "yes", "death"),
        (1, 4, 6, "no", "death"),
        (2, 4, 12, "no", None),
        (4, 5, 20, "yes", None),
    ]
    since = since_rows(found, [3.0], ("no", "early", "late"))
    assert [
        (int(p), t, s) for p, t, s in zip(since.patient, since.time, since.columns[SINCE], strict=True)
    ] == [
        (0, 2.0, "no"),
        (0, 5.0, "early"),
        (0, 10.0, "late"),
        (1, 6.0, "no"),
        (2, 12.0, "no"),
        (3, 3.0, "no"),
        (4, 5.0, "no"),
        (4, 8.0, "early"),
        (4, 20.0, "late"),
    ]


def test_every_ratio_by_hand() -> None:
    analysis = run(KIND, five(), endpoint="os", by="hct", landmark="4 days", waiting_time="4 days", early=())
    # Day 6: B among A, E with and B, C without; day 10: A among A, E with and C without: 2 r^2 = 1.
    assert ratio(analysis, "waiting time of 4 days") == pytest.approx(np.sqrt(0.5), rel=1e-7)
    # Day 6: B among A with and B, C, E without; day 10: A among A with and C, E without: r^2 = 6.
    assert ratio(analysis, "landmark at 4 days") == pytest.approx(np.sqrt(6), rel=1e-7)
    moving = brute(lambda r: r / ((r + 4) * (2 * r + 2) * (2 * r + 1)))
    assert ratio(analysis, "time-dependent Cox model") == pytest.approx(moving, rel=1e-4)
    naive = brute(lambda r: r / ((2 * r + 3) * (2 * r + 2) * (2 * r + 1)))
    assert ratio(analysis, "naive") == pytest.approx(naive, rel=1e-4)
    ways = output(analysis, "transplant_effect").facts["ways"]
    assert [way["biased"] for way in ways] == [True, False, False, False, False]


def test_events_and_transplants_on_the_day() -> None:
    """An event on the day of transplant, of the landmark and of the waiting time is before it."""
    context = five(day=[4.0, None, None, None, 20.0])
    found = patients(context)
    assert found.too_late == 1  # E, on the last day of follow-up
    assert found.ever.tolist() == [True, False, False, False, False]
    assert [row[3] for row in counted(landmark_rows(found, 4.0))] == ["yes", "no", "no", "no"]
    assert [row[0] for row in counted(landmark_rows(found, 6.0))] == [0, 2, 4]
    assert [row[0] for row in counted(waiting_rows(found, 6.0))] == [0, 2, 4]
    assert finding(run(KIND, context, endpoint="os", by="hct"), "transplanted_too_late").facts["n"] == 1


def test_immortal_time_is_counted() -> None:
    context = five()
    never, before, after = statuses_of(patients(context))
    assert (never.patients, never.days, never.events) == (3, 21.0, 2)
    assert (before.patients, before.days, before.events) == (2, 7.0, 0)
    assert (after.patients, after.days, after.events) == (2, 23.0, 1)
    told = finding(run(KIND, context, endpoint="os", by="hct"), "transplant_naive")
    assert told.severity == "guard"
    assert told.facts["years_before"] == pytest.approx(7 / 365)
    assert (told.facts["median_wait"], told.facts["early_events"]) == (3.5, 1)
    rows = output(run(KIND, context, endpoint="os", by="hct"), "transplant_time").rows
    assert rows["events"].to_list() == [2.0, 0.0, 1.0]


def test_the_median_waiting_time_is_printed_and_used_only_when_asked() -> None:
    silent = run(KIND, five(), endpoint="os", by="hct")
    assert finding(silent, "ways_not_declared").facts["ways"] == ("landmark", "waiting time")
    assert "waiting_time_found" not in named(silent)
    asked = run(KIND, five(), endpoint="os", by="hct", landmark="median waiting time")
    assert finding(asked, "waiting_time_found").facts["median"] == 3.5
    levels = output(asked, "transplant_effect").rows["level"].to_list()
    assert "landmark at 3.5 days (median wait)" in levels
    assert "waiting time of 3.5 days (median wait)" in levels
    only = run(KIND, five(), endpoint="os", by="hct", landmark="4 days")
    assert finding(only, "ways_not_declared").facts["ways"] == ("waiting time",)


def test_donor_against_no_donor_is_the_baseline_comparison() -> None:
    analysis = run(KIND, five(), endpoint="os", by="hct", donor="donor")
    # Day 3: D of 3 with, 2 without a donor; day 6: B; day 10: A of A, C, E, all with one.
    expected = brute(lambda r: 1 / ((3 * r + 2) * (3 * r + 1)))
    assert expected < 0.02  # no event among those with a donor while others are at risk: Firth
    assert 0 < ratio(analysis, "donor against no donor") < 1
    told = finding(analysis, "donor_compared").facts["groups"]
    assert told == ({"level": "yes", "n": 3, "transplanted": 2}, {"level": "no", "n": 2, "transplanted": 0})


def test_transplant_of_unknown_day_is_left_out_and_said() -> None:
    context = five(day=[2.0, None, None, None, None])
    told = finding(run(KIND, context, endpoint="os", by="hct"), "group_unknown")
    assert (told.facts["n"], told.facts["total"]) == (1, 5)


@pytest.mark.parametrize(
    ("groups", "only"),
    [
        ([("IR", 19, 0), ("HR", 56, 41)], "HR"),
        ([("IR", 19, 4), ("HR", 56, 41)], "HR"),  # fewer than five
        ([("IR", 19, 5), ("HR", 56, 41)], None),
        ([("IR", 200, 10), ("HR", 56, 41)], "HR"),  # 5 %
        ([("IR", 200, 11), ("HR", 56, 41)], None),
        ([("LR", 15, 0), ("IR", 19, 1), ("HR", 56, 41)], "HR"),
        ([("IR", 19, 0), ("HR", 56, 2)], None),  # nowhere
        ([("HR", 56, 41)], None),
    ],
)
def test_when_risk_group_is_treatment(groups: list[tuple[str, int, int]], only: str | None) -> None:
    assert is_treatment([RiskGroup(level, n, had, 0) for level, n, had in groups]) == only


def protocol(hr_without: int) -> Context:
    """IR never transplanted; HR all transplanted but `hr_without`."""
    rng = np.random.default_rng(7)
    high = np.arange(60) >= 20
    day = np.where(high & (np.arange(60) < 60 - hr_without), rng.uniform(5, 30, 60), np.nan)
    time = np.where(np.isnan(day), 0, day) + rng.exponential(200, 60) + 1
    event = np.where(rng.random(60) < 0.6, "death", None)
    data = {
        "day": [None if np.isnan(each) else float(each) for each in day],
        "hct": (~np.isnan(day)).tolist(),
        "risk": np.where(high, "HR", "IR").tolist(),
        "age": rng.normal(100, 30, 60).tolist(),
    }
    columns = [
        Column("day", "number", "Day of transplant", known_at=KnownLater(), is_time=True),
        Column("hct", "yes/no", "Transplant", known_at=KnownOn("day")),
        Column("risk", "category", "Risk group", levels=("IR", "HR"), known_at=BASELINE),
        Column("age", "number", "Age", unit="days", known_at=BASELINE),
    ]
    return context_of(cohort_of(data, columns, clock=DAYS), outcome_of(time.tolist(), event.tolist()))


def test_a_protocol_that_transplants_one_risk_group_is_flagged() -> None:
    analysis = run(
        KIND, protocol(12), endpoint="os", by="hct", risk="risk", adjust=["age"], interaction="risk"
    )
    told = finding(analysis, "risk_is_treatment")
    assert told.severity == "guard"
    assert (told.facts["only"], told.facts["left"]) == ("HR", 12)
    effects = output(analysis, "transplant_effect")
    assert effects.facts["by_label"] == "Transplant, HR only"
    assert set(effects.rows["at_risk"]) == {40.0}  # IR says nothing of transplant
    assert output(analysis, "test", "time-dependent").rows["at_risk"][0] == 40
    alone = run(KIND, protocol(12), endpoint="os", by="hct", where="risk == 'HR'", adjust=["age"])
    for level in ("time-dependent Cox model", "time-dependent Cox model, adjusted"):
        assert ratio(analysis, level) == pytest.approx(ratio(alone, level), rel=1e-12)
    table = output(analysis, "transplant_by_risk").rows
    assert value(table, "estimate", measure="transplanted", level="HR") == 28
    assert value(table, "estimate", measure="patients", level="IR") == 20


def test_within_risk_groups_where_risk_is_not_treatment() -> None:
    """A stratified model, of the risk groups that have patients on both sides."""
    context = protocol(12)
    day = context.cohort.frame["day"].to_list()
    for row in range(8):  # some of the IR too
        day[row] = 0.5
    data = {name: context.cohort.frame[name].to_list() for name in ("hct", "risk", "age")}
    data |= {"day": day, "hct": [each is not None for each in day]}
    columns = [context.cohort.columns[name] for name in ("day", "hct", "risk", "age")]
    both = replace(context, cohort=cohort_of(data, columns, clock=DAYS))
    analysis = run(KIND, both, endpoint="os", by="hct", risk="risk", interaction="risk")
    assert "risk_is_treatment" not in named(analysis)
    assert 0 < ratio(analysis, "time-dependent, within risk groups") < 20
    forest = output(analysis, "forest").rows
    assert 0 <= value(forest, "p", measure="interaction") <= 1


def test_where_all_of_the_group_were_transplanted_nothing_is_estimable() -> None:
    analysis = run(KIND, protocol(0), endpoint="os", by="hct", risk="risk")
    assert finding(analysis, "risk_is_treatment").facts["left"] == 0
    assert output(analysis, "transplant_effect").rows["estimate"].null_count() == 3
    assert "nobody is without" in str(finding(analysis, "transplant_not_estimated").facts)
    assert finding(analysis, "transplant_periods").facts["reason"]


def test_nobody_transplanted() -> None:
    context = five(hct=[False] * 5, day=[None] * 5)
    analysis = run(
        KIND, context, endpoint="os", by="hct", landmark=["4 days", "median waiting time"], risk="risk"
    )
    assert output(analysis, "transplant_effect").rows["estimate"].null_count() == 4
    assert "transplant_not_estimated" in named(analysis)
    later = replace(context.outcomes["os"], offset=np.ones(5))
    from_remission = replace(context, outcomes={"os": later})
    assert not problems(KIND, from_remission, endpoint="os", by="hct")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "risk"}, "is no yes/no"),
        ({"by": "donor"}, "has no date on which it happens"),
        ({"by": "nothing"}, "there is no column"),
        ({"landmark": "soon"}, "is not a length of time"),
        ({"landmark": ["4 days", "4 days"]}, "named twice"),
        ({"waiting_time": "0 days"}, "a landmark lies after time zero"),
        ({"early": "late"}, "is not a length of time"),
        ({"interaction": "hct"}, "is the transplant itself"),
        ({"adjust": ["hct"]}, "is the transplant itself"),
        ({"donor": "risk"}, "is no yes/no"),
        ({"risk": "day"}, "makes no groups"),
    ],
)
def test_faults_are_told_with_their_repair(options: dict[str, Any], said: str) -> None:
    told = problems(KIND, five(), **{"endpoint": "os", "by": "hct", **options})
    assert any(said in each for each in told), told


# R 4.2.2, survival 3.5-3: coxph on tmerge'd rows (Efron ties): log ratio and standard error.
BMT = {
    "naive": (-1.67290099545, 0.28838570179),
    "time-dependent Cox model": (-1.275762149819, 0.327595977905),
    "landmark at 18 days (median wait)": (-0.868915811151, 0.234012393609),
    "waiting time of 18 days (median wait)": (-1.422800036496, 0.322752786058),
    "time-dependent Cox model, adjusted": (-1.058280725526, 0.331995722658),
    "landmark at 18 days (median wait), adjusted": (-0.693266412113, 0.244300531491),
    "waiting time of 18 days (median wait), adjusted": (-1.207275876247, 0.328789839772),
}
BMT_PERIODS = (-1.359680650537, -0.516983489123, -0.722035156547)


def with_platelets(data: Path) -> Context:
    """The 137 patients of Klein and Moeschberger, platelet recovery in the place of a transplant."""
    context, rows = bmt(data), pl.read_csv(data / "transplant" / "bmt.csv")
    old = context.cohort
    columns = [column for name, column in old.columns.items() if name != "id"]
    columns += [
        Column("day", "number", "Day of recovery", known_at=KnownLater(), is_time=True),
        Column("platelets", "yes/no", "Platelet recovery", known_at=KnownOn("day")),
    ]
    values = {column.name: old.frame[column.name].to_list() for column in columns[:-2]}
    values["day"] = rows["platelet_recovery_days"].to_list()
    values["platelets"] = rows["platelet_recovery"].cast(pl.Boolean).to_list()
    return replace(context, cohort=cohort_of(values, columns, clock=old.clock))


def test_klein_and_moeschberger_as_in_r(shared_data: Path) -> None:
    analysis = run(
        KIND,
        with_platelets(shared_data),
        endpoint="dfs",
        by="platelets",
        adjust=["group", "age", "fab"],
        interaction="group",
        landmark="median waiting time",
    )
    for level, (log, error) in BMT.items():
        assert np.log(ratio(analysis, level)) == pytest.approx(log, rel=1e-8)
        assert ratio(analysis, level, "std_error") == pytest.approx(error, rel=1e-8)
    periods = output(analysis, "transplant_periods").rows.filter(pl.col("p").is_not_null())
    assert np.log(periods["estimate"].drop_nulls().to_numpy()) == pytest.approx(BMT_PERIODS, rel=1e-8)
    assert value(periods, "statistic", measure="change") == pytest.approx(1.9889, abs=5e-5)
    assert periods["term"].unique().to_list() == ["time since platelets"]
    forest = output(analysis, "forest").rows
    logs = {"ALL": -0.311275732507, "AML low risk": -3.163084553045, "AML high risk": -0.367008112627}
    for level, log in logs.items():
        assert np.log(value(forest, "estimate", term="group", level=level)) == pytest.approx(log, rel=1e-8)
    assert value(forest, "statistic", measure="interaction") == pytest.approx(10.5471003724017, rel=1e-8)


def test_ebmt_as_in_r(shared_data: Path) -> None:
    rows = pl.read_csv(shared_data / "transplant" / "ebmt3.csv", infer_schema_length=None)
    columns = [
        Column("day", "number", "Day", known_at=KnownLater(), is_time=True),
        Column("hct", "yes/no", "Platelet recovery", known_at=KnownOn("day")),
        Column("disease", "category", "Disease", levels=("CML", "AML", "ALL"), known_at=BASELINE),
    ]
    data = {
        "day": rows["platelet_days"].to_list(),
        "hct": rows["platelet_recovery"].cast(pl.Boolean).to_list(),
        "disease": rows["disease"].to_list(),
    }
    event = ["relapse or death" if each else None for each in rows["relapse_or_death"]]
    outcome = outcome_of(rows["rfs_days"].to_list(), event, endpoint="rfs", causes=("relapse or death",))
    analysis = run(
        KIND,
        context_of(cohort_of(data, columns, clock=DAYS), outcome),
        endpoint="rfs",
        by="hct",
        interaction="disease",
        landmark="median waiting time",
        early="100 days",
    )
    expected = {
        "naive": -0.4783605833785464,
        "time-dependent Cox model": -0.2998941178201535,
        "landmark at 27 days (median wait)": -0.2574300678705127,
        "waiting time of 27 days (median wait)": -0.3392512688931396,
    }
    for level, log in expected.items():
        assert np.log(ratio(analysis, level)) == pytest.approx(log, rel=1e-8)
    forest = output(analysis, "forest").rows
    assert value(forest, "statistic", measure="interaction") == pytest.approx(3.241021222083873, rel=1e-8)
    assert np.log(value(forest, "estimate", level="ALL")) == pytest.approx(-0.4637111217563, rel=1e-8)
    periods = output(analysis, "transplant_periods").rows["estimate"].drop_nulls().to_list()
    assert np.log(periods) == pytest.approx([0.0, -0.6049432861190783, -0.1443692996307676], rel=1e-8)


def test_the_children_as_in_r(shared_data: Path) -> None:
    path = shared_data / "transplant" / "bone_marrow_children.csv"
    rows = pl.read_csv(path, infer_schema_length=None, null_values=["?"])
    columns = [
        Column("day", "number", "Day", known_at=KnownLater(), is_time=True),
        Column("hct", "yes/no", "Platelet recovery", known_at=KnownOn("day")),
        Column("risk", "category", "Risk group", levels=("low", "high"), known_at=BASELINE),
    ]
    data = {
        "day": rows["PLTrecovery"].to_list(),
        "hct": (rows["PLTrecovery"] < 1_000_000).to_list(),
        "risk": ["high" if each else "low" for each in rows["Riskgroup"]],
    }
    event = ["death" if each else None for each in rows["survival_status"]]
    outcome = outcome_of(rows["survival_time"].to_list(), event)
    context = context_of(cohort_of(data, columns, clock=DAYS), outcome)
    analysis = run(KIND, context, endpoint="os", by="hct", risk="risk")
    assert np.log(ratio(analysis, "time-dependent Cox model")) == pytest.approx(-1.179295108945103, rel=1e-8)
    within = "time-dependent, within risk groups"
    assert np.log(ratio(analysis, within)) == pytest.approx(-1.21351756003742, rel=1e-8)
    assert "risk_is_treatment" not in named(analysis)
