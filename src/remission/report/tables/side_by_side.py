"""One question counted in several ways: naive, landmark, time-dependent, delayed entry, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import HeaderCell, Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, p_value
from remission.report.ratios import ratio_short, ratio_text, ratio_words
from remission.report.section import Section, by_of, endpoint_of
from remission.report.tables.comparison import test_name
from remission.report.words.phrases import items
from remission.study.results import Output

HARD = "\N{NO-BREAK SPACE}"
NAMES = {"naive": "Naive (biased)"}
DIFFERS = {
    "future": "groups by what happened later: biased",
    "from_landmark": "those at risk at the landmark, by what was known then",
    "moves": "a patient moves to the other group on the day",
    "from_known": "a patient counts from the day it was known",
}


def tables(section: Section) -> tuple[Table, ...]:
    """One table per question."""
    return tuple(_table(section, output) for output in section.named("side_by_side"))


def _table(section: Section, output: Output) -> Table:
    rows, facts = output.rows, output.facts
    pairs = rows.filter(pl.col("group").is_not_null()).select("group", "versus").unique(maintain_order=True)
    named = [f"{group} against {versus}" for group, versus in pairs.iter_rows()]
    several = len(named) > 1
    analyses = {str(item["level"]): item for item in items(facts, "analyses")}
    body: list[Row] = []
    for level in rows["level"].unique(maintain_order=True).to_list():
        here = rows.filter(pl.col("level") == level).to_dicts()
        body += _rows(level, here, analyses.get(level, {}), several=several)
    interval = interval_name(rows).replace(" ", HARD)
    ratio = f"{ratio_short(facts)} ({interval})"
    heads = ("", "Patients", "Events", ratio, "P", "What is compared")
    by = by_of(output)
    about = f"{in_sentence(endpoint_of(output))}{f' by {by}' if by else ''}"
    return Table(
        name=f"{section.stem}-side-by-side",
        caption=f"The same question counted in different ways: {about}",
        header=(tuple(HeaderCell(head) for head in heads),),
        rows=tuple(body),
        align=("left", "right", "right", "right", "right", "left"),
        notes=_notes(output, analyses, "" if several else f" of {named[0]}" if named else ""),
    )


def _rows(level: str, rows: list[dict[str, Any]], analysis: Mapping[str, Any], *, several: bool) -> list[Row]:
    """Rows of one way of counting: one line for two groups, a head and a line per group for more."""
    name = NAMES.get(level, sentence_case(level)).replace(" ", HARD)
    why = sentence_case(DIFFERS.get(str(analysis.get("differs")), ""))
    first = rows[0]
    numbers = (count(first["at_risk"]), count(first["events"]))
    if not several:
        return [Row((name, *numbers, _ratio(first), p_value(first["p"]), why))]
    head = Row((name, *numbers, "", p_value(first["p"]), why), "variable")
    lines = [
        Row((f"{row['group']} against {row['versus']}", "", "", _ratio(row), "", ""), "level")
        for row in rows
        if row["group"] is not None
    ]
    return [head, *lines]


def _ratio(row: dict[str, Any]) -> str:
    return ratio_text(row) if row["group"] is not None else ABSENT


def _notes(output: Output, analyses: Mapping[str, Mapping[str, Any]], compared: str) -> tuple[str, ...]:
    facts = output.facts
    tests = dict.fromkeys(str(item["test"]) for item in analyses.values() if item.get("test"))
    meant = f"{ratio_words(facts)} (Cox regression){compared}"
    notes = [f"{ratio_short(facts)}: {meant}; CI: confidence interval."]
    if tests:
        listed = listing([_test(name) for name in tests], "or")
        notes.append(f"P: {listed}.")
    known = facts.get("known_on")
    if known:
        notes.append(f"The day it became known: {known}.")
    if any(item.get("analysis") == "naive" for item in analyses.values()):
        notes.append(
            "The naive answer is shown only to say by how much it misleads; it should not be quoted."
        )
    return tuple(notes)


def _test(measure: str) -> str:
    name = test_name(measure)
    return in_sentence(name) if not name.startswith(("Gray", "Mantel")) else name
