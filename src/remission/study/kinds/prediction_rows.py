"""How well signatures predict, as rows: measures, calibration, null, genes, transport."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from remission.assess.calibration import Calibration
from remission.assess.measured import Measured
from remission.assess.observed import CalibrationAt
from remission.signature.learned import Learned, Null
from remission.signature.locked import Signature
from remission.signature.stability import Stability
from remission.signature.transport import LARGE, Transport
from remission.study.kinds.prediction_judged import Beside, Judged
from remission.study.kinds.rows import Record

LEARNED, OTHER = "patients", "not judged"
OFTEN = 0.5
BARS = 25
OF_GROUPS = (
    "measure",
    "scale",
    "group",
    "statistic",
    "estimate",
    "low",
    "high",
    "confidence",
    "at_risk",
    "events",
)


def measured(found: Measured, **same: object) -> Record:
    """One measure as a record."""
    return {
        "measure": found.measure,
        "scale": found.scale,
        "estimate": found.estimate,
        "std_error": found.std_error,
        "low": found.low,
        "high": found.high,
        "confidence": found.confidence,
        "at_risk": found.n,
        "events": found.events,
        **same,
    }


def group_records(found: Calibration | CalibrationAt, **same: object) -> list[Record]:
    """The groups of a calibration as records: mean prediction (`statistic`) and what was observed."""
    groups = found.rows().filter(pl.col("group").is_not_null()).select(OF_GROUPS)
    return [{**row, "events": round(row["events"]), **same} for row in groups.iter_rows(named=True)]


def performance(found: Beside, told: Judged | None, learned: Learned | None, genes: int) -> list[Record]:
    """Patients, genes, and every measure of one signature; nothing where there is nothing to judge it by."""
    if found.untested:
        return []
    target = found.target
    term = {"term": target.name}
    records: list[Record] = []
    if target.task == "class":
        records += [
            {**term, "measure": LEARNED, "level": name, "estimate": found.size(positive=positive)}
            for name, positive in ((target.positive, True), (target.negative, False))
        ]
    else:
        numbers = {"estimate": int(found.known.sum()), "events": int(found.event[found.known].sum())}
        records.append({**term, "measure": LEARNED, **numbers})
    records += [
        {**term, "measure": OTHER, "level": name or None, "estimate": n} for name, n in found.others.items()
    ]
    records.append({**term, "measure": "genes", "estimate": genes})
    if told is None:
        return records
    p = None if learned is None or learned.null is None else learned.null.p
    records.append(measured(told.main, **term, p=p))
    if learned is not None and len(learned.by_repeat) > 1:
        ends = {"low": float(learned.by_repeat.min()), "high": float(learned.by_repeat.max())}
        repeats = len(learned.by_repeat)
        records.append({**term, "measure": "range over repeats", **ends, "at_risk": repeats})
    records += [{**term, **each} for each in _of_classes(told)]
    if learned is not None:
        records += [{**term, **each} for each in stability_records(learned.stability)]
    return records


def _of_classes(told: Judged) -> list[Record]:
    """Calls and probabilities."""
    records: list[Record] = []
    if told.classes is not None:
        c = told.classes
        records += [
            measured(c.accuracy),
            {"measure": "accuracy of calling everybody the larger class", "estimate": c.no_information},
            {"measure": "balanced accuracy", "estimate": c.balanced_accuracy},
            *[
                measured(each)
                for each in (c.sensitivity, c.specificity, c.positive_value, c.negative_value)
                if each.n
            ],
        ]
    if told.brier is not None:
        records += [measured(told.brier), {"measure": "scaled Brier score", "estimate": told.scaled}]
    if told.calibration is not None:
        records += [measured(told.calibration.intercept), measured(told.calibration.slope)]
    return records


def stability_records(found: Stability) -> list[Record]:
    """Whether other learning sets choose the same genes."""
    return [
        {"measure": "stability (Nogueira)", "estimate": found.nogueira, "at_risk": found.lists},
        {"measure": "agreement of two lists (Jaccard)", "estimate": found.jaccard, "at_risk": found.lists},
        {"measure": "genes of a list", "estimate": found.mean_size, "at_risk": found.lists},
    ]


def calibration_records(found: Beside, told: Judged) -> list[Record]:
    """Groups of equal size: mean prediction (`statistic`) and the observed share."""
    curve = told.calibration
    if curve is None:
        return []
    return group_records(curve, term=found.target.name)


def null_records(name: str, null: Null) -> list[Record]:
    """Permutations in bars of equal width, and what was observed."""
    ends = np.append(null.values, null.observed)
    low, high = float(ends.min()), float(ends.max())
    if low == high:
        low, high = low - 0.01, high + 0.01
    width = (high - low) / BARS
    counts, edges = np.histogram(null.values, bins=BARS, range=(low, high + width * 1e-9))
    records: list[Record] = [
        {"term": name, "measure": "permutations", "low": start, "high": end, "estimate": int(n)}
        for start, end, n in zip(edges.tolist(), edges[1:].tolist(), counts, strict=False)
    ]
    return [
        *records,
        {
            "term": name,
            "measure": "observed",
            "estimate": null.observed,
            "p": null.p,
            "at_risk": len(null.values),
            "level": null.measure,
        },
        {
            "term": name,
            "measure": "middle of the permutations",
            "estimate": float(np.median(null.values)),
            "low": float(np.quantile(null.values, 0.025)),
            "high": float(np.quantile(null.values, 0.975)),
        },
    ]


def gene_records(
    name: str, signature: Signature, stable: Stability | None, planted: Sequence[str] | None
) -> list[Record]:
    """Genes of the locked file, the heaviest first, then those that were chosen often without being in it.

    `estimate` is the weight per standard deviation of the gene, `statistic` the share of the lists of the
    folds that hold it, `state` whether it was planted.
    """
    score = signature.file.score
    frequency = {} if stable is None else stable.frequency
    weights = sorted(zip(score.genes, score.weights, strict=True), key=lambda pair: (-abs(pair[1]), pair[0]))
    often = [gene for gene, share in frequency.items() if share >= OFTEN and gene not in set(score.genes)]
    rows: list[tuple[str, float | None]] = [*weights, *[(gene, None) for gene in often]]
    return [
        {
            "term": name,
            "measure": "gene" if weight is not None else "often chosen, not locked",
            "level": gene,
            "estimate": weight,
            "statistic": None if stable is None else frequency.get(gene, 0.0),
            "state": None if planted is None else "planted" if gene in planted else "not planted",
        }
        for gene, weight in rows
    ]


def truth_records(
    name: str, signature: Signature, planted: Sequence[str], measured_genes: Sequence[str]
) -> list[Record]:
    """Planted genes found and missed, and locked genes that were not planted."""
    locked, sown = set(signature.genes), set(planted)
    counts = {
        "planted": len(sown),
        "planted and measured": len(sown & set(measured_genes)),
        "found": len(sown & locked),
        "missed": len(sown - locked),
        "locked": len(locked),
        "locked, not planted": len(locked - sown),
    }
    return [{"term": name, "measure": measure, "estimate": n} for measure, n in counts.items()]


def transport_records(name: str, found: Transport) -> list[Record]:
    """How like the learning patients others are."""
    shifted = int((np.abs(found.shift) > LARGE).sum())
    numbers: dict[str, float] = {
        "patients": found.n,
        "share of the weight": found.coverage_weight,
        "share of the genes": found.coverage_count,
        "shift of the genes": found.overall_shift,
        "genes shifted by more than 1 SD": shifted,
        "shift of the mean score": found.score_shift,
        "patients far from those learned on": found.far,
    }
    return [
        {"term": name, "measure": measure, "estimate": value, "at_risk": len(found.genes)}
        for measure, value in numbers.items()
    ]
