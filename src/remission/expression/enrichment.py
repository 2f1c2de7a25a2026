"""Are the genes of a set among the discriminating ones, or do they rank high or low together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from remission.core.adjust import adjusted
from remission.core.problems import InputError, shown
from remission.core.ranks import midranks
from remission.core.tails import normal_quantile
from remission.expression.genetests import By, GeneTests
from remission.expression.hypergeometric import hypergeometric_tail
from remission.expression.ranktest import rank_test

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]
EnrichmentMethod = Literal["overrepresentation", "rank"]
METHODS: tuple[EnrichmentMethod, ...] = get_args(EnrichmentMethod)


@dataclass(frozen=True, slots=True)
class SetTest:
    """One set of genes.

    Attributes
    ----------
    name : str
    given, tested : int
        Genes of the set, and those of them that were tested.
    found : tuple of str
        Those in the list of discriminating genes; empty for `rank`.
    expected : float
        Genes of the set in a random list of the same length; NaN for `rank`.
    superiority : float
        Share of pairs of a gene in the set and one outside in which the one inside has the higher statistic
        (ties count half): 0.5 where the set does not differ. NaN for `overrepresentation`.
    direction : str
        Group in which the set is higher; empty for `overrepresentation`.
    p, p_bh : float
        Upper tail for `overrepresentation`, two-sided for `rank`; adjusted over the sets tested.
    """

    name: str
    given: int
    tested: int
    found: tuple[str, ...]
    expected: float
    superiority: float
    direction: str
    p: float
    p_bh: float


@dataclass(frozen=True, slots=True)
class Enrichment:
    """Tests of sets of genes.

    Attributes
    ----------
    method : "overrepresentation" or "rank"
    sets : tuple of SetTest
        By p, then name.
    tested, listed : int
        Genes tested, and discriminating ones among them (0 for `rank`).
    correlation : float
        Taken to be between genes of a set; NaN for `overrepresentation`.
    notes : tuple of str
    """

    method: EnrichmentMethod
    sets: tuple[SetTest, ...]
    tested: int
    listed: int
    correlation: float
    notes: tuple[str, ...]

    def rows(self) -> pl.DataFrame:
        """One row per set; undefined is null."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        numbers = ("expected", "superiority", "p", "p_bh")
        return pl.DataFrame(
            {
                "set": pl.Series([one.name for one in self.sets], dtype=pl.String),
                "genes_given": pl.Series([one.given for one in self.sets], dtype=pl.Int64),
                "genes_tested": pl.Series([one.tested for one in self.sets], dtype=pl.Int64),
                "genes_found": pl.Series([len(one.found) for one in self.sets], dtype=pl.Int64),
                **{
                    name: pl.Series([getattr(one, name) for one in self.sets], dtype=pl.Float64).fill_nan(
                        None
                    )
                    for name in numbers
                },
                "direction": pl.Series([one.direction or None for one in self.sets], dtype=pl.String),
                "found": pl.Series([list(one.found) for one in self.sets], dtype=pl.List(pl.String)),
            }
        )


