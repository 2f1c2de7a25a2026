"""Treatment against protocol: counts by hand, problems with their patients, laws, and R's incidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import remission as rm
from remission.cohort.column import Column, KnownLater
from remission.core.clock import Clock
from remission.study.kind import Context
from remission.study.kinds import treatment_phases as phases
from remission.study.kinds.treatment import KIND
from remission.study.kinds.treatment_followed import followed
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

TRANSPLANT = ("transplant in first remission", "relapse before transplant", "death before transplant")
INDUCTION = {"name": "induction", "start": "induction", "window": ["0 days", "7 days"]}
NEXT = {
    "name": "consolidation",
    "start": "consolidation",
    "window": ["28 days", "35 days"],
    "from": "induction",
    "for": "risk != 'low'",
}
# induction, consolidation, risk, first event, its day, last contact: one patient per line.
TWELVE: tuple[tuple[Any, ...], ...] = (
    (0, 30, "high", None, None, 900),  # both in window
    (7, 42, "high", None, None, 900),  # both on the last day of their windows
    (9, 36, "high", None, None, 900),  # induction 2 days late, consolidation 1 day early
    (1, 40, "low", None, None, 900),  # consolidation though not meant
    (None, None, "high", "death", 3, 3),  # died before induction
    (2, None, "high", "relapse", 37, 400),  # relapse on the last day of the window
    (2, None, "high", None, None, 36),  # last contact the day before the window closed
    (2, None, "high", None, None, 37),  # seen on its last day, no reason recorded
    (2, 50, "high", "relapse", 45, 400),  # given after relapse
    (2, 33, None, None, None, 900),  # nobody knows whether it was meant
    (None, None, "high", None, None, 900),  # induction omitted; nothing from which to count
    (None, 30, "high", None, None, 900),  # induction omitted, consolidation given
)


def treated(patients: Sequence[tuple[Any, ...]] = TWELVE, **more: Sequence[Any]) -> Context:
    """A context of patients as in `TWELVE`, with an event-free and an overall survival."""
    first, second, risk, event, day, last = (list(column) for column in zip(*patients, strict=True))
    columns = [
        Column("induction", "number", "Induction", is_time=True),
        Column("consolidation", "number", "Consolidation", is_time=True),
        Column("risk", "category", "Risk", levels=("low", "high"), known_at=BASELINE),
    ]
    data: dict[str, Sequence[Any]] = {"induction": first, "consolidation": second, "risk": risk}
    for name, values in more.items():
        yes_no = any(isinstance(each, bool) for each in values)
        columns.append(Column(name, "yes/no" if yes_no else "number", name, is_time=not yes_no))
        data[name] = values
    events = [None if each is None else str(each) for each in event]
    failed = [end if each is None else each for each, end in zip(day, last, strict=True)]
    died = ["death" if each == "death" else None for each in events]
    return context_of(
        cohort_of(data, columns, clock=Clock("days")),
        outcome_of(failed, events, endpoint="efs", label="Event-free survival", causes=("relapse", "death")),
        outcome_of(last, died),
    )


def status_of(context: Context, **options: Any) -> dict[str, list[str]]:
    """Status of every patient in every phase."""
    asked = {"endpoint": "efs", "phases": [INDUCTION, NEXT], **options}
    done = followed(context, KIND.options(**asked))  # type: ignore[arg-type]
    return {each.phase.name: [str(item) for item in each.status] for each in done.phases}


def counts(analysis: Analysis, phase: str, group: str | None = None) -> dict[str, float]:
    rows = output(analysis, "phases").rows.filter(
        (pl.col("term") == phase) & pl.col("group").eq_missing(pl.lit(group)) & (pl.col("estimate") > 0)
    )
    return {
        row["level"] or row["measure"]: row["estimate"]
        for row in rows.filter(pl.col("measure") != "reason").iter_rows(named=True)
    }


def test_every_patient_of_the_twelve() -> None:
    found = status_of(treated())
    assert found["induction"] == [
        *("in window", "in window", "late", "in window", "ended before", "in window", "in window"),
        *("in window", "in window", "in window", "no reason recorded", "no reason recorded"),
    ]
    assert found["consolidation"] == [
        *("in window", "in window", "early", "not meant", "ended before", "ended before", "ended before"),
        *("no reason recorded", "after the end of treatment", "condition not known"),
        *("earlier phase not started", "started, window not known"),
    ]


def test_counts_of_the_twelve() -> None:
    analysis = run(KIND, treated(), endpoint="efs", phases=[INDUCTION, NEXT])
    assert counts(analysis, "induction") == {
        "eligible": 11,
        "started": 9,
        "in window": 8,
        "late": 1,
        "no reason recorded": 2,
        "ended before": 1,
    }
    second = counts(analysis, "consolidation")
    assert (second["eligible"], second["started"], second["in window"], second["early"]) == (5, 4, 2, 1)
    reasons = output(analysis, "phases").rows.filter(
        (pl.col("measure") == "reason") & (pl.col("term") == "consolidation")
    )
    assert dict(zip(reasons["level"], reasons["estimate"], strict=True)) == {
        "relapse": 1,
        "death": 1,
        "last contact": 1,
    }
    starts = output(analysis, "phase_starts").rows.filter(pl.col("term") == "induction")
    assert value(starts, "estimate", level=None, measure="median") == 2
    assert value(starts, "estimate", level="late", measure="median") == 2
    assert value(starts, "estimate", level=None, measure="max") == 9


def test_deviations_of_the_twelve() -> None:
    analysis = run(KIND, treated(), endpoint="efs", phases=[INDUCTION, NEXT])
    rows = output(analysis, "deviations").rows.filter(pl.col("measure") == "count")
    found = {
        (row["level"], row["term"]): (row["estimate"], row["at_risk"]) for row in rows.iter_rows(named=True)
    }
    assert found == {
        ("phase started early", "induction"): (0, 9),
        ("phase started late", "induction"): (1, 9),
        ("phase omitted", "induction"): (2, 11),
        ("phase started early", "consolidation"): (1, 3),
        ("phase started late", "consolidation"): (0, 3),
        ("phase omitted", "consolidation"): (1, 5),
        ("phase given though not meant", "consolidation"): (1, 1),
        ("order of phases reversed", "consolidation"): (0, 3),
    }
    # patients 3, 4, 8, 11 and 12
    assert dict(finding(analysis, "deviations_counted").facts) == {"n": 5, "total": 12}
    assert {"phases_unknown", "phases_after_end"} <= named(analysis)


def test_a_yes_without_a_date_is_started_and_no_answer_is_not_known() -> None:
    context = treated(TWELVE[10:] * 2, given=[True, None, False, None])
    found = status_of(context, phases=[{**INDUCTION, "given": "given"}, NEXT])
    assert found["induction"] == [
        *(
            "started, day not known",
            "not known whether started",
            "no reason recorded",
            "not known whether started",
        ),
    ]
    assert found["consolidation"][0] == "window not known"
    assert found["consolidation"][2] == "earlier phase not started"


def test_withdrawal_ends_treatment_unless_an_event_came_first() -> None:
    patients = [(0, None, "high", None, None, 900), (0, None, "high", "relapse", 20, 900), TWELVE[0]]
    context = treated(patients, off=[20, 25, 29])
    done = followed(context, KIND.options(endpoint="efs", phases=[INDUCTION, NEXT], stopped="off"))  # type: ignore[arg-type]
    assert list(done.phases[1].status) == ["ended before", "ended before", "after the end of treatment"]
    assert list(done.phases[1].reason) == ["withdrawal", "relapse", None]


def test_a_phase_before_an_earlier_one() -> None:
    context = treated([(5, 2, "high", None, None, 90), (5, 33, "high", None, None, 90)])
    analysis = run(KIND, context, endpoint="efs", phases=[INDUCTION, {**NEXT, "from": "time zero"}])
    rows = output(analysis, "deviations").rows
    place = {"level": "order of phases reversed", "measure": "count"}
    assert (value(rows, "estimate", **place), value(rows, "at_risk", **place)) == (1, 2)
    loose = run(KIND, context, endpoint="efs", phases=[INDUCTION, NEXT], in_order=False)
    assert not output(loose, "deviations").rows.filter(pl.col("level") == "order of phases reversed").height


def test_months_are_widened_to_whole_days() -> None:
    context = treated([(day, None, "high", None, None, 90) for day in (29, 30, 61, 62)])
    monthly = {**INDUCTION, "window": ["1 month", "2 months"]}
    assert status_of(context, phases=[monthly])["induction"] == ["early", "in window", "in window", "late"]


# Indicated against delivered: risk, transplant, first event, its day, last contact.
NINE: tuple[tuple[Any, ...], ...] = (
    ("high", 120, None, None, 900),  # as planned
    ("high", 120, "relapse", 300, 900),  # as planned, relapse later
    ("high", 200, None, None, 900),  # 20 days late
    ("high", 150, "relapse", 150, 900),  # on the day of relapse: later
    ("high", None, "relapse", 60, 900),  # relapse came first
    ("high", None, "death", 30, 30),  # death came first
    ("high", None, None, None, 179),  # still waiting
    ("high", None, None, None, 180),  # the window closed, no reason
    ("high", None, "relapse", 500, 900),  # the window closed before the relapse
    ("low", 100, None, None, 900),  # not indicated
    ("low", 300, "relapse", 200, 900),  # after relapse: no deviation
    ("low", None, None, None, 900),
    (None, 110, None, None, 900),  # nobody knows
    ("high", 130, "death", 130, 130),  # died on the day of transplant
)


def grafted(patients: Sequence[tuple[Any, ...]] = NINE) -> Context:
    risk, graft, event, day, last = (list(column) for column in zip(*patients, strict=True))
    context = treated([(0, None, *row) for row in zip(risk, event, day, last, strict=True)], transplant=graft)
    first, named_first = [], []
    for transplant, what, when, end in zip(graft, event, day, last, strict=True):
        early = transplant is not None and (when is None or transplant < when or what == "death")
        first.append(transplant if early else end if when is None else when)
        named_first.append(TRANSPLANT[0] if early else None if when is None else f"{what} before transplant")
    tx = outcome_of(
        first, named_first, endpoint="tx", label="Transplant in first remission", causes=TRANSPLANT
    )
    return context_of(context.cohort, *context.outcomes.values(), tx)


def crossed(analysis: Analysis, group: str | None) -> dict[str, float]:
    rows = output(analysis, "indication").rows.filter(
        (pl.col("measure") == "count") & pl.col("group").eq_missing(pl.lit(group)) & (pl.col("estimate") > 0)
    )
    return dict(zip(rows["level"], rows["estimate"], strict=True))


WINDOWED = {"start": "transplant", "window": ["90 days", "180 days"]}
ASKED = {"endpoint": "efs", "indication": "risk = 'high'", "delivered": WINDOWED}


def test_indicated_against_delivered() -> None:
    analysis = run(KIND, grafted(), **ASKED)
    assert crossed(analysis, "yes") == {
        "in first remission": 4,
        "later": 1,
        "relapse": 1,
        "death": 1,
        "waiting at last contact": 1,
        "no reason recorded": 2,
    }
    assert crossed(analysis, "no") == {"in first remission": 1, "later": 1, "no reason recorded": 1}
    assert crossed(analysis, "unknown") == {"in first remission": 1}
    rows = output(analysis, "deviations").rows.filter(pl.col("measure") == "count")
    assert {row["level"]: (row["estimate"], row["at_risk"]) for row in rows.iter_rows(named=True)} == {
        "given though not indicated": (1, 3),
        "indicated and never given": (2, 6),
        "given early": (0, 4),
        "given late": (1, 4),
    }
    assert finding(analysis, "indication_unknown").facts["indication_delivered"] == 1


def test_without_a_window_those_who_wait_are_waiting() -> None:
    analysis = run(KIND, grafted(), **{**ASKED, "delivered": "transplant"})
    assert crossed(analysis, "yes") == {
        "in first remission": 4,
        "later": 1,
        "relapse": 2,
        "death": 1,
        "waiting at last contact": 2,
    }
    facts = finding(analysis, "delivered_crude").facts
    assert (facts["indicated"], facts["delivered"], facts["waiting"], facts["judged"]) == (10, 4, 2, False)
    assert set(output(analysis, "deviations").rows["level"].drop_nulls()) == {"given though not indicated"}


def test_the_incidence_is_of_the_indicated_with_what_competes() -> None:
    analysis = run(KIND, grafted(), **ASKED, at=["100 days", "150 days", "365 days"])
    estimates = output(analysis, "estimates").rows
    assert value(estimates, "estimate", level="100 days") == 0
    # ten patients: death at 30, relapse at 60; transplants at 120 twice, 130; relapse at 150.
    assert value(estimates, "estimate", level="150 days") == pytest.approx(0.3)
    # at 179 and 180 two are censored: one transplant at 200 among the two left of four.
    assert value(estimates, "estimate", level="365 days") == pytest.approx(0.3 + 0.4 * 1 / 2)
    stack = output(analysis, "stack")
    assert stack.facts["rest_label"]
    last = stack.rows.filter(pl.col("time") == pl.col("time").max())
    assert last["estimate"].sum() == pytest.approx(1)


def test_an_indication_known_only_later_is_withheld() -> None:
    context = grafted()
    cohort = context.cohort
    columns = {
        **cohort.columns,
        "risk": Column("risk", "category", levels=("low", "high"), known_at=KnownLater()),
    }
    object.__setattr__(cohort, "columns", columns)
    analysis = run(KIND, context, **ASKED)
    assert "guard_withheld" in named(analysis)
    assert not [each for each in analysis.outputs if each.name == "curves"]
    assert crossed(analysis, "yes")["in first remission"] == 4


def test_by_group_adds_up_with_those_of_unknown_group() -> None:
    analysis = run(KIND, treated(), endpoint="efs", phases=[INDUCTION, NEXT], by="risk")
    together = counts(analysis, "induction")["eligible"]
    parts = [counts(analysis, "induction", group)["eligible"] for group in ("low", "high")]
    assert sum(parts) + 1 == together  # one of unknown risk


def test_the_order_of_a_window_is_by_the_months_of_the_study() -> None:
    context = treated()
    object.__setattr__(context.cohort, "clock", Clock("days", 30.0))
    asked = {"endpoint": "efs", "phases": [{**INDUCTION, "window": ["30.2 days", "1 month"]}]}
    (told,) = problems(KIND, context, **asked)
    assert "closes (1 month) before it opens (30.2 days)" in told


def test_bad_options_are_told_together() -> None:
    told = problems(
        KIND,
        treated(),
        endpoint="nothing",
        phases=[
            {"name": "one", "start": "absent", "window": ["9 days", "2 days"]},
            {"name": "one", "start": "risk", "from": "two", "window": ["soon", "2 days"]},
            {"name": "two", "start": "induction", "from": "one", "for": "rsk = 'low'"},
        ],
        indication="risk = 'high'",
        by="induction",
        at="later",
    )
    text = "\n".join(told)
    for words in (
        'there is no endpoint "nothing"',
        'there is no column "absent"',
        "closes (2 days) before it opens (9 days)",
        'another phase is called "one"',
        "neither a date nor a time",
        '"two", which is not an earlier phase',
        '"soon" is not a length of time',
        "the phase has no window",
        "rsk",
        "indication is said, delivered is not",
        "makes no groups",
        '"later" is not a length of time',
    ):
        assert words in text, words


def test_nothing_asked_and_no_endpoint_for_the_incidence() -> None:
    assert "nothing is held against the protocol" in problems(KIND, treated(), endpoint="efs")[0]
    context = treated(TWELVE, transplant=[None] * 12)
    (told,) = problems(KIND, context, endpoint="efs", indication="risk = 'high'", delivered="transplant")
    assert "transplant-in-remission" in told


def test_impossible_dates_are_told_with_their_patients() -> None:
    patients = [
        (-2, None, "high", None, None, 900),
        (0, 901, "high", None, None, 900),
        (0, 70, "high", "death", 60, 60),
        (5, None, "high", None, None, 900),
    ]
    context = treated(
        patients, end=[None, None, None, 3], given=[True, True, True, False], off=[-1, None, None, 901]
    )
    told = KIND.check(
        context,
        KIND.options(
            endpoint="efs",
            phases=[{**INDUCTION, "end": "end", "given": "given"}, NEXT],  # type: ignore[call-arg]
            stopped="off",
        ),
        "analysis[1]",
    )
    assert {(each.message, each.ids) for each in told} == {
        ("induction before transplantation", ("1",)),
        ("induction ended before it began", ("4",)),
        ("induction has a date where given says no", ("4",)),
        ("consolidation later than last contact", ("2",)),
        ("consolidation later than death", ("3",)),
        ("withdrawal before transplantation", ("1",)),
        ("withdrawal later than last contact", ("4",)),
    }
    assert all(each.repair for each in told)


def test_an_event_moved_to_day_0_does_not_end_treatment() -> None:
    (told,) = problems(
        KIND, treated([(0, None, "high", "relapse", 0, 900)]), endpoint="efs", phases=[INDUCTION]
    )
    assert "counts events from day 0" in told
    assert "at_evaluation" in told


def test_a_transplant_before_remission_is_told() -> None:
    context = grafted([*NINE[:2], ("high", 100, None, None, 900)])
    cohort = context.cohort
    frame = cohort.frame.with_columns(cr=pl.Series([40.0, None, 101.0]))
    object.__setattr__(cohort, "frame", frame)
    object.__setattr__(cohort, "columns", {**cohort.columns, "cr": Column("cr", "number", is_time=True)})
    (told,) = KIND.check(context, KIND.options(**ASKED, remission="cr"), "analysis[1]")  # type: ignore[arg-type]
    assert told.ids == ("2", "3")


def test_endpoint_and_incidence_must_agree() -> None:
    context = grafted()
    tx = context.outcomes["tx"]
    event = tx.event.copy()
    event[0] = TRANSPLANT[1]
    wrong = outcome_of(tx.time, event, endpoint="tx", causes=TRANSPLANT)
    others = [each for name, each in context.outcomes.items() if name != "tx"]
    (told,) = KIND.check(context_of(context.cohort, *others, wrong), KIND.options(**ASKED), "analysis[1]")  # type: ignore[arg-type]
    assert told.ids == ("1",)
    assert "do not agree" in told.message


@st.composite
def cohorts(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Patients with whatever dates are possible."""
    patients = []
    for _ in range(draw(st.integers(1, 12))):
        last = draw(st.integers(0, 60))
        event = draw(st.sampled_from([None, "relapse", "death"]))
        day = None if event is None else last if event == "death" else draw(st.integers(min(1, last), last))
        if event == "relapse" and not day:
            event, day = None, None
        dates = [draw(st.none() | st.integers(0, last)) for _ in range(2)]
        patients.append((*dates, draw(st.sampled_from([None, "low", "high"])), event, day, last))
    return patients


