"""Indicated against delivered, and deviations from protocol."""

from __future__ import annotations

from remission.core.wording import listing, sentence_case
from remission.report.document import HeaderCell, Row, Table
from remission.report.format import ABSENT, count, fixed
from remission.report.section import ALL_PATIENTS, Section, text_fact
from remission.report.words.phrases import names
from remission.study.results import Output

ROWS = {"yes": "Indicated", "no": "Not indicated", "unknown": "Not known whether indicated"}
PHASES = ("phase", "order of phases")


def tables(section: Section) -> tuple[Table, ...]:
    """Cross-tables of indication and delivery: columns are what became of the patients."""
    return tuple(_crossed(section, output) for output in section.named("indication"))


def _crossed(section: Section, output: Output) -> Table:
    values = {
        (row["group"], row["measure"], row["level"]): row["estimate"]
        for row in output.rows.iter_rows(named=True)
    }
    delivered, reasons = names(output.facts, "delivered"), names(output.facts, "reasons")
    levels = [*delivered, *reasons]
    top = [HeaderCell(""), HeaderCell(""), HeaderCell("Given", len(delivered))]
    top += [HeaderCell("Not given, and why", len(reasons))] if reasons else []
    heads = ["", "Patients", *[sentence_case(level) for level in levels]]
    rows = []
    for group in (*ROWS, None):
        total = values.get((group, "total", None)) or 0.0
        if group == "unknown" and not total:
            continue
        cells = [count(values.get((group, "count", level))) for level in levels]
        label = ALL_PATIENTS if group is None else ROWS[group]
        rows.append(Row((label, count(total), *cells), "total" if group is None else "plain"))
    window = output.facts.get("window")
    notes = [f"Indicated: {output.facts['condition']}."]
    if isinstance(window, tuple | list):
        notes.append(
            f"Planned between {window[0]} and {window[1]} after {output.facts['time_zero']}; what came first "
            "by the end of it is the reason. No reason recorded: event-free and observed beyond it."
        )
    notes.append(
        "In first remission: before the first event. Patients still waiting make crude percentages "
        "misleading; see the cumulative incidence."
    )
    return Table(
        name=f"{section.stem}-indication",
        caption=f"{text_fact(output.facts, 'delivered_label')}: indicated against given",
        header=(tuple(top), tuple(HeaderCell(head) for head in heads)),
        rows=tuple(rows),
        align=("left", *["right"] * (len(heads) - 1)),  # type: ignore[arg-type]
        notes=tuple(notes),
    )


def deviations(section: Section) -> tuple[Table, ...]:
    """Kinds of deviation with those at risk; phases in which there were none have no row."""
    return tuple(_deviations(section, output) for output in section.named("deviations"))


def _deviations(section: Section, output: Output) -> Table:
    rows: list[Row] = []
    counted = output.rows.filter(output.rows["measure"] == "count")
    kinds = counted["level"].unique(maintain_order=True).to_list()
    absent = []
    for kind in kinds:
        here = [row for row in counted.iter_rows(named=True) if row["level"] == kind]
        some = [row for row in here if row["estimate"]]
        if not some:
            absent.append(kind)
        elif here[0]["term"] is None:
            rows.append(Row((f"Transplant {kind}", *_cells(here[0]["estimate"], here[0]["at_risk"]))))
        else:
            rows.append(Row((sentence_case(kind), "", "", ""), "variable"))
            rows += [Row((row["term"], *_cells(row["estimate"], row["at_risk"])), "level") for row in some]
    everybody = output.rows.filter(output.rows["measure"] == "patients").row(0, named=True)
    rows.append(
        Row(("Patients with any deviation", *_cells(everybody["estimate"], everybody["at_risk"])), "total")
    )
    notes = ["At risk: patients who could have had the deviation. A patient may have several."]
    if absent:
        notes.append(f"Looked for and not found: {listing([_named(kind) for kind in absent])}.")
    return Table.plain(
        name=f"{section.stem}-deviations",
        caption="Deviations from protocol",
        heads=("Deviation", "n", "At risk", "%"),
        rows=rows,
        notes=notes,
    )


def _named(kind: str) -> str:
    return kind if kind.startswith(PHASES) else f"transplant {kind}"


def _cells(number: float, at_risk: float) -> tuple[str, str, str]:
    return count(number), count(at_risk), fixed(100 * number / at_risk, 1) if at_risk else ABSENT
