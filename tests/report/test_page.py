"""The web page: one file, offline, accessible, and nothing in the data can become markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from remission.report import Document, build
from remission.report.document import (
    Bullets,
    Callout,
    Definitions,
    HeaderCell,
    Heading,
    KeyNumber,
    Paragraph,
    References,
    Row,
    Run,
    Summary,
    Table,
)
from remission.report.html import render
from tests.report import ankl

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=1>"
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Collect tags with their attributes, and check that they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def text(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_page_needs_nothing_from_outside(text: str, page: Page) -> None:
    assert not page.named("script")
    assert not page.named("link")
    assert not page.named("img")
    assert not re.search(r"@import|url\((?!#)", text)
    addresses = {
        value for _, attributes in page.tags for name, value in attributes.items() if name in ("href", "src")
    }
    addresses |= {
        value for _, attributes in page.tags for name, value in attributes.items() if name == "xlink:href"
    }
    assert all(address and address.startswith("#") for address in addresses)
    policy = next(meta["content"] for meta in page.named("meta") if meta.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "img-src data:;" in policy  # heat maps and colour bars are pictures within the drawing


def test_the_page_is_accessible(page: Page, document: Document) -> None:
    assert page.named("html")[0]["lang"] == "en-GB"
    assert page.named("main")
    assert page.named("nav")[0]["aria-label"] == "Contents"
    assert page.tags[page.tags.index(("body", {})) + 1] == ("a", {"class": "skip", "href": "#report"})
    pictures = [attributes for _, attributes in page.tags if attributes.get("role") == "img"]
    assert [picture["aria-label"] for picture in pictures] == [figure.alt for figure in document.figures]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(cell.get("scope") for cell in page.named("th"))
    assert len(page.named("caption")) == len(document.tables)


def test_names_on_the_page_are_unique_and_links_lead_somewhere(page: Page) -> None:
    names = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    targets = {str(attributes["href"])[1:] for attributes in page.named("a")}
    assert targets <= set(names)


def test_the_page_says_what_the_report_says(page: Page, document: Document) -> None:
    words = " ".join(" ".join(page.words).split())
    assert document.title in words
    assert words.count(document.banner) == 3, "at the top, at the foot, and below every printed page"
    assert document.banner in words.rpartition("Where the numbers come from")[2]
    for heading in [block for block in document.blocks if isinstance(block, Heading)]:
        assert heading.text in words
    for number in ("Table 1.", "Figure 1.", "0.046", "0.95", "immortal-time"):
        assert number in words


def evil_document() -> Document:
    paragraph = Paragraph((Run(EVIL), Run(EVIL, "strong"), Run(EVIL, "emphasis"), Run(EVIL, "citation")))
    blocks = (
        Heading(1, EVIL, "one"),
        Heading(2, EVIL, "two"),
        paragraph,
        Bullets((paragraph,)),
        Definitions(((EVIL, paragraph),)),
        Callout("warning", EVIL, (paragraph,)),
        Summary((KeyNumber(EVIL, EVIL, EVIL),)),
        Table(
            "t", EVIL, ((HeaderCell(EVIL),),), (Row((EVIL,)), Row((EVIL,), "variable")), ("left",), (EVIL,), 1
        ),
        References((EVIL,)),
    )
    return Document(EVIL, EVIL, blocks, EVIL, EVIL, (EVIL,))


def test_nothing_in_the_words_becomes_markup() -> None:
    text = render(evil_document())
    page = Page(text)
    assert not page.named("script")
    assert not page.named("img")
    assert "<script" not in text
    assert sum(EVIL in words for words in page.words) >= 15


def test_nothing_in_a_study_becomes_markup() -> None:
    results = ankl.results(title=EVIL)
    analyses = tuple(
        replace(
            each,
            title=EVIL,
            outputs=tuple(
                replace(output, facts={**output.facts, "endpoint_label": EVIL, "time_zero": EVIL})
                for output in each.outputs
            ),
        )
        for each in results.analyses[:3]
    )
    text = render(build(replace(results, analyses=analyses, question=EVIL)))
    assert "<script" not in text
    assert not Page(text).named("img")


def test_a_document_without_chapters_is_a_page() -> None:
    page = Page(render(Document("T", "", (Paragraph.of("Only words."),))))
    assert "Only words." in page.words
