"""How large differences are: at named times in percentage points, and between restricted means."""

from __future__ import annotations

from typing import Any

from remission.report.document import Row, Table
from remission.report.figures.data import interval_name, unit_of
from remission.report.format import ABSENT, fixed, limits, p_value
from remission.report.section import Section, captioned, group_name, heading_of, text_fact

NOT_ALIKE = "An interval that holds differences that matter does not show that groups are alike."


def at_times(section: Section) -> tuple[Table, ...]:
    """One table for all differences of the section, in percentage points."""
    outputs = section.named("difference")
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), "", "", "", ""), "variable"))
        for row in output.rows.iter_rows(named=True):
            name = f"{row['group']} minus {row['versus']}"
            cells = (name, str(row["level"] or ABSENT), *_points(row), p_value(row["p"]))
            rows.append(Row(cells, "level" if len(outputs) > 1 else "plain"))
    heads = ("Groups", "Time", "Difference, percentage points", interval_name(outputs[0].rows), "P")
    return (
        Table.plain(
            name=f"{section.stem}-difference",
            caption=captioned("Differences between groups", outputs),
            heads=heads,
            rows=rows,
            left=2,
            notes=(NOT_ALIKE,),
        ),
    )


def _points(row: dict[str, Any]) -> tuple[str, str]:
    if row["estimate"] is None:
        return "not estimable", ABSENT
    return fixed(100 * row["estimate"], 1), limits(row["low"], row["high"]) or ABSENT


def restricted_means(section: Section) -> tuple[Table, ...]:
    """Mean times up to a limit, of every group, then their differences."""
    outputs = section.named("restricted_means")
    if not outputs:
        return ()
    unit = unit_of(outputs[0].rows, outputs[0].facts)
    rows: list[Row] = []
    for output in outputs:
        until = text_fact(output.facts, "until")
        rows.append(Row((f"{heading_of(output)}, up to {until}", "", "", ""), "variable"))
        for row in output.rows.iter_rows(named=True):
            name = group_name(row["group"])
            name = f"{name} minus {row['versus']}" if row["versus"] else name
            ends = limits(row["low"], row["high"], scale=1, decimals=2) or ABSENT
            p = p_value(row["p"]) if row["versus"] else ""
            rows.append(Row((name, fixed(row["estimate"], 2), ends, p), "level"))
    heads = ("", f"Mean, {unit}", interval_name(outputs[0].rows), "P")
    return (
        Table.plain(
            name=f"{section.stem}-restricted-means",
            caption=captioned("Restricted mean times", outputs),
            heads=heads,
            rows=rows,
            notes=("Mean time without the event up to the limit: the area under the curve.",),
        ),
    )
