"""The table of a comparison: groups with patients, events, estimates at named times, medians, and tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, sentence_case
from remission.report.document import Row, Table
from remission.report.figures.data import interval_name, unit_of
from remission.report.format import (
    ABSENT,
    BOTH,
    STANDARD_ERROR,
    chi_squared,
    count,
    p_value,
    percent_styled,
)
from remission.report.section import Section, by_of, captioned, heading_of, same_question, style_of
from remission.report.tables.medians import median_limits, median_words
from remission.study.results import Output

TIMES_AT_MOST = 3
MOVING = (
    "By current status: patients count in every group they were in, events in the group of that day; the "
    "curve of a status has no median."
)
TEST_NAMES = {"gray": "Gray’s test", "log-rank trend": "Log-rank test for trend"}


def test_name(measure: str) -> str:
    """Name a test as a table prints it.

    Examples
    --------
    >>> test_name("log-rank"), test_name("Gray"), test_name("cause-specific log-rank trend")
    ('Log-rank test', 'Gray’s test', 'Cause-specific log-rank test for trend')
    """
    name = measure.replace("log-rank trend", "log-rank test for trend").replace("Mantel-Byar", "Mantel–Byar")
    if measure.lower() in TEST_NAMES:
        return TEST_NAMES[measure.lower()]
    return sentence_case(name if "test" in name else f"{name} test")


def stratum_of(output: Output) -> str | None:
    """Label of what the tests are stratified by; None where they are not."""
    label = output.facts.get("stratum_label")
    return str(label) if label else None


def named_test(output: Output, measure: str) -> str:
    """Name a test with the strata it is done within.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> named_test(Output("test", result_rows({}), {"stratum_label": "Hospital"}), "log-rank")
    'Log-rank test stratified by Hospital'
    """
    stratum = stratum_of(output)
    return test_name(measure) + (f" stratified by {stratum}" if stratum else "")


def partner(section: Section, output: Output, name: str) -> Output | None:
    """Find the output of a name that answers the same question as another."""
    return next((other for other in section.named(name) if same_question(other, output)), None)


def tables(section: Section) -> tuple[Table, ...]:
    """One table for all tests of the section, with the estimates and medians that belong to them."""
    outputs = section.named("test")
    if not outputs:
        return ()
    estimates = [partner(section, output, "estimates") for output in outputs]
    medians = [partner(section, output, "medians") for output in outputs]
    times = _times(estimates)
    any_median = any(median is not None for median in medians)
    rows: list[Row] = []
    notes = ["Expected: events expected if the groups did not differ.", *_notes(outputs), *_later(estimates)]
    for output, estimate, median in zip(outputs, estimates, medians, strict=True):
        head = heading_of(output) if len(outputs) > 1 else (by_of(output) or heading_of(output))
        values = _values(estimate, median, times, any_median=any_median)
        rows += _block(output, sentence_case(head), values, len(times) + any_median)
    ci = next((interval_name(item.rows) for item in [*estimates, *medians] if item is not None), "")
    together = f"({ci})".replace(" ", "\N{NO-BREAK SPACE}")
    style = next((style_of(item) for item in estimates if item is not None), "")
    inside = {STANDARD_ERROR: "(SE)", BOTH: f"(SE; {ci})".replace(" ", "\N{NO-BREAK SPACE}")}
    shown = inside.get(style, together)
    heads = ["", "Patients", "Events (expected)", *[f"At {time}, % {shown}" for time in times]]
    if any_median:
        unit = next(unit_of(item.rows, item.facts) for item in medians if item is not None)
        heads.append(f"Median, {unit} {together}")
    heads.append("P")
    return (
        Table.plain(
            name=f"{section.stem}-comparison",
            caption=captioned("Comparison of groups", outputs),
            heads=heads,
            rows=rows,
            notes=tuple(dict.fromkeys(notes)),
        ),
    )


def _later(estimates: Sequence[Output | None]) -> list[str]:
    """Curves that begin late: percentages are of those still at risk then."""
    starts = [output.facts.get("start") for output in estimates if output is not None]
    return [
        f"Percentages are of those still at risk at {start}, where the curves begin; P is of all follow-up."
        for start in dict.fromkeys(starts)
        if start
    ]


def _times(estimates: Sequence[Output | None]) -> list[str]:
    """Named times, in order; the last ones when there are many."""
    found: dict[str, float] = {}
    for output in estimates:
        if output is not None:
            found |= dict(zip(output.rows["level"].to_list(), output.rows["time"].to_list(), strict=True))
    return sorted(found, key=lambda name: found[name])[-TIMES_AT_MOST:]


def _values(
    estimate: Output | None, median: Output | None, times: Sequence[str], *, any_median: bool
) -> dict[str | None, list[str]]:
    """Cells of every group: estimates at the times, then the median."""
    cells: dict[str | None, list[str]] = {}
    for group in _groups(estimate, median):
        shares = [_share(estimate, group, time) for time in times]
        cells[group] = [*shares, *([_median(median, group)] if any_median else [])]
    return cells


def _groups(*outputs: Output | None) -> list[str | None]:
    found = [group for output in outputs if output is not None for group in output.rows["group"].to_list()]
    return list(dict.fromkeys(found))


def _share(output: Output | None, group: str | None, time: str) -> str:
    if output is None:
        return ABSENT
    rows = output.rows.filter(pl.col("group").eq_missing(pl.lit(group)) & (pl.col("level") == time))
    if not rows.height or rows["estimate"][0] is None:
        return ABSENT
    ends = (rows["low"][0], rows["high"][0])
    told = percent_styled(rows["estimate"][0], rows["std_error"][0], ends, style_of(output))
    return told.replace("%", "", 1).replace("(SE ", "(")


def _median(output: Output | None, group: str | None) -> str:
    if output is None:
        return ABSENT
    rows = output.rows.filter(pl.col("group").eq_missing(pl.lit(group)))
    if not rows.height:
        return ABSENT
    unit = unit_of(output.rows, output.facts)
    middle, low, high = rows["estimate"][0], rows["low"][0], rows["high"][0]
    return (
        f"{median_words(middle, unit)} ({median_limits(low, high, unit)})"
        if middle is not None
        else "not reached"
    )


def _block(output: Output, head: str, values: dict[str | None, list[str]], width: int) -> list[Row]:
    """Rows of one comparison: the main test's P on the first, the groups, then other tests."""
    rows = output.rows
    tests = rows.filter(pl.col("group").is_null()).to_dicts()
    main, others = (tests[0], tests[1:]) if tests else ({}, [])
    blank = [""] * width
    found = [Row((head, "", "", *blank, p_value(main.get("p"))), "variable")]
    for row in rows.filter(pl.col("group").is_not_null()).iter_rows(named=True):
        events = count(row["events"])
        if row["estimate"] is not None:
            events += f" ({count(row['estimate'], 1)})"
        cells = values.get(row["group"], [ABSENT] * width)
        found.append(Row((row["group"], count(row["at_risk"]), events, *cells, ""), "level"))
    found += [
        Row((named_test(output, str(row["measure"])), "", "", *blank, p_value(row["p"])), "level")
        for row in others
    ]
    return found


def _notes(outputs: Sequence[Output]) -> list[str]:
    """Which test gave P, with its statistic; how it was done; why it could not be done."""
    found = []
    if any(output.variant == "time-dependent" for output in outputs):
        found.append(MOVING)
    for output in outputs:
        tests: list[dict[str, Any]] = output.rows.filter(pl.col("group").is_null()).to_dicts()
        about = f", {in_sentence(heading_of(output))}" if len(outputs) > 1 else ""
        if tests and tests[0]["statistic"] is not None:
            first = tests[0]
            statistic = chi_squared(first["statistic"], first["df"])
            found.append(f"P{about}: {_in_note(output, first)}, {statistic}.")
        elif tests:
            found.append(f"P{about}: {_in_note(output, tests[0])}.")
        found += _remarks(output, "notes") + _remarks(output, "not_computable")
    return found


def _in_note(output: Output, test: dict[str, Any]) -> str:
    name = named_test(output, str(test["measure"]))
    return name if name.startswith("Gray") else in_sentence(name)


def _remarks(output: Output, name: str) -> list[str]:
    remarks = output.facts.get(name)
    if not isinstance(remarks, dict):
        return []
    return [f"{test_name(str(test))}: {str(text).rstrip('.')}." for test, text in remarks.items() if text]
