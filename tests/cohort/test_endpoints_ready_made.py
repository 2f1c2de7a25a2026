"""Endpoints from a registry's ready-made time and status columns."""

from __future__ import annotations

from typing import Any

import pytest

from remission.cohort.endpoints.declare import EndpointDeclaration
from remission.cohort.endpoints.implied import implied_columns
from tests.cohort.by_hand import bad, build, cohort_of, good, told

CIR = {"definition": "relapse-incidence", "time": "time", "relapse": "rel", "death_without_relapse": "trm"}


def test_a_yes_no_status() -> None:
    cohort = cohort_of({"time": [5, 7], "dead": [True, False]})
    entry = {"definition": "overall-survival", "time": "time", "status": "dead"}
    for extra in ({}, {"event": 1}, {"event": True}, {"event": "yes"}):
        outcome = good(cohort, os={**entry, **extra})["os"]
        assert told(outcome) == ["1: death at 5", "2: censored at 7"]
    assert outcome.definition.endswith("Time and events are as ready-made in the file (time, dead).")
    (problem,) = bad(cohort, os={**entry, "event": 0})
    assert "is a yes/no column" in problem.message


@pytest.mark.parametrize("codes", [[1, 0], ["1", "0"]])
def test_a_status_of_codes_needs_the_code(codes: list[Any]) -> None:
    cohort = cohort_of({"time": [5, 7], "dead": codes}, numbers=["dead"])
    entry = {"definition": "overall-survival", "time": "time", "status": "dead"}
    (problem,) = bad(cohort, os=entry)
    assert "does not say by itself which value" in problem.message
    for code in (1, "1"):
        assert told(good(cohort, os={**entry, "event": code})["os"]) == ["1: death at 5", "2: censored at 7"]


def test_a_missing_code_cannot_pass_for_no_event() -> None:
    cohort = cohort_of({"time": [5, 7, 9], "dead": [1, 0, 99]}, numbers=["dead"])
    entry = {"definition": "overall-survival", "time": "time", "status": "dead", "event": 1}
    (problem,) = bad(cohort, os=entry)
    assert "0, 99" in problem.message
    assert told(good(cohort, os={**entry, "censored": [0, 99]})["os"])[2] == "3: censored at 9"


def test_a_code_nobody_has_is_told_unless_the_others_are_declared() -> None:
    cohort = cohort_of({"time": [5, 7], "dead": [0, 0]}, numbers=["dead"])
    entry = {"definition": "overall-survival", "time": "time", "status": "dead", "event": 1}
    (problem,) = bad(cohort, os=entry)
    assert 'nobody has 1 in "dead"' in problem.message
    assert told(good(cohort, os={**entry, "censored": [0]})["os"]) == ["1: censored at 5", "2: censored at 7"]


def test_one_status_with_a_code_for_each_event() -> None:
    cohort = cohort_of({"time": [1, 2, 3], "status": [1, 2, 0]}, numbers=["status"])
    for death in ("death", "death_without_relapse"):
        entry = {
            "definition": "relapse-incidence",
            "time": "time",
            "status": "status",
            "event": {"relapse": 1, death: 2},
        }
        outcomes = good(
            cohort, relapse=entry, nrm={"definition": "non-relapse-mortality", "same_as": "relapse"}
        )
        expected = ["1: relapse at 1", "2: death without relapse at 2", "3: censored at 3"]
        assert told(outcomes["relapse"]) == told(outcomes["nrm"]) == expected


def test_one_status_with_a_level_for_each_event() -> None:
    cohort = cohort_of({"time": [1, 2, 3], "status": ["Relapse", "TRM", "none"]})
    entry = {**CIR, "status": "status", "event": {"relapse": "Relapse", "death": "TRM"}}
    entry = {key: value for key, value in entry.items() if key not in {"relapse", "death_without_relapse"}}
    assert told(good(cohort, relapse=entry)["relapse"]) == [
        "1: relapse at 1",
        "2: death without relapse at 2",
        "3: censored at 3",
    ]


