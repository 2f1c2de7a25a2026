"""One analysis on the page: heading, sentences, figures, tables, and each finding beside what it concerns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from remission.report.document import Block, Callout, CalloutKind, Heading, Paragraph
from remission.report.looks import look
from remission.report.narrative import sentences
from remission.report.section import Section, by_of
from remission.report.sentences import say, title_of
from remission.study.results import Analysis, Output, Statement


def slug(text: str) -> str:
    """Name a file after words.

    Examples
    --------
    >>> slug("Compare: OS by graft / source")
    'compare-os-by-graft-source'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-") or "analysis"


def analysis_blocks(analysis: Analysis, anchor: str, mark: str) -> list[Block]:
    """Lay out an analysis; a grouping variable each gets a part of its own."""
    parts = _parts(analysis.outputs)
    blocks: list[Block] = [Heading(1, analysis.title, anchor)]
    owned = [_owned(analysis.findings, by, parts) for by in parts]
    general = [finding for finding in analysis.findings if not any(finding in own for own in owned)]
    blocks += _boxes(general, "guard")
    several = len(parts) > 1
    for number, ((by, outputs), own) in enumerate(zip(parts.items(), owned, strict=True), start=1):
        stem = slug(analysis.name) + (f"-{slug(by)}" if several and by else "")
        section = Section(analysis, tuple(outputs), stem, mark)
        if several:
            blocks.append(Heading(2, f"By {by}" if by else "All patients", f"{anchor}-{number}"))
        blocks += _boxes(own, "guard")
        said = sentences(section)
        if said:
            blocks.append(Paragraph.of(" ".join(said)))
        blocks += look(section)
        blocks += [*_boxes(own, "warning"), *_boxes(own, "note")]
    blocks += [*_boxes(general, "warning"), *_boxes(general, "note")]
    return blocks


def _parts(outputs: Sequence[Output]) -> dict[str | None, list[Output]]:
    """Outputs by what the patients are grouped by, in order of appearance."""
    found: dict[str | None, list[Output]] = {}
    for output in outputs:
        found.setdefault(by_of(output), []).append(output)
    return found


def _owned(
    findings: Sequence[Statement], by: str | None, parts: dict[str | None, list[Output]]
) -> list[Statement]:
    """Findings that concern one part of the analysis."""
    if len(parts) == 1:
        return list(findings)
    if by is None:
        return [
            finding for finding in findings if "by_label" in finding.facts and not finding.facts["by_label"]
        ]
    return [
        finding
        for finding in findings
        if by
        in (finding.facts.get("by_label"), finding.facts.get("column_label"), finding.facts.get("label"))
    ]


def _boxes(findings: Sequence[Statement], kind: CalloutKind) -> list[Block]:
    """Boxes of one kind: the guard speaks alone, warnings and notes share a box."""
    chosen = [finding for finding in findings if finding.severity == kind]
    if kind == "guard":
        return [Callout(kind, title_of(finding), _paragraphs(say(finding))) for finding in chosen]
    said = dict.fromkeys(text for finding in chosen for text in say(finding).split("\n\n"))
    if not said:
        return []
    return [Callout(kind, title_of(chosen[0]), tuple(Paragraph.of(text) for text in said))]


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph.of(part) for part in text.split("\n\n"))
