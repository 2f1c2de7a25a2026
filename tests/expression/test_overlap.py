"""Overlap of gene lists, gene sets and their tests, against counting by hand, fractions and R's numbers."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import remission as rm
from remission.core.problems import InputError, StudyProblems
from remission.core.ranks import midranks
from remission.expression.genetests import GeneTests
from remission.expression.hypergeometric import hypergeometric_tail
from remission.expression.ranktest import rank_test

# R 4.2.2 (phyper) and limma 3.54.1 (cameraPR); the calls stand in the tests.
P_HYPER = (5.2861832456437977e-35, 4.6333054202200528e-13)
P_CAMERA = (
    (0.12734794856357326, 0.14289207365821177, 0.41513652842937271),
    (0.12447059840082132, 0.13986765997155151, 0.41158637431211481),
)
DRUGS = {"PRED": ["A", "B", "C"], "VCR": ["B", "C", "D"], "ASP": ["C"], "DNR": ["E", "F"]}


def test_sizes_pairs_combinations_and_all_genes_once() -> None:
    found = rm.gene_overlap(DRUGS)
    assert [len(one.genes) for one in found.sizes] == [3, 3, 1, 2]
    pairs = {one.lists: one.genes for one in found.pairs}
    assert pairs[("PRED", "VCR")] == ("B", "C")
    assert pairs[("ASP", "DNR")] == ()
    assert len(pairs) == 6
    exactly = {one.lists: one.genes for one in found.exactly}
    assert exactly == {
        ("PRED",): ("A",),
        ("PRED", "VCR"): ("B",),
        ("PRED", "VCR", "ASP"): ("C",),
        ("VCR",): ("D",),
        ("DNR",): ("E", "F"),
    }
    assert found.unique == ("A", "B", "C", "D", "E", "F")
    rows = found.rows()
    assert rows.filter(rows["measure"] == "unique")["n"].to_list() == [6]
    assert rows["p"].null_count() == rows.height


def test_pairs_are_held_against_chance_where_it_is_known_what_was_tested() -> None:
    found = rm.gene_overlap(DRUGS, tested=10)
    pair = found.pairs[0]
    assert pair.expected == pytest.approx(0.9)
    assert pair.p == pytest.approx((3 * 7 + 1) / 120, rel=1e-14)
    assert rm.gene_overlap(DRUGS, tested=list("ABCDEFGHIJ")).pairs == found.pairs


@given(st.integers(1, 60), st.data())
def test_the_tail_is_the_sum_of_exact_fractions(total: int, data: st.DataObject) -> None:
    first, second = (data.draw(st.integers(0, total)) for _ in range(2))
    shared = data.draw(st.integers(0, min(first, second)))
    ways = sum(
        comb(first, x) * comb(total - first, second - x) for x in range(shared, min(first, second) + 1)
    )
    assert hypergeometric_tail(shared, first, second, total) == pytest.approx(
        float(Fraction(ways, comb(total, second))), rel=1e-12
    )


def test_small_tails_of_many_genes_keep_their_digits() -> None:
    # R: phyper(c(39, 9), 200, 21800, c(300, 35), lower.tail = FALSE)
    assert hypergeometric_tail(40, 200, 300, 22000) == pytest.approx(P_HYPER[0], rel=1e-8)
    assert hypergeometric_tail(10, 200, 35, 22000) == pytest.approx(P_HYPER[1], rel=1e-8)


@pytest.mark.parametrize(
    ("lists", "tested", "said"),
    [
        ({}, None, "at least one list"),
        ({"PRED": ["A", "A"]}, None, "more than once in the list PRED: A"),
        ({"PRED": ["A", "Z"]}, ["A", "B"], "not among those tested: Z"),
        ({"PRED": ["A", "B", "C"]}, 2, "more genes than the 2"),
    ],
)
def test_lists_that_cannot_be_are_refused(lists: dict[str, list[str]], tested: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        rm.gene_overlap(lists, tested=tested)  # type: ignore[arg-type]


def test_gene_sets_are_read_with_what_is_wrong_in_them(tmp_path: Path) -> None:
    file = tmp_path / "sets.gmt"
    file.write_text("ONE\tfrom a book\tA\tB\tB\t\n\nTWO\t\tC\n", encoding="utf-8")
    sets = rm.read_gene_sets(file)
    assert dict(sets) == {"ONE": ("A", "B"), "TWO": ("C",)}
    assert sets.descriptions["ONE"] == "from a book"
    assert sets.notes == ("ONE names B more than once; counted once.",)
    file.write_text("ONE\tx\tA\nONE\tx\tB\nTWO\tonly a description\n\tx\tA\nTHREE\tx\t1-Mar\n")
    with pytest.raises(StudyProblems) as told:
        rm.read_gene_sets(file)
    assert [problem.message for problem in told.value.problems] == [
        "line 3 has a name but no genes",
        "line 4 has no name",
        "sets named more than once: ONE",
        "genes that a spreadsheet turned into dates or numbers: 1-Mar (was MARCH1)",
    ]
    file.write_text("\n")
    with pytest.raises(InputError, match="holds no set"):
        rm.read_gene_sets(file)
    with pytest.raises(InputError, match=r"no file absent\.gmt"):
        rm.read_gene_sets(tmp_path / "absent.gmt")


@pytest.fixture(scope="module")
def tests() -> GeneTests:
    random = np.random.default_rng(2)
    values = random.normal(8, 1, (100, 20))
    values[:10, 10:] += 3
    values[10:20, 10:] -= 3
    names = tuple(f"g{i}" for i in range(100))
    matrix = rm.Expression(names, tuple(f"s{i}" for i in range(20)), values)
    return rm.compare_groups(matrix, ["S"] * 10 + ["R"] * 10, reference="S", permutations=0)


SETS = {
    "up": [f"g{i}" for i in range(10)],
    "down": [f"g{i}" for i in range(10, 20)],
    "none": [f"g{i}" for i in range(40, 60)],
    "strange": [f"x{i}" for i in range(30)],
    "huge": [f"g{i}" for i in range(90)],
}


def test_a_planted_set_is_found_by_its_list_and_by_ranks(tests: GeneTests) -> None:
    found = rm.enrichment(tests, SETS, largest=50, level=1e-4)
    assert found.listed == len(tests.found(1e-4, "p_bh"))
    by_name = {one.name: one for one in found.sets}
    assert set(by_name) == {"up", "down", "none"}
    assert by_name["up"].p < 1e-4 and len(by_name["up"].found) == 10  # noqa: PT018
    assert by_name["none"].p > 0.5
    assert by_name["up"].expected == pytest.approx(10 * found.listed / 100)
    assert len(found.notes) == 2
    ranked = {one.name: one for one in rm.enrichment(tests, SETS, "rank", largest=50).sets}
    assert (ranked["up"].direction, ranked["down"].direction) == ("R", "S")
    assert (ranked["up"].superiority, ranked["down"].superiority) == (1.0, 0.0)
    assert ranked["none"].p > 0.05
    rows = found.rows()
    assert rows["p_bh"].to_list() == sorted(rows["p_bh"].to_list())


def test_the_rank_test_is_that_of_limma() -> None:
    # R: s <- sin(1:60) + c(rep(.4, 12), rep(0, 48)); s2 <- round(s, 1)
    #    cameraPR(s, 1:12, use.ranks = TRUE, inter.gene.cor = r), r = 0, 0.01, 0.3; the same of s2
    score = np.sin(np.arange(1, 61)) + np.repeat([0.4, 0.0], [12, 48])
    for values, answers in zip((score, np.round(score, 1)), P_CAMERA, strict=True):
        ranks, ties = midranks(values)
        for r, theirs in zip((0.0, 0.01, 0.3), answers, strict=True):
            assert rank_test(ranks, ties, np.arange(12), r)[1] == pytest.approx(theirs, rel=1e-8)


def test_ranks_without_correlation_are_what_permuting_genes_gives() -> None:
    random = np.random.default_rng(5)
    ranks = np.arange(1.0, 41.0)
    inside = np.array([3, 20, 30, 35, 36, 38])
    away = abs(ranks[inside].sum() - 6 * 41 / 2)
    drawn = np.array([abs(random.permutation(ranks)[:6].sum() - 6 * 41 / 2) for _ in range(20_000)])
    share = float((drawn >= away).mean())
    assert rank_test(ranks, np.ones(40), inside, 0.0)[1] == pytest.approx(share, abs=0.01)


def test_what_cannot_be_tested_is_refused(tests: GeneTests) -> None:
    with pytest.raises(InputError, match="names of the same kind"):
        rm.enrichment(tests, {"strange": SETS["strange"]})
    with pytest.raises(InputError, match="list of discriminating genes is empty"):
        rm.enrichment(tests, SETS, level=0.0)
    with pytest.raises(InputError, match="correlation"):
        rm.enrichment(tests, SETS, "rank", correlation=1.0)
    with pytest.raises(InputError, match="no method"):
        rm.enrichment(tests, SETS, "gsea")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="were not tested: Q"):
        rm.enrichment(tests, SETS, genes=["Q"])