def enrichment(
    tests: GeneTests,
    sets: Mapping[str, Iterable[str]],
    method: EnrichmentMethod = "overrepresentation",
    *,
    genes: Iterable[str] | None = None,
    level: float = 0.05,
    by: By = "p_bh",
    correlation: float = 0.01,
    smallest: int = 5,
    largest: int = 500,
) -> Enrichment:
    """Test whether sets of genes differ between the groups more than other genes do.

    * `overrepresentation`: are more genes of the set in the list of discriminating genes than in random lists
      of that length drawn from the tested genes? Hypergeometric, upper tail.
    * `rank`: do genes of the set have higher (or lower) statistics than the other tested genes? Wilcoxon's
      rank-sum over genes, normal, with ties and the continuity correction, its variance enlarged for
      genes of a set being correlated (Barry et al.; the test of limma's `cameraPR` on ranks). Where genes
      were tested on different samples, they rank by the normal deviate of the same p.

    Both compare genes, not patients. The first, and the second with `correlation=0`, take genes as
    independent of each other, as if genes were permuted; genes of a pathway are not, so their p is
    too small. The default 0.01 is a mild guess that holds for many data sets and not for all: p is for
    ordering sets, not proof.

    Parameters
    ----------
    tests : GeneTests
    sets : mapping of name to genes
        As of `read_gene_sets`.
    method : "overrepresentation" or "rank"
    genes : iterable of str or None
        The list, for `overrepresentation`; `tests.found(level, by)` if None.
    level, by
        Where the list ends: q of permutation, or p_bh.
    correlation : float
        Between genes of one set, for `rank`: 0 to below 1.
    smallest, largest : int
        Sets with fewer or more tested genes are left out, and not counted as tests.

    Returns
    -------
    Enrichment

    Raises
    ------
    InputError
        For no set with enough tested genes, an empty list, genes that were not tested, or a correlation
        outside 0 to 1.

    References
    ----------
    Barry, Nobel and Wright, Ann Appl Stat 2008;2:286-315. Wu and Smyth, Nucleic Acids Res 2012;40:e133.
    Benjamini and Hochberg, J R Stat Soc B 1995;57:289-300.

    Examples
    --------
    >>> from remission.expression.compare import compare_groups
    >>> from remission.expression.matrix import Expression
    >>> random = np.random.default_rng(1)
    >>> values = random.normal(8, 1, (40, 12))
    >>> values[:5, 6:] += 4
    >>> matrix = Expression(tuple(f"g{i}" for i in range(40)), tuple("abcdefghijkl"), values)
    >>> tests = compare_groups(matrix, ["S"] * 6 + ["R"] * 6, reference="S", permutations=0)
    >>> sets = {"planted": ["g0", "g1", "g2", "g3", "g4"], "other": ["g7", "g8", "g9", "g20", "g30"]}
    >>> [(one.name, len(one.found), f"{one.p:.1g}") for one in enrichment(tests, sets).sets]
    [('planted', 5, '2e-06'), ('other', 0, '1')]
    >>> [(one.name, one.superiority, one.direction) for one in enrichment(tests, sets, "rank").sets][0]
    ('planted', 1.0, 'R')
    """
    if method not in METHODS:
        raise InputError(f'there is no method "{method}"; choose one of {", ".join(METHODS)}')
    if not 0 <= correlation < 1:
        raise InputError(f"correlation must be 0 or more and below 1; it is {correlation:g}")
    tested = [gene for gene, p in zip(tests.genes, tests.p, strict=True) if np.isfinite(p)]
    chosen, notes = _chosen(sets, set(tested), smallest, largest)
    if method == "rank":
        listed: tuple[str, ...] = ()
        raw = _by_rank(tests, tested, chosen, correlation)
    else:
        listed = tests.found(level, by) if genes is None else tuple(dict.fromkeys(genes))
        strange = sorted(set(listed) - set(tested))
        if strange:
            raise InputError(f"genes of the list were not tested: {shown(strange)}")
        if not listed:
            raise InputError(
                'the list of discriminating genes is empty; raise `level`, give `genes`, or use method="rank"'
            )
        raw = _by_list(listed, chosen, len(tested))
    sizes = {name: len(set(inside)) for name, inside in sets.items()}
    rates = adjusted(np.array([one.p for one in raw.values()]), "bh")
    made = [
        SetTest(
            name,
            sizes[name],
            len(chosen[name]),
            one.found,
            one.expected,
            one.superiority,
            one.direction,
            one.p,
            float(rate),
        )
        for (name, one), rate in zip(raw.items(), rates, strict=True)
    ]
    made.sort(key=lambda one: (np.isnan(one.p), one.p, one.name))
    r = correlation if method == "rank" else float("nan")
    return Enrichment(method, tuple(made), len(tested), len(listed), r, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Raw:
    p: float
    found: tuple[str, ...] = ()
    expected: float = float("nan")
    superiority: float = float("nan")
    direction: str = ""


def _chosen(
    sets: Mapping[str, Iterable[str]], tested: set[str], smallest: int, largest: int
) -> tuple[dict[str, list[str]], list[str]]:
    """Tested genes of each set that is neither too small nor too large."""
    inside = {name: [gene for gene in dict.fromkeys(genes) if gene in tested] for name, genes in sets.items()}
    low = sum(len(genes) < smallest for genes in inside.values())
    high = sum(len(genes) > largest for genes in inside.values())
    chosen = {name: genes for name, genes in inside.items() if smallest <= len(genes) <= largest}
    if not chosen:
        hint = (
            " None of their genes was tested: are the names of the same kind (symbols, Ensembl, probes)?"
            if not any(inside.values())
            else ""
        )
        raise InputError(f"no set has {smallest} to {largest} tested genes.{hint}")
    notes = []
    if low:
        notes.append(f"{low} of {len(inside)} sets left out: fewer than {smallest} tested genes.")
    if high:
        notes.append(f"{high} of {len(inside)} sets left out: more than {largest} tested genes.")
    return chosen, notes


def _by_list(listed: tuple[str, ...], chosen: Mapping[str, list[str]], tested: int) -> dict[str, _Raw]:
    made = {}
    for name, genes in chosen.items():
        inside = set(genes)
        found = tuple(gene for gene in listed if gene in inside)
        p = hypergeometric_tail(len(found), len(genes), len(listed), tested)
        made[name] = _Raw(p, found, len(genes) * len(listed) / tested)
    return made


def _by_rank(
    tests: GeneTests, tested: list[str], chosen: Mapping[str, list[str]], correlation: float
) -> dict[str, _Raw]:
    ranks, ties = midranks(_scores(tests))
    place = {gene: index for index, gene in enumerate(tested)}
    made = {}
    for name, genes in chosen.items():
        inside = np.array([place[gene] for gene in genes])
        superiority, p = rank_test(ranks, ties, inside, correlation)
        side = "" if superiority == 0.5 else tests.other if superiority > 0.5 else tests.reference
        made[name] = _Raw(p, superiority=superiority, direction="" if np.isnan(p) else side)
    return made


def _scores(tests: GeneTests) -> Floats:
    """Signed statistics that may be ranked against each other."""
    used = np.isfinite(tests.p)
    statistic, df, p = tests.statistic[used], tests.df[used], tests.p[used]
    if np.all(df == df[0]):
        return statistic
    size = -normal_quantile(np.maximum(p, np.finfo(float).tiny) / 2)
    return np.asarray(np.sign(statistic) * size)
