"""Phases of treatment in and out of their windows, and why they were not started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.format import ABSENT, count, fixed, measured_range
from remission.report.section import ALL_PATIENTS, Section, by_of
from remission.report.words.phrases import items, names
from remission.study.results import Output

Counts = Mapping[tuple[str | None, str | None, str, str | None], float]
STARTED = "started"
OUTSIDE = (
    ("ended before", ""),
    ("after the end of treatment", "Started after the end¹"),
    ("earlier phase not started", "Earlier phase not started"),
    ("window not known", "Window not known"),
    ("not known whether started", "Not known whether started"),
    ("condition not known", "Not known whether meant"),
    ("not meant", "Not meant for them"),
)


def tables(section: Section) -> tuple[Table, ...]:
    """Two tables: those eligible for each phase, and everybody else with the reason."""
    starts = {output.variant: output for output in section.named("phase_starts")}
    found: list[Table] = []
    for output in section.named("phases"):
        found += [_eligible(section, output, starts.get(output.variant)), _others(section, output)]
    return tuple(found)


def planned_words(phase: Mapping[str, Any], zero: str) -> str:
    """Window of a phase in words.

    Examples
    --------
    >>> planned_words({"window": ("0 days", "7 days"), "from": "time zero"}, "diagnosis")
    '0–7 days from diagnosis'
    >>> planned_words({"window": ("4 weeks", "2 months"), "from": "induction"}, "diagnosis")
    '4 weeks to 2 months from induction'
    >>> planned_words({"window": None, "from": "time zero"}, "diagnosis")
    'no window'
    """
    if not phase.get("window"):
        return "no window"
    low, high = (str(end) for end in phase["window"])
    first, unit = low.rsplit(" ", 1)
    same = unit.rstrip("s") == high.rsplit(" ", 1)[1].rstrip("s")
    start = zero if phase["from"] == "time zero" else str(phase["from"])
    return f"{f'{first}–{high}' if same else f'{low} to {high}'} from {start}"


def counts(rows: Output) -> Counts:
    """Counts by phase, group, measure and level."""
    return {
        (row["term"], row["group"], row["measure"], row["level"]): row["estimate"]
        for row in rows.rows.iter_rows(named=True)
    }


def _eligible(section: Section, output: Output, starts: Output | None) -> Table:
    values, days = counts(output), {} if starts is None else counts(starts)
    lasting = any(days.get((term, None, "median", "duration")) is not None for term in _terms(output))
    undated = any(values.get((term, None, "count", level)) for term in _terms(output) for level in _UNDATED)
    heads = ["Phase", "Eligible", "Started, n (%)", "In window", "Early", "Late"]
    heads += ["Timing not known"] if undated else []
    heads += ["Not started", "Day of start, median (range)"]
    heads += ["Days it lasted, median (range)"] if lasting else []

    def cells(term: str, group: str | None) -> tuple[str, ...]:
        def number(level: str) -> float:
            return values.get((term, group, "count", level)) or 0.0

        eligible, started = (values.get((term, group, what, None)) or 0.0 for what in ("eligible", STARTED))
        windowed = _phase(output, term).get("window")
        parts = [count(number("in window")) if windowed else ABSENT]
        parts += [
            _with_days(number(level), days, (term, group), level) if windowed else ABSENT
            for level in ("early", "late")
        ]
        if undated:
            parts.append(count(sum(number(level) for level in _UNDATED)))
        share = f" ({fixed(100 * started / eligible, 1)})" if eligible else ""
        missed = count(number("no reason recorded")) if windowed else ABSENT
        ends = [_spread(days, term, group), *([_spread(days, term, group, "duration")] if lasting else [])]
        return (count(eligible), count(started) + share, *parts, missed, *ends)

    notes = [
        "Eligible: meant for the patient, and started, or on treatment and observed until the window ended.",
        "Not started: no reason is recorded.",
        "Early and late: n (median days outside the window).",
        f"Days of start count from {output.facts['time_zero']}.",
    ]
    return _table(section, output, "Phases of treatment against protocol", heads, cells, tuple(notes))


def _others(section: Section, output: Output) -> Table:
    values = counts(output)
    reasons = names(output.facts, "reasons")
    present = [
        (level, head)
        for level, head in OUTSIDE[1:]
        if any(values.get((term, None, "count", level)) for term in _terms(output))
    ]
    heads = ["Phase", "Not eligible", *[sentence_case(reason) for reason in reasons]]
    heads += [head for _, head in present]

    def cells(term: str, group: str | None) -> tuple[str, ...]:
        every = sum(values.get((term, group, "count", level)) or 0.0 for level, _ in OUTSIDE)
        parts = [values.get((term, group, "reason", reason)) or 0.0 for reason in reasons]
        parts += [values.get((term, group, "count", level)) or 0.0 for level, _ in present]
        return tuple(count(each) for each in (every, *parts))

    note = (
        "Not started, and what came before the window closed; last contact: observation ended before it did."
    )
    notes = [note]
    if any(level == OUTSIDE[1][0] for level, _ in present):
        notes.append("¹ After the first event or withdrawal.")
    return _table(
        section, output, "Patients not eligible for a phase, with the reason,", heads, cells, tuple(notes)
    )


def _table(
    section: Section, output: Output, caption: str, heads: Sequence[str], cells: Any, notes: tuple[str, ...]
) -> Table:
    """One row per phase; with groups a heading per phase and a row for each of them."""
    groups = names(output.facts, "groups")
    rows: list[Row] = []
    for phase in items(output.facts, "phases"):
        name = str(phase["name"])
        if not groups:
            rows.append(Row((sentence_case(name), *cells(name, None))))
            continue
        rows.append(Row((sentence_case(name), *[""] * (len(heads) - 1)), "variable"))
        rows += [Row((group, *cells(name, group)), "level") for group in groups]
        rows.append(Row((ALL_PATIENTS, *cells(name, None)), "level"))
    zero = str(output.facts["time_zero"])
    windows = "; ".join(
        f"{phase['name']}, {planned_words(phase, zero)}" for phase in items(output.facts, "phases")
    )
    by = by_of(output)
    return Table.plain(
        name=section.stem,
        caption=f"{caption} by {by}" if by else caption.rstrip(","),
        heads=heads,
        rows=rows,
        notes=(f"Planned: {windows}.", *notes),
    )


_UNDATED = ("started, no window", "started, window not known", "started, day not known")


def _terms(output: Output) -> list[str]:
    return [str(phase["name"]) for phase in items(output.facts, "phases")]


def _phase(output: Output, term: str) -> Mapping[str, Any]:
    return next(phase for phase in items(output.facts, "phases") if phase["name"] == term)


def _with_days(number: float, days: Counts, place: tuple[str, str | None], level: str) -> str:
    middle = days.get((*place, "median", level))
    return count(number) + (f" ({fixed(middle, 0 if float(middle).is_integer() else 1)})" if middle else "")


def _spread(days: Counts, term: str, group: str | None, level: str | None = None) -> str:
    middle, low, high = (days.get((term, group, what, level)) for what in ("median", "min", "max"))
    if middle is None or low is None or high is None:
        return ABSENT
    return measured_range(middle, low, high)
