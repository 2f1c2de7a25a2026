"""What to know before believing a list of genes, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remission.expression.genetests import By
from remission.study.kind import Context
from remission.study.kinds.category_tests import independence_test
from remission.study.kinds.genes_compare import Answered, values_of
from remission.study.kinds.genes_options import GenesOptions
from remission.study.kinds.genes_questions import GeneQuestion, too_small
from remission.study.kinds.grouping import can_group, levels_of
from remission.study.kinds.withheld import known_at_baseline
from remission.study.laboratory.columns import column_name
from remission.study.results import Fact, Statement

SMALL = 10
DIFFERS_BELOW = 0.01
REFERENCES = {
    "moderated": ("smyth2004",),
    "welch": ("welch1947",),
    "wilcoxon": ("wilcoxon1945",),
}


def gene_findings(
    context: Context, options: GenesOptions, answers: Sequence[Answered], by: By
) -> list[Statement]:
    """Chance, small groups, what differs beside, batches, and that lists are associations."""
    found = [
        _chance(answers, options, by),
        Statement(
            "genes_are_associations", {"adjusted_for": _labels(context, options.adjust_for)}, "warning"
        ),
    ]
    small: tuple[Fact, ...] = tuple(
        {"question": each.question.label, "group": group, "n": n}
        for each in answers
        for group, n in each.question.sizes.items()
        if n < SMALL
    )
    if small:
        found.append(Statement("genes_small_groups", {"groups": small, "below": SMALL}, "warning"))
    found += _differing(context, options, answers)
    found += _batches(context, options, answers)
    for each in answers:
        # who has no group is counted with the groups
        notes = tuple(note for note in each.tests.notes if "has no group" not in note)
        if notes:
            facts: dict[str, Fact] = {"question": each.question.label, "notes": notes}
            found.append(Statement("genes_notes", facts))
    return found


def left_out(small: Sequence[GeneQuestion]) -> list[Statement]:
    """Drugs whose classes are too small to be compared."""
    if not small:
        return []
    told: tuple[Fact, ...] = tuple(
        {"question": each.label, "groups": " and ".join(too_small(each))} for each in small
    )
    return [Statement("genes_not_compared", {"questions": told}, "warning")]


def _labels(context: Context, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(context.cohort.column(name).title for name in names)


def _chance(answers: Sequence[Answered], options: GenesOptions, by: By) -> Statement:
    told: tuple[Fact, ...] = tuple(
        {
            "question": each.question.label,
            "tested": each.tested,
            "below": int(np.count_nonzero(each.tests.p < 0.05)),
            "found": len(each.found),
        }
        for each in answers
    )
    return Statement("genes_chance", {"questions": told, "fdr": options.fdr, "by": by})


def _differing(context: Context, options: GenesOptions, answers: Sequence[Answered]) -> list[Statement]:
    """Categories known at time zero in which the groups differ, and that are not adjusted for."""
    cohort = context.cohort
    expression = context.laboratory.expression if context.laboratory else None
    if expression is None:
        return []
    skipped = {*options.adjust_for, options.batch, options.column, *_of_laboratory(context)}
    told: list[Fact] = []
    for name, column in cohort.columns.items():
        if name in skipped or not can_group(column) or not known_at_baseline(cohort, name):
            continue
        values = values_of(cohort, name, expression)
        for each in answers:
            p = _association(values, levels_of(column), each.question, context.seed)
            if p is not None and p < DIFFERS_BELOW:
                told.append({"question": each.question.label, "label": column.title, "p": p})
    if not told:
        return []
    facts: dict[str, Fact] = {"differences": tuple(told), "below": DIFFERS_BELOW}
    return [Statement("genes_groups_differ", facts, "warning")]


def _of_laboratory(context: Context) -> set[str]:
    """Columns that a laboratory added: they are what is compared, or are made from it."""
    drugs = () if context.laboratory is None else context.laboratory.drugs
    parts = ("lc50", "class", "call")
    made = {f"{column_name(drug)}_{part}" for drug in drugs for part in parts}
    return {*made, "signature_score", "signature_group"}


def _association(
    values: Sequence[object], levels: Sequence[str], question: GeneQuestion, seed: int
) -> float | None:
    counts = np.array(
        [
            [
                sum(
                    value == level and group == side
                    for value, group in zip(values, question.groups, strict=True)
                )
                for side in (question.reference, question.other)
            ]
            for level in levels
        ],
        dtype=float,
    ).reshape(len(levels), 2)
    test = independence_test(counts, seed=seed)
    return None if test is None else test.p


def _batches(context: Context, options: GenesOptions, answers: Sequence[Answered]) -> list[Statement]:
    """Batches that hold one group only: there, batch and group cannot be told apart."""
    expression = context.laboratory.expression if context.laboratory else None
    if options.batch is None or expression is None:
        return []
    column = context.cohort.column(options.batch)
    values = values_of(context.cohort, options.batch, expression)
    told: list[Fact] = []
    for each in answers:
        alone = {"batches": 0, "n": 0}
        for level in levels_of(column):
            sides = [
                group
                for value, group in zip(values, each.question.groups, strict=True)
                if value == level and group is not None
            ]
            if len(set(sides)) == 1:
                alone = {"batches": alone["batches"] + 1, "n": alone["n"] + len(sides)}
        p = _association(values, levels_of(column), each.question, context.seed)
        if alone["batches"] or (p is not None and p < DIFFERS_BELOW):
            told.append({"question": each.question.label, **alone, "p": p})
    if not told:
        return []
    return [Statement("batch_confounded", {"label": column.title, "questions": tuple(told)}, "warning")]


def gene_methods(
    context: Context, options: GenesOptions, notes: Sequence[str], *, sets: bool
) -> tuple[Statement, ...]:
    """How genes were tested."""
    references: tuple[str, ...] = REFERENCES[options.method]
    references += ("vanelteren1960",) if options.method == "wilcoxon" and options.batch else ()
    references += ("tusher2001",) if options.permutations else ()
    references += ("freedman1983",) if options.permutations and options.adjust_for else ()
    facts: dict[str, Fact] = {
        "method": options.method,
        "permutations": options.permutations,
        "adjusted_for": _labels(context, options.adjust_for),
        "batch_label": None if options.batch is None else context.cohort.column(options.batch).title,
        "fdr": options.fdr,
        "drugs": options.column is None,
        "scale": tuple(notes),
        "references": (*references, "benjamini1995"),
    }
    found = [Statement("genes_method", facts)]
    if sets:
        more: dict[str, Fact] = {"set_test": options.set_test}
        more["references"] = ("barry2008", "wu2012") if options.set_test == "rank" else ()
        found.append(Statement("gene_sets_method", more))
    return tuple(found)
