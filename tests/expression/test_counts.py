"""Counts: DESeq2's test through PyDESeq2, and the frozen scale of ratios."""

from __future__ import annotations

import numpy as np
import pytest

from remission.core.problems import InputError
from remission.expression.compare import compare_groups
from remission.expression.counts import compare_counts
from remission.expression.matrix import Expression
from remission.expression.reference import learn_reference

GENES, SAMPLES, PLANTED = 300, 16, 20


def counted(fold: float = 4.0) -> Expression:
    """Counts of samples of unequal depth; the first genes higher in the second half."""
    random = np.random.default_rng(1)
    mean = random.uniform(20, 500, (GENES, 1)) * random.uniform(0.5, 2, (1, SAMPLES))
    mean[:PLANTED, SAMPLES // 2 :] *= fold
    counts = random.negative_binomial(5, 5 / (5 + mean)).astype(float)
    names = tuple(f"g{i}" for i in range(GENES)), tuple(f"s{j}" for j in range(SAMPLES))
    return Expression(*names, counts, "counts")


GROUPS = ["S"] * (SAMPLES // 2) + ["T"] * (SAMPLES // 2)


def test_planted_genes_are_found() -> None:
    tests = compare_counts(counted(), GROUPS)
    assert set(tests.top(15)) <= {f"g{i}" for i in range(PLANTED)}
    assert np.median(tests.difference[:PLANTED]) == pytest.approx(2.0, abs=0.3)
    assert abs(np.median(tests.difference[PLANTED:])) < 0.15
    assert (tests.p[PLANTED:] < 0.05).mean() < 0.1
    assert np.isnan(tests.q).all()
    found = {int(gene[1:]) for gene in tests.found(0.05, by="p_bh")}
    assert len(found - set(range(PLANTED))) <= 3
    assert tests.rows().height == GENES


def test_exchanging_the_groups_turns_the_sign() -> None:
    one, other = (compare_counts(counted(), GROUPS, reference=group) for group in ("S", "T"))
    np.testing.assert_allclose(one.difference, -other.difference, atol=1e-3)


def test_a_batch_is_adjusted_for() -> None:
    matrix = counted(1.0)
    batch = [j % 2 for j in range(SAMPLES)]
    values = matrix.values * np.where(np.array(batch) == 1, 3, 1)
    values[:150] = matrix.values[:150]
    # nearly the same as the batch, so that what is not adjusted for would be found
    groups = ["T" if b else "S" for b in batch]
    groups[0], groups[1] = "T", "S"
    shifted = Expression(matrix.genes, matrix.samples, values, "counts")
    crude = compare_counts(shifted, groups)
    right = compare_counts(shifted, groups, batch=batch)
    assert (crude.p < 0.05).mean() > 0.3
    assert (right.p < 0.05).mean() < 0.12


def test_the_frozen_scale_finds_the_same_genes() -> None:
    matrix = counted()
    reference = learn_reference(matrix, "ratio")
    logs = Expression(matrix.genes, matrix.samples, reference.apply(matrix.values, matrix.genes))
    tests = compare_groups(logs, GROUPS, permutations=200)
    other = compare_counts(matrix, GROUPS)
    assert len(set(tests.top(PLANTED)) & set(other.top(PLANTED))) >= PLANTED - 2
    assert np.corrcoef(tests.difference, other.difference)[0, 1] > 0.9


def test_what_cannot_be_compared_is_said() -> None:
    matrix = counted()
    with pytest.raises(InputError, match="not counts"):
        compare_counts(Expression(matrix.genes, matrix.samples, np.log2(matrix.values + 1)), GROUPS)
    values = matrix.values.copy()
    values[0, 0] = np.nan
    with pytest.raises(InputError, match="missing"):
        compare_counts(Expression(matrix.genes, matrix.samples, values, "counts"), GROUPS)
    with pytest.raises(InputError, match="cannot be told apart"):
        compare_counts(matrix, GROUPS, covariates={"arm": GROUPS})
    with pytest.raises(InputError, match=r"use `log2_of`"):
        compare_groups(matrix, GROUPS)
