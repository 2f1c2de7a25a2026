"""The Word file, opened again: headings, captions with numbers, editable tables, described pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from remission.report import Document
from remission.report.document import Bullets, Callout, Heading, Paragraph
from remission.report.word import write
from tests.report.test_page import EVIL, evil_document


@pytest.fixture(scope="module")
def word(folder: Path) -> WordDocument:
    return docx.Document(str(folder / "report.docx"))


def styled(word: WordDocument, name: str) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == name]


def test_headings_are_headings(word: WordDocument, document: Document) -> None:
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    for level in (1, 2):
        assert styled(word, f"Heading {level}") == [block.text for block in headings if block.level == level]
    assert styled(word, "Title") == [document.title]


def fields(word: WordDocument) -> list[tuple[str, str]]:
    """Instruction and shown result of every field of the body."""
    found: list[Any] = list(word.element.body.iter(qn("w:fldSimple")))
    return [
        (field.get(qn("w:instr")).strip(), "".join(text.text for text in field.iter(qn("w:t"))))
        for field in found
    ]


def test_captions_have_numbers_that_show(word: WordDocument, document: Document) -> None:
    shown = fields(word)
    tables = [result for instruction, result in shown if instruction.startswith("SEQ Table")]
    figures = [result for instruction, result in shown if instruction.startswith("SEQ Figure")]
    assert tables == [str(table.number) for table in document.tables]
    assert figures == [str(figure.number) for figure in document.figures]
    captions = [paragraph for paragraph in word.paragraphs if paragraph.style.name == "Caption"]
    texts = ["".join(text.text for text in caption._p.iter(qn("w:t"))) for caption in captions]
    assert f"Table 1. {document.tables[0].caption}" in texts
    assert f"Figure 1. {document.figures[0].caption}" in texts
    for caption, text in zip(captions, texts, strict=True):
        assert bool(caption.paragraph_format.keep_with_next) == text.startswith("Table")


def test_tables_can_be_edited_and_hold_every_cell(word: WordDocument, document: Document) -> None:
    printed = word.tables[1:]  # the first is the summary
    assert len(printed) == len(document.tables)
    for made, table in zip(printed, document.tables, strict=True):
        rows = made.rows
        assert len(rows) == len(table.header) + len(table.rows)
        for row, wanted in zip(rows[len(table.header) :], table.rows, strict=True):
            texts = [cell.text for cell in row.cells]
            assert texts[0] == wanted.cells[0]
            assert texts[wanted.lead :] == list(wanted.cells[wanted.lead :])
        for position, row in enumerate(rows):
            properties = row._tr.trPr
            assert properties.find(qn("w:cantSplit")) is not None
            assert (properties.find(qn("w:tblHeader")) is not None) == (position < len(table.header))
        width = sum(int(column.get(qn("w:w"))) for column in made._tbl.tblGrid.iter(qn("w:gridCol")))
        assert width <= 160 * 1440 / 25.4 + len(table.align)


def test_pictures_are_described_and_fit_the_page(word: WordDocument, document: Document) -> None:
    assert len(word.inline_shapes) == len(document.figures)
    for shape, figure in zip(word.inline_shapes, document.figures, strict=True):
        described = shape._inline.docPr
        assert described.get("descr") == figure.alt
        assert described.get("name") == f"Figure {figure.number}"
        assert shape.width.mm <= 160.01
        assert shape.width.mm == pytest.approx(min(figure.width, 160.0), abs=0.01)


def test_the_page_is_a4_with_numbers(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    footer = section.footer.paragraphs[0]
    instructions = [field.get(qn("w:instr")).strip() for field in footer._p.iter(qn("w:fldSimple"))]
    assert instructions == ["PAGE", "NUMPAGES"]
    assert section.header.paragraphs[0].text == document.banner


def test_properties_name_the_study_and_nobody(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    assert properties.title == document.title
    assert properties.author == properties.last_modified_by == properties.comments == ""
    assert properties.created.year == 2026
    assert properties.language == "en-GB"


def test_the_guard_stands_in_its_own_box(word: WordDocument) -> None:
    told = styled(word, "Callout Guard")
    assert told[0] == "Withheld: “Course” was not known at transplantation"
    assert len(told) >= 4


def test_the_same_document_gives_the_same_file(tmp_path: Path) -> None:
    words = Document("T", "", (Heading(1, "A", "a"), Bullets((Paragraph.of("b"),)), Callout("note", "N", ())))
    write(words, tmp_path / "one.docx")
    write(words, tmp_path / "two.docx")
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_any_words_can_be_written(tmp_path: Path) -> None:
    write(evil_document(), tmp_path / "evil.docx")
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "evil.docx")).paragraphs]
    assert EVIL in texts


def test_a_long_question_stands_whole_on_the_page_and_short_in_the_properties(tmp_path: Path) -> None:
    question = "Who survives, and why? " * 20
    write(replace(evil_document(), title=question, subtitle=question), tmp_path / "long.docx")
    word = docx.Document(str(tmp_path / "long.docx"))
    assert len(word.core_properties.subject) <= 255
    assert word.core_properties.title.startswith("Who survives")
    assert any(paragraph.text.strip() == question.strip() for paragraph in word.paragraphs)
