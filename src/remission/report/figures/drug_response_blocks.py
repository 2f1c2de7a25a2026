"""The figures of drug response as blocks of a report."""

from __future__ import annotations

from functools import partial

from remission.report.document import Figure
from remission.report.figures.cross_resistance import describe_cross_resistance, draw_cross_resistance
from remission.report.figures.data import interval_name
from remission.report.figures.style import DOUBLE
from remission.report.section import Section

LABELS = {"kendall": "Kendall’s τ", "spearman": "Spearman’s ρ"}
CELLS_SHOWN = 24


def cross_figures(section: Section) -> tuple[Figure, ...]:
    """The matrix of every two drugs."""
    found = []
    for output in section.named("cross_resistance"):
        drugs = [str(drug) for drug in output.facts["drugs"] or ()]  # type: ignore[union-attr]
        label = LABELS[str(output.facts["statistic"])]
        if not 2 < len(drugs) <= CELLS_SHOWN:
            continue
        found.append(
            Figure(
                name="cross-resistance",
                caption=f"Cross-resistance: {label} of the LC50 of every two drugs, with "
                f"{interval_name(output.rows)} and number of patients.",
                alt=describe_cross_resistance(output.rows),
                draw=partial(draw_cross_resistance, output.rows, drugs, label, section.mark),
                width=DOUBLE,
            )
        )
    return tuple(found)
