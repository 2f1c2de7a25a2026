"""Landmarks: what was known then, and who was still there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remission.cohort.as_known import as_known
from remission.cohort.cohort import Cohort
from remission.cohort.column import Baseline, KnownAfter, KnownAt, KnownLater, KnownOn
from remission.cohort.guard import judge
from remission.cohort.landmark import frame_at, landmarked, values_at
from remission.core.clock import Duration
from remission.core.problems import InputError
from remission.estimate.survival import kaplan_meier
from remission.events.cut import landmark
from tests.cohort.by_hand import cohort_of, good, told

OS = {"definition": "overall-survival", "death": "death", "last": "last"}
PFS = {
    "definition": "progression-free-survival",
    "relapse": "relapse",
    "death": "death",
    "last": "last",
    "never_cr": "first-recorded-progression",
}
# CR; PR; failure with CR on day 60; failure with CR on day 150; failure, never CR; failure, CR undated
COLUMNS: dict[str, list[Any]] = {
    "response": ["CR", "PR", "no response", "no response", "no response", None],
    "failure": [False, False, True, True, True, True],
    "cr_after": [False, None, True, True, False, True],
    "cr_after_date": [None, None, 60, 150, None, None],
    "mrd": [0.1, 0.2, None, 0.4, 0.5, 0.6],
    "site": ["a", None, "b", "a", None, "b"],
    "site_date": [100, None, 101, None, 5, 0],
    "note": ["x", "y", "x", "y", "x", "y"],
    "loose": ["x", "y", "x", "y", "x", "y"],
    "death": [None] * 6,
    "last": [400] * 6,
}
KNOWN: dict[str, KnownAt] = {
    "response": Baseline(),
    "failure": Baseline(),
    "cr_after": KnownOn("cr_after_date"),
    "cr_after_date": KnownOn("cr_after_date"),
    "mrd": KnownAfter(Duration(29, "days")),
    "site": KnownOn("site_date"),
    "note": KnownLater(),
}
COURSE = {
    "CR or PR at transplant": "response in ['CR', 'PR']",
    "failure, CR afterwards": "failure and cr_after",
}
DERIVED: dict[str, dict[str, Any]] = {
    "course": {"groups": COURSE},
    "never": {"groups": COURSE, "rest": "no CR"},
    "good_course": {"condition": "course = 'CR or PR at transplant'"},
    "mrd_high": {"from": "mrd", "cut": ["< 0.3", ">= 0.3"]},
    "no_date": {"condition": "cr_after_date is missing"},
    "said": {"condition": "cr_after", "known_at": "100 days"},
    "unsaid": {"condition": "not said"},
}


@pytest.fixture
def cohort() -> Cohort:
    return cohort_of(COLUMNS, known=KNOWN, derived=DERIVED, numbers=["mrd"])


def at(cohort: Cohort, column: str, day: float) -> list[Any]:
    return values_at(cohort, column, good(cohort, os=OS)["os"], day)


def test_a_yes_no_is_no_before_its_date_and_yes_from_then(cohort: Cohort) -> None:
    assert at(cohort, "cr_after", 59) == [False, None, False, False, False, None]
    assert at(cohort, "cr_after", 60) == [False, None, True, False, False, None]
    assert at(cohort, "cr_after", 150) == [False, None, True, True, False, None]


def test_other_columns_are_unknown_before_their_date(cohort: Cohort) -> None:
    assert at(cohort, "site", 100) == ["a", None, None, None, None, "b"]
    assert at(cohort, "site", 101) == ["a", None, "b", None, None, "b"]
    assert at(cohort, "mrd", 28) == [None] * 6
    assert at(cohort, "mrd", 29) == [0.1, 0.2, None, 0.4, 0.5, 0.6]
    assert at(cohort, "response", 0) == COLUMNS["response"]
    assert at(cohort, "note", 10_000) == [None] * 6
    assert at(cohort, "loose", 10_000) == [None] * 6


def test_derived_columns_are_made_again_from_what_was_known(cohort: Cohort) -> None:
    good_response, afterwards = COURSE
    assert cohort.frame["course"].to_list() == [
        good_response,
        good_response,
        afterwards,
        afterwards,
        None,
        afterwards,
    ]
    assert at(cohort, "course", 59) == [good_response, good_response, None, None, None, None]
    assert at(cohort, "course", 100) == [good_response, good_response, afterwards, None, None, None]
    assert at(cohort, "course", 150) == [good_response, good_response, afterwards, afterwards, None, None]
    assert at(cohort, "never", 100) == [good_response, good_response, afterwards, "no CR", "no CR", None]
    assert at(cohort, "good_course", 100) == [True, True, False, None, None, None]
    assert at(cohort, "mrd_high", 28) == [None] * 6
    assert at(cohort, "mrd_high", 29) == ["< 0.3", "< 0.3", None, ">= 0.3", ">= 0.3", ">= 0.3"]
    assert at(cohort, "said", 99) == at(cohort, "unsaid", 99) == [None] * 6
    assert at(cohort, "said", 100) == [False, None, True, True, False, True]
    assert at(cohort, "unsaid", 100) == [True, None, False, False, True, False]
    assert at(cohort, "no_date", 100) == [True, True, False, True, True, True]


def test_a_whole_frame_as_known(cohort: Cohort) -> None:
    outcome = good(cohort, os=OS)["os"]
    frame = frame_at(cohort, outcome, 100)
    assert frame.columns == list(cohort.columns)
    assert frame["course"].to_list() == at(cohort, "course", 100)
    assert frame["id"].to_list() == [None] * 6
    some = frame_at(
        cohort, outcome.only(np.array([False, True, True, False, False, False])), 100, ["never", "site"]
    )
    assert some.rows() == [("CR or PR at transplant", None), ("failure, CR afterwards", None)]


def test_the_landmark_counts_from_the_outcomes_own_time_zero() -> None:
    columns = {**COLUMNS, "zero": [0, 0, 50, 60, 0, 0]}
    cohort = cohort_of(columns, known=KNOWN, derived=DERIVED, numbers=["mrd"])
    outcome = good(cohort, os={**OS, "time_zero": "zero"})["os"]
    assert values_at(cohort, "cr_after", outcome, 9) == [False, None, False, False, False, None]
    assert values_at(cohort, "cr_after", outcome, 10) == [False, None, True, False, False, None]
    assert values_at(cohort, "cr_after", outcome, 90) == [False, None, True, True, False, None]


def test_before_the_cohorts_time_zero_nothing_of_it_was_known() -> None:
    columns = {**COLUMNS, "zero": [-100, -100, -100, 0, -50, 0]}
    cohort = cohort_of(columns, known=KNOWN, derived=DERIVED, numbers=["mrd"])
    outcome = good(cohort, os={**OS, "time_zero": "zero"})["os"]
    assert values_at(cohort, "response", outcome, 99) == [
        None,
        None,
        None,
        "no response",
        "no response",
        None,
    ]
    assert values_at(cohort, "response", outcome, 100) == COLUMNS["response"]


def test_columns_named_like_our_own_words_are_no_trap() -> None:
    columns = {"value": [True, True], "known": [5, 50], "death": [None, None], "last": [90, 90]}
    cohort = cohort_of(columns, known={"value": KnownOn("known"), "known": KnownOn("known")})
    assert at(cohort, "value", 10) == [True, False]
    assert at(cohort, "known", 10) == [5.0, None]


TIMES: dict[str, list[Any]] = {
    "relapse": [None, 50, None, None, 400, None, 100],
    "death": [90, 300, 100, None, 500, None, None],
    "last": [90, 300, 100, 100, 500, 800, 600],
}


def test_who_left_by_the_landmark_is_gone_and_counted() -> None:
    outcome = good(cohort_of(TIMES), os=OS)["os"]
    late = landmarked(outcome, 100.0, words="day 100")
    assert told(late) == ["2: death at 300", "5: death at 500", "6: censored at 800", "7: censored at 600"]
    assert [(step.reason, step.excluded, step.remaining) for step in late.flow] == [
        ("death by day 100", 2, 5),
        ("follow-up ended by day 100", 1, 4),
    ]
    assert late.entry is None
    assert (late.endpoint, late.definition) == (outcome.endpoint, outcome.definition)


def test_among_those_event_free_by_another_endpoint() -> None:
    columns = {**TIMES, "relapse": [None, 50, None, None, 400, None, 100], "unknown": [1.0] * 7}
    outcomes = good(cohort_of(columns), os=OS, pfs=PFS)
    late = landmarked(outcomes["os"], 100.0, among=outcomes["pfs"], words="12 months")
    assert told(late) == ["5: death at 500", "6: censored at 800"]
    assert [(step.reason, step.excluded) for step in late.flow] == [
        ("death by 12 months", 2),
        ("follow-up ended by 12 months", 1),
        ("Progression-free survival: relapse or death by 12 months", 2),
    ]


def test_among_knows_who_is_unknown_censored_or_not_yet_there() -> None:
    columns = {
        "death": [None] * 5,
        "last": [900] * 5,
        "relapse": [None, None, None, 950, 30],
        "second": [None, 60, None, None, None],
        "enters": [0, 0, 200, 0, 0],
    }
    outcomes = good(
        cohort_of(columns),
        os=OS,
        pfs={**PFS, "censor_at": "second", "entry": "enters", "later_than": "exclude"},
    )
    late = landmarked(outcomes["os"], 100.0, among=outcomes["pfs"])
    assert told(late) == ["1: censored at 900"]
    assert [(step.reason, step.excluded) for step in late.flow] == [
        ("Progression-free survival not known", 1),
        ("Progression-free survival: relapse or death by day 100", 1),
        ("Progression-free survival: follow-up ended by day 100", 1),
        ("Progression-free survival: not yet under observation at day 100", 1),
    ]


def test_among_is_compared_on_the_calendar() -> None:
    columns = {"cr": [50, 50], "relapse": [120, 160], "death": [None, None], "last": [900, 900]}
    dfs = {
        "definition": "disease-free-survival",
        "time_zero": "cr",
        "relapse": "relapse",
        "death": "death",
        "last": "last",
    }
    outcomes = good(cohort_of(columns), os=OS, dfs=dfs)
    assert told(landmarked(outcomes["os"], 150.0, among=outcomes["dfs"])) == ["2: censored at 900"]
    back = landmarked(outcomes["dfs"], 80.0, among=outcomes["os"])
    assert told(back) == ["2: relapse or death at 110"]


def test_late_entrants_are_refused_unless_kept() -> None:
    columns = {"death": [300, None, 250], "last": [300, 500, 250], "enters": [0.0, 100.0, 150.0]}
    outcome = good(cohort_of(columns), os={**OS, "entry": "enters"})["os"]
    with pytest.raises(InputError, match="1 came under observation only after the landmark"):
        landmarked(outcome, 100.0)
    kept = landmarked(outcome, 100.0, late_entrants="keep")
    assert kept.entry is not None
    assert kept.entry.tolist() == [-np.inf, -np.inf, 150.0]
    (block,) = kept.table().blocks()
    assert block.at_risk[:, 0].tolist()[-1] == 1
    assert landmarked(outcome, 200.0).entry is None


def test_the_landmark_must_be_a_time_after_time_zero() -> None:
    outcome = good(cohort_of(TIMES), os=OS)["os"]
    for day in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="after time zero"):
            landmarked(outcome, day)


def test_nobody_left_is_an_empty_outcome() -> None:
    outcome = good(cohort_of(TIMES), os=OS, pfs=PFS)
    late = landmarked(outcome["os"], 10_000.0, among=outcome["pfs"])
    assert len(late.rows) == 0
    assert late.flow[-1].remaining == 0
    assert len(landmarked(late, 20_000.0, among=late).rows) == 0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.booleans(), st.one_of(st.none(), st.integers(0, 60))),
        min_size=1,
        max_size=40,
    ),
    st.integers(0, 60),
)
def test_landmark_counts_add_up(rows: list[tuple[int, bool, int | None]], day: int) -> None:
    columns = {
        "last": [end for end, *_ in rows],
        "death": [end if dead else None for end, dead, _ in rows],
        "relapse": [None if seen is None or seen > end else seen for end, _, seen in rows],
    }
    outcomes = good(cohort_of(columns), os=OS, pfs=PFS)
    whole = outcomes["os"]
    late = landmarked(whole, float(day), among=outcomes["pfs"])
    assert len(late.rows) + sum(step.excluded for step in late.flow) == len(rows)
    assert set(late.rows) == {
        index
        for index, (end, _, seen) in enumerate(rows)
        if end > day and (seen is None or seen > end or seen > day)
    }
    alone = landmarked(whole, float(day))
    if len(alone.rows):
        ours, cut = (
            kaplan_meier(alone.table()).rows(),
            kaplan_meier(landmark(whole.table(), float(day))).rows(),
        )
        assert ours["estimate"].to_list() == cut["estimate"].to_list()
        assert ours["time"].to_list() == cut["time"].to_list()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.booleans()), st.one_of(st.none(), st.integers(0, 50))), min_size=1
    ),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_what_is_known_only_grows(
    rows: list[tuple[bool | None, int | None]], first: int, second: int
) -> None:
    assume(any(flag is not None for flag, _ in rows))
    first, second = sorted((first, second))
    columns = {
        "flag": [flag for flag, _ in rows],
        "level": [None if flag is None else str(flag) for flag, _ in rows],
        "on": [day for _, day in rows],
        "last": [90] * len(rows),
        "death": [None] * len(rows),
    }
    cohort = cohort_of(columns, known={"flag": KnownOn("on"), "level": KnownOn("on")})
    early, later = at(cohort, "flag", first), at(cohort, "flag", second)
    assert all(after is True for before, after in zip(early, later, strict=True) if before is True)
    levels, later_levels = at(cohort, "level", first), at(cohort, "level", second)
    assert all(before in (None, after) for before, after in zip(levels, later_levels, strict=True))
    end = as_known(cohort, np.arange(len(rows)), np.full(len(rows), np.inf), ["flag"])["flag"].to_list()
    assert all(after == flag or (flag and day is None) for after, (flag, day) in zip(end, rows, strict=True))


def test_c8_the_guard_refuses_and_the_landmark_answers(cohort: Cohort) -> None:
    outcome = good(cohort, os=OS)["os"]
    refused = judge(cohort, "course", outcome)
    assert (refused.allowed, refused.known_at) == (False, "on cr_after_date")
    assert "landmark" in refused.remedies
    assert judge(cohort, "course", outcome, landmark_days=100.0).allowed
    late = landmarked(outcome, 100.0)
    table = late.table(group=values_at(cohort, "course", late, 100.0), levels=tuple(COURSE))
    assert [block.counts.censored.sum() for block in table.blocks()] == [2.0, 1.0]
