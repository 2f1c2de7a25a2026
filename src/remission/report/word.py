"""The report as a Word file that co-authors can edit: real headings, captions, tables and page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from remission.report.document import (
    Block,
    Bullets,
    Callout,
    Definitions,
    Document,
    Figure,
    Heading,
    Paragraph,
    References,
    Summary,
    Table,
)
from remission.report.figures.save import Drawing, save
from remission.report.word_parts import field, page_setup, styles
from remission.report.word_tables import add_summary, add_table

TEXT_WIDTH = 160.0
_LONGEST_PROPERTY = 255


def write(document: Document, path: str | Path, drawings: Mapping[str, Drawing] | None = None) -> None:
    """Write the document as .docx (A4).

    Parameters
    ----------
    document : Document
    path : str or Path
    drawings : mapping of figure name to Drawing, optional
        Figures already drawn; they are drawn here unless given.
    """
    drawn = drawings if drawings is not None else {figure.name: save(figure) for figure in document.figures}
    word = docx.Document()
    styles(word)
    page_setup(word, document.banner)
    _properties(word, document)
    word.add_paragraph(document.title, style="Title")
    if document.subtitle:
        word.add_paragraph(document.subtitle, style="Subtitle")
    if document.authors:
        word.add_paragraph(", ".join(document.authors), style="Authors")
    if document.banner:
        word.add_paragraph(document.banner, style="Callout Warning")
    for block in document.blocks:
        _add(word, block, drawn)
    held = io.BytesIO()
    word.save(held)
    Path(path).write_bytes(_dateless(held))


def _dateless(packed: io.BytesIO) -> bytes:
    """Pack the file again without the times of packing, so that the same document gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            kept = zipfile.ZipInfo(item.filename)
            kept.compress_type = (
                zipfile.ZIP_STORED if item.filename.endswith(".png") else zipfile.ZIP_DEFLATED
            )
            new.writestr(kept, old.read(item))
    return out.getvalue()


def _properties(word: WordDocument, document: Document) -> None:
    """Title and language; nobody's name."""
    properties = word.core_properties
    properties.title = _property(document.title)
    properties.subject = _property(document.subtitle)
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.language = "en-GB"
    try:
        made = datetime.fromisoformat(document.made).astimezone(UTC).replace(tzinfo=None)
    except ValueError:
        made = datetime(2000, 1, 1)  # noqa: DTZ001 - python-docx writes naive times as UTC
    properties.created = properties.modified = made


def _property(text: str) -> str:
    """Shorten to what Word holds as a property of a file; the page itself has the whole text."""
    return text if len(text) <= _LONGEST_PROPERTY else f"{text[: _LONGEST_PROPERTY - 1].rstrip()}…"


def _add(word: WordDocument, block: Block, drawings: Mapping[str, Drawing]) -> None:
    if isinstance(block, Figure):
        _figure(word, block, drawings[block.name])
    else:
        _ADDERS[type(block)](word, block)


def _heading(word: WordDocument, block: Heading) -> None:
    word.add_heading(block.text, level=block.level)


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    _runs(word.add_paragraph(), block)


def _bullets(word: WordDocument, block: Bullets) -> None:
    for item in block.items:
        _runs(word.add_paragraph(style="List Bullet"), item)


def _definitions(word: WordDocument, block: Definitions) -> None:
    for term, meaning in block.items:
        paragraph = word.add_paragraph(style="Definition")
        paragraph.add_run(f"{term}. ").bold = True
        _runs(paragraph, meaning)


def _references(word: WordDocument, block: References) -> None:
    for number, item in enumerate(block.items, start=1):
        word.add_paragraph(f"{number}.\t{item}", style="Reference")


def _table(word: WordDocument, block: Table) -> None:
    _caption(word, "Table", block.number, block.caption, before=True)
    add_table(word, block, TEXT_WIDTH)
    word.add_paragraph(" ".join(block.notes), style="Table Note")


def _runs(paragraph: WordParagraph, text: Paragraph) -> None:
    for run in text.runs:
        added = paragraph.add_run(run.text)
        added.bold = True if run.style == "strong" else None
        added.italic = True if run.style == "emphasis" else None
        added.font.superscript = True if run.style == "citation" else None


def _callout(word: WordDocument, block: Callout) -> None:
    style = f"Callout {block.kind.capitalize()}"
    head = word.add_paragraph(style=style)
    head.add_run(block.title).bold = True
    head.paragraph_format.keep_with_next = True
    for number, paragraph in enumerate(block.paragraphs, start=1):
        added = word.add_paragraph(style=style)
        _runs(added, paragraph)
        added.paragraph_format.keep_together = True
        added.paragraph_format.keep_with_next = number < len(block.paragraphs)
    word.add_paragraph(style="Spacer")


def _caption(word: WordDocument, kind: str, number: int, text: str, *, before: bool) -> None:
    """Write a caption Word knows as one: numbered by a field, the number already in place."""
    paragraph = word.add_paragraph(style="Caption")
    paragraph.add_run(f"{kind} ").bold = True
    field(paragraph, f" SEQ {kind} \\* ARABIC ", str(number), bold=True)
    paragraph.add_run(". ").bold = True
    paragraph.add_run(text)
    paragraph.paragraph_format.keep_with_next = before


def _figure(word: WordDocument, figure: Figure, drawing: Drawing) -> None:
    paragraph = word.add_paragraph(style="Picture")
    width = Mm(min(drawing.width, TEXT_WIDTH))
    picture = paragraph.add_run().add_picture(io.BytesIO(drawing.png), width=width)
    inline = picture._inline  # noqa: SLF001 - python-docx has no other door to the alternative text
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    inline.docPr.set("descr", figure.alt)
    inline.docPr.set("name", f"Figure {figure.number}")
    _caption(word, "Figure", figure.number, figure.caption, before=False)


_ADDERS: dict[type[Any], Callable[[WordDocument, Any], None]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Definitions: _definitions,
    Callout: _callout,
    Summary: add_summary,
    Table: _table,
    References: _references,
}
