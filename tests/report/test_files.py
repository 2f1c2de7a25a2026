"""The files of a report: complete, in order, safe in a spreadsheet, and the same every time."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

import remission.report
from remission.report import Document, write
from remission.report.document import HeaderCell, Row, Table
from remission.report.files import table_csv
from remission.study.results import Results


def test_every_figure_and_table_has_its_files(folder: Path, document: Document) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    wanted = {"report.html", "report.docx"}
    wanted |= {
        f"figures/{each.number:02d}-{each.name}.{kind}"
        for each in document.figures
        for kind in ("svg", "png", "pdf")
    }
    wanted |= {f"tables/{each.number:02d}-{each.name}.csv" for each in document.tables}
    assert found == wanted
    assert all(re.fullmatch(r"[a-z0-9/.-]+", name) for name in found)


def test_figures_are_of_journal_quality(folder: Path, document: Document) -> None:
    from PIL import Image  # noqa: PLC0415

    for figure in document.figures:
        with Image.open(folder / "figures" / f"{figure.number:02d}-{figure.name}.png") as image:
            assert image.info["dpi"][0] == pytest.approx(300, abs=1)
            assert image.mode == "RGB"
            assert image.width == pytest.approx(figure.width / 25.4 * 300, abs=2)


def test_progress_is_told_to_the_end(results: Results, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    few = type(results)(results.title, "", False, results.flow, (), results.analyses[-1:], results.provenance)
    files = write(few, tmp_path / "new" / "folder", lambda *step: told.append(step))
    done = [step[1] for step in told]
    assert done == sorted(done)
    assert told[-1][1] == told[-1][2]
    assert files[0].name == "report.html"
    assert all(path.is_file() for path in files)
    assert "imulated" not in files[0].read_text(encoding="utf-8")


def test_the_same_results_give_the_same_files(results: Results, folder: Path, tmp_path: Path) -> None:
    for path in write(results, tmp_path):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_no_cell_is_a_formula() -> None:
    row = Row(("=1+1", "@SUM(A1)", "+3", "-3", "−3.1", "\tx", " =2", "safe"))
    header = (tuple(HeaderCell(f"={number}") for number in range(8)),)
    table = Table("t", "=caption", header, (row,), ("left",) * 8, ("-note",), 3)
    lines = list(csv.reader(io.StringIO(table_csv(table).decode("utf-8-sig"))))
    assert lines[0] == ["Table 3. =caption"]
    assert lines[1][0] == "'=0"
    assert lines[2] == ["'=1+1", "'@SUM(A1)", "'+3", "'-3", "−3.1", "'\tx", "' =2", "safe"]
    assert lines[3] == ["'-note"]


def test_tables_read_back_as_printed(folder: Path, document: Document) -> None:
    for table in document.tables:
        path = folder / "tables" / f"{table.number:02d}-{table.name}.csv"
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        body = lines[1 + len(table.header) : 1 + len(table.header) + len(table.rows)]
        assert body == [list(row.cells) for row in table.rows]


def test_the_package_opens_its_doors_when_asked() -> None:
    for name in remission.report.__all__:
        assert getattr(remission.report, name) is not None
    with pytest.raises(AttributeError, match="no 'invented'"):
        _ = remission.report.invented
