"""Tests of proportional hazards: each term, and all together."""

from __future__ import annotations

from remission.core.wording import in_sentence, sentence_case
from remission.report.document import Row, Table
from remission.report.format import count, fixed, p_value
from remission.report.ratios import outcome_of, term_words, terms_of
from remission.report.section import Section
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
    """One table for all models of the section."""
    outputs = section.named("proportionality")
    if not outputs:
        return ()
    several = len(outputs) > 1
    rows: list[Row] = []
    for output in outputs:
        if several:
            head = f"{sentence_case(outcome_of(output))}{MODELS.get(output.variant, '')}"
            rows.append(Row((head, "", "", ""), "variable"))
        rows += _rows(output, several=several)
    transform = str(outputs[0].facts.get("transform") or "")
    hazards = "hazards" if outputs[0].facts.get("model") == "Cox" else "subdistribution hazards"
    about = "" if several else f": {in_sentence(outcome_of(outputs[0]))}{MODELS.get(outputs[0].variant, '')}"
    return (
        Table.plain(
            name=f"{section.stem}-proportionality",
            caption=f"Tests of proportional {hazards}{about}",
            heads=("", "χ²", "df", "P"),
            rows=rows,
            notes=(f"Score tests against {TRANSFORMS.get(transform, transform)}.", READING),
        ),
    )


def _rows(output: Output, *, several: bool) -> list[Row]:
    """Terms of a model, then all of them together."""
    terms = terms_of([output])
    found = []
    for row in output.rows.iter_rows(named=True):
        whole = row["term"] is None
        name = "All terms together" if whole else term_words(terms.get(row["term"], {"name": row["term"]}))
        cells = (name, fixed(row["statistic"], 2), count(row["df"]), p_value(row["p"]))
        found.append(Row(cells, "level" if several else "total" if whole else "plain"))
    return found
