"""What lists of genes share, what sets of genes say, and what was planted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from remission.core.problems import InputError
from remission.expression.enrichment import EnrichmentMethod, enrichment
from remission.expression.genesets import GeneSets
from remission.expression.overlap import gene_overlap
from remission.study.kinds.genes_compare import Answered
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Fact, Output, Statement

SETS_KEPT = 200
SHARED_SHOWN = 60


def overlap_output(name: str, answers: Sequence[Answered], facts: Mapping[str, Fact]) -> Output | None:
    """Sizes of the lists, what each two share, and genes in any; None where fewer than two lists hold any."""
    lists = {each.question.name: each.found for each in answers}
    if sum(bool(genes) for genes in lists.values()) < 2:
        return None
    tested = min(each.tested for each in answers)
    made = gene_overlap(lists)
    records: list[Record] = [
        {"measure": "size", "term": one.lists[0], "estimate": len(one.genes)} for one in made.sizes
    ]
    records += [
        {
            "measure": "shared",
            "term": one.lists[0],
            "versus": one.lists[1],
            "estimate": len(one.genes),
            "statistic": len(lists[one.lists[0]]) * len(lists[one.lists[1]]) / tested,
        }
        for one in made.pairs
    ]
    records.append({"measure": "unique", "estimate": len(made.unique)})
    several: list[Fact] = [
        {"gene": gene, "lists": one.lists} for one in made.exactly if len(one.lists) > 1 for gene in one.genes
    ]
    more: dict[str, Fact] = {
        **facts,
        "combinations": tuple({"lists": one.lists, "n": len(one.genes)} for one in made.exactly),
        "several": tuple(several[:SHARED_SHOWN]),
        "in_several": len(several),
    }
    return Output("gene_overlap", rows_from(records, analysis=name), more)


def set_output(
    name: str,
    answers: Sequence[Answered],
    sets: GeneSets | None,
    method: EnrichmentMethod,
    facts: Mapping[str, Fact],
) -> tuple[Output | None, list[Statement]]:
    """Test the sets for every question; what cannot be tested is said."""
    if sets is None:
        return None, []
    records: list[Record] = []
    findings: list[Statement] = []
    notes: list[str] = []
    for each in answers:
        try:
            made = enrichment(
                each.tests, sets, method, genes=each.found if method == "overrepresentation" else None
            )
        except InputError as error:
            about: dict[str, Fact] = {"question": each.question.label, "reason": str(error)}
            findings.append(Statement("gene_sets_not_tested", about))
            continue
        notes += [note for note in made.notes if note not in notes]
        records += [
            {
                "term": each.question.name,
                "level": one.name,
                "measure": method,
                "group": one.direction or None,
                "estimate": one.superiority if method == "rank" else len(one.found),
                "statistic": None if method == "rank" else one.expected,
                "at_risk": one.tested,
                "p": one.p,
                "p_adjusted": one.p_bh,
            }
            for one in made.sets[:SETS_KEPT]
        ]
    if not records:
        return None, findings
    more: dict[str, Fact] = {**facts, "set_test": method, "source": sets.source, "notes": tuple(notes)}
    return Output("enrichment", rows_from(records, analysis=name), more), findings


def truth_output(
    name: str, answers: Sequence[Answered], planted: Mapping[str, tuple[str, ...]], facts: Mapping[str, Fact]
) -> Output | None:
    """How many of the planted genes were found; None where none were planted."""
    records: list[Record] = []
    for each in answers:
        truth = set(planted.get(each.question.name, ()))
        if not truth:
            continue
        found = set(each.found)
        tested = {gene for gene, p in zip(each.tests.genes, each.tests.p, strict=True) if isfinite(p)}
        counts = {
            "planted": len(truth),
            "found": len(truth & found),
            "missed": len((truth & tested) - found),
            "not tested": len(truth - tested),
            "extra": len(found - truth),
            "first": len(truth & set(each.tests.top(len(truth)))),
        }
        records += [
            {"term": each.question.name, "measure": measure, "estimate": n} for measure, n in counts.items()
        ]
    return Output("gene_truth", rows_from(records, analysis=name), dict(facts)) if records else None
