"""Table 1: who the patients were, with what is missing shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from remission.core.wording import sentence_case
from remission.report.document import HeaderCell, Row, Table
from remission.report.format import ABSENT, count, fixed, measured_range, p_value, size
from remission.report.section import Section, captioned
from remission.study.results import Output

Values = dict[tuple[str, str | None, str | None, str], dict[str, Any]]
YES_NO = "yes/no"


def tables(section: Section) -> tuple[Table, ...]:
    """One table per output."""
    return tuple(_table(output, section) for output in section.named("characteristics"))


def _table(output: Output, section: Section) -> Table:
    facts: Mapping[str, Any] = output.facts
    values: Values = {
        (row["term"], row["level"], row["group"], row["measure"]): row
        for row in output.rows.iter_rows(named=True)
    }
    sizes = facts.get("sizes") or {}
    groups: list[str | None] = [None, *(facts.get("groups") or ())]
    extras = [name for name in ("smd", "test") if any(key[3] == name for key in values)]
    heads = [_head("All patients", facts.get("total"))]
    heads += [_head(str(group), sizes.get(group)) for group in groups[1:]]
    heads += [{"smd": "SMD", "test": "P"}[name] for name in extras]
    rows: list[Row] = []
    marks = _Marks()
    for variable in facts.get("variables") or ():
        rows += _variable(variable, values, groups, extras, marks)
    header: tuple[tuple[HeaderCell, ...], ...] = (tuple(HeaderCell(head) for head in ["", *heads]),)
    if groups[1:]:
        spanning = HeaderCell(str(facts.get("by_label") or facts.get("by")), len(groups) - 1)
        header = ((HeaderCell("", 2), spanning, *[HeaderCell("")] * len(extras)), *header)
    return Table(
        name=section.stem,
        caption=captioned("Patient characteristics", [output]),
        header=header,
        rows=tuple(rows),
        align=("left", *["right"] * len(heads)),  # type: ignore[arg-type]
        notes=_notes(extras, marks),
    )


def _head(name: str, n: float | None) -> str:
    """Name a column, with its size on one line."""
    return f"{name} ({size(n)})"


class _Marks:
    """Letters for the tests, in order of first use."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def of(self, name: str) -> str:
        """Superscript-like letter of a test."""
        if name not in self.names:
            self.names.append(name)
        return chr(ord("a") + self.names.index(name))


def _variable(
    variable: Mapping[str, Any], values: Values, groups: list[str | None], extras: list[str], marks: _Marks
) -> list[Row]:
    name = str(variable["name"])
    label = sentence_case(str(variable.get("label") or name))
    ends = [_extra(values, name, extra, marks) for extra in extras]
    empty = [""] * len(ends)
    missing = any(_value(values, name, None, group, "missing") for group in groups)
    rows: list[Row] = []
    if variable.get("kind") == "number":
        unit = f", {variable['unit']}" if variable.get("unit") else ""
        cells = [_median(values, name, group) for group in groups]
        head = f"{label}{unit}, median (range)"
        if not missing:
            return [Row((head, *cells, *ends), "plain")]
        rows.append(Row((head, *cells, *ends), "variable"))
    elif variable.get("kind") == YES_NO and not missing:
        return [
            Row(
                (f"{label}, n (%)", *[_share(values, name, "yes", group) for group in groups], *ends), "plain"
            )
        ]
    else:
        rows.append(Row((f"{label}, n (%)", *[""] * len(groups), *ends), "variable"))
        levels = variable.get("levels") or ()
        for level in levels:
            cells = [_share(values, name, str(level), group) for group in groups]
            rows.append(Row((str(level), *cells, *empty), "level"))
    if missing:
        counts = [count(_value(values, name, None, group, "missing")) for group in groups]
        rows.append(Row(("missing", *counts, *empty), "level"))
    return rows


def _value(values: Values, name: str, level: str | None, group: str | None, measure: str) -> float | None:
    row = values.get((name, level, group, measure))
    return None if row is None else row["estimate"]


def _share(values: Values, name: str, level: str, group: str | None) -> str:
    number = _value(values, name, level, group, "count")
    if number is None:
        return ABSENT
    share = _value(values, name, level, group, "percent")
    return count(number) + ("" if share is None else f" ({fixed(share, 1)})")


def _median(values: Values, name: str, group: str | None) -> str:
    median, low, high = (_value(values, name, None, group, part) for part in ("median", "min", "max"))
    if median is None:
        return ABSENT
    return measured_range(median, low, high)


def _extra(values: Values, name: str, extra: str, marks: _Marks) -> str:
    row = values.get((name, None, None, extra))
    if row is None:
        return ABSENT
    if extra == "smd":
        return fixed(row["estimate"], 2)
    mark = marks.of(str(row["scale"])) if row["scale"] else ""
    return p_value(row["p"]) + (f"\N{NO-BREAK SPACE}({mark})" if mark else "")


def _notes(extras: list[str], marks: _Marks) -> tuple[str, ...]:
    notes = ["Percentages are of those known."]
    if "smd" in extras:
        notes.append(
            "SMD: largest standardised difference between two groups; above 0.1 is usually worth a look."
        )
    if marks.names:
        named = "; ".join(f"({chr(ord('a') + number)}) {name}" for number, name in enumerate(marks.names))
        notes.append(f"P: {named}.")
    return tuple(notes)
