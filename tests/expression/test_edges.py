"""Genes at the edge: no spread within groups, perfect separation, one gene alone, half the values missing."""

from __future__ import annotations

import numpy as np
import pytest

from remission.expression.compare import METHODS, compare_groups
from remission.expression.genetests import Method
from remission.expression.matrix import Expression
from tests.expression.made import drawn

every_method = pytest.mark.parametrize("method", METHODS)


def steady() -> Expression:
    matrix = drawn(1, genes=50, samples=6)
    values = matrix.values.copy()
    values[2] = [5, 5, 5, 7, 7, 7]
    return Expression(matrix.genes, matrix.samples, values)


def test_a_gene_without_spread_within_groups_has_no_welch_p_at_all() -> None:
    tests = compare_groups(steady(), list("SSSRRR"), "welch", permutations=20)
    for name in ("statistic", "p", "p_bh", "p_permutation", "q"):
        assert np.isnan(getattr(tests, name)[2]), name
    assert "g2" not in tests.found(1.0)
    assert any("no spread within the groups" in note for note in tests.notes)
    assert np.isfinite(tests.q[3:]).all()


def test_the_moderated_t_takes_its_variance_from_the_others() -> None:
    tests = compare_groups(steady(), list("SSSRRR"), permutations=20)
    assert tests.p[2] < 0.001
    assert tests.p_permutation[2] == pytest.approx(2 / 20)


@pytest.mark.parametrize("spread", [1e-3, 1e-6, 1e-8, 1e-12])
@pytest.mark.parametrize("method", ["moderated", "wilcoxon"])
def test_perfect_separation_of_all_genes_gives_the_smallest_p_there_is(method: Method, spread: float) -> None:
    values = np.random.default_rng(2).normal(0, spread, (50, 8))
    values[:, 4:] += np.random.default_rng(3).uniform(8, 12, (50, 1))
    matrix = Expression(tuple(f"g{i}" for i in range(50)), tuple("abcdefgh"), values)
    tests = compare_groups(matrix, list("SSSSRRRR"), method, permutations=70)
    assert tests.every
    # the observed groups, and the same with their names exchanged
    np.testing.assert_allclose(tests.p_permutation, 2 / 70)


@every_method
@pytest.mark.parametrize("genes", [1, 2])
def test_few_genes_are_tested_without_lending(method: Method, genes: int) -> None:
    matrix = drawn(4, genes=genes, samples=8)
    tests = compare_groups(matrix, list("SSSSRRRR"), method, permutations=30)
    assert np.isfinite(tests.p).all()
    assert (tests.p_permutation > 0).all()
    if method == "moderated" and genes == 1:
        assert tests.prior_df == 0
        labels = np.array([0.0] * 4 + [1.0] * 4)
        t = np.corrcoef(matrix.values[0], labels)[0, 1]
        assert abs(tests.statistic[0]) == pytest.approx(abs(t) * np.sqrt(6 / (1 - t**2)))


@every_method
def test_where_half_the_values_are_missing_every_p_is_of_the_same_genes(method: Method) -> None:
    matrix = drawn(5, genes=60, samples=12)
    values = matrix.values.copy()
    values[np.random.default_rng(5).random(values.shape) < 0.5] = np.nan
    tests = compare_groups(
        Expression(matrix.genes, matrix.samples, values), list("SSSSSSRRRRRR"), method, permutations=200
    )
    tested = np.isfinite(tests.p)
    assert 10 < tested.sum() < 60
    for name in ("p_bh", "p_permutation", "q"):
        np.testing.assert_array_equal(np.isfinite(getattr(tests, name)), tested, err_msg=name)
    assert tests.p_permutation[tested].min() > 0
