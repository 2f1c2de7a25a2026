"""The rules for patients never in remission, and for failed treatment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cohort.by_hand import bad, cohort_of, good, told

BASE = {"relapse": "relapse", "death": "death", "last": "last"}
COLUMNS: dict[str, list[Any]] = {
    #            CR before, CR later, progressed, died early, left early, died late
    "cr": [-30, 25, None, None, None, None],
    "relapse": [200, None, 40, None, None, None],
    "death": [300, None, 90, 12, None, 60],
    "last": [300, 500, 90, 12, 20, 60],
}


@pytest.mark.parametrize(
    "definition", ["progression-free-survival", "relapse-incidence", "non-relapse-mortality", "grfs"]
)
def test_the_rule_must_be_chosen(definition: str) -> None:
    columns = {**COLUMNS, "gvhd": [None] * 6}
    more = {"acute_gvhd": "gvhd", "chronic_gvhd": "gvhd"} if definition == "grfs" else {}
    (problem,) = bad(cohort_of(columns), e={"definition": definition, **BASE, **more})
    assert problem.where == "endpoints.e.never_cr"
    assert '"first-recorded-progression"' in problem.repair
    assert '"day-0"' in problem.repair


def test_first_recorded_progression() -> None:
    entry = {"definition": "relapse-incidence", **BASE, "never_cr": "first-recorded-progression"}
    outcome = good(cohort_of(COLUMNS), relapse=entry)["relapse"]
    assert told(outcome) == [
        "1: relapse at 200",
        "2: censored at 500",
        "3: relapse at 40",
        "4: death without relapse at 12",
        "5: censored at 20",
        "6: death without relapse at 60",
    ]
    assert "have the event on the day progression was first recorded" in outcome.definition


def test_day_0() -> None:
    entry = {"definition": "relapse-incidence", **BASE, "never_cr": "day-0", "remission": "cr"}
    outcome = good(cohort_of(COLUMNS), relapse=entry)["relapse"]
    assert told(outcome)[:2] == ["1: relapse at 200", "2: censored at 500"]
    assert told(outcome)[2:] == [f"{number}: relapse at 0" for number in (3, 4, 5, 6)]
    assert "Patients never in remission count as relapse or progression on day 0." in outcome.definition


def test_day_0_only_for_those_who_were_judged() -> None:
    entry = {
        "definition": "relapse-incidence",
        **BASE,
        "never_cr": "day-0",
        "remission": "cr",
        "evaluation": "30 days",
    }
    outcome = good(cohort_of(COLUMNS), relapse=entry)["relapse"]
    assert told(outcome) == [
        "1: relapse at 200",
        "2: censored at 500",
        "3: relapse at 0",
        "4: death without relapse at 12",
        "5: censored at 20",
        "6: relapse at 0",
    ]
    assert "left follow-up before evaluation (30 days) were not judged" in outcome.definition


def test_progression_without_remission_before_evaluation_is_on_day_0() -> None:
    columns = {"cr": [None, None], "relapse": [10, None], "death": [None, None], "last": [15, 15]}
    entry = {"definition": "relapse-incidence", **BASE, "never_cr": "day-0", "remission": "cr"}
    outcome = good(cohort_of(columns), relapse={**entry, "evaluation": "28 days"})["relapse"]
    assert told(outcome) == ["1: relapse at 0", "2: censored at 15"]


def test_day_0_from_a_yes_no_column() -> None:
    columns = {
        "in_cr": [True, False, None],
        "relapse": [9, None, None],
        "death": [None, 8, None],
        "last": [9, 8, 7],
    }
    entry = {"definition": "relapse-incidence", **BASE, "never_cr": "day-0", "remission": "in_cr"}
    (problem,) = bad(cohort_of(columns), relapse=entry)
    assert (problem.where, problem.ids) == ("endpoints.relapse.remission", ("3",))
    outcome = good(cohort_of(columns), relapse={**entry, "missing_endpoint": "exclude"})["relapse"]
    assert told(outcome) == ["1: relapse at 9", "2: relapse at 0"]


def test_day_0_needs_remission() -> None:
    entry = {"definition": "relapse-incidence", **BASE, "never_cr": "day-0"}
    (problem,) = bad(cohort_of(COLUMNS), relapse=entry)
    assert problem.where == "endpoints.relapse.remission"


def test_ready_made_times_have_settled_it() -> None:
    columns = {"time": [5, 6], "rel": [True, False], "trm": [False, True]}
    entry = {
        "definition": "relapse-incidence",
        "time": "time",
        "relapse": "rel",
        "death_without_relapse": "trm",
    }
    assert good(cohort_of(columns), relapse=entry)
    (problem,) = bad(cohort_of(columns), relapse={**entry, "never_cr": "day-0"})
    assert problem.where == "endpoints.relapse.never_cr"


EFS = {"definition": "event-free-survival", **BASE}


def test_the_rule_of_event_free_survival_must_be_chosen() -> None:
    (problem,) = bad(cohort_of({**COLUMNS, "failure": [None] * 6}), efs={**EFS, "failure": "failure"})
    assert problem.where == "endpoints.efs.rule"
    assert all(rule in problem.repair for rule in ("time0", "at_evaluation", "eln_aml"))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (
            "time0",
            ["event at 200", "censored at 500", "event at 0", "event at 12", "censored at 20", "event at 0"],
        ),
        (
            "at_evaluation",
            [
                "event at 200",
                "censored at 500",
                "event at 33",
                "event at 12",
                "censored at 20",
                "event at 33",
            ],
        ),
        (
            "eln_aml",
            ["event at 200", "censored at 500", "event at 0", "event at 12", "censored at 20", "event at 0"],
        ),
    ],
)
def test_failure_judged_by_remission_on_a_day(rule: str, expected: list[str]) -> None:
    entry = {**EFS, "rule": rule, "remission": "cr", "evaluation": "33 days"}
    outcome = good(cohort_of(COLUMNS), efs=entry)["efs"]
    assert told(outcome) == [f"{number}: {text}" for number, text in enumerate(expected, 1)]
    assert f"(rule {rule})" in outcome.definition
    assert outcome.component is not None
    assert outcome.component.tolist() == [
        "relapse",
        None,
        "treatment failure",
        "death",
        None,
        "treatment failure",
    ]


def test_time0_moves_progression_without_remission_to_day_0_and_at_evaluation_leaves_it() -> None:
    columns = {"cr": [None, 20], "relapse": [25, 30], "death": [None, None], "last": [99, 99]}
    entry = {**EFS, "remission": "cr", "evaluation": "33 days"}
    early = good(cohort_of(columns), efs={**entry, "rule": "time0"})["efs"]
    assert told(early) == ["1: event at 0", "2: event at 30"]
    later = good(cohort_of(columns), efs={**entry, "rule": "at_evaluation"})["efs"]
    assert told(later) == ["1: event at 25", "2: event at 30"]


def test_declared_failure() -> None:
    columns = {"failure": [33, None], "relapse": [None, 90], "death": [200, None], "last": [200, 300]}
    at_evaluation = good(cohort_of(columns), efs={**EFS, "failure": "failure", "rule": "at_evaluation"})[
        "efs"
    ]
    assert told(at_evaluation) == ["1: event at 33", "2: event at 90"]
    time0 = good(cohort_of(columns), efs={**EFS, "failure": "failure", "rule": "time0"})["efs"]
    assert told(time0) == ["1: event at 0", "2: event at 90"]
    (problem,) = bad(cohort_of(columns), efs={**EFS, "failure": "failure", "rule": "eln_aml"})
    assert problem.where == "endpoints.efs.failure"


def test_events_on_day_0_start_the_curve_below_one() -> None:
    columns = {"failure": [33, None], "relapse": [None, 90], "death": [200, None], "last": [200, 300]}
    outcome = good(cohort_of(columns), efs={**EFS, "failure": "failure", "rule": "time0"})["efs"]
    (block,) = outcome.table().blocks()
    assert block.time[0] == 0.0
    assert block.at_risk[0, 0] == 2
    assert block.counts.moved[0, 0] == 1


def test_the_day_of_evaluation_may_be_a_column() -> None:
    columns = {**COLUMNS, "judged": [30, 30, 30, None, None, 70]}
    entry = {**EFS, "rule": "at_evaluation", "remission": "cr", "evaluation": "judged"}
    (problem,) = bad(cohort_of(columns), efs=entry)
    assert (problem.where, problem.ids) == ("endpoints.efs.evaluation", ("5",))
    outcome = good(cohort_of(columns), efs={**entry, "missing_endpoint": "exclude"})["efs"]
    assert told(outcome) == [
        "1: event at 200",
        "2: censored at 500",
        "3: event at 30",
        "4: event at 12",
        "6: event at 60",
    ]


def test_withdrawal_before_evaluation_may_end_follow_up() -> None:
    columns = {**COLUMNS, "withdrew": [None, None, 10, None, None, None]}
    entry = {**EFS, "rule": "time0", "remission": "cr", "evaluation": "33 days", "censor_at": "withdrew"}
    for rule in ("time0", "at_evaluation", "eln_aml"):
        assert told(good(cohort_of(columns), efs={**entry, "rule": rule})["efs"])[2] == "3: censored at 10"
    columns["failure"] = [None, None, 33, None, None, 33]
    declared = {**EFS, "rule": "time0", "failure": "failure", "censor_at": "withdrew"}
    assert told(good(cohort_of(columns), efs=declared)["efs"])[2] == "3: censored at 10"
    assert told(good(cohort_of(columns), efs=declared)["efs"])[5] == "6: event at 0"


def test_a_last_day_for_everybody_does_not_undo_failure_judged_after_it() -> None:
    entry = {**EFS, "rule": "eln_aml", "remission": "cr", "evaluation": "50 days", "censor_after": "40 days"}
    assert told(good(cohort_of(COLUMNS), efs=entry)["efs"]) == [
        "1: censored at 40",
        "2: censored at 40",
        "3: event at 0",
        "4: event at 12",
        "5: censored at 20",
        "6: event at 0",
    ]


def test_remission_must_have_a_date_to_be_judged() -> None:
    columns = {**COLUMNS, "cr": [True, True, False, False, False, False]}
    entry = {**EFS, "rule": "time0", "remission": "cr", "evaluation": "33 days"}
    (problem,) = bad(cohort_of(columns), efs=entry)
    assert problem.where == "endpoints.efs.remission"


def test_a_ready_made_status_has_settled_the_rule() -> None:
    columns = {"time": [5, 6], "efs": [True, False]}
    entry = {"definition": "event-free-survival", "time": "time", "status": "efs"}
    assert told(good(cohort_of(columns), efs=entry)["efs"]) == ["1: event at 5", "2: censored at 6"]
    (problem,) = bad(cohort_of(columns), efs={**entry, "rule": "time0"})
    assert problem.where == "endpoints.efs.rule"
