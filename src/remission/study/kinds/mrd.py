"""`kind = "mrd"`: minimal residual disease by time point, how it moves, and by when it cleared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from remission.cohort.outcome import Outcome
from remission.study.kind import Context, Kind
from remission.study.kinds.choosing import grouped_patients
from remission.study.kinds.describing import Patients, much_missing
from remission.study.kinds.mrd_checks import check
from remission.study.kinds.mrd_kinetics import changes, clearance
from remission.study.kinds.mrd_options import MrdOptions, cleared_below, points_of, thresholds_of
from remission.study.kinds.mrd_samples import Mask, Samples, samples_of
from remission.study.kinds.not_evaluated import NOT_RECORDED, reason_words
from remission.study.kinds.proportions import exact_limits
from remission.study.kinds.rows import Record, rows_from
from remission.study.results import Analysis, Fact, Output, Statement

NEGATIVE, BELOW = "negative", "below limit"


@dataclass(frozen=True, slots=True)
class MrdClass:
    """A class of values: from `low` to below `high`, as fractions; the first two have names of their own."""

    name: str
    low: float | None = None
    high: float | None = None

    def holds(self, samples: Samples) -> Mask:
        """Who is in it."""
        if self.name == NEGATIVE:
            return samples.negative
        if self.name == BELOW:
            return samples.below & ~samples.negative
        under = np.ones(len(samples.value), dtype=bool) if self.high is None else samples.under(self.high)
        return under & (samples.measured & ~samples.below if self.low is None else samples.at_least(self.low))


def run(context: Context, options: MrdOptions, name: str) -> Analysis:
    """Describe every time point, then what lies between them; unknown is never negative."""
    cohort, title = context.cohort, options.title or KIND.title
    patients, findings = grouped_patients(context, options.by, options.where)
    if patients is None:
        return Analysis(name, KIND.name, title, (), tuple(findings))
    outcome, points = context.outcomes[options.endpoint], points_of(cohort, options)
    samples = [samples_of(cohort, outcome, point, patients.rows) for point in points]
    thresholds, share = thresholds_of(options), cleared_below(options, points)
    classes = classes_of(samples, thresholds)
    facts = {**_facts(samples, patients), "endpoint": outcome.endpoint, "endpoint_label": outcome.label}
    facts |= {"thresholds": thresholds, "cleared_below": share, "unit": cohort.clock.unit}
    records = [
        {"term": each.point.label, "group": group, **record}
        for each in samples
        for group, mask in patients.parts()
        for record in _point(context, each, classes, thresholds, mask)
    ]
    told = {
        **facts,
        "classes": tuple({"name": each.name, "low": each.low, "high": each.high} for each in classes),
    }
    outputs = [Output("mrd", rows_from(records, analysis=name), told)]
    if len(points) > 1:
        moved = rows_from(changes(samples, share, patients), analysis=name)
        outputs.append(Output("mrd_change", moved, facts))
        outputs += _cleared(context, outcome, samples, patients, share, facts, name)
    findings += _findings(samples, share, outcome, patients)
    if options.title is None and patients.grouping is not None:
        title = f"{title} by {patients.grouping.label}"
    return Analysis(
        name, KIND.name, title, tuple(outputs), tuple(findings), _methods(context, samples, share)
    )


def _cleared(
    context: Context,
    outcome: Outcome,
    samples: Sequence[Samples],
    patients: Patients,
    share: float,
    facts: Mapping[str, Fact],
    name: str,
) -> list[Output]:
    """Show by when patients of the endpoint had cleared; its denominators are theirs."""
    inside = np.isin(patients.rows, outcome.rows)
    records, causes = clearance(context, samples, share, patients, inside)
    if not records:
        return []
    sizes = {group: int((mask & inside).sum()) for group, mask in patients.parts() if group is not None}
    told: dict[str, Fact] = {**facts, "causes": causes, "sizes": sizes, "total": int(inside.sum())}
    return [Output("mrd_clearance", rows_from(records, analysis=name, endpoint=outcome.endpoint), told)]


def classes_of(samples: Sequence[Samples], thresholds: Sequence[float]) -> tuple[MrdClass, ...]:
    """Classes of the table: negative; positive below the limit, if anybody is; then between thresholds."""
    found = [MrdClass(NEGATIVE)]
    if any((each.below & ~each.negative).any() for each in samples):
        found.append(MrdClass(BELOW))
    limits = {each.point.limit for each in samples}
    edges = list(thresholds)
    if min(limits) < thresholds[0]:
        same = min(limits) if len(limits) == 1 else None
        found.append(MrdClass("limit to first threshold", same, thresholds[0]))
    found += [MrdClass(f"{low:g} to {high:g}", low, high) for low, high in pairwise(edges)]
    return (*found, MrdClass(f"from {edges[-1]:g}", edges[-1], None))


def _point(
    context: Context, samples: Samples, classes: Sequence[MrdClass], thresholds: Sequence[float], mask: Mask
) -> list[Record]:
    """Everything of one point in one group."""
    here = samples.measured & mask
    size = int(here.sum())
    records: list[Record] = [
        {"measure": "eligible", "estimate": int(mask.sum())},
        {"measure": "measured", "estimate": size},
        *(
            {
                "measure": "not measured",
                "level": reason,
                "estimate": int((mask & (samples.why == reason)).sum()),
            }
            for reason in samples.reasons()
        ),
    ]
    days = samples.day[here & ~np.isnan(samples.day)]
    if len(days):
        cuts = {"estimate": float(np.median(days)), "low": float(days.min()), "high": float(days.max())}
        records.append({"measure": "day of sample", "at_risk": len(days), **cuts})
    for each in classes:
        number = int((each.holds(samples) & here).sum())
        share = number / size if size else None
        records.append(
            {"measure": "class", "level": each.name, "estimate": share, "events": number, "at_risk": size}
        )
    for threshold in thresholds:
        number = int((samples.at_least(threshold) & here).sum())
        low, high = exact_limits(number, size, context.confidence)
        same = {"measure": "at or above", "level": f"{threshold:g}", "events": number, "at_risk": size}
        limits = {"low": low, "high": high, "confidence": context.confidence}
        records.append({**same, "estimate": number / size if size else None, **limits})
    return [*records, *_middle(samples, here)]


def _middle(samples: Samples, here: Mask) -> list[Record]:
    """Median and quartiles: the smallest value with at least that share of patients at or below it.

    `censored` is 1 where it lies below the quantification limit, which is then the `estimate`.
    """
    if not here.any():
        return []
    limit = samples.point.limit
    values = np.where(samples.below[here], 0.0, samples.value[here])
    records: list[Record] = []
    for measure, cut in (("median", 0.5), ("q1", 0.25), ("q3", 0.75), ("max", 1.0)):
        value = float(np.quantile(values, cut, method="inverted_cdf"))
        below = value == 0
        records.append({"measure": measure, "estimate": limit if below else value, "censored": int(below)})
    return records


def _facts(samples: Sequence[Samples], patients: Patients) -> dict[str, Fact]:
    return {
        **patients.facts(),
        "points": tuple(
            {
                "name": each.point.label,
                "due": each.point.due,
                "limit": each.point.limit,
                "method": each.point.method,
                "reasons": tuple({"name": why, "label": reason_words(why)} for why in each.reasons()),
            }
            for each in samples
        ),
    }


def _findings(
    samples: Sequence[Samples], share: float, outcome: Outcome, patients: Patients
) -> list[Statement]:
    """Samples after events, points often not measured, and what the time of clearance cannot say."""
    found: list[Statement] = []
    total, outside = len(patients.rows), int((~np.isin(patients.rows, outcome.rows)).sum())
    late: tuple[Fact, ...] = tuple(
        {"point": each.point.label, "n": each.after_event} for each in samples if each.after_event
    )
    if late:
        found.append(Statement("mrd_after_event", {"points": late}, "warning"))
    missing = {each.point.label: int((each.why == NOT_RECORDED).sum()) for each in samples}
    found += much_missing(list(missing.items()), total)
    if outside and len(samples) > 1:
        found.append(Statement("mrd_without_endpoint", {"n": outside, "total": total}))
    if total and len(samples) > 1:
        facts: dict[str, Fact] = {"below": share}
        found.append(Statement("mrd_clearance_interval", facts))
    return found


def _methods(context: Context, samples: Sequence[Samples], share: float) -> tuple[Statement, ...]:
    methods = tuple(dict.fromkeys(each.point.method for each in samples if each.point.method))
    limits = tuple(sorted({each.point.limit for each in samples}))
    facts: dict[str, Fact] = {"methods": methods, "limits": limits, "references": ("clopper1934",)}
    said = [Statement("mrd_method", facts)]
    if len(samples) > 1:
        about: dict[str, Fact] = {"below": share, "confidence": context.confidence}
        said.append(Statement("mrd_clearance_method", {**about, "references": ("aalenjohansen1978",)}))
        said.append(Statement("mrd_fall_method", {}))
    return tuple(said)


KIND = Kind(
    name="mrd",
    title="Minimal residual disease",
    summary="MRD by time point in classes with denominators, how many cleared between points, how far it "
    "fell, and the cumulative share cleared with events competing.",
    options=MrdOptions,
    check=check,
    run=run,
    outputs=("mrd", "mrd_change", "mrd_clearance"),
)
