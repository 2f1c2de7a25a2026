"""A report as a value: headings, words, tables and figures, before anyone decides on HTML or Word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

CalloutKind = Literal["note", "warning", "guard"]
RowKind = Literal["plain", "variable", "level", "total"]
Align = Literal["left", "right", "center"]
Style = Literal["", "strong", "emphasis", "citation"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; "citation" is printed as a superscript."""

    text: str
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words. `Paragraph.of("text")` for the plain ones."""

    runs: tuple[Run, ...]

    @classmethod
    def of(cls, text: str) -> Paragraph:
        """One plain run.

        Examples
        --------
        >>> Paragraph.of("Fifty-nine patients.").text
        'Fifty-nine patients.'
        """
        return cls((Run(text),))

    @property
    def text(self) -> str:
        """The words without their styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is a chapter of the report; `anchor` is unique in a document."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list of equals."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms with what they mean (endpoints; where the numbers come from)."""

    items: tuple[tuple[str, Paragraph], ...]


@dataclass(frozen=True, slots=True)
class Callout:
    """A note, a warning, or the guard's explanation."""

    kind: CalloutKind
    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One number of the summary: what, how much, and its interval or the counts behind it."""

    label: str
    value: str
    detail: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers a reader looks for first."""

    items: tuple[KeyNumber, ...]


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of a header row over `span` columns."""

    text: str
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A body row; "variable" opens a block whose rows are "level"."""

    cells: tuple[str, ...]
    kind: RowKind = "plain"

    @property
    def lead(self) -> int:
        """Columns the first cell may take: in a "variable" row, over the empty ones that follow it."""
        if self.kind != "variable":
            return 1
        filled = next((place for place, cell in enumerate(self.cells) if place and cell), len(self.cells))
        return max(filled, 1)


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table.

    Attributes
    ----------
    name : str
        Stem of its file.
    caption : str
        Without the number.
    header : tuple of rows of HeaderCell
        Each row spans all columns; the last has one cell per column.
    rows : tuple of Row
    align : tuple of "left", "right" or "center"
        Per column.
    notes : tuple of str
        Printed beneath.
    number : int
        Given when the document is complete; 0 before.
    """

    name: str
    caption: str
    header: tuple[tuple[HeaderCell, ...], ...]
    rows: tuple[Row, ...]
    align: tuple[Align, ...]
    notes: tuple[str, ...] = ()
    number: int = 0

    @classmethod
    def plain(
        cls,
        name: str,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Row],
        notes: Sequence[str] = (),
        left: int = 1,
    ) -> Table:
        """One line of headings over words (the first `left` columns), then numbers, aligned right.

        Examples
        --------
        >>> Table.plain("t", "Groups", ("", "n", "P"), [Row(("a", "1", "0.5"))]).align
        ('left', 'right', 'right')
        """
        sides: list[Align] = ["left" if place < left else "right" for place in range(len(heads))]
        header = (tuple(HeaderCell(head) for head in heads),)
        return cls(name, caption, header, tuple(rows), tuple(sides), tuple(notes))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that draws itself when asked.

    Attributes
    ----------
    name : str
        Stem of its files.
    caption, alt : str
        Caption without the number; what a reader who cannot see it must be told.
    draw : callable
        Without arguments, returns a matplotlib Figure of its final size.
    width : float
        Millimetres, 85 for one column of a journal and 174 for two.
    number : int
        Given when the document is complete; 0 before.
    """

    name: str
    caption: str
    alt: str
    draw: Callable[[], Drawing]
    width: float
    number: int = 0


@dataclass(frozen=True, slots=True)
class References:
    """The list at the end, in the order of citation."""

    items: tuple[str, ...]


Block = Heading | Paragraph | Bullets | Definitions | Callout | Summary | Table | Figure | References


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title, subtitle : str
    banner : str
        A line no reader may miss ("Simulated data"), or "".
    blocks : tuple of blocks
    made : str
        When the run started, ISO 8601; "" when unknown.
    authors : tuple of str
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    banner: str = ""
    made: str = ""
    authors: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Figure))


def numbered(document: Document) -> Document:
    """Give tables and figures their numbers, and names that differ, in the order they stand."""
    tables = figures = 0
    names: dict[str, int] = {}
    blocks: list[Block] = []
    for block in document.blocks:
        if not isinstance(block, Table | Figure):
            blocks.append(block)
            continue
        key = f"{type(block).__name__}/{block.name}"
        names[key] = names.get(key, 0) + 1
        name = block.name if names[key] == 1 else f"{block.name}-{names[key]}"
        if isinstance(block, Table):
            tables += 1
            blocks.append(replace(block, number=tables, name=name))
        else:
            figures += 1
            blocks.append(replace(block, number=figures, name=name))
    return replace(document, blocks=tuple(blocks))