@settings(max_examples=60, deadline=None)
@given(cohorts(), st.randoms(use_true_random=False))
def test_every_patient_is_counted_once_whatever_the_order(
    patients: list[tuple[Any, ...]], random: Any
) -> None:
    found = status_of(treated(patients))
    assert all(item in phases.STATUSES for status in found.values() for item in status)
    analysis = run(KIND, treated(patients), endpoint="efs", phases=[INDUCTION, NEXT])
    rows = output(analysis, "phases").rows
    for phase in ("induction", "consolidation"):
        part = rows.filter((pl.col("term") == phase) & (pl.col("measure") == "count"))
        each = dict(zip(part["level"], part["estimate"], strict=True))
        assert sum(each.values()) == len(patients)
        total = {"term": phase, "level": None}
        assert sum(each[level] for level in phases.ELIGIBLE) == value(
            rows, "estimate", measure="eligible", **total
        )
        assert sum(each[level] for level in phases.STARTED) == value(
            rows, "estimate", measure="started", **total
        )
        reasons = rows.filter((pl.col("term") == phase) & (pl.col("measure") == "reason"))
        assert reasons["estimate"].sum() == each["ended before"]
    turned = list(patients)
    random.shuffle(turned)
    again = output(run(KIND, treated(turned), endpoint="efs", phases=[INDUCTION, NEXT]), "phases").rows
    assert again.equals(rows)


