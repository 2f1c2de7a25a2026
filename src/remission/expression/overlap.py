"""Which genes several lists share: genes that discriminate for one drug, for two, for all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from remission.core.problems import InputError, shown
from remission.expression.hypergeometric import hypergeometric_tail
from remission.expression.matrix import repeated

if TYPE_CHECKING:
    import polars as pl

Measure = Literal["size", "shared", "exactly", "unique"]


@dataclass(frozen=True, slots=True)
class Shared:
    """Genes of one combination of lists.

    Attributes
    ----------
    measure : "size", "shared", "exactly" or "unique"
        Genes of one list; in both of a pair (whatever else holds them); in these lists and no other; in any.
    lists : tuple of str
    genes : tuple of str
        In the order of the first list that holds them.
    expected, p : float or None
        Of a pair where it is known which genes were tested: genes shared on average if both lists were drawn
        at random from these, and the probability of at least as many.
    """

    measure: Measure
    lists: tuple[str, ...]
    genes: tuple[str, ...]
    expected: float | None = None
    p: float | None = None


@dataclass(frozen=True, slots=True)
class GeneOverlap:
    """What lists of genes share.

    Attributes
    ----------
    lists : tuple of str
        Their names.
    sizes, pairs, exactly : tuple of Shared
        Each list; each pair of lists; each combination that has a gene which is in no other list, from the
        largest.
    unique : tuple of str
        Genes in any list, each once.
    tested : int or None
        Genes the lists were drawn from.
    """

    lists: tuple[str, ...]
    sizes: tuple[Shared, ...]
    pairs: tuple[Shared, ...]
    exactly: tuple[Shared, ...]
    unique: tuple[str, ...]
    tested: int | None

    def rows(self) -> pl.DataFrame:
        """One row per size, pair, combination, and one for all: measure, lists, n, expected, p, genes."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        every = (*self.sizes, *self.pairs, *self.exactly, Shared("unique", self.lists, self.unique))
        return pl.DataFrame(
            {
                "measure": [one.measure for one in every],
                "lists": [list(one.lists) for one in every],
                "n": [len(one.genes) for one in every],
                "expected": [one.expected for one in every],
                "p": [one.p for one in every],
                "genes": [list(one.genes) for one in every],
            },
            schema={
                "measure": pl.String,
                "lists": pl.List(pl.String),
                "n": pl.Int64,
                "expected": pl.Float64,
                "p": pl.Float64,
                "genes": pl.List(pl.String),
            },
        )


def gene_overlap(
    lists: Mapping[str, Iterable[str]], *, tested: Collection[str] | int | None = None
) -> GeneOverlap:
    """Count what lists of genes share: sizes, pairs, every combination, and all genes once.

    Parameters
    ----------
    lists : mapping of name to genes
        One or more lists; each gene once in a list. Names are compared as they are written.
    tested : collection of genes, int or None
        Genes that could have been in every list (or how many): pairs then get the overlap that chance gives
        and an upper-tail hypergeometric p. That p takes the lists as drawn independently; lists found in the
        same patients are not, so it describes and does not prove.

    Returns
    -------
    GeneOverlap

    Raises
    ------
    InputError
        Without a list, for genes given twice in one, or genes that were not among those tested.

    Examples
    --------
    >>> found = gene_overlap({"PRED": ["MCL1", "BCL2"], "VCR": ["BCL2", "TUBB"], "DNR": ["ABCB1"]})
    >>> [(one.lists, len(one.genes)) for one in found.pairs]
    [(('PRED', 'VCR'), 1), (('PRED', 'DNR'), 0), (('VCR', 'DNR'), 0)]
    >>> [(one.lists, one.genes) for one in found.exactly][0], len(found.unique)
    ((('PRED',), ('MCL1',)), 4)
    """
    held = {name: tuple(genes) for name, genes in lists.items()}
    known = None if tested is None or isinstance(tested, int) else set(tested)
    total = tested if isinstance(tested, int) else None if known is None else len(known)
    _refuse(held, known, total)
    members: dict[str, list[str]] = {}
    for name, genes in held.items():
        for gene in genes:
            members.setdefault(gene, []).append(name)
    together: dict[tuple[str, ...], list[str]] = {}
    for gene, names in members.items():
        together.setdefault(tuple(names), []).append(gene)
    place = {name: index for index, name in enumerate(held)}
    exactly = sorted(
        (Shared("exactly", names, tuple(genes)) for names, genes in together.items()),
        key=lambda one: (-len(one.genes), len(one.lists), [place[name] for name in one.lists]),
    )
    pairs = []
    for first, second in combinations(held, 2):
        inside = set(held[second])
        genes = tuple(gene for gene in held[first] if gene in inside)
        sizes = len(held[first]), len(held[second])
        pairs.append(
            Shared(
                "shared",
                (first, second),
                genes,
                sizes[0] * sizes[1] / total if total else None,
                hypergeometric_tail(len(genes), *sizes, total) if total else None,
            )
        )
    return GeneOverlap(
        lists=tuple(held),
        sizes=tuple(Shared("size", (name,), genes) for name, genes in held.items()),
        pairs=tuple(pairs),
        exactly=tuple(exactly),
        unique=tuple(members),
        tested=total,
    )


def _refuse(held: Mapping[str, tuple[str, ...]], known: set[str] | None, total: int | None) -> None:
    wrong = [] if held else ["give at least one list of genes"]
    for name, genes in held.items():
        twice = repeated(genes)
        if twice:
            wrong.append(f"genes given more than once in the list {name}: {shown(twice)}")
        strange = [gene for gene in genes if known is not None and gene not in known]
        if strange:
            wrong.append(f"genes of the list {name} are not among those tested: {shown(strange)}")
    if total is not None and total < len({gene for genes in held.values() for gene in genes}):
        wrong.append(f"the lists hold more genes than the {total} that were tested")
    if wrong:
        raise InputError("; ".join(wrong))
