"""The guard: what may group, filter and adjust which outcome."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownAt, KnownLater, KnownOn
from remission.cohort.guard import judge, judge_filter, undeclared
from remission.cohort.outcome import Outcome
from remission.core.clock import Duration
from remission.core.problems import InputError
from tests.cohort.by_hand import cohort_of, good

OS = {"definition": "overall-survival", "death": "death", "last": "last"}
COLUMNS: dict[str, list[Any]] = {
    "death": [400, None, 90, 700],
    "last": [400, 800, 90, 700],
    "sex": ["male", "female", "male", "female"],
    "mrd": [True, False, None, False],
    "gvhd": [True, False, True, False],
    "gvhd_date": [30, None, 60, None],
    "status": ["limited", None, "extensive", None],
    "relapse_site": ["marrow", None, "marrow", None],
    "later": [True, True, False, False],
    "colour": ["red", "red", "blue", "blue"],
    "cr_date": [-10, 5, 40, 20],
    "early": [True, True, False, False],
    "early_date": [-5, 0, None, None],
}
KNOWN: dict[str, KnownAt] = {
    "sex": Baseline(),
    "mrd": KnownAfter(Duration(29, "days")),
    "gvhd": KnownOn("gvhd_date"),
    "status": KnownOn("gvhd_date"),
    "later": KnownLater(),
    "early": KnownOn("early_date"),
}
DERIVED: dict[str, dict[str, Any]] = {
    "men": {"condition": "sex = 'male'"},
    "mrd_group": {"groups": {"men, MRD": "sex = 'male' and mrd", "men, no MRD": "sex = 'male' and not mrd"}},
    "mixed": {"groups": {"a": "gvhd and mrd", "b": "gvhd and not mrd"}},
    "blurred": {"condition": "later or gvhd"},
    "paint": {"condition": "colour = 'red'"},
    "said": {"condition": "gvhd", "known_at": "100 days"},
}


@pytest.fixture
def cohort() -> Cohort:
    return cohort_of(COLUMNS, known=KNOWN, derived=DERIVED)


@pytest.fixture
def survival(cohort: Cohort) -> Outcome:
    return good(cohort, os=OS)["os"]


def verdict(cohort: Cohort, column: str, outcome: Outcome, landmark: float | None = None) -> tuple[bool, str]:
    found = judge(cohort, column, outcome, landmark_days=landmark)
    assert (found.column, found.landmark_days) == (column, landmark)
    assert bool(found.remedies) == (not found.allowed and found.reason != "date not recorded")
    return found.allowed, found.reason


@pytest.mark.parametrize(
    ("column", "landmark", "allowed", "reason"),
    [
        ("sex", None, True, "baseline"),
        ("sex", 100, True, "baseline"),
        ("mrd", None, False, "known after the start"),
        ("mrd", 28, False, "known after the landmark"),
        ("mrd", 29, True, "landmark"),
        ("mrd", 100, True, "landmark"),
        ("gvhd", None, False, "known after the start"),
        ("gvhd", 0, True, "landmark"),
        ("gvhd", 100, True, "landmark"),
        ("status", None, False, "known after the start"),
        ("status", 100, True, "landmark"),
        ("later", None, False, "date not recorded"),
        ("later", 1000, False, "date not recorded"),
        ("men", None, True, "baseline"),
        ("mrd_group", None, False, "known after the start"),
        ("mrd_group", 29, True, "landmark"),
        ("mixed", None, False, "known after the start"),
        ("mixed", 10, False, "known after the landmark"),
        ("mixed", 29, True, "landmark"),
        ("blurred", 100, False, "date not recorded"),
        ("said", 50, False, "known after the landmark"),
        ("said", 100, True, "landmark"),
    ],
)
def test_the_declaration_decides(
    cohort: Cohort, survival: Outcome, column: str, landmark: float | None, allowed: bool, reason: str
) -> None:
    assert verdict(cohort, column, survival, landmark) == (allowed, reason)


def test_dates_at_or_before_time_zero_do_not_make_a_column_baseline(
    cohort: Cohort, survival: Outcome
) -> None:
    assert verdict(cohort, "early", survival) == (False, "known after the start")
    declared = cohort_of(COLUMNS, known={**KNOWN, "early": Baseline()})
    assert verdict(declared, "early", good(declared, os=OS)["os"]) == (True, "baseline")


def test_what_would_help(cohort: Cohort, survival: Outcome) -> None:
    def remedies(column: str) -> tuple[str, ...]:
        return judge(cohort, column, survival).remedies

    assert remedies("mrd") == ("landmark", "delayed entry")
    assert remedies("gvhd") == ("landmark", "time-dependent")
    assert remedies("mixed") == ("landmark",)
    assert remedies("later") == ()
    assert remedies("blurred") == ()
    assert remedies("sex") == ()
    assert judge(cohort, "mixed", survival).known_at in {"on gvhd_date", "29 days after time zero"}


def test_delayed_entry_admits_what_was_known_by_then(cohort: Cohort) -> None:
    later = good(cohort, os={**OS, "entry": "29 days"})["os"]
    sooner = good(cohort, os={**OS, "entry": "28 days"})["os"]
    assert verdict(cohort, "mrd", later) == (True, "known by the start")
    assert verdict(cohort, "mrd", sooner) == (False, "known after the start")
    assert verdict(cohort, "sex", later) == (True, "baseline")
    assert verdict(cohort, "gvhd", later) == (False, "known after the start")
    at_gvhd = good(cohort, os={**OS, "entry": "60 days"})["os"]
    assert verdict(cohort, "gvhd", at_gvhd) == (True, "known by the start")
    assert verdict(cohort, "mixed", at_gvhd) == (True, "known by the start")


def test_an_outcome_that_starts_later_compares_dates_patient_by_patient(cohort: Cohort) -> None:
    entry = {**OS, "time_zero": "cr_date"}
    problems = cohort_of({**COLUMNS, "cr_date": [30, 5, 40, 20]}, known=KNOWN, derived=DERIVED)
    outcome = good(problems, os=entry)["os"]
    assert verdict(problems, "gvhd", outcome) == (False, "known after the start")
    assert verdict(problems, "early", outcome) == (True, "known by the start")
    assert verdict(problems, "mrd", outcome) == (False, "known after the start")
    assert verdict(problems, "mrd", outcome, 9.0) == (False, "known after the landmark")
    assert verdict(problems, "mrd", outcome, 24.0) == (True, "landmark")
    late = cohort_of({**COLUMNS, "cr_date": [30, 30, 60, 30]}, known=KNOWN, derived=DERIVED)
    assert verdict(late, "gvhd", good(late, os=entry)["os"]) == (True, "known by the start")


def test_a_yes_without_its_date_is_never_known_by_the_start() -> None:
    columns = {**COLUMNS, "cr_date": [70, 70, 70, 70], "gvhd_date": [30, None, None, None]}
    cohort = cohort_of(columns, known=KNOWN)
    outcome = good(cohort, os={**OS, "time_zero": "cr_date"})["os"]
    assert verdict(cohort, "gvhd", outcome) == (False, "known after the start")


def test_baseline_of_the_cohort_is_not_baseline_of_an_outcome_that_starts_earlier() -> None:
    columns = {**COLUMNS, "cr_date": [-100, -50, -30, -20]}
    cohort = cohort_of(columns, known=KNOWN)
    from_diagnosis = good(cohort, os={**OS, "time_zero": "cr_date"})["os"]
    assert verdict(cohort, "sex", from_diagnosis) == (False, "known after the start")
    assert verdict(cohort, "sex", from_diagnosis, 99.0) == (False, "known after the landmark")
    assert verdict(cohort, "sex", from_diagnosis, 100.0) == (True, "landmark")
    columns["zero"] = [0, 0, 0, 0]
    entered = cohort_of(columns, known=KNOWN)
    outcome = good(entered, os={**OS, "time_zero": "cr_date", "entry": "zero"})["os"]
    assert verdict(entered, "sex", outcome) == (True, "baseline")


def test_filters_follow_the_same_rules(cohort: Cohort, survival: Outcome) -> None:
    verdicts = judge_filter(cohort, ["sex", "gvhd", "sex", "mixed"], survival)
    assert [(item.column, item.allowed) for item in verdicts] == [
        ("sex", True),
        ("gvhd", False),
        ("mixed", False),
    ]
    assert all(item.allowed for item in judge_filter(cohort, ["sex", "gvhd"], survival, landmark_days=60.0))


def test_undeclared_columns_are_a_problem_not_a_finding(cohort: Cohort, survival: Outcome) -> None:
    problem = undeclared(cohort, "colour", "analysis.1.by")
    assert problem is not None
    assert problem.where == "analysis.1.by"
    assert "cannot group, filter or adjust" in problem.message
    assert "[cohort] baseline" in problem.repair
    derived = undeclared(cohort, "paint", "analysis.1.by")
    assert derived is not None
    assert 'made of "colour"' in derived.message
    assert undeclared(cohort, "mixed", "here") is None
    for column in ("colour", "paint"):
        with pytest.raises(InputError, match="nobody declared"):
            judge(cohort, column, survival)


def test_wrong_arguments(cohort: Cohort, survival: Outcome) -> None:
    with pytest.raises(InputError, match="no column"):
        judge(cohort, "age", survival)
    for landmark in (-1.0, float("nan")):
        with pytest.raises(InputError, match="after time zero"):
            judge(cohort, "sex", survival, landmark_days=landmark)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.one_of(st.none(), st.integers(-20, 200)),
            st.integers(-20, 60),
            st.integers(80, 300),
        ),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 60),
    st.one_of(st.none(), st.integers(0, 100)),
)
def test_what_is_allowed_without_a_landmark_was_known_when_patients_started(
    rows: list[tuple[bool, int | None, int, int]], entry: int, fixed: int | None
) -> None:
    columns = {
        "flag": [yes for yes, *_ in rows],
        "on": [day for _, day, *_ in rows],
        "zero": [zero for _, _, zero, _ in rows],
        "last": [last for *_, last in rows],
        "death": [None for _ in rows],
    }
    known: KnownAt = KnownOn("on") if fixed is None else KnownAfter(Duration(fixed, "days"))
    cohort = cohort_of(columns, known={"flag": known})
    outcomes = good(
        cohort,
        plain=OS,
        own={**OS, "time_zero": "zero", "left_before_entry": "exclude"},
        late={**OS, "entry": f"{entry} days"},
    )
    for name, start in (("plain", [0] * len(rows)), ("own", columns["zero"]), ("late", [entry] * len(rows))):
        if judge(cohort, "flag", outcomes[name]).allowed:
            for (yes, day, *_), begin in zip(rows, start, strict=True):
                assert fixed <= begin if fixed is not None else not yes or (day is not None and day <= begin)
        elif fixed is not None:
            assert any(fixed > begin for begin in start)
    assert fixed == 0 or not judge(cohort, "flag", outcomes["plain"]).allowed
