"""Scores over drugs, counted: how many patients have each value and are in each group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from remission.response.classes import Classified
from remission.response.scores import drug_score, pva_score
from remission.study.kinds.drug_response_options import NEEDED, ScoreName, drug_names
from remission.study.kinds.rows import Record

OPEN = "open"
LABELS: Mapping[ScoreName, str] = {"pva": "PVA score", "four drugs": "Score of four drugs"}
PVA_GROUPS = ("sensitive", "intermediate", "resistant")


def wanted_scores(drugs: Sequence[str], said: Sequence[ScoreName] | None) -> tuple[ScoreName, ...]:
    """Scores to count: those named, else all whose drugs were tested."""
    if said is not None:
        return tuple(said)
    names = drug_names(drugs)
    return tuple(score for score, needed in NEEDED.items() if set(needed) <= set(names))


def score_records(classified: Classified, drugs: Sequence[str], score: ScoreName) -> list[Record]:
    """Count patients by value ("open" where a class is not known) and, for the PVA score, by group."""
    names = drug_names(drugs)
    if score == "pva":
        frame = pva_score(classified, {drug: names[drug] for drug in NEEDED["pva"]}).frame
    else:
        frame = drug_score(classified, [names[drug] for drug in NEEDED[score]])
    same = {"term": LABELS[score], "at_risk": frame.height}
    number = len(NEEDED[score])
    records: list[Record] = [
        {**same, "measure": "value", "level": str(value), "estimate": int((frame["value"] == value).sum())}
        for value in range(number, 3 * number + 1)
    ]
    records.append({**same, "measure": "value", "level": OPEN, "estimate": frame["value"].null_count()})
    if score == "pva":
        groups = frame["group"]
        records += [
            {**same, "measure": "group", "level": group, "estimate": int((groups == group).sum())}
            for group in PVA_GROUPS
        ]
        records.append({**same, "measure": "group", "level": OPEN, "estimate": groups.null_count()})
    return records


def of_patients(classified: Classified, drugs: Sequence[str], patients: Sequence[str]) -> Classified:
    """Only these drugs and patients."""
    kept = pl.col("drug").is_in(list(drugs)) & pl.col("patient").is_in(list(patients))
    return Classified(classified.frame.filter(kept), classified.notes, classified.mark)
