"""The report as files: HTML, Word, figures three times, and the printed tables as CSV."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from remission.core.progress import Progress, silent
from remission.report import html, word
from remission.report.compose import build
from remission.report.document import Document, Table
from remission.report.figures.save import Drawing, drawn, packed
from remission.study.results import Results
from remission.study.tables import safe_cell


def write(results: Results, folder: str | Path, progress: Progress | None = None) -> tuple[Path, ...]:
    """Write the report of a study into a folder.

    `report.html`, `report.docx`, `figures/01-name.svg` (.png, .pdf), `tables/01-name.csv`. Every figure is
    drawn once. The same results give the same files on the same machine, byte for byte.

    Parameters
    ----------
    results : Results
    folder : str or Path
        Made if it is not there; files of the same names are overwritten.
    progress : callable, optional
        `progress(what, done, total)`.

    Returns
    -------
    tuple of Path
        The files, the HTML page first.
    """
    return write_document(build(results), folder, progress)


def write_document(
    document: Document, folder: str | Path, progress: Progress | None = None
) -> tuple[Path, ...]:
    """Write any document into a folder; files and arguments as in `write`."""
    place = Path(folder)
    tell = progress or silent
    total = len(document.figures) + 3
    # While a figure is packed, the next one is drawn.
    with ThreadPoolExecutor(1) as packer:
        waiting = {}
        for number, figure in enumerate(document.figures):
            tell(f"Figure {figure.number}", number, total)
            waiting[figure.name] = packer.submit(packed, drawn(figure))
        drawings = {name: each.result() for name, each in waiting.items()}
    tell("Web page", total - 3, total)
    place.mkdir(parents=True, exist_ok=True)
    page = place / "report.html"
    page.write_text(html.render(document, drawings), encoding="utf-8", newline="\n")
    tell("Word file", total - 2, total)
    word.write(document, place / "report.docx", drawings)
    tell("Figures and tables", total - 1, total)
    files = [page, place / "report.docx", *_figures(document, drawings, place), *_tables(document, place)]
    tell("Report written", total, total)
    return tuple(files)


def _figures(document: Document, drawings: dict[str, Drawing], place: Path) -> list[Path]:
    folder = place / "figures"
    folder.mkdir(exist_ok=True)
    files = []
    for figure in document.figures:
        drawing = drawings[figure.name]
        stem = f"{figure.number:02d}-{figure.name}"
        for suffix, content in (
            ("svg", drawing.svg.encode("utf-8")),
            ("png", drawing.png),
            ("pdf", drawing.pdf),
        ):
            file = folder / f"{stem}.{suffix}"
            file.write_bytes(content)
            files.append(file)
    return files


def _tables(document: Document, place: Path) -> list[Path]:
    folder = place / "tables"
    folder.mkdir(exist_ok=True)
    files = []
    for table in document.tables:
        file = folder / f"{table.number:02d}-{table.name}.csv"
        file.write_bytes(table_csv(table))
        files.append(file)
    return files


def table_csv(table: Table) -> bytes:
    """Write a printed table as CSV: UTF-8 with byte order mark; caption above, notes below, no formulas.

    Examples
    --------
    >>> from remission.report.document import HeaderCell, Row
    >>> header = ((HeaderCell("=A1"), HeaderCell("n")),)
    >>> table = Table("t", "Groups", header, (Row(("a", "1")),), ("left", "right"))
    >>> table_csv(table).decode("utf-8-sig").splitlines()
    ['Groups', "'=A1,n", 'a,1']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    caption = f"Table {table.number}. {table.caption}" if table.number else table.caption
    writer.writerow([safe_cell(caption)])
    for line in table.header:
        writer.writerow([part for cell in line for part in [safe_cell(cell.text), *[""] * (cell.span - 1)]])
    for row in table.rows:
        writer.writerow([safe_cell(cell) for cell in row.cells])
    for note in table.notes:
        writer.writerow([safe_cell(note)])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")