def test_two_yes_no_columns() -> None:
    cohort = cohort_of({"time": [1, 2, 3], "rel": [True, False, False], "trm": [False, True, False]})
    outcomes = good(
        cohort, relapse=CIR, pfs={"definition": "progression-free-survival", "same_as": "relapse"}
    )
    assert told(outcomes["relapse"]) == [
        "1: relapse at 1",
        "2: death without relapse at 2",
        "3: censored at 3",
    ]
    assert told(outcomes["pfs"]) == [
        "1: relapse or death at 1",
        "2: relapse or death at 2",
        "3: censored at 3",
    ]
    assert outcomes["pfs"].component is not None
    assert outcomes["pfs"].component.tolist() == ["relapse", "death", None]
    assert outcomes["relapse"].definition == (
        "Time from transplantation to relapse or progression. Death without relapse is a competing event. "
        "Patients without an event were censored at the end of follow-up. Time and events are as ready-made "
        "in the file (time, rel, trm)."
    )
    assert outcomes["pfs"].definition.startswith(
        "Time from transplantation to relapse or progression, or death from any cause, whichever was first."
    )


def test_any_event_and_relapse_leave_death_without_relapse() -> None:
    cohort = cohort_of({"time": [1, 2, 3], "rel": [True, False, False], "dfs": [True, True, False]})
    entry = {"definition": "relapse-incidence", "time": "time", "relapse": "rel", "status": "dfs"}
    outcomes = good(
        cohort, relapse=entry, pfs={**entry, "definition": "progression-free-survival", "relapse": "rel"}
    )
    assert told(outcomes["relapse"]) == [
        "1: relapse at 1",
        "2: death without relapse at 2",
        "3: censored at 3",
    ]
    assert outcomes["pfs"].component is not None
    assert outcomes["pfs"].component.tolist() == ["relapse", "death", None]


def test_both_events_at_once_are_a_contradiction() -> None:
    cohort = cohort_of({"time": [1, 2], "rel": [True, True], "trm": [True, False]})
    (problem,) = bad(cohort, relapse=CIR)
    assert (problem.message, problem.ids) == ("more than one of rel, trm says yes", ("1",))


def test_an_event_without_cause_is_unknown_and_a_cause_without_event_a_contradiction() -> None:
    columns = {
        "time": [1, 2, 3, 4],
        "rel": [True, False, False, True],
        "trm": [False, False, False, False],
        "dfs": [True, True, False, False],
    }
    cohort = cohort_of(columns)
    problems = bad(cohort, relapse={**CIR, "status": "dfs"})
    assert [(problem.message, problem.ids) for problem in problems] == [
        ("whether or when the event happened is not known", ("2",)),
        ("rel, trm says yes where dfs says no", ("4",)),
    ]


def test_missing_status_or_time_is_unknown() -> None:
    columns = {
        "time": [1, 2, 3, None, 5, 6],
        "rel": [None, False, True, True, None, None],
        "trm": [None, None, None, False, True, False],
    }
    cohort = cohort_of(columns)
    (problem,) = bad(cohort, relapse=CIR)
    assert problem.ids == ("1", "2", "4", "6")
    outcome = good(cohort, relapse={**CIR, "missing_endpoint": "exclude"})["relapse"]
    assert told(outcome) == ["3: relapse at 3", "5: death without relapse at 5"]
    assert [(step.excluded, step.remaining) for step in outcome.flow] == [(4, 2)]


def test_a_status_that_says_no_event_settles_what_the_causes_leave_open() -> None:
    columns = {
        "time": [1, 2, 3],
        "rel": [None, None, None],
        "trm": [False, False, None],
        "dfs": [False, True, None],
    }
    cohort = cohort_of({**columns, "rel": [None, None, True]})
    outcome = good(cohort, relapse={**CIR, "status": "dfs", "missing_endpoint": "exclude"})["relapse"]
    assert told(outcome) == ["1: censored at 1", "3: relapse at 3"]


