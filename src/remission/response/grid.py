"""Plates as grids: blocks of 8 x 12 or 16 x 24 cells, the layout beside the readings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from remission.cohort.reading.encoding import as_utf8
from remission.core.problems import Problem
from remission.core.suggest import did_you_mean

KINDS = ("readings", "layout", "drug", "dose", "unit", "role", "patient", "leukaemic", "exclude")
_WORDS = {
    "reading": "readings",
    "signal": "readings",
    "signals": "readings",
    "od": "readings",
    "absorbance": "readings",
    "results": "readings",
    "raw data": "readings",
    "drugs": "drug",
    "compound": "drug",
    "concentration": "dose",
    "doses": "dose",
    "concentrations": "dose",
    "units": "unit",
    "roles": "role",
    "sample": "patient",
    "patients": "patient",
    "blasts": "leukaemic",
}
_SAID = {
    "plate": "plate",
    "patient": "patient",
    "sample": "patient",
    "unit": "unit",
    "leukaemic": "leukaemic",
    "blasts": "leukaemic",
}
SIZES = {12: "ABCDEFGH", 24: "ABCDEFGHIJKLMNOP"}


@dataclass(frozen=True, slots=True)
class Block:
    """One grid of a file.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    plate : str
        "" where the file names none: it holds for every plate.
    cells : dict of str to str
        By well: "B3".
    line : int
        Where it begins in the file.
    size : int
        Wells of the plate, 96 or 384.
    said : dict of str to str
        What lines above it say: plate, patient, unit, leukaemic.
    """

    kind: str
    plate: str
    cells: dict[str, str]
    line: int
    size: int
    said: dict[str, str] = field(default_factory=dict)


def is_grid(data: bytes, file: str) -> bool:
    """Whether a text file holds a plate: a row 1, 2, ... 12 (or 24) over rows A to H (or P)."""
    lines = _lines(data, file)[0]
    return any(_columns(line) for line in lines[:60])


def read_blocks(data: bytes, file: str, *, kind: str = "") -> tuple[list[Block], list[Problem]]:
    """Read all blocks of a file.

    Lines above a block may say `plate, P1`, `patient, ALL-7`, `unit, µg/mL`, `leukaemic, 92`, and what it
    holds: one of `KINDS`; these hold until they are said again, and a new plate forgets the patient. The
    first cell of the row 1, 2, ... may name the kind too.

    Parameters
    ----------
    data : bytes
    file : str
        For problems.
    kind : str
        Of blocks that do not say it.
    """
    lines, problems = _lines(data, file)
    blocks: list[Block] = []
    said: dict[str, str] = {}
    title = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        width = _columns(line)
        number += 1
        if not width:
            title = _note(line, said, title)
            continue
        word = (line[0].strip() or title).casefold()
        named = _WORDS.get(word, word) or kind or "readings"
        start = number
        cells, number, faults = _cells(lines, number, width, file)
        problems += faults
        title = ""
        if named not in KINDS:
            repair = f"Write one of {', '.join(KINDS)} above it.{did_you_mean(named, KINDS)}"
            problems.append(
                Problem(f"{file}, line {start}", f'"{word}" does not say what the block holds', repair)
            )
            continue
        size = width * len(SIZES[width])
        blocks.append(Block(named, said.get("plate", ""), cells, start, size, dict(said)))
    return blocks, problems


def _lines(data: bytes, file: str) -> tuple[list[list[str]], list[Problem]]:
    text, _, problems = as_utf8(data, file, None)
    if text is None:
        return [], list(problems)
    written = text.decode("utf-8")
    mark = max(",;\t", key=written.count)
    # A semicolon with decimal commas has more commas than semicolons only if every cell has one.
    if written.count(";") * 2 >= written.count(",") and written.count(";") > 0:
        mark = ";"
    try:
        return [list(row) for row in csv.reader(io.StringIO(written, newline=""), delimiter=mark)], []
    except csv.Error as error:
        repair = "Save the file again as CSV UTF-8."
        return [], [Problem(file, f"the file cannot be read as CSV ({error})", repair)]


def _columns(line: Sequence[str]) -> int:
    """12 or 24 if the line counts that far from its second cell, else 0."""
    numbers = [cell.strip().removesuffix(".0").lstrip("0") for cell in line[1:]]
    while numbers and not numbers[-1]:
        numbers.pop()
    counted = [str(each) for each in range(1, len(numbers) + 1)]
    return len(numbers) if numbers == counted and len(numbers) in SIZES else 0


def _note(line: Sequence[str], said: dict[str, str], title: str) -> str:
    """Take what a line above a block says; return the title that holds now."""
    filled = [cell.strip() for cell in line if cell.strip()]
    if not filled:
        return title
    if len(filled) == 1 and ":" in filled[0]:
        filled = [part.strip() for part in filled[0].split(":", 1)]
    key = _SAID.get(filled[0].casefold().rstrip(":"))
    if key is not None and len(filled) > 1:
        if key == "plate" and said.get("plate") != filled[1]:
            for gone in ("patient", "leukaemic"):
                said.pop(gone, None)
        said[key] = filled[1]
        return title
    return filled[0].casefold().rstrip(":")


def _cells(
    lines: Sequence[Sequence[str]], number: int, width: int, file: str
) -> tuple[dict[str, str], int, list[Problem]]:
    """Rows A, B, ... below a header; every row must be there, in order."""
    cells: dict[str, str] = {}
    problems = []
    letters = SIZES[width]
    start = number
    for letter in letters:
        if number >= len(lines) or not lines[number] or lines[number][0].strip().upper() != letter:
            found = lines[number][0].strip() if number < len(lines) and lines[number] else "nothing"
            message = f'row {letter} of the block is missing; there is "{found}"'
            repair = (
                f"A plate with {width} columns has the rows {letters[0]} to {letters[-1]}; "
                "leave unused cells empty."
            )
            problems.append(Problem(f"{file}, line {number + 1}", message, repair))
            break
        values = [cell.strip() for cell in lines[number][1:]]
        if any(values[width:]):
            message = f"row {letter} has more than {width} cells"
            problems.append(
                Problem(f"{file}, line {number + 1}", message, f"The block begins in line {start}.")
            )
        for place in range(width):
            cells[f"{letter}{place + 1}"] = values[place] if place < len(values) else ""
        number += 1
    return cells, number, problems


def long_table(blocks: Sequence[Block], file: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Put layouts beside readings: one row for each well that holds anything, all text."""
    problems: list[Problem] = []
    readings = [block for block in blocks if block.kind == "readings"]
    if not readings:
        repair = "Write readings above the block of the reader."
        problems.append(Problem(file, "there is a layout but no readings", repair))
    seen: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    plates = {block.plate for block in readings}
    for block in blocks:
        if block.kind != "readings" and block.plate and block.plate not in plates:
            repair = "Correct the name of the plate, or add its readings."
            problems.append(
                Problem(
                    f"{file}, line {block.line}",
                    f'plate "{block.plate}" has a layout but no readings',
                    repair,
                )
            )
    for block in readings:
        plate = block.plate or ("1" if len(readings) == 1 else "")
        if not plate:
            repair = "Write a line above every block: plate, P1."
            problems.append(Problem(f"{file}, line {block.line}", "the plate has no name", repair))
            continue
        if plate in seen:
            repair = f"It was in line {seen[plate]} too. Give every plate a name of its own."
            problems.append(
                Problem(f"{file}, line {block.line}", f'plate "{plate}" has readings twice', repair)
            )
            continue
        seen[plate] = block.line
        beside = _beside(block, blocks)
        problems += _matching(block, beside, plate, file)
        rows += _rows(block, beside, plate)
    names = ("plate", "patient", "well", "role", "drug", "dose", "unit", "signal", "leukaemic", "exclude")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String)), problems


