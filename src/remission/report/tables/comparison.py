"""Tables of comparisons: tests with observed and expected events, pairs of groups, differences at a time."""

from __future__ import annotations

from typing import Any

import polars as pl

from remission.report.document import HeaderCell, Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, limits, p_value, sentence_case
from remission.report.section import Section, captioned, heading_of, text_fact

TEST_NAMES = {
    "log-rank": "Log-rank test",
    "gray": "Gray’s test",
    "log-rank trend": "Log-rank test for trend",
    "permutation log-rank": "Permutation log-rank test",
}
ADJUSTMENTS = {
    "holm": "Holm",
    "bh": "Benjamini–Hochberg",
    "benjamini-hochberg": "Benjamini–Hochberg",
    "fdr": "Benjamini–Hochberg",
    "bonferroni": "Bonferroni",
    "none": "none",
}


def test_name(measure: str) -> str:
    """Name a test as a table prints it.

    Examples
    --------
    >>> test_name("log-rank"), test_name("Gray")
    ('Log-rank test', 'Gray’s test')
    """
    return TEST_NAMES.get(measure.lower(), sentence_case(measure))


def adjustment_name(adjust: str) -> str:
    """Name a multiplicity adjustment."""
    return ADJUSTMENTS.get(adjust.lower(), sentence_case(adjust))


def tests(section: Section) -> tuple[Table, ...]:
    """One table for all tests of the section: groups with observed and expected events, then the test."""
    outputs = [output for output in section.named("test") if output.rows.height]
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), *[""] * 6), "variable"))
        rows += _test_rows(output.rows, "level" if len(outputs) > 1 else "plain")
    heads = ("", "Patients", "Events", "Expected", "Statistic", "df", "P")
    return (
        Table(
            name=f"{section.stem}-test",
            caption=captioned("Comparison of groups", outputs),
            header=(tuple(HeaderCell(head) for head in heads),),
            rows=tuple(rows),
            align=("left", *["right"] * 6),  # type: ignore[arg-type]
            notes=("Expected: events expected if the groups did not differ. df: degrees of freedom.",),
        ),
    )


def _test_rows(rows: pl.DataFrame, kind: Any) -> list[Row]:
    found = []
    for row in rows.filter(pl.col("group").is_not_null()).iter_rows(named=True):
        counts = (count(row["at_risk"]), count(row["events"]), fixed(row["estimate"], 1))
        found.append(Row((row["group"], *counts, "", "", ""), kind))
    for row in rows.filter(pl.col("group").is_null()).iter_rows(named=True):
        numbers = (fixed(row["statistic"], 2), count(row["df"]), p_value(row["p"]))
        found.append(Row((test_name(str(row["measure"])), "", "", "", *numbers), "total"))
    return found


def pairs(section: Section) -> tuple[Table, ...]:
    """One table for all pairwise tests of the section."""
    outputs = [output for output in section.named("pairwise") if output.rows.height]
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), "", "", "", ""), "variable"))
        for row in output.rows.iter_rows(named=True):
            numbers = (
                fixed(row["statistic"], 2),
                count(row["df"]),
                p_value(row["p"]),
                p_value(row["p_adjusted"]),
            )
            pair = f"{row['group']} against {row['versus']}"
            rows.append(Row((pair, *numbers), "level" if len(outputs) > 1 else "plain"))
    adjust = adjustment_name(text_fact(outputs[0].facts, "adjust") or "none")
    heads = ("Groups", "Statistic", "df", "P", f"P, adjusted ({adjust})")
    return (
        Table(
            name=f"{section.stem}-pairwise",
            caption=captioned("Pairwise comparisons", outputs),
            header=(tuple(HeaderCell(head) for head in heads),),
            rows=tuple(rows),
            align=("left", "right", "right", "right", "right"),
            notes=("Read the adjusted P: each pair is one of several looked at.",),
        ),
    )


def differences(section: Section) -> tuple[Table, ...]:
    """One table for all differences of the section, in percentage points."""
    outputs = [output for output in section.named("difference") if output.rows.height]
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
        Table(
            name=f"{section.stem}-difference",
            caption=captioned("Differences between groups", outputs),
            header=(tuple(HeaderCell(head) for head in heads),),
            rows=tuple(rows),
            align=("left", "left", "right", "right", "right"),
            notes=("An interval that holds differences that matter does not show that groups are alike.",),
        ),
    )


def _points(row: dict[str, Any]) -> tuple[str, str]:
    if row["estimate"] is None:
        return "not estimable", ABSENT
    return fixed(100 * row["estimate"], 1), limits(row["low"], row["high"]) or ABSENT
