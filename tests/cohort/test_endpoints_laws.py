"""Laws that hold whatever the patients: nobody is lost, curves add up, rows have no order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.cohort.outcome import Outcome
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.survival import kaplan_meier
from tests.cohort.by_hand import cohort_of, good, told

PFS = {
    "definition": "progression-free-survival",
    "relapse": "relapse",
    "death": "death",
    "last": "last",
    "never_cr": "first-recorded-progression",
}
ENDPOINTS = {
    "os": {"definition": "overall-survival", "same_as": "pfs"},
    "pfs": PFS,
    "relapse": {"definition": "relapse-incidence", "same_as": "pfs"},
    "nrm": {"definition": "non-relapse-mortality", "same_as": "pfs"},
}


@st.composite
def patients(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Dates in a possible order: relapse, then the end of follow-up, perhaps by death; many ties."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 30),
                st.booleans(),
                st.one_of(st.none(), st.integers(0, 30)),
                st.integers(0, 30),
            ),
            min_size=1,
            max_size=40,
        )
    )
    return {
        "last": [end for end, *_ in rows],
        "death": [end if dead else None for end, dead, *_ in rows],
        "relapse": [None if day is None or day > end else day for end, _, day, _ in rows],
        "second": [switch for *_, switch in rows],
    }


@settings(max_examples=60, deadline=None)
@given(patients())
def test_event_free_relapsed_and_dead_without_relapse_are_everybody(columns: dict[str, list[Any]]) -> None:
    outcomes = good(cohort_of(columns), **ENDPOINTS)
    curves = [
        kaplan_meier(outcomes["pfs"].table()).rows(),
        cumulative_incidence(outcomes["relapse"].table()).rows(),
        cumulative_incidence(outcomes["nrm"].table()).rows(),
    ]
    survival = dict(zip(curves[0]["time"], curves[0]["estimate"], strict=True))
    incidences = []
    for curve, cause in ((curves[1], "relapse"), (curves[2], "death without relapse")):
        mine = curve.filter(curve["cause"] == cause)
        incidences.append(dict(zip(mine["time"], mine["estimate"], strict=True)))
    times = sorted(set(survival) & set(incidences[0]) & set(incidences[1]))
    assert times
    for time in times:
        total = survival[time] + incidences[0][time] + incidences[1][time]
        assert math.isclose(total, 1.0, abs_tol=1e-12)


@settings(max_examples=60, deadline=None)
@given(patients())
def test_the_same_patients_contribute_the_same_times(columns: dict[str, list[Any]]) -> None:
    outcomes = good(cohort_of(columns), **ENDPOINTS)
    pfs, relapse, nrm = outcomes["pfs"], outcomes["relapse"], outcomes["nrm"]
    assert np.array_equal(pfs.time, relapse.time)
    assert np.array_equal(pfs.time, nrm.time)
    assert np.array_equal(relapse.event, nrm.event)
    assert [event is None for event in pfs.event] == [event is None for event in relapse.event]
    assert (outcomes["os"].time >= pfs.time).all()
    assert sum(event is not None for event in outcomes["os"].event) == sum(
        day is not None for day in columns["death"]
    )


@settings(max_examples=60, deadline=None)
@given(patients(), st.integers(0, 30))
def test_what_ends_follow_up_only_takes_away_what_comes_later(
    columns: dict[str, list[Any]], limit: int
) -> None:
    cohort = cohort_of(columns)
    whole = good(cohort, e={**PFS, "definition": "relapse-incidence"})["e"]
    switched = good(cohort, e={**PFS, "definition": "relapse-incidence", "censor_at": "second"})["e"]
    limited = good(cohort, e={**PFS, "definition": "relapse-incidence", "censor_after": f"{limit} days"})["e"]
    for cut, other in (
        (np.array(columns["second"], dtype=float), switched),
        (np.full(len(whole.rows), limit), limited),
    ):
        assert np.array_equal(other.time, np.minimum(whole.time, cut))
        kept = whole.time <= cut
        assert other.event[kept].tolist() == whole.event[kept].tolist()
        assert other.event[~kept].tolist() == [None] * int((~kept).sum())


@settings(max_examples=40, deadline=None)
@given(patients(), st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(columns: dict[str, list[Any]], random: Any) -> None:
    order = list(range(len(columns["last"])))
    random.shuffle(order)
    shuffled = {name: [values[index] for index in order] for name, values in columns.items()}
    one, other = good(cohort_of(columns), **ENDPOINTS), good(cohort_of(shuffled), **ENDPOINTS)

    def plain(outcome: Outcome) -> list[str]:
        return [text.partition(": ")[2] for text in told(outcome)]

    for name in ENDPOINTS:
        assert [plain(one[name])[index] for index in order] == plain(other[name])


@settings(max_examples=40, deadline=None)
@given(patients(), st.integers(0, 12))
def test_day_0_only_moves_events_forward(columns: dict[str, list[Any]], evaluation: int) -> None:
    columns["cr"] = [day % 2 == 0 for day in columns["second"]]
    cohort = cohort_of(columns)
    entry = {**PFS, "never_cr": "day-0", "remission": "cr", "evaluation": f"{evaluation} days"}
    first, day0 = good(cohort, e=PFS)["e"], good(cohort, e=entry)["e"]
    moved = day0.time != first.time
    assert (day0.time[moved] == 0).all()
    assert set(day0.event[moved]) <= {"relapse or death"}
    assert not (moved & np.array(columns["cr"])).any()


@pytest.mark.parametrize("definition", ["overall-survival", "progression-free-survival", "relapse-incidence"])
@settings(max_examples=30, deadline=None)
@given(columns=patients())
def test_everybody_is_in_the_outcome_or_in_its_flow(definition: str, columns: dict[str, list[Any]]) -> None:
    columns["last"] = [None if day % 3 == 0 else day for day in columns["last"]]
    entry = {**PFS, "definition": definition, "missing_endpoint": "exclude", "entry": "5 days"}
    entry = {**entry, "left_before_entry": "exclude"}
    if definition == "overall-survival":
        entry = {key: value for key, value in entry.items() if key not in {"relapse", "never_cr"}}
    outcome = good(cohort_of(columns), e=entry)["e"]
    assert len(outcome.rows) + sum(step.excluded for step in outcome.flow) == len(columns["last"])
    assert all(step.excluded > 0 for step in outcome.flow)
    assert [step.remaining for step in outcome.flow][-1:] in ([], [len(outcome.rows)])
    assert (outcome.time > 5).all()
