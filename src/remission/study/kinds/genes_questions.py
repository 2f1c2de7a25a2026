"""Who is compared with whom: a question per drug, or one for a column; samples in order of the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from remission.response.cutoffs import CLASSES
from remission.study.kind import Context
from remission.study.kinds.choosing import Chosen
from remission.study.kinds.grouping import grouping

SENSITIVE, INTERMEDIATE, RESISTANT = CLASSES
FEWEST = 3
Named = tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GeneQuestion:
    """Two groups of samples.

    Attributes
    ----------
    name, label : str
        Drug or column, and words for it.
    reference, other : str
    groups : tuple (samples,)
        One of the two, or None for those left out.
    shown : tuple (samples,)
        Groups of the heat map: the class, intermediates included.
    shown_order : tuple of str
    left_out : dict of str to int
        Chosen patients not compared, by reason.
    """

    name: str
    label: str
    reference: str
    other: str
    groups: Named
    shown: Named
    shown_order: tuple[str, ...]
    left_out: dict[str, int]

    @property
    def sizes(self) -> dict[str, int]:
        """Samples in each group."""
        return {level: self.groups.count(level) for level in (self.reference, self.other)}


def questions(
    context: Context, drugs: Sequence[str], column: str | None, chosen: Chosen
) -> list[GeneQuestion]:
    """One question per drug, or that of the column.

    Raises
    ------
    AssertionError
        Without expression (checked before).
    """
    laboratory = context.laboratory
    if laboratory is None or laboratory.expression is None:
        raise AssertionError("checked before")
    samples = laboratory.expression.samples
    if column is not None:
        return [_of_column(context, column, chosen, samples)]
    if laboratory.classes is None:
        raise AssertionError("checked before")
    frame = laboratory.classes.frame
    return [_of_drug(drug, frame, chosen, samples) for drug in drugs or laboratory.drugs]


def _of_drug(drug: str, frame: pl.DataFrame, chosen: Chosen, samples: Sequence[str]) -> GeneQuestion:
    rows = frame.filter(pl.col("drug") == drug)
    found = dict(rows.select("patient", "class").rows())
    tested = set(rows["patient"])
    inside = set(chosen.ids)
    shown = tuple(found.get(one) if one in inside else None for one in samples)
    groups = tuple(each if each in (SENSITIVE, RESISTANT) else None for each in shown)
    there = set(samples)
    left_out = {
        "not tested": sum(one not in tested for one in chosen.ids),
        "class not known": sum(one in tested and found[one] is None for one in chosen.ids),
        "intermediate": sum(found.get(one) == INTERMEDIATE for one in chosen.ids),
        "no expression": sum(
            found.get(one) in (SENSITIVE, RESISTANT) and one not in there for one in chosen.ids
        ),
    }
    return GeneQuestion(drug, drug, SENSITIVE, RESISTANT, groups, shown, CLASSES, left_out)


def _of_column(context: Context, column: str, chosen: Chosen, samples: Sequence[str]) -> GeneQuestion:
    made = grouping(context.cohort, column)
    found = dict(zip((str(one) for one in context.cohort.ids()), made.values, strict=True))
    inside, there = set(chosen.ids), set(samples)
    groups = tuple(found[one] if one in inside else None for one in samples)
    left_out = {
        f"{made.label} not known": sum(found[one] is None for one in chosen.ids),
        "no expression": sum(found[one] is not None and one not in there for one in chosen.ids),
    }
    reference, other = made.levels
    return GeneQuestion(column, made.label, reference, other, groups, groups, made.levels, left_out)


def too_small(question: GeneQuestion) -> list[str]:
    """Groups of fewer than three samples, in words."""
    return [f"{n} {level}" for level, n in question.sizes.items() if n < FEWEST]
