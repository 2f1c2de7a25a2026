"""Endpoints from dates: what comes first, who is censored when, and what cannot be."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from remission.cohort.column import Baseline
from tests.cohort.by_hand import bad, build, cohort_of, good, told

FIRST = "first-recorded-progression"
OS = {"definition": "overall-survival", "death": "death", "last": "last"}
PFS = {
    "definition": "progression-free-survival",
    "relapse": "relapse",
    "death": "death",
    "last": "last",
    "never_cr": FIRST,
}
CIR = {**PFS, "definition": "relapse-incidence"}
NRM = {**PFS, "definition": "non-relapse-mortality"}
DAY0 = date(2010, 5, 1)


def day(number: int | None) -> date | None:
    return None if number is None else DAY0 + timedelta(days=number)


def test_dates_count_from_the_cohorts_time_zero() -> None:
    columns = {
        "transplant": [DAY0, DAY0 + timedelta(days=400)],
        "death": [day(100), None],
        "last": [day(100), day(1400)],
    }
    cohort = cohort_of(columns, time_zero="transplant")
    outcome = good(cohort, os=OS)["os"]
    assert told(outcome) == ["1: death at 100", "2: censored at 1000"]
    assert outcome.time_zero == "transplantation"
    assert outcome.starts_at_cohort_zero
    assert outcome.offset.tolist() == [0.0, 0.0]
    assert outcome.definition == (
        "Time from transplantation to death from any cause. Patients alive were censored at last contact, "
        "and not at relapse or a further transplant."
    )


def test_relapse_and_death_on_one_day_are_a_relapse() -> None:
    cohort = cohort_of({"relapse": [60, None, 60], "death": [60, 60, None], "last": [60, 60, 90]})
    outcomes = good(cohort, pfs=PFS, relapse=CIR, nrm=NRM)
    assert told(outcomes["relapse"]) == [
        "1: relapse at 60",
        "2: death without relapse at 60",
        "3: relapse at 60",
    ]
    assert told(outcomes["nrm"]) == told(outcomes["relapse"])
    assert outcomes["nrm"].cause == "death without relapse"
    assert outcomes["nrm"].causes == ("death without relapse", "relapse")
    assert set(outcomes["pfs"].event) == {"relapse or death"}
    assert outcomes["pfs"].component is not None
    assert outcomes["pfs"].component.tolist() == ["relapse", "death", "relapse"]


def test_events_on_day_0_count() -> None:
    cohort = cohort_of({"relapse": [None, 0], "death": [0, 5], "last": [0, 5]})
    outcomes = good(cohort, os=OS, relapse=CIR)
    assert told(outcomes["os"]) == ["1: death at 0", "2: death at 5"]
    assert told(outcomes["relapse"]) == ["1: death without relapse at 0", "2: relapse at 0"]
    assert outcomes["os"].table().counts.moved.sum() == 2


def test_survival_goes_on_after_relapse_and_second_transplant() -> None:
    columns = {"relapse": [50], "second": [60], "death": [200], "last": [200]}
    outcomes, problems = build(
        cohort_of(columns),
        {"pfs": {**PFS, "censor_at": "second"}, "os": {"definition": "overall-survival", "same_as": "pfs"}},
    )
    assert problems == ()
    assert told(outcomes["os"]) == ["1: death at 200"]


def test_survival_cannot_be_censored_at_a_second_transplant() -> None:
    cohort = cohort_of({"second": [60], "death": [200], "last": [200]})
    (problem,) = bad(cohort, os={**OS, "censor_at": "second"})
    assert problem.where == "endpoints.os.censor_at"
    assert "does not end follow-up of survival" in problem.repair


def test_a_switch_on_the_day_of_an_event_came_after_it() -> None:
    columns = {
        "relapse": [50, 51, None, None],
        "death": [None, None, None, None],
        "last": [90, 90, 90, 40],
        "second": [50, 50, 50, 50],
        "dli": [None, None, 30, None],
    }
    outcome = good(cohort_of(columns), relapse={**CIR, "censor_at": ["second", "dli"]})["relapse"]
    assert told(outcome) == [
        "1: relapse at 50",
        "2: censored at 50",
        "3: censored at 30",
        "4: censored at 40",
    ]
    assert "or at second or dli if earlier (events on that day count)" in outcome.definition


def test_a_last_day_for_everybody() -> None:
    cohort = cohort_of({"relapse": [100, 101], "death": [None, None], "last": [400, 400]})
    outcome = good(cohort, relapse={**CIR, "censor_after": "100 days"})["relapse"]
    assert told(outcome) == ["1: relapse at 100", "2: censored at 100"]
    assert "at the latest 100 days after transplantation (events on that day count)" in outcome.definition


def test_a_switch_before_time_zero_is_a_problem() -> None:
    cohort = cohort_of({"second": [-3, 5], "relapse": [None, None], "death": [None, None], "last": [10, 10]})
    (problem,) = bad(cohort, relapse={**CIR, "censor_at": "second"})
    assert problem.ids == ("1",)
    assert "came before transplantation" in problem.message


def test_delayed_entry() -> None:
    cohort = cohort_of({"death": [400, None, 90], "last": [400, 800, 90], "referred": [100.0, 0.0, 30.0]})
    outcomes = good(cohort, os={**OS, "entry": "referred"})
    entry = outcomes["os"].entry
    assert entry is not None
    assert entry.tolist() == [100.0, 0.0, 30.0]
    assert "at risk from referred on (delayed entry)" in outcomes["os"].definition


def test_who_left_by_the_time_of_entry_is_told_or_left_out() -> None:
    cohort = cohort_of({"death": [400, None, 90], "last": [400, 365, 90]})
    entry = {**OS, "entry": "365 days"}
    (problem,) = bad(cohort, os=entry)
    assert problem.ids == ("2", "3")
    outcome = good(cohort, os={**entry, "left_before_entry": "exclude"})["os"]
    assert told(outcome) == ["1: death at 400"]
    assert [(step.reason, step.excluded, step.remaining) for step in outcome.flow] == [
        ("follow-up ended before entry", 2, 1)
    ]


def test_a_time_zero_of_its_own() -> None:
    columns = {
        "cr": [40, None, 10],
        "relapse": [90, 20, None],
        "death": [200, 60, None],
        "last": [200, 60, 500],
    }
    entry = {
        "definition": "disease-free-survival",
        "time_zero": "cr",
        "time_zero_label": "complete remission",
        "relapse": "relapse",
        "death": "death",
        "last": "last",
    }
    outcome = good(cohort_of(columns), dfs=entry)["dfs"]
    assert told(outcome) == ["1: relapse or death at 50", "3: censored at 490"]
    assert outcome.offset.tolist() == [40.0, 10.0]
    assert not outcome.starts_at_cohort_zero
    assert outcome.time_zero == "complete remission"
    assert [(step.reason, step.excluded) for step in outcome.flow] == [("no date of complete remission", 1)]
    assert outcome.definition.startswith(
        "Time from complete remission to relapse or death in remission, whichever"
    )


def test_disease_free_survival_is_of_patients_in_remission() -> None:
    columns = {
        "cr": [True, False, None],
        "relapse": [90, 20, None],
        "death": [200, 60, None],
        "last": [200, 60, 500],
    }
    entry = {
        "definition": "disease-free-survival",
        "remission": "cr",
        "relapse": "relapse",
        "death": "death",
        "last": "last",
        "missing_endpoint": "exclude",
    }
    outcome = good(cohort_of(columns), dfs=entry)["dfs"]
    assert told(outcome) == ["1: relapse or death at 90"]
    assert [step.reason for step in outcome.flow] == [
        "remission is not known",
        "not in remission at transplantation",
    ]
    entry.pop("remission")
    everybody = good(cohort_of(columns), dfs=entry)["dfs"]
    assert len(everybody.rows) == 3
    assert "All patients were taken to be in remission at time zero." in everybody.definition


def test_progression_of_its_own_column_counts_as_relapse() -> None:
    columns = {"relapse": [None, 80], "progression": [30, 60], "death": [None, None], "last": [90, 90]}
    outcome = good(cohort_of(columns), relapse={**CIR, "progression": "progression"})["relapse"]
    assert told(outcome) == ["1: relapse at 30", "2: relapse at 60"]


@pytest.mark.parametrize(
    ("columns", "message", "ids"),
    [
        (
            {"relapse": [-2], "death": [None], "last": [10]},
            "relapse or progression before transplantation",
            ("1",),
        ),
        (
            {"relapse": [None], "death": [-1], "last": [None]},
            "death from any cause before transplantation",
            ("1",),
        ),
        ({"relapse": [None], "death": [None], "last": [-4]}, "last contact before transplantation", ("1",)),
        ({"relapse": [30], "death": [20], "last": [20]}, "relapse or progression later than death", ("1",)),
        (
            {"relapse": [30], "death": [None], "last": [20]},
            "relapse or progression later than last contact",
            ("1",),
        ),
        (
            {"relapse": [None], "death": [30], "last": [20]},
            "death from any cause later than last contact",
            ("1",),
        ),
        ({"relapse": [None], "death": [30], "last": [40]}, "last contact later than death", ("1",)),
        (
            {"relapse": [None], "death": [None], "last": [None]},
            "neither an event nor last contact has a date",
            ("1",),
        ),
    ],
)
def test_dates_in_an_impossible_order_are_told(columns: dict, message: str, ids: tuple[str, ...]) -> None:
    problems = bad(cohort_of(columns), relapse=CIR)
    assert message in {problem.message for problem in problems}
    assert all(problem.ids == ids for problem in problems)


def test_one_day_after_death_is_too_late_and_the_day_itself_is_not() -> None:
    cohort = cohort_of({"relapse": [20, 21], "death": [20, 20], "last": [20, 20]})
    problems = bad(cohort, relapse=CIR)
    assert {problem.ids for problem in problems} == {("2",)}
    assert "relapse or progression later than death" in {problem.message for problem in problems}


def test_truncating_takes_the_day_of_death_where_that_is_the_last() -> None:
    cohort = cohort_of({"relapse": [60], "death": [50], "last": [55]})
    outcome = good(cohort, relapse={**CIR, "later_than": "truncate"})["relapse"]
    assert told(outcome) == ["1: relapse at 50"]


def test_what_several_endpoints_share_is_told_once() -> None:
    cohort = cohort_of({"relapse": [None, None], "death": [-1, 4], "last": [-1, 4]})
    (problem,) = bad(cohort, os=OS, pfs=PFS, relapse=CIR)
    assert problem.where == "endpoints.os.death, endpoints.pfs.death, endpoints.relapse.death"
    assert problem.ids == ("1",)


def test_patients_without_time_zero_are_told_once_for_all() -> None:
    columns = {"transplant": [DAY0, None], "death": [None, day(3)], "last": [day(10), day(3)]}
    _, (problem,) = build(cohort_of(columns, time_zero="transplant"), {"os": OS, "again": OS})
    assert (problem.where, problem.ids) == ("cohort.time_zero", ("2",))


LATE = {"relapse": [30, 60, None, None], "death": [None, 50, 80, None], "last": [20, 50, 70, 90]}


@pytest.mark.parametrize(
    ("repair", "expected"),
    [
        ("exclude", ["4: censored at 90"]),
        (
            "truncate",
            [
                "1: relapse at 20",
                "2: relapse at 50",
                "3: death without relapse at 70",
                "4: censored at 90",
            ],
        ),
    ],
)
def test_late_events_are_repaired_as_declared(repair: str, expected: list[str]) -> None:
    outcome = good(cohort_of(LATE), relapse={**CIR, "later_than": repair})["relapse"]
    assert told(outcome) == expected
    if repair == "truncate":
        assert (
            "In 3 patients a time after the end of follow-up was set to its last day." in outcome.definition
        )
    else:
        assert [(step.reason, step.excluded) for step in outcome.flow] == [
            ("dates after the end of follow-up", 3)
        ]


def test_follow_up_is_not_extended_beyond_death() -> None:
    problems = bad(cohort_of(LATE), relapse={**CIR, "later_than": "extend"})
    assert [(problem.message, problem.ids) for problem in problems] == [
        ("relapse or progression later than death", ("2",))
    ]
    columns = {name: [values[0], *values[2:]] for name, values in LATE.items()}
    outcome = good(cohort_of(columns), relapse={**CIR, "later_than": "extend"})["relapse"]
    assert told(outcome) == ["1: relapse at 30", "2: death without relapse at 80", "3: censored at 90"]
    assert "In 2 patients follow-up was extended" in outcome.definition


def test_unknown_endpoints_are_told_or_left_out_and_counted() -> None:
    columns = {"death": [None, 50, None], "last": [None, None, 70]}
    (problem,) = bad(cohort_of(columns), os=OS)
    assert problem.ids == ("1",)
    assert 'missing_endpoint = "exclude"' in problem.repair
    outcomes, problems = build(cohort_of(columns), {"os": OS}, missing_endpoint="exclude")
    assert problems == ()
    assert told(outcomes["os"]) == ["2: death at 50", "3: censored at 70"]
    assert [(step.excluded, step.remaining) for step in outcomes["os"].flow] == [(1, 2)]
    refusing = {**OS, "missing_endpoint": "refuse"}
    assert build(cohort_of(columns), {"os": refusing}, missing_endpoint="exclude")[1] == (problem,)


def test_patients_who_are_not_in_the_endpoint_have_no_problems_in_it() -> None:
    columns = {"cr": [None, 10], "relapse": [-5, 20], "death": [-9, None], "last": [-9, 30]}
    entry = {**PFS, "definition": "disease-free-survival", "time_zero": "cr"}
    entry.pop("never_cr")
    assert told(good(cohort_of(columns), dfs=entry)["dfs"]) == ["2: relapse or death at 10"]


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"death": "deth"}, "endpoints.os.death", 'Did you mean "death"?'),
        ({"death": "sex"}, "endpoints.os.death", "time ="),
        ({"last": "sex"}, "endpoints.os.last", "neither a date nor a time"),
        ({"last": "age"}, "endpoints.os.last", 'kind = "time"'),
        ({"entry": "12 moons"}, "endpoints.os.entry", "neither a length of time nor a column"),
        ({"censor_after": "soon"}, "endpoints.os.censor_after", "not a length of time"),
        ({"relapse": "death"}, "endpoints.os.relapse", "has no use for relapse"),
        ({"rule": "time0"}, "endpoints.os.rule", "has no rule"),
        ({"never_cr": FIRST}, "endpoints.os.never_cr", "no rule for patients never in remission"),
        ({"grade": "II-IV"}, "endpoints.os.grade", "has no grade"),
        ({"competing": ["relapse"]}, "endpoints.os.competing", "cannot be added"),
        ({"evaluation": "30 days"}, "endpoints.os.evaluation", "not used"),
        ({"event": 1}, "endpoints.os.event", "ready-made"),
        ({"time_zero": "start"}, "endpoints.os.time_zero", 'no column "start"'),
    ],
)
def test_declarations_that_do_not_fit_are_told(change: dict, where: str, words: str) -> None:
    cohort = cohort_of(
        {"death": [None, 3], "last": [5, 3], "sex": [True, False], "age": [40, 50]}, numbers=["age"]
    )
    problems = bad(cohort, os={**OS, **change})
    assert [problem.where for problem in problems] == [where]
    assert words in problems[0].message + problems[0].repair


def test_every_problem_of_an_endpoint_is_told_at_once() -> None:
    cohort = cohort_of({"death": [None, 3]})
    problems = bad(cohort, os={**OS, "death": "dead", "last": "seen", "grade": "II", "entry": "?"})
    assert {problem.where.rpartition(".")[2] for problem in problems} == {"death", "last", "grade", "entry"}


def test_what_is_missing_is_told_with_both_ways_of_saying_it() -> None:
    (problem,) = bad(cohort_of({"last": [1]}), relapse={"definition": "relapse-incidence", "last": "last"})
    assert "relapse or progression, death" in problem.message
    assert "say relapse, death, last, never_cr" in problem.repair
    assert "say time, relapse, death_without_relapse" in problem.repair


def test_a_date_needs_a_time_zero() -> None:
    cohort = cohort_of({"death": [day(3)], "last": [day(3)]})
    problems = bad(cohort, os=OS)
    assert all("no date as its time zero" in problem.message for problem in problems)


def test_the_label_and_the_grade() -> None:
    cohort = cohort_of({"gvhd": [3], "death": [None], "last": [9]}, known={"gvhd": Baseline()})
    entry = {
        "definition": "acute-gvhd",
        "acute_gvhd": "gvhd",
        "death": "death",
        "last": "last",
        "grade": "II-IV",
    }
    outcomes = good(cohort, a=entry, b={**entry, "label": "GVHD"})
    assert [outcomes["a"].label, outcomes["b"].label] == ["Acute GVHD II-IV", "GVHD"]
    assert "to acute GVHD II-IV." in outcomes["a"].definition
    assert "Death without acute GVHD is a competing event." in outcomes["a"].definition


def test_an_outcome_can_be_cut_to_some_patients() -> None:
    cohort = cohort_of({"relapse": [5, None, 7], "death": [None, 6, None], "last": [9, 6, 9]})
    outcome = good(cohort, pfs={**PFS, "entry": "1 day"})["pfs"].only(np.array([True, False, True]))
    assert told(outcome) == ["1: relapse or death at 5", "3: relapse or death at 7"]
    assert outcome.entry is not None
    assert outcome.component is not None
    assert len(outcome.entry) == len(outcome.component) == len(outcome.offset) == 2
