"""Tests of proportional hazards: each term, and all together."""

from __future__ import annotations

from remission.report.document import HeaderCell, Row, Table
from remission.report.format import count, fixed, in_sentence, p_value
from remission.report.ratios import term_words, terms_of
from remission.report.section import Section, endpoint_of
from remission.study.results import Output

TRANSFORMS = {"km": "the Kaplan–Meier transform of time", "log": "the logarithm of time", "identity": "time"}
READING = (
    "A small P: the effect changes during follow-up, and one ratio is an average over it. A large P does not "
    "show that it stays the same."
)
MODELS = {
    "eliminated": ", model after backward elimination",
    "time-dependent": ", groups that change over time",
    "delayed entry": ", patients counted from the day it was known",
}


def tables(section: Section) -> tuple[Table, ...]:
    """One table per model that was tested."""
    return tuple(_table(section, output) for output in section.named("proportionality") if output.rows.height)


def _table(section: Section, output: Output) -> Table:
    terms = terms_of([output])
    rows = []
    for row in output.rows.iter_rows(named=True):
        whole = row["term"] is None
        name = "All terms together" if whole else term_words(terms.get(row["term"], {"name": row["term"]}))
        cells = (name, fixed(row["statistic"], 2), count(row["df"]), p_value(row["p"]))
        rows.append(Row(cells, "total" if whole else "plain"))
    transform = str(output.facts.get("transform") or "")
    return Table(
        name=f"{section.stem}-proportionality-{output.variant}",
        caption=f"Tests of proportional hazards: {in_sentence(endpoint_of(output))}"
        f"{MODELS.get(output.variant, '')}",
        header=(tuple(HeaderCell(head) for head in ("", "χ²", "df", "P")),),
        rows=tuple(rows),
        align=("left", "right", "right", "right"),
        notes=(f"Score tests against {TRANSFORMS.get(transform, transform)}.", READING),
    )
