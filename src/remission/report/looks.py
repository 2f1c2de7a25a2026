"""How every output looks, by its name: what an analysis may hand over and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from remission.report.document import Block
from remission.report.figures import added_value as added_value_figures
from remission.report.figures import prediction as prediction_figures
from remission.report.figures.blocks import curve_figures, screen_figures, stack_figures
from remission.report.figures.drug_response_blocks import cross_figures
from remission.report.figures.genes_blocks import (
    mean_figures,
    overlap_figures,
    p_figures,
    volcano_figures,
)
from remission.report.figures.lc50_histogram import lc50_figures
from remission.report.figures.model_blocks import forest_figures, schoenfeld_figures
from remission.report.figures.mrd import mrd_figures
from remission.report.figures.spline import spline_figures
from remission.report.figures.timeline import timeline_figures
from remission.report.figures.transplant_blocks import way_figures
from remission.report.section import Section
from remission.report.tables import (
    added_value,
    benchmark,
    causes_of_death,
    characteristics,
    comparison,
    differences,
    drug_response,
    elimination,
    estimates,
    first_events,
    follow_up,
    genes,
    indication,
    medians,
    model,
    mrd,
    pairs,
    prediction,
    proportionality,
    response_rates,
    restratify,
    screen,
    side_by_side,
    transplant,
    treatment,
)

Look = Callable[[Section], tuple[Block, ...]]


def _in_the_curves(_: Section) -> tuple[Block, ...]:
    """Numbers at risk stand under their curves."""
    return ()


# In the order they are printed.
LOOKS: dict[str, Look] = {
    "characteristics": characteristics.tables,
    "phase_starts": timeline_figures,
    "phases": treatment.tables,
    "indication": indication.tables,
    "follow_up": follow_up.tables,
    "transplant_effect": lambda section: (*way_figures(section), *transplant.effects(section)),
    "transplant_time": transplant.person_time,
    "transplant_by_risk": transplant.by_risk,
    "transplant_periods": transplant.periods,
    "curves": curve_figures,
    "at_risk": _in_the_curves,
    "stack": stack_figures,
    "estimates": estimates.tables,
    "medians": medians.tables,
    "test": comparison.tables,
    "side_by_side": side_by_side.tables,
    "pairwise": pairs.tables,
    "difference": differences.at_times,
    "restricted_means": differences.restricted_means,
    "model": model.tables,
    "forest": forest_figures,
    "spline": spline_figures,
    "elimination": elimination.tables,
    "proportionality": proportionality.tables,
    "schoenfeld": schoenfeld_figures,
    "deviations": indication.deviations,
    "prediction": prediction.tables,
    "prediction_calibration": prediction_figures.calibration_figures,
    "prediction_null": prediction_figures.null_figures,
    "prediction_truth": prediction.truths,
    "prediction_genes": prediction.genes,
    "prediction_transport": prediction.transports,
    "added_value": added_value.tables,
    "added_effect": added_value.effects,
    "added_calibration": lambda section: (
        *added_value_figures.calibration_figures(section),
        *added_value.calibrations(section),
    ),
    "added_benefit": lambda section: (
        *added_value_figures.benefit_figures(section),
        *added_value.benefits(section),
    ),
    "benchmark": benchmark.blocks,
    "benchmark_difference": benchmark.differences,
    "benchmark_curves": _in_the_curves,
    "benchmark_at_risk": _in_the_curves,
    "migration": restratify.migrations,
    "discrimination": restratify.discriminations,
    "causes_of_death": causes_of_death.tables,
    "first_events": first_events.tables,
    "response": response_rates.tables,
    "mrd": lambda section: (*mrd_figures(section), *mrd.tables(section)),
    "mrd_change": mrd.change_tables,
    "mrd_clearance": mrd.clearance_tables,
    "lc50_distribution": lc50_figures,
    "lc50": drug_response.lc50_tables,
    "drug_scores": drug_response.score_tables,
    "cross_resistance": lambda section: (*cross_figures(section), *drug_response.cross_tables(section)),
    "lc50_by_group": drug_response.group_tables,
    "gene_counts": genes.count_tables,
    "gene_truth": genes.truth_tables,
    "volcano": volcano_figures,
    "p_histogram": p_figures,
    "genes": genes.gene_tables,
    "heat_map": mean_figures,
    "gene_overlap": lambda section: (*overlap_figures(section), *genes.overlap_tables(section)),
    "enrichment": genes.set_tables,
    "screen": lambda section: (*screen_figures(section), *screen.tables(section)),
}


def look(section: Section) -> tuple[Block, ...]:
    """Figures and tables of a section, figures first; outputs without rows have nothing to show.

    Raises
    ------
    KeyError
        If an output has no look.
    """
    names = {output.name for output in section.outputs}
    unknown = names - set(LOOKS)
    if unknown:
        message = f"the report does not know how to show {', '.join(sorted(unknown))}"
        raise KeyError(message)
    told = replace(section, outputs=tuple(each for each in section.outputs if each.rows.height))
    return tuple(block for name in LOOKS if name in names for block in LOOKS[name](told))
