"""From Results to a document: the results section of a registry paper, with methods and provenance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remission.cohort.cohort import FlowStep
from remission.core.wording import in_sentence, sentence_case
from remission.report.document import Block, Document, Figure, Heading, Paragraph, References, Table, numbered
from remission.report.figures.flow import describe_flow, draw_flow
from remission.report.figures.style import DOUBLE
from remission.report.methods import methods
from remission.report.provenance import endpoint_definitions, provenance
from remission.report.references import Citations
from remission.report.results_section import analysis_blocks
from remission.report.signs import with_signs
from remission.report.summary import patients_in_words, summary
from remission.study.results import EndpointSummary, Results

SIMULATED = "Simulated data"
BANNER = "Simulated data: no patient stands behind any number on these pages."


def build(results: Results) -> Document:
    """Lay out the report of a study.

    Parameters
    ----------
    results : Results

    Returns
    -------
    Document
        Title, summary, patients, every analysis with figures, tables and findings, definitions, methods,
        references, provenance; tables and figures numbered.

    Raises
    ------
    KeyError
        If an analysis hands over an output or a statement the report has no look or words for.
    """
    results = with_signs(results)
    mark = SIMULATED if results.simulated else ""
    citations = Citations()
    blocks: list[Block] = [*summary(results), *_patients(results, mark)]
    told: set[str] = set()
    for number, analysis in enumerate(results.analyses, start=1):
        blocks += analysis_blocks(analysis, f"analysis-{number}", mark, told)
    blocks += endpoint_definitions(results)
    blocks += methods(results, citations)
    if citations.items():
        blocks += [Heading(1, "References", "references"), References(citations.items())]
    blocks += provenance(results)
    if mark:
        blocks = [_marked(block) for block in blocks]
    document = Document(
        title=results.title,
        subtitle=results.question,
        blocks=tuple(blocks),
        banner=BANNER if mark else "",
        made=results.provenance.started,
        authors=tuple(results.authors),
    )
    return numbered(document)


def _patients(results: Results, mark: str) -> list[Block]:
    """The cohorts, each with its flow diagram."""
    blocks: list[Block] = [Heading(1, "Patients", "patients")]
    blocks += _cohort("flow", "", results.flow, results.endpoints, mark)
    if results.validation is not None:
        second = results.validation
        blocks.append(Heading(2, sentence_case(second.label), "patients-validation"))
        blocks += _cohort("flow-validation", second.label, second.flow, second.endpoints, mark)
    return blocks


def _cohort(
    name: str, label: str, flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary], mark: str
) -> list[Block]:
    """Who was analysed, and the flow diagram."""
    of = f" ({in_sentence(label)})" if label else ""
    return [
        Paragraph.of(patients_in_words(flow, endpoints)),
        Figure(
            name=name,
            caption=f"Flow diagram{of}: from the rows of the file to the patients analysed.",
            alt=describe_flow(flow, endpoints),
            draw=lambda: draw_flow(flow, endpoints, mark),
            width=DOUBLE,
        ),
    ]


def _marked(block: Block) -> Block:
    """Say under every table and figure that the data are simulated."""
    if isinstance(block, Table):
        return replace(block, notes=(*block.notes, f"{SIMULATED}."))
    if isinstance(block, Figure):
        return replace(block, caption=f"{block.caption} {SIMULATED}.")
    return block
