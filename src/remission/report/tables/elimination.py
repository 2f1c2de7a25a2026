"""The whole path of a backward elimination: the P value of every term at every step."""

from __future__ import annotations

import polars as pl

from remission.core.wording import in_sentence, listing
from remission.report.document import Row, Table
from remission.report.format import p_value
from remission.report.ratios import outcome_of, size_words, term_words, terms_of
from remission.report.section import Section
from remission.report.tables import model
from remission.report.words.phrases import names
from remission.study.results import Output

# More steps than this go to a further table, so that none is wider than a page.
AT_MOST = 8
REMOVED = "†"
WARNING = (
    "The choice looked at the outcome: limits and P values of the last model are too good, and another "
    "sample may well choose other terms."
)


def tables(section: Section) -> tuple[Table, ...]:
    """The path, in several tables where it is long, and the model it leads to."""
    found: list[Table] = []
    for output in section.named("elimination"):
        steps = output.rows["level"].unique(maintain_order=True).to_list()
        found += [
            _table(section, output, steps[start : start + AT_MOST], go_on=start > 0)
            for start in range(0, len(steps), AT_MOST)
        ]
    found += model.made(
        section, [each for each in section.named("model") if each.variant == model.ELIMINATED]
    )
    return tuple(found)


def _table(section: Section, output: Output, steps: list[str], *, go_on: bool) -> Table:
    terms, rows = terms_of([output]), output.rows
    keep = names(output.facts, "keep")
    above = output.facts.get("above")
    body = []
    for name in rows["term"].unique(maintain_order=True).to_list():
        cells = [_cell(rows, name, step) for step in steps]
        if any(cells):
            body.append(Row((term_words(terms.get(name, {"name": name})), *cells)))
    notes = [
        f"{size_words(output.facts)}, the same at every step. {REMOVED} removed: the largest P above {above}."
    ]
    if keep:
        notes.append(f"Kept whatever their P: {listing(keep)}.")
    tail = ", continued" if go_on else ""
    return Table.plain(
        name=f"{section.stem}-elimination",
        caption=f"Backward elimination, every step (P values): {in_sentence(outcome_of(output))}{tail}",
        heads=["", *[f"Step {step}" for step in steps]],
        rows=body,
        notes=(*notes, WARNING),
    )


def _cell(rows: pl.DataFrame, name: str, step: str) -> str:
    """P of a term at a step, "" once it is out."""
    found = rows.filter((pl.col("term") == name) & (pl.col("level") == step))
    if not found.height:
        return ""
    mark = f"\N{NO-BREAK SPACE}{REMOVED}" if found["measure"][0] == "removed" else ""
    return p_value(found["p"][0]) + mark