@settings(max_examples=40, deadline=None)
@given(cohorts())
def test_a_wider_window_never_makes_more_early_or_late(patients: list[tuple[Any, ...]]) -> None:
    def off(window: list[str]) -> int:
        found = status_of(treated(patients), phases=[{**INDUCTION, "window": window}])["induction"]
        return sum(item in (phases.EARLY, phases.LATE) for item in found)

    assert off(["5 days", "20 days"]) >= off(["3 days", "30 days"]) >= off(["0 days", "60 days"]) == 0


def recovery_study(folder: Path, data: Path) -> Path:
    """Platelet recovery in the place of transplant: the machinery is the same, and R knows the answer."""
    rows = pl.read_csv(data / "transplant" / "bmt.csv")
    day = {
        "graft": ("platelet_recovery", "platelet_recovery_days"),
        "relapsed": ("relapse", "rfs_days"),
        "died": ("death", "os_days"),
    }
    made = rows.with_columns(
        [pl.when(pl.col(told) == 1).then(pl.col(when)).alias(name) for name, (told, when) in day.items()]
    )
    made.write_csv(folder / "bmt.csv")
    study = folder / "study.toml"
    study.write_text(
        """
schema = 1
[study]
title = "Recovery"
[cohort]
file = "bmt.csv"
id = "id"
unit = "days"
baseline = ["disease_group"]
[columns]
graft = { kind = "time" }
[endpoints]
os = { definition = "overall-survival", death = "died", last = "os_days" }
pfs = { definition = "disease-free-survival", relapse = "relapsed", death = "died", last = "os_days" }
tx = { definition = "transplant-in-remission", same_as = "pfs", transplant = "graft" }
[[analysis]]
kind = "treatment"
endpoint = "pfs"
indication = "disease_group = 'AML high risk'"
delivered = { start = "graft", window = ["0 days", "50 days"] }
at = ["20 days", "50 days", "100 days"]
[[analysis]]
kind = "curves"
endpoint = "tx"
at = ["20 days", "50 days", "100 days", "365 days"]
""",
        encoding="utf-8",
    )
    return study


