"""What the patients died of."""

from __future__ import annotations

import polars as pl

from remission.report.document import HeaderCell, Row, Table
from remission.report.figures.data import of_group
from remission.report.format import ABSENT, count, fixed
from remission.report.section import Section, captioned, text_fact
from remission.study.results import Output


def tables(section: Section) -> tuple[Table, ...]:
    """One row per cause, one column per group."""
    return tuple(_table(output, section) for output in section.named("causes_of_death"))


def _table(output: Output, section: Section) -> Table:
    named = [str(group) for group in output.facts.get("groups") or ()]  # type: ignore[union-attr]
    present = output.rows["group"].unique(maintain_order=True).to_list()
    groups: list[str | None] = [group for group in named if group in present]
    groups += [None] if None in present else []
    levels = [
        level for level in output.rows["level"].unique(maintain_order=True).to_list() if level is not None
    ]
    rows = [
        Row((level, *[_cell(of_group(output.rows, group), level) for group in groups])) for level in levels
    ]
    heads = ["All deaths" if group is None else group for group in groups]
    label = text_fact(output.facts, "label") or "Cause of death"
    return Table(
        name=section.stem,
        caption=captioned(label, [output]),
        header=((HeaderCell(label), *[HeaderCell(f"{head}, n (%)") for head in heads]),),
        rows=tuple(rows),
        align=("left", *["right"] * len(groups)),  # type: ignore[arg-type]
        notes=("Percentages are of the deaths in the column.",),
    )


def _cell(part: pl.DataFrame, level: str) -> str:
    here = part.filter(pl.col("level") == level)
    values = {row["measure"]: row["estimate"] for row in here.iter_rows(named=True)}
    if values.get("count") is None:
        return ABSENT
    share = values.get("percent")
    return count(values["count"]) + ("" if share is None else f" ({fixed(share, 1)})")
