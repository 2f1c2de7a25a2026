"""Laws of comparing groups, and what relabelling must do."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.tails import student_two_sided
from remission.expression.compare import METHODS, _statistic, compare_groups
from remission.expression.genetests import Method
from remission.expression.groups import two_groups
from remission.expression.linear import fit_group
from remission.expression.matrix import Expression
from remission.expression.shuffle import identity, random_draws
from tests.expression.made import drawn, halves

every_method = pytest.mark.parametrize("method", METHODS)


def with_holes(matrix: Expression, seed: int) -> Expression:
    values = matrix.values.copy()
    values[np.random.default_rng(seed).random(values.shape) < 0.08] = np.nan
    return Expression(matrix.genes, matrix.samples, values)


@every_method
@given(
    seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), shift=st.floats(-50, 50), holes=st.booleans()
)
def test_scale_and_origin_do_not_matter(
    method: Method, seed: int, factor: float, shift: float, *, holes: bool
) -> None:
    matrix = with_holes(drawn(seed), seed) if holes else drawn(seed)
    moved = Expression(matrix.genes, matrix.samples, matrix.values * factor + shift)
    one, other = (compare_groups(m, halves(), method, permutations=19) for m in (matrix, moved))
    for name in ("statistic", "df", "p", "p_permutation", "q"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-6, err_msg=name)
    np.testing.assert_allclose(one.difference * factor, other.difference, rtol=1e-6, atol=1e-9 * factor)


@every_method
@given(seed=st.integers(0, 10_000), holes=st.booleans())
def test_exchanging_the_groups_turns_the_sign(method: Method, seed: int, *, holes: bool) -> None:
    matrix = with_holes(drawn(seed), seed) if holes else drawn(seed)
    one, other = (
        compare_groups(matrix, halves(), method, reference=group, permutations=0) for group in ("S", "T")
    )
    np.testing.assert_allclose(one.statistic, -other.statistic, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(one.difference, -other.difference, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(one.p, other.p, rtol=1e-8)


@every_method
@given(seed=st.integers(0, 10_000))
def test_the_order_of_genes_and_samples_does_not_matter(method: Method, seed: int) -> None:
    matrix = with_holes(drawn(seed), seed)
    random = np.random.default_rng(seed)
    genes = [matrix.genes[i] for i in random.permutation(len(matrix.genes))]
    one = compare_groups(matrix, halves(), method, permutations=19)
    other = compare_groups(matrix.genes_only(genes), halves(), method, permutations=19)
    back = [genes.index(gene) for gene in matrix.genes]
    for name in ("statistic", "p", "p_permutation", "q"):
        np.testing.assert_allclose(getattr(other, name)[back], getattr(one, name), rtol=1e-8, err_msg=name)
    samples = random.permutation(len(matrix.samples))
    turned = matrix.samples_only([matrix.samples[j] for j in samples])
    groups = dict(zip(matrix.samples, halves(), strict=True))
    np.testing.assert_allclose(compare_groups(turned, groups, method, permutations=0).p, one.p, rtol=1e-8)


@every_method
@given(seed=st.integers(0, 10_000), permutations=st.integers(1, 40), planted=st.integers(0, 30))
def test_p_by_permutation_and_q_are_never_0(
    method: Method, seed: int, permutations: int, planted: int
) -> None:
    matrix = drawn(seed, planted=planted, shift=30.0)
    tests = compare_groups(matrix, halves(), method, permutations=permutations, seed=seed)
    assert tests.p_permutation.min() >= 1 / (permutations + 1) - 1e-12
    assert tests.q.min() > 0
    assert tests.q.max() <= 1
    order = np.argsort(-np.abs(tests.statistic))
    if method != "wilcoxon":
        assert (np.diff(tests.q[order]) >= -1e-12).all()


@every_method
def test_all_relabellings_by_hand(method: Method) -> None:
    matrix = drawn(5, genes=8, samples=7, planted=2)
    groups = list("SSSSTTT")
    tests = compare_groups(matrix, groups, method, permutations=35)
    assert tests.every
    assert tests.relabellings == 35
    sizes = []
    for chosen in combinations(range(7), 3):
        labels = ["T" if j in chosen else "S" for j in range(7)]
        sizes.append(np.abs(compare_groups(matrix, labels, method, permutations=0).statistic))
    reached = (np.array(sizes) >= np.abs(tests.statistic) * (1 - 1e-10)).mean(axis=0)
    np.testing.assert_allclose(tests.p_permutation, reached)
    beyond = (np.array(sizes)[:, :, None] >= np.abs(tests.statistic) * (1 - 1e-10)).sum(axis=(0, 1))
    called = (np.abs(tests.statistic)[:, None] >= np.abs(tests.statistic) * (1 - 1e-10)).sum(axis=0)
    pi0 = min(1.0, max((beyond / (35 * 8) >= 0.5).sum() / 4, 1 / 8))
    assert tests.pi0 == pytest.approx(pi0)
    rate = np.minimum(1, pi0 * (beyond + 1) / 35 / called)
    expected = [rate[np.abs(tests.statistic) <= t * (1 + 1e-10)].min() for t in np.abs(tests.statistic)]
    np.testing.assert_allclose(tests.q, expected)


@every_method
@pytest.mark.parametrize("holes", [False, True])
def test_squares_of_a_relabelling_are_those_of_the_relabelled_groups(method: Method, *, holes: bool) -> None:
    matrix = drawn(3, genes=40)
    values = matrix.values.copy()
    if holes:
        values[:20][np.random.default_rng(1).random((20, 12)) < 0.1] = np.nan
    matrix = Expression(matrix.genes, matrix.samples, values)
    statistic, _ = _statistic(matrix.values, two_groups(matrix.samples, halves(), None, None, None), method)
    labels = np.array([float(group == "T") for group in halves()])
    for draw in random_draws(labels, np.zeros(12, dtype=np.intp), 6, 1, 3):
        squares = np.concatenate(list(statistic.squares(draw)))
        for row, relabelled in zip(squares, draw.labels, strict=True):
            groups = ["T" if label else "S" for label in relabelled]
            again = compare_groups(matrix, groups, method, permutations=0).statistic
            np.testing.assert_allclose(row[20:], again[20:] ** 2, rtol=1e-7 if not holes else 0.2)
            if not holes or method != "moderated":
                np.testing.assert_allclose(row, again**2, rtol=1e-7)


def test_relabelling_within_batches_keeps_their_numbers() -> None:
    labels = np.array([0.0, 1, 1, 0, 0, 0, 1, 1])
    strata = np.array([2, 0, 0, 0, 2, 2, 2, 0])
    seen = set()
    for draw in random_draws(labels, strata, 200, 1, 64):
        for stratum in (0, 2):
            assert (draw.labels[:, strata == stratum].sum(axis=1) == labels[strata == stratum].sum()).all()
        seen |= {tuple(row) for row in draw.labels.tolist()}
    assert len(seen) == 16  # 4 of one batch times 4 of the other
    np.testing.assert_array_equal(identity(labels, strata).shuffled(np.arange(8))[0], np.arange(8))


def test_within_batches_ranks_are_van_elterens() -> None:
    matrix = drawn(11, genes=12, samples=9)
    groups, batch = list("STSTTSTSS"), list("aaaaabbbb")
    tests = compare_groups(matrix, groups, "wilcoxon", batch=batch, permutations=40)
    assert tests.every
    assert tests.relabellings == 40  # 10 x 4
    labels, a = np.array([g == "T" for g in groups]), np.array([b == "a" for b in batch])
    for row, z in zip(matrix.values, tests.statistic, strict=True):
        total = variance = 0.0
        for here in (a, ~a):
            ranks = row[here].argsort().argsort() + 1.0
            n, m = here.sum(), labels[here].sum()
            total += (ranks[labels[here]].sum() - m * (n + 1) / 2) / (n + 1)
            variance += m * (n - m) * (n + 1) / 12 / (n + 1) ** 2
        assert z == pytest.approx(total / np.sqrt(variance))


def test_covariates_leave_the_permutation_p_uniform_where_there_is_nothing() -> None:
    random = np.random.default_rng(8)
    age = random.normal(size=30)
    values = random.normal(size=(400, 30)) + 2 * age
    matrix = Expression(tuple(map(str, range(400))), tuple(f"s{j}" for j in range(30)), values)
    groups = np.where(age + random.normal(size=30) > 0, "old", "young").tolist()
    crude = compare_groups(matrix, groups, permutations=200)
    tests = compare_groups(matrix, groups, covariates={"age": age.tolist()}, permutations=200)
    assert (crude.p_permutation < 0.05).mean() > 0.9
    assert 0.02 < (tests.p_permutation < 0.05).mean() < 0.085
    labels = np.array([float(group == "young") for group in groups])
    fit = fit_group(values, labels, np.column_stack([np.ones(30), age]))
    own = student_two_sided(fit.coefficient / np.sqrt(fit.variance * fit.unscaled), fit.df)
    np.testing.assert_allclose(tests.p_permutation, own, atol=0.15)
