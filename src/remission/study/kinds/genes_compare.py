"""Testing every gene for every question, on the log2 scale, with what is adjusted for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from remission.cohort.cohort import Cohort
from remission.expression.compare import compare_groups
from remission.expression.genetests import By, GeneTests
from remission.expression.matrix import Expression
from remission.expression.reference import learn_reference
from remission.expression.scale import log2_of
from remission.study.kinds.genes_options import GenesOptions
from remission.study.kinds.genes_questions import GeneQuestion
from remission.study.kinds.grouping import as_levels

COUNTS = (
    "Counts were put on the log2 scale after their depth was taken out (median of ratios): log2(count / "
    "size + 1)."
)


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """A question with the tests of all genes."""

    question: GeneQuestion
    tests: GeneTests
    found: tuple[str, ...]

    @property
    def tested(self) -> int:
        """Genes that could be tested."""
        return int(np.isfinite(self.tests.p).sum())


def on_log2(expression: Expression) -> Expression:
    """Put any matrix on the log2 scale, and say so."""
    if expression.scale != "counts":
        return log2_of(expression)
    values = learn_reference(expression, "ratio").apply(expression.values, expression.genes)
    return replace(expression, values=values, scale="log2").noted(COUNTS)


def found_by(options: GenesOptions) -> By:
    """Which false discovery rate decides: that of permutations where there are any."""
    return "q" if options.permutations else "p_bh"


def answer(
    question: GeneQuestion, expression: Expression, cohort: Cohort, options: GenesOptions, seed: int
) -> Answered:
    """Test every gene."""
    tests = compare_groups(
        expression,
        question.groups,
        options.method,
        reference=question.reference,
        covariates={
            cohort.column(name).title: values_of(cohort, name, expression) for name in options.adjust_for
        }
        or None,
        batch=None if options.batch is None else values_of(cohort, options.batch, expression),
        permutations=options.permutations,
        seed=seed,
    )
    return Answered(question, tests, tests.found(options.fdr, found_by(options)))


def values_of(cohort: Cohort, name: str, expression: Expression) -> list[Any]:
    """A column in the order of the samples: numbers as they are, levels by name."""
    values = cohort.frame[name]
    listed = values.to_list() if cohort.column(name).kind == "number" else list(as_levels(values))
    known = dict(zip((str(one) for one in cohort.ids()), listed, strict=True))
    return [known[one] for one in expression.samples]
