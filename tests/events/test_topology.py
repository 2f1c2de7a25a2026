"""The table of a general state graph: nothing in counting, merging or cutting assumes one starting state."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.estimate.incidence import cumulative_incidence
from remission.estimate.survival import kaplan_meier
from remission.events.count import event_table
from remission.events.cut import landmark
from remission.events.merge import merge
from remission.events.table import EventTable, Increments
from remission.events.topology import Topology, Transition, competing
from remission.events.union import by_stratum

GVHD = Topology(
    ("transplanted", "GVHD"),
    (
        Transition("GVHD", "transplanted", "GVHD"),
        Transition("death", "transplanted", "dead"),
        Transition("death after GVHD", "GVHD", "dead"),
    ),
)


def illness_death() -> EventTable:
    """GVHD at 2, dead at 5; GVHD at 3, censored at 6; dead at 4; censored at 4; enters at 2, dead at 6."""
    moved = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], dtype=float)
    censored = np.array([[0, 0], [0, 0], [1, 0], [0, 0], [0, 1]], dtype=float)
    entered = np.array([[1, 0], [0, 0], [0, 0], [0, 0], [0, 0]], dtype=float)
    counts = Increments(entered, moved, censored)
    time = np.array([2.0, 3, 4, 5, 6])
    return EventTable(GVHD, ("",), ("",), np.zeros(5, dtype=np.int64), time, counts, counts)


def test_numbers_at_risk_in_each_state() -> None:
    """Who moves at a time is at risk in the new state from the next one, as is who enters."""
    block = next(illness_death().blocks())
    assert block.at_risk.tolist() == [[4, 0], [4, 1], [3, 2], [1, 2], [1, 1]]
    assert not GVHD.is_competing


def test_merge_and_landmark_keep_the_states() -> None:
    table = illness_death()
    both = next(merge(table, table).blocks())
    np.testing.assert_array_equal(both.at_risk, 2 * next(table.blocks()).at_risk)
    turned = Topology(GVHD.origins, GVHD.transitions[::-1])
    other = EventTable(
        turned, ("",), ("",), table.block, table.time, *[Increments(
            table.counts.entered, table.counts.moved[:, ::-1], table.counts.censored)] * 2
    )  # fmt: skip
    np.testing.assert_array_equal(next(merge(table, other).blocks()).counts.moved, both.counts.moved)
    cut = next(landmark(table, 3).blocks())
    assert cut.at_risk.tolist() == [[3, 2], [1, 2], [1, 1]]


def test_what_needs_one_starting_state_says_so() -> None:
    for call in (kaplan_meier, cumulative_incidence, lambda table: list(by_stratum(table))):
        with pytest.raises(InputError, match="one starting state"):
            call(illness_death())


def test_competing_causes() -> None:
    topology = competing(["relapse", "NRM"])
    assert topology.is_competing
    assert topology.column("NRM") == 1
    with pytest.raises(InputError, match='there is no event "death"; the table has relapse, NRM'):
        topology.column("death")


def test_groups_on_their_common_times() -> None:
    """At another group's time: those with entry < t <= exit."""
    table = event_table(
        [2, 5, 4, 7], ["relapse", None, "NRM", "relapse"], causes=["relapse", "NRM"],
        group=list("AABB"), levels=["A", "B", "C"], entry=[-np.inf, 1, -np.inf, 4], weight=[1, 2, 3, 4],
    )  # fmt: skip
    (counts,) = by_stratum(table)
    assert counts.time.tolist() == [1, 2, 4, 5, 7]
    assert counts.at_risk.tolist() == [[1, 3, 0], [3, 3, 0], [2, 3, 0], [2, 4, 0], [0, 4, 0]]
    assert counts.squares_at_risk[:, 0].tolist() == [1, 5, 4, 4, 0]
    assert counts.moved[:, :, 0].tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0], [0, 4, 0]]
    assert counts.censored[:, 0].tolist() == [0, 0, 0, 2, 0]
