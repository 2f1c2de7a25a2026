"""Parts of a table are the table of part of the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.events.count import event_table
from remission.events.histories import histories
from remission.events.select import groups, histories_of_groups, strata
from remission.events.table import EventTable

rows = st.lists(
    st.tuples(st.integers(1, 6), st.booleans(), st.sampled_from("ABC"), st.sampled_from("xy")),
    min_size=1,
    max_size=25,
)


def same(one: EventTable, other: EventTable) -> None:
    assert (one.groups, one.strata, one.topology, one.weights_are) == (
        other.groups,
        other.strata,
        other.topology,
        other.weights_are,
    )
    np.testing.assert_array_equal(one.block, other.block)
    np.testing.assert_array_equal(one.time, other.time)
    for ours, theirs in ((one.counts, other.counts), (one.squares, other.squares)):
        for name in ("entered", "moved", "censored"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def columns(patients: list[tuple[int, bool, str, str]]) -> dict[str, Any]:
    time, event, group, stratum = (np.array(column) for column in zip(*patients, strict=True))
    return {
        "time": time,
        "event": event,
        "group": group,
        "stratum": stratum,
        "entry": time - 1,
        "weight": 1 + time % 2,
    }


@settings(max_examples=80, deadline=None)
@given(rows, st.permutations("ABC").map(lambda names: names[:2]))
def test_groups_in_any_order(patients: list[tuple[int, bool, str, str]], wanted: list[str]) -> None:
    # one patient of each group and stratum, so that all labels exist
    data = columns([*patients, *((1, True, group, stratum) for group in "ABC" for stratum in "xy")])
    part = {name: column[np.isin(data["group"], wanted)] for name, column in data.items()}
    expected = event_table(**part, levels=wanted)
    same(groups(event_table(**data), wanted), expected)
    same(histories_of_groups(histories(**data), wanted).table(), expected)


@settings(max_examples=50, deadline=None)
@given(rows)
def test_one_stratum(patients: list[tuple[int, bool, str, str]]) -> None:
    data = columns([*patients, *((1, True, group, stratum) for group in "ABC" for stratum in "xy")])
    for name in "xy":
        part = {key: column[data["stratum"] == name] for key, column in data.items()}
        same(strata(event_table(**data), [name]), event_table(**part))


def test_an_empty_group_can_be_kept() -> None:
    table = groups(event_table([1, 2], [True, True], group=["A", "B"], levels=["A", "B", "Z"]), ["Z", "A"])
    assert table.groups == ("Z", "A")
    assert table.block.tolist() == [1]


def test_unweighted_tables_keep_sharing_their_squares() -> None:
    table = groups(event_table([1, 2], [True, True], group=["A", "B"]), ["A"])
    assert table.squares is table.counts


@pytest.mark.parametrize("names", [["A", "A"], [], "A", ["Q"]])
def test_wrong_names(names: Any) -> None:
    data: dict[str, Any] = {"time": [1, 2], "event": [True, True], "group": ["A", "B"]}
    with pytest.raises(InputError, match="group"):
        groups(event_table(**data), names)
    with pytest.raises(InputError, match="group"):
        histories_of_groups(histories(**data), names)
    with pytest.raises(InputError, match="stratum"):
        strata(event_table(**data), names)
