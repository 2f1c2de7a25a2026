"""What happened first: one row per event and site, those event-free last; every column adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import unit_of
from remission.report.format import ABSENT, count, elapsed, fixed, time_number
from remission.report.section import Section, captioned
from remission.report.tables.response_rates import head_of
from remission.report.words.phrases import group_words, items
from remission.study.results import Output

EVENT_FREE = "event-free"
NOTE = (
    "Only the first event of each patient counts: a death after relapse stands under relapse. Percentages "
    "are of the patients in the column, however long they were followed; they are no incidences at a time."
)
Cells = dict[tuple[str, str | None, str | None, str], float | None]


def tables(section: Section) -> tuple[Table, ...]:
    """One table per endpoint."""
    return tuple(_table(output, section) for output in section.named("first_events"))


def _table(output: Output, section: Section) -> Table:
    values: Cells = {
        (row["term"], row["level"], row["group"], row["measure"]): row["estimate"]
        for row in output.rows.iter_rows(named=True)
    }
    sizes: Mapping[str, Any] = output.facts.get("sizes") or {}  # type: ignore[assignment]
    groups: list[str | None] = [None, *sizes]
    heads = ["First event, n (%)", *[head_of(output, group) for group in groups]]
    rows: list[Row] = []
    for event in items(output.facts, "events"):
        rows += _event(event, output, values, groups)
    rows.append(Row(("Event-free at last contact", *_cells(EVENT_FREE, None, values, groups)), "plain"))
    rows.append(Row(("All patients", *[_total(output, group) for group in groups]), "total"))
    return Table.plain(
        name=f"{section.stem}-first-events",
        caption=captioned("First events", [output]),
        heads=heads,
        rows=rows,
        notes=tuple(_notes(output)),
    )


def _size(output: Output, group: str | None) -> float:
    """Patients of a column."""
    facts: Mapping[str, Any] = output.facts
    return float(facts["total"] if group is None else facts["sizes"][group])


def _event(
    event: Mapping[str, Any], output: Output, values: Cells, groups: Sequence[str | None]
) -> list[Row]:
    name = str(event["name"])
    label = sentence_case(str(event["label"]))
    whole = Row((label, *_cells(name, None, values, groups)), "plain")
    if not event.get("split"):
        return [whole]
    levels = [
        level for term, level, group, measure in values if (term, group, measure) == (name, None, "count")
    ]
    split = str(event["split"])
    rows = [whole]
    for level in levels:
        if level is None:
            continue
        words = f"{split} {level}" if level == "not known" else group_words(level, {"by_label": split})
        rows.append(Row((sentence_case(words), *_cells(name, level, values, groups)), "level"))
    return rows


def _cells(event: str, level: str | None, values: Cells, groups: Sequence[str | None]) -> tuple[str, ...]:
    found = []
    for group in groups:
        number = values.get((event, level, group, "count"))
        share = values.get((event, level, group, "percent"))
        found.append(
            ABSENT if number is None else count(number) + ("" if share is None else f" ({fixed(share, 1)})")
        )
    return tuple(found)


def _total(output: Output, group: str | None) -> str:
    size = _size(output, group)
    return f"{count(size)} (100)" if size else count(size)


def _notes(output: Output) -> list[str]:
    said = [NOTE]
    facts: Mapping[str, Any] = output.facts
    followed = facts["followed"][""]
    if followed["median"] is not None:
        unit = unit_of(output.rows, output.facts)
        ends = f"{time_number(followed['min'], unit)}–{time_number(followed['max'], unit)}"
        median = elapsed(followed["median"], unit)
        said.append(f"Those event-free were followed for a median of {median} (range {ends}).")
    return said
