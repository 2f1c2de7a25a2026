"""One figure, drawn once and saved three times; the same numbers give the same bytes."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Sheet
from PIL import Image

from remission.report.document import Figure
from remission.report.figures.style import journal

PNG_DPI = 300


@dataclass(frozen=True, slots=True)
class Drawing:
    """A saved figure: vector for screens, pixels for Word, PDF with embedded fonts; millimetres."""

    svg: str
    png: bytes
    pdf: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A figure drawn three times, its pixels and its SVG still to be packed."""

    svg: str
    image: Image.Image
    pdf: bytes
    width: float
    height: float


def save(figure: Figure) -> Drawing:
    """Draw a figure of the document and save it as SVG, PNG and PDF, without dates.

    Examples
    --------
    >>> from matplotlib.figure import Figure as Sheet
    >>> drawing = save(Figure("empty", "", "", lambda: Sheet(figsize=(1, 1)), 25.4))
    >>> drawing.svg[:4], drawing.png[1:4], drawing.pdf[:4], drawing.width
    ('<svg', b'PNG', b'%PDF', 25.4)
    """
    return packed(drawn(figure))


def drawn(figure: Figure) -> Drawn:
    """Draw a figure with every backend; matplotlib wants this done one figure at a time."""
    with journal(), warnings.catch_warnings():
        # A label in a script no installed font knows is drawn as boxes; that must not stop the report.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        sheet = figure.draw()
        width, height = (float(size) * 25.4 for size in sheet.get_size_inches())
        svg, pdf = io.BytesIO(), io.BytesIO()
        sheet.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        sheet.savefig(pdf, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
        image = _pixels(sheet)
    return Drawn(svg.getvalue().decode("utf-8"), image, pdf.getvalue(), width, height)


def packed(figure: Drawn) -> Drawing:
    """Pack a drawn figure; this may run beside the drawing of the next one.

    The PNG has no transparency, which journals ask for.
    """
    buffer = io.BytesIO()
    figure.image.convert("RGB").save(buffer, format="png", compress_level=2, dpi=(PNG_DPI, PNG_DPI))
    return Drawing(cleaned(figure.svg), buffer.getvalue(), figure.pdf, figure.width, figure.height)


def _pixels(sheet: Sheet) -> Image.Image:
    """Pixels of a figure at the resolution of print."""
    sheet.set_dpi(PNG_DPI)
    canvas = FigureCanvasAgg(sheet)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    return Image.frombuffer("RGBA", canvas.get_width_height(), pixels, "raw", "RGBA", 0, 1)


def cleaned(svg: str) -> str:
    """Keep the drawing only: no prologue, no comments (which repeat labels), no metadata."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(?<= d=")[^"]*', _hundredths, svg)
    return re.sub(r"\n\s*\n+", "\n", svg).strip() + "\n"


def _hundredths(path: re.Match[str]) -> str:
    """Cut coordinates to hundredths of a point, which no printer shows: half the size."""
    return re.sub(r"(\.\d\d)\d+", r"\1", path[0])


def inlined(svg: str, prefix: str) -> str:
    """Make a drawing fit to stand in a page with others: its names are its own, its size is the page's."""
    svg = re.sub(r'(?<=\bid=")', f"{prefix}-", svg)
    svg = re.sub(r'(?<=href="#)', f"{prefix}-", svg)
    svg = re.sub(r"(?<=url\(#)", f"{prefix}-", svg)
    opening, divider, rest = svg.partition(">")
    return re.sub(r' (?:width|height)="[^"]*"', "", opening) + divider + rest
