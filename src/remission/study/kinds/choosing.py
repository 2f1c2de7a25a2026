"""Whom an analysis is about: patients chosen by conditions, in groups, by what was known at time zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.study.kind import Context
from remission.study.kinds.conditions import Answers, answers, selection_findings
from remission.study.kinds.describing import Patients
from remission.study.kinds.grouping import grouping
from remission.study.kinds.withheld import withheld_filters, withheld_groups
from remission.study.results import Statement


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Patients an analysis is about, and what is to be said of how they were chosen.

    `refused`: the guard does not let these conditions choose patients, so there is nothing to analyse.
    """

    rows: NDArray[np.int64]
    ids: tuple[str, ...]
    findings: tuple[Statement, ...]
    refused: bool = False


def chosen_patients(context: Context, where: Sequence[str]) -> Chosen:
    """Choose patients by checked conditions; what was known only after time zero chooses nobody."""
    cohort = context.cohort
    refused = withheld_filters(cohort, where)
    if refused:
        return Chosen(np.zeros(0, dtype=np.int64), (), refused, refused=True)
    holding: Answers = answers(cohort, where)
    rows = np.flatnonzero(holding.holds).astype(np.int64)
    ids = cohort.ids().gather(rows).to_list()
    return Chosen(rows, tuple(str(one) for one in ids), tuple(selection_findings(where, holding)))


def grouped_patients(
    context: Context, by: str | None, where: Sequence[str]
) -> tuple[Patients | None, list[Statement]]:
    """Choose who is described, and in which groups; by what was known only later nobody is split.

    Returns
    -------
    patients : Patients or None
        None where the conditions use what was known only later.
    findings : list of Statement
    """
    chosen = chosen_patients(context, where)
    if chosen.refused:
        return None, list(chosen.findings)
    findings = withheld_groups(context.cohort, by)
    grouped = None if by is None or findings else grouping(context.cohort, by).of(chosen.rows)
    findings += chosen.findings
    findings += [] if grouped is None else grouped.findings()
    if not len(chosen.rows):
        findings.append(nobody())
    return Patients(chosen.rows, grouped), findings


def nobody() -> Statement:
    """Say that the conditions leave nobody."""
    return Statement(
        "nobody_to_analyse", {"endpoint_label": None, "by_label": None, "variant": ""}, "warning"
    )
