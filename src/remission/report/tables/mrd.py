"""Minimal residual disease: each time point, what lies between two of them, and by when it had cleared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, limits, percent, plural
from remission.report.mrd_words import class_words, point_words, power
from remission.report.section import Section
from remission.report.tables.response_rates import columns_of, head_of, share_of
from remission.report.words.phrases import items
from remission.study.results import Output

MEASURED = (
    "Percentages are of those measured; not measured is never negative. Exact (Clopper–Pearson) limits."
)
Values = dict[tuple[str | None, ...], Mapping[str, Any]]
MOVES = {
    "cleared": "Cleared (at or above, then below)",
    "came back": "Came back (below, then at or above)",
    "stayed below": "Stayed below",
    "stayed at or above": "Stayed at or above",
}


def tables(section: Section) -> tuple[Table, ...]:
    """One table per output."""
    return tuple(_by_point(output, section) for output in section.named("mrd"))


def change_tables(section: Section) -> tuple[Table, ...]:
    """What happened between consecutive points."""
    return tuple(_between(output, section) for output in section.named("mrd_change"))


def clearance_tables(section: Section) -> tuple[Table, ...]:
    """By when patients had a first value below."""
    return tuple(_cleared(output, section) for output in section.named("mrd_clearance"))


def mrd_sentences(output: Output) -> list[str]:
    """Tell, at each point, the share at or above the first threshold among those measured."""
    rows = output.rows.filter(pl.col("group").is_null() & (pl.col("measure") == "at or above"))
    said = []
    for point in rows["term"].unique(maintain_order=True).to_list():
        row = rows.filter(pl.col("term") == point).row(0, named=True)
        if row["estimate"] is not None:
            ends = limits(row["low"], row["high"])
            said.append(
                f"{point}: MRD was measured in {plural(row['at_risk'], 'patient')}; in "
                f"{count(row['events'])} it was at least {power(float(row['level']))} "
                f"({percent(row['estimate'])}, {interval_name(rows)} {ends})."
            )
    return said


def _values(output: Output) -> Values:
    return {
        (row["term"], row["measure"], row["level"], row["cause"], row["group"]): row
        for row in output.rows.iter_rows(named=True)
    }


def _table(output: Output, name: str, caption: str, rows: Sequence[Row], notes: Sequence[str]) -> Table:
    heads = ["", *[head_of(output, group) for group in columns_of(output)]]
    by = output.facts.get("by_label")
    return Table.plain(
        name=name,
        caption=f"{caption}{f', by {by}' if by else ''}",
        heads=heads,
        rows=rows,
        notes=notes,
    )


def _by_point(output: Output, section: Section) -> Table:
    values, groups = _values(output), columns_of(output)
    ci = interval_name(output.rows)
    rows: list[Row] = []
    for point in items(output.facts, "points"):
        rows += _point(point, output, values, groups, ci)
    limit = sorted({float(point["limit"]) for point in items(output.facts, "points")})
    about = (
        f"Quantification limit {', '.join(power(each) for each in limit)} of cells (10⁻⁴ is 0.01%): values "
        "below are known only to be below, and no logarithm is taken of them. Medians and quartiles are "
        "the smallest value that so many patients do not exceed."
    )
    caption = "Minimal residual disease by time point"
    return _table(output, f"{section.stem}-by-point", caption, rows, (MEASURED, about))


def _point(
    point: Mapping[str, Any], output: Output, values: Values, groups: Sequence[str | None], ci: str
) -> list[Row]:
    name = str(point["name"])

    def row_of(measure: str, level: str | None, group: str | None) -> Mapping[str, Any]:
        return values.get((name, measure, level, None, group), {})

    def line(label: str, measure: str, level: str | None = None) -> Row:
        return Row(
            (label, *[count(row_of(measure, level, group).get("estimate")) for group in groups]), "level"
        )

    method = f", {point['method']}" if point.get("method") else ""
    rows = [Row((sentence_case(point_words(point)) + method, *[""] * len(groups)), "variable")]
    rows.append(line("Measured, n", "measured"))
    rows += [
        line(f"Not measured: {reason['label']}, n", "not measured", str(reason["name"]))
        for reason in point["reasons"]
        if any(row_of("not measured", reason["name"], group).get("estimate") for group in groups)
    ]
    if any(row_of("day of sample", None, group) for group in groups):
        cells = [_days(row_of("day of sample", None, group)) for group in groups]
        rows.append(Row(("Day of the sample, median (range)", *cells), "level"))
    for each in items(output.facts, "classes"):
        cells = [_share(row_of("class", str(each["name"]), group)) for group in groups]
        rows.append(Row((f"{sentence_case(class_words(each))}, n (%)", *cells), "level"))
    for threshold in output.facts["thresholds"]:  # type: ignore[union-attr]
        found = [row_of("at or above", f"{threshold:g}", group) for group in groups]
        words = f"All ≥{power(float(threshold))}, n/N, % ({ci})"  # type: ignore[arg-type]
        rows.append(Row((words, *[share_of(each or None) for each in found]), "level"))
    cells = [
        _middle(*[row_of(measure, None, group) for measure in ("median", "q1", "q3")]) for group in groups
    ]
    rows.append(Row(("Median (quartiles)", *cells), "level"))
    return rows


def _days(row: Mapping[str, Any]) -> str:
    if row.get("estimate") is None:
        return ABSENT
    return f"{fixed(row['estimate'], 0)} ({fixed(row['low'], 0)}–{fixed(row['high'], 0)})"


def _share(row: Mapping[str, Any]) -> str:
    if row.get("estimate") is None:
        return ABSENT
    return f"{count(row['events'])} ({fixed(100 * row['estimate'], 1)})"


def _value(row: Mapping[str, Any]) -> str:
    return f"{'<' if row.get('censored') else ''}{power(row.get('estimate'))}"


def _middle(median: Mapping[str, Any], low: Mapping[str, Any], high: Mapping[str, Any]) -> str:
    return f"{_value(median)} ({_value(low)} to {_value(high)})" if median else ABSENT


def _between(output: Output, section: Section) -> Table:
    values, groups = _values(output), columns_of(output)
    points = [str(point["name"]) for point in items(output.facts, "points")]
    rows: list[Row] = []
    for one, two in pairwise(points):
        found = {
            (measure, group): values.get((two, measure, one, None, group), {})
            for measure in (*MOVES, "log10 fall")
            for group in groups
        }
        rows.append(Row((f"{one} to {two}", *[""] * len(groups)), "variable"))
        sizes = [count(found["cleared", group].get("at_risk")) for group in groups]
        rows.append(Row(("Measured at both, n", *sizes), "level"))
        for measure, label in MOVES.items():
            rows.append(
                Row((f"{label}, n (%)", *[_share(found[measure, group]) for group in groups]), "level")
            )
        falls = [_fall(found["log10 fall", group]) for group in groups]
        rows.append(Row(("Fall in log10, median (n)", *falls), "level"))
    below = power(float(output.facts["cleared_below"]))  # type: ignore[arg-type]
    note = (
        f"Below and above: {below} of cells. The fall is of those at or above the quantification limit at "
        "the first point; where the second value is below the limit, the fall is at least that to the "
        "limit (≥), and how many those are is given."
    )
    return _table(output, f"{section.stem}-change", "MRD between consecutive time points", rows, (note,))


def _fall(row: Mapping[str, Any]) -> str:
    if row.get("estimate") is None:
        return ABSENT
    sign = "≥" if row["scale"] == "at least" else ""
    beyond = f", {count(row['censored'])} beyond the limit" if row.get("censored") else ""
    return f"{sign}{fixed(row['estimate'], 1)} ({count(row['at_risk'])}{beyond})"


def _cleared(output: Output, section: Section) -> Table:
    values, groups = _values(output), columns_of(output)
    below = power(float(output.facts["cleared_below"]))  # type: ignore[arg-type]
    ci = interval_name(output.rows)
    causes = [str(cause) for cause in output.facts.get("causes") or ()]  # type: ignore[union-attr]
    rows: list[Row] = []
    for point in items(output.facts, "points"):
        name = str(point["name"])
        rows.append(Row((f"By {point_words(point)}", *[""] * len(groups)), "variable"))
        for cause, label in [("first below", f"First documented <{below}, % ({ci})")] + [
            (each, f"{sentence_case(each)} before, % ({ci})") for each in causes
        ]:
            cells = [_incidence(values.get((name, "incidence", None, cause, group), {})) for group in groups]
            rows.append(Row((label, *cells), "level"))
    note = (
        "Cumulative incidence: an event before clearance competes, patients who left are censored. "
        "Clearance is only known to lie between the last sample at or above and the first below."
    )
    return _table(output, f"{section.stem}-clearance", f"First documented MRD <{below}", rows, (note,))


def _incidence(row: Mapping[str, Any]) -> str:
    if row.get("estimate") is None:
        return ABSENT
    ends = limits(row["low"], row["high"])
    return f"{fixed(100 * row['estimate'], 1)}{f' ({ends})' if ends else ''}"
