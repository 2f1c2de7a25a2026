"""What a heat map shows: genes about their own mean, samples by group, then score."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.zscores import z_scores
from tests.expression.made import drawn, halves


def test_genes_have_mean_0_and_deviation_1_over_the_samples_shown() -> None:
    matrix = drawn(1)
    groups: list[str | None] = [*halves()]
    groups[3] = None
    shown = z_scores(matrix, matrix.genes, groups)
    assert len(shown.samples) == 11
    np.testing.assert_allclose(shown.values.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(shown.values.std(axis=1, ddof=1), 1)


def test_samples_stand_by_group_then_score_and_those_without_last() -> None:
    matrix = drawn(2, genes=3, samples=6)
    shown = z_scores(
        matrix,
        ["g1"],
        ["b", "a", "b", "a", "b", "a"],
        order=["b", "a"],
        score=[3.0, None, 1.0, 5.0, 2.0, 4.0],
    )
    assert shown.samples == ("s2", "s4", "s0", "s5", "s3", "s1")
    assert shown.groups == ("b", "b", "b", "a", "a", "a")
    value = matrix.values[1]
    np.testing.assert_allclose(shown.values[0, 0], (value[2] - value.mean()) / value.std(ddof=1))


def test_means_by_group_count_the_samples_that_have_a_value() -> None:
    values = np.array([[1.0, np.nan, 3.0, 5.0], [2.0, 2.0, 2.0, 2.0]])
    matrix = Expression(("A", "flat"), tuple("1234"), values)
    rows = z_scores(matrix, ["A", "flat"], list("xxyy")).group_means()
    assert rows["n"].to_list()[:2] == [1, 2]
    np.testing.assert_allclose(rows["mean"].to_list()[:2], [-1.0, 0.5])
    assert rows["mean"].to_list()[2:] == [None, None]


def test_an_order_that_names_other_groups_is_refused() -> None:
    with pytest.raises(InputError, match="must name the groups S, T"):
        z_scores(drawn(1), ["g1"], halves(), order=["S", "R"])
