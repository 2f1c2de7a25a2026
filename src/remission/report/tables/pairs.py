"""Every two groups against each other, with adjustment for their number."""

from __future__ import annotations

from collections.abc import Sequence

from remission.core.wording import sentence_case
from remission.report.document import Row, Table
from remission.report.format import count, fixed, p_value
from remission.report.section import Section, captioned, heading_of, text_fact
from remission.report.tables.comparison import stratum_of
from remission.study.results import Output

ADJUSTMENTS = {"holm": "Holm", "bh": "Benjamini–Hochberg", "bonferroni": "Bonferroni"}


def adjustment_name(adjust: str) -> str:
    """Name an adjustment for multiplicity.

    Examples
    --------
    >>> adjustment_name("holm"), adjustment_name("bh")
    ('Holm', 'Benjamini–Hochberg')
    """
    return ADJUSTMENTS.get(adjust.lower(), sentence_case(adjust))


def adjustment_words(adjust: str) -> str:
    """Name an adjustment for multiplicity in a sentence.

    Examples
    --------
    >>> adjustment_words("holm"), adjustment_words("bonferroni")
    ('Holm’s method', 'Bonferroni’s method')
    """
    name = adjustment_name(adjust)
    return "the method of Benjamini and Hochberg" if "–" in name else f"{name}’s method"


def tables(section: Section) -> tuple[Table, ...]:
    """One table for all pairwise tests of the section."""
    outputs = section.named("pairwise")
    if not outputs:
        return ()
    rows: list[Row] = []
    for output in outputs:
        if len(outputs) > 1:
            rows.append(Row((heading_of(output), "", "", "", ""), "variable"))
        for row in output.rows.iter_rows(named=True):
            numbers = (
                fixed(row["statistic"], 2),
                count(row["df"]),
                p_value(row["p"]),
                p_value(row["p_adjusted"]),
            )
            pair = f"{row['group']} against {row['versus']}"
            rows.append(Row((pair, *numbers), "level" if len(outputs) > 1 else "plain"))
    adjust = adjustment_name(text_fact(outputs[0].facts, "adjust") or "none")
    heads = ("Groups", "χ²", "df", "P", f"P, adjusted ({adjust})")
    return (
        Table.plain(
            name=f"{section.stem}-pairwise",
            caption=captioned("Pairwise comparisons", outputs),
            heads=heads,
            rows=rows,
            notes=("Read the adjusted P: each pair is one of several looked at.", *_within(outputs)),
        ),
    )


def _within(outputs: Sequence[Output]) -> tuple[str, ...]:
    """Name the strata of the tests, where there are any."""
    strata = dict.fromkeys(label for output in outputs if (label := stratum_of(output)))
    return tuple(f"Tests are stratified by {label}." for label in strata)
