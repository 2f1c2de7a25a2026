"""A cohort beside published results: table, forest, points over the curve, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from remission.core.wording import in_sentence, listing
from remission.report.document import Figure, HeaderCell, Row, Table
from remission.report.figures.benchmark_forest import describe_benchmark, draw_benchmark
from remission.report.figures.benchmark_lines import (
    ALSO,
    Line,
    benchmark_lines,
    from_memory,
    mark_of,
    published,
)
from remission.report.figures.benchmark_points import draw_points, key_of
from remission.report.figures.data import interval_name, unit_of
from remission.report.figures.style import DOUBLE
from remission.report.format import ABSENT, count, elapsed, error, fixed, limits
from remission.report.section import Section, captioned, endpoint_of, heading_of
from remission.study.results import Output

DERIVED_LIMITS, DERIVED_ERROR = "a", "b"
FROM_MEMORY = f"{ALSO} from memory: compare with the paper before use."
LINES_AT_MOST = 45
HARD = "\N{NO-BREAK SPACE}"
NO_COMPARISON = (
    "No comparison of treatments: patients, years, eligibility and care differ, and nobody was randomised. "
    "The intervals hold chance alone, as if both errors were independent."
)


def blocks(section: Section) -> tuple[Figure | Table, ...]:
    """Forest, a curve with points for each endpoint, then the table with sources."""
    outputs = section.named("benchmark")
    if not outputs:
        return ()
    together = len(benchmark_lines(outputs)) <= LINES_AT_MOST
    plates = [outputs] if together else [[output] for output in outputs]
    points = [_points(section, output) for output in outputs]
    return (
        *[_forest(section, plate) for plate in plates],
        *[each for each in points if each is not None],
        _table(section, outputs),
    )


def _forest(section: Section, outputs: Sequence[Output]) -> Figure:
    ci = interval_name(outputs[0].rows)
    remembered = any(from_memory(line) for line in benchmark_lines(outputs))
    return Figure(
        name=f"{section.stem}-benchmark",
        caption=f"{captioned('Beside published results', outputs)}. Squares: this cohort; circles: published "
        f"results; lines: {ci}, as published or computed from the published standard error. Results at "
        "different times are not set against each other. Nobody was randomised between these groups."
        + (f" {FROM_MEMORY}" if remembered else ""),
        alt=describe_benchmark(outputs),
        draw=partial(draw_benchmark, outputs, ci, section.mark),
        width=DOUBLE,
    )


def _points(section: Section, output: Output) -> Figure | None:
    """Points over the curve of an endpoint."""
    curve = _beside(section, output, "benchmark_curves")
    at_risk = _beside(section, output, "benchmark_at_risk")
    if curve is None or at_risk is None:
        return None
    shown = published(output)
    label = endpoint_of(output)
    named = "; ".join(f"{number} {key_of(*point)}" for number, point in enumerate(shown, 1))
    unit = unit_of(output.rows, output.facts)
    remembered = any(from_memory(line) for line in benchmark_lines([output]))
    spread = any(row["time"] == other["time"] for (row, _), (other, _) in pairwise(shown))
    where = f" at {elapsed(shown[0][0]['time'], unit)} and later" if len(shown) > 1 else ""
    return Figure(
        name=f"{section.stem}-{output.facts.get('endpoint')}-points",
        caption=f"{label} of this cohort (line, with {interval_name(curve.rows)} shaded) and published "
        "results (numbered points with limits) at the times they were reported."
        + (" Points of one time stand beside each other." if spread else "")
        + (f" {FROM_MEMORY}" if remembered else ""),
        alt=f"Curve of {in_sentence(label)} with published results{where}: {named}.",
        draw=partial(draw_points, curve.rows, at_risk.rows, curve.facts, shown, section.mark),
        width=DOUBLE,
    )


def _beside(section: Section, output: Output, name: str) -> Output | None:
    found = [
        each for each in section.named(name) if each.facts.get("endpoint") == output.facts.get("endpoint")
    ]
    return found[0] if found else None


def _table(section: Section, outputs: Sequence[Output]) -> Table:
    lines = benchmark_lines(outputs)
    ci = interval_name(outputs[0].rows)
    heads = ("", "n", "Estimate, %", "SE", ci, "Source", "Numbers")
    return Table(
        name=f"{section.stem}-benchmark",
        caption=captioned("Beside published results", outputs),
        header=(tuple(HeaderCell(head) for head in heads),),
        rows=tuple(_row(line) for line in lines),
        align=("left", "right", "right", "right", "right", "left", "left"),
        notes=_notes(lines, ci),
    )


def _row(line: Line) -> Row:
    row, fact = line.row, line.fact
    if row is None:
        return Row((line.trial, *[""] * 6), "variable")
    told = tuple(fact["published"]) if fact else ("standard error", "limits")
    se = ABSENT if row["std_error"] is None else error(100 * row["std_error"], 1)
    ends = limits(row["low"], row["high"]) or ABSENT
    if told == ("standard error",) and ends != ABSENT:
        ends += f"{HARD}{DERIVED_LIMITS}"
    if told == ("limits",) and se != ABSENT:
        se += f"{HARD}{DERIVED_ERROR}"
    if fact and row["confidence"] is not None and "limits" in told and round(row["confidence"], 4) != 0.95:
        ends += f" ({100 * row['confidence']:g}%)"
    estimate = "not estimable" if row["estimate"] is None else fixed(100 * row["estimate"], 1)
    n = count(row["at_risk"])
    return Row(
        (
            f"{line.trial}, {line.population}",
            n,
            estimate,
            se,
            ends,
            str(fact["source"]) if fact else "",
            mark_of(fact) if fact else "",
        ),
        "level",
    )


def _notes(lines: Sequence[Line], ci: str) -> tuple[str, ...]:
    facts = [line.fact for line in lines if line.fact is not None]
    notes = [f"n: patients. SE: standard error. {ci}: confidence interval."]
    if any(tuple(fact["published"]) == ("standard error",) for fact in facts):
        notes.append(f"{DERIVED_LIMITS}: computed from the published standard error, on the log-log scale.")
    if any(tuple(fact["published"]) == ("limits",) for fact in facts):
        notes.append(f"{DERIVED_ERROR}: computed back from the published limits.")
    said = dict.fromkeys(
        f"{fact['trial']}, {fact['population']}: {fact['note']}" for fact in facts if fact["note"]
    )
    remembered = dict.fromkeys(str(line.fact["trial"]) for line in lines if line.fact and from_memory(line))
    if remembered:
        notes.append(f"FROM MEMORY ({listing(list(remembered))}): compare with the paper before use.")
    return (*notes, *said)


def differences(section: Section) -> tuple[Table, ...]:
    """The cohort minus published results."""
    outputs = section.named("benchmark_difference")
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        rows.append(Row((heading_of(output), "", "", ""), "variable"))
        for row in output.rows.iter_rows(named=True):
            ours = "This cohort" if row["group"] is None else str(row["group"])
            ends = limits(row["low"], row["high"]) or ABSENT
            name = f"{ours} minus {row['term']} ({row['versus']})"
            rows.append(Row((name, str(row["level"]), fixed(100 * row["estimate"], 1), ends), "level"))
    heads = ("", "Time", "Difference, percentage points", interval_name(outputs[0].rows))
    return (
        Table.plain(
            name=f"{section.stem}-benchmark-differences",
            caption=captioned("Differences from published results", outputs),
            heads=heads,
            rows=rows,
            left=2,
            notes=(NO_COMPARISON,),
        ),
    )
