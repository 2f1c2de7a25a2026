"""By simulation: p is uniform where there is nothing, and the false discovery rate is kept where there is."""

from __future__ import annotations

import numpy as np
import pytest

from remission.expression.compare import METHODS, compare_groups
from remission.expression.genetests import Method
from remission.expression.matrix import Expression
from tests.expression.made import drawn, halves

every_method = pytest.mark.parametrize("method", METHODS)


def correlated(seed: int, genes: int, samples: int, planted: int, shift: float) -> Expression:
    """Genes in blocks that move together, each gene with a variance of its own."""
    random = np.random.default_rng(seed)
    spread = np.sqrt(4 / random.chisquare(4, genes))[:, None]
    blocks = np.repeat(random.normal(size=(genes // 20, samples)), 20, axis=0)
    values = 8 + spread * (np.sqrt(0.7) * random.normal(size=(genes, samples)) + np.sqrt(0.3) * blocks)
    values[:planted, samples // 2 :] += shift
    return Expression(tuple(f"g{i}" for i in range(genes)), tuple(f"s{j}" for j in range(samples)), values)


@every_method
def test_p_is_uniform_where_there_is_nothing(method: Method) -> None:
    tests = compare_groups(drawn(4, genes=4000, samples=40), halves(40), method, permutations=300)
    for p in (tests.p, tests.p_permutation):
        share = np.array([(p <= level).mean() for level in (0.05, 0.2, 0.5, 0.8)])
        np.testing.assert_allclose(share, [0.05, 0.2, 0.5, 0.8], atol=0.04)
    assert tests.pi0 > 0.9
    assert len(tests.found(0.05)) == 0


@every_method
def test_planted_genes_are_found_and_pi0_says_how_many(method: Method) -> None:
    tests = compare_groups(
        drawn(5, genes=2000, samples=40, planted=400, shift=2.0), halves(40), method, permutations=200
    )
    found = {int(gene[1:]) for gene in tests.found(0.05)}
    assert len(found & set(range(400))) > 390
    assert len(found - set(range(400))) / len(found) < 0.1
    assert 0.72 < tests.pi0 < 0.88
    assert set(tests.top(100)) <= {f"g{i}" for i in range(400)}


@every_method
@pytest.mark.parametrize("by", ["q", "p_bh"])
def test_the_false_discovery_rate_is_kept(method: Method, by: str) -> None:
    wrong, right = [], []
    for seed in range(60):
        matrix = correlated(seed, 600, 30, 90, 2.0)
        tests = compare_groups(matrix, halves(30), method, permutations=200, seed=seed)
        found = {int(gene[1:]) for gene in tests.found(0.1, by)}  # type: ignore[arg-type]
        wrong.append(len(found - set(range(90))) / max(len(found), 1))
        right.append(len(found & set(range(90))))
    error = np.std(wrong) / np.sqrt(len(wrong))
    assert np.mean(wrong) < 0.1 + 2 * error
    assert np.mean(right) > 40


@every_method
def test_where_nothing_differs_hardly_ever_anything_is_found(method: Method) -> None:
    some = [
        bool(
            compare_groups(
                correlated(seed, 400, 24, 0, 0.0), halves(24), method, permutations=200, seed=seed
            ).found(0.1)
        )
        for seed in range(100)
    ]
    assert np.mean(some) < 0.1 + 2 * np.sqrt(0.1 * 0.9 / 100)