def test_incidence_against_r(tmp_path: Path, shared_data: Path) -> None:
    """cmprsk::cuminc on Klein and Moeschberger's 137 transplants (R 4, cmprsk 2.2)."""
    from remission.study.run import run as run_study  # noqa: PLC0415

    results = run_study(recovery_study(tmp_path, shared_data))
    wanted: Mapping[int, tuple[list[float], list[float]]] = {
        0: (
            [0.5111111111111, 0.7555555555556, 0.8444444444444],
            [0.005729876128188, 0.004342101695765, 0.003184684893239],
        ),
        1: (
            [0.554744525547, 0.810218978102, 0.8759124087591, 0.8759124087591],
            [0.001821862793579, 0.001147338529244, 0.000825596936108, 0.000825596936108],
        ),
    }
    for number, (estimates, variances) in wanted.items():
        rows = output(results.analyses[number], "estimates").rows
        assert rows["estimate"].to_list() == pytest.approx(estimates, rel=1e-8)
        assert (rows["std_error"] ** 2).to_list() == pytest.approx(variances, rel=1e-8)
    crossing = crossed(results.analyses[0], "yes")
    # 34 of 45 recovered by day 50 (R: 0.7556), 4 more by day 100 and later, none after relapse or death.
    assert sum(crossing.values()) == 45
    assert crossing["in first remission"] == round(45 * 0.8444444444444) + _late(results.analyses[0])
    deviating = output(results.analyses[0], "deviations").rows
    assert value(deviating, "estimate", level="given late", measure="count") == crossing[
        "in first remission"
    ] - round(45 * 0.7555555555556)


