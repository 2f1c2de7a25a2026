"""`kind = "genes"`: the genes that separate resistant from sensitive patients, by drug, or two groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import isfinite

import polars as pl

from remission.expression.matrix import Expression
from remission.study.kind import Context, Kind
from remission.study.kinds.choosing import chosen_patients
from remission.study.kinds.genes_checks import check, gene_sets
from remission.study.kinds.genes_compare import Answered, answer, found_by, on_log2
from remission.study.kinds.genes_findings import gene_findings, gene_methods, left_out
from remission.study.kinds.genes_lists import overlap_output, set_output, truth_output
from remission.study.kinds.genes_options import GenesOptions
from remission.study.kinds.genes_questions import GeneQuestion, questions, too_small
from remission.study.kinds.genes_rows import (
    bar_records,
    count_records,
    mean_records,
    point_records,
    shown_genes,
    top_records,
)
from remission.study.kinds.planted import planted_genes
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.withheld import known_at_baseline, withheld_description
from remission.study.results import Analysis, Fact, Output, Statement
from remission.study.tables import to_csv


def run(context: Context, options: GenesOptions, name: str) -> Analysis:
    """Test every gene for every drug (or the column), and hand over the whole tables as attachments."""
    cohort, laboratory = context.cohort, context.laboratory
    if laboratory is None or laboratory.expression is None:
        raise AssertionError("checked before")
    title = options.title or _title(context, options)
    chosen = chosen_patients(context, options.where)
    findings = list(chosen.findings)
    if options.column is not None and not known_at_baseline(cohort, options.column):
        findings.append(withheld_description(cohort, options.column, "group"))
        return Analysis(name, KIND.name, title, (), tuple(findings))
    if chosen.refused:
        return Analysis(name, KIND.name, title, (), tuple(findings))
    asked = questions(context, options.drugs, options.column, chosen)
    small = [each for each in asked if too_small(each)]
    findings += left_out(small)
    expression = on_log2(laboratory.expression)
    answers = [answer(each, expression, cohort, options, context.seed) for each in asked if each not in small]
    if not answers:
        return Analysis(name, KIND.name, title, (), tuple(findings))
    outputs, said = _outputs(context, options, name, answers, expression)
    findings += [*gene_findings(context, options, answers, found_by(options)), *said]
    notes = expression.notes[len(laboratory.expression.notes) :]
    sets = any(output.name == "enrichment" for output in outputs)
    return Analysis(
        name,
        KIND.name,
        title,
        tuple(outputs),
        tuple(findings),
        gene_methods(context, options, notes, sets=sets),
        attachments={file_of(each.question): to_csv(_whole(each)) for each in answers},
    )


def _title(context: Context, options: GenesOptions) -> str:
    if options.column is not None:
        return f"{KIND.title}: {context.cohort.column(options.column).title}"
    return f"{KIND.title}: resistant against sensitive"


def file_of(question: GeneQuestion) -> str:
    """Name of the table of all genes among the files of the results."""
    stem = re.sub(r"[^\w-]+", "-", question.name).strip("-") or "genes"
    return f"genes/{stem}.csv"


def _whole(each: Answered) -> pl.DataFrame:
    """All genes, the most convincing first, as numbers."""
    return each.tests.rows()[each.tests.order()]


def _outputs(
    context: Context, options: GenesOptions, name: str, answers: Sequence[Answered], expression: Expression
) -> tuple[list[Output], list[Statement]]:
    by = found_by(options)
    facts = _facts(context, options, answers)

    def output(what: str, records: Callable[[Answered], list[Record]]) -> Output:
        rows = rows_from([record for each in answers for record in records(each)], analysis=name)
        return Output(what, rows, facts)

    outputs: list[Output | None] = [
        output("gene_counts", lambda each: count_records(each, options.fdr, by)),
        truth_output(name, answers, planted_genes(context, options.truth), facts),
        output("volcano", lambda each: point_records(each, by)),
        output("p_histogram", bar_records),
        output("genes", lambda each: top_records(each, options.top)),
        output("heat_map", lambda each: mean_records(each, expression, shown_genes(each, options.top))),
        overlap_output(name, answers, facts),
    ]
    tested, findings = set_output(name, answers, gene_sets(context, options), options.set_test, facts)
    return [each for each in (*outputs, tested) if each is not None], findings


def _facts(context: Context, options: GenesOptions, answers: Sequence[Answered]) -> dict[str, Fact]:
    """What every output of genes needs to be printed."""
    cohort, laboratory = context.cohort, context.laboratory
    told: tuple[Fact, ...] = tuple(
        {
            "name": each.question.name,
            "label": each.question.label,
            "reference": each.question.reference,
            "other": each.question.other,
            "classes": tuple(level for level in each.question.shown_order if level in each.question.shown),
            "pi0": each.tests.pi0 if isfinite(each.tests.pi0) else None,
            "relabellings": each.tests.relabellings,
            "every": each.tests.every,
            "found": len(each.found),
        }
        for each in answers
    )
    return {
        "questions": told,
        "files": {each.question.name: file_of(each.question) for each in answers},
        "fdr": options.fdr,
        "found_by": found_by(options),
        "method": options.method,
        "top": options.top,
        "drugs": options.column is None,
        "expression_label": "" if laboratory is None else laboratory.label,
        "adjusted_for": tuple(cohort.column(name).title for name in options.adjust_for),
        "batch_label": None if options.batch is None else cohort.column(options.batch).title,
    }


KIND = Kind(
    name="genes",
    title="Discriminating genes",
    summary="The genes that separate resistant from sensitive patients of each drug, or the two groups of a "
    "column, with false discovery rates, overlap across drugs, and gene sets.",
    options=GenesOptions,
    check=check,
    run=run,
    outputs=(
        "gene_counts",
        "gene_truth",
        "volcano",
        "p_histogram",
        "genes",
        "heat_map",
        "gene_overlap",
        "enrichment",
    ),
)