def test_times_beyond_last_contact_are_repaired_events_and_censorings_alike() -> None:
    columns = {
        "time": [10, 30, 9, 20],
        "rel": [True, False, False, False],
        "trm": [False, False, True, False],
        "last": [8, 25, 9, 20],
    }
    entry = {**CIR, "last": "last"}
    problems = bad(cohort_of(columns), relapse=entry)
    assert {problem.ids for problem in problems} == {("1",), ("2",)}
    truncated = good(cohort_of(columns), relapse={**entry, "later_than": "truncate"})["relapse"]
    assert told(truncated) == [
        "1: relapse at 8",
        "2: censored at 25",
        "3: death without relapse at 9",
        "4: censored at 20",
    ]
    extended = good(cohort_of(columns), relapse={**entry, "later_than": "extend"})["relapse"]
    assert told(extended)[:2] == ["1: relapse at 10", "2: censored at 30"]
    excluded = good(cohort_of(columns), relapse={**entry, "later_than": "exclude"})["relapse"]
    assert told(excluded) == ["3: death without relapse at 9", "4: censored at 20"]


def test_negative_ready_made_times_are_told_once() -> None:
    cohort = cohort_of({"time": [-1, 2], "rel": [True, False], "trm": [False, False]})
    problems = bad(cohort, relapse=CIR)
    assert {problem.ids for problem in problems} == {("1",)}
    assert all("before transplantation" in problem.message for problem in problems)


def test_pairs_of_time_and_status() -> None:
    columns = {
        "gvhd_days": [30, 90, 50, 12],
        "gvhd": [True, False, False, True],
        "os_days": [90, 90, 50, 40],
        "dead": [True, True, False, False],
    }
    entry = {
        "definition": "acute-gvhd",
        "acute_gvhd": {"time": "gvhd_days", "status": "gvhd"},
        "death": {"time": "os_days", "status": "dead"},
    }
    outcome = good(cohort_of(columns), gvhd=entry)["gvhd"]
    assert told(outcome) == [
        "1: acute GVHD at 30",
        "2: death without acute GVHD at 90",
        "3: censored at 50",
        "4: acute GVHD at 12",
    ]


def test_the_time_of_a_pair_is_follow_up_where_the_status_says_no() -> None:
    columns = {"days": [40, 40], "rel": [False, False], "os": [60, 60], "dead": [True, False]}
    entry = {
        "definition": "relapse-incidence",
        "relapse": {"time": "days", "status": "rel"},
        "death": {"time": "os", "status": "dead"},
        "never_cr": "first-recorded-progression",
    }
    (problem,) = bad(cohort_of(columns), relapse=entry)
    assert problem.ids == ("1",)
    assert problem.message.endswith("later than the end of follow-up that the other columns tell")
    truncated = good(cohort_of(columns), relapse={**entry, "later_than": "truncate"})["relapse"]
    assert told(truncated) == ["1: death without relapse at 40", "2: censored at 40"]
    extended = good(cohort_of(columns), relapse={**entry, "later_than": "extend"})["relapse"]
    assert told(extended) == ["1: death without relapse at 60", "2: censored at 40"]


def test_follow_up_for_an_event_matters_only_until_the_first_event() -> None:
    columns = {"g": [30], "gvhd": [True], "days": [50], "rel": [False], "os": [100], "dead": [True]}
    entry = {
        "definition": "acute-gvhd",
        "acute_gvhd": {"time": "g", "status": "gvhd"},
        "relapse": {"time": "days", "status": "rel"},
        "death": {"time": "os", "status": "dead"},
        "competing": ["relapse"],
    }
    assert told(good(cohort_of(columns), gvhd=entry)["gvhd"]) == ["1: acute GVHD at 30"]