def _late(analysis: Analysis) -> int:
    """Recoveries after day 100, from the curve."""
    steps = output(analysis, "curves").rows
    return round(45 * (steps["estimate"].max() - steps.filter(pl.col("time") <= 100)["estimate"].max()))  # type: ignore[operator]


def test_results_hold_no_patients_and_the_report_is_written(tmp_path: Path, shared_data: Path) -> None:
    out = tmp_path / "out"
    results = rm.run(recovery_study(tmp_path, shared_data), out)
    assert "The cumulative incidence of transplant in first remission where indicated" in (
        (out / "report.html").read_text(encoding="utf-8")
    )
    lengths = [each.rows.height for analysis in results.analyses for each in analysis.outputs]
    assert np.max(lengths) < 1000


def test_a_transplant_on_a_day_not_known_is_told_of_the_incidence() -> None:
    # the last is of a group without the indication, so not in the incidence
    rows = [(0, None, group, None, None, 900) for group in ("high", "high", "high", "low")]
    context = treated(rows, transplant=[None, 150, None, None], given=[True, True, False, True])
    first = [TRANSPLANT[0] if day == 150 else None for day in (900, 150, 900, 900)]
    tx = outcome_of([900, 150, 900, 900], first, endpoint="tx", label="Transplant", causes=TRANSPLANT)
    context = context_of(context.cohort, *context.outcomes.values(), tx)
    delivered = {"start": "transplant", "given": "given"}
    asked = {"endpoint": "efs", "indication": "risk = 'high'", "delivered": delivered}
    for more, undated in (({"incidence": "tx"}, 1), ({}, 0)):
        told = finding(run(KIND, context, **asked, **more), "indication_unknown")
        assert (told.facts["day"], told.facts["undated_in_incidence"]) == (2, undated)
