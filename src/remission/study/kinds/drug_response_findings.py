"""What to know about drug response before believing a number, and how it was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from remission.response.classes import Classified
from remission.study.kinds.drug_response_options import ScoreName
from remission.study.kinds.drug_response_scores import OPEN
from remission.study.results import Fact, Output, Statement

FEW_PAIRS = 20
HALF = 0.5


def response_findings(lc50: Output, classes: Classified) -> list[Statement]:
    """Cells are no patients; where the cut-offs are from; what is beyond the doses; who has no class."""
    found = [Statement("cells_are_not_patients", {}, "warning"), _cutoffs(lc50, classes)]
    values = {(row["term"], row["measure"], row["level"]): row for row in lc50.rows.iter_rows(named=True)}
    beyond: list[Fact] = []
    unknown: list[Fact] = []
    for drug in lc50.rows["term"].unique(maintain_order=True).to_list():
        counts = {
            name: int(values[drug, name, None]["estimate"])
            for name in ("bracketed", "left", "right", "failed")
        }
        outside, known = counts["left"] + counts["right"], sum(counts.values()) - counts["failed"]
        if known and outside > HALF * known:
            beyond.append({"drug": drug, "n": outside, "total": known})
        without = int(values[drug, "class", "unknown"]["estimate"])
        if without or counts["failed"]:
            unknown.append({"drug": drug, "n": without, "failed": counts["failed"]})
    if beyond:
        found.append(Statement("lc50_beyond_doses", {"drugs": tuple(beyond)}, "warning"))
    if unknown:
        found.append(Statement("lc50_without_class", {"drugs": tuple(unknown)}))
    return found


def _cutoffs(lc50: Output, classes: Classified) -> Statement:
    facts: dict[str, Fact] = {"method": lc50.facts["method"], "mark": classes.mark}
    severe = classes.mark in ("", "memory", "unsure")
    return Statement("lc50_cutoffs", facts, "warning" if severe else "note")


def score_findings(scores: Output) -> list[Statement]:
    """Patients whose score is open."""
    rows = scores.rows.filter((pl.col("measure") == "value") & (pl.col("level") == OPEN))
    left: tuple[Fact, ...] = tuple(
        {"score": row["term"], "n": int(row["estimate"]), "total": int(row["at_risk"])}
        for row in rows.iter_rows(named=True)
        if row["estimate"]
    )
    return [Statement("drug_scores_open", {"scores": left})] if left else []


def cross_findings(cross: Output) -> list[Statement]:
    """Pairs of drugs with few patients."""
    few: tuple[Fact, ...] = tuple(
        {"pair": f"{row['term']} and {row['versus']}", "n": int(row["at_risk"])}
        for row in cross.rows.iter_rows(named=True)
        if row["at_risk"] < FEW_PAIRS
    )
    return [Statement("cross_resistance_few", {"pairs": few, "below": FEW_PAIRS}, "warning")] if few else []


def comparison_findings(output: Output, small: Mapping[str, int], below: int) -> list[Statement]:
    """Small groups, and drugs that could not be compared."""
    label = output.facts["by_label"]
    found: list[Statement] = []
    if small:
        listed: tuple[Fact, ...] = tuple({"group": group, "n": n} for group, n in small.items())
        facts: dict[str, Fact] = {"by_label": label, "groups": listed, "below": below}
        found.append(Statement("lc50_small_groups", facts, "warning"))
    tests = output.rows.filter(pl.col("measure") == "test")
    done = set(tests["term"])
    absent = tuple(drug for drug in output.rows["term"].unique(maintain_order=True) if drug not in done)
    if absent:
        found.append(Statement("lc50_not_compared", {"by_label": label, "drugs": absent}))
    return found


def response_methods(
    outputs: Sequence[Output],
    classes: Classified,
    scores: Sequence[ScoreName],
    correlation: str,
    confidence: float,
) -> tuple[Statement, ...]:
    """How it was computed, with references."""
    method = str(outputs[0].facts["method"])
    found = [Statement("lc50_method", {"method": method, "references": ("pieters1990",)})]
    names = {output.name for output in outputs}
    if scores:
        facts: dict[str, Fact] = {"scores": tuple(scores), "references": ("kaspers1997", "denboer2003")}
        found.append(Statement("drug_scores_method", facts))
    if "cross_resistance" in names:
        reference = ("brown1974",) if correlation == "kendall" else ()
        facts = {"statistic": correlation, "confidence": confidence, "references": reference}
        found.append(Statement("cross_resistance_method", facts))
    for output in outputs:
        if output.name == "lc50_by_group" and (output.rows["measure"] == "test").any():
            facts = {
                "permutation": output.facts["permutation"],
                "references": ("gehan1965", "mantel1967", "breslow1970"),
            }
            found.append(Statement("lc50_test_method", facts))
    return tuple(found)
