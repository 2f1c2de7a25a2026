"""The effect of transplant in tables: all ways of counting, time by status, early and late, by risk group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from remission.core.wording import in_sentence, listing, sentence_case
from remission.report.document import HeaderCell, Row, Table
from remission.report.figures.data import interval_name
from remission.report.format import ABSENT, count, fixed, p_value, percent
from remission.report.ratios import ratio_short, ratio_text, ratio_words
from remission.report.section import Section, by_of, endpoint_of, text_fact
from remission.report.words.phrases import items, names
from remission.report.words.transplant import way_name
from remission.study.results import Output

WHAT = {
    "naive": "ever against never, from the first day: biased",
    "Mantel-Byar": "the test that goes with it",
    "time-dependent": "without it until the day, with it from then on",
    "within risk": "the same, within risk groups",
    "landmark": "those at risk then, as they were by then",
    "waiting time": "with it: from the day of it; never with it: from that time",
    "donor": "by donor at the start (intention to treat)",
}
STATUS = {
    "never": "never",
    "before": "before it (immortal time)",
    "after": "after it",
}


def effects(section: Section) -> tuple[Table, ...]:
    """All ways of counting, one table per endpoint."""
    return tuple(_effects(section, output) for output in section.named("transplant_effect"))


def _effects(section: Section, output: Output) -> Table:
    rows, facts = output.rows, output.facts
    ratio = f"{ratio_short(facts)} ({interval_name(rows)})".replace(" ", "\N{NO-BREAK SPACE}")
    heads = ("", "With it, events/n", "Without, events/n", ratio, "P", "What is compared")
    body = [_effect(row, item) for row, item in zip(rows.to_dicts(), items(facts, "ways"), strict=True)]
    adjusted = names(facts, "adjusted_for")
    notes = [
        (
            f"{ratio_short(facts)}: {ratio_words(facts)} (Cox regression) of “{by_of(output)}”, with it "
            "against without it; CI: confidence interval. P of Wald, of the Mantel–Byar test in its row."
        ),
        "A patient who moves counts on both sides; his event counts where he was then.",
        "The naive row is biased by immortal time and must not be quoted.",
    ]
    if adjusted:
        notes.append(
            f"Adjusted for {listing(adjusted)}; patients with missing values are left out of these rows."
        )
    if any(item.get("firth") for item in items(facts, "ways")):
        notes.append("*: estimated with Firth’s penalty, as one side had no events.")
    return Table(
        name=f"{section.stem}-transplant",
        caption=f"Effect of {by_of(output)} on {in_sentence(endpoint_of(output))}, counted in different ways",
        header=(tuple(HeaderCell(head) for head in heads),),
        rows=tuple(body),
        align=("left", "right", "right", "right", "right", "left"),
        notes=tuple(notes),
    )


def _effect(row: dict[str, Any], item: Mapping[str, Any]) -> Row:
    mark = "*" if item.get("firth") else ""
    text = f"{ratio_text(row)}{mark}".replace(" ", "\N{NO-BREAK SPACE}")
    ratio = ABSENT if item["way"] == "Mantel-Byar" else text
    counts = [f"{count(item[f'{side}_events'])}/{count(item[f'{side}_n'])}" for side in ("yes", "no")]
    why = f"not estimable: {item['reason']}" if item.get("reason") else WHAT[str(item["way"])]
    if item.get("adjusted"):
        # Under the plain row it belongs to, which says what is compared.
        told = sentence_case(why) if item.get("reason") else ""
        return Row(("adjusted", *counts, ratio, p_value(row["p"]), told), "level")
    return Row((way_name(item), *counts, ratio, p_value(row["p"]), sentence_case(why)))


def person_time(section: Section) -> tuple[Table, ...]:
    """Patient-years and events never with it, before it and after it."""
    found = []
    for output in section.named("transplant_time"):
        body = []
        total = float(output.rows["time"].sum()) or 1.0
        for row in output.rows.to_dicts():
            rate = ABSENT if row["estimate"] is None else fixed(100 * row["estimate"], 1)
            share = percent(row["time"] / total)
            name = sentence_case(STATUS[str(row["group"])])
            cells = (name, count(row["at_risk"]), fixed(row["time"], 1), share, count(row["events"]), rate)
            body.append(Row(cells))
        heads = ("", "Patients", "Patient-years", "Share", "Events", "Events per 100 patient-years")
        found.append(
            Table.plain(
                name=f"{section.stem}-person-time",
                caption=f"Time at risk and events by {by_of(output)}: {in_sentence(endpoint_of(output))}",
                heads=heads,
                rows=body,
                notes=(
                    (
                        "The naive comparison adds the time before it to the time after it, though by "
                        "definition no event can fall in it."
                    ),
                ),
            )
        )
    return tuple(found)


def periods(section: Section) -> tuple[Table, ...]:
    """Early and late effect."""
    found = []
    for output in section.named("transplant_periods"):
        rows, facts = output.rows, output.facts
        ratios = rows.filter(pl.col("measure") != "change").to_dicts()
        change = rows.filter(pl.col("measure") == "change").to_dicts()
        ratio = f"{ratio_short(facts)} ({interval_name(rows)})"
        heads = ("Time since", "Patients", "Events", ratio, "P")
        body = [
            Row(
                (
                    "Without it" if row["level"] == "no" else sentence_case(str(row["level"])),
                    count(row["at_risk"]),
                    count(row["events"]),
                    ratio_text(row),
                    "" if row["p"] is None else p_value(row["p"]),
                )
            )
            for row in ratios
        ]
        notes = [f"Time-dependent Cox model, {ratio_words(facts)} against being without it."]
        adjusted = names(facts, "adjusted_for")
        notes += [f"Adjusted for {listing(adjusted)}."] if adjusted else []
        notes += [
            f"P for a change with the time since: {p_value(row['p'])} (likelihood ratio)." for row in change
        ]
        notes += ["With Firth’s penalty, as a period had no events."] if facts.get("firth") else []
        found.append(
            Table.plain(
                name=f"{section.stem}-early-late",
                caption=f"Early and late effect of {by_of(output)}: {in_sentence(endpoint_of(output))}",
                heads=heads,
                rows=body,
                notes=notes,
            )
        )
    return tuple(found)


def by_risk(section: Section) -> tuple[Table, ...]:
    """Who was transplanted in each risk group."""
    found = []
    for output in section.named("transplant_by_risk"):
        body = []
        for level in output.rows["level"].unique(maintain_order=True):
            here = output.rows.filter(pl.col("level") == level)
            n = here.filter(pl.col("measure") == "patients")["estimate"][0]
            had = here.filter(pl.col("measure") == "transplanted")["estimate"][0]
            body.append(Row((str(level), count(n), count(had), count(n - had), percent(had / n))))
        heads = (text_fact(output.facts, "risk_label"), "Patients", "With it", "Without", "Share with it")
        found.append(
            Table.plain(
                name=f"{section.stem}-by-risk",
                caption=f"Who was transplanted, by {text_fact(output.facts, 'risk_label')}: patients of "
                f"{in_sentence(endpoint_of(output))}",
                heads=heads,
                rows=body,
                notes=("With it: while at risk for this endpoint.",),
            )
        )
    return tuple(found)
