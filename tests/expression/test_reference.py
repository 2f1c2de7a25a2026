"""A frozen scale: alone or in any batch the same, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.problems import InputError
from remission.expression.matrix import Expression
from remission.expression.reference import KINDS, Kind, Reference, learn_reference

COUNTED = ("ratio", "z-ratio")


def made(kind: str, genes: int = 40, samples: int = 9, seed: int = 1) -> Expression:
    draws = np.random.default_rng(seed)
    names = tuple(f"g{i}" for i in range(genes))
    ids = tuple(f"s{j}" for j in range(samples))
    if kind in COUNTED:
        mean = draws.uniform(5, 200, (genes, 1)) * draws.uniform(0.3, 3, (1, samples))
        return Expression(names, ids, draws.poisson(mean).astype(float), "counts")
    values = draws.normal(8, 2, (genes, samples)).round(1)
    values[draws.random(values.shape) < 0.05] = np.nan
    return Expression(names, ids, values)


@pytest.mark.parametrize("kind", KINDS)
@given(seed=st.integers(0, 1000), size=st.integers(2, 70))
def test_a_sample_alone_gets_what_it_gets_in_any_batch(kind: Kind, seed: int, size: int) -> None:
    reference = learn_reference(made(kind), kind)
    batch = made(kind, samples=size, seed=seed)
    order = np.random.default_rng(seed).permutation(len(batch.genes))
    together = reference.apply(batch.values[order], [batch.genes[i] for i in order])
    for j in range(size):
        np.testing.assert_array_equal(reference.apply(batch.values[:, j], batch.genes), together[:, j])


@pytest.mark.parametrize("kind", KINDS)
def test_stored_as_json_it_is_the_same(kind: Kind) -> None:
    reference, batch = learn_reference(made(kind), kind), made(kind, seed=7)
    again = Reference.from_plain(json.loads(json.dumps(reference.to_plain())))
    np.testing.assert_array_equal(
        again.apply(batch.values, batch.genes), reference.apply(batch.values, batch.genes)
    )


@pytest.mark.parametrize("kind", KINDS)
def test_missing_genes_stay_missing_and_strange_ones_are_passed_over(kind: Kind) -> None:
    reference, batch = learn_reference(made(kind), kind), made(kind, seed=3)
    less = batch.genes_only(batch.genes[5:])
    answer = reference.apply(less.values, less.genes)
    assert np.isnan(answer[:5]).all()
    np.testing.assert_array_equal(np.isnan(answer[5:]), np.isnan(less.values))
    more = np.vstack([less.values, np.full((1, 9), 3.0)])
    np.testing.assert_array_equal(reference.apply(more, [*less.genes, "unknown"]), answer)
    np.testing.assert_allclose(
        reference.coverage(less.values, less.genes), (~np.isnan(less.values)).sum(0) / 40
    )


def test_quantiles_of_a_complete_sample_are_those_of_the_reference() -> None:
    values = np.random.default_rng(2).normal(size=(50, 6))
    learning = Expression(tuple(map(str, range(50))), tuple("abcdef"), values)
    reference = learn_reference(learning, "quantile")
    np.testing.assert_allclose(reference.quantiles, np.sort(values, axis=0).mean(axis=1))
    answer = reference.apply(np.exp(3 * values[:, 0]) + 5, learning.genes)
    np.testing.assert_allclose(np.sort(answer), reference.quantiles)
    assert (np.argsort(answer) == np.argsort(values[:, 0])).all()


def test_standardised_learning_samples_have_mean_0_and_deviation_1() -> None:
    learning = made("z")
    z = learn_reference(learning, "z").apply(learning.values, learning.genes)
    np.testing.assert_allclose(np.nanmean(z, axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(np.nanstd(z, axis=1, ddof=1), 1)


def test_a_gene_without_spread_carries_no_information() -> None:
    learning = Expression(("A", "B"), ("1", "2", "3"), np.array([[0.1, 0.1, 0.1], [1.0, 2.0, 3.0]]))
    assert learn_reference(learning, "z").apply([9.0, 4.0], ["A", "B"]).tolist() == [0.0, 2.0]


def test_depth_does_not_matter_for_ratios() -> None:
    learning = made("ratio")
    reference = learn_reference(learning, "ratio")
    one = learning.values[:, 0]
    low, high = reference.apply(one, learning.genes), reference.apply(10 * one, learning.genes)
    np.testing.assert_allclose(low, high)


def test_what_cannot_be_learned_is_said() -> None:
    with pytest.raises(InputError, match='counts take "ratio"'):
        learn_reference(made("ratio"), "quantile")
    with pytest.raises(InputError, match="does not fit"):
        learn_reference(made("none"), "ratio")
    with pytest.raises(InputError, match="at least two samples"):
        learn_reference(made("z", samples=1), "z")
    empty = Expression(("A",), ("1", "2"), np.array([[1.0, np.nan]]))
    with pytest.raises(InputError, match="without any value: 2"):
        learn_reference(empty, "rank")
    with pytest.raises(InputError, match="no gene has reads in every sample"):
        learn_reference(Expression(("A",), ("1", "2"), np.array([[0.0, 4.0]]), "counts"), "ratio")
    with pytest.raises(InputError, match="more than once: A"):
        learn_reference(made("none"), "none").apply([1.0, 2.0], ["A", "A"])
    with pytest.raises(InputError, match="counts of 0 in half"):
        learn_reference(made("ratio"), "ratio").apply(np.zeros(40), made("ratio").genes)