def test_a_pair_may_have_codes_and_missing_values() -> None:
    columns = {"days": [4, None, 6, 7], "rel": [1, 1, 2, None], "os": [9, 9, 9, 9], "dead": [2, 2, 2, 2]}
    entry = {
        "definition": "relapse-incidence",
        "relapse": {"time": "days", "status": "rel", "event": 1},
        "death": {"time": "os", "status": "dead", "event": 2},
        "never_cr": "first-recorded-progression",
        "missing_endpoint": "exclude",
        "later_than": "extend",
    }
    outcome = good(cohort_of(columns, numbers=["rel", "dead"]), relapse=entry)["relapse"]
    assert told(outcome) == ["1: relapse at 4", "3: death without relapse at 9"]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"definition": "overall-survival", "status": "dead"}, "Say time ="),
        ({"definition": "overall-survival", "time": "time", "status": "time"}, "not what happened"),
        ({"definition": "overall-survival", "time": "dead", "status": "dead"}, "neither a date nor a time"),
        ({"definition": "relapse-incidence", "time": "time", "status": "dead"}, "say time, relapse"),
        (
            {"definition": "overall-survival", "time": "time", "status": "dead", "death": "time"},
            "the one or the other",
        ),
        ({"definition": "overall-survival", "death_without_relapse": "dead"}, "Say death"),
        (
            {"definition": "overall-survival", "time": "time", "status": "dead", "event": {"relapse": 1}},
            "no use",
        ),
        ({"definition": "overall-survival", "death": "dead"}, "time ="),
        ({"definition": "overall-survival", "censored": [0]}, "status"),
        ({**CIR, "relapse": "dead", "death_without_relapse": "dead", "death": "time"}, "told twice"),
        (
            {"definition": "overall-survival", "time": "time", "death": "time", "last": "time"},
            "leave out time",
        ),
    ],
)
def test_ready_made_columns_that_do_not_fit_are_told(entry: dict, words: str) -> None:
    problems = bad(cohort_of({"time": [1, 2], "dead": [True, False]}), e=entry)
    assert words.lower() in " ".join(problem.message + problem.repair for problem in problems).lower()


def test_same_as_shares_columns_and_rules() -> None:
    columns = {"rel": [5, None], "death": [9, None], "last": [9, 20], "second": [None, 15]}
    pfs = {
        "definition": "progression-free-survival",
        "relapse": "rel",
        "death": "death",
        "last": "last",
        "never_cr": "first-recorded-progression",
        "censor_at": "second",
        "label": "PFS",
    }
    outcomes = good(
        cohort_of(columns),
        nrm={"definition": "non-relapse-mortality", "same_as": "relapse"},
        relapse={"definition": "relapse-incidence", "same_as": "pfs"},
        pfs=pfs,
        late={"definition": "relapse-incidence", "same_as": "pfs", "censor_at": []},
    )
    assert list(outcomes) == ["nrm", "relapse", "pfs", "late"]
    assert told(outcomes["nrm"]) == ["1: relapse at 5", "2: censored at 15"]
    assert told(outcomes["late"]) == ["1: relapse at 5", "2: censored at 20"]
    assert outcomes["relapse"].label == "Relapse"


def test_survivals_time_and_status_tell_death_to_other_endpoints() -> None:
    columns = {"gvhd": [20, None, None], "time": [90, 40, 70], "dead": [True, True, False]}
    outcomes = good(
        cohort_of(columns),
        os={"definition": "overall-survival", "time": "time", "status": "dead"},
        gvhd={"definition": "acute-gvhd", "same_as": "os", "acute_gvhd": "gvhd"},
    )
    assert told(outcomes["gvhd"]) == [
        "1: acute GVHD at 20",
        "2: death without acute GVHD at 40",
        "3: censored at 70",
    ]


