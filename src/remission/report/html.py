"""The report as one HTML file that opens offline, prints well and reads well aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from remission import __version__
from remission.report.document import Block, Document, Heading, Table
from remission.report.figures.save import Drawing, inlined, save

_WIDE_COLUMNS = 6
_WIDE_CHARACTERS = 64
"""What fits beside the first column without breaking lines."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A level-1 heading and what follows it, with the kinds of blocks named for the template."""

    heading: Heading | None
    blocks: tuple[tuple[str, Block], ...]


def render(document: Document, drawings: Mapping[str, Drawing] | None = None) -> str:
    """Write the document as HTML.

    All text is escaped; the page holds no script and loads nothing.

    Parameters
    ----------
    document : Document
    drawings : mapping of figure name to Drawing, optional
        Figures already drawn; they are drawn here unless given.

    Returns
    -------
    str

    Examples
    --------
    >>> page = render(Document("A <b>study</b>", "", ()))
    >>> "A &lt;b&gt;study&lt;/b&gt;" in page
    True
    """
    drawn = drawings if drawings is not None else {figure.name: save(figure) for figure in document.figures}
    pictures = {
        figure.name: Markup(inlined(drawn[figure.name].svg, f"figure{figure.number}"))  # noqa: S704
        for figure in document.figures
    }
    style = (
        resources.files("remission.report").joinpath("templates", "report.css").read_text(encoding="utf-8")
    )
    return (
        _environment()
        .get_template("report.html")
        .render(
            document=document,
            chapters=_chapters(document),
            pictures=pictures,
            widths={figure.name: drawn[figure.name].width for figure in document.figures},
            style=Markup(style),  # noqa: S704
            version=__version__,
        )
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("remission.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["is_wide"] = _is_wide
    environment.globals["css_text"] = _css_text
    return environment


def _css_text(text: str) -> Markup:
    r"""Quote text for the style sheet, where it stands below every printed page: no text ends the quotes.

    Examples
    --------
    >>> print(_css_text('Simulated "data"</style>'))
    "Simulated \22 data\22 \3c \2f style\3e "
    """
    safe = "".join(
        letter if letter.isalnum() or letter in " .,:;-" else f"\\{ord(letter):x} " for letter in text
    )
    return Markup(f'"{safe}"')  # noqa: S704


def _is_wide(table: Table) -> bool:
    """Whether cells must break over lines for the table to fit a page."""
    if len(table.align) > _WIDE_COLUMNS:
        return True
    cells = [row.cells[row.lead :] for row in table.rows if row.lead == 1]
    widest = [max(map(len, column)) for column in zip(*cells, strict=False)]
    return sum(widest) > _WIDE_CHARACTERS


def _chapters(document: Document) -> list[Chapter]:
    """Split the blocks at level-1 headings."""
    chapters: list[Chapter] = []
    heading: Heading | None = None
    held: list[tuple[str, Block]] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            if heading is not None or held:
                chapters.append(Chapter(heading, tuple(held)))
            heading, held = block, []
        else:
            held.append((type(block).__name__.lower(), block))
    if heading is not None or held:
        chapters.append(Chapter(heading, tuple(held)))
    return chapters
