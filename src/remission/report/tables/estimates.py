"""Survival and incidence at the named times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remission.report.document import HeaderCell, Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, limits
from remission.report.section import Section, captioned, group_name, heading_of, same_question
from remission.study.results import Output


def tables(section: Section) -> tuple[Table, ...]:
    """One table for all endpoints and times of the section; those of a comparison stand in its table."""
    tested = section.named("test")
    outputs = [
        output
        for output in section.named("estimates")
        if output.rows.height and not any(same_question(output, test) for test in tested)
    ]
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), *[""] * 5), "variable"))
        rows += _rows(output, "level" if len(outputs) > 1 else "plain")
    heads = ("Time", "At risk", "Events", "Estimate, %", "SE", interval_name(outputs[0].rows))
    return (
        Table(
            name=f"{section.stem}-estimates",
            caption=captioned("Estimates at named times", outputs),
            header=(tuple(HeaderCell(head) for head in heads),),
            rows=tuple(rows),
            align=("left", "right", "right", "right", "right", "right"),
            notes=_notes(outputs),
        ),
    )


def _rows(output: Output, kind: Any) -> Iterator[Row]:
    """Rows of an endpoint; with groups, the group stands before the time."""
    grouped = output.rows["group"].is_not_null().any()
    for row in output.rows.iter_rows(named=True):
        name = f"{group_name(row['group'])}, {row['level']}" if grouped else str(row["level"])
        yield Row((name, count(row["at_risk"]), count(row["events"]), *_share(row)), kind)


def _share(row: dict[str, Any]) -> tuple[str, str, str]:
    if row["estimate"] is None:
        return "not estimable", ABSENT, ABSENT
    error = None if row["std_error"] is None else 100 * row["std_error"]
    return fixed(100 * row["estimate"], 1), fixed(error, 1), limits(row["low"], row["high"]) or ABSENT


def _notes(outputs: list[Output]) -> tuple[str, ...]:
    ci = interval_name(outputs[0].rows)
    notes = [f"At risk just before the time, events up to it. SE: standard error. {ci}: confidence interval."]
    if any((row is None) for output in outputs for row in output.rows["estimate"].to_list()):
        notes.append("Not estimable: nobody was still observed at that time.")
    return tuple(notes)
