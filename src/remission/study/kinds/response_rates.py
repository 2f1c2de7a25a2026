"""`kind = "response"`: how many responded at each time point, of those evaluated and of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remission.study.kind import Context, Kind
from remission.study.kinds.category_tests import CategoryTest, fisher_exact
from remission.study.kinds.choosing import grouped_patients
from remission.study.kinds.describing import Patients, much_missing
from remission.study.kinds.grouping import as_levels
from remission.study.kinds.multiplicity import multiplicity
from remission.study.kinds.not_evaluated import NOT_RECORDED, due_day, reason_words, why_not
from remission.study.kinds.proportions import exact_limits, trend_of_shares
from remission.study.kinds.response_rates_options import (
    ResponseOptions,
    ResponsePoint,
    check,
    good_levels,
    point_label,
)
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Analysis, Fact, Output, Statement

Mask = NDArray[np.bool_]
EVALUATED, ALL = "of evaluated", "of all"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One point: who was evaluated, who responded, why the others were not; `levels` say so themselves."""

    label: str
    evaluated: Mask
    responded: Mask
    why: NDArray[np.object_]
    levels: tuple[str, ...] = ()

    def reasons(self) -> tuple[str, ...]:
        """Reasons that occur, those not recorded last."""
        found = sorted({str(each) for each in self.why[~self.evaluated]} - {NOT_RECORDED})
        return (*found, NOT_RECORDED)


def run(context: Context, options: ResponseOptions, name: str) -> Analysis:
    """Count responses; nobody who was not evaluated counts as a non-responder but in the share of all."""
    title = options.title or KIND.title
    patients, findings = grouped_patients(context, options.by, options.where)
    if patients is None:
        return Analysis(name, KIND.name, title, (), tuple(findings))
    judged = [_judged(context, options, point, patients) for point in options.points]
    records: list[Record] = []
    tests: list[CategoryTest] = []
    for point in judged:
        for group, mask in patients.parts():
            records += [
                {"term": point.label, "group": group, **each} for each in _counts(context, point, mask)
            ]
        made = _tests(context, point, patients) if options.tests else []
        tests += made
        records += [
            {
                "term": point.label,
                "measure": "test",
                "scale": t.name,
                "statistic": t.statistic,
                "df": t.df,
                "p": t.p,
            }
            for t in made
        ]
    findings += _findings(context, options, judged, len(patients.rows))
    findings += multiplicity([test.p for test in tests if test.name.startswith("Fisher")])
    if options.title is None and patients.grouping is not None:
        title = f"{title} by {patients.grouping.label}"
    output = Output("response", rows_from(records, analysis=name), _facts(judged, patients))
    return Analysis(name, KIND.name, title, (output,), tuple(findings), _methods(tests))


def _judged(context: Context, options: ResponseOptions, point: ResponsePoint, patients: Patients) -> Judged:
    cohort = context.cohort
    values = as_levels(cohort.frame[point.column].gather(patients.rows))
    outcome = None if options.endpoint is None else context.outcomes[options.endpoint]
    why = why_not(outcome, patients.rows, due_day(cohort, point.column, point.due))
    known = values != np.array(None)
    looked = ~np.isin(values, point.not_evaluated)
    said = known & ~looked & (why == NOT_RECORDED)
    why[said] = values[said]
    responded = np.isin(values, good_levels(cohort, point))
    return Judged(
        point_label(cohort, point.column, point.label), known & looked, responded, why, point.not_evaluated
    )


def _counts(context: Context, point: Judged, mask: Mask) -> list[Record]:
    """Eligible, evaluated, not evaluated and why; responders of those evaluated, and of all."""
    eligible, evaluated = int(mask.sum()), int((mask & point.evaluated).sum())
    responders = int((mask & point.responded & point.evaluated).sum())
    out = mask & ~point.evaluated
    records: list[Record] = [
        {"measure": "eligible", "estimate": eligible},
        {"measure": "evaluated", "estimate": evaluated},
        *(
            {
                "measure": "not evaluated",
                "level": reason,
                "estimate": int((out & (point.why == reason)).sum()),
            }
            for reason in point.reasons()
        ),
    ]
    for scale, size in ((EVALUATED, evaluated), (ALL, eligible)):
        low, high = exact_limits(responders, size, context.confidence)
        share = responders / size if size else None
        same = {"measure": "response", "scale": scale, "at_risk": size, "events": responders}
        limits = {"low": low, "high": high, "confidence": context.confidence}
        records.append({**same, "estimate": share, **limits})
    return records


def _tests(context: Context, point: Judged, patients: Patients) -> list[CategoryTest]:
    """Fisher's exact test of those evaluated; for ordered groups also the test for trend."""
    if patients.grouping is None:
        return []
    masks = [mask & point.evaluated for level, mask in patients.parts() if level is not None]
    totals = [int(mask.sum()) for mask in masks]
    numbers = [int((mask & point.responded).sum()) for mask in masks]
    filled = [(number, total) for number, total in zip(numbers, totals, strict=True) if total]
    if len(filled) < 2 or not 0 < sum(numbers) < sum(totals):
        return []
    table = np.array(
        [[number for number, _ in filled], [total - number for number, total in filled]], dtype=float
    )
    found = [fisher_exact(table, seed=context.seed)]
    trend = trend_of_shares(numbers, totals) if patients.grouping.ordered and len(filled) > 2 else None
    return found if trend is None else [*found, trend]


def _facts(judged: Sequence[Judged], patients: Patients) -> dict[str, Fact]:
    return {
        **patients.facts(),
        "points": tuple(
            {
                "name": point.label,
                "reasons": tuple(
                    {"name": each, "label": each if each in point.levels else reason_words(each)}
                    for each in point.reasons()
                ),
            }
            for point in judged
        ),
    }


def _findings(
    context: Context, options: ResponseOptions, judged: Sequence[Judged], total: int
) -> list[Statement]:
    """Points at which often nobody looked, and those of which it cannot be told why."""
    found: list[Statement] = []
    missing = {each.label: int((~each.evaluated & (each.why == NOT_RECORDED)).sum()) for each in judged}
    found += much_missing(list(missing.items()), total)
    untold: tuple[Fact, ...] = tuple(
        each.label
        for each, point in zip(judged, options.points, strict=True)
        if missing[each.label]
        and (options.endpoint is None or due_day(context.cohort, point.column, point.due) is None)
    )
    if untold:
        facts: dict[str, Fact] = {"points": untold, "endpoint": options.endpoint is not None}
        found.append(Statement("reasons_not_told", facts))
    return found


def _methods(tests: Sequence[CategoryTest]) -> tuple[Statement, ...]:
    said = [Statement("response_method", {"references": ("clopper1934",)})]
    names = tuple(dict.fromkeys(test.name for test in tests))
    if names:
        trend = any(name.startswith("Cochran") for name in names)
        references = ("freeman1951", *(("armitage1955",) if trend else ()))
        said.append(Statement("response_tests", {"tests": names, "references": references}))
    return tuple(said)


KIND = Kind(
    name="response",
    title="Response",
    summary="Responders at each time point with exact limits, of those evaluated and of all, and why "
    "others were not evaluated.",
    options=ResponseOptions,
    check=check,
    run=run,
    outputs=("response",),
)
