"""Counting: against counting by hand, whatever the columns are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core import ties
from remission.events.count import event_table
from remission.events.histories import histories
from tests.events.draw import CAUSES, GROUPS, STRATA, Cohort, by_name, cohorts

TIME = [5, 8, 8, 12]
EVENT = ["relapse", None, "NRM", None]


def test_by_hand() -> None:
    table = event_table([3, 1, 3, 5, 3], ["relapse", "NRM", None, None, "relapse"], causes=["relapse", "NRM"])
    block = next(table.blocks())
    assert table.groups == table.strata == ("",)
    assert block.time.tolist() == [1, 3, 5]
    assert block.at_risk.ravel().tolist() == [5, 4, 1]
    assert block.counts.moved.tolist() == [[0, 1], [2, 0], [0, 0]]
    assert block.counts.censored.ravel().tolist() == [0, 1, 1]
    assert not table.has_delayed_entry
    assert table.squares is table.counts


def test_entry_by_hand() -> None:
    """At risk means entry < t <= exit: who enters at 3 is not at risk at 3."""
    table = event_table([3, 4, 6], [True, True, False], entry=[0, 3, -np.inf])
    block = next(table.blocks())
    assert block.time.tolist() == [0, 3, 4, 6]
    assert block.at_risk.ravel().tolist() == [1, 2, 2, 1]
    assert block.counts.entered.ravel().tolist() == [1, 1, 0, 0]


def test_events_at_and_before_time_zero_count() -> None:
    block = next(event_table([0, -2, 1], [True, True, True]).blocks())
    assert block.at_risk.ravel().tolist() == [3, 2, 1]


@settings(max_examples=50)
@given(cohorts(), st.booleans(), st.sampled_from(["none", "frequency", "sampling"]))
def test_against_a_loop_over_patients(cohort: Cohort, late: bool, weights_are: str) -> None:
    names = ["group", "stratum", *(["entry"] if late else []), *(["weight"] if weights_are != "none" else [])]
    more: dict[str, Any] = {} if weights_are == "none" else {"weights_are": weights_are}
    table = event_table(**cohort.arguments(*names), **more)
    assert table.groups == GROUPS
    assert table.weights_are == weights_are
    weight = np.ones(len(cohort)) if weights_are == "none" else cohort.weight
    blocks = list(table.blocks())
    assert len(blocks) == len(GROUPS) * len(table.strata)
    for block in blocks:
        mine = (cohort.group == block.group) & (cohort.stratum == block.stratum)
        assert (np.diff(block.time) > 0).all()
        everyone = set(cohort.time[mine]) | (set(cohort.entry[mine]) if late else set())
        assert set(block.time) == everyone
        for place, time in enumerate(block.time):
            here = mine & (cohort.time == time)
            risk = mine & (cohort.time >= time) & ((cohort.entry < time) | (not late))
            came = mine & (cohort.entry == time) & late
            for counts, risks, w in (
                (block.counts, block.at_risk, weight),
                (block.squares, block.squares_at_risk, weight**2 if weights_are == "sampling" else weight),
            ):
                assert risks[place, 0] == w[risk].sum()
                assert counts.entered[place, 0] == w[came].sum()
                assert counts.censored[place, 0] == w[here & (cohort.event == None)].sum()  # noqa: E711
                moved = [w[here & (cohort.event == cause)].sum() for cause in CAUSES]
                assert counts.moved[place].tolist() == moved


@settings(max_examples=50)
@given(cohorts(), st.randoms())
def test_row_order_does_not_matter(cohort: Cohort, random: Any) -> None:
    order = list(range(len(cohort)))
    random.shuffle(order)
    names = ("group", "stratum", "entry", "weight")
    straight, shuffled = (
        event_table(**cohort.arguments(*names)),
        event_table(**cohort.rows(order).arguments(*names)),
    )
    np.testing.assert_array_equal(straight.block, shuffled.block)
    np.testing.assert_array_equal(straight.time, shuffled.time)
    np.testing.assert_allclose(straight.counts.moved, shuffled.counts.moved, rtol=1e-12)


@settings(max_examples=50)
@given(cohorts(), st.sampled_from([1.0, 30.4, 365.25]))
def test_counting_days_and_sorting_give_the_same(cohort: Cohort, per_unit: float) -> None:
    arguments = cohort.arguments("group", "stratum", "entry") | {"time": cohort.time / per_unit}
    arguments["entry"] = cohort.entry / per_unit
    fast = event_table(**arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ties, "_boxed", lambda times: None)
        slow = event_table(**arguments)
    np.testing.assert_array_equal(fast.time, slow.time)
    assert by_name(fast) == by_name(slow)
    assert set(fast.time) <= set(arguments["time"]) | set(arguments["entry"])


def test_many_blocks_and_times_take_the_sparse_path() -> None:
    """More possible cells than could be marked: 400 groups by 400 real times."""
    generator = np.random.default_rng(5)
    time, group = generator.exponential(size=2000), generator.integers(0, 400, 2000)
    table = event_table(time, np.ones(2000, dtype=bool), group=group)
    assert table.counts.moved.sum() == 2000
    for block in list(table.blocks())[:20]:
        np.testing.assert_array_equal(block.time, np.sort(time[group == int(block.group)]))


def test_near_ties_join_exits_and_entries() -> None:
    table = event_table([2.0, 3.0], [True, True], entry=[0.0, 2.0 + 1e-9])
    block = next(table.blocks())
    assert block.time.tolist() == [0.0, 2.0, 3.0]
    assert block.at_risk.ravel().tolist() == [0, 1, 1]


def test_last_risk_set_of_real_weights_is_exactly_its_leavers() -> None:
    generator = np.random.default_rng(2)
    weight, time = generator.uniform(0.1, 3, 500), np.ceil(generator.exponential(20, 500))
    entry = np.floor(time * generator.uniform(0, 0.9, 500)) - 1
    for late in (None, entry):
        block = next(event_table(time, np.ones(500, dtype=bool), weight=weight, entry=late).blocks())
        leavers = block.counts.moved.sum(axis=1) + block.counts.censored[:, 0]
        assert block.at_risk[-1, 0] == leavers[-1]
        assert ((block.at_risk[:, 0] == 0) | (block.at_risk[:, 0] > 0.09)).all()


SAME_EVENTS: list[Any] = [
    (EVENT, {}),
    (["relapse", "", "NRM", float("nan")], {}),
    (np.array(EVENT, dtype=object), {}),
    (np.array(["relapse", "", "NRM", ""]), {}),
    (pl.Series(EVENT), {}),
    (pl.Series(EVENT, dtype=pl.Enum(["NRM", "relapse"])), {}),
    (pl.Series(EVENT, dtype=pl.Categorical), {}),
    (pd.Series(EVENT), {}),
    (pd.Series(EVENT, dtype="category"), {}),
    (pd.Series(EVENT, dtype="string"), {}),
    ([2, 0, 1, 0], {"causes": {1: "NRM", 2: "relapse"}}),
    ([2.0, 0.0, 1.0, 0.0], {"causes": {1: "NRM", 2: "relapse"}}),
    (np.array([2, 0, 1, 0], dtype=np.uint8), {"causes": {1: "NRM", 2: "relapse"}}),
    (pl.Series([2, 0, 1, 0]), {"causes": {1: "NRM", 2: "relapse"}}),
    (pd.Series([2, 0, 1, 0], dtype="Int64"), {"causes": {1: "NRM", 2: "relapse"}}),
    ((2, 0, 1, 0), {"causes": {1: "NRM", 2: "relapse", 3: "graft failure"}}),
]


@pytest.mark.parametrize(
    ("event", "more"), SAME_EVENTS, ids=[f"{type(e).__name__}-{i}" for i, (e, _) in enumerate(SAME_EVENTS)]
)
def test_events_however_written(event: Any, more: dict[str, Any]) -> None:
    table = event_table(TIME, event, **more)
    assert table.topology.causes[:2] == ("NRM", "relapse")
    assert by_name(table) == by_name(event_table(TIME, EVENT))


@pytest.mark.parametrize(
    "event",
    [
        [True, False, True, False],
        np.array([True, False, True, False]),
        np.array([True, False, True, False], dtype=object),
        pl.Series([True, False, True, False]),
        pd.Series([True, False, True, False], dtype="boolean"),
        [np.True_, np.False_, np.True_, np.False_],
    ],
)
def test_flags(event: Any) -> None:
    assert event_table(TIME, event).topology.causes == ("event",)
    for causes in ("death", ["death"], {1: "death"}):
        table = event_table(TIME, event, causes=causes)
        assert table.topology.causes == ("death",)
        assert next(table.blocks()).counts.moved.ravel().tolist() == [1, 1, 0]


@pytest.mark.parametrize(
    "time",
    [
        TIME,
        np.array(TIME, dtype=np.int16),
        np.array(TIME, dtype=np.float32),
        pl.Series(TIME),
        pd.Series(TIME, dtype="Int64"),
        np.array(TIME, dtype=object),
        tuple(TIME),
        range(5, 9),
    ],
)
def test_times_however_written(time: Any) -> None:
    assert event_table(time, [False] * 4).counts.censored.sum() == 4


def test_order_of_groups() -> None:
    labels = ["stage 10", "stage 2", "stage 2", "stage 1"]
    flags = [True] * 4
    assert event_table(TIME, flags, group=labels).groups == ("stage 1", "stage 2", "stage 10")
    assert event_table(TIME, flags, group=[10, 9, 9, -1]).groups == ("-1", "9", "10")
    assert event_table(TIME, flags, group=[True, False, False, True]).groups == ("False", "True")
    assert event_table(TIME, flags, group=np.array([True] * 4)).groups == ("True",)
    declared = ["stage 2", "stage 10", "stage 3", "stage 1"]
    for group in (pl.Series(labels, dtype=pl.Enum(declared)), pd.Categorical(labels, categories=declared)):
        column = pd.Series(group) if isinstance(group, pd.Categorical) else group
        assert event_table(TIME, flags, group=column).groups == tuple(declared)
    table = event_table(TIME, flags, group=labels, levels=declared)
    assert table.groups == tuple(declared)
    assert [len(block.time) for block in table.blocks()] == [1, 1, 0, 1]


def test_strata_and_groups_make_blocks_in_order() -> None:
    table = event_table(TIME, [True] * 4, group=list("BABA"), stratum=list("yxxx"))
    assert [(block.stratum, block.group, block.time.tolist()) for block in table.blocks()] == [
        ("x", "A", [8, 12]),
        ("x", "B", [8]),
        ("y", "A", []),
        ("y", "B", [5]),
    ]
    assert set(STRATA) == set(table.strata)


def test_all_censored_one_event_nobody() -> None:
    assert event_table(TIME, [None] * 4).topology.causes == ("event",)
    assert event_table(TIME, [None] * 4, causes=["relapse", "NRM"]).counts.moved.shape == (3, 2)
    assert event_table([7], ["death"]).counts.moved.tolist() == [[1]]
    empty = event_table([], [], causes=["death"], group=[], levels=["A", "B"])
    assert [len(block.time) for block in empty.blocks()] == [0, 0]


def test_the_table_does_not_change_with_its_columns() -> None:
    time, weight = np.array([1.0, 2.0]), np.array([1.0, 2.0])
    rows = histories(time, [True, False], weight=weight)
    before = by_name(rows.table())
    time[:], weight[:] = 99, 99
    assert by_name(rows.table()) == before


@given(cohorts())
@settings(max_examples=30)
def test_histories_count_to_the_same_table(cohort: Cohort) -> None:
    names = ("group", "stratum", "entry", "weight")
    rows = histories(**cohort.arguments(*names, "cluster"))
    assert by_name(rows.table()) == by_name(event_table(**cohort.arguments(*names)))
    np.testing.assert_array_equal(rows.grid.values[rows.grid.exit_at], cohort.time)
