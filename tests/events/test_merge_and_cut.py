"""Merge laws, and tables cut at a landmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.events.count import event_table
from remission.events.cut import landmark
from remission.events.histories import histories
from remission.events.merge import merge
from remission.events.table import EventTable
from tests.events.draw import Cohort, by_name, cohorts

NAMES = ("group", "stratum", "entry", "weight")


def table_of(cohort: Cohort) -> EventTable:
    return event_table(**cohort.arguments(*NAMES))


@settings(max_examples=50)
@given(cohorts(least=3), st.data())
def test_chunks_add_up_to_the_whole(cohort: Cohort, data: st.DataObject) -> None:
    chunk = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(cohort), max_size=len(cohort))))
    parts = [table_of(cohort.rows(chunk == number)) for number in range(4)]
    merged = merge(*parts)
    whole = table_of(cohort)
    assert by_name(merged) == by_name(whole)
    for ours, theirs in zip(merged.blocks(), whole.blocks(), strict=False):
        if ours.stratum == theirs.stratum:
            np.testing.assert_array_equal(ours.at_risk, theirs.at_risk)


@settings(max_examples=50)
@given(cohorts(), cohorts(), cohorts())
def test_associative_and_commutative(first: Cohort, second: Cohort, third: Cohort) -> None:
    a, b, c = (
        event_table(**cohort.arguments("group", "stratum", "entry")) for cohort in (first, second, third)
    )
    together = by_name(merge(a, b, c))
    assert by_name(merge(merge(a, b), c)) == together
    assert by_name(merge(a, merge(b, c))) == together
    assert by_name(merge(c, a, b)) == together
    assert merge(a, b).groups == merge(b, a).groups
    assert merge(a, b).strata == merge(b, a).strata


@settings(max_examples=50)
@given(cohorts())
def test_nothing_is_added_by_an_empty_table(cohort: Cohort) -> None:
    nobody = cohort.rows(np.zeros(len(cohort), dtype=bool))
    assert by_name(merge(table_of(cohort), table_of(nobody))) == by_name(table_of(cohort))
    assert by_name(merge(table_of(cohort))) == by_name(table_of(cohort))


def test_causes_are_matched_by_name() -> None:
    one = event_table([1, 2], ["relapse", "NRM"], causes=["relapse", "NRM"])
    two = event_table([1, 2], ["relapse", "relapse"], causes=["NRM", "relapse"])
    both = merge(one, two)
    assert both.topology.causes == ("relapse", "NRM")
    assert both.counts.moved.tolist() == [[2, 0], [1, 1]]


def test_times_of_two_tables_are_tied() -> None:
    both = merge(event_table([2.0], [True]), event_table([2.0 + 1e-9, 3.0], [True, True]))
    assert both.time.tolist() == [2.0, 3.0]


def test_groups_of_one_table_only_are_kept() -> None:
    one = event_table([1, 2], [True, True], group=["CR", "PR"], levels=["CR", "PR"])
    two = event_table([1, 2], [True, True], group=["NR", "CR"], levels=["NR", "CR"])
    assert set(merge(one, two).groups) == {"CR", "PR", "NR"}
    assert merge(one, two, levels=["CR", "PR", "NR"]).groups == ("CR", "PR", "NR")
    whole = event_table([1], [True], group=["PR"], levels=["PR", "CR", "NR"])
    assert merge(one, whole).groups == merge(whole, one).groups == ("PR", "CR", "NR")


def test_kinds_of_weights() -> None:
    plain = event_table([1, 2], [True, False])
    repeated = event_table([1], [True], weight=[3], weights_are="frequency")
    sampled = event_table([1], [True], weight=[1.5])
    assert merge(plain, repeated).weights_are == "frequency"
    assert merge(plain, repeated).squares.moved.tolist() == [[4], [0]]
    mixed = merge(plain, repeated, sampled)
    assert mixed.weights_are == "sampling"
    assert mixed.counts.moved[0, 0] == 5.5
    assert mixed.squares.moved[0, 0] == 4 + 1.5**2


def test_what_cannot_be_merged() -> None:
    table = event_table([1, 2], ["relapse", None])
    with pytest.raises(InputError, match="at least one"):
        merge()
    with pytest.raises(InputError, match="different events: relapse and NRM"):
        merge(table, event_table([1], ["NRM"]))
    with pytest.raises(InputError, match="some of the tables have groups and others none"):
        merge(table, event_table([1, 2], ["relapse", None], group=["A", "B"]))
    with pytest.raises(InputError, match="levels must name"):
        merge(*[event_table([1, 2], ["relapse", None], group=["A", "B"])] * 2, levels=["A"])


@settings(max_examples=50)
@given(cohorts(), st.integers(-1, 9), st.booleans())
def test_landmark_is_the_table_of_those_left(cohort: Cohort, at: int, late: bool) -> None:
    """Everyone still there is at risk from the start; who comes later keeps his entry."""
    names = ("group", "stratum", "weight", *(["entry"] if late else []))
    left = cohort.time > at
    arriving = left & (cohort.entry > at) & late
    table, rows = event_table(**cohort.arguments(*names)), histories(**cohort.arguments(*names, "cluster"))
    if not left.any():
        with pytest.raises(InputError, match="nobody is under observation after the landmark"):
            landmark(table, at)
        return
    if arriving.any():
        for source in (table, rows):
            with pytest.raises(InputError, match=r"came under observation only after the landmark"):
                landmark(source, at)
    kept = cohort.rows(left)
    entry = np.where(kept.entry > at, kept.entry, -np.inf)
    arguments: dict[str, Any] = kept.arguments(*names) | ({"entry": entry} if late else {})
    expected = by_name(event_table(**arguments))
    assert by_name(landmark(table, at, keep_late_entrants=True)) == expected
    cut = landmark(rows, at, keep_late_entrants=True)
    assert by_name(cut.table()) == expected
    np.testing.assert_array_equal(cut.cluster, rows.cluster[left])


def test_an_event_at_the_landmark_is_before_it() -> None:
    cut = landmark(event_table([3.0, 3.0 + 1e-9, 4.0], [True, False, True]), 3.0)
    assert cut.time.tolist() == [4.0]


def test_landmark_keeps_groups() -> None:
    table = event_table([1, 5], [True, True], group=["A", "B"])
    assert landmark(table, 2).groups == ("A", "B")
    with pytest.raises(InputError, match="finite"):
        landmark(table, float("nan"))
