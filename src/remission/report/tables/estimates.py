"""Survival and incidence at the named times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remission.report.document import Row, Table
from remission.report.figures.data import interval_name, label_of
from remission.report.format import ABSENT, LIMITS, STANDARD_ERROR, count, error, fixed, limits
from remission.report.section import Section, captioned, heading_of, same_question, style_of
from remission.study.results import Output


def tables(section: Section) -> tuple[Table, ...]:
    """One table for all endpoints and times of the section; those of a comparison stand in its table."""
    tested = section.named("test")
    outputs = [
        output
        for output in section.named("estimates")
        if not any(same_question(output, test) for test in tested)
    ]
    if not outputs:
        return ()
    rows: list[Row] = []
    style = style_of(outputs[0])
    heads = ("Time", "At risk", "Events", *_heads(style, interval_name(outputs[0].rows)))
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), *[""] * (len(heads) - 1)), "variable"))
        rows += _rows(output, "level" if len(outputs) > 1 else "plain", style)
    return (
        Table.plain(
            name=f"{section.stem}-estimates",
            caption=captioned("Estimates at named times", outputs),
            heads=heads,
            rows=rows,
            notes=_notes(outputs, style),
        ),
    )


def _heads(style: str, ci: str) -> tuple[str, ...]:
    """Columns of an estimate: as trial groups write it, the standard error stands behind it in brackets."""
    if style == LIMITS:
        return ("Estimate, %", "SE", ci)
    return ("Estimate, % (SE)",) if style == STANDARD_ERROR else ("Estimate, % (SE)", ci)


def _rows(output: Output, kind: Any, style: str) -> Iterator[Row]:
    """Rows of an endpoint; with groups, the group stands before the time."""
    grouped = output.rows["group"].is_not_null().any()
    for row in output.rows.iter_rows(named=True):
        name = f"{label_of(row['group'], output.facts)}, {row['level']}" if grouped else str(row["level"])
        yield Row((name, count(row["at_risk"]), count(row["events"]), *_share(row, style)), kind)


def _share(row: dict[str, Any], style: str) -> tuple[str, ...]:
    if row["estimate"] is None:
        return ("not estimable", *[ABSENT] * (len(_heads(style, "")) - 1))
    se = ABSENT if row["std_error"] is None else error(100 * row["std_error"], 1)
    estimate, ends = fixed(100 * row["estimate"], 1), limits(row["low"], row["high"]) or ABSENT
    if style == LIMITS:
        return estimate, se, ends
    together = estimate if se == ABSENT else f"{estimate} ({se})"
    return (together,) if style == STANDARD_ERROR else (together, ends)


def _notes(outputs: list[Output], style: str) -> tuple[str, ...]:
    ci = interval_name(outputs[0].rows)
    limits_said = "" if style == STANDARD_ERROR else f" {ci}: confidence interval."
    notes = [f"At risk just before the time, events up to it. SE: standard error.{limits_said}"]
    if any((row is None) for output in outputs for row in output.rows["estimate"].to_list()):
        notes.append("Not estimable: nobody was still observed at that time.")
    return tuple(notes)
