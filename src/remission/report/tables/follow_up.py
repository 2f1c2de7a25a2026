"""How long the patients were watched."""

from __future__ import annotations

from typing import Any

import polars as pl

from remission.report.document import Row, Table
from remission.report.figures.data import group_order, interval_name, of_group, unit_of
from remission.report.format import ABSENT, NOT_REACHED, fixed, time_number
from remission.report.section import Section, captioned, group_name
from remission.report.tables.medians import median_limits


def tables(section: Section) -> tuple[Table, ...]:
    """One row per group."""
    found = []
    for output in section.named("follow_up"):
        unit = unit_of(output.rows, output.facts)
        together = f"({interval_name(output.rows)})".replace(" ", "\N{NO-BREAK SPACE}")
        median = f"Median follow-up, {unit} {together}"
        heads = ("", median, "Quartiles", "Range among survivors", "Completeness, %")
        order = group_order(output.rows, output.facts)
        rows = tuple(Row(_cells(of_group(output.rows, group), group, unit)) for group in order)
        found.append(
            Table.plain(
                name=f"{section.stem}-follow-up",
                caption=captioned("Follow-up", [output]),
                heads=heads,
                rows=rows,
                notes=(
                    "Median by the reverse Kaplan–Meier method: death censors follow-up.",
                    "Completeness: observed share of the follow-up that was possible.",
                ),
            )
        )
    return tuple(found)


def _cells(part: pl.DataFrame, group: str | None, unit: str) -> tuple[str, ...]:
    values: dict[str, dict[str, Any]] = {row["measure"]: row for row in part.iter_rows(named=True)}

    def value(measure: str) -> float | None:
        answer = values.get(measure, {}).get("estimate")
        return None if answer is None else float(answer)

    def span(low: str, high: str) -> str:
        ends = (value(low), value(high))
        return "–".join(time_number(end, unit) for end in ends) if None not in ends else ABSENT

    share = value("completeness")
    return (
        group_name(group),
        _median(values.get("median follow-up", {}), unit),
        span("q1", "q3"),
        span("min", "max"),
        fixed(None if share is None else 100 * share, 1),
    )


def _median(row: dict[str, Any], unit: str) -> str:
    if row.get("estimate") is None:
        return NOT_REACHED
    known = row.get("low") is not None or row.get("high") is not None
    ends = f" ({median_limits(row.get('low'), row.get('high'), unit)})" if known else ""
    return f"{time_number(row['estimate'], unit)}{ends}"
