"""Floor 4: from Results to sentences, tables and figures, then to HTML and Word."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from remission.report.compose import build
    from remission.report.document import Document
    from remission.report.figures.curves import plot_curves
    from remission.report.figures.flow import plot_flow
    from remission.report.figures.forest import plot_forest
    from remission.report.figures.genes_heatmap import plot_gene_heatmap, plot_group_heatmap
    from remission.report.figures.genes_overlap import plot_gene_overlap
    from remission.report.figures.genes_pvalues import plot_p_values
    from remission.report.figures.genes_volcano import plot_volcano
    from remission.report.figures.risk_table import plot_risk_table
    from remission.report.figures.schoenfeld import plot_schoenfeld
    from remission.report.figures.screen import plot_screen
    from remission.report.figures.stack import plot_stack
    from remission.report.figures.style import journal
    from remission.report.files import write
    from remission.report.methods import say_method
    from remission.report.sentences import say

__all__ = [
    "Document",
    "build",
    "journal",
    "plot_curves",
    "plot_flow",
    "plot_forest",
    "plot_gene_heatmap",
    "plot_gene_overlap",
    "plot_group_heatmap",
    "plot_p_values",
    "plot_risk_table",
    "plot_schoenfeld",
    "plot_screen",
    "plot_stack",
    "plot_volcano",
    "say",
    "say_method",
    "write",
]

_HOME = {
    "Document": "document",
    "build": "compose",
    "journal": "figures.style",
    "plot_curves": "figures.curves",
    "plot_flow": "figures.flow",
    "plot_forest": "figures.forest",
    "plot_gene_heatmap": "figures.genes_heatmap",
    "plot_gene_overlap": "figures.genes_overlap",
    "plot_group_heatmap": "figures.genes_heatmap",
    "plot_p_values": "figures.genes_pvalues",
    "plot_risk_table": "figures.risk_table",
    "plot_schoenfeld": "figures.schoenfeld",
    "plot_screen": "figures.screen",
    "plot_stack": "figures.stack",
    "plot_volcano": "figures.genes_volcano",
    "say": "sentences",
    "say_method": "methods",
    "write": "files",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for: matplotlib and python-docx take their time."""
    if name not in _HOME:
        message = f"remission.report has no {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"remission.report.{_HOME[name]}"), name)
