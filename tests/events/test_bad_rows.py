"""What cannot be counted is told completely, with the rows and the repair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from remission.core.problems import InputError
from remission.events.count import event_table
from remission.events.histories import histories

TIME = [5, 8, 8, 12]
FLAGS = [True, False, True, False]


def message(*arguments: Any, **more: Any) -> str:
    with pytest.raises(InputError) as caught:
        event_table(*arguments, **more)
    return str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    told = message(
        [5, None, np.inf, 12],
        [1, 9, None, 0],
        causes={1: "relapse"},
        group=["A", "B", None, "B"],
        weight=[1, -1, 1, 0],
        stratum=[None, "x", "x", "x"],
    )
    lines = told.split("\n")
    assert len(lines) == 6
    assert "time is missing or not finite in 2 rows (the first row is row 1): 2, 3." in lines[0]
    assert "event is missing in 1 row (the first row is row 1): 3." in lines[1]
    assert "event is a code without a name (0 = censored, 1 = relapse) in 1 row" in lines[2]
    assert "weight is negative in 1 row (the first row is row 1): 2." in lines[3]
    assert "group is missing in 1 row (the first row is row 1): 3." in lines[4]
    assert '"unknown"' in lines[4]
    assert "stratum is missing in 1 row (the first row is row 1): 1." in lines[5]


def test_all_wrong_rows_are_listed() -> None:
    told = message([np.nan] * 150 + [1.0] * 5, [True] * 155)
    assert "in 150 rows" in told
    assert ", 149, 150." in told
    assert "and 50 more" in message([np.nan] * 250, [True] * 250)


@pytest.mark.parametrize("late", [[6, 1, 1, 1], [5, 1, 1, 1], [5 + 1e-9, 1, 1, 1], [5 - 1e-9, 1, 1, 1]])
def test_entry_must_be_before_exit(late: list[float]) -> None:
    told = message(TIME, FLAGS, entry=late)
    assert "entry is not before time in 1 row (the first row is row 1): 1." in told
    assert "drop entry if nobody entered late" in told


def test_death_at_time_zero_with_entry_zero() -> None:
    assert "entry is not before time" in message([0, 3], [True, True], entry=[0, 0])


@pytest.mark.parametrize("entry", [[None, 0, 0, 0], [np.nan, 0, 0, 0], [np.inf, 0, 0, 0]])
def test_missing_entry(entry: list[Any]) -> None:
    assert "entry is missing or not finite in 1 row" in message(TIME, FLAGS, entry=entry)


@pytest.mark.parametrize(
    "event",
    [[1, 0, 1, 0], [1.0, 0.0, 1.0, 0.0], np.array([1, 0, 2, 0]), pl.Series([1, 0, 1, 0]), [True, 2, 0, 0]],
)
def test_codes_need_names(event: Any) -> None:
    for causes in (None, ["death"]):
        told = message(TIME, event, causes=causes)
        assert 'causes={1: "relapse", 2: "NRM"}' in told
        assert "True and False" in told


def test_missing_flags() -> None:
    told = message(TIME, [True, None, False, True])
    assert "event is missing in 1 row (the first row is row 1): 2. Say True or False" in told
    assert "event is missing" in message(TIME, pd.Series([True, pd.NA, False, True], dtype="boolean"))


def test_two_causes_need_names() -> None:
    assert "one cause" in message(TIME, FLAGS, causes=["relapse", "NRM"])
    assert "event does not hold codes" in message(TIME, FLAGS, causes={1: "relapse", 2: "NRM"})
    assert "event does not hold codes" in message(TIME, ["a", "b", None, None], causes={1: "a", 2: "b"})


def test_unknown_cause() -> None:
    told = message(TIME, ["relapse", "Relapse", None, "NRM"], causes=["relapse", "NRM"])
    assert (
        "event is \"Relapse\", not among the causes ['relapse', 'NRM'] in 1 row (the first row is row 1): 2"
        in told
    )


def test_censored_has_no_name() -> None:
    assert "0 always means censored" in message(TIME, [0, 1, 0, 1], causes={0: "alive", 1: "dead"})
    assert "causes is empty" in message(TIME, FLAGS, causes=[])
    assert "causes must differ" in message(TIME, ["a"] * 4, causes=["a", "a"])


def test_levels() -> None:
    assert "group has \"C\", not among the levels ['A', 'B']" in message(
        TIME, FLAGS, group=list("ABCA"), levels=["A", "B"]
    )
    assert "a level stands twice" in message(TIME, FLAGS, group=list("ABBA"), levels=["A", "B", "A"])
    assert "no group is given" in message(TIME, FLAGS, levels=["A"])


@pytest.mark.parametrize("name", ["event", "group", "stratum", "entry", "weight"])
def test_lengths(name: str) -> None:
    columns: dict[str, Any] = {"event": FLAGS, name: [True] * 3 if name == "event" else [1.0] * 3}
    assert f"{name} has 3 values for 4 times" in message(TIME, columns.pop("event"), **columns)


@pytest.mark.parametrize(
    "time",
    [
        ["5", "8", "8", "12"],
        np.array(["5", "8", "8", "12"]),
        pl.Series(["5", "8", "8", "12"]),
        [True, False, True, True],
        np.array(["2020-01-01"] * 4, dtype="datetime64[D]"),
        pd.to_datetime(pd.Series(["2020-01-01"] * 4)),
    ],
)
def test_times_are_numbers(time: Any) -> None:
    assert "time must hold numbers" in message(time, FLAGS)


def test_columns_have_one_dimension() -> None:
    assert "one dimension" in message(np.ones((2, 2)), FLAGS)
    assert "must be a column" in message("5", FLAGS)
    assert "must be a column" in message(5, FLAGS)
    assert "labels must be words or numbers" in message(TIME, FLAGS, group=[["A"], ["B"], ["A"], ["B"]])


def test_weights() -> None:
    told = message(TIME, FLAGS, weight=[1, 2, 1.5, 1], weights_are="frequency")
    assert "weight is not a whole number in 1 row (the first row is row 1): 3." in told
    assert "weight is missing" in message(TIME, FLAGS, weight=[1, 2, np.nan, 1], weights_are="frequency")
    assert "frequency" in message(TIME, FLAGS, weight=[1, 1, 1, 1], weights_are="none")
    assert event_table(TIME, FLAGS, weight=[0, 2, 3, 1], weights_are="frequency").counts.moved.sum() == 3


def test_clusters() -> None:
    with pytest.raises(InputError, match="cluster is missing in 1 row"):
        histories(TIME, FLAGS, cluster=[1, None, 2, 3])
    with pytest.raises(InputError, match="cluster has 3 values"):
        histories(TIME, FLAGS, cluster=[1, 2, 3])


def test_one_bad_row_in_a_million() -> None:
    time = np.ones(10**6)
    time[654_320] = np.nan
    assert "in 1 row (the first row is row 1): 654321." in message(time, np.ones(10**6, dtype=bool))
