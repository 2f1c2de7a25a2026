"""One cohort under several protocols: who moves where, what became of them, and how well each orders."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, sentence_case
from remission.report.document import Figure, HeaderCell, Row, Table
from remission.report.figures.data import interval_name
from remission.report.figures.migration import describe_migration, draw_migration
from remission.report.figures.style import MIDDLE
from remission.report.format import (
    ABSENT,
    chi_squared,
    count,
    error,
    fixed,
    limits,
    p_value,
    percent_styled,
)
from remission.report.section import Section, captioned, endpoint_of, heading_of, style_of
from remission.report.tables.comparison import test_name
from remission.report.words.phrases import items
from remission.study.results import Output

CONCORDANCE, DIFFERENCE = "concordance", "difference of concordance"
HARD = "\N{NO-BREAK SPACE}"
MEANING = (
    "Concordance (Harrell’s C): the share of pairs in which the patient of the higher group failed first; "
    "pairs of one group count half, so that few groups cannot reach 1. 0.5: no order. SE: standard error. "
    "Differences: the same patients under both protocols (paired)."
)


def migrations(section: Section) -> tuple[Figure | Table, ...]:
    """Figure and cross table once for each pair of protocols; what became of them for each endpoint."""
    found: list[Figure | Table] = []
    seen: set[tuple[object, object, int]] = set()
    outputs = section.named("migration")
    for output in outputs:
        key = (output.facts["from"], output.facts["to"], int(output.rows["at_risk"].sum()))
        if key not in seen:
            seen.add(key)
            found += [_figure(section, output), _cross(section, output)]
    return (*found, *[_cells(section, output) for output in outputs])


def _between(output: Output) -> str:
    return f"{output.facts['from_label']} and {output.facts['to_label']}"


def _figure(section: Section, output: Output) -> Figure:
    open_ones = output.facts["from_open"] or output.facts["to_open"]
    grey = " Grey: not decided, with the groups that remain possible." if open_ones else ""
    return Figure(
        name=f"{section.stem}-migration",
        caption=f"The same patients by {_between(output)}: bars are groups, bands are patients.{grey}",
        alt=describe_migration(output.rows, output.facts),
        draw=partial(draw_migration, output.rows, output.facts, section.mark),
        width=MIDDLE,
    )


def _cross(section: Section, output: Output) -> Table:
    rows, facts = output.rows, output.facts
    befores, afters = _names(facts["from_groups"]), _names(facts["to_groups"])
    numbers = {(row["group"], row["versus"]): row["at_risk"] for row in rows.iter_rows(named=True)}
    shown = [name for name in befores if any(numbers[name, other] for other in afters)]
    body = [
        Row(
            (
                name,
                *[count(numbers[name, other]) for other in afters],
                count(sum(numbers[name, o] for o in afters)),
            )
        )
        for name in shown
    ]
    totals = [sum(numbers[name, other] for name in befores) for other in afters]
    body.append(Row(("All", *[count(total) for total in totals], count(sum(totals))), "total"))
    top = (HeaderCell(""), HeaderCell(str(facts["to_label"]), len(afters)), HeaderCell(""))
    heads = (str(facts["from_label"]), *afters, "All")
    return Table(
        name=f"{section.stem}-migration",
        caption=f"Patients by {_between(output)}",
        header=(top, tuple(HeaderCell(head) for head in heads)),
        rows=tuple(body),
        align=("left", *["right"] * (len(heads) - 1)),  # type: ignore[arg-type]
        notes=(
            ("Open: what is not known could lead to any of the groups named.",)
            if any(name.startswith("open: ") for name in (*befores, *afters))
            else ()
        ),
    )


def _names(groups: Any) -> list[str]:
    return [str(group) for group in groups]


def _cells(section: Section, output: Output) -> Table:
    """Patients, events and the estimate of every pair of groups that has patients."""
    rows = output.rows.filter(pl.col("at_risk") > 0)
    at = next((level for level in rows["level"].to_list() if level is not None), None)
    style, ci = style_of(output), interval_name(rows)
    inside = {"limits": f"({ci})", "standard error": "(SE)", "both": f"(SE; {ci})"}[style]
    heads = [str(output.facts["from_label"]), str(output.facts["to_label"]), "Patients", "Events"]
    heads += [f"At {at}, % {inside}"] if at else []
    body = []
    for row in rows.iter_rows(named=True):
        cells = [row["group"], row["versus"], count(row["at_risk"]), count(row["events"])]
        if at:
            told = percent_styled(row["estimate"], row["std_error"], (row["low"], row["high"]), style)
            plain = told.replace("%", "", 1).replace("(SE ", "(")
            cells.append(ABSENT if row["estimate"] is None else plain)
        body.append(Row(tuple(cells)))
    least = count(float(output.facts["least"]))  # type: ignore[arg-type]
    return Table.plain(
        name=f"{section.stem}-{output.facts['endpoint']}-cells",
        caption=f"{endpoint_of(output)} by {_between(output)}",
        heads=heads,
        rows=body,
        left=2,
        notes=(f"Estimates are given for {least} patients or more.",) if at else (),
    )


def discriminations(section: Section) -> tuple[Table, ...]:
    """How well the groups of each protocol order the outcome, and the differences."""
    outputs = section.named("discrimination")
    if not outputs:
        return ()
    ci = interval_name(outputs[0].rows)
    heads = ("", "Groups", "Concordance", "SE", ci, "Test of the groups", "P")
    notes = [MEANING, *[_basis(output) for output in outputs]]
    return (
        Table(
            name=f"{section.stem}-discrimination",
            caption=captioned("Discrimination of the protocols", outputs),
            header=(tuple(HeaderCell(head) for head in heads),),
            rows=tuple(
                row for output in outputs for row in _discrimination(output, several=len(outputs) > 1)
            ),
            align=("left", "right", "right", "right", "right", "left", "right"),
            notes=tuple(dict.fromkeys(notes)),
        ),
    )


def _basis(output: Output) -> str:
    row = output.rows.row(0, named=True)
    about = in_sentence(endpoint_of(output))
    numbers = (
        f"{count(row['at_risk'])} patients with a group by every protocol, {count(row['events'])} events"
    )
    few = row["measure"] == CONCORDANCE and row["estimate"] is not None and row["std_error"] is None
    none = " Too few events for standard errors and limits of concordance." if few else ""
    return f"{sentence_case(about)}: {numbers}.{none}"


def _discrimination(output: Output, *, several: bool) -> list[Row]:
    protocols = {str(item["name"]): item for item in items(output.facts, "protocols")}
    found = [Row((heading_of(output), *[""] * 6), "variable")] if several else []
    kind: Any = "level" if several else "plain"
    tests = {
        row["term"]: row
        for row in output.rows.iter_rows(named=True)
        if row["measure"] not in (CONCORDANCE, DIFFERENCE)
    }
    for row in output.rows.iter_rows(named=True):
        ends = limits(row["low"], row["high"], scale=1, decimals=3) or ABSENT
        numbers = (fixed(row["estimate"], 3), error(row["std_error"], 3), ends)
        if row["measure"] == CONCORDANCE:
            item, test = protocols[row["term"]], tests.get(row["term"], {})
            name = test_name(str(test.get("measure") or "log-rank"))
            if test.get("statistic") is not None:
                numbers_of = chi_squared(test["statistic"], test["df"], 1)
                name += f", {numbers_of.replace(' ', HARD)}"
            groups = count(len(item["groups"]))
            found.append(Row((str(item["label"]), groups, *numbers, name, p_value(test.get("p"))), kind))
        elif row["measure"] == DIFFERENCE:
            name = f"{protocols[row['term']]['label']} minus {protocols[row['versus']]['label']}"
            found.append(Row((name, "", *numbers, "Paired difference", p_value(row["p"])), kind))
    return found
