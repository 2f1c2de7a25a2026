"""The permutation log-rank test against every assignment, one table at a time."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from remission.core.assignments import all_assignments, count_assignments
from remission.core.problems import InputError
from remission.estimate.logrank import ONE_AT_RISK, logrank
from remission.estimate.permutation import permutation_logrank
from remission.events.count import event_table

SMALL: dict[str, Any] = {
    "time": [1, 2, 2, 3, 4, 4, 5, 6],
    "event": [True, True, True, False, True, True, False, True],
    "group": list("AABABBBA"),
}


def by_brute_force(data: dict[str, Any], **options: Any) -> float:
    """Share of distinct relabellings within strata whose log-rank statistic reaches the observed one."""
    group = np.array(data["group"], dtype=object)
    stratum = np.array(data.get("stratum", [0] * len(group)))
    blocks = [np.flatnonzero(stratum == value) for value in np.unique(stratum)]
    observed = logrank(event_table(**data), **options).statistic
    statistics = []
    for arrangement in product(*(sorted(set(permutations(group[block]))) for block in blocks)):
        new = group.copy()
        for block, labels in zip(blocks, arrangement, strict=True):
            new[block] = labels
        statistics.append(logrank(event_table(**data | {"group": new}), **options).statistic)
    return float(np.mean(np.array(statistics) >= observed - 1e-9))


@pytest.mark.parametrize(
    "options", [{}, {"rho": 1}, {"gamma": 1}, {"weights": "gehan"}, {"weights": "peto-peto"}]
)
def test_two_groups_with_ties(options: dict[str, Any]) -> None:
    test = permutation_logrank(event_table(**SMALL), **options)
    assert test.p == pytest.approx(by_brute_force(SMALL, **options), abs=1e-12)
    assert test.note == "all 70 assignments"
    usual = logrank(event_table(**SMALL), **options)
    assert (test.statistic, test.df) == (usual.statistic, usual.df)
    assert test.name == f"permutation {usual.name}"


def test_one_against_many() -> None:
    data = SMALL | {"group": list("ABBBBBBB")}
    test = permutation_logrank(event_table(**data))
    assert test.note == "all 8 assignments"
    assert test.p == pytest.approx(by_brute_force(data))


def test_three_groups() -> None:
    data = SMALL | {"group": list("AABCCBBA")}
    test = permutation_logrank(event_table(**data))
    assert test.note == "all 560 assignments"
    assert test.p == pytest.approx(by_brute_force(data), abs=1e-12)


def test_strata_and_a_group_absent_from_one() -> None:
    data = SMALL | {"group": list("AABACCBB"), "stratum": list("uuuuvvvv")}
    test = permutation_logrank(event_table(**data))
    assert test.note == f"all {4 * 6} assignments"
    assert test.p == pytest.approx(by_brute_force(data), abs=1e-12)


def test_other_causes_leave_as_censored() -> None:
    causes = {1: "relapse", 2: "NRM"}
    data = SMALL | {"event": [1, 2, 1, 0, 2, 1, 1, 1], "causes": causes}
    test = permutation_logrank(event_table(**data), cause="relapse")
    assert test.p == pytest.approx(by_brute_force(data, cause="relapse"), abs=1e-12)
    assert test.cause == "relapse"


def test_a_group_that_may_have_left_before_the_first_event() -> None:
    # Two censored first: assignments that put all of A there compare nobody, and their statistic is 0.
    data = {
        "time": [0.1, 0.2, 1, 2, 3],
        "event": [False, False, True, True, True],
        "group": list("ABABB"),
    }
    test = permutation_logrank(event_table(**data))
    assert test.p == pytest.approx(by_brute_force(data))


def test_identical_patients_give_one() -> None:
    data = {"time": [1, 1, 2, 2], "event": [True] * 4, "group": list("ABAB")}
    assert permutation_logrank(event_table(**data)).p == 1.0


def test_random_assignments_estimate_the_exact_p() -> None:
    table = event_table(**SMALL)
    exact = permutation_logrank(table).p
    drawn = permutation_logrank(table, exact_up_to=0, draws=9_999, seed=7)
    assert drawn.note == "9999 random assignments, seed 7"
    assert abs(drawn.p - exact) < 4 * np.sqrt(exact * (1 - exact) / 9_999) + 1e-4
    assert drawn.p == permutation_logrank(table, exact_up_to=0, draws=9_999, seed=7).p
    assert drawn.p * 10_000 == pytest.approx(round(drawn.p * 10_000))  # (1 + a count) / 10,000
    strata = event_table(**SMALL | {"stratum": list("uvuvuvuv")})
    exact = permutation_logrank(strata).p
    assert abs(permutation_logrank(strata, exact_up_to=0, draws=9_999).p - exact) < 0.02


def test_random_p_is_never_zero() -> None:
    table = event_table(range(1, 41), [True] * 40, group=["A"] * 20 + ["B"] * 20)
    test = permutation_logrank(table, draws=99)
    assert test.p == 0.01
    assert test.note.startswith("99 random")


def test_frequency_weights_are_repeated_rows() -> None:
    once = {"time": [1, 2, 3, 4], "event": [True] * 4, "group": list("AABB")}
    weighted = event_table(**once, weight=[2, 1, 1, 2], weights_are="frequency")
    repeated = {
        name: np.repeat(np.array(column, dtype=object), [2, 1, 1, 2]) for name, column in once.items()
    }
    assert permutation_logrank(weighted).p == permutation_logrank(event_table(**repeated)).p


def test_nothing_to_permute() -> None:
    test = permutation_logrank(event_table([1, 2], [False, True], group=["A", "B"]))
    assert test.reason == ONE_AT_RISK
    assert np.isnan(test.p)


def test_wrong_tables() -> None:
    with pytest.raises(InputError, match="exchangeable"):
        permutation_logrank(event_table(**SMALL, entry=[0, 1, 0, 0, 0, 0, 0, 0]))
    with pytest.raises(InputError, match="exchangeable"):
        permutation_logrank(event_table(**SMALL, weight=[1, 2] * 4))
    with pytest.raises(InputError, match="the table has one"):
        permutation_logrank(event_table([1, 2], [True, True]))
    with pytest.raises(InputError, match="draws"):
        permutation_logrank(event_table(**SMALL), exact_up_to=0, draws=0)


@pytest.mark.parametrize("sizes", [[2, 3], [3, 2, 1], [0, 2, 2], [4], [2, 2, 2, 1]])
def test_assignments_are_all_different_and_complete(sizes: list[int]) -> None:
    labels = all_assignments(sizes)
    assert len(labels) == count_assignments(sizes, 10**6) == len(np.unique(labels, axis=0))
    for group, size in enumerate(sizes):
        assert ((labels == group).sum(axis=1) == size).all()


def test_counting_stops_where_there_are_too_many() -> None:
    assert count_assignments([10**6, 10**6], 10**5) == 10**5 + 1
    assert count_assignments([9, 9], 48_620) == 48_620
    assert count_assignments([9, 9], 48_619) == 48_620


@pytest.mark.slow
def test_size_is_exact() -> None:
    """4 against 12, chi-square far from its limit: the exact test rejects at most 5 % under the null."""
    random = np.random.default_rng(11)
    trials, rejected, chi_square = 2_000, 0, 0
    for _ in range(trials):
        time, censored = random.exponential(size=16), random.exponential(3, size=16)
        table = event_table(np.minimum(time, censored), time <= censored, group=["A"] * 4 + ["B"] * 12)
        test = permutation_logrank(table)
        rejected += test.p <= 0.05
        chi_square += logrank(table).p <= 0.05
    assert 0.035 < rejected / trials <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / trials)
    assert chi_square / trials > 0.05  # what it is for
