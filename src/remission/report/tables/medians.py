"""Median times, with "not reached" where the curve stays above one half."""

from __future__ import annotations

from remission.report.document import Row, Table
from remission.report.figures.data import interval_name, unit_of
from remission.report.format import NOT_REACHED, time_number
from remission.report.section import Section, captioned, group_name, heading_of, same_question
from remission.study.results import Output


def tables(section: Section) -> tuple[Table, ...]:
    """One table for all endpoints of the section; those of a comparison stand in its table."""
    tested = section.named("test")
    outputs = [
        output
        for output in section.named("medians")
        if not any(same_question(output, test) for test in tested)
    ]
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        grouped = bool(output.rows["group"].is_not_null().any())
        if grouped and len(outputs) > 1:
            rows.append(Row((heading_of(output), "", ""), "variable"))
        rows += _rows(output, grouped=grouped, several=len(outputs) > 1)
    unit = unit_of(outputs[0].rows, outputs[0].facts)
    heads = ("", f"Median, {unit}" if unit else "Median", interval_name(outputs[0].rows))
    return (
        Table.plain(
            name=f"{section.stem}-medians",
            caption=captioned("Median times", outputs),
            heads=heads,
            rows=rows,
            notes=("Not reached: the curve, or the limit, does not come down to 50% in the time observed.",),
        ),
    )


def _rows(output: Output, *, grouped: bool, several: bool) -> list[Row]:
    unit = unit_of(output.rows, output.facts)
    found = []
    for row in output.rows.iter_rows(named=True):
        name = group_name(row["group"]) if grouped else heading_of(output)
        found.append(
            Row((name, median_words(row["estimate"], unit), median_limits(row["low"], row["high"], unit)),
                "level" if grouped and several else "plain")
        )  # fmt: skip
    return found


def median_words(value: float | None, unit: str) -> str:
    """Write a median, or that it was not reached."""
    return NOT_REACHED if value is None else time_number(value, unit)


def median_limits(low: float | None, high: float | None, unit: str) -> str:
    """Write the limits of a median.

    Examples
    --------
    >>> median_limits(1.26, None, "years"), median_limits(None, None, "years")
    ('1.3–not reached', 'not reached')
    """
    if low is None and high is None:
        return NOT_REACHED
    return f"{median_words(low, unit)}–{median_words(high, unit)}"
