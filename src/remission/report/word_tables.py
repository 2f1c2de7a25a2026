"""Tables of the Word report: three rules, a header that repeats, rows that do not split, editable cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from remission.report.document import HeaderCell, Row, Summary, Table
from remission.report.figures.style import text_width
from remission.report.word_parts import element

RULE, THIN = "8", "4"
SIZE, BOLD, PADDING = 8.5, 1.09, 2.9
KEPT_TOGETHER = 12
# Millimetres to which the first column gives way, and up to which names of variables stand on one line.
FIRST, NAME = 34.0, 60.0


def add_table(word: WordDocument, table: Table, width: float) -> None:
    """Add a table as wide as it needs, at most `width` millimetres."""
    widths = _widths(table, width)
    made = _frame(word, widths)
    for number, line in enumerate(table.header):
        made.append(_header(line, widths, table, last=number == len(table.header) - 1))
    together = len(table.rows) <= KEPT_TOGETHER
    for number, row in enumerate(table.rows):
        final = number == len(table.rows) - 1
        # The last rows stay with the notes beneath.
        keep = together or row.kind == "variable" or number >= len(table.rows) - 2
        made.append(_row(row, widths, table, final=final, keep=keep))


def add_summary(word: WordDocument, summary: Summary) -> None:
    """Key numbers as a table of three columns."""
    widths = [78.0, 32.0, 50.0]
    made = _frame(word, widths)
    for number, item in enumerate(summary.items):
        row = _new_row()
        edges = {"bottom": THIN, **({"top": RULE} if number == 0 else {})}
        row.append(_cell(item.label, widths[0], "left", edges=edges))
        row.append(_cell(item.value, widths[1], "right", edges=edges, bold=True))
        row.append(_cell(item.detail, widths[2], "left", edges=edges))
        made.append(row)
    word.add_paragraph()


def _frame(word: WordDocument, widths: Sequence[float]) -> Any:
    """Append an empty table with fixed columns to the document."""
    made = element("tbl")
    properties = element("tblPr")
    properties.append(element("tblW", w=_twips(sum(widths)), type="dxa"))
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    margins.append(element("left", w="60", type="dxa"))
    margins.append(element("right", w="60", type="dxa"))
    properties.append(margins)
    properties.append(element("tblLook", val="0420", firstRow="1", noVBand="1"))
    made.append(properties)
    grid = element("tblGrid")
    for one in widths:
        grid.append(element("gridCol", w=_twips(one)))
    made.append(grid)
    body = word.element.body
    body.insert(len(body) - 1, made)  # before the section properties, which come last
    return made


def _twips(millimetres: float) -> str:
    return str(round(millimetres * 1440 / 25.4))


def _widths(table: Table, width: float) -> list[float]:
    """Column widths from the texts; on a narrow page columns give way, down to their longest word."""
    heads, cells = _heading_needs(table), _cell_needs(table)
    columns = range(len(cells))
    for roomy in (True, False):
        needs = [max(heads[each][0 if roomy else 1], cells[each]) + PADDING for each in columns]
        if sum(needs) <= width:
            return needs
    words = _longest_words(table)
    floors = [max(heads[each][1], words[each]) + PADDING for each in columns]
    # The first column wraps best, so it gives way first, as far as it stays readable.
    needs[0] -= min(sum(needs) - width, max(0.0, needs[0] - max(floors[0], FIRST)))
    # Then columns of words, and only then those of numbers.
    for words_only in (True, False):
        giving = [each for each in columns[1:] if (table.align[each] == "left") == words_only]
        spare = sum(needs[each] - floors[each] for each in giving)
        share = min(1.0, max(0.0, sum(needs) - width) / spare) if spare > 0 else 0.0
        for each in giving:
            needs[each] -= (needs[each] - floors[each]) * share
    needs[0] -= min(max(0.0, sum(needs) - width), needs[0] - floors[0])
    return [need * min(1.0, width / sum(needs)) for need in needs]


def _longest_words(table: Table) -> list[float]:
    longest = [0.0] * len(table.align)
    for row in table.rows:
        for place, text in enumerate(row.cells):
            if place or row.kind != "variable" or row.lead == 1:
                longest[place] = max(longest[place], _word(row, place, text))
    return longest


def _word(row: Row, place: int, text: str) -> float:
    """Width of the longest word of a cell; names of variables are bold."""
    bold = BOLD if row.kind == "variable" and not place else 1.0
    return bold * max(text_width(word, SIZE) for word in text.split(" "))


def _heading_needs(table: Table) -> list[tuple[float, float]]:
    """For each column the width of its heading on one line, and of its longest word."""
    needs = [(0.0, 0.0)] * len(table.align)
    for line in table.header:
        place = 0
        for cell in line:
            if cell.span == 1:
                full, tight = needs[place]
                word = max(text_width(part, SIZE) for part in cell.text.split(" "))
                needs[place] = (max(full, text_width(cell.text, SIZE) * BOLD), max(tight, word * BOLD))
            place += cell.span
    return needs


def _cell_needs(table: Table) -> list[float]:
    needs = [0.0] * len(table.align)
    for row in table.rows:
        for place, text in enumerate(row.cells):
            if place or row.kind != "variable":
                indent = 3.0 if row.kind == "level" and not place else 0.0
                needs[place] = max(needs[place], text_width(text, SIZE) + indent)
            elif row.lead == 1:
                whole = min(text_width(text, SIZE) * BOLD, NAME)
                needs[place] = max(needs[place], whole, _word(row, place, text))
    return needs


def _new_row(*, header: bool = False) -> Any:
    row = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    row.append(properties)
    return row


def _header(line: Sequence[HeaderCell], widths: Sequence[float], table: Table, *, last: bool) -> Any:
    row = _new_row(header=True)
    place = 0
    first = line is table.header[0]
    for cell in line:
        edges = {"top": RULE} if first else {}
        if last or cell.text:
            edges["bottom"] = THIN
        align = "center" if cell.span > 1 else table.align[place]
        width = sum(widths[place : place + cell.span])
        row.append(
            _cell(cell.text, width, align, edges=edges, bold=True, span=cell.span, low=True, keep=True)
        )
        place += cell.span
    return row


def _row(row: Row, widths: Sequence[float], table: Table, *, final: bool, keep: bool) -> Any:
    made = _new_row()
    edges = {"bottom": RULE} if final else {}
    if row.kind == "total":
        edges["top"] = THIN
    indent = 3.0 if row.kind == "level" else 0.0
    strong = row.kind == "variable"
    first = sum(widths[: row.lead])
    style: dict[str, Any] = {"edges": edges, "keep": keep}
    made.append(_cell(row.cells[0], first, "left", bold=strong, indent=indent, span=row.lead, **style))
    for place in range(row.lead, len(row.cells)):
        text = _parted(row.cells[place], widths[place])
        made.append(_cell(text, widths[place], table.align[place], **style))
    return made


def _parted(text: str, width: float) -> str:
    """Put what is in brackets on a line of its own where a cell is too narrow: no break within a range."""
    if "\N{EN DASH}" not in text or text_width(text, SIZE) + PADDING <= width + 0.01:
        return text
    return text.replace(" (", "\n(", 1)


def _cell(
    text: str,
    width: float,
    align: str,
    *,
    edges: dict[str, str],
    bold: bool = False,
    span: int = 1,
    indent: float = 0.0,
    low: bool = False,
    keep: bool = False,
) -> Any:
    cell = element("tc")
    properties = element("tcPr")
    properties.append(element("tcW", w=_twips(width), type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=str(span)))
    if edges:
        borders = element("tcBorders")
        for side in ("top", "bottom"):
            if side in edges:
                borders.append(element(side, val="single", sz=edges[side], space="0", color="1A1D21"))
        properties.append(borders)
    if low:
        properties.append(element("vAlign", val="bottom"))
    cell.append(properties)
    cell.append(_paragraph(text, align, bold=bold, indent=indent, keep=keep))
    return cell


def _paragraph(text: str, align: str, *, bold: bool, indent: float, keep: bool) -> Any:
    paragraph = element("p")
    properties = element("pPr")
    properties.append(element("pStyle", val="TableText"))
    if keep:
        properties.append(element("keepNext"))
    if indent:
        properties.append(element("ind", left=_twips(indent)))
    properties.append(element("jc", val={"left": "left", "right": "right", "center": "center"}[align]))
    paragraph.append(properties)
    if text:
        run = element("r")
        if bold:
            style = element("rPr")
            style.append(element("b"))
            run.append(style)
        for number, line in enumerate(text.split("\n")):
            if number:
                run.append(element("br"))
            held = element("t")
            held.text = line
            held.set(qn("xml:space"), "preserve")
            run.append(held)
        paragraph.append(run)
    return paragraph