def _beside(reading: Block, blocks: Sequence[Block]) -> dict[str, Block]:
    """Blocks that describe the wells of a plate: its own, else those for every plate."""
    common = {block.kind: block for block in blocks if block.kind != "readings" and not block.plate}
    own = {
        block.kind: block
        for block in blocks
        if block.kind != "readings" and block.plate and block.plate == reading.plate
    }
    return {**common, **own}


def _matching(reading: Block, beside: dict[str, Block], plate: str, file: str) -> list[Problem]:
    """Tell where layout and readings do not fit each other."""
    where = f"{file}: plate {plate}"
    if not beside:
        repair = "Add a block layout (or drug, dose, unit), in this file or as a file of its own (--layout)."
        return [Problem(where, "there is no layout for these readings", repair)]
    problems = []
    for kind, block in beside.items():
        if block.size != reading.size:
            message = f"the {kind} is of {block.size} wells, the readings are of {reading.size}"
            problems.append(Problem(where, message, "Give the layout of this kind of plate."))
    if problems:
        return problems
    laid = {
        well
        for block in beside.values()
        if block.kind in {"layout", "drug", "role"}
        for well, cell in block.cells.items()
        if cell
    }
    read = {well for well, cell in reading.cells.items() if cell}
    for wells, message, repair in (
        (
            read - laid,
            "wells have a reading but nothing in the layout",
            'Say what is in them; "empty" if nothing.',
        ),
        (
            _wanted(beside) & laid - read,
            "wells of the layout have no reading",
            'Correct the layout, or write "empty" for wells that were not used.',
        ),
    ):
        if wells:
            problems.append(Problem(where, message, repair, tuple(sorted(wells, key=_place))))
    return problems


def _wanted(beside: dict[str, Block]) -> set[str]:
    """Wells that are not empty by what the layout says."""
    return {
        well
        for block in beside.values()
        if block.kind in {"layout", "drug", "role"}
        for well, cell in block.cells.items()
        if cell.casefold() not in {"", "empty", "unused", "-", "none"}
    }


def _place(well: str) -> tuple[str, int]:
    return well[0], int(well[1:])


def _rows(reading: Block, beside: dict[str, Block], plate: str) -> list[dict[str, str]]:
    rows = []
    for well, signal in reading.cells.items():
        told = {kind: block.cells.get(well, "") for kind, block in beside.items()}
        if not (signal or any(told.values())):
            continue
        cell = told.pop("layout", "")
        layout = beside.get("layout")
        row = {
            "plate": plate,
            "well": well,
            "signal": signal,
            **(_parted(cell) if layout is not None else {}),
        }
        row |= {name: value for name, value in told.items() if value}
        for name in ("patient", "unit", "leukaemic"):
            if not row.get(name):
                row[name] = reading.said.get(name, "") or (layout.said.get(name, "") if layout else "")
        if not row.get("role"):
            row["role"] = _role(row.get("drug", ""), row.get("dose", ""))
        rows.append(row)
    return rows


def _parted(cell: str) -> dict[str, str]:
    """Part what a cell of a layout says: "prednisolone 0.06 µg/mL", "vincristine 5", "control", "blank"."""
    found = re.fullmatch(r"(.+?)[\s@]+([+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)\s*([^\d\s].*)?", cell)
    if found:
        return {"drug": found[1], "dose": found[2], "unit": found[3] or ""}
    return {"role": "empty" if cell in {"", "-"} else cell}


def _role(drug: str, dose: str) -> str:
    """A well with a drug and a dose is treated; a word alone is a role."""
    return "treated" if dose else drug or "empty"
