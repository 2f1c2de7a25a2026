"""`kind = "drug_response"`: LC50 by drug, classes, scores, cross-resistance, and groups compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from remission.core.adjust import adjusted
from remission.response.classes import Classified
from remission.response.comparison import IntervalTest, compare_intervals
from remission.response.crossresistance import cross_resistance
from remission.response.intervals import from_rows
from remission.study.kind import Context, Kind
from remission.study.kinds.choosing import chosen_patients, nobody
from remission.study.kinds.drug_response_findings import (
    comparison_findings,
    cross_findings,
    response_findings,
    response_methods,
    score_findings,
)
from remission.study.kinds.drug_response_options import DrugResponseOptions, check
from remission.study.kinds.drug_response_rows import bar_records, drug_facts, drug_records, quantile_records
from remission.study.kinds.drug_response_scores import LABELS, of_patients, score_records, wanted_scores
from remission.study.kinds.grouping import Grouping, grouping
from remission.study.kinds.rows import Record, rows_from
from remission.study.kinds.withheld import known_at_baseline, withheld_description
from remission.study.results import Analysis, Fact, Output, Statement

SMALL = 10


def run(context: Context, options: DrugResponseOptions, name: str) -> Analysis:
    """Describe every drug in the chosen patients; groups known only after time zero are withheld."""
    laboratory = context.laboratory
    if laboratory is None or laboratory.lc50 is None or laboratory.classes is None:
        raise AssertionError("checked before")
    drugs = options.drugs or laboratory.drugs
    title = options.title or _title(context, options)
    chosen = chosen_patients(context, options.where)
    findings = list(chosen.findings)
    rows = laboratory.lc50.filter(pl.col("drug").is_in(list(drugs)) & pl.col("patient").is_in(chosen.ids))
    classes = of_patients(laboratory.classes, drugs, chosen.ids)
    tested = [drug for drug in drugs if (rows["drug"] == drug).any()]
    if not tested:
        if not chosen.refused:
            findings.append(nobody())
        return Analysis(name, KIND.name, title, (), tuple(findings))
    outputs = _described(name, tested, rows, classes, chosen.ids)
    findings += response_findings(outputs[0], classes)
    scores = wanted_scores(tested, options.scores)
    if scores:
        records = [record for score in scores for record in score_records(classes, tested, score)]
        facts: dict[str, Fact] = {"scores": tuple(LABELS[score] for score in scores)}
        outputs.append(Output("drug_scores", rows_from(records, analysis=name), facts))
        findings += score_findings(outputs[-1])
    if options.cross and len(tested) > 1:
        outputs.append(_crossed(context, options, name, tested, rows))
        findings += cross_findings(outputs[-1])
    compared, said = _groups(context, options, name, tested, rows, chosen.rows)
    outputs += compared
    findings += said
    methods = response_methods(outputs, classes, scores, options.correlation, context.confidence)
    return Analysis(name, KIND.name, title, tuple(outputs), tuple(findings), methods)


def _title(context: Context, options: DrugResponseOptions) -> str:
    return f"{KIND.title} by {context.cohort.column(options.by).title}" if options.by else KIND.title


def _described(
    name: str, drugs: Sequence[str], rows: pl.DataFrame, classes: Classified, patients: Sequence[str]
) -> list[Output]:
    """Counts and quartiles of all patients, and the bars of the figure."""
    records: list[Record] = []
    bars: list[Record] = []
    told: list[Fact] = []
    for drug in drugs:
        mine = rows.filter(pl.col("drug") == drug)
        called = classes.frame.filter(pl.col("drug") == drug)
        records += drug_records(drug, mine, called, patients)
        bars += bar_records(drug, mine)
        told.append(drug_facts(drug, mine, called))
    method = classes.frame["method"].unique(maintain_order=True).to_list()
    facts: dict[str, Fact] = {
        "drugs": tuple(told),
        "total": len(patients),
        "method": re.sub(r" of \d+ patients$", "", str(method[0])) if method else "",
        "mark": classes.mark,
    }
    return [
        Output("lc50", rows_from(records, analysis=name), facts),
        Output("lc50_distribution", rows_from(bars, analysis=name), facts),
    ]


def _crossed(
    context: Context, options: DrugResponseOptions, name: str, drugs: Sequence[str], rows: pl.DataFrame
) -> Output:
    """Correlate every two drugs."""
    patients = rows["patient"].unique(maintain_order=True).to_list()
    known = {drug: from_rows(rows, drug, patients) for drug in drugs}
    found = cross_resistance(known, statistic=options.correlation, level=context.confidence)
    facts: dict[str, Fact] = {
        "drugs": tuple(drugs),
        "statistic": options.correlation,
        "confidence": context.confidence,
    }
    return Output("cross_resistance", found.rows().with_columns(pl.lit(name).alias("analysis")), facts)


def _groups(
    context: Context,
    options: DrugResponseOptions,
    name: str,
    drugs: Sequence[str],
    rows: pl.DataFrame,
    places: np.ndarray[Any, np.dtype[np.int64]],
) -> tuple[list[Output], list[Statement]]:
    """Compare the groups of `by`, drug by drug, unless the guard refuses."""
    by = options.by
    if by is None:
        return [], []
    if not known_at_baseline(context.cohort, by):
        return [], [withheld_description(context.cohort, by, "group")]
    groups = grouping(context.cohort, by).of(places)
    ids = context.cohort.ids().gather(places).to_list()
    records: list[Record] = []
    tests: list[tuple[str, IntervalTest | None]] = []
    units = dict(rows.select("drug", "unit").unique(maintain_order=True).rows())
    for drug in drugs:
        x = from_rows(rows, drug, ids)
        same: Record = {"term": drug, "unit": units[drug]}
        masks = [np.asarray(groups.values == level, dtype=bool) for level in groups.levels]
        for level, mask in zip(groups.levels, masks, strict=True):
            records += [{**same, "group": level, **each} for each in quantile_records(x.at(mask))]
        tests.append((drug, compare_intervals([x.at(mask) for mask in masks], seed=context.seed)))
    small = _small(records)
    records += _test_records(tests, units, permutation=bool(small))
    facts: dict[str, Fact] = {
        "by": groups.column,
        "by_label": groups.label,
        "groups": groups.levels,
        "sizes": groups.sizes,
        "drugs": tuple({"name": drug, "unit": units[drug]} for drug in drugs),
        "permutation": bool(small),
    }
    output = Output("lc50_by_group", rows_from(records, analysis=name), facts)
    return [output], [*_about(groups), *comparison_findings(output, small, SMALL)]


def _about(groups: Grouping) -> list[Statement]:
    """Those of no group, and empty groups, as part of what concerns this column."""
    return [
        Statement(each.name, {**each.facts, "by_label": groups.label}, each.severity)
        for each in groups.findings()
    ]


def _small(records: Sequence[Record]) -> dict[str, int]:
    """Groups of fewer than ten patients with some drug, the fewest of each; without anybody, in no test."""
    found: dict[str, int] = {}
    for each in records:
        group, n = str(each["group"]), int(each["at_risk"])
        if 0 < n < SMALL:
            found[group] = min(n, found.get(group, n))
    return found


def _test_records(
    tests: Sequence[tuple[str, IntervalTest | None]], units: dict[str, str], *, permutation: bool
) -> list[Record]:
    """One row per drug that could be tested, adjusted over the drugs (Holm)."""
    done = [(drug, test) for drug, test in tests if test is not None]
    p = [test.p_permutation if permutation else test.p for _, test in done]
    if not p:
        return []
    holm = adjusted(p, "holm")
    return [
        {
            "term": drug,
            "unit": units[drug],
            "measure": "test",
            "scale": "permutation" if permutation else "chi-squared",
            "statistic": test.statistic,
            "df": test.df,
            "p": value,
            "p_adjusted": float(other),
            "at_risk": test.n,
        }
        for (drug, test), value, other in zip(done, p, holm, strict=True)
    ]


KIND = Kind(
    name="drug_response",
    title="Drug response of cells",
    summary="LC50 of each drug with what lies beyond the tested doses, classes, scores over drugs, "
    "cross-resistance, and groups compared.",
    options=DrugResponseOptions,
    check=check,
    run=run,
    outputs=("lc50", "lc50_distribution", "drug_scores", "cross_resistance", "lc50_by_group"),
)