def test_an_endpoint_that_says_how_death_is_told_does_not_inherit_it() -> None:
    columns = {"t": [20, 40], "g": [True, False], "first": [False, True], "death": [90, 40], "last": [90, 40]}
    outcomes = good(
        cohort_of(columns),
        os={"definition": "overall-survival", "death": "death", "last": "last"},
        gvhd={
            "definition": "acute-gvhd",
            "same_as": "os",
            "time": "t",
            "acute_gvhd": "g",
            "death_without_event": "first",
            "later_than": "exclude",
            "last": "t",
        },
    )
    assert told(outcomes["gvhd"]) == ["1: acute GVHD at 20", "2: death without acute GVHD at 40"]
    assert "to acute GVHD of the grade recorded." in outcomes["gvhd"].definition


def test_any_event_of_another_endpoint_is_never_taken_for_death() -> None:
    columns = {"time": [90, 40], "dfs": [True, False]}
    problems = bad(
        cohort_of(columns),
        dfs={"definition": "disease-free-survival", "time": "time", "status": "dfs"},
        os={"definition": "overall-survival", "same_as": "dfs"},
    )
    assert [problem.where for problem in problems] == ["endpoints.os.same_as"]
    problems = bad(
        cohort_of({"time": [1], "rel": [True], "trm": [False]}),
        relapse=CIR,
        os={"definition": "overall-survival", "same_as": "relapse"},
    )
    assert [problem.where for problem in problems] == ["endpoints.os"]


def test_two_ready_made_times_are_not_mixed() -> None:
    cohort = cohort_of({"time": [1], "rel": [True], "trm": [False], "gt": [1], "g": [True], "dg": [False]})
    gvhd = {
        "definition": "acute-gvhd",
        "same_as": "relapse",
        "time": "gt",
        "acute_gvhd": "g",
        "death_without_event": "dg",
    }
    (problem,) = bad(cohort, relapse=CIR, gvhd=gvhd)
    assert problem.where == "endpoints.gvhd.same_as"


def test_circles_and_strangers_are_told_once() -> None:
    entry = {"definition": "relapse-incidence"}
    outcomes, problems = build(
        cohort_of({"time": [1]}),
        {
            "a": {**entry, "same_as": "b"},
            "b": {**entry, "same_as": "c"},
            "c": {**entry, "same_as": "b"},
            "d": {**entry, "same_as": "d"},
            "e": {**entry, "same_as": "relaps"},
            "relapse_": {**entry, "same_as": "e"},
        },
    )
    assert outcomes == {}
    assert [(problem.where, problem.message) for problem in problems] == [
        ("endpoints.b.same_as", "same_as goes round in a circle: b -> c -> b"),
        ("endpoints.d.same_as", "same_as goes round in a circle: d -> d"),
        ("endpoints.e.same_as", 'there is no endpoint "relaps"'),
    ]


def test_columns_that_endpoints_name_need_no_declaration() -> None:
    declared = {
        "os": {"definition": "overall-survival", "time": "intxsurv", "status": "dead"},
        "coded": {"definition": "overall-survival", "time": "t", "status": "s", "event": 2},
        "relapse": CIR,
        "gvhd": {
            "definition": "acute-gvhd",
            "acute_gvhd": {"time": "gd", "status": "g"},
            "death": "death",
            "last": "last",
            "entry": "12 months",
            "censor_at": ["dli"],
        },
        "efs": {
            "definition": "event-free-survival",
            "remission": "cr",
            "evaluation": "eoi",
            "entry": "referral",
            "other": {"x": "xd"},
        },
    }
    endpoints = {name: EndpointDeclaration.model_validate(entry) for name, entry in declared.items()}
    kinds = {name: column.kind for name, column in implied_columns(endpoints, dated=True).items()}
    assert kinds == {
        "intxsurv": "time",
        "dead": "yes/no",
        "t": "time",
        "s": None,
        "time": "time",
        "rel": "yes/no",
        "trm": "yes/no",
        "gd": "date",
        "g": "yes/no",
        "death": "date",
        "last": "date",
        "dli": "date",
        "cr": None,
        "eoi": "date",
        "referral": "date",
        "xd": "date",
    }
    assert implied_columns(endpoints, dated=False)["death"].kind == "time"
