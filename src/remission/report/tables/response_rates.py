"""Responses by time point: who was evaluated, why others were not, and the share of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name, label_of
from remission.report.format import ABSENT, count, fixed, limits, p_value, percent, plural, size
from remission.report.section import Section
from remission.report.words.phrases import items
from remission.study.results import Output

Values = dict[tuple[str | None, ...], Mapping[str, Any]]
LETTERS = {"Fisher exact": "a", "Fisher exact, simulated": "b", "Cochran-Armitage trend": "c"}
TESTS = {
    "Fisher exact": "Fisher’s exact test",
    "Fisher exact, simulated": "Fisher’s exact test, simulated",
    "Cochran-Armitage trend": "Cochran–Armitage test for trend",
}

NOTE = (
    "Exact (Clopper–Pearson) limits. Who was not evaluated is no responder among all, and is not counted "
    "among those evaluated."
)


def tables(section: Section) -> tuple[Table, ...]:
    """One table per output."""
    return tuple(_table(output, section) for output in section.named("response"))


def columns_of(output: Output) -> list[str | None]:
    """All patients, then the groups."""
    return [None, *[str(group) for group in output.facts.get("groups") or ()]]  # type: ignore[union-attr]


def head_of(output: Output, group: str | None) -> str:
    """Name a column with its size: `Male: yes (n = 20)`."""
    facts: Mapping[str, Any] = output.facts
    return f"{label_of(group, facts)} ({size(facts['total'] if group is None else facts['sizes'][group])})"


def share_of(row: Mapping[str, Any] | None) -> str:
    """Number of how many, per cent and limits: `82/85, 96.5 (90.0–99.3)`."""
    if row is None or row["estimate"] is None:
        return ABSENT
    ends = limits(row["low"], row["high"])
    return f"{count(row['events'])}/{count(row['at_risk'])}, {fixed(100 * row['estimate'], 1)} ({ends})"


def response_sentences(output: Output) -> list[str]:
    """Tell the share of all patients together at each point."""
    rows = output.rows.filter(pl.col("group").is_null() & (pl.col("measure") == "response"))
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["term"], {})[row["scale"]] = row
    said = []
    for point, row in found.items():
        evaluated, everybody = row["of evaluated"], row["of all"]
        if evaluated["estimate"] is not None:
            ends = limits(evaluated["low"], evaluated["high"])
            said.append(
                f"{point}: {count(evaluated['events'])} of {count(evaluated['at_risk'])} evaluated responded "
                f"({percent(evaluated['estimate'])}, {interval_name(rows)} {ends}), "
                f"{percent(everybody['estimate'])} of all {plural(everybody['at_risk'], 'patient')}."
            )
    return said


def _table(output: Output, section: Section) -> Table:
    groups = columns_of(output)
    values: Values = {
        (row["term"], row["measure"], row["level"] or row["scale"], row["group"]): row
        for row in output.rows.iter_rows(named=True)
    }
    tests = [row for row in output.rows.iter_rows(named=True) if row["measure"] == "test"]
    rows: list[Row] = []
    for point in items(output.facts, "points"):
        mine = [test for test in tests if test["term"] == point["name"]]
        rows += _point(point, values, groups, mine, tested=bool(tests), ci=interval_name(output.rows))
    heads = ["", *[head_of(output, group) for group in groups], *(["P"] if tests else [])]
    return Table.plain(
        name=f"{section.stem}-response",
        caption=_caption(output),
        heads=heads,
        rows=rows,
        notes=tuple(_notes(tests, output)),
    )


def _caption(output: Output) -> str:
    by = output.facts.get("by_label")
    return f"Response by time point{f' and {by}' if by else ''}"


def _point(
    point: Mapping[str, Any],
    values: Values,
    groups: Sequence[str | None],
    tests: Sequence[Mapping[str, Any]],
    *,
    tested: bool,
    ci: str,
) -> list[Row]:
    name = str(point["name"])
    p = "; ".join(f"{p_value(test['p'])}\N{NO-BREAK SPACE}({LETTERS[test['scale']]})" for test in tests)
    ends = [p or ABSENT] if tested else []

    def line(label: str, measure: str, key: str | None) -> Row:
        found = [values.get((name, measure, key, group)) for group in groups]
        cells = [ABSENT if row is None else count(row["estimate"]) for row in found]
        return Row((label, *cells, *[""] * len(ends)), "level")

    def share(label: str, scale: str) -> Row:
        cells = [share_of(values.get((name, "response", scale, group))) for group in groups]
        return Row((label, *cells, *[""] * len(ends)), "level")

    rows = [Row((sentence_case(name), *[""] * len(groups), *ends), "variable")]
    rows.append(line("Evaluated, n", "evaluated", None))
    for reason in point["reasons"]:
        found = [values.get((name, "not evaluated", str(reason["name"]), group)) for group in groups]
        if any(row is not None and row["estimate"] for row in found):
            rows.append(line(f"Not evaluated: {reason['label']}, n", "not evaluated", str(reason["name"])))
    rows.append(share(f"Responders of those evaluated, % ({ci})", "of evaluated"))
    rows.append(share(f"Responders of all, % ({ci})", "of all"))
    return rows


def _notes(tests: Sequence[Mapping[str, Any]], output: Output) -> list[str]:
    said = [NOTE]
    used = dict.fromkeys(str(test["scale"]) for test in tests)
    if used:
        listed = "; ".join(f"({LETTERS[name]}) {TESTS[name]}" for name in used)
        by = output.facts.get("by_label")
        said.append(
            f"P of those evaluated, between groups of {by}, not adjusted for the number of tests: {listed}."
        )
    return said
