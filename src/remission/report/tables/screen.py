"""The screen of single variables, as a table: every variable that was looked at, with both P values."""

from __future__ import annotations

from remission.report.document import Row, Table
from remission.report.figures.data import interval_name
from remission.report.figures.screen import lines_of
from remission.report.format import ABSENT, count, fixed, limits
from remission.report.section import Section, captioned, text_fact
from remission.report.tables.pairs import adjustment_name


def tables(section: Section) -> tuple[Table, ...]:
    """One table per screened endpoint."""
    found = []
    for output in section.named("screen"):
        at, adjust = text_fact(output.facts, "at"), text_fact(output.facts, "adjust")
        estimate = f"At {at}, %" if at else "Estimate, %"
        heads = ["", "Patients", "Events", estimate, interval_name(output.rows), "P"]
        adjusted = adjust not in ("", "none")
        heads += [f"P, adjusted ({adjustment_name(adjust)})"] if adjusted else []
        rows = []
        for line in lines_of(output.rows, output.facts):
            end = (line.p, *([line.p_adjusted] if adjusted else []))
            if line.row is None:
                rows.append(Row((line.text, "", "", "", "", *end), "variable"))
            else:
                rows.append(Row((line.text, *_cells(line.row), *[""] * len(end)), "level"))
        found.append(
            Table.plain(
                name=section.stem,
                caption=captioned("Each variable on its own", [output]),
                heads=heads,
                rows=rows,
                notes=("Every variable that was tested is shown, whatever its P.",),
            )
        )
    return tuple(found)


def _cells(row: dict[str, object]) -> tuple[str, ...]:
    def number(name: str) -> float | None:
        value = row.get(name)
        return float(value) if isinstance(value, int | float) else None

    estimate = number("estimate")
    share = "not estimable" if estimate is None else fixed(100 * estimate, 1)
    ends = limits(number("low"), number("high")) or ABSENT
    return count(number("at_risk")), count(number("events")), share, ends
