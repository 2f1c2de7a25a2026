"""Groups on their common times."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.events.count import event_table
from remission.events.table import EventTable, Increments
from remission.events.topology import Topology, Transition
from remission.events.union import by_stratum

CAUSES = {1: "relapse", 2: "NRM"}
rows = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.integers(1, 4),
        st.integers(0, 2),
        st.sampled_from("AB"),
        st.sampled_from("xy"),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=150, deadline=None)
@given(rows, st.booleans())
def test_counts_are_those_of_the_rows(
    patients: list[tuple[int, int, int, str, str, int]], delayed: bool
) -> None:
    entry, stay, cause, group, stratum, weight = (np.array(column) for column in zip(*patients, strict=True))
    time = entry + stay
    table = event_table(
        time,
        cause,
        causes=CAUSES,
        group=group,
        levels=["A", "B", "Z"],
        entry=entry if delayed else None,
        weight=weight,
        stratum=stratum,
    )
    for counts in by_stratum(table):
        assert counts.at_risk.shape == (len(counts.time), 3)
        for (k, t), (index, name) in product(enumerate(counts.time), enumerate("ABZ")):
            mine = (group == name) & (stratum == counts.stratum)
            under = mine & (time >= t) & ((entry < t) | (not delayed))
            assert counts.at_risk[k, index] == weight[under].sum()
            assert counts.squares_at_risk[k, index] == (weight[under] ** 2).sum()
            here = mine & (time == t)
            assert counts.censored[k, index] == weight[here & (cause == 0)].sum()
            assert counts.squares_censored[k, index] == (weight[here & (cause == 0)] ** 2).sum()
            for column, code in enumerate(CAUSES):
                assert counts.moved[k, index, column] == weight[here & (cause == code)].sum()
                assert counts.squares_moved[k, index, column] == (weight[here & (cause == code)] ** 2).sum()
        assert set(time[stratum == counts.stratum]) <= set(counts.time)
        assert (np.diff(counts.time) > 0).all()


def test_without_weights_the_squares_are_the_counts() -> None:
    counts = next(by_stratum(event_table([1, 2], [True, False], group=["A", "B"])))
    assert counts.squares_at_risk is counts.at_risk
    assert counts.squares_moved is counts.moved


def test_no_rows_at_all() -> None:
    counts = next(by_stratum(event_table([], [], causes=["death"], group=[], levels=["A", "B"])))
    assert counts.at_risk.shape == (0, 2)
    assert counts.moved.shape == (0, 2, 1)


def test_a_general_state_graph_is_refused() -> None:
    graph = Topology(
        ("well", "ill"), (Transition("onset", "well", "ill"), Transition("death", "ill", "dead"))
    )
    nobody = Increments(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2)))
    table = EventTable(graph, ("A", "B"), ("",), np.zeros(0, dtype=np.int64), np.zeros(0), nobody, nobody)
    with pytest.raises(InputError, match="one starting state"):
        list(by_stratum(table))
