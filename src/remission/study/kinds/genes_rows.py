"""What was found gene by gene, as rows that can be printed: counts, first genes, points, bars, means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from remission.expression.genetests import By
from remission.expression.matrix import Expression
from remission.expression.zscores import z_scores
from remission.study.kinds.genes_compare import Answered
from remission.study.kinds.rows import Record

BARS = 20
FOUND_SHOWN = 400
ACROSS, UP = 60, 40
TINY_GROUP = 3
RATES = {"q": "permutation", "p_bh": "Benjamini-Hochberg"}


def count_records(each: Answered, fdr: float, by: By) -> list[Record]:
    """Samples compared and left out, genes tested and found by either rate, how many may be false."""
    question, tests = each.question, each.tests
    term = {"term": question.name}
    records: list[Record] = [
        {**term, "measure": "samples", "group": group, "estimate": n} for group, n in _used(each).items()
    ]
    records += [
        {**term, "measure": "left out", "level": reason, "estimate": n}
        for reason, n in question.left_out.items()
    ]
    records.append({**term, "measure": "tested", "estimate": each.tested})
    rates: tuple[By, ...] = ("q", "p_bh") if tests.relabellings else ("p_bh",)
    for rate in rates:
        genes = set(tests.found(fdr, rate))
        higher = [
            difference > 0
            for gene, difference in zip(tests.genes, tests.difference, strict=True)
            if gene in genes
        ]
        same = {**term, "scale": RATES[rate]}
        records += [
            {**same, "measure": "found", "estimate": len(genes)},
            {**same, "measure": "found", "group": question.other, "estimate": sum(higher)},
            {**same, "measure": "found", "group": question.reference, "estimate": len(genes) - sum(higher)},
        ]
    records.append(
        {**term, "measure": "expected false", "scale": RATES[by], "estimate": fdr * len(each.found)}
    )
    records.append({**term, "measure": "below 0.05", "estimate": int(np.count_nonzero(tests.p < 0.05))})
    if tests.relabellings:
        records.append({**term, "measure": "share without difference", "estimate": tests.pi0})
    return records


def _used(each: Answered) -> dict[str, int]:
    """Samples compared; who lacks a covariate is not among them."""
    tests = each.tests
    return {
        each.question.reference: int(np.nanmax(tests.n_reference, initial=0)),
        each.question.other: int(np.nanmax(tests.n_other, initial=0)),
    }


def top_records(each: Answered, top: int) -> list[Record]:
    """The first genes: difference, statistic, P and its adjustment, and the same by permutation."""
    tests = each.tests
    records: list[Record] = []
    place = {gene: index for index, gene in enumerate(tests.genes)}
    for gene in tests.top(top):
        i = place[gene]
        same = {"term": each.question.name, "level": gene}
        records.append(
            {
                **same,
                "measure": "difference",
                "estimate": float(tests.difference[i]),
                "std_error": float(tests.std_error[i]),
                "statistic": float(tests.statistic[i]),
                "df": float(tests.df[i]) if np.isfinite(tests.df[i]) else None,
                "p": float(tests.p[i]),
                "p_adjusted": float(tests.p_bh[i]),
            }
        )
        if tests.relabellings:
            permuted = {"p": float(tests.p_permutation[i]), "p_adjusted": float(tests.q[i])}
            records.append({**same, "measure": "permutation", **permuted})
    return records


def point_records(each: Answered, by: By) -> list[Record]:
    """Points of a volcano: the first found genes by name, the rest one for each cell of a fine grid.

    `at_risk` is the number of genes a point stands for, so that they add up to the genes tested.
    """
    tests = each.tests
    rate = getattr(tests, by)
    order = [int(i) for i in tests.order() if np.isfinite(tests.p[i])]
    found = set(each.found)
    named = [i for i in order if tests.genes[i] in found][:FOUND_SHOWN]
    rest = np.setdiff1d(order, named, assume_unique=True).astype(np.intp)
    term = {"term": each.question.name, "measure": "point"}
    chosen = [(i, 1) for i in named]
    chosen += _thinned(rest, tests.difference, -np.log10(np.maximum(tests.p, np.finfo(float).tiny)))
    return [
        {
            **term,
            "level": tests.genes[i] if tests.genes[i] in found else None,
            "state": "found" if tests.genes[i] in found else "rest",
            "estimate": float(tests.difference[i]),
            "p": float(tests.p[i]),
            "p_adjusted": float(rate[i]) if np.isfinite(rate[i]) else None,
            "at_risk": n,
        }
        for i, n in chosen
    ]


def _thinned(
    places: NDArray[np.intp], x: NDArray[np.float64], y: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """One gene for each cell that has any, with how many it stands for; the first by P stands."""
    if not len(places):
        return []

    def cells(values: NDArray[np.float64], number: int) -> NDArray[np.intp]:
        low, high = float(values.min()), float(values.max())
        return np.minimum(((values - low) / ((high - low) or 1.0) * number).astype(np.intp), number - 1)

    cell = cells(x[places], ACROSS) * UP + cells(y[places], UP)
    _, first, counts = np.unique(cell, return_index=True, return_counts=True)
    return [(int(places[i]), int(n)) for i, n in zip(first, counts, strict=True)]


def bar_records(each: Answered) -> list[Record]:
    """P values of all genes in steps of 0.05."""
    p = each.tests.p[np.isfinite(each.tests.p)]
    counts, edges = np.histogram(p, BARS, (0.0, 1.0))
    return [
        {"term": each.question.name, "measure": "bar", "low": low, "high": high, "estimate": int(n)}
        for low, high, n in zip(edges, edges[1:], counts, strict=False)
    ]


def mean_records(each: Answered, expression: Expression, genes: Sequence[str]) -> list[Record]:
    """Means of z-scores by class, for the heat map; groups of fewer than three patients have none."""
    if not genes:
        return []
    question = each.question
    order = tuple(level for level in question.shown_order if level in question.shown)
    found = z_scores(expression, genes, question.shown, order=order).group_means()
    return [
        {
            "term": question.name,
            "level": row["gene"],
            "group": row["group"],
            "measure": "mean z-score",
            "estimate": row["mean"] if row["n"] >= TINY_GROUP else None,
            "at_risk": row["n"],
        }
        for row in found.iter_rows(named=True)
    ]


def shown_genes(each: Answered, top: int) -> tuple[str, ...]:
    """Genes of the heat map: the first found, or the first of all where none is; by direction, then P."""
    first = each.found[:top] or each.tests.top(top)
    place = {gene: index for index, gene in enumerate(each.tests.genes)}
    return tuple(sorted(first, key=lambda gene: each.tests.difference[place[gene]] < 0))
