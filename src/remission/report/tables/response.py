"""Tables of drug response: LC50 by drug, classes, every patient and drug."""

from __future__ import annotations

from statistics import median

import polars as pl

from remission.core.digits import significant
from remission.report.document import Align, HeaderCell, Row, Table
from remission.report.format import ABSENT, count

ROWS_SHOWN = 200


def drug_table(every: pl.DataFrame) -> Table:
    """LC50 by drug: known, beyond the tested doses, not used."""
    rows = []
    for drug in every["drug"].unique(maintain_order=True).to_list():
        part = every.filter(pl.col("drug") == drug)
        counted: dict[str, int] = dict(part["censoring"].value_counts().rows())
        ends = part.select(pl.col("lowest_dose").min(), pl.col("highest_dose").max()).row(0)
        tested = f"{significant(ends[0])}–{significant(ends[1])}" if ends[0] is not None else ABSENT
        areas = part["auc"].drop_nulls().to_list()
        rows.append(
            Row(
                (
                    drug,
                    part["unit"][0] or ABSENT,
                    tested,
                    *(count(counted.get(name, 0)) for name in ("bracketed", "left", "right", "failed")),
                    f"{median(areas):.1f}" if areas else ABSENT,
                )
            )
        )
    heads = (
        "Drug",
        "Unit",
        "Tested doses",
        "LC50 known",
        "Below",
        "Above",
        "Not used",
        "Median area (%)",
    )
    note = (
        "Below, above: the LC50 lies beyond the tested doses. Area: mean survival over the tested log doses."
    )
    return Table.plain("lc50-by-drug", "LC50 by drug.", heads, rows, (note,), left=3)


def class_table(counts: pl.DataFrame, method: str) -> Table:
    """Patients by drug and class."""
    levels = counts["class"].unique(maintain_order=True).to_list()
    rows = [
        Row((str(drug), *(count(n) for n in part["n"].to_list())))
        for (drug,), part in counts.group_by("drug", maintain_order=True)
    ]
    heads = ("Drug", *(level.capitalize() for level in levels))
    return Table.plain("classes", f"Classes of patients: {method}.", heads, rows)


def curve_table(every: pl.DataFrame) -> Table:
    """Every patient and drug, the first two hundred."""
    rows = []
    for row in every.head(ROWS_SHOWN).iter_rows(named=True):
        between = (
            f"{significant(row['low'])}–{significant(row['high'])}"
            if row["censoring"] == "bracketed"
            else ABSENT
        )
        ic50 = ABSENT
        if row["ic50"] is not None:
            ic50 = significant(row["ic50"])
            if row["ic50_low"] is not None and row["ic50_high"] is not None:
                ic50 += f" ({significant(row['ic50_low'], 3)}–{significant(row['ic50_high'], 3)})"
        auc = ABSENT if row["auc"] is None else f"{row['auc']:.1f}"
        said = row["shown"] or "not used"
        rows.append(Row((row["patient"], row["drug"], said, between, ic50, auc, row["notes"] or "")))
    heads = (
        "Patient",
        "Drug",
        "LC50",
        "Between the doses",
        "Fitted IC50 (95% limits)",
        "Area (%)",
        "Remarks",
    )
    notes = (
        [f"The first {ROWS_SHOWN} of {count(every.height)} curves; all are in lc50.csv."]
        if every.height > ROWS_SHOWN
        else []
    )
    header = (tuple(HeaderCell(head) for head in heads),)
    align: tuple[Align, ...] = ("left", "left", "right", "right", "right", "right", "left")
    return Table("curves", "Every patient and drug.", header, tuple(rows), align, tuple(notes))
