"""Styles, fields, page and footer of the Word report."""

from __future__ import annotations

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

FONT = "Arial"
INK = RGBColor(0x1A, 0x1D, 0x21)
SOFT = RGBColor(0x4D, 0x54, 0x5C)
CALLOUTS = {
    "Callout Note": ("00507F", "F3F5F7"),
    "Callout Warning": ("E0A100", "FFFAEB"),
    "Callout Guard": ("9B1C1C", "FDF3F2"),
}


def element(tag: str, **attributes: str) -> Any:
    """Make an element of WordprocessingML."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def field(paragraph: WordParagraph, instruction: str, shown: str, *, bold: bool = False) -> None:
    """Add a field with its result in place, so that it shows before anybody updates it."""
    simple = element("fldSimple", instr=instruction)
    run = paragraph.add_run(shown)
    run.bold = True if bold else None
    simple.append(run._r)  # noqa: SLF001 - the run moves into the field
    paragraph._p.append(simple)  # noqa: SLF001


def styles(word: WordDocument) -> None:
    """Set the styles the report uses; the template's theme fonts and colours give way."""
    _without_table_styles(word)
    _text(word, "Normal", size=10, after=6, line=1.15)
    _text(word, "Title", size=20, bold=True, after=4, line=1.0)
    _text(word, "Subtitle", size=12, colour=SOFT, after=8, line=1.1)
    _text(word, "Heading 1", size=14, bold=True, before=18, after=6, keep=True)
    _text(word, "Heading 2", size=11.5, bold=True, before=12, after=4, keep=True)
    _text(word, "Heading 3", size=10, bold=True, before=8, after=3, keep=True)
    _text(word, "Caption", size=9, before=8, after=4, line=1.1)
    _text(word, "List Bullet", size=10, after=3)
    _text(word, "Header", size=8, colour=SOFT, after=0)
    _text(word, "Footer", size=8, colour=SOFT, after=0)
    for name, size, after in (
        ("Authors", 10.0, 8.0),
        ("Definition", 10.0, 4.0),
        ("Table Text", 8.5, 0.0),
        ("Table Note", 8.0, 12.0),
        ("Picture", 10.0, 0.0),
        ("Spacer", 4.0, 0.0),
        ("Reference", 9.0, 3.0),
        *((name, 9.5, 0.0) for name in CALLOUTS),
    ):
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
        _text(word, name, size=size, after=after)
    _text(word, "Table Text", size=8.5, before=1.2, after=1.2, line=1.0)
    _text(word, "Table Note", size=8, colour=SOFT, before=3, after=12, line=1.1)
    _text(word, "Picture", size=10, before=8, after=0, line=1.0, keep=True)
    _text(word, "Spacer", size=4, line=1.0)
    reference = word.styles["Reference"].paragraph_format
    reference.left_indent, reference.first_line_indent = Mm(7), Mm(-7)
    reference.tab_stops.add_tab_stop(Mm(7))
    for name, (edge, fill) in CALLOUTS.items():
        _box(word, name, edge, fill)
    _bare_title(word)
    _language(word)
    _compatible(word)


def _without_table_styles(word: WordDocument) -> None:
    """Drop the template's hundred table styles, which the report does not use and every look-up passes."""
    held = word.styles.element
    for style in held.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:default")) != "1":
            held.remove(style)


def _text(
    word: WordDocument,
    name: str,
    *,
    size: float,
    bold: bool = False,
    colour: RGBColor = INK,
    before: float = 0,
    after: float = 0,
    line: float = 1.15,
    keep: bool = False,
) -> None:
    style: Any = word.styles[name]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = colour
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, element("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, eastAsia="MS Gothic"))
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), line
    form.keep_with_next = keep
    form.widow_control = True


def _box(word: WordDocument, name: str, edge: str, fill: str) -> None:
    """A coloured edge and a tint: paragraphs of one box join."""
    style: Any = word.styles[name]
    style.paragraph_format.left_indent = Mm(4)
    properties = style.element.get_or_add_pPr()
    borders = element("pBdr")
    for side in ("top", "bottom"):
        borders.append(element(side, val="single", sz="4", space="3", color=fill))
    borders.insert(1, element("left", val="single", sz="24", space="8", color=edge))
    shade = element("shd", val="clear", color="auto", fill=fill)
    at = properties.find(qn("w:spacing"))
    at.addprevious(borders)
    at.addprevious(shade)
    style.paragraph_format.space_after = Pt(3)


def _bare_title(word: WordDocument) -> None:
    """Take away the rule under the template's title."""
    properties = word.styles["Title"].element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)


def _language(word: WordDocument) -> None:
    properties = word.styles["Normal"].element.get_or_add_rPr()
    properties.append(element("lang", val="en-GB", eastAsia="ja-JP"))


def _compatible(word: WordDocument) -> None:
    """Open as a document of today's Word, not in compatibility mode."""
    settings = word.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("compat")
        settings.append(compat)
    uri = "http://schemas.microsoft.com/office/word"
    compat.append(element("compatSetting", name="compatibilityMode", uri=uri, val="15"))


def page_setup(word: WordDocument, banner: str) -> None:
    """A4, 25 mm margins, page numbers below, and the banner above on every page."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    section.header_distance = section.footer_distance = Mm(12)
    if banner:
        head = section.header.paragraphs[0]
        head.text = banner
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("Page ")
    field(foot, " PAGE ", "1")
    foot.add_run(" of ")
    field(foot, " NUMPAGES ", "1")
