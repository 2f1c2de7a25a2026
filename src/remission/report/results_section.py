"""One analysis on the page: heading, sentences, figures, tables, and each finding beside what it concerns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from remission.report.document import Block, Callout, CalloutKind, Heading, Paragraph
from remission.report.looks import look
from remission.report.narrative import paragraphs
from remission.report.section import Section, by_of, text_fact
from remission.report.sentences import joined, say, say_all, title_of
from remission.report.words.guard import WHY, WHY_AGAIN
from remission.study.results import Analysis, Output, Statement

FEW = 3
OF_MODELS = ("model", "forest", "elimination", "proportionality", "schoenfeld")


def slug(text: str) -> str:
    """Name a file after words.

    Examples
    --------
    >>> slug("Compare: OS by graft / source")
    'compare-os-by-graft-source'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].rstrip("-") or "analysis"


def stem_of(analysis: Analysis, outputs: Sequence[Output]) -> str:
    """Name the files of a part after what they show: the endpoints when they are few, and the groups.

    Examples
    --------
    >>> from remission.core.vocabulary import result_rows
    >>> curves = Output("curves", result_rows({}), {"endpoint": "os", "by": "graft", "by_label": "Graft"})
    >>> stem_of(Analysis("07-compare", "compare", "", ()), [curves])
    'os-by-graft'
    """
    endpoints = list(dict.fromkeys(text_fact(output.facts, "endpoint") for output in outputs))
    named = [name for name in endpoints if name]
    parts = named if 0 < len(named) <= FEW else [analysis.kind]
    by = next((text_fact(output.facts, "by") for output in outputs), "")
    grouped = f"-by-{by}" if by and by_of(outputs[0]) else ""
    landmark = "-landmark" if analysis.kind == "landmark" and named else ""
    return slug(f"{'-'.join(parts)}{grouped}{landmark}")


def analysis_blocks(analysis: Analysis, anchor: str, mark: str, told: set[str]) -> list[Block]:
    """Lay out an analysis, a part for each grouping variable; `told`: what the guard has explained so far."""
    parts = _parts(analysis.outputs)
    blocks: list[Block] = [Heading(1, analysis.title, anchor)]
    owned = [_owned(analysis.findings, by, parts) for by in parts]
    general = [finding for finding in analysis.findings if not any(finding in own for own in owned)]
    blocks += _boxes(general, "guard", told)
    several = len(parts) > 1
    for number, ((by, outputs), own) in enumerate(zip(parts.items(), owned, strict=True), start=1):
        section = Section(analysis, tuple(outputs), stem_of(analysis, outputs), mark)
        if several:
            blocks.append(Heading(2, f"By {by}" if by else "All patients", f"{anchor}-{number}"))
        blocks += _boxes(own, "guard", told)
        blocks += [Paragraph.of(" ".join(said)) for said in paragraphs(section)]
        blocks += look(section)
        blocks += [*_boxes(own, "warning", told), *_boxes(own, "note", told)]
    blocks += [*_boxes(general, "warning", told), *_boxes(general, "note", told)]
    return blocks


def _parts(outputs: Sequence[Output]) -> dict[str | None, list[Output]]:
    """Outputs by what the patients are grouped by, in order of appearance."""
    found: dict[str | None, list[Output]] = {}
    grouped = {by for output in outputs if (by := by_of(output)) is not None}
    # The model behind adjusted curves belongs to them.
    only = next(iter(grouped)) if len(grouped) == 1 else None
    for output in outputs:
        by = by_of(output) or (only if output.name in OF_MODELS else None)
        found.setdefault(by, []).append(output)
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


def _boxes(findings: Sequence[Statement], kind: CalloutKind, told: set[str]) -> list[Block]:
    """Boxes of one kind: the guard speaks alone, warnings and notes share a box."""
    chosen = joined([finding for finding in findings if finding.severity == kind])
    if not chosen:
        return []
    if kind != "guard":
        said = say_all(chosen)
        return [Callout(kind, title_of(chosen[0]), tuple(Paragraph.of(text) for text in said))]
    return [Callout(kind, title_of(finding), _explained(say(finding), told)) for finding in chosen]


def _explained(text: str, told: set[str]) -> tuple[Paragraph, ...]:
    """Paragraphs of the guard; its reasons are told in full once in a report."""
    parts = [WHY_AGAIN if part == WHY and part in told else part for part in text.split("\n\n")]
    told.update(parts)
    return tuple(Paragraph.of(part) for part in parts)
