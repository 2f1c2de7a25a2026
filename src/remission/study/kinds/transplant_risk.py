"""Is the risk group the treatment? Who was transplanted in each risk group, and what that forbids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.transplant_patients import Patients
from remission.study.results import Fact, Output, Statement

FEW_SHARE = 0.05
"""A risk group counts as not transplanted where no more than this share of it was transplanted ..."""
FEW_PATIENTS = 5
"""... or fewer patients than this."""


@dataclass(frozen=True, slots=True)
class RiskGroup:
    """Patients of a risk group, and how many of them were transplanted while at risk."""

    level: str
    n: int
    transplanted: int
    events: int

    @property
    def hardly(self) -> bool:
        """Whether (almost) nobody of the group was transplanted: at most 5 %, or fewer than 5 patients."""
        return self.transplanted <= FEW_SHARE * self.n or self.transplanted < FEW_PATIENTS


def risk_groups(found: Patients, column: str, levels: Sequence[str]) -> tuple[RiskGroup, ...]:
    """Count the transplanted in each level that has patients."""
    values = found.columns[column]
    groups = []
    for level in levels:
        there = np.asarray(values == level, dtype=bool)
        if there.any():
            groups.append(
                RiskGroup(
                    level,
                    int(there.sum()),
                    int(np.count_nonzero(there & found.ever)),
                    int(np.count_nonzero(there & found.events)),
                )
            )
    return tuple(groups)


def is_treatment(groups: Sequence[RiskGroup]) -> str | None:
    """The one level in which transplant was given, where all others had (almost) none; else None.

    The rule: of at least two risk groups all but one are `hardly` transplanted (at most `FEW_SHARE` of the
    group, or fewer than `FEW_PATIENTS` patients), and that one is not. Risk group and treatment are then the
    same thing, and a comparison of risk groups is no comparison of treatments.

    Examples
    --------
    >>> is_treatment([RiskGroup("IR", 19, 1, 1), RiskGroup("HR", 56, 40, 24)])
    'HR'
    >>> is_treatment([RiskGroup("IR", 60, 9, 10), RiskGroup("HR", 56, 40, 24)]) is None
    True
    """
    given = [group.level for group in groups if not group.hardly]
    return given[0] if len(given) == 1 and len(groups) > 1 else None


def risk_output(
    groups: Sequence[RiskGroup], facts: dict[str, Fact], column: str, label: str
) -> tuple[Output, list[Statement]]:
    """The cross-table, and the guard's word where risk group is treatment."""
    records: list[Record] = []
    for group in groups:
        same = {"term": column, "level": group.level}
        records += [
            {**same, "measure": "patients", "estimate": group.n, "events": group.events},
            {**same, "measure": "transplanted", "estimate": group.transplanted},
        ]
    only = is_treatment(groups)
    output = Output("transplant_by_risk", rows_from(records), {**facts, "risk_label": label, "only": only})
    if only is None:
        return output, []
    listed: tuple[Fact, ...] = tuple(
        {"level": each.level, "n": each.n, "transplanted": each.transplanted} for each in groups
    )
    told: dict[str, Fact] = {
        "endpoint_label": facts["endpoint_label"],
        "by_label": facts["by_label"],
        "risk_label": label,
        "only": only,
        "groups": listed,
        "share": FEW_SHARE,
        "patients": FEW_PATIENTS,
        "left": next(each.n - each.transplanted for each in groups if each.level == only),
    }
    return output, [Statement("risk_is_treatment", told, "guard")]
